/* Optimal partial-order reduction: wake-up trees and sleep sets, after Abdulla, Aronis, Jonsson and
 * Sagonas. Of all schedules that differ only in the order of steps that commute, one is run.
 *
 * Steps commute if they touch no common object, or only read it. The sets know operations; what
 * goroutines share without any (fields without a lock) is seen in runs that look for races only. */
#include "harness/explore/dpor.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "model/rt/clock.h"

/* True if the last step is one of the run before: then it is as it was. */
static bool is_old(const struct dpor *d)
{
    return d->count <= d->fresh;
}

static struct dpor_fiber *fiber_at(struct dpor *d, uint32_t id)
{
    mem_reserve(d->fibers, d->fibers_cap, id + 1u);
    for (; d->fiber_count <= id; d->fiber_count++)
        d->fibers[d->fiber_count] = (struct dpor_fiber){ 0 };
    return &d->fibers[id];
}

/* Notes who waits now, after `at` events. */
static void note_waiting(struct dpor *d, size_t at)
{
    for (uint32_t id = 1; id < d->fiber_count; id++) {
        struct dpor_fiber *f = &d->fibers[id];
        if (!f->waiting)
            continue;
        mem_reserve(d->blocked, d->blocked_cap, d->blocked_count + 1);
        struct dpor_blocked *b = &d->blocked[d->blocked_count++];
        *b = (struct dpor_blocked){ .at = at, .enabled = rt_fiber_enabled(f->fiber) };
        b->event.fiber = id;
        b->event.who = rt_fiber_identity(f->fiber);
        b->event.kind = f->kind;
        b->event.previous = f->last ? f->last : f->started;
        b->event.resumes = rt_fiber_resumes(f->fiber);
        b->event.completer = f->complete;
        footprint_of(f->fiber, &d->names, &b->event.foot);
    }
}

/* A process dies. */
static void note_death(struct dpor *d)
{
    note_waiting(d, d->count - 1);
    for (uint32_t id = 1; id < d->fiber_count; id++) {
        struct dpor_fiber *f = &d->fibers[id];
        f->waiting = f->waiting && rt_proc_alive(rt_fiber_proc(f->fiber));
    }
}

/* The last step is over and all that it touched is known: it wakes those it conflicts with. */
static void close_event(struct dpor *d)
{
    if (!d->open)
        return;
    d->open = false;
    const struct dpor_event *e = dpor_last_event(d);
    dpor_wake(&d->sleep, e->fiber, &e->foot);
}

/* The rest of the run is like one that was explored. */
static void give_up(struct dpor *d)
{
    close_event(d);
    d->redundant = true;
}

/* ---- following a path ---- */

/* A step's choice is part of what happened; a partner is named, since the order in which partners
 * wait depends on the schedule. */
static void note_choice(struct dpor *d, const struct rt_choice *c, uint32_t chosen)
{
    if (c->kind == RT_CHOICE_FIBER || c->kind == RT_CHOICE_TIMER || (d->open && is_old(d)))
        return;
    uint64_t what = c->fibers ? rt_fiber_identity(c->fibers[chosen]) : chosen;
    uint64_t *label = d->open ? &dpor_last_event(d)->label : &d->outside;
    *label = strategy_mix(*label, strategy_mix(what, c->kind));
    if (!d->open)
        return;
    mem_reserve(d->picks, d->picks_cap, d->pick_count + 1);
    d->picks[d->pick_count++] = (struct wakeup_pick){ c->options, chosen };
    dpor_last_event(d)->pick_count++;
}

static uint32_t choose_here(struct dpor *d, const struct rt_choice *c)
{
    if (d->at == d->len && !dpor_begin_node(d, c)) {
        give_up(d);
        return 0;
    }
    struct dpor_node *n = &d->nodes[d->at++];
    if (n->fibers) {
        dpor_sleep_at(n, &d->sleep);
        d->picked_by = d->at;
    }
    if (n->chosen >= c->options)
        return 0;
    d->tree = n->options[n->chosen].tree;
    return n->chosen;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct dpor *d = self;
    if (c->kind == RT_CHOICE_FIBER || c->kind == RT_CHOICE_TIMER)
        close_event(d);
    if (d->redundant)
        return 0;
    uint32_t chosen = d->follow ? d->follow->choose(d->follow->self, c) : choose_here(d, c);
    note_choice(d, c, chosen);
    return chosen;
}

/* ---- events ---- */

/* The next event begins; NULL if it is as it was in the run before. */
static struct dpor_event *begin_event(struct dpor *d, uint32_t fiber)
{
    size_t node = d->picked_by;
    d->picked_by = 0;
    d->open = true;
    d->count++;
    if (is_old(d))
        return NULL;
    mem_reserve(d->events, d->events_cap, d->count);
    struct dpor_event *e = dpor_last_event(d);
    const struct dpor_event *before = d->count > 1 ? e - 1 : NULL;
    e->fiber = fiber;
    e->node = node;
    e->arrival = 0;
    e->completer = 0;
    e->picks = before ? before->picks + before->pick_count : 0;
    e->pick_count = 0;
    d->pick_count = e->picks;
    return e;
}

