/* Data races: what orders nothing, the go statement, timers, processes; what a race tells. With the
 * edge the two accesses are ordered, and no schedule shows a race; without it every schedule shows
 * it. */
#include "tests/rt/helper_races.h"

/* ---- no edge at all ---- */

static void two_writes(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    write_field();
}

static void write_and_read(void *arg)
{
    (void)arg;
    rt_go("g", g_reads, NULL);
    write_field();
}

static void read_and_write(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    read_field();
}

static void two_reads(void *arg)
{
    (void)arg;
    rt_go("g", g_reads, NULL);
    read_field();
}

/* The accesses are far apart, with many operations of others between. */
static void far_apart(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    for (int i = 0; i < 50; i++) {
        rt_lock(&s->mutex);
        rt_unlock(&s->mutex);
        rt_sleep_ns(1000);
    }
    write_field();
}

static void g_writes_twice(void *arg)
{
    (void)arg;
    write_field();
    rt_lock(&s->mutex);
    rt_unlock(&s->mutex);
    write_field();
}

/* Its second write is behind an edge, its first is too: only what comes after races. */
static void first_of_two(void *arg)
{
    (void)arg;
    rt_go("g", g_writes_twice, NULL);
    read_field();
}

/* ---- go ---- */

static void go_edge(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    rt_go("g", g_writes, NULL);
    if (!s->edge)
        write_field();
}

/* The end of a goroutine orders nothing. */
static void exit_is_no_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    rt_sleep_ns(RT_SECOND);
    read_field();
}

/* ---- timers ---- */

static void g_sets_a_timer(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    s->other = rt_after(RT_SECOND, "timer");
    rt_chan_is_message(s->ch);
    if (!s->edge)
        write_field();
}

/* Who receives from a timer knows of what was done before it was set. */
static void timer_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_sets_a_timer, NULL);
    rt_sleep_ns(RT_SECOND / 2);
    rt_recv(s->other, NULL);
    read_field();
}

static void call_reads(void *arg)
{
    (void)arg;
    read_field();
}

static void call_edge(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    rt_timer_call(NULL, RT_SECOND, "call", call_reads, NULL);
    rt_sleep_ns(2 * RT_SECOND);
    if (!s->edge)
        write_field();
}

/* ---- processes ---- */

static void hook_reads(void *arg, struct rt_proc *proc)
{
    (void)arg;
    (void)proc;
    read_field();
}

static void waits_for_ever(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    rt_recv(s->ch, NULL);
}

/* The world sees a process end after all that it did. */
static void exit_edge(void *arg)
{
    (void)arg;
    struct rt_proc *p = rt_proc_new("other");
    rt_proc_on_exit(p, hook_reads, NULL);
    rt_go_in(p, "g", waits_for_ever, NULL);
    if (!s->edge)
        rt_go("g", g_writes, NULL);
    rt_sleep_ns(RT_SECOND);
    rt_proc_exit(p, 0, NULL);
}

/* Code between two phases of a run knows of all that was done, and what it starts does. */
static void test_phases(void **state)
{
    (void)state;
    struct rt_config config = { .track_races = true };
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &config);
    s = rt_new(struct shared);
    s->field = rt_new(int);
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "a", g_writes, NULL);
    (void)rt_run(rt);
    rt_go_in(p, "b", g_writes, NULL);
    rt_go_in(p, "c", g_writes, NULL);
    (void)rt_run(rt);
    describe(rt);
    assert_string_equal(found, "field:b,c");
    rt_end(rt);
    rt_machine_free(rt);
}

/* ---- what a race tells ---- */

static void g_writes_under_a_lock(void *arg)
{
    (void)arg;
    rt_mutex_init(&s->mutex, "mutex");
    rt_lock(&s->mutex);
    write_field();
    rt_unlock(&s->mutex);
}

static void told(void *arg)
{
    (void)arg;
    rt_go("g", g_writes_under_a_lock, NULL);
    rt_sleep_ns(RT_SECOND);
    read_field();
}

static void look_at_race(struct rt *rt)
{
    size_t count;
    const struct rt_race *r = rt_races(rt, &count);
    assert_int_equal(count, 1);
    assert_true(r->first.write);
    assert_false(r->second.write);
    assert_string_equal(r->first.goroutine, "g");
    assert_string_equal(r->first.function, "write_field");
    assert_string_equal(r->second.function, "read_field");
    assert_string_equal(r->first.locks[0], "mutex");
    assert_null(r->second.locks[0]);
    assert_int_equal(r->next_kind, RT_OP_UNLOCK);
    assert_string_equal(r->next_name, "mutex");
    assert_int_equal(r->known_kind, RT_OP_KIND_COUNT);
    rt_str text = rt_race_text(r);
    assert_true(
            rt_str_contains(text, RT_STR("field: written by g in write_field (helper_races.c:")));
    assert_true(rt_str_contains(text, RT_STR("read by main in read_field (helper_races.c:")));
    assert_true(rt_str_contains(text, RT_STR("(unlock mutex) has not reached the second")));
    assert_true(rt_str_contains(text, RT_STR("the second has never heard of the first")));
}

static void test_text(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    run_once(rt, told, true, 1, false, look_at_race);
    rt_machine_free(rt);
}

/* Without track_races nothing is compared, and marks are no scheduling points. */
static void test_off(void **state)
{
    (void)state;
    struct rt_config config = { 0 };
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &config);
    s = rt_new(struct shared);
    s->field = rt_new(int);
    rt_go_in(rt_proc_new("p"), "main", two_writes, NULL);
    (void)rt_run(rt);
    describe(rt);
    assert_string_equal(found, "");
    assert_int_equal(rt_steps(rt), 2);
    rt_end(rt);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RACES(two_writes, true, "field:g,main"),
        RACES(write_and_read, true, "field:g,main"),
        RACES(read_and_write, true, "field:g,main"),
        RACES(two_reads, true, ""),
        RACES(far_apart, true, "field:g,main"),
        RACES(first_of_two, true, "field:g,main"),
        EDGE(go_edge),
        RACES(exit_is_no_edge, true, "field:g,main"),
        EDGE(timer_edge),
        RACES(call_edge, true, ""),
        RACES(call_edge, false, "field:call,main"),
        EDGE(exit_edge),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
