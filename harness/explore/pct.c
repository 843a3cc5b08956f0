/* Probabilistic concurrency testing, after Burckhardt and others. With n goroutines and k places
 * where there is something to decide, a bug of depth d shows with probability 1/(n k^(d-1)) at
 * least. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum { DEFAULT_DEPTH = 3, MAX_DEPTH = 16, FIRST_LENGTH = 32, TAIL_FACTOR = 8, TAIL_LEAST = 2000 };

struct pct {
    struct rt_source source;
    struct rt_rng rng;
    uint32_t depth;
    uint64_t length;  /* places to choose the points from */
    uint64_t longest; /* learnt: places with something to decide, in the longest run */
    uint64_t at;      /* such places passed in this run */
    uint64_t changes[MAX_DEPTH - 1]; /* where a priority drops */
    uint64_t *priorities;            /* by id of the goroutine; 0: none yet; [0]: the next timer */
    size_t priorities_cap;
    size_t seen; /* highest id of this run + 1 */
};

static uint64_t priority(struct pct *p, const struct rt_fiber *f)
{
    size_t id = f ? rt_fiber_id(f) : 0;
    mem_reserve(p->priorities, p->priorities_cap, id + 1);
    if (id >= p->seen)
        p->seen = id + 1;
    if (!p->priorities[id])
        p->priorities[id] = MAX_DEPTH + (rt_rng_next(&p->rng) >> 1);
    return p->priorities[id];
}

static uint32_t highest(struct pct *p, const struct rt_choice *c)
{
    uint32_t best = 0;
    uint64_t best_priority = priority(p, c->fibers[0]);
    for (uint32_t i = 1; i < c->options; i++) {
        uint64_t other = priority(p, c->fibers[i]);
        if (other > best_priority) {
            best = i;
            best_priority = other;
        }
    }
    return best;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct pct *p = self;
    if (c->kind != RT_CHOICE_FIBER)
        return rt_rng_below(&p->rng, c->options);
    uint64_t at = p->at++;
    if (at > TAIL_FACTOR * p->length + TAIL_LEAST)
        return rt_rng_below(&p->rng, c->options);
    uint32_t best = highest(p, c);
    for (uint32_t i = 0; i + 1 < p->depth; i++) {
        if (p->changes[i] != at)
            continue;
        const struct rt_fiber *f = c->fibers[best];
        p->priorities[f ? rt_fiber_id(f) : 0] = p->depth - 1 - i; /* below all others, above 0 */
        best = highest(p, c);
    }
    return best;
}

static const struct rt_source *next(void *self)
{
    struct pct *p = self;
    for (size_t i = 0; i < p->seen; i++)
        p->priorities[i] = 0;
    p->seen = 0;
    p->at = 0;
    for (uint32_t i = 0; i + 1 < p->depth; i++)
        p->changes[i] = rt_rng_below(&p->rng, (uint32_t)p->length);
    return &p->source;
}

static void done(void *self, const struct run_result *result)
{
    struct pct *p = self;
    (void)result;
    uint64_t at = p->at < TAIL_LEAST ? p->at : TAIL_LEAST;
    if (at > p->longest)
        p->longest = at;
    p->length = p->longest ? p->longest : 1;
}

static void end(void *self)
{
    struct pct *p = self;
    free(p->priorities);
    free(p);
}

void strategy_pct(const struct search_options *options, struct search *search)
{
    struct pct *p = mem_new(struct pct);
    uint64_t depth = options->depth ? options->depth : DEFAULT_DEPTH;
    p->depth = depth < MAX_DEPTH ? (uint32_t)depth : MAX_DEPTH;
    p->length = FIRST_LENGTH;
    p->rng = strategy_rng(options->seed, 1);
    p->source = (struct rt_source){ .self = p, .choose = choose };
    *search = (struct search){ p, next, done, end, NULL };
}
