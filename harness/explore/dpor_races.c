/* Races: which pairs of a run's events might have happened the other way round, and the sequences
 * of steps that lead there. */
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

/* ---- a sequence that reverses a race ---- */

static struct wakeup_step step_of(const struct execution *x, size_t event)
{
    const struct event *e = &x->events[event];
    return (struct wakeup_step){ .who = e->who,
        .fiber = e->fiber,
        .foot = &e->foot,
        .picks = x->picks + e->picks,
        .pick_count = e->pick_count,
        .partner = e->arrival ? x->events[e->arrival - 1].who : 0,
        .event = event };
}

/* How many of the event's choices are sure to come again if event i has not happened: those before
 * the step met what i touches. */
static uint32_t sure_picks(const struct dpor *d, size_t i, size_t j)
{
    const struct execution *x = &d->execution;
    const struct event *e = &x->events[j];
    uint32_t sure = 0, at = 0;
    if (!e->pick_count)
        return 0;
    for (size_t n = x->events[i].node; n < d->path.len && sure < e->pick_count; n++) {
        const struct dpor_node *node = &d->path.nodes[n];
        if (node->fibers || node->event != j)
            continue;
        if (footprint_conflict(&node->foot, &x->events[i].foot))
            break;
        sure = ++at;
    }
    return sure;
}

/* True if event k comes before j in the sequence that takes j before i: it did not happen after i
 * (the paper's notdep), and it happened before j, or all such come. */
static inline bool in_sequence(
        const struct execution *x, size_t i, size_t k, const uint32_t *clock, bool all)
{
    return (all || clock[x->events[k].fiber] >= k + 1) && !execution_before(x, i, k);
}

/* Takes j before i, and of what lies between only what must come before j, or all that can: writes
 * which events these are. 0 if they do not begin with an option of the node. */
static size_t sequence(struct dpor *d, const struct dpor_node *node, size_t i, size_t j,
        const uint32_t *clock, bool all)
{
    const struct execution *x = &d->execution;
    size_t count = 0, k = i + 1;
    while (k < j && !in_sequence(x, i, k, clock, all))
        k++;
    if (!dpor_option_of(node, x->events[k].fiber))
        return 0;
    for (; k < j; k++) {
        if (in_sequence(x, i, k, clock, all))
            d->scratch.steps[count++].event = k;
    }
    d->scratch.steps[count].event = SIZE_MAX;
    return count + 1;
}

/* Most sequences cannot be; so their steps are written when one can. */
static void write_steps(struct dpor *d, size_t j, size_t count)
{
    const struct execution *x = &d->execution;
    for (size_t k = 0; k + 1 < count; k++)
        d->scratch.steps[k] = step_of(x, d->scratch.steps[k].event);
    d->scratch.steps[count - 1] = step_of(x, j);
    d->scratch.steps[count - 1].event = SIZE_MAX;
    d->scratch.steps[count - 1].pick_count = 0;
}

/* True if i is what made j panic: a channel that was closed, a counter at 0. */
static bool made_panic(const struct event *i, const struct event *j)
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

static bool will_not_panic(const struct execution *x, size_t i, size_t j)
{
    if (!x->events[j].foot.all)
        return false;
    for (size_t k = i; k < j; k++) {
        if ((k == i || execution_before(x, i, k)) && made_panic(&x->events[k], &x->events[j]))
            return true;
    }
    return false;
}

/* True if j is a Done whose counter is 0 without an Add that is left out. */
static bool will_panic(const struct execution *x, size_t i, size_t j)
{
    const struct footprint *foot = &x->events[j].foot;
    for (uint8_t t = 0; t < foot->count; t++) {
        for (size_t k = i; (foot->touches[t].how & TOUCH_DONE) && k < j; k++) {
            unsigned how = footprint_how(&x->events[k].foot, foot->touches[t].object);
            if ((how & TOUCH_FIRST) && (k == i || execution_before(x, i, k)))
                return true;
        }
    }
    return false;
}

/* What wakes sleepers may be what i does behind j, which in their own runs never came so far. Puts
 * i at the end of the sequence, if it is sure to come. */
static size_t with_other(struct dpor *d, size_t i, size_t j, size_t count)
{
    const struct execution *x = &d->execution;
    static const struct footprint everything = { .all = true, .mask = UINT64_MAX };
    const struct event *a = &x->events[i], *b = &x->events[j];
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
    d->scratch.steps[count] = step_of(x, i);
    d->scratch.steps[count].pick_count = 0;
    if (closed)
        d->scratch.steps[count].foot = &everything;
    return count + 1;
}

/* Takes j, as the last step of a shorter sequence, behind all that can be taken without i: what was
 * left out there may wake sleepers, too. */
static size_t after_all(struct dpor *d, size_t i, size_t j, struct wakeup_step last)
{
    const struct execution *x = &d->execution;
    size_t count = 0;
    for (size_t k = i + 1; k < x->count; k++) {
        if (k != j && !execution_before(x, i, k))
            d->scratch.steps[count++] = step_of(x, k);
    }
    d->scratch.steps[count] = last;
    return count + 1;
}

static bool reversible(
        const struct dpor *d, size_t i, size_t j, const struct unfinished *unfinished, size_t count)
{
    return count == 1 || (count > 1 && dpor_ready(&d->execution, &d->path, i, j, unfinished,
                                               d->scratch.steps, count));
}

/* With what j depends on, with all that can come, or, for a Wait, without any of the Adds that keep
 * it from going on. 0 if none of these is possible. */
