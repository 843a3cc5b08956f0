/* Finding who is stuck: marks what the living reach, until nothing is added. */
#include "model/rt/reach.h"

#include "model/rt/machine.h"

#include <stdlib.h>

/* For functions that read memory word by word, whatever lies there. */
#define AS_IT_LIES __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

struct marking {
    struct rt *rt;
    const struct rt_reach *reach;
    struct rt_arena_object *objects; /* by address */
    size_t count;
    uintptr_t low, high;
    bool *marked;
    size_t *work; /* marked objects that have not been looked through */
    size_t work_count;
    struct rt_fiber *const *fibers;
    uint32_t fiber_count;
    bool *alive; /* by index in fibers */
};

static int by_address(const void *a, const void *b)
{
    const struct rt_arena_object *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

void rt_reach_hide_last(struct rt *rt)
{
    size_t count;
    struct rt_arena_object *objects = rt_arena_objects(rt->arena, &count);
    objects[count - 1].opaque = true;
}

/* ---- objects ---- */

enum { NOWHERE = -1 };

/* The object that holds the address; also the byte behind it, as a pointer may stand there. */
static ptrdiff_t object_at(const struct marking *m, uintptr_t address)
{
    if (address < m->low || address > m->high)
        return NOWHERE;
    size_t from = 0, to = m->count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if ((uintptr_t)m->objects[middle].start <= address)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == 0)
        return NOWHERE;
    const struct rt_arena_object *o = &m->objects[from - 1];
    return address <= (uintptr_t)o->start + o->size ? (ptrdiff_t)(from - 1) : NOWHERE;
}

static void mark(struct marking *m, uintptr_t address)
{
    ptrdiff_t i = object_at(m, address);
    if (i == NOWHERE || m->marked[i])
        return;
    m->marked[i] = true;
    if (!m->objects[i].opaque)
        m->work[m->work_count++] = (size_t)i;
}

/* Objects outside the run's memory are anybody's. */
static bool reached(const struct marking *m, const void *object)
{
    ptrdiff_t i = object_at(m, (uintptr_t)object);
    return i == NOWHERE || m->marked[i];
}

AS_IT_LIES static void look_through(struct marking *m, const void *from, const void *to)
{
    uintptr_t at = ((uintptr_t)from + sizeof(uintptr_t) - 1) & ~(sizeof(uintptr_t) - 1);
    for (; at + sizeof(uintptr_t) <= (uintptr_t)to; at += sizeof(uintptr_t))
        mark(m, *(const uintptr_t *)at);
}

static void look_through_objects(struct marking *m)
{
    while (m->work_count > 0) {
        const struct rt_arena_object *o = &m->objects[m->work[--m->work_count]];
        look_through(m, o->start, o->start + o->size);
    }
}

/* ---- goroutines ---- */

AS_IT_LIES static void look_through_stack(struct marking *m, const struct rt_stack *stack)
{
    const char *top = (const char *)stack->bottom + stack->size;
    const void *from = rt_stack_in_use(stack), *begin, *end;
    look_through(m, from, top);
    for (const uintptr_t *p = from; (const char *)p < top; p++) {
        if (rt_stack_fake_frame(stack, *p, &begin, &end))
            look_through(m, begin, end);
    }
}

static void live(struct marking *m, uint32_t i)
{
    const struct rt_fiber *f = m->fibers[i];
    m->alive[i] = true;
    mark(m, (uintptr_t)f->arg);
    mark(m, (uintptr_t)f->frames.defers);
    if (f->stack)
        look_through_stack(m, f->stack);
    look_through_objects(m);
}

static ptrdiff_t index_of(const struct marking *m, const struct rt_fiber *f)
{
    for (uint32_t i = 0; i < m->fiber_count; i++) {
        if (m->fibers[i] == f)
            return (ptrdiff_t)i;
    }
    return NOWHERE;
}

static bool can_be_woken(const struct marking *m, const struct rt_fiber *f)
{
    size_t count;
    const struct rt_case *cases = rt_fiber_cases(f, &count);
    if (cases || f->op.kind == RT_OP_SELECT) {
        for (size_t i = 0; cases && i < count; i++) {
            if (cases[i].ch && reached(m, cases[i].ch))
                return true;
        }
        return false;
    }
    const struct rt_fiber *holder = f->wait && f->wait->holder ? f->wait->holder(f) : NULL;
    if (!holder)
        return !f->wait || reached(m, f->object);
    ptrdiff_t i = index_of(m, holder);
    return i != NOWHERE && m->alive[i];
}

static void look_at_timer(
        void *arg, const void *timer, struct rt_fiber *sleeper, const void *fn_arg)
{
    struct marking *m = arg;
    mark(m, (uintptr_t)timer);
    mark(m, (uintptr_t)fn_arg);
    ptrdiff_t i = sleeper ? index_of(m, sleeper) : NOWHERE;
    if (i != NOWHERE && !m->alive[i])
        live(m, (uint32_t)i);
    look_through_objects(m);
}

static bool alive_at_once(const struct marking *m, const struct rt_fiber *f)
{
    const struct rt_reach *reach = m->reach;
    return f->enabled || f == m->rt->active || (reach->alive && reach->alive(reach->arg, f));
}

static void find_the_living(struct marking *m)
{
    for (size_t i = 0; i < m->reach->root_count; i++)
        mark(m, (uintptr_t)m->reach->roots[i]);
    look_through_objects(m);
    for (uint32_t i = 0; i < m->fiber_count; i++) {
        if (alive_at_once(m, m->fibers[i]))
            live(m, i);
    }
    rt_timers_each(m->rt, look_at_timer, m);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < m->fiber_count; i++) {
            if (!m->alive[i] && can_be_woken(m, m->fibers[i])) {
                live(m, i);
                more = true;
            }
        }
    }
}

static void *need(void *p)
{
    if (!p)
        rt_die("out of memory");
    return p;
}

size_t rt_stuck(struct rt *rt, const struct rt_reach *reach, struct rt_fiber **stuck, size_t max)
{
    if (!rt->track_objects)
        rt_die("rt_stuck() in a run without track_objects");
    struct marking m = { .rt = rt, .reach = reach };
    m.fibers = rt_fibers(rt, &m.fiber_count);
    m.objects = rt_arena_objects(rt->arena, &m.count);
    qsort(m.objects, m.count, sizeof(*m.objects), by_address);
    if (m.count > 0) {
        m.low = (uintptr_t)m.objects[0].start;
        m.high = (uintptr_t)m.objects[m.count - 1].start + m.objects[m.count - 1].size;
    }
    m.marked = need(calloc(m.count + 1, sizeof(*m.marked)));
    m.work = need(calloc(m.count + 1, sizeof(*m.work)));
    m.alive = need(calloc(m.fiber_count + 1, sizeof(*m.alive)));
    find_the_living(&m);
    size_t found = 0;
    for (uint32_t i = 0; i < m.fiber_count; i++) {
        if (m.alive[i])
            continue;
        if (found < max)
            stuck[found] = m.fibers[i];
        found++;
    }
    free(m.marked);
    free(m.work);
    free(m.alive);
    return found;
}
