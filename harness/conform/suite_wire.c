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
    rt_str name = conform_get_str(vector, "type", true, out);
    struct trip t = {
        .type = wire_type_by_name(name),
        .in = conform_get_hex(vector, "in", true, out),
        .actual = json_object(),
    };
    rt_str panic;
    out->actual = t.actual;
    out->expected = conform_pick(vector, "ok", "err", "out", "marshal_err", NULL);
    if (!t.type)
        conform_broken(out, "type: no message \"%.*s\"", (int)name.len, (const char *)name.data);
    else if (rt_recover(travel, &t, &panic))
        (void)json_object_set_new(t.actual, "panic", conform_text(panic));
}

const struct conform_suite conform_suite_wire = {
    .name = "wire",
    .summary = "messages decoded and encoded as golang/protobuf does",
    .claims = wire_claims,
    .run = wire_run,
};
