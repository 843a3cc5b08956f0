/* Writing by the tables that read. */
#include <stdlib.h>
#include <string.h>

#include "harness/json/spec.h"

static json_t *make_ints(const struct json_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_integer(((const int64_t *)list->items)[i]));
    return array;
}

static json_t *make_array(const struct json_spec *spec, const void *in, bool whole)
{
    struct json_list list;
    json_t *array = json_array();
    size_t size = json_spec_size(spec->element);
    memcpy(&list, in, sizeof(list));
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(
                array, json_make(spec->element, (const char *)list.items + i * size, whole));
    return array;
}

/* In the order of the list. */
static json_t *make_map(const struct json_spec *spec, const struct json_list *list, bool whole)
{
    json_t *object = json_object();
    size_t size = json_map_size(spec);
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * size;
        const rt_str *name = (const void *)item;
        json_t *key = json_text_value(name->data, name->len);
        json_object_set_new(object, json_string_value(key),
                json_make(spec->element, item + json_map_offset(spec), whole));
        json_decref(key);
    }
    return object;
}

/* As a field that is `lean` sees it. */
static bool is_zero(const struct json_spec *spec, const void *in)
{
    static const char zero[sizeof(int64_t)];
    return memcmp(in, zero, spec->kind == JSON_SPEC_BOOL ? sizeof(bool) : sizeof(zero)) == 0;
}

static json_t *make_field(const struct json_field *field, const char *object, bool whole)
{
    const void *in = object + field->offset;
    if (field->skip || (field->has && !field->has(object, whole)) ||
            (field->lean && is_zero(field->spec, in)))
        return NULL;
    if (field->pointer)
        in = *(void *const *)in;
    json_t *value = in ? json_make(field->spec, in, whole) : NULL;
    return value || !field->null ? value : json_null();
}

static json_t *make_object(const struct json_spec *spec, const void *in, bool whole)
{
    json_t *object = json_object();
    for (const struct json_field *field = spec->fields; field->key; field++) {
        json_t *member = make_field(field, in, whole);
        if (member)
            json_object_set_new(object, field->key, member);
    }
    return object;
}

json_t *json_make(const struct json_spec *spec, const void *in, bool whole)
{
    const char *string;
    const struct json_node *node;
    const rt_str *text = in;
    switch (spec->kind) {
    case JSON_SPEC_BOOL:
        return json_boolean(*(const bool *)in);
    case JSON_SPEC_INT:
        return json_integer(*(const int64_t *)in);
    case JSON_SPEC_REAL:
        return json_real(*(const double *)in);
    case JSON_SPEC_TEXT:
        return text->data ? json_text_value(text->data, text->len) : NULL;
    case JSON_SPEC_STRING:
        string = *(char *const *)in;
        return string ? json_text_value(string, strlen(string)) : NULL;
    case JSON_SPEC_WORD:
        return json_string(spec->words[*(const int *)in]);
    case JSON_SPEC_HEX:
        return text->data ? json_hex_value(text->data, text->len) : NULL;
    case JSON_SPEC_HASH:
        return json_hash_value(*(const uint64_t *)in);
    case JSON_SPEC_INTS:
        return make_ints(in);
    case JSON_SPEC_OBJECT:
        return make_object(spec, in, whole);
    case JSON_SPEC_ARRAY:
        return make_array(spec, in, whole);
    case JSON_SPEC_VALUE:
        return json_incref(*(json_t *const *)in);
    case JSON_SPEC_OWN:
        return spec->write(in);
    case JSON_SPEC_NODE:
        node = *(const struct json_node *const *)in;
        return node ? json_incref(node->value) : NULL;
    case JSON_SPEC_MAP:
        return make_map(spec, in, whole);
    }
    abort();
}
