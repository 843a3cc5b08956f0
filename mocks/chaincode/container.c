/* A chaincode process: it dials the peer, registers and serves, as its behaviour says. */
#include "mocks/chaincode/container.h"

#include "mocks/chaincode/life.h"
#include "mocks/chaincode/output.h"
#include "mocks/chaincode/probe.h"
#include "mocks/chaincode/tls.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

void chaincode_world_init(struct chaincode_world *w)
{
    w->starts = rt_map_new();
    w->certificates = rt_map_new();
}

const struct chaincode_support_server *chaincode_world_server(
        const struct chaincode_world *w, rt_str address)
{
    return w->server_at ? w->server_at(w->self, address) : &w->server;
}

/* ---- the chaincode ---- */

/* A call of the probe, whose panics are printed before they end the process. */
struct probing {
    Protos__Response (*run)(void *self, const struct chaincode_stub *stub);
    const struct chaincode_stub *stub;
    Protos__Response response;
};

static void run_probe(void *arg)
{
    struct probing *p = arg;
    p->response = p->run(probe_chaincode.self, p->stub);
}

static Protos__Response probe(struct life *life, struct probing p, const char *place)
{
    rt_str panic;
    if (!rt_recover(run_probe, &p, &panic))
        return p.response;
    life_print_panic(life, panic, place);
    rt_panicf("%S", panic);
}

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    struct life *life = self;
    const struct chaincode_behaviour *b = life->behaviour;
    life_delay(life, CHAINCODE_TRAIT_INIT_DELAY, &b->init_delay, "Init takes");
    if (b->init_status == 0)
        return probe(life, (struct probing){ .run = probe_chaincode.init, .stub = stub },
                "main.(*Probe).Init");
    life_happened(life, CHAINCODE_TRAIT_INIT_STATUS);
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = b->init_status;
    response.message = b->init_message;
    return response;
}

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    struct life *life = self;
    life_delay(life, CHAINCODE_TRAIT_INVOKE_DELAY, &life->behaviour->invoke_delay, "Invoke takes");
    return probe(life, (struct probing){ .run = probe_chaincode.invoke, .stub = stub },
            "main.(*Probe).Invoke");
}

/* ---- its process ---- */

/* A stream to the peer; NULL if there is none, and *err (which may be NULL) says why. */
static struct life_stream *dial(struct life *life, struct rt_error **err)
{
    const struct chaincode_support_server *server =
            chaincode_world_server(life->world, life->address);
    rt_bytes certificate = RT_NIL;
    struct grpc_stream *grpc = NULL;
    struct rt_error *failure = tls_connect(life, &certificate);
    if (!failure) {
        int64_t notice_ns =
                life_delay_ns(&life->behaviour->notice_delay, "a broken stream is seen");
        grpc = grpc_stream_new(server->proc(server->self), notice_ns);
        failure = server->serve(server->self, grpc, certificate);
    }
    if (!failure)
        return life_stream_new(life, grpc);
    rt_note("%S cannot connect: %v", life->cname, failure);
    if (err)
        *err = failure;
    return NULL;
}

static void chat(struct life *life, struct life_stream *s, rt_str name)
{
    struct chaincode *cc = rt_new(struct chaincode);
    *cc = (struct chaincode){ life, init, invoke };
    RT_DROP(shim_chat_with_peer(name, &s->stream, cc));
}

/* Reads until the stream ends. */
static void only_listen(struct life_stream *s)
{
    Protos__ChaincodeMessage *msg;
    while (!s->stream.recv(s->stream.self, &msg))
        continue;
}

static void chat_too(void *arg)
{
    struct life *life = arg;
    struct life_stream *s = dial(life, NULL);
    if (s)
        chat(life, s, life->cname);
}

/* REGISTER as `name`, by the way of the shim's messages or past it. */
static void send_register(const struct peer_chaincode_stream *stream, rt_str name)
{
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = name;
    rt_bytes payload;
    RT_DROP(WIRE_MARSHAL(&id, &payload));
    RT_DROP(stream->send(stream->self,
            chaincode_message_new(CC_MSG(REGISTER), payload, RT_STR(""), RT_STR(""))));
}

/* A stream that registers and is then left alone. */
static void register_and_leave(struct life *life)
{
    struct life_stream *s = dial(life, NULL);
    if (s)
        send_register(&s->plain, life->cname);
}

/* Registers all names but the last one; the stream on which that one is to come, or NULL. */
static struct life_stream *register_names(struct life *life, struct life_stream *s)
{
    const struct chaincode_behaviour *b = life->behaviour;
    for (size_t i = 0; s && i < b->name_count; i++) {
        life_wait(&b->names[i].after, "until the next name");
        if (b->names[i].closes)
            grpc_stream_client_half_close(s->grpc);
        if (b->names[i].new_stream)
            s = dial(life, NULL);
        if (s && i + 1 == b->name_count)
            life_happened(life, CHAINCODE_TRAIT_REGISTERS);
        else if (s)
            send_register(&s->stream, b->names[i].name);
    }
    return s;
}

