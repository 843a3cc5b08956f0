/* The events of a launch vector, done one after another, and what is seen of each. */
#include "harness/conform/conform.h"
#include "harness/conform/launch_impl.h"
#include "model/rt/clock.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* ---- JSON ---- */

json_t *launch_text(rt_str s)
{
    return json_stringn(s.len > 0 ? (const char *)s.data : "", s.len); /* it takes no NULL */
}

rt_str launch_member(struct play *p, const char *key)
{
    rt_str text = conform_get_str(p->event, key);
    return text.data ? text : RT_STR("");
}

/* ---- packages and the lifecycle ---- */

static struct rt_error *get_code_package(
        void *self, rt_str ccname, rt_str ccversion, rt_bytes *code_package)
{
    const struct play *p = self;
    rt_str cc = rt_sprintf("%S:%S", ccname, ccversion);
    const json_t *names = json_object_get(p->vector, "no_package");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name && rt_str_is(cc, name))
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
    for (const struct call *c = p->calls; c; c = c->next) {
        if (c->returned || !rt_str_eq(c->cccid.name, chaincode_name))
            continue;
        *ccci = launch_container_info(&c->cccid);
        return NULL;
    }
    return rt_errorf("chaincode %S not found", chaincode_name);
}

/* ---- messages ---- */

static void send_register(struct play *p)
{
    Protos__ChaincodeID *id = WIRE_NEW(protos__chaincode_id);
    id->name = launch_member(p, "cc");
    rt_bytes payload;
    RT_DROP(WIRE_MARSHAL(id, &payload));
    launch_stream_give(
            p, chaincode_message_new(CC_MSG(REGISTER), payload, RT_STR(""), RT_STR("")), NULL);
}

static void send_message(struct play *p)
{
    rt_str name = launch_member(p, "type");
    const ProtobufCEnumValue *type = protobuf_c_enum_descriptor_get_value_by_name(
            &protos__chaincode_message__type__descriptor, rt_cstr(name));
    Protos__ChaincodeMessage *msg =
            chaincode_message_new((Protos__ChaincodeMessage__Type)type->value, RT_NIL,
                    launch_member(p, "tx"), LAUNCH_CHANNEL);
    if (msg->type == CC_MSG(COMPLETED)) {
        Protos__Response *response = WIRE_NEW(protos__response);
        response->status = (int32_t)json_integer_of(p->event, "status");
        response->message = RT_STR("m");
        RT_DROP(WIRE_MARSHAL(response, &msg->payload));
    } else if (msg->type == CC_MSG(ERROR)) {
        msg->payload = launch_member(p, "msg");
    }
    launch_stream_give(p, msg, NULL);
}

/* ---- calls ---- */

static void make_call(void *arg)
{
    struct call *c = arg;
    c->err = launch_ask(c->play->cs, c->ask, &c->cccid, c->tx, &c->response);
}

static void run_call(void *arg)
{
    struct call *c = arg;
    c->panicked = rt_recover(make_call, c, &c->panic);
    c->returned = true;
    json_t *returned = json_object();
    json_object_set_new(returned, "call", launch_text(c->name));
    if (c->panicked) {
        json_object_set_new(returned, "panic", launch_text(c->panic));
    } else {
        json_object_set_new(returned, "err", c->err ? launch_text(c->err->text) : json_null());
        if (c->response)
            json_object_set_new(returned, "status", json_integer(c->response->status));
    }
    json_array_append_new(c->play->returned, returned);
}

static void begin_call(struct play *p, enum launch_ask ask)
{
    struct call *c = rt_new(struct call);
    c->play = p;
    c->ask = ask;
    c->name = launch_member(p, "call");
    struct chaincode_instance instance = parse_name(launch_member(p, "cc"));
    c->cccid = (struct cc_context){ instance.chaincode_name, instance.chaincode_version };
    if (ask != LAUNCH_ASK_LAUNCH)
        c->tx = launch_member(p, "tx");
    c->next = p->calls;
    p->calls = c;
    rt_go_in(p->proc, "call", run_call, c);
}

