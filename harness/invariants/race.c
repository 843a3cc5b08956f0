/* race: in runs that look for data races, everything orders the accesses of the peer's goroutines
 * to what they share. */
#include "model/rt/race.h"
#include "harness/invariants/all.h"

struct state {
    size_t seen;
};

static void *begin(struct check *c)
{
    struct state *s = rt_new(struct state);
    if (c->rt)
        (void)rt_races(c->rt, &s->seen);
    return s;
}

static rt_str plain_name(const struct rt_access *a)
{
    return rt_bytes_from(a->goroutine, strcspn(a->goroutine, "("));
}

static void report(struct check *c, const struct rt_race *race)
{
    if (race->first.proc != c->peer || race->second.proc != c->peer)
        return;
    rt_str a = plain_name(&race->first), b = plain_name(&race->second);
    bool swap = rt_str_cmp(a, b) > 0;
    check_fail(c, "race", rt_str_from(race->field), rt_sprintf("%S,%S", swap ? b : a, swap ? a : b),
            "%S", rt_race_text(race));
}

static void look(void *self, struct check *c)
{
    struct state *s = self;
    size_t count = 0;
    const struct rt_race *races = rt_races(c->rt, &count);
    for (; s->seen < count; s->seen++)
        report(c, &races[s->seen]);
}

const struct invariant invariant_race = {
    .name = "race",
    .sentence =
            "with --races: something orders all accesses to a field that goroutines of the peer "
            "share",
    .begin = begin,
    .step = look,
    .idle = look,
    .end = look,
};
