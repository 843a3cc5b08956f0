/* The plain run with a few deviations: at one to `depth` random places, of the learnt number of
 * choices, another option is taken than the dullest. Shallow bugs and single faults need no
 * more. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum { DEFAULT_DEPTH = 3, MAX_DEPTH = 16, FIRST_LENGTH = 32, TAIL = 20000 };

struct few {
    struct rt_source source;
    struct rt_rng rng;
    uint32_t depth;
    uint64_t length;
    uint64_t at;
    uint32_t count;
    uint64_t places[MAX_DEPTH];
};

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct few *f = self;
    uint64_t at = f->at++;
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->places[i] == at)
            return 1 + rt_rng_below(&f->rng, c->options - 1);
    }
    return at > TAIL ? rt_rng_below(&f->rng, c->options) : 0;
}

static const struct rt_source *next(void *self)
{
    struct few *f = self;
    f->at = 0;
    f->count = 1 + rt_rng_below(&f->rng, f->depth);
    for (uint32_t i = 0; i < f->count; i++)
        f->places[i] = rt_rng_below(&f->rng, (uint32_t)f->length);
    return &f->source;
}

/* Follows slowly when runs get shorter, so that places are not drawn where no choice is made. */
static void done(void *self, const struct run_result *result)
{
    struct few *f = self;
    (void)result;
    if (f->at > f->length)
        f->length = f->at < TAIL ? f->at : TAIL;
    else if (f->length > f->at + 1)
        f->length -= (f->length - f->at) / 8;
}

void strategy_few(const struct search_options *options, struct search *search)
{
    struct few *f = mem_new(struct few);
    uint64_t depth = options->depth ? options->depth : DEFAULT_DEPTH;
    f->depth = depth < MAX_DEPTH ? (uint32_t)depth : MAX_DEPTH;
    f->length = FIRST_LENGTH;
    f->rng = strategy_rng(options->seed, 6);
    f->source = (struct rt_source){ .self = f, .choose = choose };
    *search = (struct search){ f, next, done, free, NULL };
}
