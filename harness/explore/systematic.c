/* Depth-first search over all choices, and within bounds that grow. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum mode { MODE_ALL, MODE_DELAYS, MODE_PREEMPTIONS };

struct branch {
    uint32_t options;
    uint32_t chosen;
    bool forced; /* leaving option 0 is free: the goroutine that ran last cannot go on */
    bool fiber;
};

struct dfs {
    struct rt_source source;
    enum mode mode;
    struct branch *path;
    size_t cap;
    size_t len;
    size_t at;
    uint64_t cost; /* of the path up to `at` */
    uint64_t bound;
    bool cut; /* something was left out at this bound */
    bool started;
    uint32_t last; /* id of the goroutine that ran last */
    uint64_t runs;
    uint64_t runs_before; /* of them, those within smaller bounds */
};

static uint64_t cost_of(const struct dfs *d, const struct branch *b, uint32_t chosen)
{
    if (d->mode == MODE_ALL || chosen == 0)
        return 0;
    if (!b->fiber)
        return 1;
    if (d->mode == MODE_DELAYS)
        return chosen;
    return b->forced ? 0 : 1;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct dfs *d = self;
    if (d->at == d->len) {
        mem_reserve(d->path, d->cap, d->len + 1);
        bool fiber = c->kind == RT_CHOICE_FIBER;
        d->path[d->len++] = (struct branch){ .options = c->options,
            .fiber = fiber,
            .forced = fiber && (!c->fibers[0] || rt_fiber_id(c->fibers[0]) != d->last) };
    }
    struct branch *b = &d->path[d->at++];
    d->cost += cost_of(d, b, b->chosen);
    return b->chosen < c->options ? b->chosen : 0;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct dfs *d = self;
    (void)op;
    d->last = rt_fiber_id(fiber);
}

/* Moves to the next path within the bound; false if there is none. */
static bool advance(struct dfs *d)
{
    while (d->len) {
        struct branch *b = &d->path[d->len - 1];
        d->cost -= cost_of(d, b, b->chosen);
        if (b->chosen + 1 < b->options) {
            if (d->cost + cost_of(d, b, b->chosen + 1) <= d->bound) {
                b->chosen++;
                return true;
            }
            d->cut = true;
        }
        d->len--;
    }
    return false;
}

static const struct rt_source *next(void *self)
{
    struct dfs *d = self;
    if (d->started) {
        if (!advance(d)) {
            if (!d->cut)
                return NULL;
            d->bound++;
            d->runs_before = d->runs;
            d->cut = false;
        }
    }
    d->started = true;
    d->at = 0;
    d->cost = 0;
    d->last = 0;
    return &d->source;
}

static void done(void *self, const struct run_result *result)
{
    struct dfs *d = self;
    (void)result;
    d->len = d->at; /* a run that asked less than the path has ended early */
    d->runs++;
}

/* Runs so far by the part of the tree that they have covered, if at each place all options lead to
 * equal parts; within bounds, of the present bound's tree. */
static void count(void *self, struct search_count *c)
{
    const struct dfs *d = self;
    double part = 0, weight = 1;
    uint64_t cost = 0;
    for (size_t i = 0; i < d->len; i++) {
        const struct branch *b = &d->path[i];
        uint32_t within = b->chosen + 1;
        while (within < b->options && cost + cost_of(d, b, within) <= d->bound)
            within++;
        weight /= within;
        part += weight * b->chosen;
        cost += cost_of(d, b, b->chosen);
    }
    double here = (double)(d->runs - d->runs_before);
    *c = (struct search_count){ .estimate = (double)d->runs_before + here / (part + weight) };
}

static void end(void *self)
{
    struct dfs *d = self;
    free(d->path);
    free(d);
}

static void start(enum mode mode, const struct search_options *options, struct search *search)
{
    struct dfs *d = mem_new(struct dfs);
    d->mode = mode;
    d->bound = mode == MODE_ALL ? 0 : options->depth;
    d->source = (struct rt_source){ .self = d, .choose = choose, .step = step };
    *search = (struct search){ d, next, done, end, count };
}

void strategy_dfs(const struct search_options *options, struct search *search)
{
    start(MODE_ALL, options, search);
}

void strategy_delay(const struct search_options *options, struct search *search)
{
    start(MODE_DELAYS, options, search);
}

void strategy_preempt(const struct search_options *options, struct search *search)
{
    start(MODE_PREEMPTIONS, options, search);
}
