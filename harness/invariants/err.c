/* err: what has failed is not believed to be absent, or to have succeeded. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "harness/invariants/track.h"
#include "mocks/docker/engine.h"

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
            chaincode_ccid(c, track_cc_name(cname), track_cc_version(cname)));
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
            !chaincode_is_system(c, track_cc_name(e->cname)) && !check_shares(c, e->cname))
        err_runtime(self, c, e);
}

const struct invariant invariant_err = {
    .name = "err",
    .needs_world = true,
    .sentence = "an error of Runtime or of a stream is never lost, and never taken for a success",
    .begin = err_begin,
    .observe = err_observe,
};
