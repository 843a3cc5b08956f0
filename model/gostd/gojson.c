/* The scanner and the values of Go's encoding/json. */
#include "model/gostd/gojson.h"

#include "model/rt/arena.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_DEPTH = 10000 };

/* The input ends within a value. Never seen by callers. */
static struct rt_error need_more = { .text = RT_STR_INIT("need more input") };

struct scanner {
    rt_bytes in;
    size_t at;
    bool at_end; /* no more input can come: a number at the end is complete */
    size_t max_depth;
};

static bool skip_space(struct scanner *s)
{
    while (s->at < s->in.len && strchr(" \t\r\n", s->in.data[s->at]) && s->in.data[s->at] != 0)
        s->at++;
    return s->at < s->in.len;
}

static struct rt_error *invalid(uint8_t c, const char *context)
{
    if (c == '\'')
        return rt_errorf("invalid character '\\'' %s", context);
    if (c == '"')
        return rt_errorf("invalid character '\"' %s", context);
    struct rt_buf rune = { 0 };
    rt_buf_put_rune(&rune, c); /* Go quotes string(rune(c)) */
    rt_str quoted = rt_quote(rt_buf_str(&rune));
    return rt_errorf("invalid character '%S' %s", rt_str_slice(quoted, 1, quoted.len - 1), context);
}

static bool digit_at(const struct scanner *s)
{
    return s->at < s->in.len && s->in.data[s->at] >= '0' && s->in.data[s->at] <= '9';
}

static struct rt_error *want_digits(struct scanner *s, const char *context)
{
    if (s->at >= s->in.len)
        return &need_more;
    if (!digit_at(s))
        return invalid(s->in.data[s->at], context);
    while (digit_at(s))
        s->at++;
    return NULL;
}

static struct rt_error *scan_number(struct scanner *s, struct gojson *v)
{
    size_t from = s->at;
    struct rt_error *err = NULL;
    if (s->in.data[s->at] == '-')
        s->at++;
    if (digit_at(s) && s->in.data[s->at] == '0')
        s->at++;
    else
        err = want_digits(s, "in numeric literal");
    if (!err && s->at < s->in.len && s->in.data[s->at] == '.') {
        s->at++;
        err = want_digits(s, "after decimal point in numeric literal");
    }
    if (!err && s->at < s->in.len && (s->in.data[s->at] | 0x20) == 'e') {
        s->at++;
        if (s->at < s->in.len && (s->in.data[s->at] == '+' || s->in.data[s->at] == '-'))
            s->at++;
        err = want_digits(s, "in exponent of numeric literal");
    }
    if (!err && s->at == s->in.len && !s->at_end)
        err = &need_more;
    v->kind = GOJSON_NUMBER;
    v->text = rt_str_slice(s->in, from, s->at);
    return err;
}

static struct rt_error *scan_literal(struct scanner *s, struct gojson *v)
{
    static const char *const words[] = { "true", "false", "null" };
    static const enum gojson_kind kinds[] = { GOJSON_BOOL, GOJSON_BOOL, GOJSON_NULL };
    uint8_t c = s->in.data[s->at];
    size_t which = c == 't' ? 0 : c == 'f' ? 1 : 2;
    for (const char *p = words[which]; *p != 0; p++, s->at++) {
        if (s->at >= s->in.len)
            return &need_more;
        if (s->in.data[s->at] != (uint8_t)*p) {
            rt_str context = rt_sprintf("in literal %s (expecting '%c')", words[which], *p);
            return invalid(s->in.data[s->at], rt_cstr(context));
        }
    }
    v->kind = kinds[which];
    v->boolean = which == 0;
    return NULL;
}

