/* Internal to model/rt: what happens before what, in runs that look for data races.
 *
 * Whoever acts (a goroutine, a timer's call, an exit hook) is an agent with a vector clock: for
 * each agent, how many of its releases are known. A release is an operation that lets others know
 * of all before it: unlock, send, close, go, … Agents and objects without a clock know nothing. */
#ifndef CCLAB_MODEL_RT_ORDER_H
#define CCLAB_MODEL_RT_ORDER_H

#include "model/rt/machine.h"

struct rt_clock {
    uint32_t len;
    uint32_t cap;
    uint32_t *at; /* by slot; what is behind `len` is 0 */
};

struct rt_release {
    enum rt_op_kind kind;
    const char *name;
};

struct rt_held {
    const void *key;
    const char *name;
};

struct rt_agent {
    uint32_t slot; /* 0: has not accessed or started anything yet, and needs none */
    struct rt_clock clock;
    const char *name;
    uint32_t fiber;
    struct rt_proc *proc;
    struct rt_release *releases; /* the k-th release, from 1, ended the agent's time k */
    uint32_t release_count;
    uint32_t release_cap;
    struct rt_held *locks; /* what it holds */
    uint32_t lock_count;
    uint32_t lock_cap;
};

/* What a channel remembers: who closed it, and one clock for each place of the buffer, through
 * which the k-th send, the k-th receive and the (k+C)-th send meet. */
struct rt_chan_order {
    struct rt_clock closed;
    uint64_t sends;
    uint64_t receives;
    struct rt_clock places[];
};

/* ---- vclock.c ---- */

/* The time of a slot: reads it, sets it; each slot's later one of two clocks; a copy. */
static inline uint32_t rt_clock_get(const struct rt_clock *c, uint32_t slot)
{
    return slot < c->len ? c->at[slot] : 0;
}
void rt_clock_set(struct rt_clock *c, uint32_t slot, uint32_t time);
void rt_clock_join(struct rt_clock *to, const struct rt_clock *from);
void rt_clock_copy(struct rt_clock *to, const struct rt_clock *from);

/* ---- order.c ---- */

/* Who acts now; and its slot, which it gets if it has none. */
struct rt_agent *rt_order_agent(struct rt *rt);
uint32_t rt_order_slot(struct rt *rt, struct rt_agent *a);

/* ---- shared.c ---- */

/* An access that is no scheduling point of its own. */
void rt_order_access(struct rt *rt, struct rt_agent *a, const void *key, const char *name,
        bool write, const char *file, const char *function, int line);

#endif
