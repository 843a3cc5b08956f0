/* Strategy dpor: the optimal reduction as far as it is sure to see everything, else source sets.
 *
 * A choice on the way of a step, such as a fault, makes steps of one step: what sleeps may be a
 * part of it, and sequences that leave out unrelated steps may then meet what sleeps of those.
 * Where this shows, the search begins again with source sets, which ask for no more than a first
 * step. */
#include <stdlib.h>

#include "harness/explore/dpor.h"

struct reduction {
    struct search optimal;
    struct search source_sets;
    bool again; /* with source sets */
};

static const struct rt_source *next(void *self)
{
    struct reduction *r = self;
    const struct dpor *d = r->optimal.self;
    r->again = r->again || d->beyond;
    return r->again ? r->source_sets.next(r->source_sets.self) : r->optimal.next(r->optimal.self);
}

static void done(void *self, const struct run_result *result)
{
    struct reduction *r = self;
    if (r->again)
        r->source_sets.done(r->source_sets.self, result);
    else
        r->optimal.done(r->optimal.self, result);
}

/* Runs before the second beginning come again. */
static void count(void *self, struct search_count *c)
{
    struct reduction *r = self;
    const struct dpor *d = r->optimal.self;
    if (!r->again) {
        r->optimal.count(r->optimal.self, c);
        return;
    }
    r->source_sets.count(r->source_sets.self, c);
    c->blocked += d->runs;
    c->estimate += (double)d->runs;
}

static void end(void *self)
{
    struct reduction *r = self;
    r->optimal.end(r->optimal.self);
    r->source_sets.end(r->source_sets.self);
    free(r);
}

void strategy_dpor(const struct search_options *options, struct search *search)
{
    struct reduction *r = strategy_alloc(sizeof(*r));
    strategy_optimal(options, &r->optimal);
    strategy_source_sets(options, &r->source_sets);
    *search = (struct search){ r, next, done, end, count };
}