/* Checks a string and leaves s->at behind its closing quote. */
static struct rt_error *scan_string(struct scanner *s)
{
    for (s->at++; s->at < s->in.len; s->at++) {
        uint8_t c = s->in.data[s->at];
        if (c == '"') {
            s->at++;
            return NULL;
        }
        if (c < 0x20)
            return invalid(c, "in string literal");
        if (c != '\\')
            continue;
        if (++s->at >= s->in.len)
            return &need_more;
        c = s->in.data[s->at];
        if (c == 'u') {
            for (int i = 0; i < 4; i++) {
                if (++s->at >= s->in.len)
                    return &need_more;
                if (rt_hex_digit(s->in.data[s->at]) < 0)
                    return invalid(s->in.data[s->at], "in \\u hexadecimal character escape");
            }
        } else if (c == 0 || !strchr("bfnrt\\/\"", c)) {
            return invalid(c, "in string escape code");
        }
    }
    return &need_more;
}

static uint32_t hex4(const uint8_t *p)
{
    uint32_t r = 0;
    for (int i = 0; i < 4; i++)
        r = r << 4 | (uint32_t)rt_hex_digit(p[i]);
    return r;
}

/* Appends the rune of the escape that starts behind the backslash at s[at]; returns how many bytes
 * it takes. Surrogates without a partner become U+FFFD. */
static size_t unescape(rt_str s, size_t at, struct rt_buf *buf)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    uint8_t c = s.data[at];
    if (c != 'u') {
        const char *p = strchr(from, c);
        rt_buf_put_byte(buf, p ? (uint8_t)to[p - from] : c);
        return 1;
    }
    uint32_t r = hex4(s.data + at + 1);
    if (r < 0xd800 || r > 0xdfff) {
        rt_buf_put_rune(buf, r);
        return 5;
    }
    if (r < 0xdc00 && at + 11 <= s.len && s.data[at + 5] == '\\' && s.data[at + 6] == 'u') {
        uint32_t low = hex4(s.data + at + 7);
        if (low >= 0xdc00 && low <= 0xdfff) {
            rt_buf_put_rune(buf, 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00));
            return 11;
        }
    }
    rt_buf_put_rune(buf, RT_RUNE_ERROR);
    return 5;
}

/* The value of a checked string without its quotes. */
static rt_str unquote(rt_str s)
{
    if (!memchr(s.data, '\\', s.len) && rt_str_utf8_valid(s))
        return s;
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < s.len;) {
        if (s.data[i] == '\\') {
            i += 1 + unescape(s, i + 1, &buf);
            continue;
        }
        uint32_t rune;
        i += rt_utf8_decode(rt_str_slice(s, i, s.len), &rune);
        rt_buf_put_rune(&buf, rune);
    }
    return rt_buf_str(&buf);
}

static struct rt_error *scan_text(struct scanner *s, rt_str *text)
{
    size_t from = s->at + 1;
    struct rt_error *err = scan_string(s);
    if (!err)
        *text = unquote(rt_str_slice(s->in, from, s->at - 1));
    return err;
}

static struct gojson *add(struct gojson *parent, rt_str key)
{
    struct gojson *v = rt_new(struct gojson);
    v->key = key;
    v->parent = parent;
    if (parent) {
        if (parent->last)
            parent->last->next = v;
        else
            parent->first = v;
        parent->last = v;
    }
    return v;
}

/* A key and its colon. */
static struct rt_error *scan_key(struct scanner *s, rt_str *key)
{
    if (!skip_space(s))
        return &need_more;
    if (s->in.data[s->at] != '"')
        return invalid(s->in.data[s->at], "looking for beginning of object key string");
    struct rt_error *err = scan_text(s, key);
    if (err)
        return err;
    if (!skip_space(s))
        return &need_more;
    if (s->in.data[s->at] != ':')
        return invalid(s->in.data[s->at], "after object key");
    s->at++;
    return NULL;
}

/* Begins the value at s->at; *open tells whether it has members or elements to come. */
static struct rt_error *scan_value(struct scanner *s, struct gojson *v, bool *open)
{
    uint8_t c = s->in.data[s->at];
    *open = false;
    switch (c) {
    case '{':
    case '[':
        v->kind = c == '{' ? GOJSON_OBJECT : GOJSON_ARRAY;
        s->at++;
        *open = true;
        return NULL;
    case '"':
        v->kind = GOJSON_STRING;
        return scan_text(s, &v->text);
    case 't':
    case 'f':
    case 'n':
        return scan_literal(s, v);
    default:
        if (c == '-' || (c >= '0' && c <= '9'))
            return scan_number(s, v);
        return invalid(c, "looking for beginning of value");
    }
}

