/* Which pairs of a run's events might have happened the other way round. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

static void join(const struct dpor *d, uint32_t *clock, size_t event)
{
    const uint32_t *other = dpor_clock(d, event);
    for (size_t i = 0; i < d->width; i++)
        clock[i] = clock[i] > other[i] ? clock[i] : other[i];
}

static void make_room(struct dpor *d)
{
    if (d->fiber_count > d->width) {
        d->width = (d->fiber_count + 15u) & ~(size_t)7;
        d->fresh = 0;
    }
    mem_reserve(d->clocks, d->clocks_cap, (d->count + 2) * d->width);
    mem_reserve(d->events, d->events_cap, d->count + 2);
    mem_reserve(d->mask, d->mask_cap, d->width);
    mem_reserve(d->steps, d->steps_cap, d->count + 4);
}

/* ---- a sequence that turns a pair round ---- */

static struct wakeup_step step_of(const struct dpor *d, size_t event)
{
    const struct dpor_event *e = &d->events[event];
    return (struct wakeup_step){ .who = e->who,
        .fiber = e->fiber,
        .foot = &e->foot,
        .picks = d->picks + e->picks,
        .pick_count = e->pick_count,
        .partner = e->arrival ? d->events[e->arrival - 1].who : 0,
        .event = event };
}

/* How many of the event's choices are sure to come again if event i has not happened: those before
 * the step met what i touches. */
static uint32_t sure_picks(const struct dpor *d, size_t i, size_t j)
{
    const struct dpor_event *e = &d->events[j];
    uint32_t sure = 0, at = 0;
    if (!e->pick_count)
        return 0;
    for (size_t n = d->events[i].node; n < d->len && sure < e->pick_count; n++) {
        const struct dpor_node *node = &d->nodes[n];
        if (node->fibers || node->event != j)
            continue;
        if (footprint_conflict(&node->foot, &d->events[i].foot))
            break;
        sure = ++at;
    }
    return sure;
}

/* True if k comes before j in the sequence that takes j before i. */
static inline bool comes(const struct dpor *d, size_t i, size_t k, const uint32_t *clock, bool all)
{
    return (all || clock[d->events[k].fiber] >= k + 1) && !dpor_before(d, i, k);
}

/* Takes j before i, and of what lies between only what must come before j, or all that can: writes
 * which events these are. 0 if they do not begin with an option of the node. */
static size_t sequence(struct dpor *d, const struct dpor_node *node, size_t i, size_t j,
        const uint32_t *clock, bool all)
{
    size_t count = 0, k = i + 1;
    while (k < j && !comes(d, i, k, clock, all))
        k++;
    if (!dpor_option_of(node, d->events[k].fiber))
        return 0;
    for (; k < j; k++) {
        if (comes(d, i, k, clock, all))
            d->steps[count++].event = k;
    }
    d->steps[count].event = SIZE_MAX;
    return count + 1;
}

/* Most sequences cannot be; so their steps are written when one can. */
static void write_steps(struct dpor *d, size_t j, size_t count)
{
    for (size_t k = 0; k + 1 < count; k++)
        d->steps[k] = step_of(d, d->steps[k].event);
    d->steps[count - 1] = step_of(d, j);
    d->steps[count - 1].event = SIZE_MAX;
    d->steps[count - 1].pick_count = 0;
}

/* True if i is what made j panic: a channel that was closed, a counter at 0. */
static bool made_panic(const struct dpor_event *i, const struct dpor_event *j)
{
    if (!j->foot.all || !j->foot.count)
        return false;
    for (uint8_t k = 0; k < j->foot.count; k++) {
        unsigned how = footprint_how(&i->foot, j->foot.touches[k].object);
        bool sends = (j->foot.touches[k].how & TOUCH_SEND) && i->kind == RT_OP_CLOSE;
        if ((sends && (how & TOUCH_OP)) ||
                ((j->foot.touches[k].how & TOUCH_DONE) && (how & TOUCH_DONE)))
            return true;
    }
    return false;
}

static bool will_not_panic(const struct dpor *d, size_t i, size_t j)
{
    if (!d->events[j].foot.all)
        return false;
    for (size_t k = i; k < j; k++) {
        if ((k == i || dpor_before(d, i, k)) && made_panic(&d->events[k], &d->events[j]))
            return true;
    }
    return false;
}

/* True if j is a Done whose counter is 0 without an Add that is left out. */
static bool will_panic(const struct dpor *d, size_t i, size_t j)
{
    const struct footprint *foot = &d->events[j].foot;
    for (uint8_t t = 0; t < foot->count; t++) {
        for (size_t k = i; (foot->touches[t].how & TOUCH_DONE) && k < j; k++) {
            unsigned how = footprint_how(&d->events[k].foot, foot->touches[t].object);
            if ((how & TOUCH_FIRST) && (k == i || dpor_before(d, i, k)))
                return true;
        }
    }
    return false;
}

