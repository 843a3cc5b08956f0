#include <stdlib.h>
#include <string.h>

#include "harness/explore/source_sets.h"

/* Clocks count events by their index + 1, so that 0 is none. */
static uint32_t *clock_of(const struct source_sets *d, size_t event)
{
    return d->clocks + event * d->width;
}

static bool before(const struct source_sets *d, size_t a, size_t b)
{
    return clock_of(d, b)[d->events[a].fiber] >= a + 1;
}

static void join(const struct source_sets *d, uint32_t *clock, size_t event)
{
    const uint32_t *other = clock_of(d, event);
    for (size_t i = 0; i < d->width; i++)
        clock[i] = clock[i] > other[i] ? clock[i] : other[i];
}

static void make_room(struct source_sets *d)
{
    uint32_t widest = 0;
    for (size_t i = 0; i < d->count; i++)
        widest = d->events[i].fiber > widest ? d->events[i].fiber : widest;
    for (size_t i = 0; i < d->blocked_count; i++) {
        uint32_t fiber = d->blocked[i].event.fiber;
        widest = fiber > widest ? fiber : widest;
    }
    if (widest + 1u > d->width) {
        d->width = widest + 8u;
        d->fresh = 0;
    }
    strategy_reserve(&d->clocks, &d->clocks_cap, (d->count + 2) * d->width, sizeof(*d->clocks));
    strategy_reserve(&d->events, &d->events_cap, d->count + 2, sizeof(*d->events));
    strategy_reserve(&d->mask, &d->mask_cap, d->width, sizeof(*d->mask));
}

static struct source_option *option_of(struct source_node *node, uint32_t fiber)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->options[i].fiber == fiber)
            return &node->options[i];
    }
    return NULL;
}

/* True if event k, which is not after i, depends on no event between i and itself that is not after
 * i either: then its goroutine could begin a run in which j comes before i. */
static bool is_initial(const struct source_sets *d, size_t i, size_t k)
{
    for (size_t m = i + 1; m < k; m++) {
        if (!before(d, i, m) && before(d, m, k))
            return false;
    }
    return true;
}

/* Unless a goroutine that could begin such a run is wanted at i's node, one becomes so. If none can
 * run there, i is what lets j run, and their order is fixed. */
static void reverse(struct source_sets *d, size_t i, size_t j)
{
    if (!d->events[i].node)
        return;
    struct source_node *node = &d->nodes[d->events[i].node - 1];
    struct source_option *candidate = NULL;
    for (size_t k = i + 1; k <= j; k++) {
        if ((k != j && before(d, i, k)) || !is_initial(d, i, k))
            continue;
        struct source_option *option = option_of(node, d->events[k].fiber);
        if (option && option->wanted)
            return;
        if (option && !candidate)
            candidate = option;
    }
    if (candidate)
        candidate->wanted = true;
}

static void begin_clock(struct source_sets *d, size_t j)
{
    const struct source_event *e = &d->events[j];
    uint32_t *clock = clock_of(d, j);
    memset(clock, 0, d->width * sizeof(*clock));
    for (size_t i = j; i-- > 0;) {
        if (d->events[i].fiber == e->fiber) {
            join(d, clock, i);
            break;
        }
    }
    if (e->parent)
        join(d, clock, e->parent - 1);
}

/* True if j's operation was pending when i was taken, could not be, and no other step between has
 * let it go on: then i did. */
static bool waited_for(const struct source_sets *d, size_t i, size_t j)
{
    uint32_t fiber = d->events[j].fiber;
    for (size_t k = i + 1; k < j; k++) {
        if (d->events[k].fiber == fiber ||
                (!before(d, i, k) && footprint_may_enable(&d->events[k].foot, &d->events[j].foot)))
            return false;
    }
    size_t node = d->events[i].node;
    return !node || !option_of(&d->nodes[node - 1], fiber);
}

/* True if j's operation was pending when i was taken, and could have been taken instead. */
static bool was_enabled(const struct source_sets *d, size_t i, size_t j)
{
    size_t node = d->events[i].node;
    for (size_t k = i + 1; k < j; k++) {
        if (d->events[k].fiber == d->events[j].fiber)
            return false;
    }
    return node && option_of(&d->nodes[node - 1], d->events[j].fiber);
}

/* Latest first: what an event depends on only through a later one is no race of its own, unless
 * that one may have been what let it go on: their order is fixed, and the race is with an earlier
 * one. */
static void find_races_of(struct source_sets *d, size_t j, bool blocked)
{
    const struct source_event *e = &d->events[j];
    uint32_t *clock = clock_of(d, j);
    begin_clock(d, j);
    memcpy(d->mask, clock, d->width * sizeof(*clock));
    for (size_t i = j; i-- > 0 && d->events[i].segment == e->segment;) {
        const struct source_event *earlier = &d->events[i];
        if (earlier->fiber == e->fiber)
            continue;
        if (!earlier->foot.all && !e->foot.all && !footprint_may_meet(&earlier->foot, &e->foot))
            continue;
        if (!footprint_conflict(&earlier->foot, &e->foot)) {
            if (footprint_releases(&earlier->foot, &e->foot))
                join(d, clock, i);
            continue;
        }
        join(d, clock, i);
        if (d->mask[earlier->fiber] >= i + 1)
            continue;
        bool enables =
                blocked ? !was_enabled(d, i, j) : footprint_may_enable(&earlier->foot, &e->foot);
        if (enables && waited_for(d, i, j))
            continue;
        reverse(d, i, j);
        if (!enables)
            join(d, d->mask, i);
    }
    clock[e->fiber] = (uint32_t)j + 1;
}

/* A process that dies takes with it steps that no race will tell of: whatever could run is tried
 * first. */
static void try_all_before(struct source_sets *d, size_t j)
{
    if (!d->events[j].node)
        return;
    struct source_node *node = &d->nodes[d->events[j].node - 1];
    for (uint32_t i = 0; i < node->count; i++)
        node->options[i].wanted = true;
}

/* As if the operation had been taken after all. */
static void find_races_of_blocked(struct source_sets *d, const struct source_blocked *b)
{
    size_t row = d->width * sizeof(*d->clocks);
    struct source_event kept = d->events[b->at];
    memcpy(clock_of(d, d->count + 1), clock_of(d, b->at), row);
    d->events[b->at] = b->event;
    find_races_of(d, b->at, true);
    d->events[b->at] = kept;
    memcpy(clock_of(d, b->at), clock_of(d, d->count + 1), row);
}

void source_find_races(struct source_sets *d)
{
    make_room(d);
    for (size_t j = d->fresh; j < d->count; j++) {
        find_races_of(d, j, false);
        if (d->events[j].foot.all)
            try_all_before(d, j);
    }
    for (size_t i = 0; i < d->blocked_count; i++) {
        if (d->blocked[i].at > d->fresh)
            find_races_of_blocked(d, &d->blocked[i]);
    }
}

/* A sum over events, so that their places in the list do not matter; each with a sum over the
 * events that happened before it, which are named by goroutine and number. */
uint64_t source_order_hash(const struct source_sets *d)
{
    uint64_t hash = strategy_mix(d->timers, d->count);
    for (size_t j = 0; j < d->count; j++) {
        const struct source_event *e = &d->events[j];
        const uint32_t *clock = clock_of(d, j);
        uint64_t past = 0;
        for (size_t f = 0; f < d->width; f++) {
            if (clock[f])
                past += d->events[clock[f] - 1].name;
        }
        hash += strategy_mix(e->label, strategy_mix(past, e->segment));
    }
    return hash ? hash : 1;
}
