/* Which objects a step touches, and so which steps commute. Internal to explore.
 *
 * Objects have names that are the same in all runs with the same past: the runtime's ids count up
 * in the order of creation, which depends on the schedule. */
#ifndef CCLAB_HARNESS_EXPLORE_FOOTPRINT_H
#define CCLAB_HARNESS_EXPLORE_FOOTPRINT_H

#include "model/rt/rt.h"

enum { FOOTPRINT_MAX = 12 };

/* A goroutine that arrives at an unbuffered channel matters to a select with default, which
 * polls. */
enum {
    TOUCH_READ = 1,
    TOUCH_WRITE = 2,
    TOUCH_ARRIVE = 4,
    TOUCH_POLL = 8,
    TOUCH_SEND = 16, /* of a channel, and closing is both */
    TOUCH_RECV = 32,
    TOUCH_RELEASE = 64, /* a reader leaves */
    TOUCH_UNLOCK = 128, /* lets go of a mutex */
    TOUCH_ADD = 256,    /* of a WaitGroup */
    TOUCH_FIRST = 512,  /* its counter was 0 */
    TOUCH_DONE = 1024,
    TOUCH_LAST = 2048, /* its counter comes to 0 */
    TOUCH_WAITS =
            1u << 16, /* a goroutine that arrives there is let go when the counter comes to 0 */
    TOUCH_OP = 4096,  /* by the step's operation, not by what the step does besides */
    /* Right before the operation: */
    TOUCH_CAN_SEND = 8192, /* a send needs no partner: there is room, or the channel is closed */
    TOUCH_CAN_RECV = 16384,
    TOUCH_MEETS = 32768, /* the channel is unbuffered */
};

struct footprint {
    uint64_t
            mask; /* a bit for each object, by its name modulo 64: most pairs have none in common */
    bool all;     /* everything: a process died, a timer fired, or there were too many objects */
    uint8_t count;
    struct touch {
        uint32_t object;
        uint32_t how; /* a set of TOUCH_ */
    } touches[FOOTPRINT_MAX];
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
    struct object_maker { /* in runs with track_races: the steps, in order */
        uint64_t step;
        size_t place; /* where in the run's memory it began to allocate */
    } * makers;
    size_t makers_cap;
    size_t maker_count;
};
/* A run begins. */
void object_names_begin(struct object_names *names);
void object_names_free(struct object_names *names);
/* From now on the step with this hash makes objects. */
void object_names_step(struct object_names *names, const struct rt *rt, uint64_t step);

/* False if two footprints have nothing in common for sure. */
static inline bool footprint_may_meet(const struct footprint *a, const struct footprint *b)
{
    return (a->mask & b->mask) != 0;
}

void footprint_all(struct footprint *f);
/* Of the operation that the goroutine is about to take. With names NULL objects have their ids. */
void footprint_of(const struct rt_fiber *fiber, struct object_names *names, struct footprint *f);
/* Adds what a step does besides its operation. */
void footprint_add_effect(
        struct footprint *f, struct object_names *names, const struct rt_op *effect);
/* Adds that the step has led the goroutine to its present operation. */
void footprint_add_arrival(
        struct footprint *f, struct object_names *names, const struct rt_fiber *fiber);
/* Adds all of another one. */
void footprint_merge(struct footprint *f, const struct footprint *other);
/* The step's operation alone, without what it does behind it. */
struct footprint footprint_operation(const struct footprint *f);
/* As it is if the step does not panic after all; a WaitGroup's counter comes to 0 then, and not
 * below. */
void footprint_not_all(struct footprint *f);
/* True if the order of two steps of different goroutines can matter. */
bool footprint_conflict(const struct footprint *a, const struct footprint *b);
/* True if a step that has not been taken does something else, or leads to something else, once `by`
 * was: they conflict, or another Done makes the WaitGroup's counter negative. */
bool footprint_wakes(const struct footprint *step, const struct footprint *by);
/* True if `a` lets go of something that `b` waits for: b comes after a, and cannot come before
 * it. */
bool footprint_releases(const struct footprint *a, const struct footprint *b);
/* How it touches the object; 0: not at all. */
unsigned footprint_how(const struct footprint *f, uint32_t object);

#endif
