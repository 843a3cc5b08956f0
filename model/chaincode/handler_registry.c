/* Follows core/chaincode/handler_registry.go. */
#include "model/chaincode/handler_registry.h"

#include "model/chaincode/handler.h"
#include "model/lab/variants.h"
#include "model/rt/trace.h"

/* ---- LaunchState ---- */

struct launch_state *launch_state_new(const struct observer *observer, uint64_t variants)
{
    struct launch_state *l = rt_new(struct launch_state);
    rt_mutex_init(&l->mutex, "LaunchState");
    l->done = rt_chan_make(0, "LaunchState.done");
    l->observer = observer;
    l->variants = variants;
    return l;
}

struct rt_chan *launch_state_done(struct launch_state *l)
{
    return l->done;
}

struct rt_error *launch_state_err(struct launch_state *l)
{
    rt_lock(&l->mutex);
    rt_shared_read(&l->err, "LaunchState.err");
    struct rt_error *err = l->err;
    rt_unlock(&l->mutex);
    return err;
}

void launch_state_notify(struct launch_state *l, struct rt_error *err)
{
    rt_lock(&l->mutex);
    bool decides = !l->notified || variant_on(l->variants, VARIANT_DOUBLE_NOTIFY);
    if (decides)
        rt_shared_write(&l->err, "LaunchState.err");
    observer_tell(l->observer, .kind = OBSERVED_LAUNCH_NOTIFIED, .state = l, .err = err,
            .own = !l->notified);
    if (decides) {
        l->notified = true;
        l->err = err;
        rt_close(l->done);
    }
    rt_unlock(&l->mutex);
}

/* ---- HandlerRegistry ---- */

struct handler_registry *handler_registry_new(bool allow_unsolicited_registration)
{
    struct handler_registry *r = rt_new(struct handler_registry);
    rt_mutex_init(&r->mutex, "HandlerRegistry");
    r->handlers = rt_map_new();
    r->launching = rt_map_new();
    r->allow_unsolicited_registration = allow_unsolicited_registration;
    return r;
}

static void add_launching(struct handler_registry *r, rt_str cname, struct launch_state *state)
{
    rt_map_put(r->launching, cname, state);
    observer_tell(r->observer, .kind = OBSERVED_LAUNCHING_ADDED, .cname = cname, .state = state);
}

/* With FIX_LAUNCH_TO_ITS_END: a launch is over, but for its start; nothing else can begin yet. */
static struct launch_state *still_starting(const struct handler_registry *r, rt_str cname)
{
    struct launch_state *state = launch_state_new(r->observer, r->variants);
    launch_state_notify(state, rt_errorf("the last start of %S has not ended yet", cname));
    return state;
}

static struct launch_state *launching_locked(
        struct handler_registry *r, rt_str cname, bool *started)
{
    struct launch_state *state = rt_map_get(r->launching, cname);
    bool registered = rt_map_has(r->handlers, cname);
    *started = true;
    if (variant_on(r->variants, VARIANT_LAUNCH_IN_PROGRESS_REJECTED) && (state || registered))
        return NULL;
    if (state)
        return state->forgotten ? still_starting(r, cname) : state;
    if (registered) {
        /* It came without a launch, as in dev mode. */
        state = launch_state_new(r->observer, r->variants);
        launch_state_notify(state, NULL);
        return state;
    }
    *started = false;
    state = launch_state_new(r->observer, r->variants);
    if (!variant_on(r->variants, VARIANT_TWO_CONTAINERS))
        add_launching(r, cname, state);
    return state;
}

struct launch_state *handler_registry_launching(
        struct handler_registry *r, rt_str cname, bool *started)
{
    rt_lock(&r->mutex);
    struct launch_state *state = launching_locked(r, cname, started);
    rt_unlock(&r->mutex);
    return state;
}

void handler_registry_prelaunch(
        struct handler_registry *r, rt_str cname, struct launch_state *state)
{
    rt_lock(&r->mutex);
    add_launching(r, cname, state);
    rt_unlock(&r->mutex);
}

/* The launch that hears of the outcome: whatever is launching, or only what h registered for. */
static struct launch_state *launch_to_tell(
        const struct handler_registry *r, rt_str cname, const struct handler *h)
{
    struct launch_state *state = rt_map_get(r->launching, cname);
    if (variant_on(r->variants, VARIANT_FIX_DEREGISTER_OWN) && state != h->launched_by)
        return NULL;
    return state;
}

void handler_registry_ready(struct handler_registry *r, rt_str cname, struct handler *h)
{
    rt_lock(&r->mutex);
    h->ready = true;
    struct launch_state *state = launch_to_tell(r, cname, h);
    if (state) {
        if (variant_on(r->variants, VARIANT_LAUNCH_IN_PROGRESS_REJECTED))
            rt_map_delete(r->launching, cname);
        launch_state_notify(state, NULL);
    }
    rt_unlock(&r->mutex);
}

