/* What suites share. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/conform/conform.h"
#include "harness/json/json.h"

const struct json_spec conform_texts = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_text };

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

rt_bytes conform_get_hex(const json_t *vector, const char *key)
{
    unsigned char *data;
    size_t len;
    if (!json_unhex(json_object_get(vector, key), &data, &len))
        return RT_NIL;
    rt_bytes bytes = rt_bytes_dup(data, len);
    free(data);
    return bytes;
}

rt_str conform_get_str(const json_t *vector, const char *key)
{
    const json_t *value = json_object_get(vector, key);
    if (!json_is_string(value))
        return RT_NIL;
    return rt_bytes_dup(json_string_value(value), json_string_length(value));
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
