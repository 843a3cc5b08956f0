/* Follows golang.org/x/crypto/cryptobyte: reading and writing DER. */
#include "model/crypto/der.h"

#include "model/rt/arena.h"

bool der_read_any(der_string *s, rt_bytes *out, uint8_t *tag, bool whole)
{
    if (s->len < 2 || (s->data[0] & 0x1f) == 0x1f)
        return false;
    size_t header = 2;
    uint64_t length = s->data[1];
    if (length & 0x80) {
        size_t count = length & 0x7f;
        if (count == 0 || count > 4 || s->len < 2 + count)
            return false;
        length = 0;
        for (size_t i = 0; i < count; i++)
            length = length << 8 | s->data[2 + i];
        if (length < 128 || length >> ((count - 1) * 8) == 0)
            return false;
        header += count;
        if (header + length > UINT32_MAX)
            return false;
    }
    if (s->len < header + length)
        return false;
    *tag = s->data[0];
    *out = whole ? rt_bytes_from(s->data, header + length)
                 : rt_bytes_from(s->data + header, length);
    *s = rt_bytes_from(s->data + header + length, s->len - header - length);
    return true;
}

bool der_read(der_string *s, rt_bytes *content, uint8_t tag)
{
    uint8_t found;
    return der_read_any(s, content, &found, false) && found == tag;
}

bool der_read_element(der_string *s, rt_bytes *element, uint8_t tag)
{
    uint8_t found;
    return der_read_any(s, element, &found, true) && found == tag;
}

bool der_peek(der_string s, uint8_t tag)
{
    return s.len > 0 && s.data[0] == tag;
}

bool der_read_optional(der_string *s, rt_bytes *content, bool *present, uint8_t tag)
{
    *present = der_peek(*s, tag);
    return !*present || der_read(s, content, tag);
}

bool der_read_boolean(der_string *s, bool *out)
{
    rt_bytes content;
    if (!der_read(s, &content, DER_BOOLEAN) || content.len != 1)
        return false;
    *out = content.data[0] != 0;
    return content.data[0] == 0 || content.data[0] == 0xff;
}

static bool integer_minimal(rt_bytes content)
{
    if (content.len == 0)
        return false;
    if (content.len == 1)
        return true;
    uint8_t first = content.data[0], second = content.data[1];
    return !(first == 0 && !(second & 0x80)) && !(first == 0xff && (second & 0x80));
}

bool der_read_integer(der_string *s, rt_bytes *content)
{
    return der_read(s, content, DER_INTEGER) && integer_minimal(*content);
}

bool der_read_int64(der_string *s, int64_t *out)
{
    rt_bytes content;
    if (!der_read_integer(s, &content) || content.len > 8)
        return false;
    uint64_t value = content.data[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < content.len; i++)
        value = value << 8 | content.data[i];
    *out = (int64_t)value;
    return true;
}

/* One base-128 number of an OID, of at most five bytes and 31 bits. */
static bool read_arc(rt_bytes *s, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < s->len; i++) {
        if (i == 5 || value >= 1u << 24)
            return false;
        value = value << 7 | (s->data[i] & 0x7f);
        if (!(s->data[i] & 0x80)) {
            *out = value;
            *s = rt_bytes_from(s->data + i + 1, s->len - i - 1);
            return true;
        }
    }
    return false;
}

static void put_arc(struct rt_buf *buf, uint32_t arc)
{
    for (unsigned shift = 28; shift > 0; shift -= 7) {
        if (arc >> shift)
            rt_buf_put_byte(buf, (uint8_t)(0x80 | (arc >> shift & 0x7f)));
    }
    rt_buf_put_byte(buf, arc & 0x7f);
}

bool der_read_oid(der_string *s, rt_bytes *content)
{
    if (!der_read(s, content, DER_OID) || content->len == 0)
        return false;
    struct rt_buf minimal = { 0 };
    bool padded = false;
    for (rt_bytes arcs = *content; arcs.len > 0;) {
        size_t at = content->len - arcs.len;
        bool padding = arcs.data[0] == 0x80;
        uint32_t arc;
        if (!read_arc(&arcs, &arc))
            return false;
        if (padding && !padded) {
            padded = true;
            rt_buf_put(&minimal, content->data, at);
        }
        if (padded)
            put_arc(&minimal, arc);
    }
    if (padded)
        *content = rt_buf_str(&minimal);
    return true;
}

bool der_read_bit_string(der_string *s, rt_bytes *bytes, size_t *bits)
{
    rt_bytes content;
    if (!der_read(s, &content, DER_BIT_STRING) || content.len == 0)
        return false;
    unsigned padding = content.data[0];
    *bytes = rt_bytes_from(content.data + 1, content.len - 1);
    if (padding > 7 || (bytes->len == 0 && padding != 0))
        return false;
    if (bytes->len > 0 && (bytes->data[bytes->len - 1] & ((1u << padding) - 1)) != 0)
        return false;
    *bits = bytes->len * 8 - padding;
    return true;
}

int der_integer_sign(rt_bytes content)
{
    if (content.data[0] & 0x80)
        return -1;
    return content.len == 1 && content.data[0] == 0 ? 0 : 1;
}

rt_bytes der_integer_magnitude(rt_bytes content)
{
    if (content.len > 1 && content.data[0] == 0)
        return rt_bytes_from(content.data + 1, content.len - 1);
    return content;
}

rt_bytes der_right_align(rt_bytes bytes, size_t bits)
{
    unsigned shift = (8 - bits % 8) % 8;
    if (shift == 0 || bytes.len == 0)
        return bytes;
    uint8_t *aligned = rt_alloc(bytes.len);
    unsigned carry = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        aligned[i] = (uint8_t)(carry << (8 - shift) | (unsigned)bytes.data[i] >> shift);
        carry = bytes.data[i];
    }
    return rt_bytes_from(aligned, bytes.len);
}

void der_put(struct rt_buf *buf, uint8_t tag, rt_bytes content)
{
    rt_buf_put_byte(buf, tag);
    if (content.len < 128) {
        rt_buf_put_byte(buf, (uint8_t)content.len);
    } else {
        unsigned count = 1;
        while (count < sizeof content.len && content.len >> (8 * count) > 0)
            count++;
        rt_buf_put_byte(buf, (uint8_t)(0x80 | count));
        while (count-- > 0)
            rt_buf_put_byte(buf, (uint8_t)(content.len >> (8 * count)));
    }
    rt_buf_put(buf, content.data, content.len);
}

void der_put_unsigned(struct rt_buf *buf, rt_bytes magnitude)
{
    while (magnitude.len > 1 && magnitude.data[0] == 0)
        magnitude = rt_bytes_from(magnitude.data + 1, magnitude.len - 1);
    struct rt_buf content = { 0 };
    if (magnitude.len == 0 || magnitude.data[0] & 0x80)
        rt_buf_put_byte(&content, 0);
    rt_buf_put(&content, magnitude.data, magnitude.len);
    der_put(buf, DER_INTEGER, rt_buf_str(&content));
}