static void record_step(struct dpor *d, struct dpor_event *e, struct dpor_fiber *f,
        const struct rt_fiber *fiber, const struct rt_op *op)
{
    e->who = rt_fiber_identity(fiber);
    e->kind = (uint8_t)op->kind;
    e->resumes = rt_fiber_resumes(fiber);
    e->completer = f->complete;
    e->previous = f->last ? f->last : f->started;
    e->name = strategy_mix(e->who, f->taken);
    e->label = strategy_mix(e->who, op->kind);
    footprint_of(fiber, &d->names, &e->foot);
}

/* A step that nobody chose is demanded, or the demand does not fit. */
static void follow_tree(struct dpor *d, uint64_t who)
{
    struct wakeup *child = d->tree ? d->tree->first : NULL;
    while (child && (child->pick.of || child->who != who))
        child = child->next;
    d->tree = child;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct dpor *d = self;
    close_event(d);
    uint32_t id = rt_fiber_id(fiber);
    if (d->follow && d->follow->step)
        d->follow->step(d->follow->self, fiber, op);
    if (d->redundant)
        return;
    if (!d->picked_by) {
        if (d->sleep.count && dpor_sleeps(&d->sleep, id, NULL, 0)) {
            give_up(d);
            return;
        }
        follow_tree(d, rt_fiber_identity(fiber));
    }
    struct dpor_fiber *f = fiber_at(d, id);
    f->taken++;
    struct dpor_event *e = begin_event(d, id);
    if (e)
        record_step(d, e, f, fiber, op);
    f->fiber = fiber;
    f->waiting = false;
    f->complete = 0;
    f->last = d->count;
    object_names_step(&d->names, rt_current(), dpor_last_event(d)->name);
}

static void pending(void *self, struct rt_fiber *fiber)
{
    struct dpor *d = self;
    if (d->follow && d->follow->pending)
        d->follow->pending(d->follow->self, fiber);
    if (!d->open || d->redundant)
        return;
    if (!is_old(d))
        footprint_add_arrival(&dpor_last_event(d)->foot, &d->names, fiber);
    struct dpor_fiber *f = fiber_at(d, rt_fiber_id(fiber));
    f->fiber = fiber;
    f->kind = (uint8_t)rt_fiber_op(fiber)->kind;
    f->waiting = true;
}

static void complete(void *self, struct rt_fiber *fiber)
{
    struct dpor *d = self;
    if (d->follow && d->follow->complete)
        d->follow->complete(d->follow->self, fiber);
    if (!d->open || d->redundant)
        return;
    struct dpor_fiber *f = fiber_at(d, rt_fiber_id(fiber));
    size_t cases;
    (void)rt_fiber_cases(fiber, &cases);
    f->complete = d->count;
    if (cases && !is_old(d))
        dpor_last_event(d)->arrival = f->last;
}

/* A timer is an event of its own, which meets everything. */
static void fire(struct dpor *d)
{
    close_event(d);
    if (d->redundant)
        return;
    note_waiting(d, d->count);
    d->timers++;
    d->tree = d->picked_by ? d->tree : NULL;
    struct dpor_event *e = begin_event(d, 0);
    if (e) {
        e->who = 0;
        e->kind = RT_OP_TIMER;
        e->resumes = false;
        e->previous = fiber_at(d, 0)->last;
        e->name = strategy_mix(1, d->timers);
        e->label = strategy_mix(2, rt_timer_fired(rt_current()));
        e->foot.count = 0;
        footprint_all(&e->foot);
    }
    fiber_at(d, 0)->last = d->count;
    object_names_step(&d->names, rt_current(), dpor_last_event(d)->name);
}

static void effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct dpor *d = self;
    if (d->follow && d->follow->effect)
        d->follow->effect(d->follow->self, fiber, op);
    if (op->kind == RT_OP_GO) {
        uint32_t id = rt_fibers_started(rt_current()) + 1u;
        fiber_at(d, id)->started = d->open && !d->redundant ? d->count : 0;
    } else if (op->kind == RT_OP_TIMER) {
        fire(d);
    } else if (d->open && !d->redundant) {
        if (op->kind == RT_OP_KILL)
            note_death(d);
        if (!is_old(d))
            footprint_add_effect(&dpor_last_event(d)->foot, &d->names, op);
    }
}

/* ---- from one path to the next ---- */

