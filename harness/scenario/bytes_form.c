/* Bytes in a scenario, from their text. */
#include "harness/scenario/bytes_form.h"

#include "harness/scenario/proto_form.h"
#include "model/crypto/base64.h"
#include "model/wire/wire.h"

/* No form makes more than a gRPC message may have, twice over. */
#define MOST_BYTES ((size_t)200 << 20)

struct form {
    rt_str text;
    rt_bytes hex;
    rt_str base64;
    rt_str message;
    const struct json_node *fields;
    int64_t repeat;
    int64_t cut;
    int64_t flip;
};
#define AT(member) offsetof(struct form, member)

static const struct json_spec any = { .kind = JSON_SPEC_NODE };
static const struct json_spec repeat = { .kind = JSON_SPEC_INT, .min = 0, .max = 200 << 20 };
static const struct json_spec position = { .kind = JSON_SPEC_INT, .min = 0, .max = INT64_MAX };
static const struct json_field fields[] = {
    { "text", &json_spec_text, AT(text), .about = "These characters." },
    { "hex", &json_spec_hex, AT(hex), .about = "In hex." },
    { "base64", &json_spec_text, AT(base64), .about = "In base64." },
    { "message", &json_spec_name, AT(message),
            .about = "A message of this type, for example protos.GetState, marshalled." },
    { "fields", &any, AT(fields), .about = "Its fields, by the names of the .proto file." },
    { "repeat", &repeat, AT(repeat), .otherwise = "1", .about = "So many times in a row." },
    { "cut", &position, AT(cut), .about = "Only so many bytes of it." },
    { "flip", &position, AT(flip), .about = "All bits of this byte, from 0, are flipped." },
    { 0 },
};
static const char *const ways[] = { "text", "hex", "base64", "message", NULL };
static const struct json_spec form_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "bytes",
    .about = "Bytes: text, hex, base64, or a message.",
    .fields = fields,
    .one_of = ways,
    .size = sizeof(struct form),
    .brief = "text",
};

/* Line ends, which Go passes over, are none of what a form may hold. */
static bool decode_base64(rt_str text, rt_bytes *out)
{
    if (rt_str_contains(text, RT_STR("\n")) || rt_str_contains(text, RT_STR("\r")))
        return false;
    return !base64_decode(text, out);
}

static bool read_message(const struct json_doc *doc, const struct json_node *node,
        const struct form *form, rt_bytes *out)
{
    ProtobufCMessage *message = NULL;
    const ProtobufCMessageDescriptor *type =
            proto_form_type(doc, json_member(node, "message"), form->message);
    if (!type)
        return false;
    message = wire_new(type);
    if (form->fields && !proto_form_read(doc, form->fields, type, &message))
        return false;
    struct rt_error *err = wire_marshal(message, out);
    if (err)
        diag_at(json_place(doc, node), "this message cannot be marshalled: %s", rt_cstr(err->text));
    return !err;
}

static bool read_whole(const struct json_doc *doc, const struct json_node *node,
        const struct form *form, rt_bytes *out)
{
    const struct json_node *base64 = json_member(node, "base64");
    if (form->message.data)
        return read_message(doc, node, form, out);
    if (form->fields) {
        diag_at(json_key_place(doc, json_member(node, "fields")),
                "\"fields\" are those of a \"message\"");
        return false;
    }
    if (base64)
        return decode_base64(form->base64, out) || json_wrong(doc, base64, "base64");
    *out = form->hex.data ? form->hex : form->text;
    return true;
}

static bool out_of(const struct json_doc *doc, const struct json_node *node, rt_bytes whole)
{
    diag_at(json_place(doc, node), "there are only %zu bytes", whole.len);
    return false;
}

static bool change(const struct json_doc *doc, const struct json_node *node,
        const struct form *form, rt_bytes *out)
{
    const struct json_node *cut = json_member(node, "cut"), *flip = json_member(node, "flip");
    const struct json_node *times = json_member(node, "repeat");
    if (times && (size_t)form->repeat * out->len > MOST_BYTES)
        return json_wrong(doc, times, "at most 200 MiB in all");
    struct rt_buf buf = { 0 };
    for (int64_t i = 0; times && i < form->repeat; i++)
        rt_buf_put_str(&buf, *out);
    if (times)
        *out = rt_buf_str(&buf);
    if (cut && (size_t)form->cut > out->len)
        return out_of(doc, cut, *out);
    if (cut)
        *out = rt_bytes_dup(out->data, (size_t)form->cut);
    if (flip && (size_t)form->flip >= out->len)
        return out_of(doc, flip, *out);
    if (flip) {
        *out = rt_bytes_dup(out->data, out->len);
        out->data[form->flip] ^= 0xff;
    }
    return true;
}

bool bytes_form_read(const struct json_doc *doc, const struct json_node *node, rt_bytes *out)
{
    struct form form = { .repeat = 1 };
    if (!json_read(doc, node, &form_spec, &form) || !read_whole(doc, node, &form, out) ||
            !change(doc, node, &form, out))
        return false;
    if (!out->data)
        *out = rt_bytes_dup("", 0);
    return true;
}

/* ---- specs ---- */

static bool read_bytes(const struct json_doc *doc, const struct json_node *node, void *out)
{
    return bytes_form_read(doc, node, out);
}

static bool read_part(const struct json_doc *doc, const struct json_node *node, void *out)
{
    struct bytes_part *part = out;
    part->given = true;
    return json_is_null(node->value) || bytes_form_read(doc, node, &part->value);
}

const struct json_spec spec_bytes = {
    .kind = JSON_SPEC_OWN,
    .element = &form_spec,
    .size = sizeof(rt_bytes),
    .read = read_bytes,
};
const struct json_spec spec_bytes_part = {
    .kind = JSON_SPEC_OWN,
    .element = &form_spec,
    .size = sizeof(struct bytes_part),
    .read = read_part,
    .reads_null = true,
};
