/* Data races: each edge of Go's memory model in isolation. With the edge the two accesses are
 * ordered, and no schedule shows a race; without it every schedule shows it. */
#include "model/rt/race.h"
#include "tests/rt/helper_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEDULES = 60 };

/* What the programs share; in the run's arena. */
struct shared {
    int *field;
    bool edge; /* the operation that orders is there */
    struct rt_chan *ch;
    struct rt_chan *other;
    struct rt_mutex mutex;
    struct rt_rwmutex rwmutex;
    struct rt_once once;
    struct rt_waitgroup wg;
};

static struct shared *s;

static void write_field(void)
{
    rt_shared_write(s->field, "field");
}

static void read_field(void)
{
    rt_shared_read(s->field, "field");
}

static char found[1024];

static void describe(struct rt *rt)
{
    size_t count;
    const struct rt_race *races = rt_races(rt, &count);
    size_t len = 0;
    found[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *a = races[i].first.goroutine, *b = races[i].second.goroutine;
        bool swap = strcmp(a, b) > 0;
        len += (size_t)snprintf(found + len, sizeof(found) - len, "%s%s:%s,%s", len ? " " : "",
                races[i].field, swap ? b : a, swap ? a : b);
        assert_true(len < sizeof(found));
    }
}

static uint32_t choose_random(void *rng, const struct rt_choice *c)
{
    return rt_rng_below(rng, c->options);
}

/* Runs the program in a process and calls `look` before the run's memory goes. */
static void run_once(struct rt *rt, rt_fn program, bool edge, uint64_t seed, bool timers_race,
        void (*look)(struct rt *rt))
{
    struct rt_rng rng = { seed };
    struct rt_source source = { .self = &rng, .choose = choose_random };
    struct rt_config config = {
        .source = &source, .track_races = true, .timers_race = timers_race
    };
    rt_begin(rt, &config);
    s = rt_new(struct shared);
    s->field = rt_new(int);
    s->edge = edge;
    s->ch = rt_chan_make(0, "ch");
    s->other = rt_chan_make(0, "other");
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "main", program, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_null(rt_proc_panic(p).data);
    look(rt);
    rt_end(rt);
}

/* The races of the program in every one of many schedules. */
static void assert_races(rt_fn program, bool edge, const char *expected)
{
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= SCHEDULES; seed++) {
        run_once(rt, program, edge, seed, false, describe);
        if (strcmp(found, expected) != 0)
            print_error("schedule %d, edge %d\n", (int)seed, edge);
        assert_string_equal(found, expected);
    }
    rt_machine_free(rt);
}

/* Ordered by the edge, a race of main and g without it. */
static void assert_edge(rt_fn program)
{
    assert_races(program, true, "");
    assert_races(program, false, "field:g,main");
}

/* ---- no edge at all ---- */

static void g_writes(void *arg)
{
    (void)arg;
    write_field();
}

static void g_reads(void *arg)
{
    (void)arg;
    read_field();
}

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

