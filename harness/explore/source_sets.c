/* Source sets and sleep sets, after Abdulla and others: of all schedules that differ only in the
 * order of steps that commute, about one is run.
 *
 * Steps commute if they touch no common object, or only read it. The sets know operations; what
 * goroutines share without any (fields without a lock) is seen in runs that look for races only. */
#include "harness/explore/source_sets.h"

#include <stdlib.h>
#include <string.h>

#include "model/rt/clock.h"

static void sleep_add(struct source_sleeper **list, size_t *cap, size_t *count,
        const struct source_sleeper *sleeper)
{
    strategy_reserve(list, cap, *count + 1, sizeof(**list));
    (*list)[(*count)++] = *sleeper;
}

static bool sleeps(const struct source_sleeper *list, size_t count, uint32_t fiber)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].fiber == fiber)
            return true;
    }
    return false;
}

/* True if the last step is one of the run before: then it is as it was. */
static bool is_old(const struct source_sets *d)
{
    return d->count <= d->fresh;
}

/* The last step is over and all that it touched is known: it wakes those it conflicts with. */
static void close_event(struct source_sets *d)
{
    if (!d->open)
        return;
    d->open = false;
    const struct source_event *e = &d->events[d->count - 1];
    size_t kept = 0;
    for (size_t i = 0; i < d->sleep_count; i++) {
        const struct source_sleeper *s = &d->sleep[i];
        if (s->fiber == e->fiber || footprint_wakes(&s->foot, &e->foot))
            continue;
        if (kept != i)
            d->sleep[kept] = *s;
        kept++;
    }
    d->sleep_count = kept;
}

/* Notes who waits where the run, or what is new in it, ends. */
static void close_segment(struct source_sets *d)
{
    close_event(d);
    for (uint32_t id = 1; id < d->waiting_cap && !d->redundant; id++) {
        if (!d->waiting[id].is)
            continue;
        strategy_reserve(&d->blocked, &d->blocked_cap, d->blocked_count + 1, sizeof(*d->blocked));
        d->blocked[d->blocked_count++] = (struct source_blocked){ d->count,
            { .fiber = id, .segment = d->segment, .foot = d->waiting[id].foot } };
    }
}

/* The rest of the run is like one that was explored. */
static void give_up(struct source_sets *d)
{
    close_segment(d);
    d->redundant = true;
}

/* ---- following a path ---- */

static struct source_node *new_node(struct source_sets *d, const struct rt_choice *c)
{
    strategy_reserve(&d->nodes, &d->nodes_cap, d->len + 1, sizeof(*d->nodes));
    struct source_node *n = &d->nodes[d->len++];
    n->fibers = c->kind == RT_CHOICE_FIBER;
    n->count = c->options;
    n->chosen = 0;
    n->sleep_count = 0;
    strategy_reserve(&n->options, &n->options_cap, c->options, sizeof(*n->options));
    for (uint32_t i = 0; i < c->options; i++) {
        bool fiber = n->fibers && c->fibers[i];
        n->options[i] = (struct source_option){ .fiber = fiber ? rt_fiber_id(c->fibers[i]) : 0 };
    }
    return n;
}

/* Picks the first goroutine that does not sleep. Where a timer may fire, all are wanted: its step
 * meets everything. */
static void begin_node(struct source_sets *d, struct source_node *n)
{
    bool timer = n->options[n->count - 1].fiber == 0;
    uint32_t pick = n->count;
    for (size_t i = 0; i < d->sleep_count; i++)
        sleep_add(&n->sleep, &n->sleep_cap, &n->sleep_count, &d->sleep[i]);
    for (uint32_t i = n->count; i-- > 0;) {
        if (!sleeps(d->sleep, d->sleep_count, n->options[i].fiber)) {
            pick = i;
            n->options[i].wanted = timer;
        }
    }
    if (pick == n->count) {
        give_up(d);
        d->len--;
        return;
    }
    n->chosen = pick;
    n->options[pick].wanted = true;
}

