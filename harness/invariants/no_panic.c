/* no-panic: the peer survives every input and every schedule. */
#include "harness/invariants/all.h"

struct state {
    bool reported;
};

static void *begin(struct check *c)
{
    (void)c;
    return rt_new(struct state);
}

/* The place is what panicked, and where: two nil pointers are two findings. */
static void report(struct check *c, rt_str panic)
{
    rt_str where = rt_proc_panic_place(c->peer);
    const char *fiber = rt_proc_panic_fiber(c->peer);
    check_fail(c, "no-panic", rt_sprintf("%S in %S", finding_stable_text(panic), where),
            fiber ? finding_plain_name(fiber) : RT_STR("scheduler"),
            "the peer died of a panic in %S, goroutine %s: %S", where, fiber ? fiber : "none",
            panic);
}

static void step(void *self, struct check *c)
{
    struct state *s = self;
    if (s->reported || check_peer_lives(c))
        return;
    rt_str panic = rt_proc_panic(c->peer);
    s->reported = true;
    if (panic.data)
        report(c, panic);
}

const struct invariant invariant_no_panic = {
    .name = "no-panic",
    .sentence = "no panic escapes any goroutine of the peer",
    .begin = begin,
    .step = step,
    .idle = step,
};