static void test_conflicts(void **state)
{
    (void)state;
    assert_races(two_writes, true, "field:g,main");
    assert_races(write_and_read, true, "field:g,main");
    assert_races(read_and_write, true, "field:g,main");
    assert_races(two_reads, true, "");
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

static void test_far_apart(void **state)
{
    (void)state;
    assert_races(far_apart, true, "field:g,main");
    assert_races(first_of_two, true, "field:g,main");
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

static void test_go(void **state)
{
    (void)state;
    assert_edge(go_edge);
    assert_races(exit_is_no_edge, true, "field:g,main");
}

/* ---- channels ---- */

static void g_writes_then_sends(void *arg)
{
    (void)arg;
    write_field();
    rt_send(s->ch, NULL);
}

static void g_sends_then_writes(void *arg)
{
    (void)arg;
    rt_send(s->ch, NULL);
    write_field();
}

static void send_edge(void *arg)
{
    (void)arg;
    rt_go("g", s->edge ? g_writes_then_sends : g_sends_then_writes, NULL);
    rt_recv(s->ch, NULL);
    read_field();
}

static void buffered_send_edge(void *arg)
{
    s->ch = rt_chan_make(3, "ch");
    send_edge(arg);
}

/* The other way: an unbuffered receive comes before the end of its send. */
static void g_reads_then_receives(void *arg)
{
    (void)arg;
    read_field();
    rt_recv(s->ch, NULL);
}

static void receive_edge(void *arg)
{
    (void)arg;
    if (!s->edge)
        s->ch = rt_chan_make(1, "ch");
    rt_go("g", g_reads_then_receives, NULL);
    rt_send(s->ch, NULL);
    write_field();
}

/* A buffer of two as a semaphore: the first receive comes before the end of the third send, not of
 * the second. */
static void capacity_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_go("g", g_reads_then_receives, NULL);
    for (int i = 0; i < (s->edge ? 3 : 2); i++)
        rt_send(s->ch, NULL);
    write_field();
}

static void g_receives_two_then_reads(void *arg)
{
    (void)arg;
    rt_recv(s->ch, NULL);
    if (s->edge)
        rt_recv(s->ch, NULL);
    read_field();
}

/* The k-th receive knows of the k-th send, not of the next one. */
static void kth_send_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_go("g", g_receives_two_then_reads, NULL);
    rt_send(s->ch, NULL);
    write_field();
    rt_send(s->ch, NULL);
}

static void g_receives_until_closed(void *arg)
{
    (void)arg;
    while (rt_recv(s->ch, NULL))
        continue;
    read_field();
}

static void close_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_send(s->ch, NULL);
    rt_go("g", g_receives_until_closed, NULL);
    if (s->edge)
        write_field();
    rt_close(s->ch);
    if (!s->edge)
        write_field();
}

/* What was sent before the close does not know of the close. */
static void g_receives_once(void *arg)
{
    (void)arg;
    assert_true(rt_recv(s->ch, NULL));
    read_field();
}

static void element_of_a_closed_channel(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_send(s->ch, NULL);
    rt_go("g", g_receives_once, NULL);
    write_field();
    rt_close(s->ch);
}

static void test_channels(void **state)
{
    (void)state;
    assert_edge(send_edge);
    assert_edge(buffered_send_edge);
    assert_edge(receive_edge);
    assert_edge(capacity_edge);
    assert_edge(kth_send_edge);
    assert_edge(close_edge);
    assert_races(element_of_a_closed_channel, true, "field:g,main");
}

static void g_sends(void *arg)
{
    (void)arg;
    rt_send(s->ch, NULL);
}

/* In Go a send and a close that nothing orders are a race, whether or not it panics. */
static void close_and_send(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    if (s->edge) {
        rt_go("g", g_sends, NULL);
        rt_recv(s->ch, NULL);
    } else {
        rt_send(s->ch, NULL);
    }
    rt_close(s->ch);
}

static void g_polls_a_send(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2 && !rt_chan_closed(s->ch); i++) {
        struct rt_case c = RT_SEND(s->ch, NULL);
        (void)rt_select_default(&c, 1);
        rt_send(s->other, NULL);
    }
}

static void close_among_sends(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_chan_is_message(s->other);
    rt_go("g", g_polls_a_send, NULL);
    rt_recv(s->other, NULL);
    rt_recv(s->other, NULL);
    rt_close(s->ch);
}

static void close_in_the_dark(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_go("g", g_sends, NULL);
    rt_sleep_ns(RT_SECOND);
    rt_close(s->ch);
}

static void test_close_and_send(void **state)
{
    (void)state;
    assert_races(close_and_send, true, "");
    assert_races(close_and_send, false, "");
    assert_races(close_among_sends, true, "");
    assert_races(close_in_the_dark, true, "ch:g,main");
}

/* ---- messages between processes ---- */

