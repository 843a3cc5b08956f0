/* The registry of handlers and launches, alone: who is launching, who may register, who removes
 * what. By core/chaincode/handler_registry.go, and what its variants change. */
#include "model/chaincode/handler_registry.h"

#include "model/rt/trace.h"
#include "tests/chaincode/helper_handler.h"

static struct rt_buf told;

static void observe(void *self, const struct observed *event)
{
    (void)self;
    rt_buf_printf(&told, "%s%s;", observed_kind_name(event->kind), event->own ? " own" : "");
}

static const struct observer observer = { NULL, observe };

static struct handler_registry *registry(bool unsolicited, uint64_t variants)
{
    struct handler_registry *r = handler_registry_new(unsolicited);
    r->observer = &observer;
    r->variants = variants;
    told = (struct rt_buf){ 0 };
    return r;
}

static void assert_told(const char *expected)
{
    assert_string_equal(rt_cstr(rt_buf_str(&told)), expected);
    told = (struct rt_buf){ 0 };
}

static const rt_str cc = RT_STR_INIT("mycc:1.0");

static struct handler *a_handler(void)
{
    static struct handler_environment env;
    struct handler *h = handler_new(&env);
    h->chaincode_id = WIRE_NEW(protos__chaincode_id);
    h->chaincode_id->name = cc;
    return h;
}

static bool is_done(struct launch_state *state)
{
    return rt_chan_closed(launch_state_done(state));
}

static void assert_error(const struct rt_error *err, const char *expected)
{
    assert_non_null(err);
    assert_string_equal(rt_cstr(err->text), expected);
}

/* ---- as in 1.4.2 ---- */

static void names(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, 0);
    assert_string_equal(r->mutex.name, "HandlerRegistry");
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    assert_string_equal(s->mutex.name, "LaunchState");
    assert_int_equal(rt_chan_cap(launch_state_done(s)), 0);
}

/* The first one launches, the others wait for its state; its outcome is told once. */
static void one_launch(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, 0);
    bool started = true;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    assert_false(started);
    assert_told("launching added;");
    assert_ptr_equal(handler_registry_launching(r, cc, &started), s);
    assert_true(started);
    assert_told("");
    struct handler *h = a_handler();
    assert_null(handler_registry_handler(r, cc));
    assert_null(handler_registry_register(r, h));
    assert_ptr_equal(h->launched_by, s);
    assert_ptr_equal(handler_registry_handler(r, cc), h);
    assert_false(is_done(s));
    handler_registry_ready(r, cc, h);
    assert_true(is_done(s));
    assert_null(launch_state_err(s));
    assert_told("handler added;launch notified own;");
    handler_registry_failed(r, cc, h, rt_errorf("late"));
    assert_null(launch_state_err(s));
    assert_told("launch notified;");
    assert_ptr_equal(handler_registry_launching(r, cc, &started), s);
}

static void failed_launch(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, 0);
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    handler_registry_failed(r, cc, a_handler(), rt_errorf("no luck"));
    assert_true(is_done(s));
    assert_error(launch_state_err(s), "no luck");
    handler_registry_failed(r, RT_STR("other"), a_handler(), rt_errorf("of nobody"));
    handler_registry_ready(r, RT_STR("other"), a_handler());
}

/* A handler that came without a launch, in dev mode, needs none. */
static void unsolicited(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, 0);
    assert_error(handler_registry_register(r, a_handler()),
            "peer will not accept external chaincode connection mycc:1.0 (except in dev mode)");
    r = registry(true, 0);
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    assert_null(h->launched_by);
    assert_error(handler_registry_register(r, a_handler()), "duplicate chaincodeID: mycc:1.0");
    bool started = false;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    assert_true(started);
    assert_true(is_done(s));
    assert_null(launch_state_err(s));
    assert_told("handler added;launch notified own;");
}

