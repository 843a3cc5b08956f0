/* Follows core/chaincode/runtime_launcher.go. */
#include "model/chaincode/runtime_launcher.h"

#include "model/container/vm.h"
#include "model/lab/variants.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* One call of Launch, and what its goroutine shares with it. */
struct launch {
    struct runtime_launcher *r;
    struct chaincode_container_info *ccci;
    rt_str cname;
    struct launch_state *state;
    struct rt_chan *start_fail; /* of struct rt_error *; NULL for a launch that only waits */
    struct rt_timer *timeout;   /* NULL likewise */
    rt_bytes code_package;
};

/* Variants, at the end of this file. */
static struct rt_error *launch_in_progress_rejected(const struct launch *l);
static struct rt_error *timer_after_start(struct launch *l);
static void fix_package_error(struct launch *l, struct rt_error *err);
static bool fix_late_start_error(struct launch *l);
static struct rt_error *fix_stop_apart(struct launch *l, int64_t start_time, struct rt_error *err);
static bool run_by_hand(const struct launch *l);
static struct rt_error *fix_dev_mode_launch(const struct launch *l);

/* ---- the goroutine that starts the container and waits for its end ---- */

/* Runtime.Start. */
static struct rt_error *runtime_start(struct launch *l)
{
    const struct runtime_launcher *r = l->r;
    if (variant_on(r->variants, VARIANT_TWO_CONTAINERS))
        handler_registry_two_containers(r->registry, l->cname, l->state);
    observer_tell(
            r->observer, .kind = OBSERVED_RUNTIME_START, .cname = l->cname, .state = l->state);
    struct rt_error *err = r->runtime.start(r->runtime.self, l->ccci, l->code_package);
    observer_tell(r->observer, .kind = OBSERVED_RUNTIME_STARTED, .cname = l->cname,
            .state = l->state, .err = err);
    if (variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END))
        handler_registry_start_returned(r->registry, l->cname, l->state);
    if (variant_on(r->variants, VARIANT_START_ERROR_FORGETS) && err)
        handler_registry_forget_handler(r->registry, l->cname);
    return rt_error_wrap(err, "error starting container");
}

/* Runtime.Wait. */
static struct rt_error *runtime_wait(struct launch *l, int64_t *exit_code)
{
    const struct runtime_launcher *r = l->r;
    /* A system chaincode never ends by itself. */
    if (rt_str_is(l->ccci->container_type, CONTAINER_TYPE_INPROC))
        rt_daemon();
    struct rt_error *err = r->runtime.wait(r->runtime.self, l->ccci, exit_code);
    observer_tell(r->observer, .kind = OBSERVED_RUNTIME_EXITED, .cname = l->cname,
            .state = l->state, .err = err);
    return err;
}

static void wait_for_exit(struct launch *l)
{
    if (variant_on(l->r->variants, VARIANT_EXIT_UNOBSERVED))
        return;
    int64_t exit_code = 0;
    struct rt_error *err = runtime_wait(l, &exit_code);
    if (err)
        launch_state_notify(l->state, rt_error_wrap(err, "failed to wait on container exit"));
    launch_state_notify(l->state, rt_errorf("container exited with %lld", (long long)exit_code));
}

static void start_and_wait(void *arg)
{
    struct launch *l = arg;
    struct rt_error *err = runtime_start(l);
    if (err) {
        rt_send(l->start_fail, err);
        return;
    }
    wait_for_exit(l);
}

/* ---- Launch ---- */

/* getCodePackage. */
static struct rt_error *get_code_package(struct launch *l)
{
    if (rt_str_is(l->ccci->container_type, CONTAINER_TYPE_INPROC))
        return NULL;
    const struct package_provider *p = &l->r->package_provider;
    struct rt_error *err = p->get_chaincode_code_package(
            p->self, l->ccci->name, l->ccci->version, &l->code_package);
    return rt_error_wrap(err, "failed to get chaincode package");
}

