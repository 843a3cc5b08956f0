/* Uniform random walk, after Zhao and others: a goroutine is picked in proportion to the steps that
 * it and those that it will start have left. The selective form counts operations on one object
 * only, a different one each run, and lets the order of the other steps be as it comes. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum { TABLE = 1024, OBJECTS = 64 };

/* Steps of a goroutine and of those it starts, by identity, averaged over runs. */
struct learnt {
    uint64_t identity;
    double steps;
};

struct state {
    bool seen;
    uint64_t identity;
    uint32_t parent;
    uint32_t steps; /* counted in this run */
    double left;
};

struct walk {
    struct rt_source source;
    struct rt_rng rng;
    bool selective;
    struct learnt table[TABLE];
    struct state *states; /* by id */
    size_t states_cap;
    size_t count;
    uint64_t objects[OBJECTS]; /* names of objects that were seen */
    uint32_t object_count;
    uint64_t object;   /* the chosen one of this run; 0: every step counts */
    uint32_t intended; /* id of the goroutine whose operation on it comes next; 0: none yet */
};

static uint64_t name_of(const struct rt_op *op)
{
    if (!op->object)
        return 0;
    const char *name = op->object_name ? op->object_name : rt_op_kind_name(op->kind);
    return rt_str_hash(rt_str_from(name)) | 1;
}

static void see_object(struct walk *w, uint64_t name)
{
    for (uint32_t i = 0; i < w->object_count; i++) {
        if (w->objects[i] == name)
            return;
    }
    if (name && w->object_count < OBJECTS)
        w->objects[w->object_count++] = name;
}

static bool counts(const struct walk *w, const struct rt_fiber *f)
{
    return !w->object || name_of(rt_fiber_op(f)) == w->object;
}

static struct learnt *learnt_of(struct walk *w, uint64_t identity)
{
    return &w->table[(identity ^ w->object) % TABLE];
}

static struct state *state_of(struct walk *w, const struct rt_fiber *f)
{
    uint32_t id = rt_fiber_id(f);
    mem_reserve(w->states, w->states_cap, id + 1u);
    struct state *s = &w->states[id];
    if (s->seen)
        return s;
    const struct learnt *l = learnt_of(w, rt_fiber_identity(f));
    uint64_t key = rt_fiber_identity(f) ^ w->object;
    *s = (struct state){ .seen = true, .identity = rt_fiber_identity(f) };
    s->parent = rt_fiber_parent(f);
    s->left = l->identity == key ? l->steps : 1;
    if (s->parent < w->states_cap && w->states[s->parent].seen)
        w->states[s->parent].left -= s->left;
    if (id >= w->count)
        w->count = id + 1u;
    return s;
}

static double weight(struct walk *w, const struct rt_fiber *f)
{
    if (!f)
        return 1;
    double left = state_of(w, f)->left;
    return left > 0.1 ? left : 0.1;
}

/* In proportion to weight among the options for which `mask` is set. */
static uint32_t draw(struct walk *w, const struct rt_choice *c,
        bool (*mask)(const struct walk *w, const struct rt_fiber *f))
{
    double total = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < c->options; i++) {
        if (!mask || (c->fibers[i] && mask(w, c->fibers[i])))
            total += weight(w, c->fibers[i]);
    }
    double at = strategy_uniform(&w->rng) * total;
    for (uint32_t i = 0; i < c->options; i++) {
        if (mask && !(c->fibers[i] && mask(w, c->fibers[i])))
            continue;
        last = i;
        at -= weight(w, c->fibers[i]);
        if (at < 0)
            break;
    }
    return last;
}

/* Holds back those at the object that are not intended; anybody else may go. */
static uint32_t choose_selective(struct walk *w, const struct rt_choice *c)
{
    uint32_t free = 0;
    for (uint32_t i = 0; i < c->options; i++) {
        const struct rt_fiber *f = c->fibers[i];
        free += !f || !counts(w, f) || rt_fiber_id(f) == w->intended;
    }
    if (!free) {
        uint32_t i = draw(w, c, counts);
        w->intended = rt_fiber_id(c->fibers[i]);
        return i;
    }
    uint32_t n = rt_rng_below(&w->rng, free);
    for (uint32_t i = 0;; i++) {
        const struct rt_fiber *f = c->fibers[i];
        if ((!f || !counts(w, f) || rt_fiber_id(f) == w->intended) && n-- == 0)
            return i;
    }
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct walk *w = self;
    if (c->kind != RT_CHOICE_FIBER)
        return rt_rng_below(&w->rng, c->options);
    return w->object ? choose_selective(w, c) : draw(w, c, NULL);
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct walk *w = self;
    if (w->selective)
        see_object(w, name_of(op));
    struct state *s = state_of(w, fiber);
    if (!counts(w, fiber))
        return;
    s->steps++;
    s->left -= 1;
    if (w->intended == rt_fiber_id(fiber))
        w->intended = 0;
}

static const struct rt_source *next(void *self)
{
    struct walk *w = self;
    if (w->count)
        memset(w->states, 0, w->count * sizeof(*w->states));
    w->count = 0;
    w->intended = 0;
    w->object = 0;
    if (w->selective && w->object_count)
        w->object = w->objects[rt_rng_below(&w->rng, w->object_count)];
    return &w->source;
}

/* Children have higher ids than their parents: from the last to the first, sums move up. */
static void done(void *self, const struct run_result *result)
{
    struct walk *w = self;
    (void)result;
    for (size_t id = w->count; id-- > 1;) {
        struct state *s = &w->states[id];
        if (!s->seen)
            continue;
        struct learnt *l = learnt_of(w, s->identity);
        uint64_t key = s->identity ^ w->object;
        bool known = l->identity == key;
        l->identity = key;
        l->steps = known ? 0.75 * l->steps + 0.25 * s->steps : s->steps;
        if (s->parent && w->states[s->parent].seen)
            w->states[s->parent].steps += s->steps;
    }
}

static void end(void *self)
{
    struct walk *w = self;
    free(w->states);
    free(w);
}

static void start(bool selective, const struct search_options *options, struct search *search)
{
    struct walk *w = mem_new(struct walk);
    w->selective = selective;
    w->rng = strategy_rng(options->seed, selective ? 4 : 3);
    w->source = (struct rt_source){ .self = w, .choose = choose, .step = step };
    *search = (struct search){ w, next, done, end, NULL };
}

void strategy_urw(const struct search_options *options, struct search *search)
{
    start(false, options, search);
}

void strategy_surw(const struct search_options *options, struct search *search)
{
    start(true, options, search);
}
