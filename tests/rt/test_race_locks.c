/* Data races: the edges of locks, Once and WaitGroup in isolation. With the edge the two accesses
 * are ordered, and no schedule shows a race; without it every schedule shows it. */
#include "tests/rt/helper_races.h"

#include <string.h>

/* ---- locks ---- */

static void locked_write(void)
{
    rt_lock(&s->mutex);
    write_field();
    rt_unlock(&s->mutex);
}

static void g_locks(void *arg)
{
    (void)arg;
    locked_write();
}

static void mutex_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_locks, NULL);
    if (s->edge)
        locked_write();
    else
        write_field();
}

static void g_uses_another_lock(void *arg)
{
    (void)arg;
    struct rt_mutex *other = rt_new(struct rt_mutex);
    rt_lock(other);
    write_field();
    rt_unlock(other);
}

static void different_locks(void *arg)
{
    (void)arg;
    rt_go("g", g_uses_another_lock, NULL);
    locked_write();
}

static void g_rlocks(void *arg)
{
    (void)arg;
    rt_rlock(&s->rwmutex);
    read_field();
    rt_runlock(&s->rwmutex);
}

static void rwmutex_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_rlocks, NULL);
    if (s->edge)
        rt_wlock(&s->rwmutex);
    else
        rt_rlock(&s->rwmutex);
    write_field();
    if (s->edge)
        rt_wunlock(&s->rwmutex);
    else
        rt_runlock(&s->rwmutex);
}

/* ---- Once, WaitGroup ---- */

static void initialise(void *arg)
{
    (void)arg;
    write_field();
}

static void g_does_once(void *arg)
{
    (void)arg;
    rt_once_do(&s->once, initialise, NULL);
    read_field();
}

static void once_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_does_once, NULL);
    rt_once_do(&s->once, initialise, NULL);
    if (s->edge)
        read_field();
    else
        write_field();
}

static void g_is_done(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    rt_waitgroup_done(&s->wg);
    if (!s->edge)
        write_field();
}

static void waitgroup_edge(void *arg)
{
    (void)arg;
    rt_waitgroup_add(&s->wg, 1);
    rt_go("g", g_is_done, NULL);
    rt_waitgroup_wait(&s->wg);
    read_field();
}

/* The same when there is nothing left to wait for. */
static void late_wait_edge(void *arg)
{
    (void)arg;
    rt_waitgroup_add(&s->wg, 1);
    rt_go("g", g_is_done, NULL);
    rt_sleep_ns(RT_SECOND);
    rt_waitgroup_wait(&s->wg);
    read_field();
}

static void g_is_done_and_tells(void *arg)
{
    (void)arg;
    rt_sleep_ns(RT_SECOND);
    rt_waitgroup_done(&s->wg);
    rt_send(s->ch, NULL);
}

static void h_uses_the_group_again(void *arg)
{
    (void)arg;
    rt_recv(s->ch, NULL);
    write_field();
    rt_waitgroup_add(&s->wg, 1);
    rt_waitgroup_done(&s->wg);
}

/* Who was let go knows nothing of what others do to the group before he goes on; and such an Add is
 * a race with his Wait. */
static void group_used_again(void *arg)
{
    (void)arg;
    rt_waitgroup_add(&s->wg, 1);
    rt_go("g", g_is_done_and_tells, NULL);
    rt_go("h", h_uses_the_group_again, NULL);
    rt_waitgroup_wait(&s->wg);
    read_field();
}

static void test_group_used_again(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= 60; seed++) {
        run_once(rt, group_used_again, true, seed, false, describe);
        if (!strstr(found, "field:h,main") || !strstr(found, "WaitGroup:h,main"))
            fail_msg("schedule %d: %s", (int)seed, found);
    }
    rt_machine_free(rt);
}

static void g_adds_late(void *arg)
{
    (void)arg;
    rt_waitgroup_add(&s->wg, 1);
    rt_sleep_ns(RT_SECOND);
    rt_waitgroup_done(&s->wg);
}

/* Add belongs before the go statement; without, Go's detector shows a race with a Wait that
 * waits. */
static void late_add(void *arg)
{
    (void)arg;
    rt_go("g", g_adds_late, NULL);
    rt_sleep_ns(1000);
    rt_waitgroup_wait(&s->wg);
}

/* ---- locks that order nothing ---- */

static void named_locks(void *arg)
{
    rt_mutex_init(&s->mutex, "mutex");
    rt_rwmutex_init(&s->rwmutex, "rwmutex");
    mutex_edge(arg);
}

static void named_rwlocks(void *arg)
{
    rt_mutex_init(&s->mutex, "mutex");
    rt_rwmutex_init(&s->rwmutex, "rwmutex");
    rwmutex_edge(arg);
}

/* The lock of that name, and no other; it is not held, for a race's text, either. */
static void test_unordered_lock(void **state)
{
    (void)state;
    unordered_lock = "mutex";
    assert_races(named_locks, true, "field:g,main");
    assert_races(named_rwlocks, true, "");
    unordered_lock = "rwmutex";
    assert_races(named_locks, true, "");
    assert_races(named_rwlocks, true, "field:g,main");
    unordered_lock = NULL;
    assert_races(named_locks, true, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDGE(mutex_edge),
        EDGE(rwmutex_edge),
        RACES(different_locks, true, "field:g,main"),
        EDGE(once_edge),
        EDGE(waitgroup_edge),
        EDGE(late_wait_edge),
        cmocka_unit_test(test_group_used_again),
        RACES(late_add, true, "WaitGroup:g,main"),
        cmocka_unit_test(test_unordered_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
