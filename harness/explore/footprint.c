#include "harness/explore/footprint.h"

#include "model/rt/chan.h"

static void touch(struct footprint *f, uint32_t object, bool writes)
{
    if (!object)
        return;
    for (uint8_t i = 0; i < f->count; i++) {
        if (f->touches[i].object == object) {
            f->touches[i].writes |= writes;
            return;
        }
    }
    if (f->count == FOOTPRINT_MAX)
        f->all = true;
    else
        f->touches[f->count++] = (struct touch){ object, writes };
}

void footprint_of(const struct rt_fiber *fiber, struct footprint *f)
{
    const struct rt_op *op = rt_fiber_op(fiber);
    size_t n;
    const struct rt_case *cases = rt_fiber_cases(fiber, &n);
    f->all = false;
    f->count = 0;
    for (size_t i = 0; i < n; i++)
        touch(f, rt_chan_object(cases[i].ch), true);
    if (!cases)
        touch(f, op->object,
                op->kind != RT_OP_READ && op->kind != RT_OP_RLOCK && op->kind != RT_OP_WAIT);
}

/* Letting go of a mutex conflicts with nothing: whoever wants it cannot go on before. A reader that
 * leaves meets writers that arrive. */
void footprint_add_effect(struct footprint *f, const struct rt_op *effect)
{
    if (effect->kind == RT_OP_KILL)
        f->all = true;
    else if (effect->kind == RT_OP_RUNLOCK)
        touch(f, effect->object, false);
}

bool footprint_conflict(const struct footprint *a, const struct footprint *b)
{
    if (a->all || b->all)
        return true;
    for (uint8_t i = 0; i < a->count; i++) {
        for (uint8_t k = 0; k < b->count; k++) {
            if (a->touches[i].object == b->touches[k].object &&
                    (a->touches[i].writes || b->touches[k].writes))
                return true;
        }
    }
    return false;
}