/* Sleep sets are as they were at the node, and with those explored from it since. */
static void enter_node(struct source_sets *d, struct source_node *n)
{
    d->sleep_count = 0;
    for (size_t i = 0; i < n->sleep_count; i++)
        sleep_add(&d->sleep, &d->sleep_cap, &d->sleep_count, &n->sleep[i]);
    for (uint32_t i = 0; i < n->count; i++) {
        const struct source_option *o = &n->options[i];
        if (o->done && o->fiber) {
            struct source_sleeper s = { o->fiber, o->foot };
            sleep_add(&d->sleep, &d->sleep_cap, &d->sleep_count, &s);
        }
    }
}

/* What was chosen besides goroutines is part of what happened; a partner is named, since the order
 * in which partners wait depends on the schedule. */
static void note_choice(struct source_sets *d, const struct rt_choice *c, uint32_t chosen)
{
    if (c->kind == RT_CHOICE_FIBER || c->kind == RT_CHOICE_TIMER)
        return;
    uint64_t what = c->fibers ? rt_fiber_identity(c->fibers[chosen]) : chosen;
    uint64_t *label = d->open ? &d->events[d->count - 1].label : &d->timers;
    if (!d->open || !is_old(d))
        *label = strategy_mix(*label, strategy_mix(what, c->kind));
}

static uint32_t choose_here(struct source_sets *d, const struct rt_choice *c)
{
    bool fresh = d->at == d->len;
    struct source_node *n = fresh ? new_node(d, c) : &d->nodes[d->at];
    if (fresh && n->fibers)
        begin_node(d, n);
    if (d->redundant)
        return 0;
    d->at++;
    if (n->fibers) {
        enter_node(d, n);
        n->event = d->count;
        d->picked_by = d->at;
    } else {
        n->event = d->count ? d->count - 1 : 0;
    }
    return n->chosen < c->options ? n->chosen : 0;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct source_sets *d = self;
    if (c->kind == RT_CHOICE_FIBER)
        close_event(d);
    if (d->redundant)
        return 0;
    uint32_t chosen = choose_here(d, c);
    note_choice(d, c, chosen);
    return chosen;
}

static void record_event(struct source_sets *d, struct rt_fiber *fiber, const struct rt_op *op)
{
    uint32_t id = rt_fiber_id(fiber);
    uint64_t identity = rt_fiber_identity(fiber);
    strategy_reserve(&d->events, &d->events_cap, d->count, sizeof(*d->events));
    struct source_event *e = &d->events[d->count - 1];
    e->fiber = id;
    e->segment = d->segment;
    e->node = d->picked_by;
    e->parent = op->kind == RT_OP_START && id < d->spawned_cap ? d->spawned_by[id] : 0;
    e->name = strategy_mix(identity, d->taken[id]);
    e->label = strategy_mix(identity, op->kind);
    footprint_of(fiber, NULL, &e->foot);
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct source_sets *d = self;
    close_event(d);
    uint32_t id = rt_fiber_id(fiber);
    if (d->redundant)
        return;
    if (sleeps(d->sleep, d->sleep_count, id)) {
        give_up(d);
        return;
    }
    strategy_reserve(&d->taken, &d->taken_cap, id + 1u, sizeof(*d->taken));
    d->taken[id]++;
    d->count++;
    if (!is_old(d))
        record_event(d, fiber, op);
    if (id < d->waiting_cap)
        d->waiting[id].is = false;
    d->picked_by = 0;
    d->open = true;
}

static void pending(void *self, struct rt_fiber *fiber)
{
    struct source_sets *d = self;
    uint32_t id = rt_fiber_id(fiber);
    if (!d->open)
        return;
    if (!is_old(d))
        footprint_add_arrival(&d->events[d->count - 1].foot, NULL, fiber);
    strategy_reserve(&d->waiting, &d->waiting_cap, id + 1u, sizeof(*d->waiting));
    d->waiting[id].is = true;
    footprint_of(fiber, NULL, &d->waiting[id].foot);
}

static void effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct source_sets *d = self;
    (void)fiber;
    if (op->kind == RT_OP_GO) {
        size_t id = rt_fibers_started(rt_current()) + 1u;
        strategy_reserve(&d->spawned_by, &d->spawned_cap, id + 1, sizeof(*d->spawned_by));
        d->spawned_by[id] = d->open && !d->redundant ? d->count : 0;
    } else if (op->kind == RT_OP_TIMER) {
        close_segment(d);
        d->segment++;
        d->timers = strategy_mix(d->timers, rt_timer_fired(rt_current()));
        d->sleep_count = 0;
        d->picked_by = 0;
    } else if (d->open && !is_old(d)) {
        footprint_add_effect(&d->events[d->count - 1].foot, NULL, op);
    }
}

