/* Follows core/container/inproccontroller/inproccontroller.go. */
#include "model/container/inproc_vm.h"

#include "model/lab/variants.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

const char inproc_sys_cc_registered_err[] = "inproccontroller.SysCCRegisteredErr";

/* Variants, at the end of this file. */
struct launch;
static bool inproc_unlocked(struct inproc_registry *r, const struct rt_map *map);
static void fix_inproc_ended(const struct launch *l);
static struct rt_error *inproc_stop_blocks(
        struct inproc_registry *r, struct inproc_container *ipc, rt_str name);

/* ---- the registry ---- */

struct inproc_registry *inproc_registry_new(void)
{
    struct inproc_registry *r = rt_new(struct inproc_registry);
    rt_mutex_init(&r->mutex, "inproccontroller.Registry");
    r->type_registry = rt_map_new();
    r->inst_registry = rt_map_new();
    return r;
}

static void lock(struct inproc_registry *r)
{
    if (variant_on(r->variants, VARIANT_INPROC_UNLOCKED))
        return;
    rt_lock(&r->mutex);
}

static void unlock(struct inproc_registry *r)
{
    if (variant_on(r->variants, VARIANT_INPROC_UNLOCKED))
        return;
    rt_unlock(&r->mutex);
}

static void begin_write(struct inproc_registry *r, struct rt_map *map)
{
    rt_shared_write(map, "inproccontroller map");
    if (variant_on(r->variants, VARIANT_INPROC_UNLOCKED) && inproc_unlocked(r, map))
        rt_proc_exit(rt_proc_self(), 2, "concurrent map writes");
}

static void begin_read(struct inproc_registry *r, struct rt_map *map)
{
    rt_shared_read(map, "inproccontroller map");
    if (variant_on(r->variants, VARIANT_INPROC_UNLOCKED) && r->writing == map)
        rt_proc_exit(rt_proc_self(), 2, "concurrent map read and map write");
}

void inproc_registry_set_chaincode_support(
        struct inproc_registry *r, struct cc_support chaincode_support)
{
    rt_shared_write(&r->chaincode_support, "Registry.ChaincodeSupport");
    r->chaincode_support = chaincode_support;
}

struct rt_error *inproc_registry_register(
        struct inproc_registry *r, const struct ccid *ccid, const struct chaincode *cc)
{
    rt_str name = ccid_get_name(*ccid);
    struct rt_error *err = NULL;
    lock(r);
    begin_read(r, r->type_registry);
    if (rt_map_has(r->type_registry, name)) {
        err = rt_error_typed(inproc_sys_cc_registered_err, NULL,
                rt_str_cat(name, RT_STR(" already registered")));
    } else {
        begin_write(r, r->type_registry);
        struct inproc_container *ipc = rt_new(struct inproc_container);
        ipc->chaincode = cc;
        rt_map_put(r->type_registry, name, ipc);
    }
    unlock(r);
    return err;
}

static struct inproc_container *get(struct inproc_registry *r, struct rt_map *map, rt_str name)
{
    lock(r);
    begin_read(r, map);
    struct inproc_container *ipc = rt_map_get(map, name);
    unlock(r);
    return ipc;
}

static void set_instance(struct inproc_registry *r, rt_str name, struct inproc_container *ipc)
{
    lock(r);
    begin_write(r, r->inst_registry);
    rt_map_put(r->inst_registry, name, ipc);
    unlock(r);
}

static void remove_instance(struct inproc_registry *r, rt_str name)
{
    lock(r);
    begin_write(r, r->inst_registry);
    rt_map_delete(r->inst_registry, name);
    unlock(r);
}

/* InprocVM.getInstance: the one that exists, or a new one. */
static struct inproc_container *get_instance(struct inproc_registry *r,
        const struct inproc_container *type, rt_str name, struct str_slice args,
        struct str_slice env)
{
    struct inproc_container *ipc = get(r, r->inst_registry, name);
    if (ipc)
        return ipc;
    ipc = rt_new(struct inproc_container);
    rt_shared_read(&r->chaincode_support, "Registry.ChaincodeSupport");
    ipc->chaincode_support = r->chaincode_support;
    ipc->args = args;
    ipc->env = env;
    ipc->chaincode = type->chaincode;
    ipc->stop_chan = rt_chan_make(0, "inprocContainer.stopChan");
    set_instance(r, name, ipc);
    return ipc;
}

