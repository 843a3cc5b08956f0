/* wire.jsonl: messages decoded, and encoded again. */
#include "harness/conform/conform.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

static bool wire_claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "wire");
}

/* One message on its way. */
struct trip {
    const ProtobufCMessageDescriptor *type;
    rt_bytes in;
    json_t *actual;
};

static void travel(void *arg)
{
    struct trip *t = arg;
    ProtobufCMessage *m;
    rt_bytes out;
    struct rt_error *err = wire_unmarshal(t->type, t->in, &m);
    (void)json_object_set_new(t->actual, "ok", json_boolean(!err));
    if (err) {
        (void)json_object_set_new(t->actual, "err", conform_text(err->text));
        return;
    }
    err = wire_marshal(m, &out);
    (void)json_object_set_new(t->actual, "out", conform_hex(out));
    if (err)
        (void)json_object_set_new(t->actual, "marshal_err", conform_text(err->text));
}

static void wire_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    (void)state;
    struct trip t = {
        .type = wire_type_by_name(conform_get_str(vector, "type")),
        .in = conform_get_hex(vector, "in"),
        .actual = json_object(),
    };
    rt_str panic;
    out->actual = t.actual;
    out->expected = conform_pick(vector, "ok", "err", "out", "marshal_err", NULL);
    if (rt_recover(travel, &t, &panic))
        (void)json_object_set_new(t.actual, "panic", conform_text(panic));
}

static bool read_type(const struct json_doc *doc, const struct json_node *node, void *out)
{
    const char *name = json_string_value(node->value);
    (void)out;
    return (name && wire_type_by_name(rt_str_from(name))) ||
           json_wrong(doc, node, "the full name of a message");
}
static const struct json_spec type = {
    .kind = JSON_SPEC_OWN, .element = &json_spec_name, .read = read_type
};

static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MUST("type", &type, "Full name of the message."),
    CONFORM_MUST("in", &json_spec_hex, "Its bytes."),
    CONFORM_MUST("ok", &json_spec_flag, "Whether golang/protobuf accepts them."),
    CONFORM_MAY("err", &json_spec_text, "The error if it does not."),
    CONFORM_MAY("out", &json_spec_hex, "The message, encoded again."),
    CONFORM_MAY("marshal_err", &json_spec_text, "The error when that fails."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_wire = {
    .name = "wire",
    .summary = "messages decoded and encoded as golang/protobuf does",
    .vector = &vector_spec,
    .claims = wire_claims,
    .run = wire_run,
};
