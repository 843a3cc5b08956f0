/* Which objects a step touches, and so which steps commute. Internal to explore. */
#ifndef CCLAB_HARNESS_EXPLORE_FOOTPRINT_H
#define CCLAB_HARNESS_EXPLORE_FOOTPRINT_H

#include "model/rt/rt.h"

enum { FOOTPRINT_MAX = 12 };

/* A goroutine that arrives at an unbuffered channel matters to a select with default, which polls.
 */
enum {
    TOUCH_READ = 1,
    TOUCH_WRITE = 2,
    TOUCH_ARRIVE = 4,
    TOUCH_POLL = 8,
    TOUCH_SEND = 16, /* of a channel, and closing is both */
    TOUCH_RECV = 32,
    TOUCH_RELEASE = 64,
    TOUCH_UNLOCK = 128, /* lets go of a mutex */
};

struct footprint {
    uint64_t mask; /* a bit for each object, by its id modulo 64: most pairs have none in common */
    bool all;      /* everything: a process died, or there were too many objects */
    uint8_t count;
    struct touch {
        uint32_t object;
        uint8_t how; /* a set of TOUCH_ */
    } touches[FOOTPRINT_MAX];
};

/* False if two footprints have nothing in common for sure. */
static inline bool footprint_may_meet(const struct footprint *a, const struct footprint *b)
{
    return (a->mask & b->mask) != 0;
}

/* Of the operation that the goroutine is about to take. */
void footprint_of(const struct rt_fiber *fiber, struct footprint *f);
/* Adds what a step does besides its operation. */
void footprint_add_effect(struct footprint *f, const struct rt_op *effect);
/* Adds that the step has led the goroutine to its present operation. */
void footprint_add_arrival(struct footprint *f, const struct rt_fiber *fiber);
/* Adds all of another one. */
void footprint_merge(struct footprint *f, const struct footprint *other);
/* True if the order of two steps of different goroutines can matter. */
bool footprint_conflict(const struct footprint *a, const struct footprint *b);
/* True if a conflicting step `b` may be one that could not be taken before `a`. */
bool footprint_may_enable(const struct footprint *a, const struct footprint *b);
/* True if `a` lets go of a mutex that `b` takes: b comes after a, and cannot come before it. */
bool footprint_releases(const struct footprint *a, const struct footprint *b);

#endif
