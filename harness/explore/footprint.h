/* Which objects a step touches, and so which steps commute. Internal to explore.
 *
 * Objects have names that are the same in all runs with the same past: the runtime's ids count up
 * in the order of creation, which depends on the schedule. */
#ifndef CCLAB_HARNESS_EXPLORE_FOOTPRINT_H
#define CCLAB_HARNESS_EXPLORE_FOOTPRINT_H

#include "model/rt/rt.h"

enum { FOOTPRINT_MAX = 12 };

/* How a step touches an object. */
enum {
    TOUCH_READ = 1 << 0,
    TOUCH_WRITE = 1 << 1,
    /* A goroutine that arrives at an unbuffered channel, which matters to a select with default. */
    TOUCH_ARRIVE = 1 << 2,
    TOUCH_POLL = 1 << 3, /* such a select */
    /* Of a channel; closing is both. */
    TOUCH_SEND = 1 << 4,
    TOUCH_RECV = 1 << 5,
    TOUCH_RELEASE = 1 << 6, /* a reader leaves */
    TOUCH_UNLOCK = 1 << 7,  /* lets go of a mutex */
    /* Of a WaitGroup. */
    TOUCH_ADD = 1 << 8,
    TOUCH_FIRST = 1 << 9, /* its counter was 0 */
    TOUCH_DONE = 1 << 10,
    TOUCH_LAST = 1 << 11, /* its counter comes to 0 */
    TOUCH_OP = 1 << 12,   /* by the step's operation, not by what the step does besides */
    /* Of a channel, right before the operation. */
    TOUCH_CAN_SEND = 1 << 13, /* a send needs no partner: there is room, or it is closed */
    TOUCH_CAN_RECV = 1 << 14,
    TOUCH_MEETS = 1 << 15, /* it is unbuffered */
    /* A goroutine arrives at a WaitGroup, which lets it go when the counter comes to 0. */
    TOUCH_WAITS = 1 << 16,
};

struct footprint {
    uint64_t mask; /* a bit an object, by its name modulo 64: most pairs have none in common */
    bool all;      /* everything: a process died, a timer fired, or there were too many objects */
    uint8_t count;
    struct touch {
        uint32_t object;
        uint32_t how; /* a set of TOUCH_ */
    } touches[FOOTPRINT_MAX];
};

/* A step that has made objects; in runs with track_races. */
struct object_maker {
    uint64_t step;
    size_t place; /* where in the run's memory it began to allocate */
};

/* Names of the present run's objects: of those that a step has made, by the step and their number
 * in it. A field that is shared without a lock gets its id from whoever comes first, which depends
 * on the schedule, too: it has the name that it is marked with, and the step that has allocated
 * it. */
struct object_names {
    uint32_t *names; /* by id */
    size_t cap;
    uint32_t len;
    uint64_t step;    /* makes the next ones */
    uint32_t from;    /* ids up to this one are older */
    uint32_t *fields; /* by id; 0: not known yet */
    size_t fields_cap;
    struct object_maker *makers; /* in order */
    size_t makers_cap;
    size_t maker_count;
};
/* A run begins. */
void object_names_begin(struct object_names *names) RT_NONNULL;
void object_names_free(struct object_names *names) RT_NONNULL;
/* From now on the step with this hash makes objects. */
void object_names_step(struct object_names *names, const struct rt *rt, uint64_t step) RT_NONNULL;

/* False if two footprints have nothing in common for sure. */
static inline bool footprint_may_meet(const struct footprint *a, const struct footprint *b)
{
    return (a->mask & b->mask) != 0;
}

/* It touches everything from now on. */
void footprint_all(struct footprint *f) RT_NONNULL;
/* Of the operation that the goroutine is about to take. With names NULL objects have their ids. */
void footprint_of(const struct rt_fiber *fiber, struct object_names *names, struct footprint *f)
        RT_NONNULL_AT(1, 3);
/* Adds what a step does besides its operation. */
void footprint_add_effect(struct footprint *f, struct object_names *names,
        const struct rt_op *effect) RT_NONNULL_AT(1, 3);
/* Adds that the step has led the goroutine to its present operation. */
void footprint_add_arrival(struct footprint *f, struct object_names *names,
        const struct rt_fiber *fiber) RT_NONNULL_AT(1, 3);
/* Adds all of another one. */
void footprint_merge(struct footprint *f, const struct footprint *other) RT_NONNULL;
/* The step's operation alone, without what it does behind it. */
struct footprint footprint_operation(const struct footprint *f) RT_NONNULL;
/* As it is if the step does not panic after all; a WaitGroup's counter comes to 0 then, and not
 * below. */
void footprint_not_all(struct footprint *f) RT_NONNULL;
/* True if the order of two steps of different goroutines can matter. */
bool footprint_conflict(const struct footprint *a, const struct footprint *b) RT_NONNULL;
/* True if a step that has not been taken does something else, or leads to something else, once `by`
 * was: they conflict, or another Done makes the WaitGroup's counter negative. */
bool footprint_wakes(const struct footprint *step, const struct footprint *by) RT_NONNULL;
/* True if `a` lets go of something that `b` waits for: b comes after a, and cannot come before
 * it. */
bool footprint_releases(const struct footprint *a, const struct footprint *b) RT_NONNULL;
/* How it touches the object; 0: not at all. */
unsigned footprint_how(const struct footprint *f, uint32_t object) RT_NONNULL;

#endif
