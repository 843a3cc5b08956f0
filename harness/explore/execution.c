/* Recording what a run does, and ordering it. */
#include "harness/explore/execution.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"
#include "model/rt/clock.h"

/* Only memory is carried over; everything else begins at zero. */
void execution_begin(struct execution *x, size_t kept)
{
    RT_CHECK(kept <= x->count);
    *x = (struct execution){
        .kept = kept,
        .events = x->events,
        .events_cap = x->events_cap,
        .picks = x->picks,
        .picks_cap = x->picks_cap,
        .unfinished = x->unfinished,
        .unfinished_cap = x->unfinished_cap,
        .clocks = x->clocks,
        .clocks_cap = x->clocks_cap,
        .width = x->width,
        .fibers = x->fibers,
        .fibers_cap = x->fibers_cap,
        .names = x->names,
    };
    object_names_begin(&x->names);
}

void execution_free(struct execution *x)
{
    free(x->events);
    free(x->picks);
    free(x->unfinished);
    free(x->clocks);
    free(x->fibers);
    object_names_free(&x->names);
    *x = (struct execution){ 0 };
}

static struct execution_fiber *fiber_at(struct execution *x, uint32_t id)
{
    mem_reserve(x->fibers, x->fibers_cap, id + 1u);
    for (; x->fiber_count <= id; x->fiber_count++)
        x->fibers[x->fiber_count] = (struct execution_fiber){ 0 };
    return &x->fibers[id];
}

/* ---- who waits ---- */

/* Notes who waits now, after `at` events. */
static void note_waiting(struct execution *x, size_t at)
{
    for (uint32_t id = 1; id < x->fiber_count; id++) {
        struct execution_fiber *f = &x->fibers[id];
        if (!f->waiting)
            continue;
        mem_reserve(x->unfinished, x->unfinished_cap, x->unfinished_count + 1);
        struct unfinished *u = &x->unfinished[x->unfinished_count++];
        *u = (struct unfinished){ .at = at, .enabled = rt_fiber_enabled(f->fiber) };
        u->event.fiber = id;
        u->event.who = rt_fiber_identity(f->fiber);
        u->event.kind = f->kind;
        u->event.previous = f->last ? f->last : f->started;
        u->event.resumes = rt_fiber_resumes(f->fiber);
        u->event.completer = f->complete;
        footprint_of(f->fiber, &x->names, &u->event.foot);
    }
}

/* A process dies. */
static void note_death(struct execution *x)
{
    note_waiting(x, x->count - 1);
    for (uint32_t id = 1; id < x->fiber_count; id++) {
        struct execution_fiber *f = &x->fibers[id];
        f->waiting = f->waiting && rt_proc_alive(rt_fiber_proc(f->fiber));
    }
}

/* ---- events ---- */

const struct event *execution_close(struct execution *x)
{
    if (!x->open)
        return NULL;
    x->open = false;
    return execution_last(x);
}

void execution_stop(struct execution *x)
{
    RT_CHECK(!x->open);
    x->stopped = true;
}

/* A partner is named, since the order in which partners wait depends on the schedule. */
void execution_choice(struct execution *x, const struct rt_choice *c, uint32_t chosen)
{
    bool ends_step = c->kind == RT_CHOICE_FIBER || c->kind == RT_CHOICE_TIMER;
    if (ends_step)
        (void)execution_close(x);
    if (ends_step || x->stopped || (x->open && execution_is_kept(x)))
        return;
    uint64_t what = c->fibers ? rt_fiber_identity(c->fibers[chosen]) : chosen;
    uint64_t *label = x->open ? &execution_last(x)->label : &x->outside;
    *label = strategy_mix(*label, strategy_mix(what, c->kind));
    if (!x->open)
        return;
    mem_reserve(x->picks, x->picks_cap, x->pick_count + 1);
    x->picks[x->pick_count++] = (struct pick){ c->options, chosen };
    execution_last(x)->pick_count++;
}

/* The next event begins; NULL if it is known from the run before. */
static struct event *begin_event(struct execution *x, uint32_t fiber, size_t node)
{
    RT_CHECK(!x->open && !x->stopped);
    x->open = true;
    x->count++;
    if (execution_is_kept(x)) {
        RT_CHECK(execution_last(x)->fiber == fiber);
        RT_CHECK(execution_last(x)->node == node);
        return NULL;
    }
    mem_reserve(x->events, x->events_cap, x->count);
    struct event *e = execution_last(x);
    const struct event *before = x->count > 1 ? e - 1 : NULL;
    e->fiber = fiber;
    e->node = node;
    e->arrival = 0;
    e->completer = 0;
    e->picks = before ? before->picks + before->pick_count : 0;
    e->pick_count = 0;
    x->pick_count = e->picks;
    return e;
}

static void record_step(struct execution *x, struct event *e, const struct execution_fiber *f,
        const struct rt_fiber *fiber, const struct rt_op *op)
{
    e->who = rt_fiber_identity(fiber);
    e->kind = (uint8_t)op->kind;
    e->resumes = rt_fiber_resumes(fiber);
    e->completer = f->complete;
    e->previous = f->last ? f->last : f->started;
    e->name = strategy_mix(e->who, f->taken);
    e->label = strategy_mix(e->who, op->kind);
    footprint_of(fiber, &x->names, &e->foot);
    RT_CHECK(e->previous < x->count && e->completer < x->count);
    RT_CHECK(!e->completer || e->resumes);
}

