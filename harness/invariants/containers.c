/* one, key, err, syscc: which containers are started, for what, and what is believed of them. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "mocks/docker/engine.h"
#include "model/ccprovider/ccprovider.h"
#include "model/lab/variants.h"
#include "model/lscc/names.h"

/* ---- one ---- */

struct one_state {
    struct rt_map *starting; /* uint32_t, by chaincode */
    size_t starts;           /* of the engine, when its containers were last compared */
};

static void *one_begin(struct check *c)
{
    (void)c;
    struct one_state *s = rt_new(struct one_state);
    s->starting = rt_map_new();
    return s;
}

static void one_observe(void *self, struct check *c, const struct observed *e)
{
    struct one_state *s = self;
    if (e->kind != OBSERVED_RUNTIME_START && e->kind != OBSERVED_RUNTIME_STARTED)
        return;
    uint32_t *starting = track_name(s->starting, e->cname, sizeof(*starting));
    if (e->kind == OBSERVED_RUNTIME_STARTED) {
        if (*starting > 0)
            (*starting)--;
        return;
    }
    if (++*starting > 1)
        check_fail(c, "one", RT_STR("Runtime.Start"), check_who_now(c),
                "a container of %S is started while %u other starts of it are in progress: the "
                "second start removes the first one's container",
                e->cname, *starting - 1);
}

static bool lives(const struct engine_container_info *c)
{
    return c->chaincode.data && (c->state == ENGINE_RUNNING || c->state == ENGINE_PAUSED);
}

/* Only a start adds a container that lives. */
static void one_step(void *self, struct check *c)
{
    struct one_state *s = self;
    size_t count;
    if (!c->engine || docker_engine_starts(c->engine) == s->starts)
        return;
    s->starts = docker_engine_starts(c->engine);
    const struct engine_container_info *all = docker_engine_containers(c->engine, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count && lives(&all[i]); k++) {
            if (lives(&all[k]) && rt_str_eq(all[i].chaincode, all[k].chaincode))
                check_fail(c, "one", RT_STR("container"), RT_STR("DockerVM"),
                        "the containers %S and %S of %S live at the same time", all[i].name,
                        all[k].name, all[i].chaincode);
        }
    }
}

const struct invariant invariant_one = {
    .name = "one",
    .sentence =
            "at most one container start is in progress, and one container lives, for a chaincode",
    .begin = one_begin,
    .observe = one_observe,
    .step = one_step,
};

/* ---- key ---- */

static bool is_system(const struct check *c, rt_str name)
{
    for (size_t i = 0; c->settings && i < c->settings->system_chaincode_count; i++) {
        rt_str system = c->settings->system_chaincodes[i];
        if (system.len > 0 && system.data[0] == '+')
            system = rt_str_slice(system, 1, system.len);
        if (rt_str_eq(system, name))
            return true;
    }
    return false;
}

/* As the model in this run makes names of it. */
static struct ccid ccid_of(const struct check *c, rt_str name, rt_str version)
{
    return (struct ccid){ name, version, variant_on(c->variants, VARIANT_FIX_NAMES_DISTINCT) };
}

/* lscc has done what it was asked for. An install belongs to no channel: its answer has no
 * endorsement. */
static bool accepted(const struct check_call *call)
{
    return call->lscc.len > 0 && (call->endorsed || rt_str_is(call->lscc, "install")) &&
           call->status > 0 && call->status < 400;
}

/* A (name, version) pair that was accepted at some time. */
struct key_pair {
    rt_str name;
    rt_str version;
};

struct key_state {
    struct rt_map *owners; /* struct key_pair, by kind of key and key */
};

static void *key_begin(struct check *c)
{
    (void)c;
    struct key_state *s = rt_new(struct key_state);
    s->owners = rt_map_new();
    return s;
}

static void key_check(
        const struct key_state *s, struct check *c, const char *what, rt_str key, struct key_pair p)
{
    struct key_pair *owner = track_name(s->owners, rt_sprintf("%s/%S", what, key), sizeof(*owner));
    if (!owner->name.data)
        *owner = (struct key_pair){ rt_str_dup(p.name), rt_str_dup(p.version) };
    else if (!rt_str_eq(owner->name, p.name) || !rt_str_eq(owner->version, p.version))
        check_fail(c, "key", rt_str_from(what), RT_STR("names"),
                "chaincode %S of version %S and chaincode %S of version %S share the %s %S",
                owner->name, owner->version, p.name, p.version, what, key);
}

/* Compares all that is named after the pair with what earlier ones have; lscc would refuse others
 * than these. */
