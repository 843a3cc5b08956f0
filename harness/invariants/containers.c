/* one, key, err, syscc: which containers are started, for what, and what is believed of them. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "mocks/docker/engine.h"

/* ---- one ---- */

struct one_state {
    struct rt_map *starting; /* uint32_t, by chaincode */
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
                "second "
                "start removes the first one's container",
                e->cname, *starting - 1);
}

const struct invariant invariant_one = {
    .name = "one",
    .sentence =
            "at most one container start is in progress, and one container lives, for a chaincode",
    .begin = one_begin,
    .observe = one_observe,
};

/* ---- key ---- */

struct key_state {
    struct rt_map *containers; /* rt_str: the chaincode, by container name */
    struct rt_map *images;
};

static void *key_begin(struct check *c)
{
    (void)c;
    struct key_state *s = rt_new(struct key_state);
    s->containers = rt_map_new();
    s->images = rt_map_new();
    return s;
}

static void key_check(
        struct check *c, struct rt_map *taken, rt_str key, rt_str cname, const char *what)
{
    rt_str *owner = track_name(taken, key, sizeof(*owner));
    if (!owner->data)
        *owner = rt_str_dup(cname);
    else if (!rt_str_eq(*owner, cname))
        check_fail(c, "key", rt_str_from(what), RT_STR("names"),
                "chaincodes %S and %S share the %s %S", *owner, cname, what, key);
}

static void key_observe(void *self, struct check *c, const struct observed *e)
{
    struct key_state *s = self;
    if (e->kind != OBSERVED_RUNTIME_START || !c->settings || c->first_fiber == 0)
        return;
    struct ccid ccid = { track_cc_name(e->cname), track_cc_version(e->cname) };
    rt_str network = c->settings->network_id, peer = c->settings->id, image;
    key_check(c, s->containers, docker_vm_get_vm_name(network, peer, ccid), e->cname,
            "container name");
    if (!docker_vm_get_vm_name_for_docker(network, peer, ccid, &image))
        key_check(c, s->images, image, e->cname, "image name");
}

const struct invariant invariant_key = {
    .name = "key",
    .needs_world = true,
    .sentence =
            "distinct names and versions have distinct registry keys, locks, containers and images",
    .begin = key_begin,
    .observe = key_observe,
};

/* ---- err ---- */

struct err_state {
    struct rt_map *began; /* size_t: requests before Runtime.Start, by launch */
};

static void *err_begin(struct check *c)
{
    (void)c;
    struct err_state *s = rt_new(struct err_state);
    s->began = rt_map_new();
    return s;
}

/* True if the request concerns the container: its path names it. */
static bool concerns(const struct engine_request *request, rt_str container)
{
    return rt_str_contains(request->uri, rt_sprintf("/%S/", container));
}

/* Starts of one chaincode wait for each other, but their requests are not told apart: any that was
 * granted since this one began will do. */
static void err_started(struct err_state *s, struct check *c, const struct observed *e)
{
    size_t count;
    const struct engine_request *requests = docker_engine_requests(c->engine, &count);
    const size_t *began = track_find(s->began, e->state);
    rt_str container = docker_vm_get_vm_name(c->settings->network_id, c->settings->id,
            (struct ccid){ track_cc_name(e->cname), track_cc_version(e->cname) });
    bool asked = false;
    for (size_t i = began ? *began : 0; i < count; i++) {
        if (requests[i].op != ENGINE_OP_START || !concerns(&requests[i], container))
            continue;
        if (requests[i].status / 100 == 2)
            return;
        asked = true;
    }
    check_fail(c, "err", RT_STR("Runtime.Start"), check_who_now(c),
            "the start of %S counts as a success, but %s", e->cname,
            asked ? "the engine did not start its container" : "no container was asked for");
}

static void err_observe(void *self, struct check *c, const struct observed *e)
{
    struct err_state *s = self;
    if (!c->engine || !c->settings || c->first_fiber == 0)
        return;
    if (e->kind == OBSERVED_RUNTIME_START)
        docker_engine_requests(c->engine, track_object(s->began, e->state, sizeof(size_t)));
    else if (e->kind == OBSERVED_RUNTIME_STARTED && !e->err)
        err_started(s, c, e);
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
            struct ccid ccid = { name, RT_STR("") };
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
    if (call->lscc.len > 0 && call->endorsed && call->status < 400 && is_system(c, call->chaincode))
        check_fail(c, "syscc", rt_sprintf("lscc %S", call->lscc), RT_STR("ProcessProposal"),
                "%S of the system chaincode's name %S was endorsed", call->lscc, call->chaincode);
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
