/* How a driver holds the reins: run, run until a time, step by step, hooks, stops. */
#include "model/rt/reach.h"
#include "tests/rt/helper_program.h"

static struct rt *rt;
static struct rt_proc *p;
static uint64_t calls; /* of the hook */

static void begin(const struct rt_config *config)
{
    static const struct rt_config plain;
    rt = rt_machine_new();
    rt_begin(rt, config ? config : &plain);
    p = rt_proc_new("p");
    calls = 0;
}

static void end(void)
{
    rt_end(rt);
    rt_machine_free(rt);
}

static void count(void *arg)
{
    assert_null(rt_self());
    assert_null(arg);
    calls++;
}

static void yields(void *arg)
{
    for (int i = 0; i < of(arg); i++)
        rt_yield();
}

static void naps(void *arg)
{
    for (int i = 0; i < of(arg); i++)
        rt_sleep_ns(10);
}

static void nothing(void *arg)
{
    (void)arg;
}

/* Every step has its call of the hook, those of timers too, and also if a goroutine is alone. */
static void test_hook_sees_every_step(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_step(rt, count, NULL);
    rt_go_in(p, "a", yields, num(3)); /* 4 steps with its start */
    rt_go_in(p, "b", naps, num(2));   /* 3 steps and 2 timers */
    assert_int_equal(rt_run_ready(rt), RT_BLOCKED);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(rt_steps(rt), 9);
    assert_int_equal(calls, 9);
    end();
}

/* A hook that is taken away is not called again. */
static void drops_the_hook(void *arg)
{
    (void)arg;
    rt_yield();
    rt_on_step(rt, NULL, NULL);
    rt_yield();
    rt_yield();
}