static void key_accepted(const struct key_state *s, struct check *c, rt_str name, rt_str version)
{
    if (!c->settings || c->first_fiber == 0 || is_system(c, name) ||
            lscc_is_valid_chaincode_name(name) || lscc_is_valid_chaincode_version(version))
        return;
    struct key_pair p = { name, version };
    struct ccid ccid = ccid_of(c, name, version);
    rt_str network = c->settings->network_id, peer = c->settings->id, image;
    key_check(s, c, "registry key",
            cc_context_get_canonical_name(&(const struct cc_context){ name, version }), p);
    key_check(s, c, "lock", ccid_get_name(ccid), p);
    key_check(s, c, "container name", docker_vm_get_vm_name(network, peer, ccid), p);
    if (!docker_vm_get_vm_name_for_docker(network, peer, ccid, &image))
        key_check(s, c, "image name", image, p);
}

static void key_observe(void *self, struct check *c, const struct observed *e)
{
    if (e->kind == OBSERVED_LAUNCH_BEGIN || e->kind == OBSERVED_RUNTIME_START ||
            e->kind == OBSERVED_HANDLER_ADDED)
        key_accepted(self, c, track_cc_name(e->cname), track_cc_version(e->cname));
}

static void key_returned(void *self, struct check *c, const struct check_call *call)
{
    if (accepted(call))
        key_accepted(self, c, call->chaincode, call->version);
}

const struct invariant invariant_key = {
    .name = "key",
    .needs_world = true,
    .sentence =
            "distinct names and versions have distinct registry keys, locks, containers and images",
    .begin = key_begin,
    .observe = key_observe,
    .call_returned = key_returned,
};

/* ---- err ---- */

/* A chaincode's starts. */
struct err_name {
    uint32_t in_progress;
    uint32_t total;
};

/* What had been asked of the engine when a launch's Start, or Stop, began. */
struct err_launch {
    const struct docker_engine *start_engine;
    const struct docker_engine *stop_engine;
    size_t start;
    size_t stop;
    uint32_t number; /* of the start among the chaincode's */
    bool alone;      /* no other start was in progress when it began */
};

struct err_state {
    struct rt_map *names;    /* struct err_name, by chaincode */
    struct rt_map *launches; /* struct err_launch, by launch state */
};

static void *err_begin(struct check *c)
{
    (void)c;
    struct err_state *s = rt_new(struct err_state);
    s->names = rt_map_new();
    s->launches = rt_map_new();
    return s;
}

/* True if the request concerns the container: its path names it. */
static bool concerns(const struct engine_request *request, rt_str container)
{
    return rt_str_contains(request->uri, rt_sprintf("/%S/", container)) ||
           rt_str_contains(request->uri, rt_sprintf("/%S?", container));
}

/* Requests of one kind for the chaincode's container, from a certain one on. Starts of one
 * chaincode wait for each other, but their requests are not told apart: any that was granted since
 * this one began will do. */
struct asked {
    bool any;
    bool granted;
    bool last_granted;
};

static struct asked asked_for(const struct check *c, size_t from, rt_str cname, enum engine_op op)
{
    size_t count;
    struct asked asked = { 0 };
    const struct engine_request *requests = docker_engine_requests(c->engine, &count);
    rt_str container = docker_vm_get_vm_name(c->settings->network_id, c->settings->id,
            ccid_of(c, track_cc_name(cname), track_cc_version(cname)));
    for (size_t i = from; i < count; i++) {
        if (requests[i].op != op || !concerns(&requests[i], container))
            continue;
        asked.any = true;
        asked.last_granted = requests[i].status / 100 == 2;
        asked.granted |= asked.last_granted;
    }
    return asked;
}

static void err_started(struct err_state *s, struct check *c, const struct observed *e)
{
    const struct err_launch *launch = track_object(s->launches, e->state, sizeof(*launch));
    struct err_name *name = track_name(s->names, e->cname, sizeof(*name));
    struct asked asked = asked_for(c, launch->start, e->cname, ENGINE_OP_START);
    name->in_progress -= name->in_progress > 0;
    if (launch->start_engine != c->engine)
        return; /* restarted meanwhile: what the old one answered is not known */
    if (!e->err && !asked.granted)
        check_fail(c, "err", RT_STR("Runtime.Start"), check_who_now(c),
                "the start of %S counts as a success, but %s", e->cname,
                asked.any ? "the engine did not start its container"
                          : "no container was asked for");
    else if (e->err && asked.last_granted && launch->alone && launch->number == name->total)
        check_fail(c, "err", RT_STR("failed Runtime.Start"), check_who_now(c),
                "the start of %S counts as a failure (%v), but the engine started its container",
                e->cname, e->err);
}

