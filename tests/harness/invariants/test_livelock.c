/* Circles are found while they are short; loops that end, wait for time, starve others or make
 * progress are none. */
#include <string.h>

#include "harness/invariants/check.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/sync.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

enum { MAX_STEPS = 20000 };

static struct check check;
static bool flag;
static struct rt_mutex mutex;

static void after_step(void *arg)
{
    (void)arg;
    check_step(&check);
}

/* Bits of the invariants that are not asked here. */
static uint64_t all_others(void)
{
    uint64_t skip = 0;
    for (size_t i = 0; invariants[i]; i++)
        if (strcmp(invariants[i]->name, "livelock") != 0)
            skip |= (uint64_t)1 << i;
    return skip;
}

/* Runs two goroutines of a peer, in random order or in the plain one; steps taken. */
static uint64_t run(rt_fn first, rt_fn second, bool random)
{
    struct rt_rng rng = { 7 };
    struct rt_source source = random_source(&rng);
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ .source = random ? &source : NULL, .max_steps = MAX_STEPS });
    flag = false;
    rt_mutex_init(&mutex, "planted");
    check = (struct check){ .skip = all_others() };
    check_begin(&check, rt);
    check.first_fiber = 1;
    check.peer = rt_proc_new("peer");
    rt_go_in(check.peer, "first", first, NULL);
    if (second)
        rt_go_in(check.peer, "second", second, NULL);
    rt_on_step(rt, after_step, NULL);
    (void)rt_run(rt);
    uint64_t steps = rt_steps(rt);
    for (size_t i = 0; i < check.findings.count; i++)
        assert_string_equal(check.findings.items[i].invariant, "livelock");
    return steps;
}

static void over(void)
{
    struct rt *rt = check.rt;
    rt_end(rt);
    rt_machine_free(rt);
}

static void spin(void *arg)
{
    (void)arg;
    for (;;)
        rt_yield();
}

/* Each lets the other one go first, for ever. */
static void polite(void *arg)
{
    (void)arg;
    for (;;) {
        rt_lock(&mutex);
        rt_unlock(&mutex);
        rt_yield();
    }
}

static void spin_until_flag(void *arg)
{
    (void)arg;
    while (!flag)
        rt_yield();
}

static void set_flag(void *arg)
{
    (void)arg;
    flag = true;
}

static void spin_for_a_while(void *arg)
{
    (void)arg;
    for (int i = 0; i < 400; i++)
        rt_yield();
}

static void poll_with_sleep(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3000; i++)
        rt_sleep_ns(RT_MS);
}

static void make_progress(void *arg)
{
    (void)arg;
    for (int i = 0; i < 6000; i++) {
        rt_yield();
        if (i % 500 == 0)
            observer_tell(&check.observer, .kind = OBSERVED_REQUEST_ACCEPTED);
    }
}

static void found(rt_fn first, rt_fn second, bool random, const char *id)
{
    uint64_t steps = run(first, second, random);
    assert_int_equal(check.findings.count, 1);
    assert_true(rt_str_is(check.findings.items[0].id, id));
    assert_true(steps < 2000);
    over();
}

static void silent(rt_fn first, rt_fn second, bool random)
{
    (void)run(first, second, random);
    assert_int_equal(check.findings.count, 0);
    over();
}

static void test_circles(void **state)
{
    (void)state;
    found(spin, NULL, false, "livelock/test_livelock.c yield/first");
    found(spin, spin, true, "livelock/test_livelock.c yield/first,second");
    found(polite, polite, true, "livelock/test_livelock.c lock planted/first,second");
}

static void test_no_circles(void **state)
{
    (void)state;
    silent(spin_for_a_while, spin_for_a_while, false);
    silent(poll_with_sleep, NULL, false);
    silent(make_progress, NULL, false);
    silent(spin_until_flag, set_flag, true);
}

/* The plain schedule lets the first goroutine run for ever: a matter of the schedule alone. */
static void test_starving_is_no_circle(void **state)
{
    (void)state;
    silent(spin_until_flag, set_flag, false);
    assert_false(flag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_circles),
        cmocka_unit_test(test_no_circles),
        cmocka_unit_test(test_starving_is_no_circle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
