/* The tables of a scenario's member "docker". */
#include "harness/scenario/spec.h"

static const char *const ops[] = RT_NAMES(ENGINE_OPS);
static const struct json_spec op = { .kind = JSON_SPEC_WORD, .words = ops };
static const char *const fault_kinds[] = RT_NAMES(ENGINE_FAULTS);
static const struct json_spec fault_kind = { .kind = JSON_SPEC_WORD, .words = fault_kinds };
static const char *const reasons[] = RT_NAMES(ENGINE_REASONS);
static const struct json_spec reason = { .kind = JSON_SPEC_WORD, .words = reasons };
static const char *const breaks[] = RT_NAMES(ENGINE_BREAKS);
static const struct json_spec how_broken = { .kind = JSON_SPEC_WORD, .words = breaks };
static const struct json_spec http_status = { .kind = JSON_SPEC_INT, .min = 100, .max = 599 };
static const struct json_spec milliseconds = { .kind = JSON_SPEC_INT, .min = -1, .max = 86400000 };

static const struct json_field fault_fields[] = {
    { "kind", &fault_kind, AT(fault_text, kind), .required = true, .about = "What goes wrong." },
    { "op", &op, AT(fault_text, op), .otherwise = "\"any\"",
            .about = "The operation that is hit." },
    { "container", &spec_name, AT(fault_text, container),
            .about = "Part of the name of the container or image, or of that container's image; "
                     "absent: any." },
    { "first", &spec_ordinal, AT(fault_text, first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &spec_count, AT(fault_text, count), .otherwise = "1",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &spec_flag, AT(fault_text, maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { "after", &spec_flag, AT(fault_text, after), .otherwise = "false",
            .about = "It strikes when the engine has done its work, and the answer is lost or "
                     "spoiled." },
    { "status", &http_status, AT(fault_text, status), .about = "HTTP status of the answer." },
    { "message", &spec_text, AT(fault_text, message),
            .about = "The engine's message; of \"unreachable\", \"reset\" and \"broken-pipe\" the "
                     "whole text that the peer's network layer gives." },
    { "reason", &reason, AT(fault_text, reason), .otherwise = "\"refused\"",
            .about = "Why the engine is unreachable." },
    { "breaks", &how_broken, AT(fault_text, breaks), .otherwise = "\"eof\"",
            .about = "What the request that the engine dies of ends with: it was read in full, it "
                     "was not, or its body was being written." },
    { "body", &spec_text, AT(fault_text, body), .about = "The answer's body, byte for byte." },
    { "content_type", &spec_name, AT(fault_text, content_type), .about = "Of the body." },
    { "ms", &milliseconds, AT(fault_text, ms),
            .about = "How long it hangs or runs; -1: hangs for ever." },
    { "output", &spec_text, AT(fault_text, output),
            .about = "What the container or the build prints before." },
    { "exit_code", &spec_code, AT(fault_text, exit_code), .about = "The container's." },
    { "bytes", &spec_number, AT(fault_text, bytes), .about = "Where the answer's body is cut." },
    { 0 },
};
static const struct json_spec fault = {
    .kind = JSON_SPEC_OBJECT,
    .name = "fault",
    .about = "What goes wrong at the Docker engine, and when; of several that fit, the first "
             "happens.",
    .fields = fault_fields,
    .size = sizeof(struct fault_text),
    .place = AT(fault_text, node),
    .has_place = true,
};
static const struct json_spec faults = { .kind = JSON_SPEC_ARRAY, .element = &fault };

static const char *const versions[] = RT_NAMES(ENGINE_WORDS);
static const struct json_spec version = { .kind = JSON_SPEC_WORD, .words = versions };

static const struct json_field docker_fields[] = {
    { "version", &version, AT(docker_text, words), .otherwise = "\"20.10\"",
            .about = "Whose words are used: of the registries that refuse, and of the runtime that "
                     "finds no program." },
    { "images", &spec_images, AT(docker_text, images),
            .about = "Images that exist; absent: every image that is asked for." },
    { "containers", &spec_containers, AT(docker_text, containers),
            .about = "Containers that were made before." },
    { "networks", &spec_names, AT(docker_text, networks),
            .about = "Networks that exist beside host, bridge and none; absent: every one that is "
                     "asked for." },
    { "bridge", &spec_flag, AT(docker_text, bridge), .otherwise = "true",
            .about = "Whether the engine has its own bridge, the network of containers that name "
                     "none, as those of builds." },
    { "registry", &spec_registry, AT(docker_text, registry),
            .about = "What the registries refuse; they have every other image." },
    { "delay_ms", &spec_delays, AT(docker_text, delay_ms), .otherwise = "0",
            .about = "How long the engine takes for a request; of several, a choice takes one each "
                     "time." },
    { "faults", &faults, AT(docker_text, faults), .about = "What goes wrong." },
    { 0 },
};
const struct json_spec spec_docker = {
    .kind = JSON_SPEC_OBJECT,
    .name = "docker",
    .about = "The Docker engine.",
    .fields = docker_fields,
    .size = sizeof(struct docker_text),
};
