/* Test results as JUnit XML, in the form that the common schema (and CI systems) read. */
#ifndef CCLAB_HARNESS_REPORT_JUNIT_H
#define CCLAB_HARNESS_REPORT_JUNIT_H

#include <stdbool.h>
#include <stddef.h>

enum junit_kind { JUNIT_PASSED, JUNIT_FAILED, JUNIT_ERROR, JUNIT_SKIPPED };

struct junit_case {
    const char *class_name;
    const char *name;
    double seconds;
    enum junit_kind kind;
    const char *message; /* of anything but passed, in a line */
    const char *details; /* more lines; may be NULL */
};

/* Writes one suite; reports and returns false if the file cannot be written. */
bool junit_write(const char *path, const char *suite, const struct junit_case *cases, size_t count);

#endif