/* ---- events ---- */

static void apply_stream_event(struct play *p, rt_str what)
{
    if (rt_str_is(what, "open")) {
        launch_stream_begin(p);
    } else if (rt_str_is(what, "register")) {
        send_register(p);
    } else if (rt_str_is(what, "message")) {
        send_message(p);
    } else if (rt_str_is(what, "nil_message")) {
        launch_stream_give(p, NULL, NULL);
    } else if (rt_str_is(what, "recv_err")) {
        launch_stream_give(p, NULL, rt_error_new(launch_member(p, "msg")));
    } else if (rt_str_is(what, "close")) {
        launch_stream_give(p, NULL, rt_eof);
    } else if (rt_str_is(what, "send_fails")) {
        struct fake_stream *s = launch_stream_named(p);
        if (s)
            s->send_fails = true;
    }
}

static void apply_event(void *arg)
{
    struct play *p = arg;
    rt_str what = launch_member(p, "do");
    if (rt_str_is(what, "launch"))
        begin_call(p, LAUNCH_ASK_LAUNCH);
    else if (rt_str_is(what, "init"))
        begin_call(p, LAUNCH_ASK_INIT);
    else if (rt_str_is(what, "invoke"))
        begin_call(p, LAUNCH_ASK_INVOKE);
    else if (rt_str_is(what, "start_ok"))
        launch_release(p, "start", NULL, 0);
    else if (rt_str_is(what, "start_err"))
        launch_release(p, "start", rt_error_new(launch_member(p, "msg")), 0);
    else if (rt_str_is(what, "exit"))
        launch_release(p, "wait", NULL, json_integer_of(p->event, "code"));
    else if (rt_str_is(what, "wait_err"))
        launch_release(p, "wait", rt_error_new(launch_member(p, "msg")), 0);
    else if (rt_str_is(what, "stop_done"))
        launch_release(p, "stop", NULL, 0);
    else
        apply_stream_event(p, what);
}

static void run_event(struct play *p)
{
    const char *what = json_string_value(json_object_get(p->event, "do"));
    if (what && strcmp(what, "advance") == 0) {
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
        if (key)
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
        json_array_append_new(handlers, launch_text(entries[i].key));
    json_object_set_new(observation, "handlers", handlers);
    json_t *blocked = json_array();
    for (const struct call *c = p->calls; c; c = c->next)
        if (!c->returned)
            json_array_append_new(blocked, launch_text(c->name));
    take(observation, "blocked", &blocked);
    json_decref(blocked);
    if (!rt_proc_alive(p->proc))
        json_object_set_new(observation, "panic", launch_text(rt_proc_panic(p->proc)));
    return observation;
}

/* ---- the vector ---- */

static struct chaincode_support *new_support(struct play *p, uint64_t variants)
{
    const struct chaincode_support_params params = {
        .config = {
            .execute_timeout_ns = json_integer_of(p->vector, "execute_timeout_ms") * RT_MS,
            .startup_timeout_ns = json_integer_of(p->vector, "startup_timeout_ms") * RT_MS,
        },
        .user_runs_cc = json_is_true(json_object_get(p->vector, "user_runs_cc")),
        .package_provider = { p, get_code_package },
        .lifecycle = { .self = p, .chaincode_container_info = lifecycle_info },
        .variants = variants,
    };
    return launch_support_new(&params, launch_fake_runtime(p));
}

static json_t *play_events(struct play *p)
{
    json_t *observations = json_array();
    const json_t *events = json_object_get(p->vector, "events");
    for (size_t i = 0; i < p->event_count && rt_proc_alive(p->proc); i++) {
        p->event = json_array_get(events, i);
        run_event(p);
        json_array_append_new(observations, observe(p));
    }
    return observations;
}

json_t *launch_play(
        struct rt *machine, const json_t *vector, const struct rt_source *source, uint64_t variants)
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
    return observations;
}
