/* Random schedules: a source that draws each choice evenly. */
#ifndef CCLAB_TESTS_SUPPORT_RANDOM_H
#define CCLAB_TESTS_SUPPORT_RANDOM_H

#include "model/rt/choice.h"

static inline uint32_t random_choose(void *rng, const struct rt_choice *c)
{
    return rt_rng_below(rng, c->options);
}

/* Draws from `rng`, which must stay. */
static inline struct rt_source random_source(struct rt_rng *rng)
{
    return (struct rt_source){ .self = rng, .choose = random_choose };
}

#endif
