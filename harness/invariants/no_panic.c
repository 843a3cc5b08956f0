/* no-panic: the peer survives every input and every schedule. */
#include "harness/invariants/all.h"

struct state {
    bool reported;
    const struct rt_proc **others; /* those of the other peers that were reported */
};

static void *begin(struct check *c)
{
    struct state *s = rt_new(struct state);
    s->others = rt_new_array(const struct rt_proc *, c->other_count + 1);
    return s;
}

/* The place is what panicked, and where: two nil pointers are two findings. */
static void report(struct check *c, const struct rt_proc *peer, rt_str who, rt_str panic)
{
    rt_str where = rt_proc_panic_place(peer);
    const char *fiber = rt_proc_panic_fiber(peer);
    check_fail(c, "no-panic", rt_sprintf("%S in %S", finding_stable_text(panic), where),
            fiber ? finding_plain_name(fiber) : RT_STR("scheduler"),
            "%S died of a panic in %S, goroutine %s: %S", who, where, fiber ? fiber : "none",
            panic);
}

static void look_at_other(struct state *s, struct check *c, size_t i)
{
    const struct check_other *other = &c->others[i];
    if (!other->proc || s->others[i] == other->proc || rt_proc_alive(other->proc))
        return;
    s->others[i] = other->proc;
    rt_str panic = rt_proc_panic(other->proc);
    if (panic.data)
        report(c, other->proc, rt_sprintf("the peer %S", other->name), panic);
}

static void step(void *self, struct check *c)
{
    struct state *s = self;
    for (size_t i = 0; i < c->other_count; i++)
        look_at_other(s, c, i);
    if (s->reported || check_peer_lives(c))
        return;
    rt_str panic = rt_proc_panic(c->peer);
    s->reported = true;
    if (panic.data)
        report(c, c->peer, RT_STR("the peer"), panic);
}

const struct invariant invariant_no_panic = {
    .name = "no-panic",
    .sentence = "no panic escapes any goroutine of the peer",
    .begin = begin,
    .step = step,
    .idle = step,
};
