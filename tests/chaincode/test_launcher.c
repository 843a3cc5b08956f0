/* Launch over a fake runtime: the three outcomes with their times, errors and metrics, what is
 * stopped and forgotten, and what waiters get. By core/chaincode/runtime_launcher.go. */
#include "model/chaincode/runtime_launcher.h"

#include "model/lab/metrics.h"
#include "model/rt/trace.h"
#include "tests/chaincode/helper_handler.h"

#include <string.h>

struct fixture {
    struct runtime_launcher launcher;
    struct chaincode_container_info ccci;
    struct rt_buf log;
    struct rt_error *start_err, *package_err, *wait_err;
    int64_t start_takes, runs_for; /* ns; the container's exit code is 7 */
    struct rt_error *err;          /* of the last launch in a goroutine */
    struct rt_chan *done;
};

static struct rt_error *start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    struct fixture *f = self;
    assert_ptr_equal(ccci, &f->ccci);
    rt_buf_printf(&f->log, "start(%S);", code_package);
    rt_sleep_ns(f->start_takes);
    return f->start_err;
}

static struct rt_error *stop(void *self, struct chaincode_container_info *ccci)
{
    struct fixture *f = self;
    assert_ptr_equal(ccci, &f->ccci);
    rt_buf_putz(&f->log, "stop;");
    return rt_errorf("that is dropped");
}

static struct rt_error *wait(void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    struct fixture *f = self;
    assert_ptr_equal(ccci, &f->ccci);
    rt_buf_putz(&f->log, "wait;");
    rt_sleep_ns(f->runs_for);
    *exit_code = 7;
    return f->wait_err;
}

static struct rt_error *package(void *self, rt_str name, rt_str version, rt_bytes *code)
{
    struct fixture *f = self;
    rt_buf_printf(&f->log, "package(%S,%S);", name, version);
    *code = RT_STR("code");
    return f->package_err;
}

static void observe(void *self, const struct observed *event)
{
    struct fixture *f = self;
    rt_buf_printf(&f->log, "%s%s%s;", observed_kind_name(event->kind), event->own ? " own" : "",
            event->err ? " err" : "");
}

static struct fixture *fixture_new(bool observed)
{
    struct fixture *f = rt_new(struct fixture);
    struct observer *observer = rt_new(struct observer);
    *observer = (struct observer){ f, observe };
    f->launcher = (struct runtime_launcher){ .runtime = { f, start, stop, wait },
        .registry = handler_registry_new(false),
        .package_provider = { f, package },
        .startup_timeout_ns = 5 * RT_SECOND,
        .metrics = metrics_new(),
        .observer = observed ? observer : NULL };
    f->launcher.registry->observer = f->launcher.observer;
    f->ccci = (struct chaincode_container_info){
        .name = RT_STR("mycc"), .version = RT_STR("1.0"), .container_type = RT_STR("DOCKER")
    };
    f->runs_for = 100 * RT_SECOND;
    f->done = rt_chan_make(10, "done");
    return f;
}

static struct rt_error *launch(struct fixture *f)
{
    struct launcher launcher = runtime_launcher_interface(&f->launcher);
    return launcher.launch(launcher.self, &f->ccci);
}

static void launch_there(void *arg)
{
    struct fixture *f = arg;
    f->err = launch(f);
    rt_send(f->done, f->err);
}

static const rt_str cc = RT_STR_INIT("mycc:1.0");

static void assert_failure(struct fixture *f, const char *text)
{
    struct rt_error *err = launch(f);
    assert_non_null(err);
    assert_string_equal(rt_cstr(err->text), text);
}

static void assert_calls(struct fixture *f, const char *expected)
{
    assert_string_equal(rt_cstr(rt_buf_str(&f->log)), expected);
    f->log = (struct rt_buf){ 0 };
}

/* How often with these labels, and the sum in seconds. */
static void assert_metric(struct fixture *f, const struct metric_opts *opts, const char *success,
        uint64_t count, double sum)
{
    for (const struct metric_series *s = f->launcher.metrics->series; s; s = s->next) {
        if (s->opts != opts || (success && !rt_str_is(s->values[1], success)))
            continue;
        assert_true(rt_str_eq(s->values[0], cc));
        assert_int_equal(s->count, count);
        assert_true(s->sum == sum);
        return;
    }
    assert_int_equal(count, 0);
}

