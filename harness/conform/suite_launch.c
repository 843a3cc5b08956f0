/* launch.jsonl: launching and registration, event by event. */
#include "harness/conform/conform.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/conform/go_order.h"
#include "harness/conform/launch_play.h"
#include "model/rt/rt.h"

static bool claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "launch");
}

struct state {
    struct rt *machine;
    struct go_order *order;
};

static void *open_suite(const struct conform_env *env, rt_str *error)
{
    (void)env;
    (void)error;
    struct state *state = mem_new(struct state);
    state->machine = rt_machine_new();
    state->order = go_order_new();
    return state;
}

/* The names in `handlers` are a set: in order in a copy of the recorded observations. */
static json_t *with_sorted_handlers(const json_t *vector)
{
    json_t *expected = json_object();
    json_t *expect = json_deep_copy(json_object_get(vector, "expect"));
    for (size_t i = 0; i < json_array_size(expect); i++)
        launch_sort(json_object_get(json_array_get(expect, i), "handlers"));
    json_object_set_new(expected, "expect", expect);
    return expected;
}

static void run(void *self, const json_t *vector, struct conform_outcome *out)
{
    const struct state *state = self;
    out->expected = with_sorted_handlers(vector);
    const struct rt_source source = go_order_source(state->order);
    out->actual = json_object();
    json_object_set_new(out->actual, "expect", launch_play(state->machine, vector, &source, 0));
}

static const char *const whats[] = { "launch", "init", "invoke", "start_ok", "start_err", "exit",
    "wait_err", "stop_done", "open", "register", "message", "nil_message", "recv_err", "close",
    "send_fails", "advance", NULL };
static const struct json_form forms[] = {
    { "launch", { "call", "cc" } },
    { "init", { "call", "cc", "tx" } },
    { "invoke", { "call", "cc", "tx" } },
    { "start_ok", { "cc" } },
    { "start_err", { "cc", "msg" } },
    { "exit", { "cc" } },
    { "wait_err", { "cc", "msg" } },
    { "stop_done", { "cc" } },
    { "open", { "stream" } },
    { "register", { "stream", "cc" } },
    { "message", { "stream", "type", "tx" } },
    { "nil_message", { "stream" } },
    { "recv_err", { "stream", "msg" } },
    { "close", { "stream" } },
    { "send_fails", { "stream" } },
    { 0 },
};
static const char *const types[] = { "UNDEFINED", "REGISTER", "REGISTERED", "INIT", "READY",
    "TRANSACTION", "COMPLETED", "ERROR", "GET_STATE", "PUT_STATE", "DEL_STATE", "INVOKE_CHAINCODE",
    "RESPONSE", "GET_STATE_BY_RANGE", "GET_QUERY_RESULT", "QUERY_STATE_NEXT", "QUERY_STATE_CLOSE",
    "KEEPALIVE", "GET_HISTORY_FOR_KEY", "GET_STATE_METADATA", "PUT_STATE_METADATA",
    "GET_PRIVATE_DATA_HASH", NULL };
static const struct json_spec type_spec = { .kind = JSON_SPEC_WORD, .words = types };
static const struct json_spec what_spec = { .kind = JSON_SPEC_WORD, .words = whats };
static const struct json_spec code = { .kind = JSON_SPEC_INT, .min = INT32_MIN, .max = INT32_MAX };
static const struct json_spec timeout = { .kind = JSON_SPEC_INT, .max = 86400000 };
static const struct json_field event_fields[] = {
    CONFORM_MUST("do", &what_spec, "What happens."),
    CONFORM_MAY("call", &json_spec_text, "Name of the call that starts."),
    CONFORM_MAY("cc", &json_spec_text, "name:version of the chaincode."),
    CONFORM_MAY("tx", &json_spec_text, "Id of the transaction."),
    CONFORM_MAY("stream", &json_spec_text, "Name of the stream."),
    CONFORM_MAY("type", &type_spec, "Type of the message."),
    CONFORM_MAY("status", &code, "Status of the response in it."),
    CONFORM_MAY("msg", &json_spec_text, "Text of an error."),
    CONFORM_MAY("code", &code, "Exit code."),
    { 0 },
};
static const struct json_spec event = {
    .kind = JSON_SPEC_OBJECT, .fields = event_fields, .head = "do", .forms = forms
};
static const struct json_spec event_list = { .kind = JSON_SPEC_ARRAY, .element = &event };

