/* Messages written as JSON: members are the names of Fabric's .proto files.
 *
 * A number or bool is one in JSON, an enum its name or number, a string or bytes any form of
 * bytes_form.h, a message an object, a repeated field an array, a map an object or an array of
 * entries. What is not written is not set. */
#ifndef CCLAB_HARNESS_SCENARIO_PROTO_FORM_H
#define CCLAB_HARNESS_SCENARIO_PROTO_FORM_H

#include "harness/json/json.h"
#include "model/rt/str.h"

/* The type of this name, "protos.ChaincodeID", or "ChaincodeID" where only one package has it; NULL
 * after a report if there is none. */
const ProtobufCMessageDescriptor *proto_form_type(
        const struct json_doc *doc, const struct json_node *node, rt_str name);

/* The message that the members of `node` describe, in the current arena; false after a report of
 * every mistake. */
bool proto_form_read(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCMessageDescriptor *type, ProtobufCMessage **message);

/* Sets the field that a member names, in place of what it has; null: it has nothing then. */
bool proto_form_set(
        const struct json_doc *doc, const struct json_node *member, ProtobufCMessage *message);

/* An enum's value by name or number; false after a report. */
bool proto_form_enum(const struct json_doc *doc, const struct json_node *node,
        const ProtobufCEnumDescriptor *type, int32_t *value);

#endif
