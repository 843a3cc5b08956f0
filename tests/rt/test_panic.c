/* panic, defer, recover and Goexit, in goroutines and outside a run. */
#include "tests/rt/helper_program.h"

static void say(void *arg)
{
    out("%s ", (const char *)arg);
}

static void panic_with(void *arg)
{
    rt_panicf("%s", (const char *)arg);
}

static void two_defers_and_panic(void *arg)
{
    rt_defer(say, "one");
    rt_defer(say, "two");
    panic_with(arg);
}

static void recovered(rt_fn fn, void *arg)
{
    rt_str text = RT_STR("?");
    bool panicked = rt_recover(fn, arg, &text);
    out("[%s%.*s] ", panicked ? "!" : "", panicked ? (int)text.len : 0, (const char *)text.data);
}

static void recover_runs_defers(void *arg)
{
    (void)arg;
    recovered(two_defers_and_panic, "boom");
    out("after");
}

static void defers_in_order(void *arg)
{
    (void)arg;
    rt_defer(say, "outer");
    struct rt_defer *mark = rt_defer_mark();
    rt_defer(say, "a");
    rt_defer(say, "b");
    rt_run_deferred(mark);
    out("body ");
}

static void panic_in_deferred(void *arg)
{
    rt_defer(say, "last");
    rt_defer(panic_with, "second");
    rt_defer(say, "first");
    panic_with(arg);
}

static void panic_replaced(void *arg)
{
    (void)arg;
    recovered(panic_in_deferred, "first");
}

static void inner_recover(void *arg)
{
    rt_defer(say, "mine");
    recovered(two_defers_and_panic, arg);
    rt_panicf("outer %d", 1);
}

static void nested_recover(void *arg)
{
    (void)arg;
    recovered(inner_recover, "inner");
}

/* A deferred call that panics and recovers by itself does not disturb the panic that runs it. */
static void recover_in_deferred_body(void *arg)
{
    recovered(two_defers_and_panic, arg);
}

static void defer_recovering(void *arg)
{
    rt_defer(recover_in_deferred_body, "inside");
    panic_with(arg);
}

static void recover_in_deferred(void *arg)
{
    (void)arg;
    recovered(defer_recovering, "main");
}

/* rt_recover runs what fn deferred even if it does not panic, and nothing else. */
static void only_defer(void *arg)
{
    rt_defer(say, arg);
}

static void no_panic(void *arg)
{
    (void)arg;
    rt_defer(say, "kept");
    recovered(only_defer, "ran");
    out("then ");
}

static void unrecovered(void *arg)
{
    (void)arg;
    rt_defer(say, "deferred");
    rt_panicf("code %d of %S", 7, RT_STR("x"));
}

static void deref(void *arg)
{
    struct rt_case *c = arg;
    out("%d", RT_DEREF(c)->is_send);
}

static void index_panic(void *arg)
{
    (void)arg;
    rt_panic_index();
}

static void go_texts(void *arg)
{
    (void)arg;
    struct rt_case c = RT_SEND(NULL, NULL);
    recovered(deref, &c);
    recovered(deref, NULL);
    recovered(index_panic, NULL);
}

/* ---- Goexit ---- */

static void goexit_body(void *arg)
{
    rt_defer(say, arg);
    rt_goexit();
}

static void goexit_in_recover(void *arg)
{
    (void)arg;
    rt_defer(say, "outer");
    recovered(goexit_body, "inner");
    out("never");
}

static void goexit_and_panic_body(void *arg)
{
    rt_defer(say, "first");
    rt_defer(panic_with, arg);
    rt_goexit();
}

/* The panic ends at the recover, and the goroutine goes on to end. */
static void goexit_and_panic(void *arg)
{
    (void)arg;
    rt_defer(say, "outer");
    recovered(goexit_and_panic_body, "lost");
    out("never");
}

static void goexit_and_panic_unrecovered(void *arg)
{
    (void)arg;
    rt_defer(say, "outer");
    goexit_and_panic_body("kills");
}

/* ---- deferred calls that switch goroutines ---- */

static struct rt_chan *ch;

static void send_on_ch(void *arg)
{
    rt_send(ch, arg);
    out("sent ");
}

static void defer_a_send(void *arg)
{
    rt_defer(send_on_ch, num(5));
    panic_with(arg);
}

static void panic_while_switching(void *arg)
{
    (void)arg;
    recovered(defer_a_send, "late");
}

static void other_panics(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("other", panic_while_switching, NULL);
    rt_yield();
    void *v;
    rt_recv(ch, &v);
    out("%d ", of(v));
    recovered(two_defers_and_panic, "mine");
}

static void nothing(void *arg)
{
    (void)arg;
}

/* Outside a run, for code that may panic there. */
static void test_outside(void **state)
{
    (void)state;
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    for (int i = 0; i < 1000; i++) {
        rt_str text;
        assert_true(rt_recover(index_panic, NULL, &text));
        assert_true(rt_str_is(text, "runtime error: index out of range"));
        assert_false(rt_recover(nothing, NULL, NULL));
        assert_null(rt_defer_mark());
        rt_arena_reset(arena);
    }
    rt_arena_use(before);
    rt_arena_free(arena);
}

static void deferred_never(void *arg)
{
    (void)arg;
    rt_defer(say, "never");
    rt_recv(NULL, NULL);
}

/* Between two runs of a machine deferred calls of goroutines are not in the way. */
static void test_outside_after_a_run(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    rt_go_in(rt_proc_new("p"), "main", deferred_never, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_null(rt_defer_mark());
    rt_str text;
    assert_true(rt_recover(index_panic, NULL, &text));
    assert_null(rt_defer_mark());
    rt_end(rt);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTCOMES(recover_runs_defers, "two one [!boom] after"),
        OUTCOMES(defers_in_order, "b a body outer "),
        OUTCOMES(panic_replaced, "first last [!second] "),
        OUTCOMES(nested_recover, "two one [!inner] mine [!outer 1] "),
        OUTCOMES(recover_in_deferred, "two one [!inside] [!main] "),
        OUTCOMES(no_panic, "ran [] then kept "),
        OUTCOMES(unrecovered, "deferred  panic(code 7 of x)"),
        OUTCOMES(go_texts,
                "1[] [!runtime error: invalid memory address or nil pointer dereference] "
                "[!runtime error: index out of range] "),
        OUTCOMES(goexit_in_recover, "inner outer "),
        OUTCOMES(goexit_and_panic, "first outer "),
        OUTCOMES(goexit_and_panic_unrecovered, "first outer  panic(kills)"),
        OUTCOMES(other_panics, "5 two one [!mine] sent [!late]  | "
                               "sent [!late] 5 two one [!mine] "),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_outside_after_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
