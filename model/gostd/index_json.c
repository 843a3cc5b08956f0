/* Follows encoding/json's scanner and decoder of Go. */
#include "model/gostd/index_json.h"

#include "model/rt/arena.h"

#include <math.h>
#include <stdlib.h>

/* An array or object that is being read. */
struct open {
    struct json_value *value;
    size_t cap;
    rt_str key; /* of the member being read */
};

struct parser {
    const uint8_t *p;
    const uint8_t *end;
    struct open *stack;
    size_t depth;
    size_t cap;
};

static void skip_space(struct parser *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

static bool accept(struct parser *s, char c)
{
    skip_space(s);
    if (s->p == s->end || *s->p != (uint8_t)c)
        return false;
    s->p++;
    return true;
}

static bool literal(struct parser *s, const char *text)
{
    size_t len = strlen(text);
    if ((size_t)(s->end - s->p) < len || memcmp(s->p, text, len) != 0)
        return false;
    s->p += len;
    return true;
}

/* ---- strings ---- */

static void put_rune(struct rt_buf *out, uint32_t r)
{
    if (r < 0x80) {
        rt_buf_put_byte(out, (uint8_t)r);
    } else if (r < 0x800) {
        rt_buf_put_byte(out, (uint8_t)(0xc0 | r >> 6));
        rt_buf_put_byte(out, (uint8_t)(0x80 | (r & 0x3f)));
    } else {
        if (r < 0x10000) {
            rt_buf_put_byte(out, (uint8_t)(0xe0 | r >> 12));
        } else {
            rt_buf_put_byte(out, (uint8_t)(0xf0 | r >> 18));
            rt_buf_put_byte(out, (uint8_t)(0x80 | (r >> 12 & 0x3f)));
        }
        rt_buf_put_byte(out, (uint8_t)(0x80 | (r >> 6 & 0x3f)));
        rt_buf_put_byte(out, (uint8_t)(0x80 | (r & 0x3f)));
    }
}

/* The number of \uXXXX at p, or -1. */
static int32_t unicode_escape(const uint8_t *p, const uint8_t *end)
{
    int32_t value = 0;
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        uint8_t c = p[i] | 0x20;
        bool digit = p[i] >= '0' && p[i] <= '9';
        if (!digit && (c < 'a' || c > 'f'))
            return -1;
        value = value << 4 | (digit ? p[i] - '0' : c - 'a' + 10);
    }
    return value;
}

static bool escape(struct parser *s, struct rt_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (s->end - s->p < 2)
        return false;
    const char *simple = s->p[1] != 0 ? strchr(from, s->p[1]) : NULL;
    if (simple) {
        rt_buf_put_byte(out, (uint8_t)to[simple - from]);
        s->p += 2;
        return true;
    }
    int32_t r = unicode_escape(s->p, s->end);
    if (r < 0)
        return false;
    s->p += 6;
    if (r >= 0xd800 && r <= 0xdfff) {
        int32_t low = unicode_escape(s->p, s->end);
        if (r < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
            s->p += 6;
            r = ((r - 0xd800) << 10 | (low - 0xdc00)) + 0x10000;
        } else {
            r = 0xfffd;
        }
    }
    put_rune(out, (uint32_t)r);
    return true;
}

/* Behind the opening quote. */
static bool string(struct parser *s, rt_str *value)
{
    struct rt_buf out = { 0 };
    while (s->p < s->end && *s->p != '"') {
        if (*s->p < 0x20)
            return false;
        if (*s->p == '\\') {
            if (!escape(s, &out))
                return false;
            continue;
        }
        uint32_t rune;
        s->p += rt_utf8_decode(rt_bytes_from(s->p, (size_t)(s->end - s->p)), &rune);
        put_rune(&out, rune);
    }
    if (s->p == s->end)
        return false;
    s->p++;
    *value = rt_buf_str(&out);
    return true;
}

/* ---- numbers ---- */

static bool digits(struct parser *s)
{
    const uint8_t *from = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > from;
}

/* A number is refused too if it is beyond float64. */
static bool number(struct parser *s)
{
    const uint8_t *from = s->p;
    if (*s->p == '-')
        s->p++;
    if (s->p < s->end && *s->p == '0')
        s->p++;
    else if (!digits(s))
        return false;
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (!digits(s))
            return false;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (!digits(s))
            return false;
    }
    return isfinite(strtod(rt_cstr(rt_bytes_from(from, (size_t)(s->p - from))), NULL));
}

/* ---- values ---- */

static void push(struct parser *s, struct json_value *value)
{
    rt_reserve(s->stack, s->cap, s->depth + 1);
    s->stack[s->depth++] = (struct open){ .value = value };
}

/* Puts a value into the innermost open one. */
static void store(struct parser *s, struct json_value *value)
{
    struct open *o = &s->stack[s->depth - 1];
    if (o->value->kind == JSON_KIND_OBJECT) {
        rt_map_put(o->value->object, o->key, value);
        return;
    }
    rt_reserve(o->value->array, o->cap, o->value->array_len + 1);
    o->value->array[o->value->array_len++] = value;
}

/* Reads a scalar, or the opening of an array or object; NULL on a mistake. */
static struct json_value *begin(struct parser *s)
{
    struct json_value *v = rt_new(struct json_value);
    bool ok = true;
    skip_space(s);
    switch (s->p < s->end ? *s->p : 0) {
    case '{':
        s->p++;
        v->kind = JSON_KIND_OBJECT;
        v->object = rt_map_new();
        break;
    case '[':
        s->p++;
        v->kind = JSON_KIND_ARRAY;
        break;
    case '"':
        s->p++;
        v->kind = JSON_KIND_STRING;
        ok = string(s, &v->string);
        break;
    case 't':
        v->kind = JSON_KIND_BOOL;
        ok = literal(s, "true");
        break;
    case 'f':
        v->kind = JSON_KIND_BOOL;
        ok = literal(s, "false");
        break;
    case 'n':
        ok = literal(s, "null");
        break;
    default:
        v->kind = JSON_KIND_NUMBER;
        ok = s->p < s->end && number(s);
    }
    return ok ? v : NULL;
}

static bool key(struct parser *s)
{
    return accept(s, '"') && string(s, &s->stack[s->depth - 1].key) && accept(s, ':');
}

/* After a complete value: closes what ends here and moves to the next element. *done when the
 * outermost one is closed. */
static bool proceed(struct parser *s, bool *done)
{
    while (s->depth > 0) {
        bool object = s->stack[s->depth - 1].value->kind == JSON_KIND_OBJECT;
        if (accept(s, ','))
            return !object || key(s);
        if (!accept(s, object ? '}' : ']'))
            return false;
        s->depth--;
    }
    *done = true;
    return true;
}

struct json_value *index_json_parse(rt_bytes text)
{
    struct parser s = { .p = text.data, .end = text.len > 0 ? text.data + text.len : text.data };
    struct json_value *top = NULL;
    for (bool done = false; !done;) {
        struct json_value *v = begin(&s);
        if (!v)
            return NULL;
        if (!top)
            top = v;
        else
            store(&s, v);
        bool object = v->kind == JSON_KIND_OBJECT;
        if (object || v->kind == JSON_KIND_ARRAY) {
            push(&s, v);
            if (!accept(&s, object ? '}' : ']')) {
                if (object && !key(&s))
                    return NULL;
                continue;
            }
            s.depth--;
        }
        if (!proceed(&s, &done))
            return NULL;
    }
    skip_space(&s);
    return s.p == s.end ? top : NULL;
}
