#include "harness/conform/launch_play.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/chaincode/chaincode_support.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

#define CHANNEL RT_STR("ch")

/* A call of the fake runtime that has not returned yet. */
struct pending {
    const char *kind; /* "start", "wait", "stop" */
    rt_str cc;
    struct rt_chan *done;
    struct rt_error *err;
    int64_t code;
    struct pending *next;
};

struct fake_stream {
    rt_str name;
    struct play *play;
    struct rt_chan *incoming; /* of struct incoming * */
    bool send_fails;
    bool ended;
    struct fake_stream *next;
};

/* What a Recv gives. */
struct incoming {
    Protos__ChaincodeMessage *msg;
    struct rt_error *err;
};

struct call {
    struct play *play;
    rt_str name;
    rt_str kind; /* "launch", "init", "invoke" */
    rt_str cc;
    rt_str tx;
    bool returned;
    bool panicked;
    rt_str panic;
    struct rt_error *err;
    Protos__Response *response;
    struct call *next;
};

struct play {
    struct rt *rt;
    struct rt_proc *proc;
    const json_t *vector;
    struct chaincode_support *cs;
    bool gate_stop;
    size_t event_count;
    struct pending *pendings;
    struct fake_stream *streams;
    struct call *calls;
    const json_t *event;
    const char *mistake;
    /* What happened since the last observation. */
    json_t *returned;
    json_t *sent;
    json_t *ended;
    json_t *runtime;
};

/* ---- JSON ---- */

static json_t *text(rt_str s)
{
    return json_stringn((const char *)s.data, s.len);
}

static rt_str member(struct play *p, const char *key)
{
    const json_t *value = json_object_get(p->event, key);
    if (!json_is_string(value)) {
        p->mistake = "an event lacks a member";
        return RT_STR("");
    }
    return rt_str_dup(rt_bytes_from(json_string_value(value), json_string_length(value)));
}

static int64_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* ---- the fake runtime ---- */

/* Waits until an event lets this call of the runtime return. */
static struct pending *wait_for_event(
        struct play *p, const char *kind, const struct chaincode_container_info *ccci)
{
    struct pending *pending = rt_new(struct pending);
    pending->kind = kind;
    pending->cc = chaincode_container_info_cname(ccci);
    pending->done = rt_chan_make(1, "fake runtime");
    struct pending **last = &p->pendings;
    while (*last != NULL)
        last = &(*last)->next;
    *last = pending;
    void *value;
    rt_recv(pending->done, &value);
    return pending;
}

static void note_runtime(
        struct play *p, const char *kind, const struct chaincode_container_info *ccci)
{
    rt_str cc = chaincode_container_info_cname(ccci);
    json_array_append_new(p->runtime, text(rt_sprintf("%s %S", kind, cc)));
}

static struct rt_error *runtime_start(
        void *self, struct chaincode_container_info *ccci, rt_bytes code_package)
{
    (void)code_package;
    note_runtime(self, "start", ccci);
    return wait_for_event(self, "start", ccci)->err;
}

static struct rt_error *runtime_wait(
        void *self, struct chaincode_container_info *ccci, int64_t *exit_code)
{
    note_runtime(self, "wait", ccci);
    const struct pending *pending = wait_for_event(self, "wait", ccci);
    *exit_code = pending->code;
    return pending->err;
}

static struct rt_error *runtime_stop(void *self, struct chaincode_container_info *ccci)
{
    struct play *p = self;
    note_runtime(p, "stop", ccci);
    return p->gate_stop ? wait_for_event(p, "stop", ccci)->err : NULL;
}

/* Lets the oldest pending call of a kind return; nothing if there is none. */
static void release(struct play *p, const char *kind, struct rt_error *err, int64_t code)
{
    rt_str cc = member(p, "cc");
    for (struct pending **at = &p->pendings; *at != NULL; at = &(*at)->next) {
        struct pending *pending = *at;
        if (strcmp(pending->kind, kind) != 0 || !rt_str_eq(pending->cc, cc))
            continue;
        *at = pending->next;
        pending->err = err;
        pending->code = code;
        rt_send(pending->done, NULL);
        return;
    }
}

/* ---- packages and the lifecycle ---- */

static struct chaincode_container_info *container_info(rt_str cc)
{
    struct chaincode_container_info *ccci = rt_new(struct chaincode_container_info);
    struct chaincode_instance instance = parse_name(cc);
    ccci->name = instance.chaincode_name;
    ccci->version = instance.chaincode_version;
    ccci->type = RT_STR("GOLANG");
    ccci->container_type = RT_STR("DOCKER");
    return ccci;
}

