/* Whether a step could have been taken earlier: with what goroutines waited for, and in which state
 * it was, at a place that no run has been to. */
#include "harness/explore/dpor.h"

/* A place: before event i, but with some of the events from there on. */
struct place {
    const struct execution *x;
    size_t i;
    const struct wakeup_step *steps; /* their `event` only; the last is what is asked about */
    size_t count;
};

static bool has(const struct place *p, size_t event)
{
    if (event < p->i)
        return true;
    size_t k = 0;
    while (k < p->count && p->steps[k].event < event) /* they are in the run's order */
        k++;
    return k < p->count && p->steps[k].event == event;
}

/* The first event that is left out and touches the object, before `end`; NULL: none. */
static const struct event *first_left_out(const struct place *p, uint32_t object, size_t end)
{
    const struct execution *x = p->x;
    for (size_t k = p->i; k < end; k++) {
        const struct event *e = &x->events[k];
        if (!(e->foot.mask >> (object & 63) & 1) ||
                !(footprint_how(&e->foot, object) & ~(unsigned)(TOUCH_ARRIVE | TOUCH_WAITS)))
            continue;
        if (!has(p, k))
            return e;
    }
    return NULL;
}

/* What the goroutine is pending with at the place; NULL: nothing, or it does not exist there. */
static const struct event *pending_at(const struct place *p, uint32_t fiber)
{
    const struct execution *x = p->x;
    for (size_t k = p->i; k < x->count; k++) {
        if (x->events[k].fiber == fiber && !has(p, k))
            return &x->events[k];
    }
    for (size_t k = 0; k < x->unfinished_count; k++) {
        if (x->unfinished[k].event.fiber == fiber)
            return &x->unfinished[k].event;
    }
    return NULL;
}

/* True if a goroutine waits there on the other side of the unbuffered channel. */
static bool has_partner(const struct place *p, uint32_t self, uint32_t object, unsigned side)
{
    unsigned other = side == TOUCH_SEND ? TOUCH_RECV : TOUCH_SEND;
    for (uint32_t fiber = 1; fiber < p->x->fiber_count; fiber++) {
        const struct event *e = fiber == self ? NULL : pending_at(p, fiber);
        if (!e || (e->resumes && e->completer && has(p, e->completer - 1)))
            continue;
        if (e->kind != RT_OP_SEND && e->kind != RT_OP_RECV && e->kind != RT_OP_SELECT)
            continue;
        unsigned how = footprint_how(&e->foot, object);
        if ((how & TOUCH_OP) && (how & other) && !(how & TOUCH_POLL))
            return true;
    }
    return false;
}

static bool case_ready(
        const struct place *p, const struct event *e, size_t end, bool stuck, const struct touch *t)
{
    const struct event *left_out = first_left_out(p, t->object, end);
    unsigned state = left_out ? footprint_how(&left_out->foot, t->object)
                     : stuck  ? t->how & (unsigned)TOUCH_MEETS
                              : t->how;
    for (unsigned side = TOUCH_SEND; side <= TOUCH_RECV; side *= 2) {
        if (!(t->how & side))
            continue;
        if (state & (side == TOUCH_SEND ? TOUCH_CAN_SEND : TOUCH_CAN_RECV))
            return true;
        if ((state & TOUCH_MEETS) && has_partner(p, e->fiber, t->object, side))
            return true;
    }
    return false;
}

/* True if a writer waits for readers there: its first step was taken, its second was not. */
static bool writer_waits(const struct place *p, uint32_t object)
{
    const struct execution *x = p->x;
    for (size_t k = 0; k < x->count; k++) {
        const struct event *e = &x->events[k];
        if (!e->resumes || e->kind != RT_OP_LOCK || !(footprint_how(&e->foot, object) & TOUCH_OP))
            continue;
        if (!has(p, k) && e->previous && has(p, e->previous - 1))
            return true;
    }
    return false;
}

static bool group_ready(const struct place *p, unsigned how, uint32_t object)
{
    int net = 0;
    for (size_t k = 0; k + 1 < p->count; k++) {
        unsigned done = footprint_how(&p->x->events[p->steps[k].event].foot, object);
        net += ((done & TOUCH_ADD) != 0) - ((done & TOUCH_DONE) != 0);
    }
    return (how & (TOUCH_FIRST | TOUCH_OP)) && net <= 0;
}

static bool lock_ready(const struct place *p, const struct event *e, size_t end, bool stuck)
{
    if (!e->foot.count)
        return true;
    uint32_t object = e->foot.touches[0].object;
    const struct event *left_out = first_left_out(p, object, end);
    if (!left_out)
        return !stuck;
    unsigned how = footprint_how(&left_out->foot, object);
    if (e->kind == RT_OP_WAIT)
        return group_ready(p, how, object);
    if (how & TOUCH_OP)
        return !left_out->resumes || (left_out->kind == RT_OP_RLOCK && !writer_waits(p, object));
    return (how & TOUCH_RELEASE) && !writer_waits(p, object);
}

/* A timer can fire from the event on that set it to be due at once, or at any time before. */
static bool timer_ready(const struct place *p, const struct dpor_path *path, size_t j)
{
    const struct execution *x = p->x;
    for (size_t k = p->i; k <= j; k++) {
        size_t node = x->events[k].node;
        if (node && path->nodes[node - 1].timer)
            return k == p->i || has(p, k - 1);
    }
    return false;
}

bool dpor_ready(const struct execution *x, const struct dpor_path *path, size_t i, size_t j,
        const struct unfinished *unfinished, const struct wakeup_step *steps, size_t count)
{
    const struct place p = { x, i, steps, count };
    const struct event *e = &x->events[j];
    bool stuck = unfinished && !unfinished->enabled;
    if (e->resumes && e->completer && has(&p, e->completer - 1))
        return true;
    switch (e->kind) {
    case RT_OP_LOCK:
    case RT_OP_RLOCK:
    case RT_OP_ONCE:
    case RT_OP_WAIT:
        return lock_ready(&p, e, j, stuck);
    case RT_OP_SEND:
    case RT_OP_RECV:
    case RT_OP_SELECT:
        break;
    case RT_OP_SLEEP:
        return false;
    case RT_OP_TIMER:
        return timer_ready(&p, path, j);
    default:
        return true;
    }
    if (e->kind == RT_OP_SELECT && (e->foot.count && (e->foot.touches[0].how & TOUCH_POLL)))
        return true;
    for (uint8_t k = 0; k < e->foot.count; k++) {
        const struct touch *t = &e->foot.touches[k];
        if ((t->how & TOUCH_OP) && case_ready(&p, e, j, stuck, t))
            return true;
    }
    return false;
}
