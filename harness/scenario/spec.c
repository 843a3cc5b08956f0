/* The tables of the scenario form: what is read, and what the schema says. */
#include "harness/scenario/spec.h"

#include "harness/scenario/scenario.h"
#include "harness/world/spec.h"

static const struct json_spec text = { .kind = JSON_SPEC_TEXT };
static const struct json_spec name = { .kind = JSON_SPEC_TEXT, .min = 1 };
static const struct json_spec hex = { .kind = JSON_SPEC_HEX };
static const struct json_spec flag = { .kind = JSON_SPEC_BOOL };
static const struct json_spec texts = { .kind = JSON_SPEC_ARRAY, .element = &text };
static const struct json_spec names = { .kind = JSON_SPEC_ARRAY, .element = &name };
static const struct json_spec delays = { .kind = JSON_SPEC_INTS, .min = 0, .max = 86400000 };
static const struct json_spec status = { .kind = JSON_SPEC_INT, .min = 1, .max = INT32_MAX };
static const struct json_spec code = { .kind = JSON_SPEC_INT, .min = 0, .max = 255 };
static const struct json_spec ordinal = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000 };
static const struct json_spec number = { .kind = JSON_SPEC_INT, .min = 0, .max = INT64_MAX };
static const struct json_spec node = { .kind = JSON_SPEC_NODE };

/* ---- actors ---- */

static const struct json_field expect_fields[] = {
    { "status", &status, AT(step_expect, status), .about = "Status of the response." },
    { "message", &text, AT(step_expect, message), .about = "The whole message of the response." },
    { "contains", &name, AT(step_expect, contains),
            .about = "A part of the response's message, or of the call's error." },
    { "error", &name, AT(step_expect, error), .about = "The call fails with this text." },
    { "payload", &text, AT(step_expect, payload), .about = "Payload of the response, as text." },
    { "code", &name, AT(step_expect, code),
            .about = "Validation code after the commit, for example VALID or MVCC_READ_CONFLICT." },
    { "no_error", &flag, AT(step_expect, no_error), .about = "The call does not fail.",
            .otherwise = "false" },
    { "lacks", &name, AT(step_expect, lacks),
            .about = "A text that is neither in the response's message nor in the call's error." },
    { "always", &flag, AT(step_expect, always),
            .about =
                    "It holds in every run, not in the plain one only; an answer that differs is a "
                    "finding.",
            .otherwise = "false" },
    { "no_answer", &flag, AT(step_expect, no_answer), .about = "The peer dies before it answers.",
            .otherwise = "false" },
    { 0 },
};
static const struct json_spec expect = {
    .kind = JSON_SPEC_OBJECT,
    .name = "step_expect",
    .about = "What the answer must be in the plain run; what is not given is not looked at.",
    .fields = expect_fields,
    .size = sizeof(struct step_expect),
};

static const char *const actions[] = RT_NAMES(STEP_ACTIONS);
static const struct json_spec action = { .kind = JSON_SPEC_WORD, .words = actions };
const char *const chaincode_types[] = { "GOLANG", "NODE", "CAR", "JAVA", NULL };
static const struct json_spec type = { .kind = JSON_SPEC_WORD, .words = chaincode_types };

static const struct json_field step_fields[] = {
    { "do", &action, AT(scenario_step, action), .required = true, .about = "What happens." },
    { "after_ms", &delays, AT(scenario_step, after_ms), .otherwise = "0",
            .about = "Delay before the step; of several, a choice takes one." },
    { "maybe", &flag, AT(scenario_step, maybe), .otherwise = "false",
            .about = "A choice decides whether the step happens; it does not in the plain run." },
    { "as", &name, AT(scenario_step, as), .about = "Who signs, instead of the actor's identity." },
    { "channel", &text, AT(scenario_step, channel),
            .about = "The channel; else the world's first." },
    { "chaincode", &name, AT(scenario_step, chaincode), .about = "The chaincode's name." },
    { "version", &name, AT(scenario_step, version), .about = "The chaincode's version." },
    { "type", &type, AT(scenario_step, type), .otherwise = "\"GOLANG\"",
            .about = "The chaincode's type." },
    { "args", &texts, AT(scenario_step, args), .about = "Arguments of the chaincode." },
    { "file", &name, AT(scenario_step, file),
            .about = "Of send: a marshalled SignedProposal. Of install: a package. Relative to the "
                     "scenario." },
    { "bytes", &hex, AT(scenario_step, bytes), .about = "The file's content in place, in hex." },
    { "policy", &hex, AT(scenario_step, policy),
            .about = "Endorsement policy of instantiate and upgrade, marshalled, in hex." },
    { "container", &name, AT(scenario_step, container),
            .about = "Part of the name of the container that is stopped, killed or removed." },
    { "commit", &flag, AT(scenario_step, commit), .otherwise = "false",
            .about = "Order the endorsed transaction and wait until it is committed." },
    { "no_wait", &flag, AT(scenario_step, no_wait), .otherwise = "false",
            .about = "Go on without waiting for the answer." },
    { "expect", &expect, AT(scenario_step, expect), .pointer = true, .about = "The answer." },
    { 0 },
};
static const struct json_spec step = {
    .kind = JSON_SPEC_OBJECT,
    .name = "step",
    .about = "One thing that an actor does.",
    .fields = step_fields,
    .size = sizeof(struct scenario_step),
    .place = AT(scenario_step, node),
    .has_place = true,
};
static const struct json_spec steps = { .kind = JSON_SPEC_ARRAY, .element = &step, .min = 1 };

