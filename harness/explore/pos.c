/* Partial order sampling, after Yuan, Yang and Gu: as PCT, but priorities belong to operations. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/footprint.h"
#include "harness/explore/strategy.h"

struct pos {
    struct rt_source source;
    struct rt_rng rng;
    uint64_t *priorities; /* by id; 0: to be drawn */
    size_t cap;
    size_t seen;
};

static uint64_t *slot(struct pos *p, const struct rt_fiber *f)
{
    size_t id = f ? rt_fiber_id(f) : 0;
    mem_reserve(p->priorities, p->cap, id + 1);
    if (id >= p->seen)
        p->seen = id + 1;
    if (!p->priorities[id])
        p->priorities[id] = rt_rng_next(&p->rng) | 1;
    return &p->priorities[id];
}

/* Those that race with the operation picked get another chance. */
static void redraw(struct pos *p, const struct rt_choice *c, uint32_t picked)
{
    struct footprint taken;
    struct footprint other;
    if (!c->fibers[picked]) {
        *slot(p, NULL) = 0;
        return;
    }
    footprint_of(c->fibers[picked], NULL, &taken);
    for (uint32_t i = 0; i < c->options; i++) {
        if (i == picked || !c->fibers[i])
            continue;
        footprint_of(c->fibers[i], NULL, &other);
        if (footprint_conflict(&taken, &other))
            *slot(p, c->fibers[i]) = 0;
    }
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct pos *p = self;
    if (c->kind != RT_CHOICE_FIBER)
        return rt_rng_below(&p->rng, c->options);
    uint32_t best = 0;
    uint64_t best_priority = 0;
    for (uint32_t i = 0; i < c->options; i++) {
        uint64_t own = *slot(p, c->fibers[i]);
        if (own > best_priority) {
            best = i;
            best_priority = own;
        }
    }
    redraw(p, c, best);
    return best;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    (void)op;
    *slot(self, fiber) = 0;
}

static const struct rt_source *next(void *self)
{
    struct pos *p = self;
    for (size_t i = 0; i < p->seen; i++)
        p->priorities[i] = 0;
    p->seen = 0;
    return &p->source;
}

static void end(void *self)
{
    struct pos *p = self;
    free(p->priorities);
    free(p);
}

void strategy_pos(const struct search_options *options, struct search *search)
{
    struct pos *p = mem_new(struct pos);
    p->rng = strategy_rng(options->seed, 2);
    p->source = (struct rt_source){ .self = p, .choose = choose, .step = step };
    *search = (struct search){ p, next, strategy_done_nothing, end, NULL };
}
