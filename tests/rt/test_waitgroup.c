/* A WaitGroup whose counter went below zero. */
#include "tests/rt/helper_program.h"

static struct rt_waitgroup wg;

static void once_too_often(void *arg)
{
    (void)arg;
    rt_waitgroup_done(&wg);
}

static void waits(void *arg)
{
    (void)arg;
    rt_waitgroup_wait(&wg);
    out("through ");
}

static void below_zero(void *arg)
{
    (void)arg;
    wg = (struct rt_waitgroup){ 0 };
    rt_go("waits", waits, NULL);
    rt_yield();
    if (rt_recover(once_too_often, NULL, NULL))
        out("recovered");
}

/* In Go a Wait goes through at a counter of 0 only: not at one below, whose panic was recovered. */
static void test_below_zero(void **state)
{
    (void)state;
    assert_outcomes(below_zero, "recovered blocked(1) | through recovered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_below_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
