/* The bench: every case under every strategy, with many seeds.
 *
 * A trial is one search of one case with one seed, until the bug is found or a number of schedules
 * was run; it is the search that `cclab explore` makes with the same seed. A job is all trials of
 * one case with one strategy, or the case's control: with the same seeds, as the default strategy
 * searches. Jobs share nothing, so that results do not depend on how many workers there are. */
#ifndef CCLAB_HARNESS_SEEDED_BENCH_H
#define CCLAB_HARNESS_SEEDED_BENCH_H

#include "harness/json/spec.h"
#include "harness/seeded/cases.h"
#include "harness/seeded/stats.h"

#define BENCH_DEFAULT_STRATEGY "portfolio"

struct bench_options {
    const char *const *strategies;
    size_t strategy_count;
    uint64_t seeds;     /* trials of each case with each strategy, seeds from 1 */
    uint64_t schedules; /* at most, in a trial */
    uint64_t control;   /* schedules of a control, spread over the seeds */
    unsigned jobs;      /* worker processes */
};

/* What one case came to under one strategy. */
struct bench_result {
    struct stats stats; /* one trial for a strategy that does not look at seeds */
    bool done;          /* false: interrupted, or the worker died */
};

struct bench_control {
    uint64_t schedules; /* that were run */
    char *violation;    /* the finding that must not show; NULL: none */
    bool done;
};

struct bench {
    const struct bench_options *options;
    const struct bench_cases *cases;
    struct bench_result *results;   /* by case, then strategy */
    struct bench_control *controls; /* by case */
};

/* Runs all of it; shows a progress line. `bench` is to be freed with bench_free(). */
void bench_run(
        struct bench *bench, const struct bench_options *options, const struct bench_cases *cases);
void bench_free(struct bench *bench);
const struct bench_result *bench_result(const struct bench *b, size_t of_case, size_t strategy);
/* True if all jobs were done. Else, in a bench that was not interrupted, workers have died: reports
 * the case of each. */
bool bench_complete(const struct bench *b);

/* report.c: tables for people, plain or as Markdown. */
void bench_print(const struct bench *b, bool markdown);
/* results.c: everything for machines. */
json_t *bench_to_json(const struct bench *b);
extern const struct json_spec bench_results_spec;
/* judge.c: says each broken promise and failed self-check in a sentence; true if there was none. */
bool bench_judge(const struct bench *b);

#endif