/* What wakes sleepers may be what i does behind j, which in their own runs never came so far. Puts
 * i at the end of the sequence, if it is sure to come. */
static size_t with_other(struct dpor *d, size_t i, size_t j, size_t count)
{
    static const struct footprint everything = { .all = true, .mask = UINT64_MAX };
    const struct dpor_event *a = &d->events[i], *b = &d->events[j];
    struct footprint before = footprint_operation(&a->foot), after = footprint_operation(&b->foot);
    bool closed = b->kind == RT_OP_CLOSE && (a->kind == RT_OP_SEND || a->kind == RT_OP_CLOSE);
    struct footprint first = a->foot, second = b->foot;
    if (!a->fiber || a->resumes)
        return count;
    if (a->foot.all) {
        footprint_not_all(&first);
        footprint_not_all(&second);
        before = first;
        after = second;
    }
    if (!closed && footprint_conflict(&before, &after))
        return count;
    d->steps[count] = step_of(d, i);
    d->steps[count].pick_count = 0;
    if (closed)
        d->steps[count].foot = &everything;
    return count + 1;
}

/* Takes j, as the last step of a shorter sequence, behind all that can be taken without i: what was
 * left out there may wake sleepers, too. */
static size_t after_all(struct dpor *d, size_t i, size_t j, struct wakeup_step last)
{
    size_t count = 0;
    for (size_t k = i + 1; k < d->count; k++) {
        if (k != j && !dpor_before(d, i, k))
            d->steps[count++] = step_of(d, k);
    }
    d->steps[count] = last;
    return count + 1;
}

static bool can_turn(
        const struct dpor *d, size_t i, size_t j, const struct dpor_blocked *blocked, size_t count)
{
    return count == 1 || (count > 1 && dpor_ready(d, i, j, blocked, d->steps, count));
}

/* With what j depends on, with all that can come, or, for a Wait, without any of the Adds that keep
 * it from going on. 0 if none of these is possible. */
static size_t possible_sequence(struct dpor *d, const struct dpor_node *node, size_t i, size_t j,
        const uint32_t *clock, const struct dpor_blocked *blocked)
{
    size_t count = sequence(d, node, i, j, clock, false);
    if (can_turn(d, i, j, blocked, count))
        return count;
    count = sequence(d, node, i, j, clock, true);
    if (can_turn(d, i, j, blocked, count))
        return count;
    if (d->events[j].kind != RT_OP_WAIT)
        return 0;
    count = sequence(d, node, i, j, d->mask, false);
    return can_turn(d, i, j, blocked, count) ? count : 0;
}

/* False if their order is fixed: i, or what came after it, has let j go on. */
static bool turn(struct dpor *d, size_t i, size_t j, const uint32_t *clock,
        const struct dpor_blocked *blocked)
{
    if (!d->events[i].node)
        return false;
    struct dpor_node *node = &d->nodes[d->events[i].node - 1];
    size_t count = possible_sequence(d, node, i, j, clock, blocked);
    if (!count)
        return false;
    write_steps(d, j, count);
    struct footprint foot;
    foot = d->events[j].foot;
    footprint_not_all(&foot);
    if (will_panic(d, i, j))
        footprint_all(&foot);
    if (will_panic(d, i, j) || will_not_panic(d, i, j))
        d->steps[count - 1].foot = &foot;
    if (!blocked)
        d->steps[count - 1].pick_count = sure_picks(d, i, j);
    if (dpor_demand(d, node, d->steps, count))
        return true;
    size_t more = with_other(d, i, j, count);
    if (more > count && dpor_demand(d, node, d->steps, more))
        return true;
    if (!blocked) {
        count = after_all(d, i, j, d->steps[count - 1]);
        (void)dpor_demand(d, node, d->steps, count);
    }
    return true;
}

/* ---- all pairs ---- */

/* True if i conflicts with the later event. */
static bool conflict(const struct dpor_event *i, const struct dpor_event *j)
{
    return (i->foot.all || j->foot.all || footprint_may_meet(&i->foot, &j->foot)) &&
           footprint_conflict(&i->foot, &j->foot);
}