static const struct json_field actor_fields[] = {
    { "name", &name, AT(scenario_actor, name), .required = true, .about = "Its name in reports." },
    { "as", &name, AT(scenario_actor, as),
            .about = "The identity of the world that signs for it." },
    { "start_ms", &delays, AT(scenario_actor, start_ms), .otherwise = "0",
            .about = "When it begins; of several times, a choice takes one." },
    { "maybe", &flag, AT(scenario_actor, maybe), .otherwise = "false",
            .about = "A choice decides whether it acts at all; it does not in the plain run." },
    { "steps", &steps, AT(scenario_actor, steps), .required = true,
            .about = "What it does, one after the other." },
    { 0 },
};
static const struct json_spec actor = {
    .kind = JSON_SPEC_OBJECT,
    .name = "actor",
    .about = "A client, an operator, or anything else that acts from outside.",
    .fields = actor_fields,
    .size = sizeof(struct scenario_actor),
    .place = AT(scenario_actor, node),
    .has_place = true,
};
static const struct json_spec actors = { .kind = JSON_SPEC_ARRAY, .element = &actor, .min = 1 };

/* ---- chaincodes ---- */

static const char *const points[] = RT_NAMES(CHAINCODE_POINTS);
static const struct json_spec point = { .kind = JSON_SPEC_WORD, .words = points };
static const char *const deaths[] = RT_NAMES(CHAINCODE_DEATHS);
static const struct json_spec death = { .kind = JSON_SPEC_WORD, .words = deaths };
static const char *const oddities[] = RT_NAMES(CHAINCODE_ODDITIES);
static const struct json_spec oddity = { .kind = JSON_SPEC_WORD, .words = oddities };

