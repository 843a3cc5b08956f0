/* Processes die in the middle of everything; machines nest, stop and are inspected. */
#include "model/rt/trace.h"
#include "tests/rt/helper_program.h"
#include "tests/support/random.h"

#include <string.h>

static struct rt_proc *victim;
static struct rt_chan *ch;
static struct rt_chan *other;
static struct rt_chan *full;
static struct rt_mutex mu;
static struct rt_rwmutex rw;
static struct rt_waitgroup wg;
static struct rt_once once;

static void hook(void *arg, struct rt_proc *proc)
{
    assert_null(rt_self());
    assert_false(rt_proc_alive(proc));
    out("%s(%s %d) ", (const char *)arg, rt_proc_name(proc), rt_proc_status(proc));
}

static void say(void *arg)
{
    out("%s ", (const char *)arg);
}

/* Each waits for ever in its own way, and must not be heard of again. */
static void stuck_send(void *arg)
{
    rt_defer(say, arg);
    rt_send(ch, num(1));
    out("never");
}

static void stuck_recv(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(other), RT_RECV(rt_after(RT_SECOND, "after")),
        RT_RECV(other), RT_SEND(full, num(2)), RT_RECV(NULL) };
    rt_select(cases, 5);
    out("never");
}

static void stuck_lock(void *arg)
{
    (void)arg;
    rt_lock(&mu);
    out("never");
}

static void stuck_wlock(void *arg)
{
    (void)arg;
    rt_wlock(&rw);
    out("never");
}

static void stuck_rlock(void *arg)
{
    (void)arg;
    rt_rlock(&rw);
    rt_recv(NULL, NULL); /* where it comes before the writer */
    out("never");
}

static void stuck_wait(void *arg)
{
    (void)arg;
    rt_waitgroup_wait(&wg);
    out("never");
}

static void stuck_sleep(void *arg)
{
    (void)arg;
    rt_sleep_ns(RT_SECOND);
    out("never");
}

static void stuck_once(void *arg)
{
    (void)arg;
    rt_once_do(&once, stuck_sleep, NULL);
    out("never");
}

static void start_victims(void)
{
    static const struct {
        const char *name;
        rt_fn fn;
    } table[] = {
        { "send", stuck_send },
        { "recv", stuck_recv },
        { "recv2", stuck_recv },
        { "lock", stuck_lock },
        { "wlock", stuck_wlock },
        { "rlock", stuck_rlock },
        { "wait", stuck_wait },
        { "sleep", stuck_sleep },
        { "once", stuck_once },
        { "once2", stuck_once },
    };
    victim = rt_proc_new("victim");
    rt_proc_on_exit(victim, hook, "first");
    rt_proc_on_exit(victim, hook, "second");
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        rt_go_in(victim, table[i].name, table[i].fn, "never");
    rt_timer_call(victim, RT_MS, "timer", stuck_send, "never");
}

/* Objects are usable by others afterwards: nothing of the dead waits in them. */
static void kill_all(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    other = rt_chan_make(0, "other");
    full = rt_chan_make(1, "full");
    rt_send(full, num(1));
    mu = (struct rt_mutex){ 0 };
    rw = (struct rt_rwmutex){ 0 };
    wg = (struct rt_waitgroup){ 0 };
    once = (struct rt_once){ 0 };
    rt_lock(&mu);
    rt_rlock(&rw);
    rt_waitgroup_add(&wg, 1);
    start_victims();
    for (int i = 0; i < 25; i++)
        rt_yield();
    rt_proc_exit(victim, 3, NULL);
    rt_proc_exit(victim, 4, "again");
    struct rt_case cases[] = { RT_RECV(ch), RT_SEND(other, NULL) };
    out("%d ", rt_select_default(cases, 2));
    rt_recv(full, NULL);
    assert_int_equal(rt_chan_len(full), 0);
    assert_null(mu.waiters);
    assert_null(rw.waiters);
    assert_null(wg.waiters);
    assert_int_equal(rw.waiting_writers, 0);
    rt_unlock(&mu);
    rt_lock(&mu);
    rt_rlock(&rw);
    rt_waitgroup_done(&wg);
    rt_sleep_ns(2 * RT_SECOND);
    uint32_t left;
    (void)rt_fibers(rt_current(), &left);
    out("%u", left);
}

static void test_kill_anywhere(void **state)
{
    (void)state;
    const char *expected = "first(victim 3) second(victim 3) -1 1";
    assert_string_equal(run_program(kill_all), expected);
    /* Whichever of them have come how far. */
    struct rt_rng rng = { 1 };
    struct rt_source source = random_source(&rng);
    for (int i = 0; i < 3000; i++) {
        struct rt_config config = { .source = &source };
        assert_string_equal(run_program_with(kill_all, &config), expected);
    }
}

/* ---- dying by oneself ---- */

static void bystander(void *arg)
{
    (void)arg;
    rt_defer(say, "never");
    rt_recv(ch, NULL);
    out("never");
}

