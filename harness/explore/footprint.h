/* Which objects a step touches, and so which steps commute. Internal to explore. */
#ifndef CCLAB_HARNESS_EXPLORE_FOOTPRINT_H
#define CCLAB_HARNESS_EXPLORE_FOOTPRINT_H

#include "model/rt/rt.h"

enum { FOOTPRINT_MAX = 10 };

struct footprint {
    bool all; /* everything: a process died, or there were too many objects */
    uint8_t count;
    struct touch {
        uint32_t object;
        bool writes;
    } touches[FOOTPRINT_MAX];
};

/* Of the operation that the goroutine is about to take. */
void footprint_of(const struct rt_fiber *fiber, struct footprint *f);
/* Adds what a step does besides its operation. */
void footprint_add_effect(struct footprint *f, const struct rt_op *effect);
/* True if the order of two steps of different goroutines can matter. */
bool footprint_conflict(const struct footprint *a, const struct footprint *b);

#endif
