/* The tables of a behaviour's members "sends", "registers" and "prints". */
#include "harness/scenario/proto_form.h"
#include "harness/scenario/spec.h"
#include "mocks/chaincode/output.h"
#include "mocks/chaincode/sends.h"

#include "proto/chaincode_shim.pb-c.h"

static bool read_type(const struct json_doc *doc, const struct json_node *node, void *out)
{
    return proto_form_enum(doc, node, &protos__chaincode_message__type__descriptor, out);
}

static const char *const points[] = RT_NAMES(CHAINCODE_POINTS);
static const struct json_spec point = { .kind = JSON_SPEC_WORD, .words = points };
static const char *const messages[] = RT_NAMES(CHAINCODE_MESSAGES);
static const struct json_spec message = { .kind = JSON_SPEC_WORD, .words = messages };
static const struct json_spec type = {
    .kind = JSON_SPEC_OWN,
    .size = sizeof(int32_t),
    .read = read_type,
};

static const struct json_field send_fields[] = {
    { "at", &point, AT(send_text, at),
            .about = "It is sent besides what the shim sends, when this point is passed." },
    { "instead_of", &message, AT(send_text, instead_of),
            .about = "It is sent in place of such a message of the shim; parts that are not given "
                     "are those of that message." },
    { "time", &spec_ordinal, AT(send_text, time),
            .about = "Only the n-th time in the life of a process; absent: every time." },
    { "count", &spec_count, AT(send_text, count), .otherwise = "1",
            .about = "So often; 0, in place of a message: nothing is sent." },
    { "maybe", &spec_flag, AT(send_text, maybe), .otherwise = "false",
            .about = "A choice decides each time; it is not sent in the plain run." },
    { "after_ms", &spec_delays, AT(send_text, after),
            .about = "It is sent so much later, while the chaincode goes on; of several, a choice "
                     "takes one." },
    { "type", &type, AT(send_text, type),
            .about = "The message's type: a name (GET_STATE) or a number." },
    { "channel", &spec_bytes_part, AT(send_text, channel), .null = true,
            .about = "The channel; absent: that of the message at hand; null: left out." },
    { "txid", &spec_bytes_part, AT(send_text, txid), .null = true,
            .about = "The transaction, likewise." },
    { "payload", &spec_bytes_part, AT(send_text, payload), .null = true,
            .about = "The payload; absent: none, in place of a message that message's." },
    { "more", &spec_bytes, AT(send_text, more),
            .about = "Bytes behind the message: more fields of it, or what is no field." },
    { "bytes", &spec_bytes, AT(send_text, bytes),
            .about = "The whole message, which need not be one." },
    { 0 },
};
static const char *const when[] = { "at", "instead_of", NULL };
static const struct json_spec send = {
    .kind = JSON_SPEC_OBJECT,
    .name = "send",
    .about = "A message that no shim would send.",
    .fields = send_fields,
    .size = sizeof(struct send_text),
    .place = AT(send_text, node),
    .has_place = true,
    .one_of = when,
};
const struct json_spec spec_sends = { .kind = JSON_SPEC_ARRAY, .element = &send };

static const struct json_field name_fields[] = {
    { "name", &spec_name, AT(name_text, name), .required = true, .about = "The name." },
    { "after_ms", &spec_delays, AT(name_text, after), .otherwise = "0",
            .about = "Time since the name before, or since it connected." },
    { "new_stream", &spec_flag, AT(name_text, new_stream), .otherwise = "false",
            .about = "It is registered on another stream." },
    { "closes", &spec_flag, AT(name_text, closes), .otherwise = "false",
            .about = "The stream before is closed first; else it stays open." },
    { 0 },
};
static const struct json_spec name = {
    .kind = JSON_SPEC_OBJECT,
    .name = "registered_name",
    .about = "A name that a chaincode registers as.",
    .fields = name_fields,
    .size = sizeof(struct name_text),
    .brief = "name",
};
const struct json_spec spec_registers = { .kind = JSON_SPEC_ARRAY, .element = &name };

static const char *const outputs[] = RT_NAMES(CHAINCODE_OUTPUTS);
static const struct json_spec output = { .kind = JSON_SPEC_WORD, .words = outputs };
static const struct json_field print_fields[] = {
    { "at", &point, AT(print_text, at), .required = true, .about = "When this point is passed." },
    { "time", &spec_ordinal, AT(print_text, time),
            .about = "Only the n-th time in the life of a process; absent: every time." },
    { "to", &output, AT(print_text, to), .otherwise = "\"stdout\"", .about = "Where to." },
    { "text", &spec_text, AT(print_text, text), .required = true,
            .about = "The text; a line end follows it." },
    { "unfinished", &spec_flag, AT(print_text, unfinished), .otherwise = "false",
            .about = "No line end follows: the peer logs whole lines only." },
    { 0 },
};
static const struct json_spec print = {
    .kind = JSON_SPEC_OBJECT,
    .name = "print",
    .about = "What a chaincode prints at a point of its life.",
    .fields = print_fields,
    .size = sizeof(struct print_text),
    .place = AT(print_text, node),
    .has_place = true,
};
const struct json_spec spec_prints = { .kind = JSON_SPEC_ARRAY, .element = &print };
