/* Goroutines that nothing alive can ever wake, while others go on (runs with track_objects).
 *
 * As a collector of garbage finds memory: what a live goroutine has on its stack and in its frames,
 * and what those objects point to, and so on, is what it can touch. A goroutine that waits at a
 * channel which no live goroutine reaches will wait for ever; one that waits for a lock waits for
 * the lock's holder. Whoever may be woken is alive itself, until nothing is added.
 *
 * Any word that looks like a pointer into an object counts. So a dead value in a live frame can
 * hide a goroutine that is stuck for a while, and what is hidden can differ between compilers; but
 * what is reported is stuck, if locks are unlocked by who locked them (one that was seen to be
 * passed on counts as a channel), and if code outside goroutines touches only what the caller
 * names. */
#ifndef CCLAB_MODEL_RT_REACH_H
#define CCLAB_MODEL_RT_REACH_H

#include "model/rt/rt.h"

struct rt_reach {
    /* True if the goroutine is alive whatever it waits for; NULL: those of no process are. */
    bool (*alive)(void *arg, const struct rt_fiber *fiber);
    void *arg;
    /* Pointers that somebody outside goroutines may follow. */
    const void *const *roots;
    size_t root_count;
};

/* Writes up to `max` stuck goroutines to `stuck`, in order of id, and returns how many there are.
 * Goroutines that can run, sleepers and pending timers are alive. Called in scheduler context. */
size_t rt_stuck(struct rt *rt, const struct rt_reach *reach, struct rt_fiber **stuck, size_t max)
        RT_NONNULL_AT(1, 2);

/* Calls fn(arg) for somebody who watches the program and is no part of it: goroutines know nothing
 * of what it allocates, nor of what it leaves behind on a stack (it runs on the scheduler's). It
 * must not wait or panic. A plain call in a run without track_objects. */
void rt_aside(rt_fn fn, void *arg);

#endif