static bool is_launching(struct fixture *f)
{
    return rt_map_has(f->launcher.registry->launching, cc);
}

/* ---- outcomes ---- */

static void ready_after_a_second(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(true);
    rt_go("launch", launch_there, f);
    rt_sleep_ns(RT_SECOND);
    static struct handler_environment env;
    handler_registry_ready(f->launcher.registry, cc, handler_new(&env));
    rt_recv(f->done, NULL);
    assert_null(f->err);
    assert_int_equal(rt_now_ns(), RT_SECOND);
    assert_calls(f, "launch begins;launching added;package(mycc,1.0);runtime start;start(code);"
                    "runtime started;wait;launch notified own;launch ends own;");
    assert_metric(f, &metric_launch_duration, "true", 1, 1.0);
    assert_metric(f, &metric_launch_duration, "false", 0, 0);
    assert_metric(f, &metric_launch_failures, NULL, 0, 0);
    assert_true(is_launching(f));
}

static void start_fails(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(true);
    f->start_err = rt_errorf("no luck");
    f->start_takes = 2 * RT_SECOND;
    assert_failure(f, "error starting container: no luck");
    assert_calls(f, "launch begins;launching added;package(mycc,1.0);runtime start;start(code);"
                    "runtime started err;launch notified own err;runtime stop;stop;"
                    "runtime stopped err;launching removed own;launch ends own err;");
    assert_int_equal(rt_now_ns(), 2 * RT_SECOND);
    assert_metric(f, &metric_launch_duration, "false", 1, 2.0);
    assert_metric(f, &metric_launch_failures, NULL, 1, 0);
    assert_metric(f, &metric_launch_timeouts, NULL, 0, 0);
    assert_false(is_launching(f));
}

static void times_out(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    assert_failure(f, "timeout expired while starting chaincode mycc:1.0 for transaction");
    assert_int_equal(rt_now_ns(), 5 * RT_SECOND);
    assert_calls(f, "package(mycc,1.0);start(code);wait;stop;");
    assert_metric(f, &metric_launch_duration, "false", 1, 5.0);
    assert_metric(f, &metric_launch_timeouts, NULL, 1, 0);
    assert_metric(f, &metric_launch_failures, NULL, 0, 0);
    assert_false(is_launching(f));
}

static void exits(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(true);
    f->runs_for = RT_SECOND;
    assert_failure(f, "chaincode registration failed: container exited with 7");
    assert_int_equal(rt_now_ns(), RT_SECOND);
    assert_calls(f, "launch begins;launching added;package(mycc,1.0);runtime start;start(code);"
                    "runtime started;wait;runtime exited;launch notified own err;runtime stop;stop;"
                    "runtime stopped err;launching removed own;launch ends own err;");
    assert_metric(f, &metric_launch_duration, "false", 1, 1.0);
    assert_metric(f, &metric_launch_failures, NULL, 0, 0);
}

static void wait_fails(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->runs_for = RT_SECOND;
    f->wait_err = rt_errorf("no luck");
    assert_failure(f, "chaincode registration failed: failed to wait on container exit: no luck");
}

/* Nobody tells the waiters, nothing is stopped or counted: so in 1.4.2. */
static void no_package(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(true);
    f->package_err = rt_errorf("no luck");
    assert_failure(f, "failed to get chaincode package: no luck");
    assert_calls(f, "launch begins;launching added;package(mycc,1.0);launch ends own err;");
    assert_metric(f, &metric_launch_duration, "false", 0, 0);
    assert_true(is_launching(f));
}

static void system_chaincode(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->ccci.container_type = RT_STR("SYSTEM");
    f->package_err = rt_errorf("nobody asks");
    f->start_err = rt_errorf("no luck");
    assert_failure(f, "error starting container: no luck");
    assert_calls(f, "start();stop;");
}

