/* Batches of schedules, here or in worker processes. Internal to explore. */
#ifndef CCLAB_HARNESS_EXPLORE_BATCH_H
#define CCLAB_HARNESS_EXPLORE_BATCH_H

#include "harness/base/out.h"
#include "harness/explore/explore.h"
#include "harness/explore/search.h"

#define BATCH_SCHEDULES 500

struct batches {
    const struct subject_maker *maker;
    const struct explore_options *options;
    uint64_t size;  /* schedules in each but the last */
    uint64_t begin; /* number of the first batch */
    uint64_t end;   /* of the last one, and one more */
    uint64_t next;
    double deadline; /* 0: none */
    struct progress progress;
};

/* What is searched with these options; `started`, of out_seconds(), is when its time began. */
void batches_init(struct batches *b, const struct subject_maker *maker,
        const struct explore_options *options, double started);
/* Runs one batch and writes what it came to into *result. */
void batch_run(struct batches *b, const struct subject *subject, uint64_t number,
        struct exploration *result);
/* Adds a batch's result to the whole, unless the whole was complete before it; takes its
 * content. */
void batches_take(const struct batches *b, struct exploration *whole, struct exploration *batch);
/* True when no further batch should begin. */
bool batches_over(const struct batches *b, const struct exploration *so_far);
/* Run all batches, here one after the other, or in worker processes; false after a report if the
 * subject cannot be made. */
bool batches_run_here(struct batches *b, struct exploration *result);
bool batches_run_parallel(struct batches *b, struct exploration *result);

/* Frees what a finding holds. */
void found_free(struct found *found);

#endif
