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

/* Addresses and numbers make no difference to what a panic is. */
static rt_str stable(rt_str text)
{
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < text.len && i < 120 && text.data[i] != '\n'; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit)
            rt_buf_put_byte(&buf, text.data[i] == '/' ? '|' : text.data[i]);
        else if (buf.len == 0 || buf.data[buf.len - 1] != '#')
            rt_buf_put_byte(&buf, '#');
    }
    return rt_buf_str(&buf);
}

/* The place is what panicked, and where: two nil pointers are two findings. */
static void report(struct check *c, rt_str panic)
{
    rt_str where = rt_proc_panic_place(c->peer);
    const char *fiber = rt_proc_panic_fiber(c->peer);
    check_fail(c, "no-panic", rt_sprintf("%S in %S", stable(panic), where),
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
