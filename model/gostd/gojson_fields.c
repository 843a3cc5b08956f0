/* Filling Go structs from JSON, and quoting. */
#include "model/gostd/gojson.h"

#include <strings.h>

const struct gojson *gojson_field(const struct gojson *object, const char *key)
{
    const struct gojson *found = NULL;
    if (!object || object->kind != GOJSON_OBJECT)
        return NULL;
    for (const struct gojson *m = object->first; m; m = m->next)
        if (m->key.len == strlen(key) &&
                strncasecmp((const char *)m->key.data, key, m->key.len) == 0 &&
                m->kind != GOJSON_NULL)
            found = m;
    return found;
}

const struct gojson *gojson_member(const struct gojson *object, const char *key)
{
    const struct gojson *found = NULL;
    if (!object || object->kind != GOJSON_OBJECT)
        return NULL;
    for (const struct gojson *m = object->first; m; m = m->next)
        if (rt_str_is(m->key, key))
            found = m;
    return found;
}

struct rt_map *gojson_map(const struct gojson *object)
{
    if (!object || object->kind != GOJSON_OBJECT)
        return NULL;
    struct rt_map *map = rt_map_new();
    for (struct gojson *m = object->first; m; m = m->next)
        rt_map_put(map, m->key, m);
    return map;
}

rt_str gojson_described(const struct gojson *value)
{
    static const char *const names[] = { "null", "bool", "number", "string", "array", "object" };
    return rt_str_from(names[value->kind]);
}

static struct rt_error *mismatch(
        rt_str value, const char *type_name, const char *key, const char *go_type)
{
    return rt_errorf("json: cannot unmarshal %S into Go struct field %s.%s of type %s", value,
            type_name, key, go_type);
}

struct rt_error *gojson_get_string(
        const struct gojson *object, const char *type_name, const char *key, rt_str *out)
{
    const struct gojson *v = gojson_field(object, key);
    if (!v)
        return NULL;
    if (v->kind != GOJSON_STRING)
        return mismatch(gojson_described(v), type_name, key, "string");
    *out = v->text;
    return NULL;
}

/* strconv.ParseInt(s, 10, 64) of a JSON number. */
static bool parse_int(rt_str s, int64_t *out)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t n = 0;
    for (size_t i = negative ? 1 : 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (n > (limit - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

struct rt_error *gojson_get_int(
        const struct gojson *object, const char *type_name, const char *key, int64_t *out)
{
    const struct gojson *v = gojson_field(object, key);
    if (!v)
        return NULL;
    if (v->kind != GOJSON_NUMBER)
        return mismatch(gojson_described(v), type_name, key, "int");
    if (!parse_int(v->text, out))
        return mismatch(rt_sprintf("number %S", v->text), type_name, key, "int");
    return NULL;
}

struct rt_error *gojson_get_bool(
        const struct gojson *object, const char *type_name, const char *key, bool *out)
{
    const struct gojson *v = gojson_field(object, key);
    if (!v)
        return NULL;
    if (v->kind != GOJSON_BOOL)
        return mismatch(gojson_described(v), type_name, key, "bool");
    *out = v->boolean;
    return NULL;
}

struct rt_error *gojson_want_object(const struct gojson *value, const char *type)
{
    if (value->kind == GOJSON_OBJECT || value->kind == GOJSON_NULL)
        return NULL;
    return rt_errorf(
            "json: cannot unmarshal %S into Go value of type %s", gojson_described(value), type);
}

void gojson_quote(struct rt_buf *buf, rt_str s)
{
    rt_buf_put_byte(buf, '"');
    for (size_t i = 0; i < s.len;) {
        uint8_t c = s.data[i];
        if (c == '"' || c == '\\') {
            rt_buf_put_byte(buf, '\\');
            rt_buf_put_byte(buf, c);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            rt_buf_putz(buf, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
        } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
            rt_buf_printf(buf, "\\u00%X2", (unsigned)c);
        } else if (c < 0x80) {
            rt_buf_put_byte(buf, c);
        } else {
            uint32_t rune;
            size_t n = rt_utf8_decode(rt_str_slice(s, i, s.len), &rune);
            if (n == 1)
                rt_buf_putz(buf, "\\ufffd");
            else if (rune == 0x2028 || rune == 0x2029)
                rt_buf_putz(buf, rune == 0x2028 ? "\\u2028" : "\\u2029");
            else
                rt_buf_put_rune(buf, rune);
            i += n - 1;
        }
        i++;
    }
    rt_buf_put_byte(buf, '"');
}