/* After a value in `parent`: a comma (*more) or the closing bracket. `begun` is false right after
 * the opening one. */
static struct rt_error *scan_separator(
        struct scanner *s, const struct gojson *parent, bool begun, bool *more)
{
    bool object = parent->kind == GOJSON_OBJECT;
    *more = true;
    if (!skip_space(s))
        return &need_more;
    uint8_t c = s->in.data[s->at];
    if (c == (object ? '}' : ']')) {
        s->at++;
        *more = false;
    } else if (begun) {
        if (c != ',')
            return invalid(c, object ? "after object key:value pair" : "after array element");
        s->at++;
    }
    return NULL;
}

/* One value from s->at on, which is no space. Depth costs memory, not stack. */
static struct rt_error *scan(struct scanner *s, struct gojson **out)
{
    struct gojson *open = NULL; /* the innermost one that is not closed */
    size_t depth = 0;
    rt_str key = { 0 };
    for (;;) {
        if (!skip_space(s))
            return &need_more;
        struct gojson *v = add(open, key);
        if (!open)
            *out = v;
        bool opened;
        struct rt_error *err = scan_value(s, v, &opened);
        if (err)
            return err;
        if (opened) {
            if (++depth > s->max_depth)
                return invalid(s->in.data[s->at - 1], "exceeded max depth");
            open = v;
        }
        bool more = false;
        while (open && !more) {
            err = scan_separator(s, open, !opened, &more);
            if (err)
                return err;
            opened = false;
            if (!more) {
                open = open->parent;
                depth--;
            }
        }
        if (!open)
            return NULL;
        if (open->kind == GOJSON_OBJECT && (err = scan_key(s, &key)))
            return err;
    }
}

/* At the end Go's scanner is given one more space. */
static struct rt_error *unmarshal(rt_bytes in, size_t max_depth, struct gojson **out)
{
    struct scanner s = { rt_str_cat(in, RT_STR(" ")), 0, true, max_depth };
    struct rt_error *err = skip_space(&s) ? scan(&s, out) : &need_more;
    if (err == &need_more)
        return rt_errorf("unexpected end of JSON input");
    if (err)
        return err;
    return skip_space(&s) ? invalid(s.in.data[s.at], "after top-level value") : NULL;
}

struct rt_error *gojson_unmarshal(rt_bytes in, struct gojson **out)
{
    return unmarshal(in, MAX_DEPTH, out);
}

/* The value that follows in the text. */
static const struct gojson *following(const struct gojson *v)
{
    if (v->first)
        return v->first;
    while (v && !v->next)
        v = v->parent;
    return v ? v->next : NULL;
}

struct rt_error *gojson_unmarshal_any(rt_bytes in, struct gojson **out)
{
    struct rt_error *err = unmarshal(in, SIZE_MAX, out);
    if (err)
        return err;
    for (const struct gojson *v = *out; v; v = following(v)) {
        if (v->kind == GOJSON_NUMBER && !isfinite(strtod(rt_cstr(v->text), NULL)))
            return rt_errorf(
                    "json: cannot unmarshal number %S into Go value of type float64", v->text);
    }
    return NULL;
}

struct rt_error *gojson_decode(struct gojson_decoder *d, struct gojson **out)
{
    for (;;) {
        struct scanner s = { d->pending, 0, d->read_err != NULL, MAX_DEPTH };
        bool begun = skip_space(&s);
        struct rt_error *err = begun ? scan(&s, out) : &need_more;
        if (!err)
            d->pending = rt_str_slice(d->pending, s.at, d->pending.len);
        if (err != &need_more)
            return err;
        if (d->read_err) {
            if (d->read_err == rt_eof && begun)
                return rt_errorf("unexpected EOF");
            return d->read_err;
        }
        rt_bytes chunk = RT_NIL;
        d->read_err = d->reader.read(d->reader.self, &chunk);
        if (!d->read_err)
            d->pending = d->pending.len == 0 ? chunk : rt_str_cat(d->pending, chunk);
    }
}