static void exits(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_proc_on_exit(rt_proc_self(), hook, "hook");
    rt_go("bystander", bystander, NULL);
    rt_yield();
    rt_defer(say, "never");
    rt_proc_exit(rt_proc_self(), 0, NULL);
    out("never");
}

static void panics_there(void *arg)
{
    (void)arg;
    rt_panicf("bye");
}

static void panics(void *arg)
{
    (void)arg;
    rt_proc_on_exit(rt_proc_self(), hook, "hook");
    rt_panicf("bye");
}

static void timer_panics(void *arg)
{
    (void)arg;
    rt_proc_on_exit(rt_proc_self(), hook, "hook");
    rt_timer_call(rt_proc_self(), RT_MS, "timer", panics_there, NULL);
    rt_recv(NULL, NULL);
}

static void say_place(void *arg, struct rt_proc *proc)
{
    (void)arg;
    rt_str place = rt_proc_panic_place(proc);
    out("%d at %.*s by %s;", rt_proc_status(proc), (int)place.len, (const char *)place.data,
            rt_proc_panic_fiber(proc));
}

static void unlocks(const char *name)
{
    rt_mutex_init(&mu, name);
    rt_proc_on_exit(rt_proc_self(), say_place, NULL);
    rt_unlock(&mu);
}

/* A fatal error ends the process as a panic does. */
static void fatal(void *arg)
{
    (void)arg;
    unlocks("mu");
}

static void fatal_without_a_name(void *arg)
{
    (void)arg;
    unlocks(NULL);
}

/* A hook may end the process of the goroutine that made it run. */
static void revenge(void *arg, struct rt_proc *proc)
{
    (void)proc;
    rt_proc_exit(arg, 9, "revenge");
}

static void killed_in_return(void *arg)
{
    (void)arg;
    struct rt_proc *second = rt_proc_new("second");
    rt_proc_on_exit(second, revenge, rt_proc_self());
    rt_go_in(second, "bystander", bystander, NULL);
    rt_proc_exit(second, 1, NULL);
    out("never");
}

/* What starts in a dead process never runs; neither do its timers. */
static void start_in_dead(void *arg)
{
    (void)arg;
    struct rt_proc *dead = rt_proc_new("dead");
    rt_proc_exit(dead, 0, NULL);
    rt_go_in(dead, "zombie", say, "never");
    rt_timer_call(dead, RT_MS, "timer", say, "never");
    rt_sleep_ns(RT_SECOND);
    out("%zu", (size_t)rt_now_ns());
}

static void restart_body(void *arg)
{
    out("%d ", of(arg));
    rt_panicf("crash %d", of(arg));
}

static void restart(void *arg, struct rt_proc *proc)
{
    (void)proc;
    int n = of(arg);
    if (n > 3)
        return;
    struct rt_proc *next = rt_proc_new("next");
    rt_proc_on_exit(next, restart, num(n + 1));
    rt_go_in(next, "main", restart_body, num(n));
}

static void restarts(void *arg)
{
    (void)arg;
    restart(num(1), NULL);
}

/* ---- inspection ---- */

static void deadlocked(void *arg)
{
    (void)arg;
    rt_mutex_init(&mu, "mu");
    rt_go("locker", stuck_lock, NULL);
    rt_go("sender", stuck_send, NULL);
    rt_lock(&mu);
    rt_daemon();
    rt_recv(NULL, NULL);
}

static void test_inspection(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    assert_ptr_equal(rt_current(), rt);
    ch = rt_chan_make(0, "ch");
    struct rt_fiber *f = rt_go_in(rt_proc_new("p"), "main", deadlocked, NULL);
    assert_true(rt_fiber_enabled(f));
    assert_int_equal(rt_run(rt), RT_IDLE);
    uint32_t n;
    struct rt_fiber *const *fibers = rt_fibers(rt, &n);
    assert_int_equal(n, 3);
    assert_ptr_equal(fibers[0], f);
    assert_true(rt_fiber_is_daemon(f));
    assert_int_equal(rt_fiber_op(f)->kind, RT_OP_RECV);
    assert_int_equal(rt_fiber_op(f)->object, 0);
    assert_string_equal(rt_fiber_name(fibers[1]), "locker");
    const struct rt_op *op = rt_fiber_op(fibers[1]);
    assert_int_equal(op->kind, RT_OP_LOCK);
    assert_int_equal(op->object, mu.object);
    assert_string_equal(op->object_name, "mu");
    assert_non_null(strstr(op->file, "test_proc.c"));
    assert_true(op->line > 0);
    assert_ptr_equal(mu.owner, f);
    assert_int_equal(rt_fiber_op(fibers[2])->kind, RT_OP_SEND);
    assert_string_equal(rt_fiber_op(fibers[2])->object_name, "ch");
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(rt_fiber_id(fibers[i]), i + 1);
        assert_false(rt_fiber_enabled(fibers[i]));
        assert_ptr_equal(rt_fiber_proc(fibers[i]), rt_fiber_proc(f));
        for (uint32_t j = 0; j < i; j++)
            assert_true(rt_fiber_identity(fibers[i]) != rt_fiber_identity(fibers[j]));
    }
    rt_end(rt);
    assert_null(rt_current());
    rt_machine_free(rt);
}