static void test_hook_goes(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_step(rt, count, NULL);
    rt_go_in(p, "a", drops_the_hook, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(rt_steps(rt), 4);
    assert_int_equal(calls, 1);
    end();
}

/* One call of rt_step() is one step, of a goroutine or of a timer that is due now. */
static void test_one_step(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_step(rt, count, NULL);
    assert_false(rt_step(rt));
    rt_go_in(p, "a", yields, num(5));
    rt_timer_call(NULL, 0, "now", nothing, NULL);
    rt_timer_call(NULL, 1, "later", nothing, NULL);
    for (uint64_t i = 1; i <= 7; i++) {
        assert_true(rt_step(rt));
        assert_int_equal(rt_steps(rt), i);
        assert_int_equal(calls, i);
    }
    assert_false(rt_step(rt));
    assert_int_equal(rt_now_ns(), 0);
    end();
}

/* The same after a run and without a hook: the goroutine does not go on by itself. */
static void test_one_step_after_a_run(void **state)
{
    (void)state;
    begin(NULL);
    rt_go_in(p, "a", naps, num(1));
    assert_int_equal(rt_run_ready(rt), RT_BLOCKED);
    rt_go_in(p, "b", yields, num(3));
    for (uint64_t i = 2; i <= 5; i++) {
        assert_true(rt_step(rt));
        assert_int_equal(rt_steps(rt), i);
    }
    assert_false(rt_step(rt));
    end();
}

static uint32_t last_option(void *self, const struct rt_choice *c)
{
    (void)self;
    return c->options - 1;
}

static struct rt_chan *ch;

static void sends(void *arg)
{
    (void)arg;
    rt_send(ch, NULL);
}

static void polls(void *arg)
{
    struct rt_case c = RT_RECV(ch);
    *(int *)arg = rt_select_default(&c, 1);
}

/* When a driver finds that no step can be taken, whoever is pending has arrived. */
static void test_steps_and_a_lull(void **state)
{
    (void)state;
    for (int lull = 0; lull < 2; lull++) {
        const struct rt_source source = { .choose = last_option };
        int got = -2;
        begin(&(struct rt_config){ .source = &source });
        ch = rt_chan_make(0, "ch");
        rt_go_in(p, "sends", sends, NULL);
        assert_true(rt_step(rt));
        if (lull)
            assert_false(rt_step(rt));
        rt_go_in(p, "polls", polls, &got);
        while (rt_step(rt))
            continue;
        assert_int_equal(got, lull ? 0 : -1);
        end();
    }
}

/* ---- time ---- */

/* What is due at the present time belongs to it. */
static void test_present_time(void **state)
{
    (void)state;
    begin(NULL);
    rt_timer_call(NULL, 0, "now", nothing, NULL);
    assert_int_equal(rt_run_ready(rt), RT_IDLE);
    assert_int_equal(rt_steps(rt), 1);
    rt_timer_call(NULL, 7, "at seven", nothing, NULL);
    rt_timer_call(NULL, 8, "at eight", nothing, NULL);
    assert_int_equal(rt_run_ready(rt), RT_BLOCKED);
    assert_int_equal(rt_run_until(rt, 7), RT_BLOCKED);
    assert_int_equal(rt_now_ns(), 7);
    assert_int_equal(rt_steps(rt), 2);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(rt_now_ns(), 8);
    end();
}

static void stops(void *arg)
{
    (void)arg;
    rt_stop(rt);
}

/* The clock goes to the given time only if the run came so far; time is in the hash. */
static void test_clock_of_a_stopped_run(void **state)
{
    (void)state;
    begin(&(struct rt_config){ .max_steps = 3 });
    rt_timer_call(NULL, 5, "stops", stops, NULL);
    rt_timer_call(NULL, 6, "stops", stops, NULL);
    assert_int_equal(rt_run_until(rt, 9), RT_STOPPED);
    assert_int_equal(rt_now_ns(), 5);
    assert_int_equal(rt_run_until(rt, 5), RT_BLOCKED);
    uint64_t hash = rt_trace_hash(rt);
    assert_int_equal(rt_run_until(rt, 5), RT_BLOCKED);
    assert_true(rt_trace_hash(rt) == hash);
    assert_int_equal(rt_run(rt), RT_STOPPED);
    assert_int_equal(rt_now_ns(), 6);
    hash = rt_trace_hash(rt);
    assert_int_equal(rt_run_until(rt, 7), RT_IDLE);
    assert_true(rt_trace_hash(rt) != hash);
    rt_go_in(p, "a", yields, num(5));
    assert_int_equal(rt_run_until(rt, 20), RT_STEP_LIMIT);
    assert_int_equal(rt_now_ns(), 7);
    assert_int_equal(rt_steps(rt), 3);
    end();
}

/* The run may begin at its time 0, and end there. */
static void test_until_zero(void **state)
{
    (void)state;
    begin(NULL);
    rt_go_in(p, "a", naps, num(1));
    assert_int_equal(rt_run_until(rt, 0), RT_BLOCKED);
    assert_int_equal(rt_steps(rt), 1);
    end();
}

/* ---- lulls and stops ---- */

/* Whenever nothing can run, before the clock goes on and at the end. */
static void test_lulls(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_idle(rt, count, NULL);
    rt_go_in(p, "a", naps, num(3));
    assert_int_equal(rt_run_ready(rt), RT_BLOCKED);
    assert_int_equal(calls, 1);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(calls, 5); /* again at 0, then at 10, 20 and 30 */
    end();
}

static void starts_one(void *arg)
{
    if (calls++ == 0)
        rt_go_in(p, "late", yields, arg);
}

/* What an idle hook starts runs before the clock goes on; also when nothing else was pending. */
static void test_lull_with_a_start(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_idle(rt, starts_one, num(2));
    rt_timer_call(NULL, 10, "t", nothing, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(rt_steps(rt), 4);
    end();
}

static void stops_after_two(void *arg)
{
    (void)arg;
    if (++calls == 2)
        rt_stop(rt);
}

/* A stop from a hook ends the run after that step, and the next run goes on. */
static void test_stop_in_hook(void **state)
{
    (void)state;
    begin(NULL);
    rt_on_step(rt, stops_after_two, NULL);
    rt_go_in(p, "a", yields, num(5));
    assert_int_equal(rt_run(rt), RT_STOPPED);
    assert_int_equal(rt_steps(rt), 2);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(rt_steps(rt), 6);
    end();
}

/* A stop before the limit of steps is a stop. */
static void test_stop_at_the_limit(void **state)
{
    (void)state;
    begin(&(struct rt_config){ .max_steps = 2 });
    rt_on_step(rt, stops_after_two, NULL);
    rt_go_in(p, "a", yields, num(5));
    assert_int_equal(rt_run(rt), RT_STOPPED);
    assert_int_equal(rt_run(rt), RT_STEP_LIMIT);
    assert_int_equal(rt_steps(rt), 2);
    end();
}

/* ---- aside ---- */

static uintptr_t place; /* on the stack of the last call */
static bool nested;

static void aside(void *arg)
{
    int here;
    assert_ptr_equal(arg, &calls);
    place = (uintptr_t)&here;
    if (calls++ == 0 && nested)
        rt_aside(aside, arg);
}

/* Calls it once, or twice; true if it ran on this stack. */
static bool calls_aside(bool twice)
{
    int here;
    calls = 0;
    nested = twice;
    rt_aside(aside, &calls);
    assert_int_equal(calls, twice ? 2 : 1);
    uintptr_t mine = (uintptr_t)&here;
    return (place > mine ? place - mine : mine - place) < 64 * 1024;
}

static void aside_of_a_goroutine(void *arg)
{
    bool on_another_stack = of(arg);
    for (int i = 0; i < 3; i++)
        assert_int_equal(calls_aside(i == 1), !on_another_stack);
    assert_non_null(rt_self());
    rt_yield();
}

static void aside_of_a_hook(void *arg)
{
    (void)arg;
    uint64_t before = calls;
    assert_true(calls_aside(false));
    calls = before;
}

/* A watcher's work is done when rt_aside() returns: on the scheduler's stack, if there is
 * something to hide, and in place where nobody looks. */
static void test_aside(void **state)
{
    (void)state;
    assert_true(calls_aside(false)); /* no machine */
    for (int track = 0; track < 2; track++) {
        begin(&(struct rt_config){ .track_objects = track });
        assert_true(calls_aside(true)); /* no goroutine */
        rt_on_idle(rt, aside_of_a_hook, NULL);
        rt_go_in(p, "a", aside_of_a_goroutine, num(track));
        rt_go_in(p, "b", aside_of_a_goroutine, num(track));
        assert_int_equal(rt_run(rt), RT_IDLE);
        assert_int_equal(rt_steps(rt), 4);
        assert_null(rt_proc_panic(p).data);
        end();
    }
}

/* ---- many ---- */

static uint32_t most; /* options of a choice */

static uint32_t last_of_many(void *self, const struct rt_choice *c)
{
    (void)self;
    for (uint32_t i = 2; i < c->options; i++)
        assert_true(rt_fiber_id(c->fibers[i - 1]) < rt_fiber_id(c->fibers[i]));
    most = c->options > most ? c->options : most;
    return c->options - 1;
}

/* However many can go on, all are offered, in order of id behind the one that ran last. */
static void test_many_are_offered(void **state)
{
    (void)state;
    const struct rt_source source = { .choose = last_of_many };
    begin(&(struct rt_config){ .source = &source });
    most = 0;
    for (int i = 0; i < 100; i++)
        rt_go_in(p, "a", yields, num(i % 3));
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_int_equal(most, 100);
    assert_int_equal(rt_steps(rt), 100 + 33 + 66);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hook_sees_every_step),
        cmocka_unit_test(test_hook_goes),
        cmocka_unit_test(test_one_step),
        cmocka_unit_test(test_one_step_after_a_run),
        cmocka_unit_test(test_steps_and_a_lull),
        cmocka_unit_test(test_present_time),
        cmocka_unit_test(test_clock_of_a_stopped_run),
        cmocka_unit_test(test_until_zero),
        cmocka_unit_test(test_lulls),
        cmocka_unit_test(test_lull_with_a_start),
        cmocka_unit_test(test_stop_in_hook),
        cmocka_unit_test(test_stop_at_the_limit),
        cmocka_unit_test(test_aside),
        cmocka_unit_test(test_many_are_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