/* Whoever deregisters takes both entries with him. */
static void deregistration(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, 0);
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    told = (struct rt_buf){ 0 };
    assert_null(handler_registry_deregister(r, cc, h, NULL));
    assert_told("handler removed own;launching removed own;");
    assert_null(handler_registry_handler(r, cc));
    assert_error(handler_registry_deregister(r, cc, h, NULL), "could not find handler: mycc:1.0");
    assert_told("");
    assert_true(handler_registry_launching(r, cc, &started) != s);
    assert_false(started);
}

/* Whose entries they are, of a stream or of a launch. */
static void others_entries(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, 0);
    bool started;
    (void)handler_registry_launching(r, cc, &started);
    struct handler *h = a_handler(), *other = a_handler();
    assert_null(handler_registry_register(r, h));
    told = (struct rt_buf){ 0 };
    assert_null(handler_registry_deregister(r, cc, other, NULL));
    assert_told("handler removed;launching removed;");
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    assert_null(handler_registry_register(r, h));
    told = (struct rt_buf){ 0 };
    assert_null(handler_registry_deregister(r, cc, NULL, s));
    assert_told("handler removed own;launching removed own;");
    assert_null(handler_registry_register(r, h)); /* of no launch */
    told = (struct rt_buf){ 0 };
    assert_null(handler_registry_deregister(r, cc, NULL, s));
    assert_told("handler removed;");
}

static void forgotten_handler(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, 0);
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    handler_registry_forget_handler(r, cc);
    assert_null(handler_registry_register(r, a_handler()));
    told = (struct rt_buf){ 0 };
    handler_registry_forget_handler(r, cc);
    assert_told("handler removed;");
    assert_null(handler_registry_handler(r, cc));
    assert_ptr_equal(handler_registry_launching(r, cc, &started), s);
}

/* ---- variants ---- */

static void own_entries_only(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, WITH(FIX_DEREGISTER_OWN));
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    struct handler *h = a_handler(), *other = a_handler();
    assert_null(handler_registry_register(r, h));
    handler_registry_ready(r, cc, other);
    handler_registry_failed(r, cc, other, rt_errorf("not mine"));
    assert_false(is_done(s));
    told = (struct rt_buf){ 0 };
    assert_error(
            handler_registry_deregister(r, cc, other, NULL), "could not find handler: mycc:1.0");
    assert_error(handler_registry_deregister(r, cc, NULL, launch_state_new(&observer, 0)),
            "could not find handler: mycc:1.0");
    assert_told("");
    assert_ptr_equal(handler_registry_handler(r, cc), h);
    assert_null(handler_registry_deregister(r, cc, NULL, s));
    assert_told("handler removed own;launching removed own;");
}

static void ready_first(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, WITH(FIX_READY_FIRST));
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    assert_told("launching added;handler added;");
    assert_null(handler_registry_handler(r, cc));
    bool started = false;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    assert_true(started);
    assert_false(is_done(s));
    handler_registry_ready(r, cc, h);
    assert_true(is_done(s));
    assert_ptr_equal(handler_registry_handler(r, cc), h);
}

static void rejected_while_launching(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, WITH(LAUNCH_IN_PROGRESS_REJECTED));
    bool started;
    assert_non_null(handler_registry_launching(r, cc, &started));
    assert_null(handler_registry_launching(r, cc, &started));
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    handler_registry_ready(r, cc, h);
    assert_null(handler_registry_launching(r, cc, &started)); /* registered */
    handler_registry_forget_handler(r, cc);
    assert_non_null(handler_registry_launching(r, cc, &started)); /* not launching any more */
}

/* A launch whose start has not returned is remembered, though it is over. */
static void launch_to_its_end(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(false, WITH(FIX_LAUNCH_TO_ITS_END));
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started), *other;
    s->starting = true;
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    told = (struct rt_buf){ 0 };
    assert_null(handler_registry_deregister(r, cc, h, NULL));
    assert_told("handler removed own;");
    other = handler_registry_launching(r, cc, &started);
    assert_true(started && other != s);
    assert_error(launch_state_err(other), "the last start of mycc:1.0 has not ended yet");
    told = (struct rt_buf){ 0 };
    handler_registry_start_returned(r, cc, s);
    assert_told("launching removed own;");
    assert_true(handler_registry_launching(r, cc, &started) != s);
    assert_false(started);
}