/* A second launch gets the first one's outcome, stops nothing and counts as a success. */
static void waiter(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->runs_for = 3 * RT_SECOND;
    rt_go("first", launch_there, f);
    rt_sleep_ns(RT_SECOND);
    assert_failure(f, "chaincode registration failed: container exited with 7");
    rt_recv(f->done, NULL);
    assert_calls(f, "package(mycc,1.0);start(code);wait;stop;");
    assert_metric(f, &metric_launch_duration, "true", 1, 2.0);
    assert_metric(f, &metric_launch_duration, "false", 1, 3.0);
}

/* ---- variants ---- */

static void package_error_is_told(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(true);
    f->launcher.variants = f->launcher.registry->variants = WITH(FIX_PACKAGE_ERROR);
    f->package_err = rt_errorf("no luck");
    assert_failure(f, "failed to get chaincode package: no luck");
    assert_calls(f, "launch begins;launching added;package(mycc,1.0);launch notified own err;"
                    "launching removed own;launch ends own err;");
    assert_false(is_launching(f));
}

/* The timer begins when the start has returned, in the launch's own goroutine. */
static void timer_after_start(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->launcher.variants = WITH(TIMER_AFTER_START);
    f->start_takes = 7 * RT_SECOND;
    assert_failure(f, "timeout expired while starting chaincode mycc:1.0 for transaction");
    assert_int_equal(rt_now_ns(), 12 * RT_SECOND);
    f->start_err = rt_errorf("no luck");
    assert_failure(f, "error starting container: no luck");
    assert_int_equal(rt_now_ns(), 19 * RT_SECOND);
}

static void timer_after_start_exits(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->launcher.variants = WITH(TIMER_AFTER_START);
    f->start_takes = f->runs_for = RT_SECOND;
    assert_failure(f, "chaincode registration failed: container exited with 7");
    assert_int_equal(rt_now_ns(), 2 * RT_SECOND);
}

/* With the repairs, too; and only with them. */
static void timer_after_start_without_package(void *arg)
{
    (void)arg;
    for (int repaired = 0; repaired < 2; repaired++) {
        struct fixture *f = fixture_new(false);
        f->launcher.variants = WITH(TIMER_AFTER_START) | (repaired ? WITH(FIX_PACKAGE_ERROR) : 0);
        f->package_err = rt_errorf("no luck");
        assert_failure(f, "failed to get chaincode package: no luck");
        assert_int_equal(is_launching(f), !repaired);
        f->package_err = NULL;
        if (repaired) /* without an error nothing is told */
            assert_failure(f, "timeout expired while starting chaincode mycc:1.0 for transaction");
    }
}

static void rejected_while_launching(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->launcher.variants = f->launcher.registry->variants = WITH(LAUNCH_IN_PROGRESS_REJECTED);
    f->runs_for = 2 * RT_SECOND;
    rt_go("first", launch_there, f);
    rt_sleep_ns(RT_SECOND);
    assert_failure(f, "failed to register mycc:1.0 as launching: chaincode mycc:1.0 has already "
                      "been launched");
    rt_recv(f->done, NULL);
    assert_string_equal(
            rt_cstr(f->err->text), "chaincode registration failed: container exited with 7");
}

static uint32_t left_of_a_late_start_error(uint64_t variants)
{
    struct fixture *f = fixture_new(false);
    f->launcher.variants = variants;
    f->start_takes = 7 * RT_SECOND;
    f->start_err = rt_errorf("late");
    assert_failure(f, "timeout expired while starting chaincode mycc:1.0 for transaction");
    rt_sleep_ns(10 * RT_SECOND);
    uint32_t left;
    (void)rt_fibers(rt_current(), &left);
    return left - 1;
}

static void start_error_leak(void *arg)
{
    (void)arg;
    assert_int_equal(left_of_a_late_start_error(0), 0);
    assert_int_equal(left_of_a_late_start_error(WITH(START_ERROR_LEAK)), 1);
}

