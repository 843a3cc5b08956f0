/* Which chaincodes have a stream, and which are being launched.
 *
 * Follows core/chaincode/handler_registry.go. An entry of `launching` stays after a successful
 * launch until the chaincode is deregistered. */
#ifndef CCLAB_MODEL_CHAINCODE_HANDLER_REGISTRY_H
#define CCLAB_MODEL_CHAINCODE_HANDLER_REGISTRY_H

#include "model/lab/observer.h"
#include "model/rt/chan.h"
#include "model/rt/map.h"
#include "model/rt/sync.h"

struct handler;

/* LaunchState: done once, with an error or without. */
struct launch_state {
    struct rt_mutex mutex;
    bool notified;
    struct rt_chan *done; /* closed when notified */
    struct rt_error *err;
    const struct observer *observer;
    uint64_t variants; /* bits of enum variant */
    /* For the variant FIX_LAUNCH_TO_ITS_END. */
    bool starting;  /* its Runtime.Start has not returned */
    bool forgotten; /* to be removed when it has; under the registry's mutex */
    /* For the variant FIX_STOP_APART. */
    bool stopping; /* it has failed, and its container is being stopped */
};
/* Done: closed when the outcome is known. */
struct rt_chan *launch_state_done(struct launch_state *l);
/* Err: the outcome; NULL, too, as long as there is none. */
RT_MUST_USE struct rt_error *launch_state_err(struct launch_state *l);
/* Notify: the first call decides. */
void launch_state_notify(struct launch_state *l, struct rt_error *err);

struct handler_registry {
    bool allow_unsolicited_registration; /* the user runs chaincodes (dev mode) */
    struct rt_mutex mutex;
    struct rt_map *handlers;         /* name:version -> struct handler * */
    struct rt_map *launching;        /* name:version -> struct launch_state * */
    const struct observer *observer; /* may be NULL */
    uint64_t variants;               /* bits of enum variant */
};

/* NewHandlerRegistry: empty; the caller sets observer and variants. */
struct handler_registry *handler_registry_new(bool allow_unsolicited_registration);

/* NewLaunchState: not notified yet. */
struct launch_state *launch_state_new(const struct observer *observer, uint64_t variants);

/* Launching: the state of the launch of cname; *started is false when the caller has to start it.
 * NULL, only with the variant LAUNCH_IN_PROGRESS_REJECTED: the launch is refused. */
struct launch_state *handler_registry_launching(
        struct handler_registry *r, rt_str cname, bool *started);
/* Ready and Failed: tell the launch of cname, whose ever it is. `h`, the handler that is ready or
 * has failed, is for variants only. */
void handler_registry_ready(struct handler_registry *r, rt_str cname, struct handler *h);
void handler_registry_failed(
        struct handler_registry *r, rt_str cname, const struct handler *h, struct rt_error *err);
/* Handler: NULL if there is none. */
struct handler *handler_registry_handler(struct handler_registry *r, rt_str cname);
/* Register: fails if its name has a handler already, or if nobody launched it and unsolicited
 * registration is not allowed. */
RT_MUST_USE struct rt_error *handler_registry_register(
        struct handler_registry *r, struct handler *h);
/* Deregister: forgets the handler and the launch of cname, whoever they belong to, and closes the
 * handler. Who asks, the handler whose stream has ended or the launch that has failed (the other is
 * NULL), is for watchers and variants only: Fabric's function is not told. */
RT_MUST_USE struct rt_error *handler_registry_deregister(struct handler_registry *r, rt_str cname,
        const struct handler *by_handler, const struct launch_state *by_launch);

/* ---- variants ---- */

/* TWO_CONTAINERS: notes a launch that Launching did not. */
void handler_registry_two_containers(
        struct handler_registry *r, rt_str cname, struct launch_state *state);
/* FIX_LAUNCH_TO_ITS_END: the launch's Runtime.Start, noted in state->starting, has returned. */
void handler_registry_start_returned(
        struct handler_registry *r, rt_str cname, struct launch_state *state);
/* START_ERROR_FORGETS and DEV_MODE_STOP: drops the handler's entry alone. */
void handler_registry_forget_handler(struct handler_registry *r, rt_str cname);

#endif