/* What happened before j. Nothing passes what touches everything. */
static void make_clock(struct dpor *d, size_t j)
{
    const struct dpor_event *e = &d->events[j];
    uint32_t *clock = dpor_clock(d, j);
    if (e->previous)
        memcpy(clock, dpor_clock(d, e->previous - 1), d->width * sizeof(*clock));
    else
        memset(clock, 0, d->width * sizeof(*clock));
    if (e->arrival)
        join(d, clock, e->arrival - 1);
    for (size_t i = j; i-- > 0;) {
        const struct dpor_event *earlier = &d->events[i];
        if (clock[earlier->fiber] < i + 1 &&
                (conflict(earlier, e) || footprint_releases(&earlier->foot, &e->foot)))
            join(d, clock, i);
        if (earlier->foot.all)
            break;
    }
    clock[e->fiber] = (uint32_t)j + 1;
}

/* Latest first: what an event depends on only through a later one is no race of its own, unless
 * that one let it go on: their order is fixed, and the race is with an earlier one. Who waited when
 * something touched everything is looked at by itself. */
static void find_races_of(struct dpor *d, size_t j, const struct dpor_blocked *blocked)
{
    const struct dpor_event *e = &d->events[j];
    if (e->previous)
        memcpy(d->mask, dpor_clock(d, e->previous - 1), d->width * sizeof(*d->mask));
    else
        memset(d->mask, 0, d->width * sizeof(*d->mask));
    for (size_t i = j; i-- > 0;) {
        const struct dpor_event *earlier = &d->events[i];
        if (earlier->fiber != e->fiber && d->mask[earlier->fiber] < i + 1 && earlier->node &&
                conflict(earlier, e) && turn(d, i, j, dpor_clock(d, j), blocked))
            join(d, d->mask, i);
        if (earlier->foot.all)
            break;
    }
}

/* A process that dies takes with it steps that no race will tell of: whatever could run is tried
 * first. */
static void try_all_before(struct dpor *d, size_t j)
{
    if (!d->events[j].node || !d->events[j].fiber)
        return;
    struct dpor_node *node = &d->nodes[d->events[j].node - 1];
    for (uint32_t i = 0; i < node->count; i++) {
        const struct dpor_option *o = &node->options[i];
        struct footprint foot = { 0 };
        for (size_t k = 0; k < d->blocked_count; k++) {
            if (d->blocked[k].at == j && d->blocked[k].event.fiber == o->fiber)
                foot = d->blocked[k].event.foot;
        }
        struct wakeup_step step = {
            .who = o->who, .fiber = o->fiber, .foot = &foot, .event = SIZE_MAX
        };
        if (o->fiber == d->events[j].fiber)
            continue;
        d->steps[0] = step;
        if (dpor_demand(d, node, d->steps, 1))
            continue;
        d->steps[1] = step_of(d, j);
        d->steps[1].pick_count = 0;
        struct footprint op = footprint_operation(&d->events[j].foot);
        if (!footprint_conflict(&op, &foot))
            (void)dpor_demand(d, node, d->steps, 2);
    }
}

/* As if the operation had been taken after all. */
static void find_races_of_blocked(struct dpor *d, const struct dpor_blocked *b)
{
    size_t row = d->width * sizeof(*d->clocks);
    struct dpor_event kept = d->events[b->at];
    memcpy(dpor_clock(d, d->count + 1), dpor_clock(d, b->at), row);
    d->events[b->at] = b->event;
    make_clock(d, b->at);
    find_races_of(d, b->at, b);
    d->events[b->at] = kept;
    memcpy(dpor_clock(d, b->at), dpor_clock(d, d->count + 1), row);
}

void dpor_find_races(struct dpor *d)
{
    make_room(d);
    for (size_t j = d->fresh; j < d->count; j++)
        make_clock(d, j);
    for (size_t j = d->fresh; j < d->count; j++) {
        find_races_of(d, j, NULL);
        if (d->events[j].foot.all)
            try_all_before(d, j);
    }
    for (size_t i = 0; i < d->blocked_count; i++) {
        if (d->blocked[i].at >= d->fresh)
            find_races_of_blocked(d, &d->blocked[i]);
    }
}

/* A sum over events, so that their places in the list do not matter; each with a sum over the
 * events that happened before it, which are named by goroutine and number. */
uint64_t dpor_order_hash(const struct dpor *d)
{
    uint64_t hash = strategy_mix(d->outside, d->count);
    for (size_t j = 0; j < d->count; j++) {
        const struct dpor_event *e = &d->events[j];
        const uint32_t *clock = dpor_clock(d, j);
        uint64_t past = 0;
        for (size_t f = 0; f < d->width; f++) {
            if (clock[f])
                past += d->events[clock[f] - 1].name;
        }
        hash += strategy_mix(e->label, past);
    }
    return hash ? hash : 1;
}