static void g_answers(void *arg)
{
    (void)arg;
    read_field();
    rt_recv(s->ch, NULL);
    if (s->edge)
        rt_send(s->other, NULL);
}

/* A network connection says nothing of the other side until it answers. */
static void message_edge(void *arg)
{
    (void)arg;
    rt_chan_is_message(s->ch);
    rt_chan_is_message(s->other);
    rt_go("g", g_answers, NULL);
    rt_send(s->ch, NULL);
    if (s->edge)
        rt_recv(s->other, NULL);
    write_field();
}

struct queue {
    void *order;
    bool full;
};

static void g_puts(void *arg)
{
    struct queue *q = arg;
    write_field();
    if (s->edge)
        rt_message_sent(&q->order);
    q->full = true;
}

static void queue_edge(void *arg)
{
    (void)arg;
    struct queue *q = rt_new(struct queue);
    rt_go("g", g_puts, q);
    rt_sleep_ns(RT_SECOND);
    assert_true(q->full);
    rt_message_received(&q->order);
    read_field();
}

static void test_messages(void **state)
{
    (void)state;
    assert_edge(message_edge);
    assert_edge(queue_edge);
}

/* ---- select ---- */

static void select_edge(void *arg)
{
    (void)arg;
    rt_go("g", s->edge ? g_writes_then_sends : g_sends_then_writes, NULL);
    struct rt_case cases[] = { RT_RECV(s->other), RT_RECV(s->ch) };
    assert_int_equal(rt_select(cases, 2), 1);
    read_field();
}

static void g_selects_a_send(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    struct rt_case cases[] = { RT_SEND(s->ch, NULL), RT_RECV(s->other) };
    assert_int_equal(rt_select(cases, 2), 0);
    if (!s->edge)
        write_field();
}

static void select_send_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_selects_a_send, NULL);
    rt_recv(s->ch, NULL);
    read_field();
}

/* The default is no edge. */
static void default_is_no_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    struct rt_case c = RT_RECV(s->ch);
    assert_int_equal(rt_select_default(&c, 1), -1);
    read_field();
}

static void test_select(void **state)
{
    (void)state;
    assert_edge(select_edge);
    assert_edge(select_send_edge);
    assert_races(default_is_no_edge, true, "field:g,main");
}

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

static void test_locks(void **state)
{
    (void)state;
    assert_edge(mutex_edge);
    assert_edge(rwmutex_edge);
    assert_races(different_locks, true, "field:g,main");
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

static void g_adds_late(void *arg)
{
    (void)arg;
    rt_waitgroup_add(&s->wg, 1);
    rt_sleep_ns(RT_SECOND);
    rt_waitgroup_done(&s->wg);
}

/* Add belongs before the go statement; without, Go's detector shows a race with a Wait that waits.
 */
static void late_add(void *arg)
{
    (void)arg;
    rt_go("g", g_adds_late, NULL);
    rt_sleep_ns(1000);
    rt_waitgroup_wait(&s->wg);
}

static void test_once_and_waitgroup(void **state)
{
    (void)state;
    assert_edge(once_edge);
    assert_edge(waitgroup_edge);
    assert_races(late_add, true, "WaitGroup:g,main");
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

static void test_timers(void **state)
{
    (void)state;
    assert_edge(timer_edge);
    assert_races(call_edge, true, "");
    assert_races(call_edge, false, "field:call,main");
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

static void test_processes(void **state)
{
    (void)state;
    assert_edge(exit_edge);
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
    locked_write();
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
    assert_true(rt_str_contains(text, RT_STR("field: written by g in write_field (test_races.c:")));
    assert_true(rt_str_contains(text, RT_STR("read by main in read_field (test_races.c:")));
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
        cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_far_apart),
        cmocka_unit_test(test_go),
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_close_and_send),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_locks),
        cmocka_unit_test(test_once_and_waitgroup),
        cmocka_unit_test(test_timers),
        cmocka_unit_test(test_processes),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
