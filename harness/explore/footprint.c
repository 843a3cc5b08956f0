/* Footprints: what an operation and its effects touch, and names of objects. */
#include "harness/explore/footprint.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"
#include "model/rt/chan.h"

/* The first Add of a WaitGroup that had no id: who names it depends on the schedule. */
enum { UNNAMED = UINT32_MAX };

/* ---- names ---- */

void object_names_begin(struct object_names *names)
{
    names->len = 1;
    names->step = 0;
    names->from = 0;
    names->maker_count = 0;
    if (names->fields)
        memset(names->fields, 0, names->fields_cap * sizeof(*names->fields));
}

void object_names_free(struct object_names *names)
{
    free(names->names);
    free(names->fields);
    free(names->makers);
}

static void name_up_to(struct object_names *names, uint32_t id)
{
    mem_reserve(names->names, names->cap, id + 1u);
    for (; names->len <= id; names->len++) {
        uint64_t name = names->step + (names->len - names->from) * 0x9e3779b97f4a7c15u;
        names->names[names->len] = names->step ? (uint32_t)(name >> 32 ^ name) : names->len;
    }
}

void object_names_step(struct object_names *names, const struct rt *rt, uint64_t step)
{
    uint32_t made = rt_objects_named(rt);
    if (made >= names->len)
        name_up_to(names, made);
    names->step = step;
    names->from = made;
    if (!rt_shared_watched)
        return;
    mem_reserve(names->makers, names->makers_cap, names->maker_count + 1);
    names->makers[names->maker_count++] =
            (struct object_maker){ step, rt_arena_place(rt_arena_current(), NULL) };
}

static uint32_t name_of(struct object_names *names, uint32_t id)
{
    if (!names)
        return id;
    if (id >= names->len)
        name_up_to(names, id);
    return names->names[id];
}

/* The step that has allocated what is at the address; 0: none. */
static uint64_t maker_of(const struct object_names *names, const void *address)
{
    size_t place = rt_arena_place(rt_arena_current(), address);
    size_t low = 0, high = names->maker_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (names->makers[middle].place <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? names->makers[low - 1].step : 0;
}

static uint32_t name_of_field(struct object_names *names, const struct rt_op *op)
{
    mem_reserve(names->fields, names->fields_cap, op->object + 1u);
    uint32_t *name = &names->fields[op->object];
    if (!*name) {
        uint64_t maker = maker_of(names, rt_shared_address(rt_current(), op->object));
        uint64_t hash = strategy_mix(maker, rt_str_hash(rt_str_from(op->object_name)));
        *name = (uint32_t)(hash >> 32 ^ hash) | 1;
    }
    return *name;
}

static uint32_t name_of_object(struct object_names *names, const struct rt_op *op)
{
    bool field = op->kind == RT_OP_READ || op->kind == RT_OP_WRITE;
    return names && field ? name_of_field(names, op) : name_of(names, op->object);
}

/* ---- what is touched ---- */

void footprint_all(struct footprint *f)
{
    f->all = true;
    f->mask = UINT64_MAX;
}

static void touch(struct footprint *f, uint32_t object, unsigned how)
{
    f->mask |= (uint64_t)1 << (object & 63);
    for (uint8_t i = 0; i < f->count; i++) {
        if (f->touches[i].object == object) {
            f->touches[i].how |= how;
            return;
        }
    }
    if (f->count == FOOTPRINT_MAX)
        footprint_all(f);
    else
        f->touches[f->count++] = (struct touch){ object, how };
}

static unsigned state_of(const struct rt_chan *ch)
{
    if (rt_chan_closed(ch))
        return TOUCH_CAN_SEND | TOUCH_CAN_RECV;
    size_t cap = rt_chan_cap(ch), len = rt_chan_len(ch);
    return (cap == 0 ? TOUCH_MEETS : 0) | (len > 0 ? TOUCH_CAN_RECV : 0) |
           (len < cap ? TOUCH_CAN_SEND : 0);
}

void footprint_of(const struct rt_fiber *fiber, struct object_names *names, struct footprint *f)
{
    const struct rt_op *op = rt_fiber_op(fiber);
    size_t n;
    const struct rt_case *cases = rt_fiber_cases(fiber, &n);
    unsigned how = TOUCH_OP | TOUCH_WRITE;
    f->mask = 0;
    f->all = false;
    f->count = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned side = cases[i].is_send ? TOUCH_SEND : TOUCH_RECV;
        unsigned poll = rt_fiber_polls(fiber) ? TOUCH_POLL : 0;
        if (cases[i].ch)
            touch(f, name_of(names, rt_chan_object(cases[i].ch)),
                    how | side | poll | state_of(cases[i].ch));
    }
    if (n || !op->object)
        return;
    if (op->kind == RT_OP_CLOSE)
        how |= TOUCH_SEND | TOUCH_RECV | state_of(rt_fiber_closes(fiber));
    if (op->kind == RT_OP_READ || op->kind == RT_OP_RLOCK || op->kind == RT_OP_WAIT)
        how = TOUCH_OP | TOUCH_READ;
    touch(f, name_of_object(names, op), how);
}

