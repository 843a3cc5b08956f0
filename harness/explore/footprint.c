#include "harness/explore/footprint.h"

#include "model/rt/chan.h"

static void touch_all(struct footprint *f)
{
    f->all = true;
    f->mask = UINT64_MAX;
}

static void touch(struct footprint *f, uint32_t object, unsigned how)
{
    if (!object)
        return;
    f->mask |= (uint64_t)1 << (object & 63);
    for (uint8_t i = 0; i < f->count; i++) {
        if (f->touches[i].object == object) {
            f->touches[i].how |= (uint8_t)how;
            return;
        }
    }
    if (f->count == FOOTPRINT_MAX)
        touch_all(f);
    else
        f->touches[f->count++] = (struct touch){ object, (uint8_t)how };
}

void footprint_of(const struct rt_fiber *fiber, struct footprint *f)
{
    const struct rt_op *op = rt_fiber_op(fiber);
    size_t n;
    const struct rt_case *cases = rt_fiber_cases(fiber, &n);
    unsigned how = rt_fiber_polls(fiber) ? TOUCH_WRITE | TOUCH_POLL : TOUCH_WRITE;
    if (op->kind == RT_OP_CLOSE)
        how |= TOUCH_SEND | TOUCH_RECV;
    f->mask = 0;
    f->all = false;
    f->count = 0;
    for (size_t i = 0; i < n; i++)
        touch(f, rt_chan_object(cases[i].ch), how | (cases[i].is_send ? TOUCH_SEND : TOUCH_RECV));
    if (n)
        return;
    if (op->kind == RT_OP_READ || op->kind == RT_OP_RLOCK || op->kind == RT_OP_WAIT)
        how = TOUCH_READ;
    touch(f, op->object, how);
}

/* Letting go of a mutex conflicts with nothing: whoever wants it cannot go on before; but what
 * happened under it has happened before. A reader that leaves meets writers that arrive. */
void footprint_add_effect(struct footprint *f, const struct rt_op *effect)
{
    if (effect->kind == RT_OP_KILL)
        touch_all(f);
    else if (effect->kind == RT_OP_UNLOCK)
        touch(f, effect->object, TOUCH_UNLOCK);
    else if (effect->kind == RT_OP_RUNLOCK)
        touch(f, effect->object, TOUCH_READ | TOUCH_RELEASE);
}

void footprint_add_arrival(struct footprint *f, const struct rt_fiber *fiber)
{
    size_t n;
    const struct rt_case *cases = rt_fiber_cases(fiber, &n);
    for (size_t i = 0; i < n && !rt_fiber_polls(fiber); i++) {
        if (rt_chan_cap(cases[i].ch) == 0)
            touch(f, rt_chan_object(cases[i].ch), TOUCH_ARRIVE);
    }
}

void footprint_merge(struct footprint *f, const struct footprint *other)
{
    if (other->all)
        touch_all(f);
    for (uint8_t i = 0; i < other->count; i++)
        touch(f, other->touches[i].object, other->touches[i].how);
}

static bool touches_conflict(unsigned a, unsigned b)
{
    enum { USE = TOUCH_READ | TOUCH_WRITE };
    return ((a & TOUCH_WRITE) && (b & USE)) || ((b & TOUCH_WRITE) && (a & USE)) ||
           ((a & TOUCH_ARRIVE) && (b & TOUCH_POLL)) || ((b & TOUCH_ARRIVE) && (a & TOUCH_POLL));
}

static bool touches_may_enable(unsigned a, unsigned b)
{
    bool closes = (a & TOUCH_SEND) && (a & TOUCH_RECV);
    return (a & TOUCH_RELEASE) || ((a & TOUCH_SEND) && (b & TOUCH_RECV)) ||
           ((a & TOUCH_RECV) && (b & TOUCH_SEND)) || (closes && (b & (TOUCH_SEND | TOUCH_RECV)));
}

static bool any_pair(const struct footprint *a, const struct footprint *b,
        bool (*related)(unsigned a, unsigned b))
{
    /* What touches everything meets also a step that touches nothing. */
    if (a->all || b->all)
        return true;
    if (!footprint_may_meet(a, b))
        return false;
    for (uint8_t i = 0; i < a->count; i++) {
        for (uint8_t k = 0; k < b->count; k++) {
            if (a->touches[i].object == b->touches[k].object &&
                    related(a->touches[i].how, b->touches[k].how))
                return true;
        }
    }
    return false;
}

bool footprint_conflict(const struct footprint *a, const struct footprint *b)
{
    return any_pair(a, b, touches_conflict);
}

bool footprint_may_enable(const struct footprint *a, const struct footprint *b)
{
    return any_pair(a, b, touches_may_enable);
}

static bool touches_release(unsigned a, unsigned b)
{
    return (a & TOUCH_UNLOCK) && (b & (TOUCH_READ | TOUCH_WRITE));
}

bool footprint_releases(const struct footprint *a, const struct footprint *b)
{
    return any_pair(a, b, touches_release);
}
