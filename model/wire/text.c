/* Follows vendor/github.com/golang/protobuf/proto/text.go in its compact form, in which every line
 * end is a space.
 *
 * Fields come in the order of their numbers, which is that of the .proto files for all that Fabric
 * shows as text. */
#include "model/wire/tables.h"
#include "model/wire/wire.h"

/* writeString: like strconv.Quote, but by bytes and with octal escapes. */
static void write_string(struct rt_buf *w, rt_bytes s)
{
    rt_buf_put_byte(w, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (c == '\n')
            rt_buf_putz(w, "\\n");
        else if (c == '\r')
            rt_buf_putz(w, "\\r");
        else if (c == '\t')
            rt_buf_putz(w, "\\t");
        else if (c == '"' || c == '\\')
            rt_buf_put(w, (uint8_t[]){ '\\', c }, 2);
        else if (c >= 0x20 && c < 0x7f)
            rt_buf_put_byte(w, c);
        else
            rt_buf_put(w,
                    (uint8_t[]){ '\\', (uint8_t)('0' + (c >> 6)), (uint8_t)('0' + (c >> 3 & 7)),
                            (uint8_t)('0' + (c & 7)) },
                    4);
    }
    rt_buf_put_byte(w, '"');
}

/* ---- unknown fields: well formed, since decoding kept them ---- */

static uint64_t take_varint(rt_bytes *in)
{
    uint64_t x = 0;
    for (unsigned shift = 0; in->len > 0; shift += 7) {
        uint8_t byte = *in->data++;
        in->len--;
        if (shift < 64)
            x |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return x;
}

static uint64_t take_fixed(rt_bytes *in, size_t size)
{
    uint64_t x = 0;
    size_t n = in->len < size ? in->len : size;
    for (size_t i = 0; i < n; i++)
        x |= (uint64_t)in->data[i] << (8 * i);
    *in = rt_str_slice(*in, n, in->len);
    return x;
}

static void write_unknown_value(struct rt_buf *w, unsigned wire, rt_bytes *in)
{
    switch (wire) {
    case WIRE_LENGTH: {
        uint64_t len = take_varint(in);
        size_t n = len < in->len ? (size_t)len : in->len;
        rt_buf_put_str(w, rt_quote(rt_str_slice(*in, 0, n)));
        *in = rt_str_slice(*in, n, in->len);
        break;
    }
    case WIRE_FIXED32:
        rt_buf_printf(w, "%llu", (unsigned long long)take_fixed(in, 4));
        break;
    case WIRE_FIXED64:
        rt_buf_printf(w, "%llu", (unsigned long long)take_fixed(in, 8));
        break;
    case WIRE_GROUP:
        rt_buf_putz(w, " {");
        break;
    default:
        rt_buf_printf(w, "%llu", (unsigned long long)take_varint(in));
        break;
    }
}

static void write_unknown(struct rt_buf *w, rt_bytes in)
{
    while (in.len > 0) {
        uint64_t tag = take_varint(&in);
        unsigned wire = (unsigned)(tag & 7);
        if (wire == WIRE_GROUP_END) {
            rt_buf_putz(w, "} ");
            continue;
        }
        rt_buf_printf(w, "%llu", (unsigned long long)(tag >> 3));
        if (wire != WIRE_GROUP)
            rt_buf_put_byte(w, ':');
        write_unknown_value(w, wire, &in);
        rt_buf_put_byte(w, ' ');
    }
}

/* ---- known fields ---- */

static void write_struct(struct rt_buf *w, const ProtobufCMessage *m);

static const void *member(const ProtobufCMessage *m, unsigned offset)
{
    return (const char *)m + offset;
}

/* A value that stands at `value`. */
static void write_any(struct rt_buf *w, const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        rt_buf_put_byte(w, '<');
        write_struct(w, *(const ProtobufCMessage *const *)value);
        rt_buf_put_byte(w, '>');
        break;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
        write_string(w, *(const rt_bytes *)value);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        rt_buf_put_str(w, wire_enum_string(field->descriptor, *(const int *)value));
        break;
    case PROTOBUF_C_TYPE_BOOL:
        rt_buf_putz(w, *(const protobuf_c_boolean *)value ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_UINT32:
        rt_buf_printf(w, "%u", *(const uint32_t *)value);
        break;
    case PROTOBUF_C_TYPE_UINT64:
        rt_buf_printf(w, "%llu", *(const unsigned long long *)value);
        break;
    case PROTOBUF_C_TYPE_INT64:
        rt_buf_printf(w, "%lld", *(const long long *)value);
        break;
    default:
        rt_buf_printf(w, "%d", *(const int32_t *)value);
        break;
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(ProtobufCMessage *);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(rt_bytes);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_INT64:
        return 8;
    default:
        return 4;
    }
}

/* Whether a field that is not repeated is left out: nil, empty, or proto3's zero. */
static bool is_zero(const ProtobufCFieldDescriptor *field, const void *value, bool in_entry)
{
    static const uint8_t zero[8];
    if (in_entry && field->type != PROTOBUF_C_TYPE_MESSAGE)
        return false; /* a map shows every key and value */
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return !*(const ProtobufCMessage *const *)value;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
        return ((const rt_bytes *)value)->len == 0;
    default:
        return memcmp(value, zero, size_of(field)) == 0;
    }
}

static void write_field(struct rt_buf *w, const ProtobufCFieldDescriptor *field, const void *value)
{
    rt_buf_printf(w, "%s:", field->name);
    write_any(w, field, value);
    rt_buf_put_byte(w, ' ');
}

static void write_struct(struct rt_buf *w, const ProtobufCMessage *m)
{
    bool entry = wire_type_of(m->descriptor)->is_entry;
    for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &m->descriptor->fields[i];
        const void *value = member(m, field->offset);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)member(m, field->quantifier_offset);
            for (size_t j = 0; j < count; j++)
                write_field(w, field, *(const char *const *)value + j * size_of(field));
        } else if (!is_zero(field, value, entry)) {
            write_field(w, field, value);
        }
    }
    write_unknown(w, wire_unknown(m));
}

rt_str wire_text(const ProtobufCMessage *m)
{
    struct rt_buf w = { 0 };
    if (!m)
        return RT_STR("<nil>");
    write_struct(&w, m);
    return rt_buf_str(&w);
}