static const struct json_field behaviour_fields[] = {
    { "chaincode", &text, AT(behaviour_text, chaincode),
            .about = "name:version or name of the chaincode; absent: any." },
    { "launch", &ordinal, AT(behaviour_text, launch),
            .about = "Only the n-th start of such a container; absent: every one." },
    { "connect_delay_ms", &delays, AT(behaviour_text, connect_delay), .otherwise = "0",
            .about = "Time before it dials the peer; of several, a choice takes one." },
    { "register_delay_ms", &delays, AT(behaviour_text, register_delay), .otherwise = "0",
            .about = "Time between connecting and REGISTER." },
    { "init_delay_ms", &delays, AT(behaviour_text, init_delay), .otherwise = "0",
            .about = "How long Init takes." },
    { "invoke_delay_ms", &delays, AT(behaviour_text, invoke_delay), .otherwise = "0",
            .about = "How long Invoke takes." },
    { "request_delay_ms", &delays, AT(behaviour_text, request_delay), .otherwise = "0",
            .about = "Time before each of its requests to the peer." },
    { "exit_delay_ms", &delays, AT(behaviour_text, exit_delay), .otherwise = "0",
            .about = "Time between the point of death and dying." },
    { "notice_delay_ms", &delays, AT(behaviour_text, notice_delay), .otherwise = "0",
            .about = "How long the peer takes to see that the connection is broken." },
    { "dies_at", &point, AT(behaviour_text, dies_at), .otherwise = "\"never\"",
            .about = "The point of its life at which it dies; any and during-launch leave it to "
                     "choices, which let it live in the plain run." },
    { "dies_by", &death, AT(behaviour_text, dies_by), .otherwise = "\"exit\"",
            .about = "How it dies." },
    { "exit_code", &code, AT(behaviour_text, exit_code), .otherwise = "0",
            .about = "Exit code of the process." },
    { "dies_at_time", &ordinal, AT(behaviour_text, dies_at_time),
            .about = "It dies when the point is passed for the n-th time; absent: the first." },
    { "oddity", &oddity, AT(behaviour_text, oddity), .otherwise = "\"none\"",
            .about = "What it sends in place of, or besides, what a shim sends." },
    { "name", &name, AT(behaviour_text, name), .about = "Of wrong-name: what it registers as." },
    { "init_status", &status, AT(behaviour_text, init_status),
            .about = "Init answers with this status instead of running the probe." },
    { "init_message", &text, AT(behaviour_text, init_message), .about = "And with this message." },
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
static const struct json_spec behaviours = { .kind = JSON_SPEC_ARRAY, .element = &behaviour };

/* ---- Docker ---- */

static const char *const ops[] = RT_NAMES(ENGINE_OPS);
static const struct json_spec op = { .kind = JSON_SPEC_WORD, .words = ops };
static const char *const fault_kinds[] = RT_NAMES(ENGINE_FAULTS);
static const struct json_spec fault_kind = { .kind = JSON_SPEC_WORD, .words = fault_kinds };
static const struct json_spec count32 = { .kind = JSON_SPEC_INT, .min = 0, .max = 1000000 };
static const struct json_spec http_status = { .kind = JSON_SPEC_INT, .min = 100, .max = 599 };
static const struct json_spec milliseconds = { .kind = JSON_SPEC_INT, .min = -1, .max = 86400000 };

static const struct json_field fault_fields[] = {
    { "kind", &fault_kind, AT(fault_text, kind), .required = true, .about = "What goes wrong." },
    { "op", &op, AT(fault_text, op), .otherwise = "\"any\"",
            .about = "The operation that is hit." },
    { "container", &name, AT(fault_text, container),
            .about = "Part of the container's or image's name; absent: any." },
    { "first", &ordinal, AT(fault_text, first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &count32, AT(fault_text, count), .otherwise = "1",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &flag, AT(fault_text, maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { "after", &flag, AT(fault_text, after), .otherwise = "false",
            .about = "It strikes when the engine has done its work, and the answer is lost or "
                     "spoiled." },
    { "status", &http_status, AT(fault_text, status), .about = "HTTP status of the answer." },
    { "message", &text, AT(fault_text, message), .about = "The engine's message." },
    { "body", &text, AT(fault_text, body), .about = "The answer's body, byte for byte." },
    { "content_type", &name, AT(fault_text, content_type), .about = "Of the body." },
    { "ms", &milliseconds, AT(fault_text, ms),
            .about = "How long it hangs or runs; -1: hangs for ever." },
    { "exit_code", &code, AT(fault_text, exit_code), .about = "The container's." },
    { "bytes", &number, AT(fault_text, bytes), .about = "Where the answer's body is cut." },
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

static const struct json_field docker_fields[] = {
    { "images", &names, AT(docker_text, images),
            .about = "Images that exist; absent: every image that is asked for." },
    { "delay_ms", &delays, AT(docker_text, delay_ms), .otherwise = "0",
            .about = "How long the engine takes for a request; of several, a choice takes one each "
                     "time." },
    { "faults", &faults, AT(docker_text, faults), .about = "What goes wrong." },
    { 0 },
};
static const struct json_spec docker = {
    .kind = JSON_SPEC_OBJECT,
    .name = "docker",
    .about = "The Docker engine.",
    .fields = docker_fields,
    .size = sizeof(struct docker_text),
};

/* ---- the rest ---- */

static const struct json_field orderer_fields[] = {
    { "delay_ms", &delays, AT(scenario_text, orderer_delay_ms), .otherwise = "0",
            .about = "How long ordering takes; of several, a choice takes one each time." },
    { 0 },
};
static const struct json_spec orderer = {
    .kind = JSON_SPEC_OBJECT,
    .about = "The ordering service.",
    .fields = orderer_fields,
};

static const struct json_spec max_steps = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000000 };
static const struct json_spec max_ms = { .kind = JSON_SPEC_INT, .min = 1, .max = 86400000 };
static const struct json_field limit_fields[] = {
    { "steps", &max_steps, AT(scenario_text, max_steps), .otherwise = "1000000",
            .about = "Steps of goroutines; more is a livelock." },
    { "virtual_ms", &max_ms, AT(scenario_text, max_ms), .otherwise = "3600000",
            .about = "Virtual time; what still goes on then is a livelock." },
    { 0 },
};
static const struct json_spec limits = {
    .kind = JSON_SPEC_OBJECT,
    .about = "Where a run is cut.",
    .fields = limit_fields,
};

static const char *const verdicts[] = RT_NAMES(VERDICTS_OF_RUNS);
static const struct json_spec verdict = { .kind = JSON_SPEC_WORD, .words = verdicts };
static const struct json_field result_fields[] = {
    { "verdict", &verdict, AT(scenario_expect, verdict), .otherwise = "\"completed\"",
            .about = "How the plain run ends." },
    { "findings", &names, AT(scenario_expect, findings),
            .about = "Findings that may show: ids, or how ids begin. Any other fails the suite." },
    { "must_find", &names, AT(scenario_expect, must_find),
            .about = "Findings that exploring has to show." },
    { "containers", &count32, AT(scenario_expect, containers),
            .about = "How many containers run at the end of the plain run." },
    { 0 },
};
static const struct json_spec result = {
    .kind = JSON_SPEC_OBJECT,
    .name = "expect",
    .about = "What has to come out.",
    .fields = result_fields,
    .brief = "verdict",
};

static const struct json_spec schedules = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000000 };
static const struct json_spec depth = { .kind = JSON_SPEC_INT, .min = 0, .max = 100 };
static const struct json_field explore_fields[] = {
    { "strategy", &name, AT(scenario_explore, strategy), .about = "See cclab list strategies." },
    { "schedules", &schedules, AT(scenario_explore, schedules), .required = true,
            .about = "How many." },
    { "seed", &number, AT(scenario_explore, seed), .otherwise = "1", .about = "Of the search." },
    { "depth", &depth, AT(scenario_explore, depth), .about = "For strategies that have one." },
    { 0 },
};
static const struct json_spec explore = {
    .kind = JSON_SPEC_OBJECT,
    .about = "How the suite explores it, beyond the plain run.",
    .fields = explore_fields,
    .size = sizeof(struct scenario_explore),
};

static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };
static const struct json_field scenario_fields[] = {
    { "$schema", &text, AT(scenario_text, schema), .about = "For editors." },
    { "scenario", &format, AT(scenario_text, format), .required = true,
            .about = "Version of this form: 1." },
    { "name", &name, AT(scenario_text, name), .required = true,
            .about = "A short name; replays are called after it." },
    { "about", &name, AT(scenario_text, about), .required = true,
            .about = "A sentence on what it shows." },
    { "world", &node, AT(scenario_text, world), .schema = &world_spec,
            .about = "A world file, and what is different from it." },
    { "bare", &bare_spec, AT(scenario_text, bare), .pointer = true,
            .about = "Instead of a world: the launch path alone." },
    { "actors", &actors, AT(scenario_text, actors), .required = true, .about = "Who does what." },
    { "chaincodes", &behaviours, AT(scenario_text, behaviours),
            .about = "How chaincodes behave in their containers." },
    { "docker", &docker, AT(scenario_text, docker), .about = "The Docker engine." },
    { "orderer", &orderer, 0, .about = "The ordering service." },
    { "variants", &names, AT(scenario_text, variants),
            .about = "Variants of the model; see cclab list variants." },
    { "invariants_off", &names, AT(scenario_text, invariants_off),
            .about = "Invariants that are not checked; see cclab list invariants." },
    { "timers_race", &flag, AT(scenario_text, timers_race), .otherwise = "false",
            .about = "A timer may fire while goroutines can still run: time passes as they do." },
    { "stuck", &flag, AT(scenario_text, stuck), .otherwise = "false",
            .about =
                    "Looks for goroutines that nothing alive can wake, whenever nothing can run." },
    { "races", &flag, AT(scenario_text, races), .otherwise = "false",
            .about = "Fields that are shared without a lock are scheduling points, too." },
    { "limits", &limits, 0, .about = "Where a run is cut." },
    { "expect", &result, AT(scenario_text, expect), .about = "What has to come out." },
    { "explore", &explore, AT(scenario_text, explore), .pointer = true,
            .about = "How the suite explores it, beyond the plain run." },
    { 0 },
};
static const char *const subjects[] = { "world", "bare", NULL };
const struct json_spec scenario_spec = {
    .kind = JSON_SPEC_OBJECT,
    .one_of = subjects,
    .about = "A world, what happens to it, and what is expected.",
    .fields = scenario_fields,
    .size = sizeof(struct scenario_text),
};

const char *step_action_name(enum step_action a)
{
    return actions[a];
}
