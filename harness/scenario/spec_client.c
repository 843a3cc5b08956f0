/* The tables of what a step tells the client: arguments, collections, the transient map. */
#include "harness/scenario/spec.h"

/* ---- args ---- */

static const struct json_field input_fields[] = {
    { "Args", &spec_texts, 0, .about = "The arguments." },
    { "Function", &spec_text, 0, .about = "An argument before them." },
    { 0 },
};
static const struct json_spec input = {
    .kind = JSON_SPEC_OBJECT,
    .about = "As after the client's -c; which case the names have is no matter.",
    .fields = input_fields,
};
static const struct json_spec *const args_forms[] = { &spec_texts, &input, NULL };
const struct json_spec spec_args = { .kind = JSON_SPEC_NODE, .either = args_forms };

/* ---- collections: for the schema only, the client reads them by its own rules ---- */

static const struct json_field collection_fields[] = {
    { "name", &spec_text, 0, .about = "The collection's name." },
    { "policy", &spec_text, 0, .about = "Whose peers may have its data, as of -P." },
    { "requiredPeerCount", &spec_number, 0, .otherwise = "0",
            .about = "How many other peers must have the data before this one endorses." },
    { "maxPeerCount", &spec_number, 0, .otherwise = "0",
            .about = "To how many other peers it is sent." },
    { "blockToLive", &spec_number, 0, .otherwise = "0",
            .about = "For how many blocks it is kept; 0: for ever." },
    { "memberOnlyRead", &spec_flag, 0, .otherwise = "false",
            .about = "Only clients of the policy's organisations read it." },
    { 0 },
};
static const struct json_spec collection = {
    .kind = JSON_SPEC_OBJECT,
    .name = "collection",
    .about = "One collection, as in the client's file.",
    .fields = collection_fields,
};
static const struct json_spec collection_list = { .kind = JSON_SPEC_ARRAY, .element = &collection };
static const struct json_field file_fields[] = {
    { "file", &spec_name, AT(collections_text, file), .required = true,
            .about = "The file's name in errors." },
    { "text", &spec_text, AT(collections_text, text), .required = true, .about = "What is in it." },
    { 0 },
};
const struct json_spec spec_collections_text = {
    .kind = JSON_SPEC_OBJECT,
    .about = "A file's content in place, which need not be JSON.",
    .fields = file_fields,
    .size = sizeof(struct collections_text),
};
static const struct json_spec *const collections_forms[] = { &collection_list, &spec_name,
    &spec_collections_text, NULL };
const struct json_spec spec_collections = { .kind = JSON_SPEC_NODE, .either = collections_forms };

/* ---- transient ---- */

static const struct json_field value_fields[] = {
    { "base64", &spec_text, AT(step_transient, base64), .about = "As after --transient." },
    { "text", &spec_text, AT(step_transient, text), .about = "The value itself." },
    { 0 },
};
static const char *const value_forms[] = { "base64", "text", NULL };
static const struct json_spec value = {
    .kind = JSON_SPEC_OBJECT,
    .about = "A value; a string is one in base64.",
    .fields = value_fields,
    .one_of = value_forms,
    .brief = "base64",
    .size = sizeof(struct step_transient),
    .place = AT(step_transient, node),
    .has_place = true,
};
const struct json_spec spec_transient = { .kind = JSON_SPEC_MAP, .element = &value };
