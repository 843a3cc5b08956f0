/* The random strategy: each choice is drawn evenly. */
#include <math.h>
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

/* A run is a probe of Knuth's: the product of the numbers of options along it is an unbiased
 * estimate of the number of all runs. */
struct random_walk {
    struct rt_rng rng;
    struct rt_source source;
    double weight; /* of the present run */
    double runs, sum, squares;
};

static uint32_t random_choose(void *self, const struct rt_choice *c)
{
    struct random_walk *walk = self;
    walk->weight *= c->options;
    return rt_rng_below(&walk->rng, c->options);
}

static const struct rt_source *random_next(void *self)
{
    struct random_walk *walk = self;
    walk->weight = 1;
    return &walk->source;
}

static void random_done(void *self, const struct run_result *result)
{
    struct random_walk *walk = self;
    (void)result;
    walk->runs++;
    walk->sum += walk->weight;
    walk->squares += walk->weight * walk->weight;
}

static void random_count(void *self, struct search_count *count)
{
    const struct random_walk *walk = self;
    *count = (struct search_count){ 0 };
    if (walk->runs < 2)
        return;
    double mean = walk->sum / walk->runs;
    double variance = (walk->squares / walk->runs - mean * mean) / (walk->runs - 1);
    if (!isfinite(mean) || !isfinite(variance))
        return;
    count->estimate = mean;
    count->error = variance > 0 ? sqrt(variance) : 0;
}

void strategy_random(const struct search_options *options, struct search *search)
{
    struct random_walk *walk = mem_new(struct random_walk);
    walk->rng.state = options->seed;
    walk->source = (struct rt_source){ .self = walk, .choose = random_choose };
    *search = (struct search){ walk, random_next, random_done, free, random_count };
}
