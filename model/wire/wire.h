/* Protocol buffers with the semantics of golang/protobuf v1.2.0, the version that Fabric 1.4.2
 * vendors.
 *
 * Messages are protobuf-c's generated structs, but protobuf_c_message_unpack() and Go disagree on
 * one mutated input in seven, so decoding and encoding are done here. What a reader of messages has
 * to know:
 *
 * - A string or bytes field is a ProtobufCBinaryData (rt_str, rt_bytes). Presence of bytes is kept
 * as Go keeps it: absent is data == NULL (nil), an explicit empty field is len == 0 with data !=
 * NULL.
 * - A map is a repeated field of entries, ordered by key, each key once.
 * - Unknown fields are one run of bytes, as XXX_unrecognized is: wire_unknown().
 * - Enums may hold any int32.
 * - Decoded strings and bytes share the memory of the input, which must live as long as the
 * message.
 *
 * Everything that is allocated comes from the current arena. Decoding and encoding do not
 * recurse. */
#ifndef CCLAB_MODEL_WIRE_WIRE_H
#define CCLAB_MODEL_WIRE_WIRE_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* proto.Unmarshal into a new message of the type. *out is always set: after an error it holds what
 * had been decoded before, as in Go. Nesting that overflows Go's stack ends the process (or,
 * outside a process, panics) with Go's text. */
RT_MUST_USE struct rt_error *wire_unmarshal(
        const ProtobufCMessageDescriptor *type, rt_bytes in, ProtobufCMessage **out);

/* proto.Marshal, with maps ordered by key. *out is always set: after an error (a string that is not
 * UTF-8, a nil element of a repeated field) it holds what Go had written. An empty message gives an
 * empty slice, not nil. */
RT_MUST_USE struct rt_error *wire_marshal(const ProtobufCMessage *m, rt_bytes *out);
/* proto.Size. */
size_t wire_size(const ProtobufCMessage *m);

/* An empty message. */
ProtobufCMessage *wire_new(const ProtobufCMessageDescriptor *type);
/* proto.Clone: a deep copy, strings and bytes too. NULL gives NULL. */
ProtobufCMessage *wire_clone(const ProtobufCMessage *m);
/* proto.Equal; NULL equals NULL alone. */
bool wire_equal(const ProtobufCMessage *a, const ProtobufCMessage *b);

/* String(), proto.CompactTextString; NULL gives "<nil>". Not for types with floats or oneofs, nor
 * for those that hold themselves: it recurses. */
rt_str wire_text(const ProtobufCMessage *m);

/* XXX_unrecognized: what was not known, in order of arrival; RT_NIL for nothing. */
rt_bytes wire_unknown(const ProtobufCMessage *m);

/* The type of a full name such as "protos.ChaincodeDeploymentSpec"; NULL for one that is not
 * there. */
const ProtobufCMessageDescriptor *wire_type_by_name(rt_str full_name);
/* All message types but map entries, ordered by full name; *count of them. */
const ProtobufCMessageDescriptor *const *wire_types(size_t *count);
/* An enum's String(): the name of the value, or the number when it has none. */
rt_str wire_enum_string(const ProtobufCEnumDescriptor *type, int value);
/* The name of the Go type with its package: "peer.ChaincodeDeploymentSpec". */
const char *wire_go_type(const ProtobufCMessageDescriptor *type);

/* The generated functions' typed forms: WIRE_UNMARSHAL(protos__proposal, bytes, &proposal) with a
 * Protos__Proposal *proposal. */
#ifdef __cppcheck__ /* which does not read expressions of statements */
#define WIRE_UNMARSHAL(type, in, out) wire_unmarshal(&type##__descriptor, (in), (void *)(out))
#define WIRE_CLONE(m) ((void *)wire_clone(&(m)->base))
#else
#define WIRE_UNMARSHAL(type, in, out)                                                              \
    ({                                                                                             \
        ProtobufCMessage *wire_message_;                                                           \
        struct rt_error *wire_err_ = wire_unmarshal(&type##__descriptor, (in), &wire_message_);    \
        *(out) = (void *)wire_message_;                                                            \
        wire_err_;                                                                                 \
    })
#define WIRE_CLONE(m) ((__typeof__(m))(void *)wire_clone((m) ? &(m)->base : NULL))
#endif
#define WIRE_NEW(type) ((void *)wire_new(&type##__descriptor))
#define WIRE_MARSHAL(m, out) wire_marshal(&(m)->base, (out))
#define WIRE_EQUAL(a, b) wire_equal((a) ? &(a)->base : NULL, (b) ? &(b)->base : NULL)

/* utils.MarshalOrPanic. */
rt_bytes wire_marshal_or_panic(const ProtobufCMessage *m);
#define WIRE_MARSHAL_OR_PANIC(m) wire_marshal_or_panic(&(m)->base)

#endif
