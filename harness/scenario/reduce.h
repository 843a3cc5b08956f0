/* Makes a replay's scenario smaller while the same finding shows: without some of its actors, their
 * steps, faults and behaviours. Each step is confirmed by a run, with the recorded choices as far
 * as they fit, or else with some random ones. */
#ifndef CCLAB_HARNESS_SCENARIO_REDUCE_H
#define CCLAB_HARNESS_SCENARIO_REDUCE_H

#include "harness/scenario/save.h"

struct reduce {
    struct replay *replay; /* changed in place */
    const char *path;      /* for reports */
    unsigned tries;        /* random schedules for each candidate */
    double deadline;       /* of out_seconds(); 0: none */
    unsigned removed;      /* parts that were taken out */
    uint64_t runs;
};

void reduce_scenario(struct reduce *r);

#endif
