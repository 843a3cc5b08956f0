/* A regression suite: scenarios and replays, each judged by what it declares. */
#ifndef CCLAB_HARNESS_REPORT_SUITE_H
#define CCLAB_HARNESS_REPORT_SUITE_H

#include <jansson.h>

#include "harness/report/baseline.h"
#include "harness/report/outputs.h"

struct suite_options {
    uint64_t variants;
    const struct baseline *baseline; /* may be NULL */
    unsigned repeat_percent;
    uint64_t schedules; /* instead of what scenarios say; 0: what they say */
    const char *out;    /* where replays of new findings go */
};

/* Judges one file: {"file", "kind", "passed", "details", "seconds", "runs", "repeated", "flaky",
 * "known": […], "findings": […]}; findings are as in results of explore. */
json_t *suite_judge(const char *path, const struct suite_options *options);

/* The result of a file that nothing is known of, and why. */
json_t *suite_missing(const char *path, const char *why);
/* Prints one result. */
void suite_print(const json_t *result);
/* Writes the files, prints the totals; the exit status. Takes `shard` (of shard_to_json(), NULL:
 * the whole suite) and `missing` (numbers of missing shards; NULL: none). */
int suite_finish(const json_t *results, const struct outputs *to, json_t *shard, json_t *missing);

#endif
