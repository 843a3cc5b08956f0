/* The decision source: everything that Go, the network or Docker leaves open is one choice.
 *
 * A choice has a kind, a number of options and a label. Random search, systematic search, replay
 * and fuzzing are implementations of struct rt_source. A choice with a single option is never
 * asked. Option 0 is always the dullest one (go on with the running goroutine, no fault, the first
 * case), so that a run with all choices 0 is the plain run and a shrinker knows where to go. */
#ifndef CCLAB_MODEL_RT_CHOICE_H
#define CCLAB_MODEL_RT_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rt/check.h"

struct rt;
struct rt_fiber;

/* Kinds of choices, with the names that traces and replays show. */
#define RT_CHOICE_KINDS(X)                                                                         \
    X(FIBER, "fiber")   /* which goroutine takes the next step */                                  \
    X(SELECT, "select") /* which ready case a select takes */                                      \
    X(WAITER, "waiter") /* which waiting partner meets a channel operation */                      \
    X(TIMER, "timer")   /* which of several timers due at one time fires first */                  \
    X(MAP, "map")       /* order of a map iteration, one draw a position */                        \
    X(DELAY, "delay")   /* how long something outside the peer takes */                            \
    X(FAULT, "fault")   /* whether, and which, fault happens */                                    \
    X(DATA, "data")     /* anything else that is random: nonces, generated input */

enum rt_choice_kind {
#define RT_CHOICE_ENUM(name, text) RT_CHOICE_##name,
    RT_CHOICE_KINDS(RT_CHOICE_ENUM)
#undef RT_CHOICE_ENUM
            RT_CHOICE_KIND_COUNT
};
/* "fiber"; for traces and replays. */
const char *rt_choice_kind_name(enum rt_choice_kind kind);

/* One choice that is to be made. */
struct rt_choice {
    enum rt_choice_kind kind;
    uint32_t options; /* at least 2 */
    const char *label;
    /* For RT_CHOICE_FIBER: the goroutines that can take a step, `options` of them; option 0 is the
     * one that ran last if it still can, the others follow by id. Their pending operations are
     * public (rt_fiber_op). The last one is NULL if a timer that is due may fire now instead (which
     * one is then an RT_CHOICE_TIMER). For RT_CHOICE_WAITER: the goroutines that wait, in order of
     * arrival. NULL for other kinds. */
    struct rt_fiber *const *fibers;
    struct rt *rt;
    bool runs_on; /* RT_CHOICE_FIBER: option 0 ran last; else whoever did waits or has ended */
};

/* Makes choices. `choose` returns a number below c->options. The optional hooks let a strategy see
 * operations as they are taken, and runs begin. */
struct rt_op;
struct rt_source {
    void *self;
    uint32_t (*choose)(void *self, const struct rt_choice *c);
    /* NULL, or called right before `fiber` takes its operation `op` (also when it was the only
     * one). */
    void (*step)(void *self, struct rt_fiber *fiber, const struct rt_op *op);
    /* NULL, or called for what a step does besides its operation: UNLOCK, RUNLOCK, GO, EXIT, KILL,
     * ADD_FIRST, ADD and DONE with their kin; and TIMER when a timer fires, which is no step of a
     * goroutine (`fiber` is NULL). */
    void (*effect)(void *self, struct rt_fiber *fiber, const struct rt_op *op);
    /* NULL, or called when `fiber` has published its next operation. */
    void (*pending)(void *self, struct rt_fiber *fiber);
    /* NULL, or called when a step has completed the pending operation of another goroutine, which
     * only has to go on. */
    void (*complete)(void *self, struct rt_fiber *fiber);
    /* NULL, or called when the run is over, while its goroutines are still there. Whoever passes on
     * only a part of a run calls it at the end of that part. */
    void (*over)(void *self);
};

/* Draws from the current run's source: 0 when options < 2. The label must outlive the run. */
uint32_t rt_choose(enum rt_choice_kind kind, uint32_t options, const char *label) RT_NONNULL;

/* A small generator for sources: splitmix64, the same on every machine. */
struct rt_rng {
    uint64_t state;
};
/* 64 random bits. */
uint64_t rt_rng_next(struct rt_rng *rng) RT_NONNULL;
/* Uniform below n, n > 0, without bias. */
uint32_t rt_rng_below(struct rt_rng *rng, uint32_t n) RT_NONNULL;

#endif