static void closes(void *arg)
{
    (void)arg;
    rt_close(ch);
}

static void polls(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(ch), RT_SEND(other, NULL) };
    (void)rt_select_default(cases, 2);
}

static void selects(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(ch), RT_SEND(other, NULL) };
    (void)rt_select(cases, 2);
}

/* What goroutines are about to do to channels, while each stands before it. */
static void test_pending_operations(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    ch = rt_chan_make(0, "ch");
    other = rt_chan_make(0, "other");
    struct rt_proc *p = rt_proc_new("p");
    struct rt_fiber *closer = rt_go_in(p, "closes", closes, NULL);
    struct rt_fiber *poller = rt_go_in(p, "polls", polls, NULL);
    struct rt_fiber *selector = rt_go_in(p, "selects", selects, NULL);
    size_t count;
    assert_null(rt_fiber_closes(closer));
    assert_false(rt_fiber_polls(poller));
    for (int i = 0; i < 3; i++)
        assert_true(rt_step(rt));
    assert_ptr_equal(rt_fiber_closes(closer), ch);
    assert_null(rt_fiber_closes(poller));
    assert_true(rt_fiber_polls(poller));
    assert_false(rt_fiber_polls(selector));
    assert_null(rt_fiber_cases(closer, &count));
    const struct rt_case *cases = rt_fiber_cases(poller, &count);
    assert_int_equal(count, 2);
    assert_ptr_equal(cases[1].ch, other);
    assert_true(cases[1].is_send);
    rt_end(rt);
    rt_machine_free(rt);
}

/* ---- limits, stops, steps, hooks ---- */

static void spin(void *arg)
{
    (void)arg;
    for (;;)
        rt_yield();
}

static void stop_soon(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++)
        rt_yield();
    rt_stop(rt_current());
    out("stopping ");
    rt_yield();
    out("again ");
}

static void count_steps(void *arg)
{
    assert_null(rt_self());
    ++*(uint64_t *)arg;
}

static void test_limits(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_config config = { .max_steps = 1000 };
    for (int hooked = 0; hooked < 2; hooked++) {
        uint64_t hooks = 0;
        rt_begin(rt, &config);
        if (hooked)
            rt_on_step(rt, count_steps, &hooks);
        rt_go_in(rt_proc_new("p"), "spin", spin, NULL);
        assert_int_equal(rt_run(rt), RT_STEP_LIMIT);
        assert_int_equal(rt_steps(rt), 1000);
        assert_int_equal(hooks, hooked ? 1000 : 0);
        rt_end(rt);
    }
    config.max_steps = 0;
    rt_begin(rt, &config);
    rt_go_in(rt_proc_new("p"), "stop", stop_soon, NULL);
    assert_int_equal(rt_run(rt), RT_STOPPED);
    assert_int_equal(rt_steps(rt), 11);
    assert_true(rt_step(rt));
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_false(rt_step(rt));
    rt_end(rt);
    rt_machine_free(rt);
}

/* A machine inside another one's goroutine, as a harness may need it. */
static void inner_run(void *arg)
{
    struct rt *inner = arg;
    struct rt *outer = rt_current();
    struct rt_arena *arena = rt_arena_current();
    struct rt_config config = { 0 };
    rt_begin(inner, &config);
    rt_go_in(rt_proc_new("inner"), "restarts", restarts, NULL);
    rt_go_in(rt_proc_new("panics"), "panics", panics, NULL);
    assert_int_equal(rt_run(inner), RT_IDLE);
    rt_end(inner);
    assert_ptr_equal(rt_current(), outer);
    assert_ptr_equal(rt_arena_current(), arena);
    rt_yield();
    out("out");
}

static void test_nesting(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt *inner = rt_machine_new();
    struct rt_config config = { 0 };
    rt_begin(rt, &config);
    rt_go_in(rt_proc_new("p"), "main", inner_run, inner);
    assert_int_equal(rt_run(rt), RT_IDLE);
    rt_end(rt);
    rt_machine_free(inner);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kill_anywhere),
        OUTCOMES(exits, "hook(p 0) "),
        OUTCOMES(panics, "hook(p 2)  panic(bye)"),
        OUTCOMES(timer_panics, "hook(p 2)  panic(bye)"),
        OUTCOMES(fatal, "2 at unlock mu by main; panic(sync: unlock of unlocked mutex)"),
        OUTCOMES(fatal_without_a_name,
                "2 at unlock  by main; panic(sync: unlock of unlocked mutex)"),
        OUTCOMES(killed_in_return, "panic(revenge)"),
        OUTCOMES(start_in_dead, "1000000000"),
        OUTCOMES(restarts, "1 2 3 "),
        cmocka_unit_test(test_inspection),
        cmocka_unit_test(test_pending_operations),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
