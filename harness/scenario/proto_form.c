/* Messages from JSON, by protobuf-c's descriptors. */
#include "harness/scenario/proto_form.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/scenario/bytes_form.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/common.pb-c.h"

/* ---- names ---- */

static const char *last_part(const char *full_name)
{
    const char *dot = strrchr(full_name, '.');
    return dot ? dot + 1 : full_name;
}

const ProtobufCMessageDescriptor *proto_form_type(
        const struct json_doc *doc, const struct json_node *node, rt_str name)
{
    size_t count, found = 0;
    const ProtobufCMessageDescriptor *const *types = wire_types(&count), *type = NULL;
    const char **names = rt_new_array(const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = types[i]->name;
        if (rt_str_is(name, types[i]->name))
            return types[i];
        if (rt_str_is(name, last_part(types[i]->name))) {
            type = types[i];
            found++;
        }
    }
    if (found == 1)
        return type;
    struct diag_hint hint = diag_hint(rt_cstr(name), names);
    diag_at(json_place(doc, node), "there %s \"%s\"%s",
            found > 1 ? "are several messages" : "is no message", rt_cstr(name), hint.text);
    return NULL;
}

bool proto_form_enum(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCEnumDescriptor *type, int32_t *value)
{
    const char *name = json_string_value(node->value);
    const ProtobufCEnumValue *v =
            name ? protobuf_c_enum_descriptor_get_value_by_name(type, name) : NULL;
    json_int_t number = json_integer_value(node->value);
    if (json_is_integer(node->value) && number >= INT32_MIN && number <= INT32_MAX) {
        *value = (int32_t)number;
        return true;
    }
    if (v) {
        *value = v->value;
        return true;
    }
    const char **names = rt_new_array(const char *, type->n_values + 1);
    for (unsigned i = 0; i < type->n_values; i++)
        names[i] = type->values[i].name;
    struct diag_hint hint = diag_hint(name, names);
    char found[96];
    diag_at(json_place(doc, node), "found %s, expected a number or a name of %s%s",
            json_describe(node->value, found, sizeof(found)), type->name, hint.text);
    return false;
}

static const ProtobufCFieldDescriptor *find_field(const struct json_doc *doc,
        const struct json_node *member, const ProtobufCMessageDescriptor *type)
{
    const char **names = rt_new_array(const char *, type->n_fields + 1);
    struct rt_buf list = { 0 };
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (strcmp(member->key, field->name) == 0)
            return field;
        names[i] = field->name;
        rt_buf_printf(&list, "%s%s", i > 0 ? ", " : "", field->name);
    }
    struct diag_hint hint = diag_hint(member->key, names);
    diag_at(json_key_place(doc, member), "%s has no field \"%s\"%s; it has %s", type->name,
            member->key, hint.text, rt_cstr(rt_buf_str(&list)));
    return NULL;
}

/* ---- values ---- */

/* Whole numbers and their bounds; false: the field is no number. */
static bool bounds_of(const ProtobufCFieldDescriptor *field, json_int_t *min, json_int_t *max)
{
    *min = 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        *min = INT32_MIN;
        *max = INT32_MAX;
        return true;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        *max = UINT32_MAX;
        return true;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        *min = INT64_MIN;
        *max = INT64_MAX;
        return true;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        *max = INT64_MAX;
        return true;
    default:
        return false;
    }
}

static bool read_number(const struct json_doc *doc, const struct json_node *node, json_int_t min,
        json_int_t max, void *out)
{
    char expected[96];
    json_int_t value = json_integer_value(node->value);
    if (!json_is_integer(node->value) || value < min || value > max) {
        snprintf(expected, sizeof(expected),
                "a whole number from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT, min, max);
        return json_wrong(doc, node, expected);
    }
    if (max <= (json_int_t)UINT32_MAX)
        memcpy(out, &(uint32_t){ (uint32_t)value }, sizeof(uint32_t));
    else
        memcpy(out, &value, sizeof(value));
    return true;
}

static size_t value_size(const ProtobufCFieldDescriptor *field)
{
    json_int_t min, max;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(ProtobufCMessage *);
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_STRING:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    default:
        return bounds_of(field, &min, &max) && max > (json_int_t)UINT32_MAX ? sizeof(int64_t)
                                                                            : sizeof(int32_t);
    }
}

