/* The one door through which everything open goes, and the generator of random numbers. */
#include "model/rt/choice.h"

#include "model/rt/machine.h"
#include "model/rt/names.h"

const char *rt_choice_kind_name(enum rt_choice_kind kind)
{
    static const char *const names[] = RT_NAMES(RT_CHOICE_KINDS);
    return rt_name(names, kind);
}

uint32_t rt_decide(struct rt *rt, const struct rt_choice *c)
{
    uint32_t chosen = rt->source.choose ? rt->source.choose(rt->source.self, c) : 0;
    if (chosen >= c->options)
        rt_die("the decision source chose option %u of %u", chosen, c->options);
    rt->choices++;
    rt_hash_choice(rt, c->kind, c->options, chosen);
    if (rt->sink.choice)
        rt->sink.choice(rt->sink.self, rt->now, c, chosen);
    return chosen;
}

uint32_t rt_choose(enum rt_choice_kind kind, uint32_t options, const char *label)
{
    struct rt *rt = rt_machine_now;
    if (options < 2 || !rt)
        return 0;
    struct rt_choice c = { kind, options, label, NULL, rt, false };
    return rt_decide(rt, &c);
}

uint64_t rt_rng_next(struct rt_rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Lemire's method: the high half of a product, without the values that would make some more
 * likely. */
uint32_t rt_rng_below(struct rt_rng *rng, uint32_t n)
{
    uint64_t product = (uint64_t)(uint32_t)rt_rng_next(rng) * n;
    if ((uint32_t)product < n) {
        uint32_t reject = -n % n;
        while ((uint32_t)product < reject)
            product = (uint64_t)(uint32_t)rt_rng_next(rng) * n;
    }
    return (uint32_t)(product >> 32);
}