static size_t possible_sequence(struct dpor *d, const struct dpor_node *node, size_t i, size_t j,
        const uint32_t *clock, const struct unfinished *unfinished)
{
    const struct execution *x = &d->execution;
    size_t count = sequence(d, node, i, j, clock, false);
    if (reversible(d, i, j, unfinished, count))
        return count;
    count = sequence(d, node, i, j, clock, true);
    if (reversible(d, i, j, unfinished, count))
        return count;
    if (x->events[j].kind != RT_OP_WAIT)
        return 0;
    count = sequence(d, node, i, j, d->scratch.past, false);
    return reversible(d, i, j, unfinished, count) ? count : 0;
}

/* False if their order is fixed: i, or what came after it, has let j go on. */
static bool reverse(struct dpor *d, size_t i, size_t j, const uint32_t *clock,
        const struct unfinished *unfinished)
{
    const struct execution *x = &d->execution;
    if (!x->events[i].node)
        return false;
    RT_CHECK(x->events[i].node <= d->path.len);
    struct dpor_node *node = &d->path.nodes[x->events[i].node - 1];
    RT_CHECK(i < j && node->fibers && node->event == i);
    RT_CHECK(node->options[node->chosen].fiber == x->events[i].fiber);
    size_t count = possible_sequence(d, node, i, j, clock, unfinished);
    if (!count)
        return false;
    write_steps(d, j, count);
    struct footprint foot;
    foot = x->events[j].foot;
    footprint_not_all(&foot);
    if (will_panic(x, i, j))
        footprint_all(&foot);
    if (will_panic(x, i, j) || will_not_panic(x, i, j))
        d->scratch.steps[count - 1].foot = &foot;
    if (!unfinished)
        d->scratch.steps[count - 1].pick_count = sure_picks(d, i, j);
    if (dpor_insert(d, node, d->scratch.steps, count))
        return true;
    size_t more = with_other(d, i, j, count);
    if (more > count && dpor_insert(d, node, d->scratch.steps, more))
        return true;
    if (!unfinished) {
        count = after_all(d, i, j, d->scratch.steps[count - 1]);
        (void)dpor_insert(d, node, d->scratch.steps, count);
    }
    return true;
}

/* ---- all pairs ---- */

/* Latest first: what an event depends on only through a later one is no race of its own, unless
 * that one let it go on: their order is fixed, and the race is with an earlier one. Who waited when
 * something touched everything is looked at by itself. */
static void find_races_of(struct dpor *d, size_t j, const struct unfinished *unfinished)
{
    const struct execution *x = &d->execution;
    const struct event *e = &x->events[j];
    if (e->previous)
        memcpy(d->scratch.past, execution_clock(x, e->previous - 1),
                x->width * sizeof(*d->scratch.past));
    else
        memset(d->scratch.past, 0, x->width * sizeof(*d->scratch.past));
    for (size_t i = j; i-- > 0;) {
        const struct event *earlier = &x->events[i];
        if (earlier->fiber != e->fiber && d->scratch.past[earlier->fiber] < i + 1 &&
                earlier->node && events_conflict(earlier, e) &&
                reverse(d, i, j, execution_clock(x, j), unfinished))
            execution_join(x, d->scratch.past, i);
        if (earlier->foot.all)
            break;
    }
}

/* A process that dies takes with it steps that no race will tell of: whatever could run is tried
 * first. */
static void try_all_before(struct dpor *d, size_t j)
{
    const struct execution *x = &d->execution;
    if (!x->events[j].node || !x->events[j].fiber)
        return;
    struct dpor_node *node = &d->path.nodes[x->events[j].node - 1];
    for (uint32_t i = 0; i < node->count; i++) {
        const struct dpor_option *o = &node->options[i];
        struct footprint foot = { 0 };
        for (size_t k = 0; k < x->unfinished_count; k++) {
            if (x->unfinished[k].at == j && x->unfinished[k].event.fiber == o->fiber)
                foot = x->unfinished[k].event.foot;
        }
        struct wakeup_step step = {
            .who = o->who, .fiber = o->fiber, .foot = &foot, .event = SIZE_MAX
        };
        if (o->fiber == x->events[j].fiber)
            continue;
        d->scratch.steps[0] = step;
        if (dpor_insert(d, node, d->scratch.steps, 1))
            continue;
        d->scratch.steps[1] = step_of(x, j);
        d->scratch.steps[1].pick_count = 0;
        struct footprint op = footprint_operation(&x->events[j].foot);
        if (!footprint_conflict(&op, &foot))
            (void)dpor_insert(d, node, d->scratch.steps, 2);
    }
}

/* As if the operation had been taken after all. */
static void find_races_of_unfinished(struct dpor *d, const struct unfinished *u)
{
    struct execution *x = &d->execution;
    size_t row = x->width * sizeof(*x->clocks);
    struct event kept = x->events[u->at];
    memcpy(execution_clock(x, x->count + 1), execution_clock(x, u->at), row);
    x->events[u->at] = u->event;
    execution_make_clock(x, u->at);
    find_races_of(d, u->at, u);
    x->events[u->at] = kept;
    memcpy(execution_clock(x, u->at), execution_clock(x, x->count + 1), row);
}

void dpor_find_races(struct dpor *d)
{
    struct execution *x = &d->execution;
    execution_order(x);
    mem_reserve(d->scratch.past, d->scratch.past_cap, x->width);
    mem_reserve(d->scratch.steps, d->scratch.steps_cap, x->count + 4);
    for (size_t j = x->kept; j < x->count; j++) {
        find_races_of(d, j, NULL);
        if (x->events[j].foot.all)
            try_all_before(d, j);
    }
    for (size_t i = 0; i < x->unfinished_count; i++) {
        if (x->unfinished[i].at >= x->kept)
            find_races_of_unfinished(d, &x->unfinished[i]);
    }
}
