/* The engine's process: how requests get in, the log, what others may look at. */
#include "mocks/docker/engine.h"
#include "mocks/docker/internal.h"
#include "model/rt/names.h"

static void engine_died(void *arg, struct rt_proc *proc)
{
    struct docker_engine *e = arg;
    (void)proc;
    while (e->open) {
        struct exchange *x = e->open;
        e->open = x->next_open;
        if (e->open)
            e->open->previous_open = NULL;
        x->next_open = NULL;
        exchange_fail(x, http_closed);
    }
}

struct docker_engine *docker_engine_new(const struct engine_config *config)
{
    struct docker_engine *e = rt_new(struct docker_engine);
    e->config = *config;
    e->pids = 2000;
    e->fault_hits = rt_new_array(uint32_t, config->faults.count + 1);
    engine_begin(e);
    return e;
}

void engine_begin(struct docker_engine *e)
{
    e->proc = rt_proc_new("docker");
    rt_mutex_init(&e->lock, "docker.engine");
    rt_proc_on_exit(e->proc, engine_died, e);
}

struct rt_proc *docker_engine_proc(struct docker_engine *engine)
{
    return engine->proc;
}

rt_str engine_new_id(struct docker_engine *e)
{
    struct rt_rng rng = { .state = ++e->ids };
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof(bytes); i += 8) {
        uint64_t word = rt_rng_next(&rng);
        memcpy(bytes + i, &word, 8);
    }
    return rt_hex(rt_bytes_from(bytes, sizeof(bytes)));
}

static void log_request(struct exchange *x)
{
    struct docker_engine *e = x->engine;
    rt_reserve(e->requests, e->request_cap, e->request_count + 1);
    x->log_index = e->request_count++;
    x->logged = true;
    e->requests[x->log_index] = (struct engine_request){
        .method = x->method,
        .uri = x->uri,
        .time_ns = rt_now_ns(),
        .op = x->route ? x->route->op : ENGINE_OP_OTHER,
    };
}

/* One request, from its arrival on. */
static void serve(void *arg)
{
    struct exchange *x = arg;
    struct docker_engine *e = x->engine;
    rt_daemon();
    if (e->config.delay_count > 0) {
        uint32_t which =
                rt_choose(RT_CHOICE_DELAY, (uint32_t)e->config.delay_count, "latency of docker");
        if (e->config.delays_ns[which] > 0)
            rt_sleep_ns(e->config.delays_ns[which]);
    }
    log_request(x);
    if (x->route && x->route->op == ENGINE_OP_BUILD)
        image_wanted(x);
    if (!fault_before(x))
        return;
    rt_lock(&e->lock);
    route_refuse(x);
    if (!x->begun)
        x->route->handle(x);
    rt_unlock(&e->lock);
    if (!x->open_ended)
        reply_end(x);
}

static struct rt_error *engine_dial(
        void *self, const struct http_request *request, void **connection)
{
    struct docker_engine *e = self;
    struct exchange *x = rt_new(struct exchange);
    x->engine = e;
    x->proc = e->proc;
    x->method = request->method;
    x->uri = request->uri;
    x->hijack = request->hijack;
    x->has_body = request->has_body;
    x->content_type = http_header_get(request->headers, request->header_count, "Content-Type");
    x->upgrade = http_header_get(request->headers, request->header_count, "Upgrade").len > 0;
    route_find(x);
    rt_str name = x->name.len > 0 || !x->route      ? x->name
                  : x->route->op == ENGINE_OP_BUILD ? query_get(x, "t")
                                                    : query_get(x, "name");
    bool alive = rt_proc_alive(e->proc);
    if (alive)
        x->fault = fault_pick(e, x->route ? x->route->op : ENGINE_OP_OTHER, name);
    if (!alive || fault_is(x, ENGINE_FAULT_REFUSED) || fault_is(x, ENGINE_FAULT_UNREACHABLE))
        return fault_no_connection(x->fault);
    x->head = rt_chan_make(1, "docker.answer");
    *connection = x;
    return NULL;
}