/* What a launch does that is the first: it fails at once without a package, and then nobody tells
 * those who wait for its state. */
static struct rt_error *begin(struct launch *l)
{
    const struct runtime_launcher *r = l->r;
    size_t capacity = 1;
    if (variant_on(r->variants, VARIANT_START_ERROR_LEAK))
        capacity = 0;
    l->start_fail = rt_chan_make(capacity, "startFailCh");
    if (variant_on(r->variants, VARIANT_TIMER_AFTER_START))
        return timer_after_start(l);
    l->timeout = rt_timer_new(r->startup_timeout_ns, "startup timeout");
    struct rt_error *err = get_code_package(l);
    if (variant_on(r->variants, VARIANT_FIX_PACKAGE_ERROR) && err)
        fix_package_error(l, err);
    if (err)
        return err;
    if (variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END))
        l->state->starting = true; /* until runtime_start() is over */
    rt_go("launch", start_and_wait, l);
    return NULL;
}

/* The outcome: registered, start error or timeout. */
static struct rt_error *await(struct launch *l)
{
    const struct runtime_launcher *r = l->r;
    struct rt_case cases[] = {
        RT_RECV(launch_state_done(l->state)),
        RT_RECV(l->start_fail),
        RT_RECV(l->timeout ? rt_timer_chan(l->timeout) : NULL),
    };
    struct rt_error *err = NULL;
    switch (rt_select(cases, 3)) {
    case 0:
        return rt_error_wrap(launch_state_err(l->state), "chaincode registration failed");
    case 1:
        err = cases[1].value;
        launch_state_notify(l->state, err);
        if (variant_on(r->variants, VARIANT_FIX_LATE_START_ERROR) && fix_late_start_error(l))
            return NULL;
        metrics_add(r->metrics, &metric_launch_failures, &l->cname);
        return err;
    default:
        err = rt_errorf("timeout expired while starting chaincode %S for transaction", l->cname);
        launch_state_notify(l->state, err);
        if (variant_on(r->variants, VARIANT_FIX_LATE_START_ERROR) && fix_late_start_error(l))
            return NULL;
        metrics_add(r->metrics, &metric_launch_timeouts, &l->cname);
        return err;
    }
}

static void stop(struct launch *l, struct rt_error *cause)
{
    const struct runtime_launcher *r = l->r;
    rt_note("stopping %S: %v", l->cname, cause);
    observer_tell(r->observer, .kind = OBSERVED_RUNTIME_STOP, .cname = l->cname, .state = l->state);
    struct rt_error *err = r->runtime.stop(r->runtime.self, l->ccci);
    observer_tell(r->observer, .kind = OBSERVED_RUNTIME_STOPPED, .cname = l->cname,
            .state = l->state, .err = err);
}

static void observe_duration(const struct launch *l, int64_t start_time, bool success)
{
    const rt_str labels[] = { l->cname, success ? RT_STR("true") : RT_STR("false") };
    metrics_observe(l->r->metrics, &metric_launch_duration, labels,
            (double)(rt_now_ns() - start_time) / (double)RT_SECOND);
}

static struct rt_error *launch(struct launch *l, bool *already_started)
{
    int64_t start_time = rt_now_ns();
    struct runtime_launcher *r = l->r;
    if (variant_on(r->variants, VARIANT_FIX_DEV_MODE_LAUNCH) && run_by_hand(l))
        return fix_dev_mode_launch(l);
    l->state = handler_registry_launching(r->registry, l->cname, already_started);
    if (variant_on(r->variants, VARIANT_LAUNCH_IN_PROGRESS_REJECTED) && !l->state)
        return launch_in_progress_rejected(l);
    if (variant_on(r->variants, VARIANT_HALF_STARTED_IS_RUNNING) && *already_started)
        return NULL;
    struct rt_error *err = *already_started ? NULL : begin(l);
    if (err)
        return err;
    err = await(l);
    bool success = !err || *already_started;
    if (variant_on(r->variants, VARIANT_FIX_STOP_APART) && !success)
        return fix_stop_apart(l, start_time, err);
    if (!success)
        stop(l, err);
    observe_duration(l, start_time, success);
    if (!success)
        RT_DROP(handler_registry_deregister(r->registry, l->cname, NULL, l->state));
    return err;
}