/* Notes whether the instance runs; false if that was noted already. */
static bool set_running(struct inproc_registry *r, struct inproc_container *ipc, bool running)
{
    if (variant_on(r->variants, VARIANT_FIX_INPROC_ENDED))
        rt_lock(&r->mutex);
    rt_shared_read(&ipc->running, "inprocContainer.running");
    bool changes = ipc->running != running;
    if (changes) {
        rt_shared_write(&ipc->running, "inprocContainer.running");
        ipc->running = running;
    }
    if (variant_on(r->variants, VARIANT_FIX_INPROC_ENDED))
        rt_unlock(&r->mutex);
    return changes;
}

/* ---- launchInProc ---- */

struct launch {
    struct inproc_registry *r;
    struct inproc_container *ipc;
    rt_str id;
    struct rt_chan *peer_rcv_cc_send;
    struct rt_chan *cc_rcv_peer_send;
    struct rt_chan *cc_chan;         /* closed when the chaincode has ended */
    struct rt_chan *cc_support_chan; /* closed when the peer's side has ended */
};

static void run_chaincode(void *arg)
{
    const struct launch *l = arg;
    const struct inproc_container *ipc = l->ipc;
    rt_daemon();
    struct rt_error *err =
            l->r->before_start ? l->r->before_start(l->r->before_start_self, ipc->chaincode) : NULL;
    if (!err)
        err = shim_start_in_proc(ipc->env.items, ipc->env.count, ipc->chaincode,
                l->cc_rcv_peer_send, l->peer_rcv_cc_send);
    rt_note("system chaincode %S ended: %v", l->id, err);
    rt_close(l->cc_chan);
}

static void run_chaincode_support(void *arg)
{
    const struct launch *l = arg;
    rt_daemon();
    struct in_proc_stream *ends = rt_new(struct in_proc_stream);
    *ends = (struct in_proc_stream){
        .recv = l->peer_rcv_cc_send,
        .send = l->cc_rcv_peer_send,
    };
    if (variant_on(l->r->variants, VARIANT_CLOSED_INPROC_CHANNEL))
        ends->unguarded = true;
    const struct chaincode_stream stream = { ends, in_proc_stream_send, in_proc_stream_recv };
    const struct cc_support *support = &l->ipc->chaincode_support;
    struct rt_error *err = support->handle_chaincode_stream(support->self, stream);
    rt_note("chaincode support for %S ended: %v", l->id, err);
    rt_close(l->cc_support_chan);
}

static void launch_in_proc(void *arg)
{
    struct launch *l = arg;
    rt_daemon();
    if (!l->ipc->chaincode_support.self)
        rt_panicf("Chaincode support is nil, most likely you forgot to set it immediately after "
                  "calling inproccontroller.NewRegsitry()");
    l->peer_rcv_cc_send = rt_chan_make(0, "peerRcvCCSend");
    l->cc_rcv_peer_send = rt_chan_make(0, "ccRcvPeerSend");
    l->cc_chan = rt_chan_make(1, "ccchan");
    l->cc_support_chan = rt_chan_make(1, "ccsupportchan");
    rt_go("system chaincode", run_chaincode, l);
    rt_go("system chaincode support", run_chaincode_support, l);
    struct rt_case cases[] = {
        RT_RECV(l->cc_chan),
        RT_RECV(l->cc_support_chan),
        RT_RECV(l->ipc->stop_chan),
    };
    switch (rt_select(cases, 3)) {
    case 0:
        rt_close(l->peer_rcv_cc_send);
        if (variant_on(l->r->variants, VARIANT_FIX_INPROC_ENDED))
            fix_inproc_ended(l);
        break;
    case 1:
        rt_close(l->cc_rcv_peer_send);
        if (variant_on(l->r->variants, VARIANT_FIX_INPROC_ENDED))
            fix_inproc_ended(l);
        break;
    default:
        rt_close(l->cc_rcv_peer_send);
        rt_close(l->peer_rcv_cc_send);
    }
}

