#include "harness/explore/order.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

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
    struct search search; /* a reduction that only listens */
};

struct order_watch *order_watch_new(void)
{
    struct order_watch *w = mem_new(struct order_watch);
    strategy_dpor(&(struct search_options){ 0 }, &w->search);
    return w;
}

const struct rt_source *order_watch_begin(struct order_watch *w, const struct rt_source *from)
{
    struct dpor *d = w->search.self;
    d->follow = from;
    return w->search.next(d);
}

uint64_t order_watch_end(struct order_watch *w)
{
    struct dpor *d = w->search.self;
    w->search.done(d, NULL);
    return d->hash;
}

void order_watch_free(struct order_watch *w)
{
    w->search.end(w->search.self);
    free(w);
}
