/* The files that a command writes its results to: all are made from the JSON form. */
#ifndef CCLAB_HARNESS_REPORT_OUTPUTS_H
#define CCLAB_HARNESS_REPORT_OUTPUTS_H

#include <jansson.h>
#include <stdbool.h>

/* Paths; NULL: not wanted. */
struct outputs {
    const char *json;
    const char *junit;
    const char *sarif;
};

/* Writes the results of explore, suite or merge. Every file is tried; false after a report if one
 * could not be written. */
bool outputs_write(const struct outputs *o, const json_t *results);

/* The results as a SARIF 2.1.0 log (a new reference): invariants are rules, findings are results
 * with the finding's id as fingerprint; what the baseline or the scenario knows is suppressed. */
json_t *sarif_log(const json_t *results);
/* The results as JUnit XML: a case for each scenario or file. */
bool outputs_junit(const char *path, const json_t *results);

#endif