/* A number that stands for a name all the same; NULL: it does not. */
static const ProtobufCEnumDescriptor *names_of(const ProtobufCFieldDescriptor *field)
{
    return field == common__channel_header__descriptor.fields ? &common__header_type__descriptor
                                                              : NULL;
}

/* One value of the field into `out`, which has room for it. */
static bool read_value(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCFieldDescriptor *field, void *out)
{
    json_int_t min, max;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return proto_form_read(doc, node, field->descriptor, out);
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_STRING:
        return bytes_form_read(doc, node, out);
    case PROTOBUF_C_TYPE_ENUM:
        return proto_form_enum(doc, node, field->descriptor, out);
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(node->value))
            return json_wrong(doc, node, "true or false");
        *(protobuf_c_boolean *)out = json_is_true(node->value);
        return true;
    default:
        if (names_of(field))
            return proto_form_enum(doc, node, names_of(field), out);
        return bounds_of(field, &min, &max) ? read_number(doc, node, min, max, out)
                                            : json_wrong(doc, node,
                                                      "nothing: Fabric has no such "
                                                      "field");
    }
}

/* The entry of a map whose key is the member's name, {"key": "value"}. */
static bool read_entry(const struct json_doc *doc, const struct json_node *member,
        const ProtobufCMessageDescriptor *entry, void *out)
{
    ProtobufCMessage *message = wire_new(entry);
    char *at = (char *)message;
    rt_str key = rt_str_dup(rt_str_from(member->key));
    memcpy(at + entry->fields[0].offset, &key, sizeof(key));
    memcpy(out, &message, sizeof(message));
    return read_value(doc, member, &entry->fields[1], at + entry->fields[1].offset);
}

static bool read_list(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCFieldDescriptor *field, char *message)
{
    const ProtobufCMessageDescriptor *entry =
            field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
    bool map = entry && json_is_object(node->value) && entry->n_fields == 2 &&
               strcmp(entry->fields[0].name, "key") == 0;
    if (!map && !json_is_array(node->value))
        return json_wrong(doc, node, "an array");
    size_t count = map ? json_object_size(node->value) : json_array_size(node->value);
    size_t size = value_size(field), i = 0;
    char *items = rt_calloc(count + 1, size);
    bool ok = true;
    for (const struct json_node *child = node->child; child; child = child->next, i++)
        ok = (map ? read_entry(doc, child, entry, items + i * size)
                  : read_value(doc, child, field, items + i * size)) &&
             ok;
    memcpy(message + field->offset, &items, sizeof(items));
    memcpy(message + field->quantifier_offset, &count, sizeof(count));
    return ok;
}

static void clear(const ProtobufCFieldDescriptor *field, char *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        static const void *const none;
        static const size_t zero;
        memcpy(message + field->offset, &none, sizeof(none));
        memcpy(message + field->quantifier_offset, &zero, sizeof(zero));
        return;
    }
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        memset(message + field->quantifier_offset, 0, sizeof(int));
    memset(message + field->offset, 0, value_size(field));
}

bool proto_form_set(
        const struct json_doc *doc, const struct json_node *member, ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *field = find_field(doc, member, message->descriptor);
    char *at = (char *)message;
    if (!field)
        return false;
    clear(field, at);
    if (json_is_null(member->value))
        return true;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(doc, member, field, at);
    int id = (int)field->id;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        memcpy(at + field->quantifier_offset, &id, sizeof(id));
    return read_value(doc, member, field, at + field->offset);
}

bool proto_form_read(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCMessageDescriptor *type, ProtobufCMessage **message)
{
    bool ok = true;
    *message = wire_new(type);
    if (!json_is_object(node->value))
        return json_wrong(doc, node, "an object with the message's fields");
    for (const struct json_node *child = node->child; child; child = child->next)
        ok = proto_form_set(doc, child, *message) && ok;
    return ok;
}
