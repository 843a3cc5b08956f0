/* Follows vendor/github.com/golang/protobuf/proto/text.go in its compact form, in which every line
 * end is a space. */
#include "model/lscc/text.h"

#include "model/wire/wire.h"

enum { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_START_GROUP, WIRE_END_GROUP, WIRE_FIXED32 };

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
    case WIRE_BYTES: {
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
    case WIRE_START_GROUP:
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
        if (wire == WIRE_END_GROUP) {
            rt_buf_putz(w, "} ");
            continue;
        }
        rt_buf_printf(w, "%llu", (unsigned long long)(tag >> 3));
        if (wire != WIRE_START_GROUP)
            rt_buf_put_byte(w, ':');
        write_unknown_value(w, wire, &in);
        rt_buf_put_byte(w, ' ');
    }
}

rt_str lscc_chaincode_input_string(const Protos__ChaincodeInput *input)
{
    if (!input)
        return RT_STR("<nil>");
    struct rt_buf w = { 0 };
    for (size_t i = 0; i < input->n_args; i++) {
        rt_buf_putz(&w, "args:");
        write_string(&w, input->args[i]);
        rt_buf_put_byte(&w, ' ');
    }
    for (size_t i = 0; i < input->n_decorations; i++) {
        rt_buf_putz(&w, "decorations:<key:");
        write_string(&w, input->decorations[i]->key);
        rt_buf_putz(&w, " value:");
        write_string(&w, input->decorations[i]->value);
        rt_buf_putz(&w, " > ");
    }
    write_unknown(&w, wire_unknown(&input->base));
    return rt_buf_str(&w);
}
