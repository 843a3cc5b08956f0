/* The virtual clock. */
#include "tests/rt/helper_program.h"

static struct rt_chan *ch;

static void at_start(void *arg)
{
    (void)arg;
    out("%lld %lld", (long long)rt_now_ns(), (long long)rt_wall_ns());
    rt_sleep_ns(3 * RT_SECOND);
    out(" %lld %lld", (long long)rt_now_ns(), (long long)rt_wall_ns());
    rt_sleep_ns(0);
    rt_sleep_ns(-5);
    out(" %lld", (long long)rt_now_ns());
}

static void sleeper(void *arg)
{
    rt_sleep_ns(of(arg) * RT_MS);
    out("%d@%lld ", of(arg), (long long)(rt_now_ns() / RT_MS));
}

static void sleep_sort(void *arg)
{
    (void)arg;
    rt_go("a", sleeper, num(30));
    rt_go("b", sleeper, num(10));
    rt_go("c", sleeper, num(20));
}

static void named_sleeper(void *arg)
{
    rt_sleep_ns(10 * RT_MS);
    out("%s@%lld ", (const char *)arg, (long long)(rt_now_ns() / RT_MS));
}

/* Timers due at one time fire in any order. */
static void same_time(void *arg)
{
    (void)arg;
    rt_go("a", named_sleeper, "a");
    rt_go("b", named_sleeper, "b");
    rt_sleep_ns(20 * RT_MS);
    out("end");
}

static void timer_or_message(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(rt_after(10 * RT_MS, "timeout")), RT_RECV(ch) };
    out(rt_select(cases, 2) == 0 ? "timeout" : "message");
}

static void send_later(void *arg)
{
    rt_sleep_ns(of(arg) * RT_MS);
    struct rt_case c = RT_SEND(ch, NULL);
    (void)rt_select_default(&c, 1);
}

static void message_early(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_later, num(9));
    timer_or_message(NULL);
}

static void message_late(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_later, num(11));
    timer_or_message(NULL);
}

static void message_at_the_same_time(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("sender", send_later, num(10));
    timer_or_message(NULL);
}

/* Two channels that fill at one time: either, and the other one may already be full. */
static void two_timers(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(rt_after(10, "a")), RT_RECV(rt_after(10, "b")) };
    size_t first = rt_select(cases, 2);
    int second = rt_select_default(&cases[1 - first], 1);
    out("%zu%s", first, second == 0 ? "+" : "");
}

static void stop_and_reset(void *arg)
{
    (void)arg;
    struct rt_timer *t = rt_timer_new(10 * RT_MS, "t");
    out("%d", rt_timer_stop(t));
    out("%d", rt_timer_stop(t));
    out("%d", rt_timer_reset(t, 20 * RT_MS));
    out("%d", rt_timer_reset(t, 5 * RT_MS));
    rt_recv(rt_timer_chan(t), NULL);
    out("@%lld ", (long long)(rt_now_ns() / RT_MS));
    out("%d", rt_timer_stop(t));
    out("%d", rt_timer_reset(t, 7 * RT_MS));
    rt_recv(rt_timer_chan(t), NULL);
    out("@%lld", (long long)(rt_now_ns() / RT_MS));
}

/* Stop does not empty the channel. */
static void stop_after_fire(void *arg)
{
    (void)arg;
    struct rt_timer *t = rt_timer_new(RT_MS, "t");
    rt_sleep_ns(2 * RT_MS);
    out("%d %zu", rt_timer_stop(t), rt_chan_len(rt_timer_chan(t)));
}

static void ticks(void *arg)
{
    (void)arg;
    struct rt_timer *t = rt_ticker_new(10 * RT_MS, "tick");
    for (int i = 0; i < 3; i++) {
        rt_recv(rt_timer_chan(t), NULL);
        out("%lld ", (long long)(rt_now_ns() / RT_MS));
    }
    rt_sleep_ns(35 * RT_MS); /* at 40, 50 and 60: one tick waits, the others are dropped */
    out("%zu ", rt_chan_len(rt_timer_chan(t)));
    rt_recv(rt_timer_chan(t), NULL);
    rt_recv(rt_timer_chan(t), NULL);
    out("%lld", (long long)(rt_now_ns() / RT_MS));
    rt_timer_stop(t);
}

