/* The tables of what an engine has when a scenario begins: images, containers, networks, and what
 * the registries refuse. */
#include "harness/scenario/spec.h"

/* ---- images ---- */

static const struct json_field image_fields[] = {
    { "image", &spec_name, AT(image_text, image), .about = "Its name: name:tag." },
    { "chaincode", &spec_name, AT(image_text, chaincode),
            .about = "The image that the peer builds for this chaincode, name:version." },
    { "holds", &spec_name, AT(image_text, holds),
            .about = "Other code than was built: it behaves as the entry of \"chaincodes\" with "
                     "this "
                     "name says." },
    { 0 },
};
static const char *const image_names[] = { "image", "chaincode", NULL };
static const struct json_spec image = {
    .kind = JSON_SPEC_OBJECT,
    .name = "image",
    .about = "An image that exists: its name, or whose it is.",
    .fields = image_fields,
    .size = sizeof(struct image_text),
    .place = AT(image_text, node),
    .has_place = true,
    .one_of = image_names,
    .brief = "image",
};
const struct json_spec spec_images = { .kind = JSON_SPEC_ARRAY, .element = &image };

/* ---- containers ---- */

static const char *const states[] = RT_NAMES(OLD_STATES);
static const struct json_spec state = { .kind = JSON_SPEC_WORD, .words = states };
static const struct json_field container_fields[] = {
    { "name", &spec_name, AT(container_text, name), .about = "Its name." },
    { "chaincode", &spec_name, AT(container_text, chaincode),
            .about = "The container that the peer makes for this chaincode, name:version." },
    { "image", &spec_name, AT(container_text, image),
            .about = "Its image; else the chaincode's, or one of the container's name." },
    { "state", &state, AT(container_text, state), .otherwise = "\"exited\"",
            .about = "What it does; one that runs does nothing until it is killed." },
    { "exit_code", &spec_code, AT(container_text, exit_code), .otherwise = "0",
            .about = "Of one that has exited." },
    { 0 },
};
static const char *const container_names[] = { "name", "chaincode", NULL };
static const struct json_spec container = {
    .kind = JSON_SPEC_OBJECT,
    .name = "old_container",
    .about = "A container that was made before.",
    .fields = container_fields,
    .size = sizeof(struct container_text),
    .place = AT(container_text, node),
    .has_place = true,
    .one_of = container_names,
};
const struct json_spec spec_containers = { .kind = JSON_SPEC_ARRAY, .element = &container };

/* ---- registries ---- */

static const char *const refusals[] = RT_NAMES(ENGINE_REFUSALS);
static const struct json_spec refusal = { .kind = JSON_SPEC_WORD, .words = refusals };
static const struct json_spec http_status = { .kind = JSON_SPEC_INT, .min = 400, .max = 599 };
static const struct json_field refused_fields[] = {
    { "image", &spec_name, AT(refused_text, image),
            .about = "Part of the image's name; absent: every image." },
    { "says", &refusal, AT(refused_text, says), .about = "Why." },
    { "message", &spec_name, AT(refused_text, message),
            .about = "The engine's message, instead of a reason." },
    { "status", &http_status, AT(refused_text, status), .otherwise = "404",
            .about = "The status that goes with the message." },
    { 0 },
};
static const char *const refused_reasons[] = { "says", "message", NULL };
static const struct json_spec refused = {
    .kind = JSON_SPEC_OBJECT,
    .name = "refused_image",
    .about = "Images that no registry gives, and what the engine answers to a pull.",
    .fields = refused_fields,
    .size = sizeof(struct refused_text),
    .place = AT(refused_text, node),
    .has_place = true,
    .one_of = refused_reasons,
};
const struct json_spec spec_registry = { .kind = JSON_SPEC_ARRAY, .element = &refused };