/* The step that the last node belongs to has been explored as it was taken in the last run. */
static void note_way(struct dpor *d)
{
    const struct dpor_node *last = &d->nodes[d->len - 1];
    struct wakeup_pick picks[DPOR_PICKS_MAX + 1];
    uint32_t count = 0;
    size_t owner = d->len - 1;
    if (last->deeper || last->event >= d->count)
        return;
    if (!last->fibers) {
        count = dpor_picks_so_far(d, owner, picks);
        picks[count++] = (struct wakeup_pick){ last->count, last->chosen };
        while (owner > 0 && !d->nodes[owner].fibers)
            owner--;
    }
    struct dpor_node *n = &d->nodes[owner];
    if (n->fibers && n->event == last->event)
        dpor_way_done(&n->options[n->chosen], picks, count, &d->events[n->event].foot);
}

/* Moves the last node to its next option. */
static bool next_option(struct dpor *d)
{
    struct dpor_node *n = &d->nodes[d->len - 1];
    struct dpor_option *was = &n->options[n->chosen];
    note_way(d);
    was->done = true;
    wakeup_drop(&d->pool, was->tree);
    was->tree = NULL;
    n->deeper = false;
    for (;;) {
        struct dpor_option *best = NULL;
        for (uint32_t i = 0; i < n->count; i++) {
            struct dpor_option *o = &n->options[i];
            if (o->wanted && !o->done && (!best || o->turn < best->turn))
                best = o;
        }
        if (!best)
            return false;
        n->chosen = (uint32_t)(best - n->options);
        if (!n->fibers || dpor_still_wanted(d, n, best))
            return true;
        best->done = true;
        wakeup_drop(&d->pool, best->tree);
        best->tree = NULL;
    }
}

static bool advance(struct dpor *d)
{
    while (d->len) {
        if (next_option(d)) {
            d->fresh = d->nodes[d->len - 1].event;
            return true;
        }
        d->len--;
    }
    return false;
}

static const struct rt_source *next(void *self)
{
    struct dpor *d = self;
    d->fresh = 0;
    if (d->started && !d->follow && !advance(d))
        return NULL;
    d->started = true;
    d->at = 0;
    d->tree = NULL;
    d->count = 0;
    d->open = false;
    d->redundant = false;
    d->picked_by = 0;
    d->timers = 0;
    d->outside = 0;
    d->pick_count = 0;
    d->fiber_count = 0;
    d->blocked_count = 0;
    d->sleep.count = 0;
    object_names_begin(&d->names);
    return &d->source;
}

/* What waits now is looked at before the run's memory goes. */
static void over(void *self)
{
    struct dpor *d = self;
    if (d->follow && d->follow->over)
        d->follow->over(d->follow->self);
    close_event(d);
    if (!d->redundant)
        note_waiting(d, d->count);
}

static void done(void *self, const struct run_result *result)
{
    struct dpor *d = self;
    (void)result;
    close_event(d);
    d->len = d->at;
    dpor_find_races(d);
    d->runs++;
    d->blocked_runs += d->redundant;
    if (d->redundant)
        return;
    d->hash = dpor_order_hash(d);
    if (!d->follow)
        (void)order_set_add(&d->seen, d->hash);
}

/* The part of the tree that has been searched, if at each node all options that are wanted so far
 * lead to equal parts of it. */
static double searched(const struct dpor *d)
{
    double part = 0, weight = 1;
    for (size_t i = 0; i < d->len; i++) {
        const struct dpor_node *n = &d->nodes[i];
        uint32_t wanted = 0, over = 0;
        for (uint32_t k = 0; k < n->count; k++) {
            wanted += n->options[k].wanted;
            over += n->options[k].done;
        }
        weight /= wanted;
        part += weight * over;
    }
    return part + weight;
}

static void count(void *self, struct search_count *c)
{
    const struct dpor *d = self;
    double runs = (double)d->runs;
    *c = (struct search_count){ .blocked = d->blocked_runs, .distinct = d->seen.count };
    c->estimate = d->len ? runs / searched(d) : runs;
}

static void free_node(struct dpor_node *n)
{
    for (size_t i = 0; i < n->options_cap; i++)
        free(n->options[i].ways);
    free(n->options);
    free(n->sleep.items);
}

static void end(void *self)
{
    struct dpor *d = self;
    for (size_t i = 0; i < d->nodes_cap; i++)
        free_node(&d->nodes[i]);
    free(d->nodes);
    free(d->events);
    free(d->picks);
    object_names_free(&d->names);
    free(d->fibers);
    free(d->sleep.items);
    free(d->scratch.items);
    free(d->blocked);
    free(d->clocks);
    free(d->mask);
    free(d->steps);
    wakeup_pool_free(&d->pool);
    order_set_free(&d->seen);
    free(d);
}

void strategy_dpor(const struct search_options *options, struct search *search)
{
    struct dpor *d = mem_new(struct dpor);
    (void)options;
    d->source = (struct rt_source){ d, choose, step, effect, pending, complete, over };
    *search = (struct search){ d, next, done, end, count };
}