static struct rt_error *get_code_package(
        void *self, rt_str ccname, rt_str ccversion, rt_bytes *code_package)
{
    const struct play *p = self;
    rt_str cc = rt_sprintf("%S:%S", ccname, ccversion);
    const json_t *names = json_object_get(p->vector, "no_package");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name != NULL && rt_str_is(cc, name))
            return rt_errorf("no such package");
    }
    *code_package = RT_STR("code");
    return NULL;
}

/* The definition that a call means: the version is that of the call in progress. */
static struct rt_error *lifecycle_info(void *self, rt_str chaincode_name,
        const struct query_executor *qe, struct chaincode_container_info **ccci)
{
    const struct play *p = self;
    (void)qe;
    for (const struct call *c = p->calls; c != NULL; c = c->next) {
        *ccci = container_info(c->cc);
        if (!c->returned && rt_str_eq((*ccci)->name, chaincode_name))
            return NULL;
    }
    return rt_errorf("chaincode %S not found", chaincode_name);
}

static const struct peer_ledger *no_ledger(void *self, rt_str cid)
{
    (void)self;
    (void)cid;
    return NULL;
}

static bool no_syscc(void *self, rt_str name)
{
    (void)self;
    (void)name;
    return false;
}

static bool no_application(void *self, rt_str cid, bool *enabled)
{
    (void)self;
    (void)cid;
    (void)enabled;
    return false;
}

/* ---- streams ---- */

static struct rt_error *stream_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct fake_stream *s = self;
    if (s->send_fails)
        return rt_errorf("send broken");
    json_t *sent = json_object();
    json_object_set_new(sent, "stream", text(s->name));
    json_object_set_new(sent, "type", text(chaincode_message_type_string((int)msg->type)));
    if (msg->txid.len > 0)
        json_object_set_new(sent, "tx", text(msg->txid));
    if ((msg->type == CC_MSG(ERROR) || msg->type == CC_MSG(RESPONSE)) && msg->payload.len > 0)
        json_object_set_new(sent, "payload", text(msg->payload));
    json_array_append_new(s->play->sent, sent);
    return NULL;
}

static struct rt_error *stream_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct fake_stream *s = self;
    void *value;
    rt_recv(s->incoming, &value);
    const struct incoming *in = value;
    *msg = in->msg;
    return in->err;
}

static struct fake_stream *find_stream(struct play *p, rt_str name)
{
    for (struct fake_stream *s = p->streams; s != NULL; s = s->next)
        if (rt_str_eq(s->name, name))
            return s;
    p->mistake = "an event names a stream that is not open";
    return NULL;
}

static void give(struct play *p, Protos__ChaincodeMessage *msg, struct rt_error *err)
{
    struct fake_stream *s = find_stream(p, member(p, "stream"));
    if (s == NULL)
        return;
    struct incoming *in = rt_new(struct incoming);
    *in = (struct incoming){ msg, err };
    rt_send(s->incoming, in);
}

static void serve_stream(void *arg)
{
    struct fake_stream *s = arg;
    const struct chaincode_stream stream = { s, stream_send, stream_recv };
    struct rt_error *err = chaincode_support_handle_chaincode_stream(s->play->cs, stream);
    json_t *ended = json_object();
    json_object_set_new(ended, "stream", text(s->name));
    json_object_set_new(ended, "err", err != NULL ? text(err->text) : json_null());
    json_array_append_new(s->play->ended, ended);
}

static void open_stream(struct play *p)
{
    struct fake_stream *s = rt_new(struct fake_stream);
    s->name = member(p, "stream");
    s->play = p;
    s->incoming = rt_chan_make(p->event_count + 1, "fake stream");
    s->next = p->streams;
    p->streams = s;
    rt_go_in(p->proc, "HandleChaincodeStream", serve_stream, s);
}

/* ---- messages ---- */

static void send_register(struct play *p)
{
    Protos__ChaincodeID *id = WIRE_NEW(protos__chaincode_id);
    id->name = member(p, "cc");
    rt_bytes payload;
    WIRE_MARSHAL(id, &payload);
    give(p, chaincode_message_new(CC_MSG(REGISTER), payload, RT_STR(""), RT_STR("")), NULL);
}

static void send_message(struct play *p)
{
    rt_str name = member(p, "type");
    const ProtobufCEnumValue *type = protobuf_c_enum_descriptor_get_value_by_name(
            &protos__chaincode_message__type__descriptor, rt_cstr(name));
    if (type == NULL) {
        p->mistake = "an event has an unknown message type";
        return;
    }
    Protos__ChaincodeMessage *msg = chaincode_message_new(
            (Protos__ChaincodeMessage__Type)type->value, RT_NIL, member(p, "tx"), CHANNEL);
    if (msg->type == CC_MSG(COMPLETED)) {
        Protos__Response *response = WIRE_NEW(protos__response);
        response->status = (int32_t)number(p->event, "status");
        response->message = RT_STR("m");
        WIRE_MARSHAL(response, &msg->payload);
    } else if (msg->type == CC_MSG(ERROR)) {
        msg->payload = member(p, "msg");
    }
    give(p, msg, NULL);
}

