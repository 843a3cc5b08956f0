/* The tables of a scenario's member "bare". */
#include "harness/scenario/spec.h"

static const struct json_spec few = { .kind = JSON_SPEC_INT, .min = 0, .max = 100 };
static const struct json_spec timeout = { .kind = JSON_SPEC_INT, .min = 1, .max = 86400000 };
static const struct json_spec period = { .kind = JSON_SPEC_INT, .min = 0, .max = 86400000 };

static const char *const exits[] = RT_NAMES(LAUNCH_EXITS);
static const struct json_spec exit_word = { .kind = JSON_SPEC_WORD, .words = exits };
static const char *const registers[] = RT_NAMES(LAUNCH_REGISTERS);
static const struct json_spec register_word = { .kind = JSON_SPEC_WORD, .words = registers };
static const char *const answers[] = RT_NAMES(LAUNCH_ANSWERS);
static const struct json_spec answer_word = { .kind = JSON_SPEC_WORD, .words = answers };

static const struct json_field container_fields[] = {
    { "chaincode", &spec_text, AT(bare_text, chaincode),
            .about = "name:version or name of the chaincode; absent: any." },
    { "launch", &spec_ordinal, AT(bare_text, launch),
            .about = "Only the n-th start of such a container; absent: every one." },
    { "package_error", &spec_name, AT(bare_text, package_error),
            .about = "The chaincode's code cannot be read, with this error." },
    { "start_delay_ms", &spec_delays, AT(bare_text, start_delay), .otherwise = "0",
            .about = "How long Runtime.Start takes; of several, a choice takes one." },
    { "start_error", &spec_name, AT(bare_text, start_error),
            .about = "Runtime.Start fails with this error." },
    { "maybe", &spec_flag, AT(bare_text, start_error_maybe), .otherwise = "false",
            .about = "A choice decides whether the start fails; it does not in the plain run." },
    { "wait_error", &spec_name, AT(bare_text, wait_error),
            .about = "Runtime.Wait fails with this error when the container exits." },
    { "stop_delay_ms", &spec_delays, AT(bare_text, stop_delay), .otherwise = "0",
            .about = "How long Runtime.Stop takes." },
    { "registers", &register_word, AT(bare_text, registers), .otherwise = "\"once\"",
            .about = "How it registers: twice on one stream, or a duplicate on a second one." },
    { "registers_as", &spec_name, AT(bare_text, registers_as),
            .about = "The name:version that it registers; absent: its own." },
    { "register_delay_ms", &spec_delays, AT(bare_text, register_delay), .otherwise = "0",
            .about = "Time between connecting and REGISTER." },
    { "answers", &answer_word, AT(bare_text, answers), .otherwise = "\"completed\"",
            .about = "How it answers INIT and TRANSACTION." },
    { "answer_delay_ms", &spec_delays, AT(bare_text, answer_delay), .otherwise = "0",
            .about = "How long a transaction takes." },
    { "requests", &few, AT(bare_text, requests), .otherwise = "0",
            .about = "How many times it asks for a state before it answers; there is no ledger, so "
                     "each request is answered with an error." },
    { "exits", &exit_word, AT(bare_text, exits), .otherwise = "\"never\"",
            .about = "When it exits: at a point of its life, or at any time, before, between or "
                     "after any steps." },
    { "exit_code", &spec_code, AT(bare_text, exit_code), .otherwise = "0",
            .about = "Exit code of the process." },
    { "exit_delay_ms", &spec_delays, AT(bare_text, exit_delay), .otherwise = "0",
            .about = "Time between that point and the exit." },
    { "notice_delay_ms", &spec_delays, AT(bare_text, notice_delay), .otherwise = "0",
            .about = "How long the peer takes to see that the connection is broken." },
    { 0 },
};
static const struct json_spec container = {
    .kind = JSON_SPEC_OBJECT,
    .name = "bare_container",
    .about = "What a container does; the first entry that fits is taken. Without one it starts, "
             "registers, answers and lives.",
    .fields = container_fields,
    .size = sizeof(struct bare_text),
    .place = AT(bare_text, node),
    .has_place = true,
};
static const struct json_spec containers = { .kind = JSON_SPEC_ARRAY, .element = &container };

static const struct json_field bare_fields[] = {
    { "startup_timeout_ms", &timeout, AT(scenario_bare, startup_timeout_ms), .otherwise = "300000",
            .about = "chaincode.startuptimeout: how long a launch waits." },
    { "execute_timeout_ms", &timeout, AT(scenario_bare, execute_timeout_ms), .otherwise = "30000",
            .about = "chaincode.executetimeout: how long a transaction may take." },
    { "keepalive_ms", &period, AT(scenario_bare, keepalive_ms), .otherwise = "0",
            .about = "chaincode.keepalive: time between KEEPALIVE messages; 0: none." },
    { "dev_mode", &spec_flag, AT(scenario_bare, dev_mode), .otherwise = "false",
            .about = "Chaincodes that nobody launched may register." },
    { "containers", &containers, AT(scenario_bare, containers), .about = "What containers do." },
    { 0 },
};
const struct json_spec bare_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "bare",
    .about = "The launch path alone, with containers and streams in memory: no world, no Docker, "
             "no ledger, no signatures.",
    .fields = bare_fields,
    .size = sizeof(struct scenario_bare),
    .place = AT(scenario_bare, node),
    .has_place = true,
};