static void err_stopped(struct err_state *s, struct check *c, const struct observed *e)
{
    const struct err_launch *launch = track_object(s->launches, e->state, sizeof(*launch));
    struct asked asked = asked_for(c, launch->stop, e->cname, ENGINE_OP_REMOVE);
    if (!e->err && !asked.granted && launch->stop_engine == c->engine)
        check_fail(c, "err", RT_STR("Runtime.Stop"), check_who_now(c),
                "the stop of %S counts as a success, but %s", e->cname,
                asked.any ? "the engine did not remove its container"
                          : "nobody asked to remove its container");
}

static void err_runtime(struct err_state *s, struct check *c, const struct observed *e)
{
    struct err_launch *launch = track_object(s->launches, e->state, sizeof(*launch));
    struct err_name *name = track_name(s->names, e->cname, sizeof(*name));
    switch (e->kind) {
    case OBSERVED_RUNTIME_START:
        launch->alone = name->in_progress++ == 0;
        launch->number = ++name->total;
        launch->start_engine = c->engine;
        docker_engine_requests(c->engine, &launch->start);
        break;
    case OBSERVED_RUNTIME_STOP:
        launch->stop_engine = c->engine;
        docker_engine_requests(c->engine, &launch->stop);
        break;
    case OBSERVED_RUNTIME_STARTED:
        err_started(s, c, e);
        break;
    case OBSERVED_RUNTIME_STOPPED:
        err_stopped(s, c, e);
        break;
    default:
        break;
    }
}

static void err_observe(void *self, struct check *c, const struct observed *e)
{
    if (e->kind == OBSERVED_STREAM_END && e->err &&
            rt_str_contains(e->err->text, RT_STR("received nil message")))
        check_fail(c, "err", RT_STR("receive"), check_who_now(c),
                "a stream ended with \"%v\": the error of receiving was lost", e->err);
    bool runtime = e->kind == OBSERVED_RUNTIME_START || e->kind == OBSERVED_RUNTIME_STARTED ||
                   e->kind == OBSERVED_RUNTIME_STOP || e->kind == OBSERVED_RUNTIME_STOPPED;
    if (runtime && c->engine && c->settings && c->first_fiber > 0 &&
            !is_system(c, track_cc_name(e->cname)))
        err_runtime(self, c, e);
}

const struct invariant invariant_err = {
    .name = "err",
    .needs_world = true,
    .sentence = "an error of input or output is never taken for absence or success",
    .begin = err_begin,
    .observe = err_observe,
};

/* ---- syscc ---- */

struct syscc_state {
    size_t seen; /* requests to the engine */
};

static void *syscc_begin(struct check *c)
{
    (void)c;
    return rt_new(struct syscc_state);
}

static void syscc_step(void *self, struct check *c)
{
    struct syscc_state *s = self;
    size_t count = 0;
    const struct engine_request *requests =
            c->engine ? docker_engine_requests(c->engine, &count) : NULL;
    for (; s->seen < count; s->seen++) {
        const struct engine_request *request = &requests[s->seen];
        if (request->op != ENGINE_OP_CREATE)
            continue;
        for (size_t i = 0; i < c->settings->system_chaincode_count; i++) {
            rt_str name = c->settings->system_chaincodes[i];
            struct ccid ccid = { .name = name };
            rt_str container =
                    docker_vm_get_vm_name(c->settings->network_id, c->settings->id, ccid);
            if (rt_str_contains(request->uri, rt_sprintf("name=%S-", container)))
                check_fail(c, "syscc", RT_STR("container"), RT_STR("DockerVM"),
                        "a container is made for the system chaincode %S", name);
        }
    }
}

static void syscc_returned(void *self, struct check *c, const struct check_call *call)
{
    (void)self;
    if (accepted(call) && is_system(c, call->chaincode))
        check_fail(c, "syscc", rt_sprintf("lscc %S", call->lscc), RT_STR("ProcessProposal"),
                "%S of the system chaincode's name %S was accepted", call->lscc, call->chaincode);
}

const struct invariant invariant_syscc = {
    .name = "syscc",
    .needs_world = true,
    .sentence =
            "no proposal deploys, upgrades, installs or starts a container for a system chaincode",
    .begin = syscc_begin,
    .step = syscc_step,
    .call_returned = syscc_returned,
};