/* Start's goroutine survives a panic of launchInProc itself, not one of the chaincode. */
static void launch_recovering(void *arg)
{
    rt_str panic;
    if (rt_recover(launch_in_proc, arg, &panic))
        rt_note("caught panic from chaincode  %S: %S", ((struct launch *)arg)->id, panic);
}

/* ---- the VM ---- */

static struct rt_error *start(void *self, struct ccid ccid, struct str_slice args,
        struct str_slice env, struct rt_map *files_to_upload, struct builder builder)
{
    struct inproc_registry *r = self;
    (void)files_to_upload;
    (void)builder;
    rt_str name = ccid_get_name(ccid);
    const struct inproc_container *type = get(r, r->type_registry, name);
    if (!type)
        return rt_errorf("%S not registered", name);
    struct inproc_container *ipc = get_instance(r, type, name, args, env);
    if (!set_running(r, ipc, true))
        return rt_errorf("chaincode running %S", name);
    if (variant_on(r->variants, VARIANT_FIX_INPROC_ENDED))
        set_instance(r, name, ipc); /* it may have ended, and been removed, a moment ago */
    struct launch *l = rt_new(struct launch);
    l->r = r;
    l->ipc = ipc;
    l->id = name;
    rt_go("launchInProc", launch_recovering, l);
    return NULL;
}

static struct rt_error *stop(
        void *self, struct ccid ccid, unsigned timeout, bool dontkill, bool dontremove)
{
    struct inproc_registry *r = self;
    (void)timeout;
    (void)dontkill;
    (void)dontremove;
    rt_str name = ccid_get_name(ccid);
    if (!get(r, r->type_registry, name))
        return rt_errorf("%S not registered", name);
    struct inproc_container *ipc = get(r, r->inst_registry, name);
    if (!ipc)
        return rt_errorf("%S not found", name);
    if (variant_on(r->variants, VARIANT_INPROC_STOP_BLOCKS))
        return inproc_stop_blocks(r, ipc, name);
    if (!set_running(r, ipc, false))
        return rt_errorf("%S not running", name);
    rt_close(ipc->stop_chan);
    remove_instance(r, name);
    return NULL;
}

static struct rt_error *wait(void *self, struct ccid ccid, int64_t *exit_code)
{
    struct inproc_registry *r = self;
    rt_str name = ccid_get_name(ccid);
    *exit_code = 0;
    struct inproc_container *ipc = get(r, r->inst_registry, name);
    if (!ipc)
        return rt_errorf("%S not found", name);
    void *value;
    rt_daemon();
    rt_recv(ipc->stop_chan, &value);
    return NULL;
}

static struct rt_error *health_check(void *self, struct vm_context context)
{
    (void)self;
    (void)context;
    return NULL;
}

struct vm inproc_vm_new(struct inproc_registry *r)
{
    return (struct vm){ r, start, stop, wait, health_check };
}

static struct vm new_vm(void *self)
{
    return inproc_vm_new(self);
}

struct vm_provider inproc_registry_provider(struct inproc_registry *r)
{
    return (struct vm_provider){ r, new_vm };
}

/* ---- variants ---- */

/* A write that takes its time. True if it meets another: Go's maps notice most unlocked writes that
 * meet another access, and end the process. */
static bool inproc_unlocked(struct inproc_registry *r, const struct rt_map *map)
{
    if (r->writing == map)
        return true;
    r->writing = map;
    rt_yield();
    r->writing = NULL;
    return false;
}

/* A system chaincode that has ended can only be started again after a stop; this repairs it.
 * Nothing but the registry's lock orders it with a start or a stop. */
static void fix_inproc_ended(const struct launch *l)
{
    rt_lock(&l->r->mutex);
    rt_shared_write(&l->ipc->running, "inprocContainer.running");
    l->ipc->running = false;
    rt_shared_write(l->r->inst_registry, "inproccontroller map");
    rt_map_delete(l->r->inst_registry, l->id);
    rt_unlock(&l->r->mutex);
}

/* The end of stop(): it waits for whoever runs the chaincode to take the request. */
static struct rt_error *inproc_stop_blocks(
        struct inproc_registry *r, struct inproc_container *ipc, rt_str name)
{
    if (!ipc->running)
        return rt_errorf("%S not running", name);
    rt_send(ipc->stop_chan, NULL);
    ipc->running = false;
    remove_instance(r, name);
    return NULL;
}
