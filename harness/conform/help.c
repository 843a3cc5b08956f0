#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/conform/conform.h"
#include "harness/json/json.h"

bool conform_named(const char *file, const json_t *vector, const char *name)
{
    size_t len = strlen(name);
    const char *id = json_string_value(json_object_get(vector, "id"));
    if (id && strncmp(id, name, len) == 0 && id[len] == '/')
        return true;
    unsigned char after = 0;
    if (strncmp(file, name, len) != 0)
        return false;
    after = (unsigned char)file[len];
    return !isalnum(after) && after != '-';
}

void conform_broken(struct conform_outcome *out, const char *format, ...)
{
    if (out->broken)
        return;
    va_list args;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    out->broken = rt_cstr(rt_str_from(text));
    free(text);
}

/* The member, or NULL when it is absent or null; marks a missing required one. */
static json_t *get(
        const json_t *object, const char *key, bool required, struct conform_outcome *out)
{
    json_t *value = json_object_get(object, key);
    if (json_is_null(value))
        value = NULL;
    if (!value && required)
        conform_broken(out, "member \"%s\" is missing", key);
    return value;
}

static void wrong_type(
        struct conform_outcome *out, const char *key, const json_t *value, const char *expected)
{
    char found[96];
    conform_broken(out, "member \"%s\": found %s, expected %s", key,
            json_describe(value, found, sizeof(found)), expected);
}

rt_bytes conform_get_hex(
        const json_t *object, const char *key, bool required, struct conform_outcome *out)
{
    json_t *value = get(object, key, required, out);
    unsigned char *data;
    size_t len;
    if (!value)
        return RT_NIL;
    if (!json_unhex(value, &data, &len)) {
        wrong_type(out, key, value, "hex");
        return RT_NIL;
    }
    rt_bytes bytes = rt_bytes_dup(data, len);
    free(data);
    return bytes;
}

rt_str conform_get_str(
        const json_t *object, const char *key, bool required, struct conform_outcome *out)
{
    json_t *value = get(object, key, required, out);
    if (value && !json_is_string(value))
        wrong_type(out, key, value, "a string");
    if (!json_is_string(value))
        return RT_NIL;
    return rt_bytes_dup(json_string_value(value), json_string_length(value));
}

int64_t conform_get_int(
        const json_t *object, const char *key, int64_t absent, struct conform_outcome *out)
{
    json_t *value = get(object, key, false, out);
    if (value && !json_is_integer(value))
        wrong_type(out, key, value, "a whole number");
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

bool conform_get_bool(
        const json_t *object, const char *key, bool absent, struct conform_outcome *out)
{
    json_t *value = get(object, key, false, out);
    if (value && !json_is_boolean(value))
        wrong_type(out, key, value, "true or false");
    return json_is_boolean(value) ? json_is_true(value) : absent;
}

json_t *conform_text(rt_str text)
{
    return json_text_value(text.data, text.len);
}

json_t *conform_hex(rt_bytes bytes)
{
    return json_hex_value(bytes.data, bytes.len);
}

json_t *conform_pick(const json_t *object, ...)
{
    json_t *picked = json_object();
    va_list args;
    va_start(args, object);
    for (const char *key; (key = va_arg(args, const char *));) {
        json_t *value = json_object_get(object, key);
        if (value)
            json_object_set(picked, key, value);
    }
    va_end(args);
    return picked;
}
