/* What a number of trials came to. */
#ifndef CCLAB_HARNESS_SEEDED_STATS_H
#define CCLAB_HARNESS_SEEDED_STATS_H

#include <stddef.h>
#include <stdint.h>

/* A trial that did not find its bug: more schedules than any number. */
#define STATS_MISSED UINT64_MAX

struct stats {
    size_t trials;
    size_t found;
    /* By nearest rank over all trials, missed ones last: the smallest number of schedules within
     * which half, nine tenths and all of the trials had found the bug. STATS_MISSED if fewer
     * did. */
    uint64_t median;
    uint64_t p90;
    uint64_t worst;
};

/* Sorts `schedules`, the number of schedules to the bug in each trial, and sums them up; all zero
 * without trials. */
struct stats stats_of(uint64_t *schedules, size_t count);

#endif
