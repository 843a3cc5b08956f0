/* livelock: a run does not go round in a circle.
 *
 * The state that can be seen, which is who waits where and who could go on, comes again and again
 * while the clock stands and no event of chaincode support is told. What cannot be seen (a counter
 * of a loop) may still move on, so it is looked for only after many such steps. A circle in which
 * somebody could have run all the time and never did is no livelock: a fair scheduler leaves it. */
#include "harness/invariants/all.h"
#include "model/rt/clock.h"

/* Steps without progress after which circles are looked for, and how often one must come again. */
enum { QUIET_STEPS = 1000, LAPS = 3, WHO_MAX = 8 };

/* What a goroutine did since the state was kept. */
struct lap {
    bool ran;
    bool waited; /* there was a step at which it could not have run */
};

struct livelock_state {
    int64_t now_ns;
    uint64_t quiet; /* steps since the last progress */
    /* A state to compare with; it is kept anew after ever longer times, so that a circle of any
     * length is met. */
    uint64_t kept;
    uint64_t since;
    uint64_t keep_for;
    unsigned laps;
    uint32_t last_fiber; /* ids up to this one have a place in `lap` */
    struct lap *lap;     /* by id */
};

static void *begin(struct check *c)
{
    (void)c;
    return rt_new(struct livelock_state);
}

static void progress(struct livelock_state *s)
{
    s->quiet = 0;
    s->keep_for = 0;
    s->since = 0;
}

static void observe(void *self, struct check *c, const struct observed *e)
{
    (void)c;
    (void)e;
    progress(self);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x100000001b3u;
}

/* Files are compared by where their names stand: within one run only. */
static uint64_t visible_state(const struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < count; i++) {
        const struct rt_op *op = rt_fiber_op(fibers[i]);
        hash = mix(hash, rt_fiber_id(fibers[i]));
        hash = mix(hash, rt_fiber_enabled(fibers[i]));
        hash = mix(hash, op->kind);
        hash = mix(hash, op->object);
        hash = mix(hash, (uint64_t)op->line);
        hash = mix(hash, (uintptr_t)op->file);
    }
    return hash;
}

static void keep(struct livelock_state *s, const struct check *c, uint64_t hash)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    s->kept = hash;
    s->since = 0;
    s->keep_for = s->keep_for ? s->keep_for * 2 : 8;
    s->laps = 0;
    s->last_fiber = count > 0 ? rt_fiber_id(fibers[count - 1]) : 0;
    s->lap = rt_new_array(struct lap, s->last_fiber + 1);
}

static void note_step(struct livelock_state *s, const struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    const struct rt_fiber *ran = rt_ran_last(c->rt);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = rt_fiber_id(fibers[i]);
        if (id > s->last_fiber)
            continue;
        s->lap[id].ran |= fibers[i] == ran;
        s->lap[id].waited |= !rt_fiber_enabled(fibers[i]);
    }
}

static bool is_fair(const struct livelock_state *s, const struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct lap *lap = &s->lap[rt_fiber_id(fibers[i])];
        if (!lap->ran && !lap->waited)
            return false;
    }
    return true;
}

/* Those who ran in the circle make the finding; the first of them gives the place. */
static void report(const struct livelock_state *s, struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    const struct rt_fiber *first = NULL;
    rt_str who[WHO_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!s->lap[rt_fiber_id(fibers[i])].ran)
            continue;
        if (!first)
            first = fibers[i];
        if (n < WHO_MAX)
            who[n++] = check_who(c, fibers[i]);
    }
    if (!first)
        return;
    rt_str names = rt_str_join(who, n, RT_STR(","));
    check_fail(c, "livelock", finding_place(first), names,
            "round and round without the clock or any event: %S; %s stands at %S again and again",
            names, rt_fiber_name(first), finding_place(first));
    rt_stop(c->rt);
}

static void step(void *self, struct check *c)
{
    struct livelock_state *s = self;
    if (rt_now_ns() != s->now_ns) {
        s->now_ns = rt_now_ns();
        progress(s);
        return;
    }
    if (++s->quiet < QUIET_STEPS)
        return;
    uint64_t hash = visible_state(c);
    if (s->since == s->keep_for) {
        keep(s, c, hash);
        return;
    }
    s->since++;
    note_step(s, c);
    if (hash == s->kept && ++s->laps >= LAPS && is_fair(s, c))
        report(s, c);
}

const struct invariant invariant_livelock = {
    .name = "livelock",
    .sentence = "the run does not go round in a circle while the clock stands",
    .begin = begin,
    .observe = observe,
    .step = step,
};
