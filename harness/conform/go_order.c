/* Who goes next in Go: queues of goroutines as its scheduler keeps them. */
#include "harness/conform/go_order.h"

#include <stdbool.h>
#include <stdlib.h>

#include "harness/base/mem.h"
#include "model/rt/rt.h"

/* What is known of one goroutine. */
struct known {
    uint32_t id;
    bool ready;     /* it was enabled when last looked at */
    uint64_t ran;   /* number of its last step: when it began to wait */
    uint64_t place; /* in the queue of those that are ready: lower is earlier */
};

struct go_order {
    struct known *known; /* by id - 1 */
    size_t capacity;
    uint32_t running; /* id of the one that took the last step */
    uint64_t steps;
    uint64_t places;
};

struct go_order *go_order_new(void)
{
    return mem_new(struct go_order);
}

void go_order_free(struct go_order *order)
{
    if (order)
        free(order->known);
    free(order);
}

static struct known *know(struct go_order *o, uint32_t id)
{
    size_t before = o->capacity;
    mem_reserve(o->known, o->capacity, id);
    for (size_t i = before; i < o->capacity; i++)
        o->known[i].id = (uint32_t)i + 1;
    return &o->known[id - 1];
}

/* Takes note of those that became ready since the last look: of several, who began to wait last
 * goes first. */
static void look(struct go_order *o, struct rt *rt)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(rt, &count);
    for (uint32_t i = 0; i < count; i++)
        (void)know(o, rt_fiber_id(fibers[i])); /* so that the table stays where it is below */
    for (;;) {
        struct known *last = NULL;
        for (uint32_t i = 0; i < count; i++) {
            struct known *k = know(o, rt_fiber_id(fibers[i]));
            if (!rt_fiber_enabled(fibers[i]))
                k->ready = false;
            else if (!k->ready && (!last || k->ran > last->ran))
                last = k;
        }
        if (!last)
            return;
        last->place = ++o->places;
        last->ready = true;
    }
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct go_order *o = self;
    if (c->kind != RT_CHOICE_FIBER)
        return 0;
    look(o, c->rt);
    uint32_t best = 0;
    uint64_t place = UINT64_MAX;
    for (uint32_t i = 0; i < c->options; i++) {
        if (!c->fibers[i])
            continue; /* a timer: when all have to wait */
        const struct known *k = know(o, rt_fiber_id(c->fibers[i]));
        if (k->id == o->running)
            return i;
        if (k->place < place) {
            place = k->place;
            best = i;
        }
    }
    return best;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct go_order *o = self;
    (void)op;
    look(o, rt_current());
    if (!fiber)
        return; /* a timer fires or a process dies */
    uint32_t id = rt_fiber_id(fiber);
    struct known *k = know(o, id);
    k->ran = ++o->steps;
    /* It is running now: what it does next is no waking up, unless it has waited in between. */
    k->ready = true;
    o->running = id;
}

struct rt_source go_order_source(struct go_order *order)
{
    struct known *known = order->known;
    size_t capacity = order->capacity;
    for (size_t i = 0; i < capacity; i++)
        known[i] = (struct known){ .id = (uint32_t)i + 1 };
    *order = (struct go_order){ .known = known, .capacity = capacity };
    return (struct rt_source){ .self = order, .choose = choose, .step = step };
}
