/* Follows core/chaincode/handler_registry.go. */
#include "model/chaincode/handler_registry.h"

#include "model/chaincode/handler.h"
#include "model/lab/variants.h"
#include "model/rt/trace.h"

/* Variants, at the end of this file. */
static void double_notify(struct launch_state *l, struct rt_error *err);
static struct launch_state *fix_launch_to_its_end(const struct handler_registry *r, rt_str cname);
static struct launch_state *fix_ready_first(struct handler_registry *r, rt_str cname);

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

static void tell_notified(struct launch_state *l, struct rt_error *err)
{
    observer_tell(l->observer, .kind = OBSERVED_LAUNCH_NOTIFIED, .state = l, .err = err,
            .own = !l->notified);
}

void launch_state_notify(struct launch_state *l, struct rt_error *err)
{
    rt_lock(&l->mutex);
    if (variant_on(l->variants, VARIANT_DOUBLE_NOTIFY) && l->notified)
        double_notify(l, err);
    if (!l->notified) {
        rt_shared_write(&l->err, "LaunchState.err");
        tell_notified(l, err);
        l->notified = true;
        l->err = err;
        rt_close(l->done);
    } else {
        tell_notified(l, err);
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

static struct launch_state *launching_locked(
        struct handler_registry *r, rt_str cname, bool *started)
{
    struct launch_state *state = rt_map_get(r->launching, cname);
    *started = true;
    if (variant_on(r->variants, VARIANT_LAUNCH_IN_PROGRESS_REJECTED) &&
            (state || rt_map_has(r->handlers, cname)))
        return NULL;
    if (variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END) && state && state->forgotten)
        return fix_launch_to_its_end(r, cname);
    if (state)
        return state;
    if (rt_map_has(r->handlers, cname)) {
        /* It came without a launch, as in dev mode. */
        state = launch_state_new(r->observer, r->variants);
        launch_state_notify(state, NULL);
        return state;
    }
    *started = false;
    state = launch_state_new(r->observer, r->variants);
    if (variant_on(r->variants, VARIANT_TWO_CONTAINERS))
        return state; /* noted by handler_registry_two_containers() */
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

/* The launch that hears of the outcome: whatever is launching. */
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
    if (variant_on(r->variants, VARIANT_FIX_READY_FIRST))
        h->ready = true; /* for handler_registry_handler() */
    struct launch_state *state = launch_to_tell(r, cname, h);
    if (variant_on(r->variants, VARIANT_LAUNCH_IN_PROGRESS_REJECTED) && state)
        rt_map_delete(r->launching, cname);
    if (state)
        launch_state_notify(state, NULL);
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
    if (variant_on(r->variants, VARIANT_FIX_READY_FIRST) && h && !h->ready)
        h = NULL;
    rt_unlock(&r->mutex);
    return h;
}

static struct rt_error *register_locked(struct handler_registry *r, struct handler *h)
{
    rt_str key = handler_chaincode_id(h);
    struct launch_state *state = rt_map_get(r->launching, key);
    bool unsolicited_allowed = r->allow_unsolicited_registration;
    if (variant_on(r->variants, VARIANT_UNSOLICITED_REGISTRATION))
        unsolicited_allowed = true;
    if (rt_map_has(r->handlers, key))
        return rt_errorf("duplicate chaincodeID: %S", key);
    if (!state && !unsolicited_allowed)
        return rt_errorf(
                "peer will not accept external chaincode connection %S (except in dev mode)", key);
    if (variant_on(r->variants, VARIANT_FIX_READY_FIRST) && !state)
        state = fix_ready_first(r, key);
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

/* delete(r.handlers, cname). */
static void delete_handler(
        struct handler_registry *r, rt_str cname, struct handler *handler, bool own)
{
    if (!handler)
        return;
    rt_map_delete(r->handlers, cname);
    observer_tell(r->observer, .kind = OBSERVED_HANDLER_REMOVED, .cname = cname, .handler = handler,
            .own = own);
}

/* delete(r.launching, cname). */
static void delete_launching(
        struct handler_registry *r, rt_str cname, struct launch_state *state, bool own)
{
    if (!state)
        return;
    if (variant_on(r->variants, VARIANT_FIX_LAUNCH_TO_ITS_END) && state->starting) {
        state->forgotten = true; /* deleted by handler_registry_start_returned() */
        return;
    }
    rt_map_delete(r->launching, cname);
    observer_tell(r->observer, .kind = OBSERVED_LAUNCHING_REMOVED, .cname = cname, .state = state,
            .own = own);
}

struct rt_error *handler_registry_deregister(struct handler_registry *r, rt_str cname,
        const struct handler *by_handler, const struct launch_state *by_launch)
{
    rt_lock(&r->mutex);
    struct handler *handler = rt_map_get(r->handlers, cname);
    struct launch_state *state = rt_map_get(r->launching, cname);
    /* Whose they are matters to watchers, not to 1.4.2. */
    bool own_handler = handler && (by_handler ? handler == by_handler
                                              : by_launch && handler->launched_by == by_launch);
    bool own_state = state && (by_handler ? state == by_handler->launched_by : state == by_launch);
    if (variant_on(r->variants, VARIANT_FIX_DEREGISTER_OWN) && !own_handler)
        handler = NULL;
    if (variant_on(r->variants, VARIANT_FIX_DEREGISTER_OWN) && !own_state)
        state = NULL;
    delete_handler(r, cname, handler, own_handler);
    delete_launching(r, cname, state, own_state);
    rt_unlock(&r->mutex);
    if (!handler)
        return rt_errorf("could not find handler: %S", cname);
    handler_close(handler);
    rt_note("deregistered %S", cname);
    return NULL;
}

/* ---- variants ---- */

/* Does not return: the channel is closed already. */
static void double_notify(struct launch_state *l, struct rt_error *err)
{
    rt_shared_write(&l->err, "LaunchState.err");
    tell_notified(l, err);
    l->err = err;
    rt_close(l->done);
}

/* A launch is over, but for its start; nothing else can begin yet. */
static struct launch_state *fix_launch_to_its_end(const struct handler_registry *r, rt_str cname)
{
    struct launch_state *state = launch_state_new(r->observer, r->variants);
    launch_state_notify(state, rt_errorf("the last start of %S has not ended yet", cname));
    return state;
}

/* FIX_LAUNCH_TO_ITS_END: what was to be forgotten during the start is forgotten now. */
void handler_registry_start_returned(
        struct handler_registry *r, rt_str cname, struct launch_state *state)
{
    rt_lock(&r->mutex);
    state->starting = false;
    const struct handler *h = rt_map_get(r->handlers, cname);
    bool used = h && h->launched_by == state; /* by one that came after the first */
    if (state->forgotten && !used && rt_map_get(r->launching, cname) == state)
        delete_launching(r, cname, state, true);
    state->forgotten = false;
    rt_unlock(&r->mutex);
}

/* Nobody launched it, but its READY can be waited for all the same. */
static struct launch_state *fix_ready_first(struct handler_registry *r, rt_str cname)
{
    struct launch_state *state = launch_state_new(r->observer, r->variants);
    add_launching(r, cname, state);
    return state;
}

void handler_registry_two_containers(
        struct handler_registry *r, rt_str cname, struct launch_state *state)
{
    rt_lock(&r->mutex);
    add_launching(r, cname, state);
    rt_unlock(&r->mutex);
}

/* START_ERROR_FORGETS, DEV_MODE_STOP. */
void handler_registry_forget_handler(struct handler_registry *r, rt_str cname)
{
    rt_lock(&r->mutex);
    delete_handler(r, cname, rt_map_get(r->handlers, cname), false);
    rt_unlock(&r->mutex);
}