/* ---- calls ---- */

static void make_call(void *arg)
{
    struct call *c = arg;
    struct chaincode_support *cs = c->play->cs;
    struct chaincode_container_info *ccci = container_info(c->cc);
    if (rt_str_is(c->kind, "launch")) {
        c->err = cs->launcher.launch(cs->launcher.self, ccci);
        return;
    }
    struct transaction_params *tx_params = rt_new(struct transaction_params);
    tx_params->tx_id = c->tx;
    tx_params->channel_id = CHANNEL;
    const struct cc_context cccid = { ccci->name, ccci->version };
    Protos__ChaincodeInput *input = WIRE_NEW(protos__chaincode_input);
    Protos__ChaincodeEvent *event;
    if (rt_str_is(c->kind, "invoke")) {
        c->err = chaincode_support_execute(cs, tx_params, &cccid, input, &c->response, &event);
        return;
    }
    Protos__ChaincodeDeploymentSpec *spec = WIRE_NEW(protos__chaincode_deployment_spec);
    spec->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    spec->chaincode_spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec->chaincode_spec->input = input;
    spec->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_spec->chaincode_id->name = ccci->name;
    spec->chaincode_spec->chaincode_id->version = ccci->version;
    c->err = chaincode_support_execute_legacy_init(
            cs, tx_params, &cccid, spec, &c->response, &event);
}

static void run_call(void *arg)
{
    struct call *c = arg;
    c->panicked = rt_recover(make_call, c, &c->panic);
    c->returned = true;
    json_t *returned = json_object();
    json_object_set_new(returned, "call", text(c->name));
    if (c->panicked) {
        json_object_set_new(returned, "panic", text(c->panic));
    } else {
        json_object_set_new(returned, "err", c->err != NULL ? text(c->err->text) : json_null());
        if (c->response != NULL)
            json_object_set_new(returned, "status", json_integer(c->response->status));
    }
    json_array_append_new(c->play->returned, returned);
}

static void begin_call(struct play *p, rt_str kind)
{
    struct call *c = rt_new(struct call);
    c->play = p;
    c->kind = kind;
    c->name = member(p, "call");
    c->cc = member(p, "cc");
    if (!rt_str_is(kind, "launch"))
        c->tx = member(p, "tx");
    c->next = p->calls;
    p->calls = c;
    rt_go_in(p->proc, "call", run_call, c);
}

/* ---- events ---- */

static void apply_stream_event(struct play *p, rt_str what)
{
    if (rt_str_is(what, "open")) {
        open_stream(p);
    } else if (rt_str_is(what, "register")) {
        send_register(p);
    } else if (rt_str_is(what, "message")) {
        send_message(p);
    } else if (rt_str_is(what, "nil_message")) {
        give(p, NULL, NULL);
    } else if (rt_str_is(what, "recv_err")) {
        give(p, NULL, rt_error_new(member(p, "msg")));
    } else if (rt_str_is(what, "close")) {
        give(p, NULL, rt_eof);
    } else if (rt_str_is(what, "send_fails")) {
        struct fake_stream *s = find_stream(p, member(p, "stream"));
        if (s != NULL)
            s->send_fails = true;
    } else {
        p->mistake = "unknown event";
    }
}

static void apply_event(void *arg)
{
    struct play *p = arg;
    rt_str what = member(p, "do");
    if (rt_str_is(what, "launch") || rt_str_is(what, "init") || rt_str_is(what, "invoke"))
        begin_call(p, what);
    else if (rt_str_is(what, "start_ok"))
        release(p, "start", NULL, 0);
    else if (rt_str_is(what, "start_err"))
        release(p, "start", rt_error_new(member(p, "msg")), 0);
    else if (rt_str_is(what, "exit"))
        release(p, "wait", NULL, number(p->event, "code"));
    else if (rt_str_is(what, "wait_err"))
        release(p, "wait", rt_error_new(member(p, "msg")), 0);
    else if (rt_str_is(what, "stop_done"))
        release(p, "stop", NULL, 0);
    else
        apply_stream_event(p, what);
}

