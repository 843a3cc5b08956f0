/* A regression suite: scenarios and replays, each judged by what it declares. */
#ifndef CCLAB_HARNESS_REPORT_SUITE_H
#define CCLAB_HARNESS_REPORT_SUITE_H

#include <jansson.h>

#include "harness/explore/explore.h"
#include "harness/report/baseline.h"
#include "harness/report/outputs.h"
#include "harness/report/result.h"

struct suite_options {
    uint64_t variants;
    const struct baseline *baseline; /* may be NULL */
    unsigned repeat_percent;
    uint64_t schedules; /* instead of what scenarios say; 0: what they say */
    const char *out;    /* where replays of new findings go */
};

/* What the judgement of one file came to. */
struct suite_result {
    const char *file;
    bool judged; /* to its end */
    int kind;    /* of a judged file: 0 a scenario, 1 a replay */
    bool passed;
    bool missing;        /* its part of the suite was not there to merge */
    bool interrupted;    /* before or while it was judged */
    const char *details; /* a line for each complaint */
    double seconds;
    uint64_t runs, repeated, flaky;
    json_t *known;        /* ids of known findings that were seen; owned */
    struct exploration e; /* its findings */
};
extern const struct json_spec suite_result_spec;
void suite_result_free(struct suite_result *result);

/* What a part of a suite was run with. */
struct suite_shard_options {
    int64_t schedules;
    int64_t repeat;
    int64_t timeout_ms;
    struct json_list variants; /* of char *: their ids as given */
    json_t *baseline;          /* its content; NULL: none */
    struct json_list files;    /* of char *: all of the suite */
};
extern const struct json_spec suite_shard_options_spec;

/* Judges one file; its result as JSON, as everywhere below. */
json_t *suite_judge(const char *path, const struct suite_options *options);

/* The result of a file that was not judged to its end, or that nothing is known of, and why. */
json_t *suite_unjudged(const char *file, const char *why);
json_t *suite_missing(const char *file, const char *why);
/* Prints one result. */
void suite_print(const json_t *result);
/* Writes the files, prints the totals; the exit status. Takes `options` (what this part was run
 * with; NULL: it is the whole suite) and `missing` (numbers of missing shards; NULL: none). */
int suite_finish(json_t *results, const struct outputs *to, struct shard shard, json_t *options,
        json_t *missing);

#endif
