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

static void step(void *self, struct check *c)
{
    struct state *s = self;
    if (s->reported || !c->peer || rt_proc_alive(c->peer))
        return;
    rt_str panic = rt_proc_panic(c->peer);
    s->reported = true;
    if (panic.data)
        check_fail(c, "no-panic", stable(panic), RT_STR("peer"), "the peer died of a panic: %S",
                panic);
}

const struct invariant invariant_no_panic = {
    .name = "no-panic",
    .sentence = "no panic escapes any goroutine of the peer",
    .begin = begin,
    .step = step,
    .idle = step,
};
