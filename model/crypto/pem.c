/* Follows Go's encoding/pem. */
#include "model/crypto/pem.h"

#include "model/crypto/base64.h"
#include "model/rt/arena.h"

static const rt_str begin = RT_STR_INIT("\n-----BEGIN ");
static const rt_str end = RT_STR_INIT("\n-----END ");
static const rt_str dashes = RT_STR_INIT("-----");

static rt_bytes from(rt_bytes s, size_t start)
{
    return rt_bytes_from(s.data + start, s.len - start);
}

/* The first line of *rest without its end and trailing blanks; *rest becomes what follows. */
static rt_bytes get_line(rt_bytes *rest)
{
    const uint8_t *newline = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
    size_t line_end = newline ? (size_t)(newline - rest->data) : rest->len;
    size_t next = newline ? line_end + 1 : rest->len;
    if (newline && line_end > 0 && rest->data[line_end - 1] == '\r')
        line_end--;
    while (line_end > 0 && (rest->data[line_end - 1] == ' ' || rest->data[line_end - 1] == '\t'))
        line_end--;
    rt_bytes line = rt_bytes_from(rest->data, line_end);
    *rest = from(*rest, next);
    return line;
}

/* removeSpacesAndTabs, then base64.StdEncoding, which passes over line ends. */
static bool decode_lines(rt_bytes in, rt_bytes *out)
{
    uint8_t *text = rt_alloc(in.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++)
        if (in.data[i] != ' ' && in.data[i] != '\t')
            text[len++] = in.data[i];
    return !base64_decode(rt_bytes_from(text, len), out);
}

/* Skips header lines ("key: value"); false when the input ends with them. */
static bool skip_headers(rt_bytes *rest, bool *any)
{
    *any = false;
    for (;;) {
        if (rest->len == 0)
            return false;
        rt_bytes next = *rest;
        rt_bytes line = get_line(&next);
        if (line.len == 0 || !memchr(line.data, ':', line.len))
            return true;
        *any = true;
        *rest = next;
    }
}

/* The content between the type line and a fitting end line. *rest is after the type line, and
 * after the whole block on success. */
static bool read_body(rt_str type, bool headers, rt_bytes *rest, rt_bytes *bytes)
{
    size_t body_end, trailer;
    if (!headers && rt_str_has_prefix(*rest, from(end, 1))) {
        body_end = 0;
        trailer = end.len - 1;
    } else {
        ptrdiff_t found = rt_str_index(*rest, end);
        if (found < 0)
            return false;
        body_end = (size_t)found;
        trailer = body_end + end.len;
    }
    rt_bytes tail = from(*rest, trailer);
    if (tail.len < type.len + dashes.len || !rt_str_has_prefix(tail, type) ||
            !rt_str_has_prefix(from(tail, type.len), dashes))
        return false;
    rt_bytes end_of_line = from(tail, type.len + dashes.len);
    if (get_line(&end_of_line).len != 0)
        return false;
    if (!decode_lines(rt_bytes_from(rest->data, body_end), bytes))
        return false;
    *rest = from(*rest, body_end + end.len - 1);
    get_line(rest);
    return true;
}

bool pem_decode(rt_bytes data, struct pem_block *block, rt_bytes *rest_out)
{
    rt_bytes rest = data;
    for (;;) {
        if (rt_str_has_prefix(rest, from(begin, 1))) {
            rest = from(rest, begin.len - 1);
        } else {
            ptrdiff_t found = rt_str_index(rest, begin);
            if (found < 0)
                return false;
            rest = from(rest, (size_t)found + begin.len);
        }
        rt_bytes type = get_line(&rest);
        if (!rt_str_has_suffix(type, dashes))
            continue;
        type.len -= dashes.len;
        bool headers;
        if (!skip_headers(&rest, &headers))
            return false;
        rt_bytes after = rest;
        if (!read_body(type, headers, &after, &block->bytes))
            continue;
        block->type = type;
        if (rest_out)
            *rest_out = after;
        return true;
    }
}

rt_bytes pem_encode(const char *type, rt_bytes bytes)
{
    struct rt_buf buf = { 0 };
    rt_buf_printf(&buf, "-----BEGIN %s-----\n", type);
    size_t column = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        char quantum[4];
        base64_quantum(bytes.data + i, bytes.len - i < 3 ? bytes.len - i : 3, quantum);
        rt_buf_put(&buf, quantum, sizeof quantum);
        column += 4;
        if (column == 64 || i + 3 >= bytes.len) {
            rt_buf_put_byte(&buf, '\n');
            column = 0;
        }
    }
    rt_buf_printf(&buf, "-----END %s-----\n", type);
    return rt_buf_str(&buf);
}
