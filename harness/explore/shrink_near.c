/* Shrinking by looking near the plain run.
 *
 * What a long random run showed often shows in a short and simple one, which no deletion from the
 * long one leads to. So here the finding is looked for in runs with a given number of switches,
 * from none upwards: goroutines run on as long as they can, but for the switches; who goes on when
 * the running one waits is drawn; faults, delays and the rest are chosen as in the best run so
 * far. */
#include <stdlib.h>

#include "harness/explore/shrink.h"

enum { MOST_SWITCHES = 8, FIRST_LENGTH = 64 };

struct near {
    struct rt_source source;
    struct rt_rng rng;
    const struct choices *others; /* for choices other than of goroutines */
    size_t next_other;
    size_t switches;
    size_t places[MOST_SWITCHES]; /* counted over the choices at which it could run on */
    size_t at;
    size_t length; /* learnt: how many such choices there are */
    uint32_t free; /* of a hundred picks that somebody has to make, so many are drawn */
};

static uint32_t pick(struct near *n, const struct rt_choice *c)
{
    if (!c->runs_on)
        return rt_rng_below(&n->rng, 100) < n->free ? rt_rng_below(&n->rng, c->options) : 0;
    size_t at = n->at++;
    for (size_t i = 0; i < n->switches; i++)
        if (n->places[i] == at)
            return 1 + rt_rng_below(&n->rng, c->options - 1);
    return 0;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct near *n = self;
    if (c->kind == RT_CHOICE_FIBER)
        return pick(n, c);
    return shrink_same_other(n->others, &n->next_other, c);
}

static void draw(struct near *n, size_t switches)
{
    static const uint32_t shares[] = { 0, 15, 50, 100 };
    n->free = shares[rt_rng_below(&n->rng, 4)];
    n->switches = switches;
    n->at = n->next_other = 0;
    for (size_t i = 0; i < switches; i++)
        n->places[i] = rt_rng_below(&n->rng, (uint32_t)n->length);
}

/* So many runs with this number of switches; true if one shows the finding and is smaller. */
static bool look(struct shrink *s, struct near *n, size_t switches, uint64_t runs)
{
    for (uint64_t until = s->runs + runs; s->runs < until && !shrink_over(s);) {
        draw(n, switches);
        bool better = shrink_improve(s, &n->source);
        if (n->at > n->length)
            n->length = n->at;
        else if (n->length > n->at + 1)
            n->length -= (n->length - n->at) / 8;
        if (better)
            return true;
    }
    return false;
}

bool shrink_near(struct shrink *s)
{
    struct choices others = { 0 };
    struct near n = { .others = &others, .rng = { s->runs + 1 }, .length = FIRST_LENGTH };
    n.source = (struct rt_source){ .self = &n, .choose = choose };
    choices_copy(&others, &s->choices);
    bool better = false;
    for (size_t d = 0; d <= MOST_SWITCHES && !better && !shrink_over(s); d++) {
        if (d > choices_switches(&s->choices))
            break;
        better = look(s, &n, d, s->max_runs / (d == 0 ? 40 : 20));
    }
    choices_free(&others);
    return better;
}
