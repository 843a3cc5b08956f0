/* Channels and select by Go's rules, one after the other and concurrently. */
#include "tests/rt/helper_program.h"

/* ---- one goroutine ---- */

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

/* ---- several goroutines: the set of outcomes is what Go allows ---- */

static struct rt_chan *ch;
static struct rt_chan *other;
static struct rt_chan *done;
static int got[3]; /* by goroutine, from 1 */

static void send_arg(void *arg)
{
    rt_send(ch, arg);
}

static void two_senders(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("a", send_arg, num(1));
    rt_go("b", send_arg, num(2));
    for (int i = 0; i < 2; i++) {
        void *v;
        rt_recv(ch, &v);
        out("%d", of(v));
    }
}

/* If another one fills the buffer first, main's own send waits for main. */
static void two_senders_buffered(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_go("a", send_arg, num(1));
    rt_go("b", send_arg, num(2));
    rt_send(ch, num(3));
    for (int i = 0; i < 3; i++) {
        void *v;
        rt_recv(ch, &v);
        out("%d", of(v));
    }
}

static void send_or_close(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_go("sender", send_arg, num(1));
    rt_close(ch);
    void *v;
    bool ok = rt_recv(ch, &v);
    out("%d %d", of(v), ok);
}

static void close_wakes_all_body(void *arg)
{
    bool ok = rt_recv(ch, NULL);
    rt_send(done, ok ? num(100) : arg);
}

static void close_wakes_all(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    done = rt_chan_make(0, "done");
    rt_go("a", close_wakes_all_body, num(1));
    rt_go("b", close_wakes_all_body, num(2));
    rt_close(ch);
    void *x;
    void *y;
    rt_recv(done, &x);
    rt_recv(done, &y);
    out("%d%d", of(x), of(y));
}

/* A sender that others wait behind panics when the channel is closed under it. */
static void close_under_sender(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_arg, num(1));
    rt_sleep_ns(RT_MS);
    rt_close(ch);
    rt_sleep_ns(RT_MS);
    out("never");
}

static void poll(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_arg, num(1));
    struct rt_case c = RT_RECV(ch);
    out(rt_select_default(&c, 1) == 0 ? "got" : "default");
    if (!c.ok)
        rt_recv(ch, NULL);
}

/* The sender is surely behind x, but it may not have come to its send. */
static void signal_then_send(void *arg)
{
    (void)arg;
    rt_close(other);
    rt_send(ch, NULL);
}

static void poll_after_signal(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    other = rt_chan_make(0, "x");
    rt_go("sender", signal_then_send, NULL);
    rt_recv(other, NULL);
    struct rt_case c = RT_RECV(ch);
    out(rt_select_default(&c, 1) == 0 ? "got" : "default");
    if (!c.ok)
        rt_recv(ch, NULL);
}

/* After a pause the sender waits for sure. */
static void poll_after_pause(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_arg, NULL);
    rt_sleep_ns(RT_MS);
    struct rt_case c = RT_RECV(ch);
    out(rt_select_default(&c, 1) == 0 ? "got" : "default");
}

/* Says what the two goroutines got when both are done. */
static void say_got(void)
{
    rt_recv(done, NULL);
    rt_recv(done, NULL);
    out("a%d b%d", got[1], got[2]);
}

static void both_ways(void *arg)
{
    struct rt_case cases[] = { RT_SEND(ch, arg), RT_RECV(ch) };
    size_t taken = rt_select(cases, 2);
    got[of(arg)] = taken == 0 ? 0 : of(cases[1].value);
    rt_send(done, NULL);
}

static void select_both_ways(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    done = rt_chan_make(2, "done");
    rt_go("a", both_ways, num(1));
    rt_go("b", both_ways, num(2));
    say_got();
}

static void recv_into(void *arg)
{
    void *v;
    rt_recv(ch, &v);
    got[of(arg)] = of(v);
    rt_send(done, NULL);
}

/* Receivers that surely arrived one after the other are served in that order. */
static void queue_in_order(size_t capacity)
{
    ch = rt_chan_make(capacity, "ch");
    done = rt_chan_make(2, "done");
    rt_go("a", recv_into, num(1));
    rt_sleep_ns(RT_MS);
    rt_go("b", recv_into, num(2));
    rt_sleep_ns(RT_MS);
    rt_send(ch, num(1));
    rt_send(ch, num(2));
    say_got();
}

static void queue_unbuffered(void *arg)
{
    (void)arg;
    queue_in_order(0);
}

static void queue_buffered(void *arg)
{
    (void)arg;
    queue_in_order(2);
}

/* ... and may be served in any order if both may have come first. */
static void queue_in_any_order(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    done = rt_chan_make(2, "done");
    rt_go("a", recv_into, num(1));
    rt_go("b", recv_into, num(2));
    rt_sleep_ns(RT_MS);
    rt_send(ch, num(1));
    rt_send(ch, num(2));
    say_got();
}

/* A sender that surely waits at a full buffer moves up at once. */
static void full_buffer_moves_up(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_send(ch, num(1));
    rt_go("sender", send_arg, num(2));
    rt_sleep_ns(RT_MS);
    void *v;
    rt_recv(ch, &v);
    out("%d %zu ", of(v), rt_chan_len(ch));
    struct rt_case c = RT_RECV(ch);
    int taken = rt_select_default(&c, 1);
    out("%d %d", taken, of(c.value));
}

/* A select whose partner is taken elsewhere waits on. */
static void fickle(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(ch), RT_RECV(other) };
    for (int i = 0; i < 2; i++) {
        size_t taken = rt_select(cases, 2);
        out("%zu%d ", taken, of(cases[taken].value));
    }
}

static void send_other(void *arg)
{
    rt_send(other, arg);
}

static void select_two_channels(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    other = rt_chan_make(0, "other");
    rt_go("a", send_arg, num(1));
    rt_go("b", send_other, num(2));
    fickle(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTCOMES(buffered_keeps_order, "3/3 1 2 3 3/3 11 12 13 3/3 21 22 23 0! 0 1"),
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
        OUTCOMES(two_senders, "12 | 21"),
        OUTCOMES(two_senders_buffered, "312 | 321 | blocked(2)"),
        OUTCOMES(send_or_close, "0 0 panic(send on closed channel) | 1 1 | "
                                "panic(send on closed channel)"),
        OUTCOMES(close_wakes_all, "12 | 21"),
        OUTCOMES(close_under_sender, "panic(send on closed channel)"),
        OUTCOMES(poll, "default | got"),
        OUTCOMES(poll_after_signal, "default | got"),
        OUTCOMES(poll_after_pause, "got"),
        OUTCOMES(select_both_ways, "a0 b1 | a2 b0"),
        OUTCOMES(queue_unbuffered, "a1 b2"),
        OUTCOMES(queue_buffered, "a1 b2"),
        OUTCOMES(queue_in_any_order, "a1 b2 | a2 b1"),
        OUTCOMES(full_buffer_moves_up, "1 1 0 2"),
        OUTCOMES(select_two_channels, "01 12  | 12 01 "),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
