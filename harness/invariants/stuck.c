/* stuck: no goroutine of the peer waits for what nothing alive can do, while the rest goes on. */
#include "harness/invariants/all.h"
#include "model/rt/reach.h"

enum { STUCK_MAX = 16 };

/* Alive whatever they wait for: all other processes, since containers, clients and the engine can
 * always do something, and what is there when the peer idles, since calls can always come. */
static bool alive(void *arg, const struct rt_fiber *fiber)
{
    return !check_is_work(arg, fiber);
}

struct waiting {
    uint32_t fiber;
    uint32_t object;
};

struct state {
    uint32_t lulls;
    struct waiting *waiting; /* when it last could have been time to look */
    size_t count;
};

static void *begin(struct check *c)
{
    (void)c;
    return rt_new(struct state);
}

static bool waited(const struct state *s, struct waiting w)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->waiting[i].fiber == w.fiber && s->waiting[i].object == w.object)
            return true;
    return false;
}

/* Notes who waits now; true if some goroutine waited at the same place the last time. */
static bool still_waiting(struct state *s, const struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    struct waiting *now = rt_new_array(struct waiting, count);
    size_t n = 0;
    bool still = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!check_is_work(c, fibers[i]))
            continue;
        now[n] = (struct waiting){ rt_fiber_id(fibers[i]), rt_fiber_op(fibers[i])->object };
        still |= waited(s, now[n++]);
    }
    s->waiting = now;
    s->count = n;
    return still;
}

static void look(struct check *c)
{
    struct rt_reach reach = { alive, c, c->roots, c->root_count };
    struct rt_fiber *stuck[STUCK_MAX];
    size_t count = rt_stuck(c->rt, &reach, stuck, STUCK_MAX);
    for (size_t i = 0; i < count && i < STUCK_MAX; i++)
        check_fail(c, "stuck", finding_place(stuck[i]), check_who(c, stuck[i]),
                "the goroutine %s waits for ever at %S: nothing that is alive can reach what it "
                "waits for",
                rt_fiber_name(stuck[i]), finding_place(stuck[i]));
}

static bool can_look(const struct check *c)
{
    return c->find_stuck && c->first_fiber > 0 && c->peer && rt_proc_alive(c->peer);
}

/* To look is dear, and what is stuck stays stuck. So it is done at the 2nd, 4th, 8th … lull only,
 * and at the end. */
static void lull(void *self, struct check *c)
{
    struct state *s = self;
    if (!can_look(c))
        return;
    s->lulls++;
    if ((s->lulls & (s->lulls - 1)) == 0 && still_waiting(s, c))
        look(c);
}

static void idle(void *self, struct check *c)
{
    (void)self;
    if (can_look(c))
        look(c);
}

const struct invariant invariant_stuck = {
    .name = "stuck",
    .sentence = "with --stuck: no goroutine of the peer waits for what nothing alive can do, while "
                "others go on",
    .begin = begin,
    .lull = lull,
    .idle = idle,
};