static void run_event(struct play *p)
{
    const char *what = json_string_value(json_object_get(p->event, "do"));
    if (what != NULL && strcmp(what, "advance") == 0) {
        rt_run_until(p->rt, rt_now_ns() + 4000 * RT_MS);
        return;
    }
    struct rt_proc *driver = rt_proc_new("driver");
    rt_go_in(driver, "event", apply_event, p);
    rt_run_ready(p->rt);
}

/* ---- observations ---- */

/* What an observation is ordered by. */
static const char *sort_key(const json_t *value)
{
    static const char *const keys[] = { "call", "stream" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *key = json_string_value(json_object_get(value, keys[i]));
        if (key != NULL)
            return key;
    }
    return json_is_string(value) ? json_string_value(value) : "";
}

/* A stable insertion sort. */
void launch_sort(json_t *array)
{
    for (size_t i = 1; i < json_array_size(array); i++) {
        json_t *value = json_incref(json_array_get(array, i));
        size_t at = i;
        while (at > 0 && strcmp(sort_key(json_array_get(array, at - 1)), sort_key(value)) > 0)
            at--;
        if (at != i) {
            json_array_remove(array, i);
            json_array_insert(array, at, value);
        }
        json_decref(value);
    }
}

/* Moves a list into the observation, if there is anything in it, and begins a new one. */
static void take(json_t *observation, const char *key, json_t **list)
{
    launch_sort(*list);
    if (json_array_size(*list) > 0)
        json_object_set(observation, key, *list);
    json_decref(*list);
    *list = json_array();
}

static json_t *observe(struct play *p)
{
    json_t *observation = json_object();
    take(observation, "returned", &p->returned);
    take(observation, "sent", &p->sent);
    take(observation, "ended", &p->ended);
    take(observation, "runtime", &p->runtime);
    json_t *handlers = json_array();
    const struct rt_map_entry *entries = rt_map_sorted(p->cs->handler_registry->handlers);
    for (size_t i = 0; i < rt_map_len(p->cs->handler_registry->handlers); i++)
        json_array_append_new(handlers, text(entries[i].key));
    json_object_set_new(observation, "handlers", handlers);
    json_t *blocked = json_array();
    for (const struct call *c = p->calls; c != NULL; c = c->next)
        if (!c->returned)
            json_array_append_new(blocked, text(c->name));
    take(observation, "blocked", &blocked);
    json_decref(blocked);
    return observation;
}

/* ---- the vector ---- */

static struct chaincode_support *new_support(struct play *p, uint64_t variants)
{
    const struct chaincode_support_params params = {
        .config = {
            .execute_timeout_ns = number(p->vector, "execute_timeout_ms") * RT_MS,
            .startup_timeout_ns = number(p->vector, "startup_timeout_ms") * RT_MS,
        },
        .user_runs_cc = json_is_true(json_object_get(p->vector, "user_runs_cc")),
        .package_provider = { p, get_code_package },
        .lifecycle = { .self = p, .chaincode_container_info = lifecycle_info },
        .system_cc_provider = { p, no_syscc, no_syscc },
        .ledger_getter = { p, no_ledger },
        .app_config = { p, no_application },
        .variants = variants,
    };
    struct chaincode_support *cs = chaincode_support_new(&params);
    struct runtime_launcher *launcher = cs->launcher.self;
    cs->runtime = (struct runtime){ p, runtime_start, runtime_stop, runtime_wait };
    launcher->runtime = cs->runtime;
    return cs;
}

static json_t *play_events(struct play *p)
{
    json_t *observations = json_array();
    const json_t *events = json_object_get(p->vector, "events");
    for (size_t i = 0; i < p->event_count && p->mistake == NULL; i++) {
        p->event = json_array_get(events, i);
        run_event(p);
        if (!rt_proc_alive(p->proc))
            p->mistake = "the modelled peer died";
        json_array_append_new(observations, observe(p));
    }
    return observations;
}

json_t *launch_play(struct rt *machine, const json_t *vector, const struct rt_source *source,
        uint64_t variants, const char **mistake)
{
    const struct rt_config config = { .source = source };
    rt_begin(machine, &config);
    struct play p = {
        .rt = machine,
        .vector = vector,
        .event_count = json_array_size(json_object_get(vector, "events")),
        .gate_stop = json_is_true(json_object_get(vector, "gate_stop")),
        .returned = json_array(),
        .sent = json_array(),
        .ended = json_array(),
        .runtime = json_array(),
    };
    p.proc = rt_proc_new("peer");
    p.cs = new_support(&p, variants);
    json_t *observations = play_events(&p);
    rt_end(machine);
    json_decref(p.returned);
    json_decref(p.sent);
    json_decref(p.ended);
    json_decref(p.runtime);
    *mistake = p.mistake;
    if (p.mistake == NULL)
        return observations;
    json_decref(observations);
    return NULL;
}