void handler_registry_failed(
        struct handler_registry *r, rt_str cname, const struct handler *h, struct rt_error *err)
{
    rt_lock(&r->mutex);
    struct launch_state *state = launch_to_tell(r, cname, h);
    if (state)
        launch_state_notify(state, err);
    rt_unlock(&r->mutex);
}

struct handler *handler_registry_handler(struct handler_registry *r, rt_str cname)
{
    rt_lock(&r->mutex);
    struct handler *h = rt_map_get(r->handlers, cname);
    if (h && !h->ready && variant_on(r->variants, VARIANT_FIX_READY_FIRST))
        h = NULL;
    rt_unlock(&r->mutex);
    return h;
}

static struct rt_error *register_locked(struct handler_registry *r, struct handler *h)
{
    rt_str key = handler_chaincode_id(h);
    struct launch_state *state = rt_map_get(r->launching, key);
    if (rt_map_has(r->handlers, key))
        return rt_errorf("duplicate chaincodeID: %S", key);
    if (!state && !r->allow_unsolicited_registration &&
            !variant_on(r->variants, VARIANT_UNSOLICITED_REGISTRATION))
        return rt_errorf(
                "peer will not accept external chaincode connection %S (except in dev mode)", key);
    if (!state && variant_on(r->variants, VARIANT_FIX_READY_FIRST)) {
        /* Nobody launched it, but its READY can be waited for all the same. */
        state = launch_state_new(r->observer, r->variants);
        add_launching(r, key, state);
    }
    rt_map_put(r->handlers, key, h);
    h->launched_by = state;
    observer_tell(r->observer, .kind = OBSERVED_HANDLER_ADDED, .cname = key, .handler = h,
            .state = state);
    return NULL;
}

struct rt_error *handler_registry_register(struct handler_registry *r, struct handler *h)
{
    rt_lock(&r->mutex);
    struct rt_error *err = register_locked(r, h);
    rt_unlock(&r->mutex);
    return err;
}

static void remove_launching(
        struct handler_registry *r, rt_str cname, struct launch_state *state, bool own)
{
    if (state->starting && variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END)) {
        state->forgotten = true;
        return;
    }
    rt_map_delete(r->launching, cname);
    observer_tell(r->observer, .kind = OBSERVED_LAUNCHING_REMOVED, .cname = cname, .state = state,
            .own = own);
}

/* Removes both entries, with own_only those of the one who asks; returns the removed handler. */
static struct handler *remove_entries(struct handler_registry *r, rt_str cname,
        const struct handler *by_handler, const struct launch_state *by_launch, bool own_only)
{
    struct handler *handler = rt_map_get(r->handlers, cname);
    struct launch_state *state = rt_map_get(r->launching, cname);
    bool own_handler = handler && (by_handler ? handler == by_handler
                                              : by_launch && handler->launched_by == by_launch);
    bool own_state = state && (by_handler ? state == by_handler->launched_by : state == by_launch);
    if (handler && (own_handler || !own_only)) {
        rt_map_delete(r->handlers, cname);
        observer_tell(r->observer, .kind = OBSERVED_HANDLER_REMOVED, .cname = cname,
                .handler = handler, .own = own_handler);
    } else {
        handler = NULL;
    }
    if (state && (own_state || !own_only))
        remove_launching(r, cname, state, own_state);
    return handler;
}

void handler_registry_starting(
        struct handler_registry *r, rt_str cname, struct launch_state *state, bool starting)
{
    if (starting || !variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END)) {
        state->starting = starting;
        return;
    }
    rt_lock(&r->mutex);
    state->starting = false;
    const struct handler *h = rt_map_get(r->handlers, cname);
    bool used = h && h->launched_by == state; /* by one that came after the first */
    if (state->forgotten && !used && rt_map_get(r->launching, cname) == state)
        remove_launching(r, cname, state, true);
    state->forgotten = false;
    rt_unlock(&r->mutex);
}

struct rt_error *handler_registry_deregister(struct handler_registry *r, rt_str cname,
        const struct handler *by_handler, const struct launch_state *by_launch)
{
    bool own_only = variant_on(r->variants, VARIANT_FIX_DEREGISTER_OWN);
    rt_lock(&r->mutex);
    struct handler *handler = remove_entries(r, cname, by_handler, by_launch, own_only);
    rt_unlock(&r->mutex);
    if (!handler)
        return rt_errorf("could not find handler: %S", cname);
    handler_close(handler);
    rt_note("deregistered %S", cname);
    return NULL;
}

void handler_registry_forget_handler(struct handler_registry *r, rt_str cname)
{
    rt_lock(&r->mutex);
    struct handler *handler = rt_map_get(r->handlers, cname);
    if (handler) {
        rt_map_delete(r->handlers, cname);
        observer_tell(
                r->observer, .kind = OBSERVED_HANDLER_REMOVED, .cname = cname, .handler = handler);
    }
    rt_unlock(&r->mutex);
}