static unsigned effect_how(enum rt_op_kind kind)
{
    switch (kind) {
    case RT_OP_UNLOCK:
        return TOUCH_UNLOCK;
    case RT_OP_RUNLOCK:
        return TOUCH_READ | TOUCH_RELEASE;
    case RT_OP_ADD_FIRST:
        return TOUCH_ADD | TOUCH_FIRST;
    case RT_OP_ADD:
        return TOUCH_ADD;
    case RT_OP_DONE:
        return TOUCH_DONE;
    case RT_OP_DONE_LAST:
    case RT_OP_DONE_BELOW:
        return TOUCH_DONE | TOUCH_LAST;
    default:
        return 0;
    }
}

/* Letting go of a mutex conflicts with nothing: whoever wants it cannot go on before; but what
 * happened under it has happened before. A reader that leaves meets writers that arrive. */
void footprint_add_effect(
        struct footprint *f, struct object_names *names, const struct rt_op *effect)
{
    unsigned how = effect_how(effect->kind);
    if (effect->kind == RT_OP_KILL)
        footprint_all(f);
    if (!how)
        return;
    if (names && effect->object > names->from && (how & TOUCH_ADD))
        touch(f, UNNAMED, TOUCH_WRITE);
    touch(f, name_of(names, effect->object), how);
}

void footprint_add_arrival(
        struct footprint *f, struct object_names *names, const struct rt_fiber *fiber)
{
    size_t n;
    const struct rt_case *cases = rt_fiber_cases(fiber, &n);
    const struct rt_op *op = rt_fiber_op(fiber);
    if (op->kind == RT_OP_WAIT)
        touch(f, name_of(names, op->object), TOUCH_WAITS);
    for (size_t i = 0; i < n && !rt_fiber_polls(fiber); i++) {
        if (cases[i].ch && rt_chan_cap(cases[i].ch) == 0)
            touch(f, name_of(names, rt_chan_object(cases[i].ch)), TOUCH_ARRIVE);
    }
}

void footprint_merge(struct footprint *f, const struct footprint *other)
{
    if (other->all)
        footprint_all(f);
    for (uint8_t i = 0; i < other->count; i++)
        touch(f, other->touches[i].object, other->touches[i].how);
}

/* ---- what that means ---- */

static bool touches_conflict(unsigned a, unsigned b)
{
    enum { USE = TOUCH_READ | TOUCH_WRITE, COUNTED = TOUCH_DONE | USE };
    return ((a & TOUCH_WRITE) && (b & USE)) || ((b & TOUCH_WRITE) && (a & USE)) ||
           ((a & TOUCH_ARRIVE) && (b & TOUCH_POLL)) || ((b & TOUCH_ARRIVE) && (a & TOUCH_POLL)) ||
           ((a & TOUCH_WAITS) && (b & TOUCH_DONE)) || ((b & TOUCH_WAITS) && (a & TOUCH_DONE)) ||
           ((a & TOUCH_ADD) && (b & COUNTED)) || ((b & TOUCH_ADD) && (a & COUNTED));
}

static bool touches_release(unsigned a, unsigned b)
{
    return ((a & TOUCH_UNLOCK) && (b & (TOUCH_READ | TOUCH_WRITE))) ||
           ((a & TOUCH_DONE) && (b & TOUCH_READ));
}

static bool touches_exhaust(unsigned step, unsigned by)
{
    return (step & TOUCH_DONE) && (by & TOUCH_LAST);
}

static bool any_pair(const struct footprint *a, const struct footprint *b,
        bool (*related)(unsigned a, unsigned b))
{
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

/* What touches everything meets also a step that touches nothing. */
bool footprint_conflict(const struct footprint *a, const struct footprint *b)
{
    return a->all || b->all || any_pair(a, b, touches_conflict);
}

bool footprint_releases(const struct footprint *a, const struct footprint *b)
{
    return any_pair(a, b, touches_release);
}

bool footprint_wakes(const struct footprint *step, const struct footprint *by)
{
    return footprint_conflict(step, by) || any_pair(step, by, touches_exhaust);
}

struct footprint footprint_operation(const struct footprint *f)
{
    struct footprint op = { 0 };
    for (uint8_t i = 0; i < f->count; i++) {
        if (f->touches[i].how & TOUCH_OP) {
            op.touches[op.count++] = f->touches[i];
            op.mask |= (uint64_t)1 << (f->touches[i].object & 63);
        }
    }
    return op;
}

void footprint_not_all(struct footprint *f)
{
    f->all = false;
    f->mask = 0;
    for (uint8_t i = 0; i < f->count; i++) {
        f->mask |= (uint64_t)1 << (f->touches[i].object & 63);
        if (f->touches[i].how & TOUCH_DONE)
            f->touches[i].how |= TOUCH_LAST;
    }
}

unsigned footprint_how(const struct footprint *f, uint32_t object)
{
    for (uint8_t i = 0; i < f->count; i++) {
        if (f->touches[i].object == object)
            return f->touches[i].how;
    }
    return 0;
}