void execution_step(
        struct execution *x, const struct rt_fiber *fiber, const struct rt_op *op, size_t node)
{
    (void)execution_close(x);
    uint32_t id = rt_fiber_id(fiber);
    struct execution_fiber *f = fiber_at(x, id);
    f->taken++;
    struct event *e = begin_event(x, id, node);
    if (e)
        record_step(x, e, f, fiber, op);
    f->fiber = fiber;
    f->waiting = false;
    f->complete = 0;
    f->last = x->count;
    object_names_step(&x->names, rt_current(), execution_last(x)->name);
}

/* A timer is an event of its own, which meets everything. */
void execution_timer(struct execution *x, size_t node)
{
    (void)execution_close(x);
    note_waiting(x, x->count);
    x->timers++;
    struct event *e = begin_event(x, 0, node);
    struct execution_fiber *f = fiber_at(x, 0);
    if (e) {
        e->who = 0;
        e->kind = RT_OP_TIMER;
        e->resumes = false;
        e->previous = f->last;
        e->name = strategy_mix(1, x->timers);
        e->label = strategy_mix(2, rt_timer_fired(rt_current()));
        e->foot.count = 0;
        footprint_all(&e->foot);
    }
    f->last = x->count;
    object_names_step(&x->names, rt_current(), execution_last(x)->name);
}

void execution_pending(struct execution *x, const struct rt_fiber *fiber)
{
    if (!x->open || x->stopped)
        return;
    if (!execution_is_kept(x))
        footprint_add_arrival(&execution_last(x)->foot, &x->names, fiber);
    struct execution_fiber *f = fiber_at(x, rt_fiber_id(fiber));
    f->fiber = fiber;
    f->kind = (uint8_t)rt_fiber_op(fiber)->kind;
    f->waiting = true;
}

void execution_complete(struct execution *x, const struct rt_fiber *fiber)
{
    if (!x->open || x->stopped)
        return;
    struct execution_fiber *f = fiber_at(x, rt_fiber_id(fiber));
    size_t cases;
    (void)rt_fiber_cases(fiber, &cases);
    f->complete = x->count;
    if (cases && !execution_is_kept(x))
        execution_last(x)->arrival = f->last;
}

void execution_effect(struct execution *x, const struct rt_op *op)
{
    bool open = x->open && !x->stopped;
    if (op->kind == RT_OP_GO) {
        uint32_t id = rt_fibers_started(rt_current()) + 1u;
        fiber_at(x, id)->started = open ? x->count : 0;
    } else if (open) {
        if (op->kind == RT_OP_KILL)
            note_death(x);
        if (!execution_is_kept(x))
            footprint_add_effect(&execution_last(x)->foot, &x->names, op);
    }
}

void execution_over(struct execution *x)
{
    (void)execution_close(x);
    if (!x->stopped)
        note_waiting(x, x->count);
}

/* ---- what happened before what ---- */

void execution_join(const struct execution *x, uint32_t *clock, size_t event)
{
    const uint32_t *other = execution_clock(x, event);
    for (size_t i = 0; i < x->width; i++)
        clock[i] = clock[i] > other[i] ? clock[i] : other[i];
}

/* Nothing passes what touches everything. */
void execution_make_clock(struct execution *x, size_t event)
{
    const struct event *e = &x->events[event];
    uint32_t *clock = execution_clock(x, event);
    if (e->previous)
        memcpy(clock, execution_clock(x, e->previous - 1), x->width * sizeof(*clock));
    else
        memset(clock, 0, x->width * sizeof(*clock));
    if (e->arrival)
        execution_join(x, clock, e->arrival - 1);
    for (size_t i = event; i-- > 0;) {
        const struct event *earlier = &x->events[i];
        if (clock[earlier->fiber] < i + 1 &&
                (events_conflict(earlier, e) || footprint_releases(&earlier->foot, &e->foot)))
            execution_join(x, clock, i);
        if (earlier->foot.all)
            break;
    }
    RT_CHECK(clock[e->fiber] <= event);
    clock[e->fiber] = (uint32_t)event + 1;
}

void execution_order(struct execution *x)
{
    if (x->fiber_count > x->width) {
        x->width = (x->fiber_count + 15u) & ~(size_t)7;
        x->kept = 0;
    }
    mem_reserve(x->clocks, x->clocks_cap, (x->count + 2) * x->width);
    mem_reserve(x->events, x->events_cap, x->count + 2);
    for (size_t j = x->kept; j < x->count; j++)
        execution_make_clock(x, j);
}

/* A sum over events, so that their places in the list do not matter; each with a sum over the
 * events that happened before it, which are named by goroutine and number. */
uint64_t execution_hash(const struct execution *x)
{
    uint64_t hash = strategy_mix(x->outside, x->count);
    for (size_t j = 0; j < x->count; j++) {
        const struct event *e = &x->events[j];
        const uint32_t *clock = execution_clock(x, j);
        uint64_t past = 0;
        for (size_t f = 0; f < x->width; f++) {
            if (clock[f])
                past += x->events[clock[f] - 1].name;
        }
        hash += strategy_mix(e->label, past);
    }
    return hash ? hash : 1;
}
