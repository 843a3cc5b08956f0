/* Channels and select by Go's rules, of several goroutines: the set of outcomes is what Go
 * allows; who is served first, what is left to chance, and what waiting costs. */
#include "tests/rt/helper_program.h"

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

/* The first one waits for sure, the second one may not have come yet. */
static void queue_with_late_second(void *arg)
{
    (void)arg;
    ch = rt_chan_make(2, "ch");
    done = rt_chan_make(2, "done");
    rt_go("a", recv_into, num(1));
    rt_sleep_ns(RT_MS);
    rt_go("b", recv_into, num(2));
    rt_send(ch, num(1));
    rt_send(ch, num(2));
    say_got();
}

/* The same of senders: the first one's element moves up, whether or not the second one has
 * come. */
static void senders_with_late_second(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_send(ch, num(0));
    rt_go("a", send_arg, num(1));
    rt_sleep_ns(RT_MS);
    rt_go("b", send_arg, num(2));
    for (int i = 0; i < 3; i++) {
        void *v;
        rt_recv(ch, &v);
        out("%d", of(v));
    }
}

/* A receive says whether it got an element, whoever of the two was picked; a value of before does
 * not stay. */
static void says_ok(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_arg, num(5));
    for (int i = 0; i < 2; i++) {
        void *v = num(9);
        struct rt_case c = { .ch = ch, .value = num(8) };
        bool ok = i == 0 ? rt_recv(ch, &v) : (rt_select(&c, 1), c.ok);
        out("%d%d%d ", of(v), ok, of(c.value));
        if (i == 0)
            rt_close(ch);
    }
}

/* A default that is taken before a partner that may not have come is -1, too. */
static void default_is_minus_one(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_arg, NULL);
    struct rt_case c = RT_RECV(ch);
    out("%d", rt_select_default(&c, 1));
    if (!c.ok)
        rt_recv(ch, NULL);
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

/* ---- outside goroutines ---- */

/* What need not wait can be done outside, too; with a receiver that waits. */
static void test_outside(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    struct rt_chan *full = rt_chan_make(1, "full");
    rt_send(full, num(1));
    void *v;
    assert_true(rt_recv(full, &v));
    assert_int_equal(of(v), 1);
    ch = rt_chan_make(0, "ch");
    done = rt_chan_make(2, "done");
    rt_go_in(rt_proc_new("p"), "a", recv_into, num(1));
    assert_int_equal(rt_run(rt), RT_IDLE);
    rt_send(ch, num(7));
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(got[1], 7);
    struct rt_case cases[] = { RT_SEND(full, NULL), RT_RECV(ch) };
    assert_int_equal(rt_select(cases, 2), 0);
    rt_close(ch);
    assert_int_equal(rt_select(cases, 2), 1);
    assert_false(cases[1].ok);
    rt_end(rt);
    rt_machine_free(rt);
}

/* ---- memory ---- */

static size_t case_count;
static int rounds;
static size_t used;

static void selects_often(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    struct rt_case cases[5] = { RT_RECV(ch) };
    for (int i = 0; i < rounds; i++) {
        rt_go("sender", send_arg, num(1));
        (void)rt_select(cases, case_count);
    }
    used = rt_arena_used(rt_arena_current());
}

static size_t memory_of(size_t cases, int times)
{
    case_count = cases;
    rounds = times;
    (void)run_program(selects_often);
    return used;
}

/* A goroutine waits with up to three cases without any memory, and with more it keeps its
 * array. */
static void test_memory_of_selects(void **state)
{
    (void)state;
    assert_int_equal(memory_of(3, 20), memory_of(1, 20));
    size_t array = memory_of(5, 20) - memory_of(1, 20);
    assert_true(array > 0);
    assert_int_equal(memory_of(5, 40) - memory_of(1, 40), array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        OUTCOMES(queue_with_late_second, "a1 b2"),
        OUTCOMES(senders_with_late_second, "012"),
        OUTCOMES(says_ok, "518 900 "),
        OUTCOMES(default_is_minus_one, "-1 | 0"),
        OUTCOMES(full_buffer_moves_up, "1 1 0 2"),
        OUTCOMES(select_two_channels, "01 12  | 12 01 "),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_memory_of_selects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