struct rt_error *http_pipe_broken(void)
{
    return rt_error_typed(&http_broken_pipe, NULL, RT_STR("write: broken pipe"));
}

/* Carries the request's body over. The answer is read when all of it was written. */
static struct rt_error *send_body(struct exchange *x, const struct http_request *request)
{
    if (!request->has_body) {
        stream_end(&x->in, NULL);
        return NULL;
    }
    for (;;) {
        rt_bytes chunk = RT_NIL;
        struct rt_error *err = request->body.read(request->body.self, &chunk);
        if ((!err || err == rt_eof) && !rt_proc_alive(x->proc))
            return rt_error_is(x->failure, &http_reset) ? x->failure : http_pipe_broken();
        if (!err) {
            stream_put(&x->in, chunk);
            continue;
        }
        stream_end(&x->in, err == rt_eof ? NULL : rt_errorf("unexpected EOF"));
        if (err == rt_eof)
            return NULL;
        x->out.abandoned = true;
        return err;
    }
}

static struct rt_error *engine_exchange(void *self, void *connection,
        const struct http_request *request, struct http_response *response)
{
    struct docker_engine *e = self;
    struct exchange *x = connection;
    void *nothing = NULL;
    if (!rt_proc_alive(x->proc))
        return http_closed;
    x->next_open = e->open;
    if (e->open)
        e->open->previous_open = x;
    e->open = x;
    rt_go_in(e->proc, "docker.request", serve, x);
    struct rt_error *err = send_body(x, request);
    if (err)
        return err;
    if (request->timeout_ns > 0) {
        struct rt_case cases[] = {
            RT_RECV(x->head),
            RT_RECV(rt_after(request->timeout_ns, "docker.deadline")),
        };
        if (rt_select(cases, 2) == 1) {
            x->out.abandoned = true;
            return rt_error_typed(&http_deadline, NULL, RT_STR("context deadline exceeded"));
        }
    } else {
        rt_recv(x->head, &nothing);
    }
    if (x->failure)
        return x->failure;
    response->status = x->status;
    response->headers = x->headers;
    response->header_count = x->header_count;
    response->body = stream_reader(&x->out);
    return NULL;
}

struct docker_transport docker_engine_transport(struct docker_engine *engine)
{
    return (struct docker_transport){
        .self = engine, .dial = engine_dial, .exchange = engine_exchange
    };
}

struct rt_error *exchange_body(struct exchange *x, rt_bytes *out)
{
    bool complete = x->in.end != NULL;
    if (!complete)
        rt_unlock(&x->engine->lock);
    struct rt_error *err = io_read_all(stream_reader(&x->in), out);
    if (!complete)
        rt_lock(&x->engine->lock);
    if (!err)
        x->engine->requests[x->log_index].body = *out;
    return err;
}

const struct engine_request *docker_engine_requests(
        const struct docker_engine *engine, size_t *count)
{
    *count = engine->request_count;
    return engine->requests;
}

const char *engine_state_name(enum engine_state state)
{
    static const char *const names[] = RT_NAMES(ENGINE_STATES);
    return rt_name(names, state);
}

static struct engine_container_info info_of(const struct container *c)
{
    return (struct engine_container_info){
        .id = c->id,
        .name = c->name,
        .image = c->image_name,
        .state = c->state,
        .exit_code = c->exit_code,
        .proc = c->proc,
        .chaincode = env_chaincode(&c->env),
    };
}

size_t docker_engine_starts(const struct docker_engine *engine)
{
    return engine->starts;
}

struct engine_container_info *docker_engine_containers(
        const struct docker_engine *engine, size_t *count)
{
    *count = 0;
    for (const struct container *c = engine->containers; c; c = c->next)
        (*count)++;
    struct engine_container_info *infos = rt_new_array(struct engine_container_info, *count + 1);
    size_t i = 0;
    for (const struct container *c = engine->containers; c; c = c->next)
        infos[i++] = info_of(c);
    return infos;
}

bool docker_engine_container(
        const struct docker_engine *engine, rt_str name, struct engine_container_info *info)
{
    const struct container *c = container_find(engine, name);
    if (!c)
        return false;
    *info = info_of(c);
    return true;
}