static rt_str last_name(struct life *life)
{
    const struct chaincode_behaviour *b = life->behaviour;
    if (b->name_count > 0)
        return b->names[b->name_count - 1].name;
    return life_odd(life, CHAINCODE_ODDITY_WRONG_NAME) ? b->name : life->cname;
}

static void live(struct life *life)
{
    const struct chaincode_behaviour *b = life->behaviour;
    life_pass(life, CHAINCODE_POINT_START, NULL);
    life_delay(life, CHAINCODE_TRAIT_CONNECT_DELAY, &b->connect_delay, "connecting takes");
    if (b->unreachable.count > 0) {
        int64_t ns = life_delay_ns(&b->unreachable, "until the peer can be reached");
        life->reachable_ns = ns < 0 ? INT64_MAX : rt_now_ns() + ns;
        life_happened(life, CHAINCODE_TRAIT_UNREACHABLE);
    }
    if (life_odd(life, CHAINCODE_ODDITY_STALE_STREAM))
        register_and_leave(life);
    if (life_odd(life, CHAINCODE_ODDITY_DUPLICATE))
        rt_go("second stream", chat_too, life);
    struct rt_error *err = NULL;
    struct life_stream *s = dial(life, &err);
    if (!s) {
        life_print_failure(life, err);
        rt_proc_exit(rt_proc_self(), b->exit_code, NULL);
        return;
    }
    life_reach(s, CHAINCODE_POINT_CONNECTED, NULL);
    life_delay(life, CHAINCODE_TRAIT_REGISTER_DELAY, &b->register_delay, "until REGISTER");
    s = register_names(life, s);
    if (!s)
        return;
    if (life_odd(life, CHAINCODE_ODDITY_NEVER_REGISTER))
        only_listen(s);
    else
        chat(life, s, last_name(life));
}

/* `code` is what runs, which is found by its own name if an image holds other code than what was
 * built for the chaincode; empty: it does not. */
static struct life *new_life(struct chaincode_world *w, rt_str cname, rt_str code)
{
    static const struct chaincode_behaviour plain;
    rt_str runs = code.len > 0 ? code : cname;
    uint32_t *starts = rt_map_get(w->starts, runs);
    if (!starts) {
        starts = rt_new(uint32_t);
        rt_map_put(w->starts, runs, starts);
    }
    ++*starts;
    struct life *life = rt_new(struct life);
    life->world = w;
    life->cname = cname;
    life->behaviour = w->behaviour ? w->behaviour(w->self, runs, *starts) : NULL;
    if (!life->behaviour)
        life->behaviour = &plain;
    life->sends = rt_new_array(uint32_t, life->behaviour->send_count + 1);
    return life;
}

static void container_main(void *self, struct engine_process *process)
{
    struct life *life = self;
    if (!life)
        return;
    life->process = process;
    live(life);
}

static rt_str chaincode_id_name(struct str_slice env)
{
    const rt_str key = RT_STR("CORE_CHAINCODE_ID_NAME=");
    for (size_t i = 0; i < env.count; i++)
        if (rt_str_has_prefix(env.items[i], key))
            return rt_str_slice(env.items[i], key.len, env.items[i].len);
    return RT_STR("");
}

/* The address in the arguments, which say it in another way for each platform. */
static rt_str peer_address(struct str_slice args)
{
    static const char *const before[] = { "-peer.address=", "--peer.address " };
    for (size_t i = 0; i < args.count; i++) {
        if (i > 0 && rt_str_is(args.items[i - 1], "--peerAddress"))
            return args.items[i];
        for (size_t k = 0; k < 2; k++) {
            ptrdiff_t at = rt_str_index(args.items[i], rt_str_from(before[k]));
            if (at >= 0)
                return rt_str_slice(
                        args.items[i], (size_t)at + strlen(before[k]), args.items[i].len);
        }
    }
    return RT_STR("");
}

struct engine_program chaincode_program(void *self, const struct engine_process *process)
{
    rt_str cname = chaincode_id_name(process->env);
    struct life *life = cname.len > 0 ? new_life(self, cname, process->code) : NULL;
    if (life)
        life->address = peer_address(process->args);
    return (struct engine_program){
        .self = life,
        .main = container_main,
        .term_code = ENGINE_TERM_GO,
    };
}

/* ---- dev mode ---- */

static void user_main(void *arg)
{
    live(arg);
    rt_proc_exit(rt_proc_self(), 0, NULL);
}

struct rt_proc *chaincode_run_by_user(struct chaincode_world *w, rt_str cname)
{
    struct rt_proc *proc = rt_proc_new(rt_cstr(cname));
    rt_go_in(proc, "main", user_main, new_life(w, cname, RT_NIL));
    return proc;
}
