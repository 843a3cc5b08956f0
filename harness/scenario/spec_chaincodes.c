/* The tables of a scenario's member "chaincodes". */
#include "harness/scenario/spec.h"

static const struct json_spec status = { .kind = JSON_SPEC_INT, .min = 1, .max = INT32_MAX };

static const char *const points[] = RT_NAMES(CHAINCODE_POINTS);
static const struct json_spec point = { .kind = JSON_SPEC_WORD, .words = points };
static const char *const deaths[] = RT_NAMES(CHAINCODE_DEATHS);
static const struct json_spec death = { .kind = JSON_SPEC_WORD, .words = deaths };
static const char *const oddities[] = RT_NAMES(CHAINCODE_ODDITIES);
static const struct json_spec oddity = { .kind = JSON_SPEC_WORD, .words = oddities };

static const char *const tls_words[] = RT_NAMES(CHAINCODE_TLS);
static const struct json_spec tls = { .kind = JSON_SPEC_WORD, .words = tls_words };
static const struct json_spec unreachable = { .kind = JSON_SPEC_INTS, .min = -1, .max = 86400000 };

static const struct json_field behaviour_fields[] = {
    { "chaincode", &spec_text, AT(behaviour_text, chaincode),
            .about = "name:version or name of the chaincode; absent: any." },
    { "launch", &spec_ordinal, AT(behaviour_text, launch),
            .about = "Only the n-th start of such a container; absent: every one." },
    { "connect_delay_ms", &spec_delays, AT(behaviour_text, connect_delay), .otherwise = "0",
            .about = "Time before it dials the peer; of several, a choice takes one." },
    { "register_delay_ms", &spec_delays, AT(behaviour_text, register_delay), .otherwise = "0",
            .about = "Time between connecting and REGISTER." },
    { "init_delay_ms", &spec_delays, AT(behaviour_text, init_delay), .otherwise = "0",
            .about = "How long Init takes." },
    { "invoke_delay_ms", &spec_delays, AT(behaviour_text, invoke_delay), .otherwise = "0",
            .about = "How long Invoke takes." },
    { "request_delay_ms", &spec_delays, AT(behaviour_text, request_delay), .otherwise = "0",
            .about = "Time before each of its requests to the peer." },
    { "exit_delay_ms", &spec_delays, AT(behaviour_text, exit_delay), .otherwise = "0",
            .about = "Time between the point of death and dying." },
    { "notice_delay_ms", &spec_delays, AT(behaviour_text, notice_delay), .otherwise = "0",
            .about = "How long the peer takes to see that the connection is broken." },
    { "unreachable_ms", &unreachable, AT(behaviour_text, unreachable),
            .about = "How long it cannot reach the peer, since it dials first; -1: for ever. The "
                     "shim tries for 3 s, then the process ends." },
    { "dies_at", &point, AT(behaviour_text, dies_at), .otherwise = "\"never\"",
            .about = "The point of its life at which it dies; any and during-launch leave it to "
                     "choices, which let it live in the plain run." },
    { "dies_by", &death, AT(behaviour_text, dies_by), .otherwise = "\"exit\"",
            .about = "How it dies." },
    { "panic", &spec_text, AT(behaviour_text, panic),
            .about = "Of panic: the text that it panics with, and prints." },
    { "exit_code", &spec_code, AT(behaviour_text, exit_code), .otherwise = "0",
            .about = "Exit code of the process, also when it cannot reach the peer." },
    { "dies_at_time", &spec_ordinal, AT(behaviour_text, dies_at_time),
            .about = "It dies when the point is passed for the n-th time; absent: the first." },
    { "oddity", &oddity, AT(behaviour_text, oddity), .otherwise = "\"none\"",
            .about = "What it sends in place of, or besides, what a shim sends." },
    { "name", &spec_name, AT(behaviour_text, name),
            .about = "Of wrong-name: what it registers as." },
    { "prints", &spec_prints, AT(behaviour_text, prints),
            .about = "What it prints; the peer logs it with vm.docker.attachStdout." },
    { "sends", &spec_sends, AT(behaviour_text, sends),
            .about = "Messages besides those of its shim, or in place of them." },
    { "registers", &spec_registers, AT(behaviour_text, names),
            .about =
                    "The names that it registers as, one after the other; it serves under the last "
                    "one. Absent: the name that it was started with." },
    { "tls", &tls, AT(behaviour_text, tls), .otherwise = "\"own\"",
            .about =
                    "What it does about TLS beside what its environment and files say; a peer with "
                    "TLS only." },
    { "certificate_of", &spec_name, AT(behaviour_text, certificate_of),
            .about = "Of tls other: name:version of the chaincode whose certificate it has." },
    { "init_status", &status, AT(behaviour_text, init_status),
            .about = "Init answers with this status instead of running the probe." },
    { "init_message", &spec_text, AT(behaviour_text, init_message),
            .about = "And with this message." },
    { 0 },
};
static const struct json_spec behaviour = {
    .kind = JSON_SPEC_OBJECT,
    .name = "behaviour",
    .about =
            "How a chaincode behaves in its container; the first that fits a container is taken. A "
            "chaincode without one registers at once and runs the probe.",
    .fields = behaviour_fields,
    .size = sizeof(struct behaviour_text),
    .place = AT(behaviour_text, node),
    .has_place = true,
};
const struct json_spec spec_behaviours = { .kind = JSON_SPEC_ARRAY, .element = &behaviour };
