/* Watching a run's order, and a hash table of hashes. */
#include "harness/explore/order.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/execution.h"

/* ---- sets ---- */

static bool put(struct order_set *set, uint64_t hash)
{
    size_t i = (size_t)(hash * 0x9e3779b97f4a7c15u) & (set->cap - 1);
    for (; set->slots[i]; i = (i + 1) & (set->cap - 1))
        if (set->slots[i] == hash)
            return false;
    set->slots[i] = hash;
    return true;
}

static void grow(struct order_set *set)
{
    struct order_set larger = { .cap = set->cap ? 2 * set->cap : 1024 };
    larger.slots = mem_alloc_array(larger.cap, sizeof(*larger.slots));
    for (size_t i = 0; i < set->cap; i++)
        if (set->slots[i])
            (void)put(&larger, set->slots[i]);
    free(set->slots);
    set->slots = larger.slots;
    set->cap = larger.cap;
}

bool order_set_add(struct order_set *set, uint64_t hash)
{
    if (2 * set->count >= set->cap)
        grow(set);
    bool added = put(set, hash ? hash : 1);
    set->count += added;
    return added;
}

void order_set_free(struct order_set *set)
{
    free(set->slots);
    *set = (struct order_set){ 0 };
}

/* ---- watching ---- */

struct order_watch {
    struct rt_source source;
    const struct rt_source *from; /* decides */
    struct execution execution;
};

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct order_watch *w = self;
    uint32_t chosen = w->from->choose(w->from->self, c);
    execution_choice(&w->execution, c, chosen);
    return chosen;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct order_watch *w = self;
    if (w->from->step)
        w->from->step(w->from->self, fiber, op);
    execution_step(&w->execution, fiber, op, 0);
}

static void effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct order_watch *w = self;
    if (w->from->effect)
        w->from->effect(w->from->self, fiber, op);
    if (op->kind == RT_OP_TIMER)
        execution_timer(&w->execution, 0);
    else
        execution_effect(&w->execution, op);
}

static void pending(void *self, struct rt_fiber *fiber)
{
    struct order_watch *w = self;
    if (w->from->pending)
        w->from->pending(w->from->self, fiber);
    execution_pending(&w->execution, fiber);
}

static void complete(void *self, struct rt_fiber *fiber)
{
    struct order_watch *w = self;
    if (w->from->complete)
        w->from->complete(w->from->self, fiber);
    execution_complete(&w->execution, fiber);
}

static void over(void *self)
{
    struct order_watch *w = self;
    if (w->from->over)
        w->from->over(w->from->self);
}

struct order_watch *order_watch_new(void)
{
    struct order_watch *w = mem_new(struct order_watch);
    w->source = (struct rt_source){ w, choose, step, effect, pending, complete, over };
    return w;
}

const struct rt_source *order_watch_begin(struct order_watch *w, const struct rt_source *from)
{
    w->from = from;
    execution_begin(&w->execution, 0);
    return &w->source;
}

uint64_t order_watch_end(struct order_watch *w)
{
    execution_order(&w->execution);
    return execution_hash(&w->execution);
}

void order_watch_free(struct order_watch *w)
{
    execution_free(&w->execution);
    free(w);
}
