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

/* A goroutine that waits, and for how many lulls it has. */
struct waiting {
    uint32_t fiber;
    uint32_t object;
    uint32_t lulls;
};

struct state {
    struct waiting *waiting;
    size_t count;
};

static void *begin(struct check *c)
{
    (void)c;
    return rt_new(struct state);
}

static uint32_t lulls_before(const struct state *s, uint32_t fiber, uint32_t object)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->waiting[i].fiber == fiber && s->waiting[i].object == object)
            return s->waiting[i].lulls;
    return 0;
}

/* To look is dear. So it is done only when some goroutine has waited at the same place for 2, 4, 8
 * … lulls: what is stuck stays stuck. */
static bool is_time(struct state *s, const struct check *c)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    struct waiting *now = rt_new_array(struct waiting, count);
    size_t n = 0;
    bool look = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!check_is_work(c, fibers[i]))
            continue;
        uint32_t id = rt_fiber_id(fibers[i]), object = rt_fiber_op(fibers[i])->object;
        uint32_t lulls = lulls_before(s, id, object) + 1;
        now[n++] = (struct waiting){ id, object, lulls };
        look |= lulls >= 2 && (lulls & (lulls - 1)) == 0;
    }
    s->waiting = now;
    s->count = n;
    return look;
}

static void lull(void *self, struct check *c)
{
    if (!c->find_stuck || c->first_fiber == 0 || !c->peer || !rt_proc_alive(c->peer) ||
            !is_time(self, c))
        return;
    struct rt_reach reach = { alive, c, c->roots, c->root_count };
    struct rt_fiber *stuck[STUCK_MAX];
    size_t count = rt_stuck(c->rt, &reach, stuck, STUCK_MAX);
    for (size_t i = 0; i < count && i < STUCK_MAX; i++)
        check_fail(c, "stuck", check_place(stuck[i]), check_who(c, stuck[i]),
                "the goroutine %s waits for ever at %S: nothing that is alive can reach what it "
                "waits for",
                rt_fiber_name(stuck[i]), check_place(stuck[i]));
}

const struct invariant invariant_stuck = {
    .name = "stuck",
    .sentence =
            "with \"stuck\": no goroutine of the peer waits for what nothing alive can do, while "
            "others go on",
    .begin = begin,
    .lull = lull,
};
