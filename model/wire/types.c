/* Types by descriptor and by name; making, copying and comparing messages. */
#include "model/rt/arena.h"
#include "model/wire/tables.h"
#include "model/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- types ---- */

enum { SLOTS = 1024, MAX_TYPES = SLOTS / 2 };

/* Filled once, before main(); open addressing by the descriptor's address. */
static const struct wire_type *slots[SLOTS];
static const ProtobufCMessageDescriptor *descriptors[MAX_TYPES];
static size_t descriptor_count;

static size_t slot_of(const ProtobufCMessageDescriptor *descriptor)
{
    return (size_t)(((uint64_t)(uintptr_t)descriptor * 0x9e3779b97f4a7c15u) >> 54);
}

__attribute__((constructor)) static void fill_slots(void)
{
    if (wire_table_count > MAX_TYPES) {
        (void)fprintf(stderr, "cclab: no room for %zu message types\n", wire_table_count);
        abort();
    }
    for (size_t i = 0; i < wire_table_count; i++) {
        size_t slot = slot_of(wire_tables[i]->descriptor);
        while (slots[slot])
            slot = (slot + 1) % SLOTS;
        slots[slot] = wire_tables[i];
        if (!wire_tables[i]->is_entry)
            descriptors[descriptor_count++] = wire_tables[i]->descriptor;
    }
}

const struct wire_type *wire_type_of(const ProtobufCMessageDescriptor *descriptor)
{
    for (size_t slot = slot_of(descriptor); slots[slot]; slot = (slot + 1) % SLOTS)
        if (slots[slot]->descriptor == descriptor)
            return slots[slot];
    (void)fprintf(stderr, "cclab: a message type that has no table\n");
    abort();
}

const ProtobufCMessageDescriptor *wire_type_by_name(rt_str full_name)
{
    for (size_t i = 0; i < descriptor_count; i++)
        if (rt_str_is(full_name, wire_type_of(descriptors[i])->full_name))
            return descriptors[i];
    return NULL;
}

const ProtobufCMessageDescriptor *const *wire_types(size_t *count)
{
    *count = descriptor_count;
    return descriptors;
}

const char *wire_go_type(const ProtobufCMessageDescriptor *type)
{
    return wire_type_of(type)->go_type;
}

/* ---- messages ---- */

ProtobufCMessage *wire_new(const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *m = rt_alloc(wire_type_of(type)->size);
    m->descriptor = type;
    return m;
}

rt_str wire_enum_string(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
    return v ? rt_str_from(v->name) : rt_sprintf("%d", value);
}

rt_bytes wire_unknown(const ProtobufCMessage *m)
{
    if (m->n_unknown_fields == 0)
        return RT_NIL;
    return rt_bytes_from(m->unknown_fields->data, m->unknown_fields->len);
}

static void *member(ProtobufCMessage *m, size_t offset)
{
    return (char *)m + offset;
}

static const void *const_member(const ProtobufCMessage *m, size_t offset)
{
    return (const char *)m + offset;
}

/* Pairs of messages that are still to be looked at. */
struct pair {
    const ProtobufCMessage *a;
    const ProtobufCMessage *b;
    ProtobufCMessage *to;
};

struct work {
    struct pair *pairs;
    size_t count;
    size_t cap;
};

static void add(struct work *w, struct pair pair)
{
    rt_reserve(w->pairs, w->cap, w->count + 1);
    w->pairs[w->count++] = pair;
}

static bool oneof_is_other(const ProtobufCMessage *m, const struct wire_field *field)
{
    return (field->flags & WIRE_ONEOF) &&
           *(const uint32_t *)const_member(m, field->quantifier) != field->number;
}

/* ---- clone ---- */

static ProtobufCMessage *clone_later(struct work *w, const ProtobufCMessage *m)
{
    if (!m)
        return NULL;
    ProtobufCMessage *to = wire_new(m->descriptor);
    add(w, (struct pair){ .a = m, .to = to });
    return to;
}

static void clone_repeated(struct work *w, const struct wire_field *field,
        const ProtobufCMessage *from, ProtobufCMessage *to)
{
    size_t count = *(const size_t *)const_member(from, field->quantifier);
    const void *array = *(void *const *)const_member(from, field->offset);
    if (field->kind == WIRE_MESSAGE) {
        ProtobufCMessage **copy = rt_new_array(ProtobufCMessage *, count);
        for (size_t i = 0; i < count; i++)
            copy[i] = clone_later(w, ((ProtobufCMessage *const *)array)[i]);
        *(ProtobufCMessage ***)member(to, field->offset) = copy;
    } else {
        rt_bytes *copy = rt_new_array(rt_bytes, count);
        for (size_t i = 0; i < count; i++)
            copy[i] = rt_str_dup(((const rt_bytes *)array)[i]);
        *(rt_bytes **)member(to, field->offset) = copy;
    }
    *(size_t *)member(to, field->quantifier) = count;
}