/* Whether an event before `at` opens the stream. */
static bool is_open(const struct json_node *list, const struct json_node *at, const char *stream)
{
    for (const struct json_node *e = list->child; e != at; e = e->next)
        if (strcmp(json_string_of(e->value, "do"), "open") == 0 &&
                strcmp(json_string_of(e->value, "stream"), stream) == 0)
            return true;
    return false;
}

static bool read_events(const struct json_doc *doc, const struct json_node *node, void *out)
{
    bool ok = json_check(doc, node, &event_list);
    (void)out;
    for (const struct json_node *e = node->child; ok && e; e = e->next) {
        const struct json_node *stream = json_member(e, "stream");
        if (stream && strcmp(json_string_of(e->value, "do"), "open") != 0)
            ok = is_open(node, e, json_string_value(stream->value)) ||
                 json_wrong(doc, stream, "a stream that is open");
    }
    return ok;
}
static const struct json_spec events = {
    .kind = JSON_SPEC_OWN, .element = &event_list, .read = read_events
};

static const struct json_field returned_fields[] = {
    CONFORM_MUST("call", &json_spec_text, "Its name."),
    CONFORM_NULL("err", &json_spec_text, "Its error."),
    CONFORM_MAY("status", &code, "Status of its response."),
    CONFORM_MAY("panic", &json_spec_text, "Its panic."),
    { 0 },
};
static const struct json_spec returned = { .kind = JSON_SPEC_OBJECT, .fields = returned_fields };
static const struct json_spec returneds = { .kind = JSON_SPEC_ARRAY, .element = &returned };
static const struct json_field sent_fields[] = {
    CONFORM_MUST("stream", &json_spec_text, "Name of the stream."),
    CONFORM_MUST("type", &json_spec_text, "Type of the message."),
    CONFORM_MAY("tx", &json_spec_text, "Id of its transaction."),
    CONFORM_MAY("payload", &json_spec_text, "Its payload, as text."),
    { 0 },
};
static const struct json_spec sent = { .kind = JSON_SPEC_OBJECT, .fields = sent_fields };
static const struct json_spec sents = { .kind = JSON_SPEC_ARRAY, .element = &sent };
static const struct json_field ended_fields[] = {
    CONFORM_MUST("stream", &json_spec_text, "Name of the stream."),
    CONFORM_NULL("err", &json_spec_text, "The error of its handler."),
    { 0 },
};
static const struct json_spec ended = { .kind = JSON_SPEC_OBJECT, .fields = ended_fields };
static const struct json_spec endeds = { .kind = JSON_SPEC_ARRAY, .element = &ended };
static const struct json_field observation_fields[] = {
    CONFORM_MAY("returned", &returneds, "Calls that returned."),
    CONFORM_MAY("sent", &sents, "Messages that the peer sent."),
    CONFORM_MAY("ended", &endeds, "Streams that ended."),
    CONFORM_MAY("runtime", &conform_texts, "Calls of the runtime."),
    CONFORM_MUST("handlers", &conform_texts, "Names that have a handler now."),
    CONFORM_MAY("blocked", &conform_texts, "Calls that have not returned."),
    { 0 },
};
static const struct json_spec observation = { .kind = JSON_SPEC_OBJECT,
    .fields = observation_fields };
static const struct json_spec observations_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &observation };

static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MAY("user_runs_cc", &json_spec_flag, "Development mode."),
    CONFORM_MAY("startup_timeout_ms", &timeout, "chaincode.startuptimeout"),
    CONFORM_MAY("execute_timeout_ms", &timeout, "chaincode.executetimeout"),
    CONFORM_MAY("no_package", &conform_texts, "Names whose package is missing."),
    CONFORM_MAY("gate_stop", &json_spec_flag, "Whether Runtime.Stop waits for a stop_done."),
    CONFORM_MUST("events", &events, "What happens, in order."),
    CONFORM_MUST("expect", &observations_spec, "What is seen after each event."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_launch = {
    .name = "launch",
    .summary = "launching and registration, event by event",
    .vector = &vector_spec,
    .claims = claims,
    .open = open_suite,
    .run = run,
};
