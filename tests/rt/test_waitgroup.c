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

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* In Go a Wait goes through at a counter of 0 only: not at one below, whose panic was
         * recovered. */
        OUTCOMES(below_zero, "recovered blocked(1) | through recovered"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
