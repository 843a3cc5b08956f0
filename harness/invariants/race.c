/* race: in runs that look for data races, everything orders the accesses of goroutines to what they
 * share, in the peer and in the shim of a chaincode. */
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

/* A chaincode's goroutine has "chaincode:" before its name, whatever the chaincode is called. */
static rt_str plain_name(const struct check *c, const struct rt_access *a)
{
    rt_str name = finding_plain_name(a->goroutine);
    return a->proc == c->peer ? name : rt_sprintf("chaincode:%S", name);
}

/* Outside the peer only what is marked counts, which is the shim's: channels belong to mocks. */
static bool counts(const struct check *c, const struct rt_race *race)
{
    if (race->first.proc != race->second.proc || !race->first.proc)
        return false;
    return race->first.proc == c->peer || (race->first.function && race->second.function);
}

static void report(struct check *c, const struct rt_race *race)
{
    if (!counts(c, race))
        return;
    rt_str a = plain_name(c, &race->first), b = plain_name(c, &race->second);
    check_fail(c, "race", rt_str_from(race->field), finding_pair(a, b), "%S", rt_race_text(race));
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
    .sentence = "with --races: something orders all accesses to a field that goroutines of the "
                "peer, or of a chaincode, share",
    .begin = begin,
    .step = look,
    .idle = look,
    .end = look,
};
