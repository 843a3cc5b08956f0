/* What decoding and encoding know about a message type; generated from protoc's descriptor set by
 * gen/tables.c into the build tree (wire_tables.c). */
#ifndef CCLAB_MODEL_WIRE_TABLES_H
#define CCLAB_MODEL_WIRE_TABLES_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind {
    WIRE_INT32, /* also enums */
    WIRE_UINT32,
    WIRE_INT64,
    WIRE_UINT64,
    WIRE_BOOL,
    WIRE_BYTES,
    WIRE_STRING,
    WIRE_MESSAGE,
};

/* Wire types. */
enum {
    WIRE_VARINT = 0,
    WIRE_FIXED64 = 1,
    WIRE_LENGTH = 2,
    WIRE_GROUP = 3,
    WIRE_GROUP_END = 4,
    WIRE_FIXED32 = 5
};

enum {
    WIRE_REPEATED = 1,
    WIRE_ONEOF = 2,
    WIRE_MAP = 4,     /* with WIRE_REPEATED and WIRE_MESSAGE: elements are entries */
    WIRE_UTF8 = 8,    /* a string that is checked */
    WIRE_PROTO2 = 16, /* bytes that are written when empty, but not when nil */
};

struct wire_type;

struct wire_field {
    const char *name;    /* in errors of decoding */
    const char *go_name; /* in errors of encoding; of a oneof, the oneof's */
    const struct wire_type *message;
    uint32_t number;
    uint16_t offset;
    uint16_t quantifier; /* offset of the count, or of the oneof's case */
    uint8_t kind;
    uint8_t wire; /* wire type of one value */
    uint8_t flags;
};

struct wire_type {
    const ProtobufCMessageDescriptor *descriptor;
    const char *full_name;
    const char *go_type;
    const struct wire_field *fields; /* in Go's order of encoding: by number, then oneofs */
    const uint8_t *by_number;        /* index into fields plus one, or 0 */
    uint16_t field_count;
    uint16_t number_end; /* length of by_number */
    uint32_t size;       /* of the C struct */
    bool is_entry;       /* of a map */
    bool has_maps;
    bool drops_unknown;
};

/* Ordered by full name. */
extern const struct wire_type *const wire_tables[];
extern const size_t wire_table_count;

/* The type of a descriptor; ends the program for one that is not in the tables. */
const struct wire_type *wire_type_of(const ProtobufCMessageDescriptor *descriptor);

/* XXX_unrecognized of a message hides in protobuf-c's list of unknown fields, as its only
 * element. */
struct wire_unknown_run {
    ProtobufCMessageUnknownField field; /* len and data */
    size_t cap;
};

/* The entries of a map in order of key, each key once (the last of equal ones stays): brought into
 * order where they are, *count of them afterwards. */
void wire_map_settle(ProtobufCMessage **entries, size_t *count, const struct wire_type *entry);
/* The same without changing anything: `entries` itself, or a copy in order. */
ProtobufCMessage **wire_map_sorted(
        ProtobufCMessage **entries, size_t *count, const struct wire_type *entry);

#endif