/* Registered and a start error at once: an error in 1.4.2 if the select takes it. */
static bool late_start_error(uint64_t variants, struct rt_error *notified)
{
    struct fixture *f = fixture_new(false);
    f->launcher.variants = variants;
    f->start_err = rt_errorf("late");
    f->start_takes = RT_SECOND;
    rt_go("caller", launch_there, f);
    rt_sleep_ns(RT_SECOND);
    static struct handler_environment env;
    if (notified)
        handler_registry_failed(f->launcher.registry, cc, handler_new(&env), notified);
    else
        handler_registry_ready(f->launcher.registry, cc, handler_new(&env));
    rt_recv(f->done, NULL);
    return !f->err;
}

/* The caller goes on last, and takes the last of the cases that are ready. */
static uint32_t caller_last(void *self, const struct rt_choice *c)
{
    (void)self;
    if (c->kind == RT_CHOICE_SELECT)
        return c->options - 1;
    uint32_t i = 0;
    while (c->kind == RT_CHOICE_FIBER && i < c->options - 1 && c->fibers[i] &&
            strcmp(rt_fiber_name(c->fibers[i]), "caller") == 0)
        i++;
    return i;
}

static void late_start_errors(void *arg)
{
    (void)arg;
    assert_false(late_start_error(0, NULL));
    assert_true(late_start_error(WITH(FIX_LATE_START_ERROR), NULL));
    assert_false(late_start_error(WITH(FIX_LATE_START_ERROR), rt_errorf("it failed, too")));
}

static void test_late_start_errors(void **state)
{
    (void)state;
    const struct rt_source source = { .choose = caller_last };
    support_run(&(struct rt_config){ .source = &source }, late_start_errors, NULL);
}

static void start_without_late_error(void *arg)
{
    (void)arg;
    struct fixture *f = fixture_new(false);
    f->launcher.variants = WITH(FIX_LATE_START_ERROR);
    f->start_err = rt_errorf("no luck");
    assert_failure(f, "error starting container: no luck"); /* nobody has registered */
}

/* The registry hears when the start has returned, where it is to know. */
static void start_is_over(void *arg)
{
    (void)arg;
    for (int early = 0; early < 2; early++) {
        struct fixture *f = fixture_new(false);
        f->launcher.variants = f->launcher.registry->variants =
                WITH(FIX_LAUNCH_TO_ITS_END) | (early ? 0 : WITH(TIMER_AFTER_START));
        f->start_takes = 2 * RT_SECOND;
        rt_go("launch", launch_there, f);
        rt_sleep_ns(RT_SECOND);
        const struct launch_state *s = rt_map_get(f->launcher.registry->launching, cc);
        assert_true(s->starting);
        rt_sleep_ns(2 * RT_SECOND);
        assert_false(s->starting);
        rt_recv(f->done, NULL);
    }
}

static void told_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    (void)time_ns, (void)fiber;
    rt_buf_printf(self, "%S; ", text);
}

static void notes(void *arg)
{
    struct rt_buf *told = arg;
    struct fixture *f = fixture_new(false);
    assert_failure(f, "timeout expired while starting chaincode mycc:1.0 for transaction");
    assert_string_equal(rt_cstr(rt_buf_str(told)),
            "stopping mycc:1.0: timeout expired while starting chaincode mycc:1.0 for "
            "transaction; ");
}

static void test_notes(void **state)
{
    (void)state;
    struct rt_buf told = { 0 };
    struct rt_sink sink = { .self = &told, .note = told_note };
    support_run(&(struct rt_config){ .sink = &sink }, notes, &told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_GOROUTINE(ready_after_a_second),
        IN_GOROUTINE(start_fails),
        IN_GOROUTINE(times_out),
        IN_GOROUTINE(exits),
        IN_GOROUTINE(wait_fails),
        IN_GOROUTINE(no_package),
        IN_GOROUTINE(system_chaincode),
        IN_GOROUTINE(waiter),
        IN_GOROUTINE(package_error_is_told),
        IN_GOROUTINE(timer_after_start),
        IN_GOROUTINE(timer_after_start_exits),
        IN_GOROUTINE(timer_after_start_without_package),
        IN_GOROUTINE(rejected_while_launching),
        IN_GOROUTINE(start_error_leak),
        cmocka_unit_test(test_late_start_errors),
        IN_GOROUTINE(start_without_late_error),
        IN_GOROUTINE(start_is_over),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