static void clone_field(struct work *w, const struct wire_field *field,
        const ProtobufCMessage *from, ProtobufCMessage *to)
{
    const void *at = const_member(from, field->offset);
    void *put = member(to, field->offset);
    if (field->flags & WIRE_ONEOF)
        *(uint32_t *)member(to, field->quantifier) = field->number;
    switch ((enum wire_kind)field->kind) {
    case WIRE_MESSAGE:
        *(ProtobufCMessage **)put = clone_later(w, *(ProtobufCMessage *const *)at);
        break;
    case WIRE_BYTES:
    case WIRE_STRING:
        *(rt_bytes *)put = rt_str_dup(*(const rt_bytes *)at);
        break;
    case WIRE_INT64:
    case WIRE_UINT64:
        memcpy(put, at, 8);
        break;
    default:
        memcpy(put, at, 4);
    }
}

static void clone_unknown(const ProtobufCMessage *from, ProtobufCMessage *to)
{
    rt_bytes unknown = wire_unknown(from);
    if (unknown.len == 0)
        return;
    struct wire_unknown_run *run = rt_new(struct wire_unknown_run);
    run->field.wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    run->field.len = run->cap = unknown.len;
    run->field.data = rt_str_dup(unknown).data;
    to->unknown_fields = &run->field;
    to->n_unknown_fields = 1;
}

ProtobufCMessage *wire_clone(const ProtobufCMessage *m)
{
    struct work w = { 0 };
    ProtobufCMessage *out = clone_later(&w, m);
    while (w.count > 0) {
        struct pair pair = w.pairs[--w.count];
        const struct wire_type *type = wire_type_of(pair.a->descriptor);
        for (size_t i = 0; i < type->field_count; i++) {
            const struct wire_field *field = &type->fields[i];
            if (oneof_is_other(pair.a, field))
                continue;
            if (field->flags & WIRE_REPEATED)
                clone_repeated(&w, field, pair.a, pair.to);
            else
                clone_field(&w, field, pair.a, pair.to);
        }
        clone_unknown(pair.a, pair.to);
    }
    return out;
}

/* ---- equal ---- */

/* In a message of proto3, bytes that are nil equal empty ones; in a map they do not. */
static bool binary_equal(const struct wire_field *field, rt_bytes a, rt_bytes b, bool in_map)
{
    bool strict = field->kind == WIRE_BYTES && (in_map || (field->flags & WIRE_PROTO2));
    if (strict && (!a.data) != (!b.data))
        return false;
    return rt_str_eq(a, b);
}

static bool messages_equal_later(
        struct work *w, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    if (a && b)
        add(w, (struct pair){ .a = a, .b = b });
    return (!a) == (!b);
}

static bool repeated_equal(struct work *w, const struct wire_field *field, const struct pair *pair)
{
    size_t count = *(const size_t *)const_member(pair->a, field->quantifier);
    size_t other = *(const size_t *)const_member(pair->b, field->quantifier);
    void *a = *(void *const *)const_member(pair->a, field->offset);
    void *b = *(void *const *)const_member(pair->b, field->offset);
    if (field->flags & WIRE_MAP) {
        a = wire_map_sorted(a, &count, field->message);
        b = wire_map_sorted(b, &other, field->message);
    }
    if (count != other)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool equal = field->kind == WIRE_MESSAGE
                             ? messages_equal_later(
                                       w, ((ProtobufCMessage **)a)[i], ((ProtobufCMessage **)b)[i])
                             : binary_equal(field, ((rt_bytes *)a)[i], ((rt_bytes *)b)[i], false);
        if (!equal)
            return false;
    }
    return true;
}

static bool field_equal(
        struct work *w, const struct wire_field *field, const struct pair *pair, bool in_map)
{
    const void *a = const_member(pair->a, field->offset);
    const void *b = const_member(pair->b, field->offset);
    bool other = oneof_is_other(pair->a, field);
    if (other != oneof_is_other(pair->b, field))
        return false;
    if (other)
        return true;
    if (field->flags & WIRE_REPEATED)
        return repeated_equal(w, field, pair);
    switch ((enum wire_kind)field->kind) {
    case WIRE_MESSAGE:
        return messages_equal_later(
                w, *(ProtobufCMessage *const *)a, *(ProtobufCMessage *const *)b);
    case WIRE_BYTES:
    case WIRE_STRING:
        return binary_equal(field, *(const rt_bytes *)a, *(const rt_bytes *)b, in_map);
    case WIRE_BOOL:
        return (*(const protobuf_c_boolean *)a != 0) == (*(const protobuf_c_boolean *)b != 0);
    case WIRE_INT64:
    case WIRE_UINT64:
        return memcmp(a, b, 8) == 0;
    default:
        return memcmp(a, b, 4) == 0;
    }
}

bool wire_equal(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    struct work w = { 0 };
    if (!a || !b)
        return a == b;
    add(&w, (struct pair){ .a = a, .b = b });
    while (w.count > 0) {
        struct pair pair = w.pairs[--w.count];
        if (pair.a->descriptor != pair.b->descriptor)
            return false;
        const struct wire_type *type = wire_type_of(pair.a->descriptor);
        for (size_t i = 0; i < type->field_count; i++)
            if (!field_equal(&w, &type->fields[i], &pair, type->is_entry))
                return false;
        if (!rt_str_eq(wire_unknown(pair.a), wire_unknown(pair.b)))
            return false;
    }
    return true;
}
