/* A regression suite: scenarios and replays, each judged by what it declares. */
#ifndef CCLAB_HARNESS_REPORT_SUITE_H
#define CCLAB_HARNESS_REPORT_SUITE_H

#include <jansson.h>

#include "harness/explore/baseline.h"

struct suite_options {
    uint64_t variants;
    const struct baseline *baseline; /* may be NULL */
    unsigned repeat_percent;
    uint64_t schedules; /* instead of what scenarios say; 0: what they say */
};

/* Judges one file: {"file", "kind", "passed", "message", "details", "seconds", "runs", "repeated",
 * "flaky", "known": […]}. */
json_t *suite_judge(const char *path, const struct suite_options *options);

#endif
