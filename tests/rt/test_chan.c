/* Channels and select by Go's rules, of one goroutine. */
#include "tests/rt/helper_program.h"

static void buffered_keeps_order(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(3, "ch");
    for (int round = 0; round < 3; round++) {
        for (int i = 1; i <= 3; i++)
            rt_send(ch, num(i + 10 * round));
        out("%zu/%zu ", rt_chan_len(ch), rt_chan_cap(ch));
        for (int i = 0; i < 3 - (round == 2); i++) {
            void *v;
            bool ok = rt_recv(ch, &v);
            out("%d%s ", of(v), ok ? "" : "!");
        }
    }
    rt_close(ch);
    for (int i = 0; i < 2; i++) {
        void *v = num(99);
        bool ok = rt_recv(ch, &v);
        out("%d%s ", of(v), ok ? "" : "!");
    }
    out("%zu %d", rt_chan_len(ch), rt_chan_closed(ch));
}

/* The ring goes round in the middle of its content, too. */
static void ring_wraps(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(3, "ch");
    int sent = 0;
    for (int i = 1; i <= 8; i++) {
        while (rt_chan_len(ch) < 3)
            rt_send(ch, num(++sent));
        for (int n = 0; n < 1 + i % 3; n++) {
            void *v;
            rt_recv(ch, &v);
            out("%d ", of(v));
        }
    }
}

static void null_is_an_element(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(1, "ch");
    rt_send(ch, NULL);
    void *v = num(1);
    bool ok = rt_recv(ch, &v);
    out("%d %d", of(v), ok);
    rt_send(ch, num(7));
    ok = rt_recv(ch, NULL);
    out(" %d", ok);
}

static void nil_len_cap(void *arg)
{
    (void)arg;
    out("%zu %zu %d %u", rt_chan_len(NULL), rt_chan_cap(NULL), rt_chan_closed(NULL),
            rt_chan_object(NULL));
}

static void send_nil(void *arg)
{
    (void)arg;
    rt_send(NULL, NULL);
    out("never");
}

static void recv_nil(void *arg)
{
    (void)arg;
    rt_recv(NULL, NULL);
    out("never");
}

static void close_nil(void *arg)
{
    (void)arg;
    rt_close(NULL);
}

static void close_twice(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(0, "ch");
    rt_close(ch);
    rt_close(ch);
}

static void send_closed(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(1, "ch");
    rt_close(ch);
    rt_send(ch, NULL);
}

static void send_full(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(1, "ch");
    rt_send(ch, NULL);
    rt_send(ch, NULL);
    out("never");
}

static void recv_empty(void *arg)
{
    (void)arg;
    rt_recv(rt_chan_make(5, "ch"), NULL);
    out("never");
}

static void select_none(void *arg)
{
    (void)arg;
    rt_select(NULL, 0);
    out("never");
}

static void select_nils(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_SEND(NULL, NULL), RT_RECV(NULL) };
    rt_select(cases, 2);
    out("never");
}

static void select_default_nothing(void *arg)
{
    (void)arg;
    struct rt_chan *full = rt_chan_make(1, "full");
    rt_send(full, NULL);
    struct rt_case cases[] = { RT_SEND(NULL, NULL), RT_RECV(rt_chan_make(0, "a")),
        RT_SEND(rt_chan_make(0, "b"), NULL), RT_SEND(full, NULL), RT_RECV(rt_chan_make(2, "c")) };
    out("%d", rt_select_default(cases, 5));
    out(" %d", rt_select_default(NULL, 0));
}

static void select_closed_send(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(0, "ch");
    rt_close(ch);
    struct rt_case c = RT_SEND(ch, NULL);
    rt_select_default(&c, 1);
}

static void select_closed_recv(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(2, "ch");
    rt_send(ch, num(4));
    rt_close(ch);
    for (int i = 0; i < 2; i++) {
        struct rt_case c = RT_RECV(ch);
        int taken = rt_select_default(&c, 1);
        out("%d:%d:%d ", taken, of(c.value), c.ok);
    }
}

/* Several ready: all and only they. */
static void select_ready(void *arg)
{
    (void)arg;
    struct rt_chan *full = rt_chan_make(1, "full");
    struct rt_chan *empty = rt_chan_make(1, "empty");
    struct rt_chan *closed = rt_chan_make(0, "closed");
    rt_send(full, num(5));
    rt_close(closed);
    struct rt_case cases[] = { RT_RECV(full), RT_SEND(full, num(1)), RT_RECV(empty),
        RT_SEND(empty, num(6)), RT_RECV(closed), RT_RECV(NULL) };
    size_t taken = rt_select(cases, 6);
    out("%zu:%d:%d", taken, of(cases[taken].value), cases[taken].ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTCOMES(buffered_keeps_order, "3/3 1 2 3 3/3 11 12 13 3/3 21 22 23 0! 0 1"),
        OUTCOMES(ring_wraps, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "),
        OUTCOMES(null_is_an_element, "0 1 1"),
        OUTCOMES(nil_len_cap, "0 0 0 0"),
        OUTCOMES(send_nil, "blocked(1)"),
        OUTCOMES(recv_nil, "blocked(1)"),
        OUTCOMES(close_nil, "panic(close of nil channel)"),
        OUTCOMES(close_twice, "panic(close of closed channel)"),
        OUTCOMES(send_closed, "panic(send on closed channel)"),
        OUTCOMES(send_full, "blocked(1)"),
        OUTCOMES(recv_empty, "blocked(1)"),
        OUTCOMES(select_none, "blocked(1)"),
        OUTCOMES(select_nils, "blocked(1)"),
        OUTCOMES(select_default_nothing, "-1 -1"),
        OUTCOMES(select_closed_send, "panic(send on closed channel)"),
        OUTCOMES(select_closed_recv, "0:4:1 0:0:0 "),
        OUTCOMES(select_ready, "0:5:1 | 3:6:0 | 4:0:0"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