/* If somebody registered for it meanwhile, it stays; and if nothing happened, too. */
static void launch_goes_on(void *arg)
{
    (void)arg;
    for (int forgotten = 0; forgotten < 2; forgotten++) {
        struct handler_registry *r = registry(true, WITH(FIX_LAUNCH_TO_ITS_END));
        bool started;
        struct launch_state *s = handler_registry_launching(r, cc, &started);
        s->starting = true;
        if (forgotten) {
            struct handler *h = a_handler();
            assert_null(handler_registry_register(r, h));
            assert_null(handler_registry_deregister(r, cc, h, NULL));
            assert_null(handler_registry_register(r, a_handler()));
        }
        told = (struct rt_buf){ 0 };
        handler_registry_start_returned(r, cc, s);
        assert_told("");
        assert_ptr_equal(handler_registry_launching(r, cc, &started), s);
    }
}

/* Without the repair nothing is remembered. */
static void start_without_the_repair(void *arg)
{
    (void)arg;
    struct handler_registry *r = registry(true, 0);
    bool started;
    struct launch_state *s = handler_registry_launching(r, cc, &started);
    s->starting = true;
    struct handler *h = a_handler();
    assert_null(handler_registry_register(r, h));
    assert_null(handler_registry_deregister(r, cc, h, NULL));
    assert_true(handler_registry_launching(r, cc, &started) != s);
}

static void told_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    (void)self, (void)time_ns, (void)choice_index, (void)fiber;
    if (op->kind == RT_OP_READ || op->kind == RT_OP_WRITE)
        rt_buf_printf(&told, "%s %s;", rt_op_kind_name(op->kind), op->object_name);
}

static void notified_twice(void *arg)
{
    (void)arg;
    struct launch_state *s = launch_state_new(&observer, WITH(DOUBLE_NOTIFY));
    told = (struct rt_buf){ 0 };
    launch_state_notify(s, NULL);
    launch_state_notify(s, rt_errorf("late"));
}

/* The second outcome is told before it closes the channel again, which ends the process. */
static void test_notified_twice(void **state)
{
    (void)state;
    struct rt_sink sink = { .step = told_step };
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ .sink = &sink, .track_races = true });
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "main", notified_twice, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_string_equal(rt_cstr(rt_proc_panic(p)), "close of closed channel");
    assert_told("write LaunchState.err;launch notified own;"
                "write LaunchState.err;launch notified;");
    rt_end(rt);
    rt_machine_free(rt);
}

/* ---- marks ---- */

static void reads_and_writes(void *arg)
{
    (void)arg;
    struct launch_state *s = launch_state_new(NULL, 0);
    told = (struct rt_buf){ 0 };
    launch_state_notify(s, NULL);
    assert_told("write LaunchState.err;");
    launch_state_notify(s, NULL);
    assert_told("");
    RT_DROP(launch_state_err(s));
    assert_told("read LaunchState.err;");
}

static void test_marks(void **state)
{
    (void)state;
    struct rt_sink sink = { .step = told_step };
    support_run(&(struct rt_config){ .sink = &sink, .track_races = true }, reads_and_writes, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_GOROUTINE(names),
        IN_GOROUTINE(one_launch),
        IN_GOROUTINE(failed_launch),
        IN_GOROUTINE(unsolicited),
        IN_GOROUTINE(deregistration),
        IN_GOROUTINE(others_entries),
        IN_GOROUTINE(forgotten_handler),
        IN_GOROUTINE(own_entries_only),
        IN_GOROUTINE(ready_first),
        IN_GOROUTINE(rejected_while_launching),
        IN_GOROUTINE(launch_to_its_end),
        IN_GOROUTINE(launch_goes_on),
        IN_GOROUTINE(start_without_the_repair),
        cmocka_unit_test(test_notified_twice),
        cmocka_unit_test(test_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