/* ---- from one path to the next ---- */

/* A step's footprint is what any run of it has touched. */
static void learn_footprints(struct source_sets *d)
{
    for (size_t i = d->fresh_node; i < d->at; i++) {
        struct source_node *n = &d->nodes[i];
        if (n->fibers && n->event < d->count && d->events[n->event].node == i + 1)
            footprint_merge(&n->options[n->chosen].foot, &d->events[n->event].foot);
    }
}

static bool next_option(struct source_node *n)
{
    if (!n->fibers)
        return ++n->chosen < n->count;
    n->options[n->chosen].done = true;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct source_option *o = &n->options[i];
        if (o->wanted && !o->done && !(o->fiber && sleeps(n->sleep, n->sleep_count, o->fiber))) {
            n->chosen = i;
            return true;
        }
    }
    return false;
}

static bool advance(struct source_sets *d)
{
    while (d->len) {
        struct source_node *n = &d->nodes[d->len - 1];
        if (next_option(n)) {
            d->fresh = n->event;
            d->fresh_node = d->len - 1;
            return true;
        }
        d->len--;
    }
    return false;
}

static const struct rt_source *next(void *self)
{
    struct source_sets *d = self;
    d->fresh = 0;
    d->fresh_node = 0;
    if (d->started && !advance(d))
        return NULL;
    d->started = true;
    d->at = 0;
    d->count = 0;
    d->open = false;
    d->picked_by = 0;
    d->segment = 0;
    d->timers = 0;
    if (d->taken_cap)
        memset(d->taken, 0, d->taken_cap * sizeof(*d->taken));
    d->blocked_count = 0;
    for (size_t i = 0; i < d->waiting_cap; i++)
        d->waiting[i].is = false;
    d->redundant = false;
    d->sleep_count = 0;
    return &d->source;
}

static void done(void *self, const struct run_result *result)
{
    struct source_sets *d = self;
    (void)result;
    close_segment(d);
    d->len = d->at;
    learn_footprints(d);
    source_find_races(d);
    d->runs++;
    d->blocked_runs += d->redundant;
    if (d->redundant)
        return;
    d->hash = source_order_hash(d);
    (void)order_set_add(&d->seen, d->hash);
}

/* The part of the tree that has been searched, if at each node all options that are wanted so far
 * lead to equal parts of it. */
static double searched(const struct source_sets *d)
{
    double part = 0, weight = 1;
    for (size_t i = 0; i < d->len; i++) {
        const struct source_node *n = &d->nodes[i];
        uint32_t wanted = 0, over = 0;
        for (uint32_t k = 0; k < n->count; k++) {
            wanted += !n->fibers || n->options[k].wanted;
            over += n->fibers ? n->options[k].done : k < n->chosen;
        }
        weight /= wanted;
        part += weight * over;
    }
    return part + weight;
}

static void count(void *self, struct search_count *c)
{
    const struct source_sets *d = self;
    double runs = (double)d->runs;
    *c = (struct search_count){ .blocked = d->blocked_runs, .distinct = d->seen.count };
    c->estimate = d->len ? runs / searched(d) : runs;
}

static void end(void *self)
{
    struct source_sets *d = self;
    for (size_t i = 0; i < d->nodes_cap; i++) {
        free(d->nodes[i].options);
        free(d->nodes[i].sleep);
    }
    free(d->nodes);
    free(d->events);
    free(d->spawned_by);
    free(d->taken);
    free(d->sleep);
    free(d->waiting);
    free(d->blocked);
    free(d->clocks);
    free(d->mask);
    order_set_free(&d->seen);
    free(d);
}

void strategy_source_sets(const struct search_options *options, struct search *search)
{
    struct source_sets *d = strategy_alloc(sizeof(*d));
    (void)options;
    d->source = (struct rt_source){ d, choose, step, effect, pending, NULL, NULL };
    *search = (struct search){ d, next, done, end, count };
}