struct rt_error *runtime_launcher_launch(
        struct runtime_launcher *r, struct chaincode_container_info *ccci)
{
    struct launch *l = rt_new(struct launch);
    l->r = r;
    l->ccci = ccci;
    l->cname = chaincode_container_info_cname(ccci);
    bool already_started = false;
    observer_tell(r->observer, .kind = OBSERVED_LAUNCH_BEGIN, .cname = l->cname);
    struct rt_error *err = launch(l, &already_started);
    observer_tell(r->observer, .kind = OBSERVED_LAUNCH_END, .cname = l->cname, .err = err,
            .state = l->state, .own = !already_started);
    return err;
}

static struct rt_error *launch_interface(void *self, struct chaincode_container_info *ccci)
{
    return runtime_launcher_launch(self, ccci);
}

struct launcher runtime_launcher_interface(struct runtime_launcher *r)
{
    return (struct launcher){ r, launch_interface };
}

/* ---- variants ---- */

static struct rt_error *launch_in_progress_rejected(const struct launch *l)
{
    return rt_errorf("failed to register %S as launching: chaincode %S has already been launched",
            l->cname, l->cname);
}

static void timer_after_start_wait(void *arg)
{
    wait_for_exit(arg);
}

/* The rest of begin(): Launch itself starts the container, and only its end is left to a
 * goroutine. */
static struct rt_error *timer_after_start(struct launch *l)
{
    const struct runtime_launcher *r = l->r;
    struct rt_error *err = get_code_package(l);
    if (err && variant_on(r->variants, VARIANT_FIX_PACKAGE_ERROR))
        fix_package_error(l, err);
    if (err)
        return err;
    l->state->starting = variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END);
    err = runtime_start(l);
    if (err)
        rt_send(l->start_fail, err);
    else
        rt_go("launch", timer_after_start_wait, l);
    l->timeout = rt_timer_new(r->startup_timeout_ns, "startup timeout");
    return NULL;
}

static void fix_package_error(struct launch *l, struct rt_error *err)
{
    launch_state_notify(l->state, err);
    RT_DROP(handler_registry_deregister(l->r->registry, l->cname, NULL, l->state));
}

/* True if the error, or the timeout, came too late to decide: the chaincode has registered. */
static bool fix_late_start_error(struct launch *l)
{
    return !launch_state_err(l->state);
}

/* A chaincode of the user's in dev mode that has no handler. */
static bool run_by_hand(const struct launch *l)
{
    return l->r->registry->allow_unsolicited_registration &&
           !rt_str_is(l->ccci->container_type, CONTAINER_TYPE_INPROC) &&
           !handler_registry_handler(l->r->registry, l->cname);
}

static struct rt_error *fix_dev_mode_launch(const struct launch *l)
{
    return rt_errorf("%S is not running, and in dev mode its developer runs it", l->cname);
}

struct stop_apart {
    struct launch *l;
    struct rt_error *cause;
};

static void stop_apart(void *arg)
{
    const struct stop_apart *s = arg;
    struct launch *l = s->l;
    stop(l, s->cause);
    RT_DROP(handler_registry_deregister(l->r->registry, l->cname, NULL, l->state));
    l->state->stopping = false;
}

/* Who comes before the container is stopped finds the launch, and gets its error. */
static struct rt_error *fix_stop_apart(struct launch *l, int64_t start_time, struct rt_error *err)
{
    struct stop_apart *s = rt_new(struct stop_apart);
    *s = (struct stop_apart){ l, err };
    l->state->stopping = true;
    rt_go("stop", stop_apart, s);
    observe_duration(l, start_time, false);
    return err;
}