/* One element waits in a timer's channel; a tick may come every nanosecond. */
static void capacities(void *arg)
{
    (void)arg;
    struct rt_timer *ticker = rt_ticker_new(1, "tick");
    rt_recv(rt_timer_chan(ticker), NULL);
    rt_timer_stop(ticker);
    out("%d %zu %zu", (int)rt_now_ns(), rt_chan_cap(rt_timer_chan(ticker)),
            rt_chan_cap(rt_after(1, "t")));
}

static void bad_ticker(void *arg)
{
    (void)arg;
    rt_ticker_new(0, "tick");
}

static void far_away(void *arg)
{
    (void)arg;
    rt_sleep_ns(1);
    rt_sleep_ns(INT64_MAX);
    out("%d", rt_now_ns() >= INT64_MAX - 1);
}

/* What lies in the past happens now. */
static void no_time(void *arg)
{
    (void)arg;
    for (int i = -2; i <= 0; i++)
        rt_recv(rt_after(i, "t"), NULL);
    out("%d", (int)rt_now_ns());
}

static void device(void *arg)
{
    assert_null(rt_self());
    out("device%d@%lld ", of(arg), (long long)(rt_now_ns() / RT_MS));
    if (of(arg) < 3)
        rt_timer_call(NULL, 10 * RT_MS, "device", device, num(of(arg) + 1));
}

static void calls(void *arg)
{
    (void)arg;
    rt_timer_call(NULL, 5 * RT_MS, "device", device, num(1));
}

static void panicking_device(void *arg)
{
    (void)arg;
    rt_panicf("device broke");
}

static void owned_call_panics(void *arg)
{
    (void)arg;
    rt_timer_call(rt_proc_self(), RT_MS, "device", panicking_device, NULL);
    rt_recv(NULL, NULL);
}

static void test_start_time(void **state)
{
    (void)state;
    struct rt_config config = { .start_time_ms = 1500000000123 };
    assert_string_equal(run_program_with(at_start, &config),
            "0 1500000000123000000 3000000000 1500000003123000000 3000000000");
}

/* With timers_race a timeout may come although the message is on its way. */
static void send_now(void *arg)
{
    (void)arg;
    struct rt_case c = RT_SEND(ch, NULL);
    (void)rt_select_default(&c, 1);
}

static void message_at_once(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_go("sender", send_now, NULL);
    timer_or_message(NULL);
}

static void test_timers_race(void **state)
{
    (void)state;
    struct rt_config config = { .timers_race = true };
    assert_string_equal(all_outcomes(message_at_once), "message");
    assert_string_equal(all_outcomes_with(message_at_once, &config), "message | timeout");
    /* Order by time is kept. */
    assert_string_equal(all_outcomes_with(sleep_sort, &config), all_outcomes(sleep_sort));
}

/* Outside a run the clock stands at its beginning. */
static void test_no_clock(void **state)
{
    (void)state;
    assert_int_equal(rt_now_ns(), 0);
    assert_int_equal(rt_wall_ns(), 0);
}

/* ---- driving the clock from outside ---- */

static void two_sleeps(void *arg)
{
    (void)arg;
    rt_sleep_ns(10 * RT_MS);
    rt_sleep_ns(10 * RT_MS);
}

