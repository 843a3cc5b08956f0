/* Any message type: what must hold of decoding and encoding, whatever the bytes.
 *
 * Input: two bytes that name the type by a hash (so that inputs keep their meaning when types come
 * and go), then the message. */
#include "fuzz/fuzz.h"
#include "model/rt/rt.h"
#include "model/wire/tables.h"
#include "model/wire/wire.h"

/* protobuf-c recurses; on longer input it may run out of stack. */
enum { PROTOBUF_C_LIMIT = 2048 };

static struct rt_arena *arena;

/* The low half of FNV-1a over the full name. */
static uint16_t name_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint8_t)*name) * 16777619u;
    return (uint16_t)hash;
}

static const struct wire_type *choose_type(uint16_t hash)
{
    static const struct wire_type *by_hash[UINT16_MAX + 1];
    size_t count;
    const ProtobufCMessageDescriptor *const *types = wire_types(&count);
    if (!by_hash[name_hash(wire_type_of(types[0])->full_name)])
        for (size_t i = 0; i < count; i++)
            by_hash[name_hash(wire_type_of(types[i])->full_name)] = wire_type_of(types[i]);
    return by_hash[hash] ? by_hash[hash] : wire_type_of(types[hash % count]);
}

/* What protobuf-c would treat in its own way. */
struct traits {
    bool unknown;
    bool map;
    bool presence; /* bytes that are present though empty count */
};

static void look(const ProtobufCMessage *m, struct traits *t);

static void look_field(const ProtobufCMessage *m, const struct wire_field *field, struct traits *t)
{
    const char *at = (const char *)m + field->offset;
    t->map |= (field->flags & WIRE_MAP) != 0;
    t->presence |= (field->flags & WIRE_PROTO2) != 0;
    if (field->kind != WIRE_MESSAGE)
        return;
    if (field->flags & WIRE_REPEATED) {
        size_t count = *(const size_t *)(const void *)((const char *)m + field->quantifier);
        for (size_t i = 0; i < count; i++)
            look((*(ProtobufCMessage *const *const *)(const void *)at)[i], t);
    } else if (!(field->flags & WIRE_ONEOF) ||
               *(const uint32_t *)(const void *)((const char *)m + field->quantifier) ==
                       field->number) {
        look(*(ProtobufCMessage *const *)(const void *)at, t);
    }
}

static void look(const ProtobufCMessage *m, struct traits *t)
{
    if (!m)
        return;
    const struct wire_type *type = wire_type_of(m->descriptor);
    t->unknown |= wire_unknown(m).len > 0;
    for (size_t i = 0; i < type->field_count; i++)
        look_field(m, &type->fields[i], t);
}

/* On canonical input without unknown fields the two decoders agree. */
static void compare_with_protobuf_c(const ProtobufCMessage *m, rt_bytes canonical)
{
    struct traits t = { 0 };
    if (canonical.len > PROTOBUF_C_LIMIT)
        return;
    look(m, &t);
    if (t.unknown || t.presence)
        return;
    ProtobufCMessage *other =
            protobuf_c_message_unpack(m->descriptor, NULL, canonical.len, canonical.data);
    FUZZ_CHECK(other != NULL);
    FUZZ_CHECK(wire_equal(m, other));
    rt_bytes again;
    FUZZ_CHECK(!wire_marshal(other, &again));
    FUZZ_CHECK(rt_str_eq(canonical, again));
    if (!t.map)
        FUZZ_CHECK(protobuf_c_message_get_packed_size(m) == canonical.len);
    protobuf_c_message_free_unpacked(other, NULL);
}

static void check(const struct wire_type *type, rt_bytes in)
{
    ProtobufCMessage *m, *second;
    rt_bytes out, again;
    struct rt_error *err = wire_unmarshal(type->descriptor, in, &m);
    struct rt_error *marshal_err = wire_marshal(m, &out);
    FUZZ_CHECK(wire_equal(m, wire_clone(m)));
    if (marshal_err) {
        /* Only what a failed decode left behind, or a type that does not check, holds such
         * strings. */
        FUZZ_CHECK(err != NULL);
        return;
    }
    FUZZ_CHECK(wire_size(m) == out.len);
    FUZZ_CHECK(err || out.len <= in.len + 2 * in.len);
    FUZZ_CHECK(!wire_unmarshal(type->descriptor, out, &second));
    FUZZ_CHECK(!wire_marshal(second, &again));
    FUZZ_CHECK(rt_str_eq(out, again));
    compare_with_protobuf_c(second, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (!arena)
        arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    rt_arena_reset(arena);
    check(choose_type((uint16_t)(data[0] | data[1] << 8)), rt_bytes_from(data + 2, size - 2));
    rt_arena_use(before);
    return 0;
}