static void test_drivers(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    assert_int_equal(rt_next_timer_ns(rt), -1);
    rt_go_in(rt_proc_new("p"), "main", two_sleeps, NULL);
    assert_int_equal(rt_run_ready(rt), RT_BLOCKED);
    assert_int_equal(rt_now_ns(), 0);
    assert_int_equal(rt_next_timer_ns(rt), 10 * RT_MS);
    assert_false(rt_step(rt));
    assert_int_equal(rt_run_until(rt, 9 * RT_MS), RT_BLOCKED);
    assert_int_equal(rt_now_ns(), 9 * RT_MS);
    assert_int_equal(rt_run_until(rt, 10 * RT_MS), RT_BLOCKED);
    assert_int_equal(rt_next_timer_ns(rt), 20 * RT_MS);
    assert_int_equal(rt_run_until(rt, 50 * RT_MS), RT_IDLE);
    assert_int_equal(rt_now_ns(), 50 * RT_MS);
    assert_int_equal(rt_run_until(rt, 40 * RT_MS), RT_IDLE);
    assert_int_equal(rt_now_ns(), 50 * RT_MS);
    rt_end(rt);
    rt_machine_free(rt);
}

static void sleeps_often(void *arg)
{
    size_t used[2];
    for (int i = 0; i < of(arg); i++) {
        rt_sleep_ns(1);
        used[i > 0] = rt_arena_used(rt_arena_current());
    }
    assert_int_equal(used[1], used[0]);
}

/* A goroutine has one timer for all its sleeps. */
static void test_memory_of_sleeps(void **state)
{
    (void)state;
    support_run(NULL, sleeps_often, num(5));
}

static void tick_beside_a_sleep(void *arg)
{
    (void)arg;
    rt_ticker_new(10 * RT_MS, "tick");
    rt_ticker_new(15 * RT_MS, "tock");
    rt_sleep_ns(25 * RT_MS);
}

/* Stops the run at the first lull in which nothing but tickers is pending. */
static void stop_at_ticks(void *arg)
{
    if (rt_tickers_only(arg) > 0)
        rt_stop(arg);
}

static void test_tickers_only(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    assert_int_equal(rt_tickers_only(rt), 0);
    rt_go_in(rt_proc_new("p"), "main", tick_beside_a_sleep, NULL);
    assert_int_equal(rt_run_until(rt, 5 * RT_MS), RT_BLOCKED);
    assert_int_equal(rt_tickers_only(rt), 0);
    assert_int_equal(rt_run_until(rt, 24 * RT_MS), RT_BLOCKED);
    assert_int_equal(rt_tickers_only(rt), 0);
    rt_on_idle(rt, stop_at_ticks, rt);
    assert_int_equal(rt_run(rt), RT_STOPPED);
    assert_int_equal(rt_now_ns(), 25 * RT_MS); /* the clock does not go on after the stop */
    assert_int_equal(rt_tickers_only(rt), 2);
    rt_end(rt);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_time),
        OUTCOMES(sleep_sort, "10@10 20@20 30@30 "),
        OUTCOMES(same_time, "a@10 b@10 end | b@10 a@10 end"),
        OUTCOMES(message_early, "message"),
        OUTCOMES(message_late, "timeout"),
        OUTCOMES(message_at_the_same_time, "message | timeout"),
        OUTCOMES(two_timers, "0 | 0+ | 1 | 1+"),
        OUTCOMES(stop_and_reset, "1001@5 00@12"),
        OUTCOMES(stop_after_fire, "0 1"),
        OUTCOMES(ticks, "10 20 30 1 70"),
        OUTCOMES(capacities, "1 1 1"),
        OUTCOMES(bad_ticker, "panic(non-positive interval for NewTicker)"),
        OUTCOMES(far_away, "1"),
        OUTCOMES(no_time, "0"),
        OUTCOMES(calls, "device1@5 device2@15 device3@25 "),
        OUTCOMES(owned_call_panics, "panic(device broke)"),
        cmocka_unit_test(test_timers_race),
        cmocka_unit_test(test_no_clock),
        cmocka_unit_test(test_drivers),
        cmocka_unit_test(test_memory_of_sleeps),
        cmocka_unit_test(test_tickers_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
