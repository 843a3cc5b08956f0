/* The tables of a scenario's member "actors". */
#include "harness/scenario/spec.h"

static const struct json_spec status = { .kind = JSON_SPEC_INT, .min = 1, .max = INT32_MAX };

static const struct json_field expect_fields[] = {
    { "status", &status, AT(step_expect, status), .about = "Status of the response." },
    { "message", &spec_text, AT(step_expect, message),
            .about = "The whole message of the response." },
    { "contains", &spec_name, AT(step_expect, contains),
            .about = "A part of the response's message, or of the call's error." },
    { "error", &spec_name, AT(step_expect, error), .about = "The call fails with this text." },
    { "prints", &spec_name, AT(step_expect, prints),
            .about = "The whole line that `peer chaincode` prints when the call fails: Error: …" },
    { "payload", &spec_text, AT(step_expect, payload),
            .about = "Payload of the response, as text." },
    { "code", &spec_name, AT(step_expect, code),
            .about = "Validation code after the commit, for example VALID or MVCC_READ_CONFLICT." },
    { "no_error", &spec_flag, AT(step_expect, no_error), .about = "The call does not fail.",
            .otherwise = "false" },
    { "lacks", &spec_name, AT(step_expect, lacks),
            .about = "A text that is neither in the response's message nor in the call's error." },
    { "always", &spec_flag, AT(step_expect, always),
            .about =
                    "It holds in every run, not in the plain one only; an answer that differs is a "
                    "finding.",
            .otherwise = "false" },
    { "no_answer", &spec_flag, AT(step_expect, no_answer),
            .about = "The peer dies before it answers.", .otherwise = "false" },
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
const char *const chaincode_types[] = { "GOLANG", "NODE", "CAR", "JAVA", "golang", "node", "car",
    "java", NULL };
static const struct json_spec type = { .kind = JSON_SPEC_WORD, .words = chaincode_types };

/* Steps for which members mean something; spaces separate them. */
#define SIGNED "install instantiate upgrade invoke query propose send"
#define DEPLOYED "instantiate upgrade"
#define CALLED "invoke query propose"
#define STOPPED "stop-container kill-container start-container remove-container"
#define LAUNCHED "connect launch init"

static const struct json_spec length = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 << 30 };
static const struct json_spec limit = { .kind = JSON_SPEC_INT, .min = -1, .max = INT32_MAX };

static const struct json_field step_fields[] = {
    { "do", &action, AT(scenario_step, action), .required = true, .about = "What happens." },
    { "after_ms", &spec_delays, AT(scenario_step, after_ms), .otherwise = "0",
            .about = "Delay before the step; of several, a choice takes one." },
    { "maybe", &spec_flag, AT(scenario_step, maybe), .otherwise = "false",
            .about = "A choice decides whether the step happens; it does not in the plain run." },
    { "as", &spec_name, AT(scenario_step, as), .only = SIGNED,
            .about = "Who signs, instead of the actor's identity." },
    { "peer", &spec_name, AT(scenario_step, peer), .only = SIGNED " restart-peer remove-image",
            .about = "The peer that is called or restarted, or whose image is removed, by its name "
                     "in peers; absent: the first." },
    { "channel", &spec_text, AT(scenario_step, channel), .only = "install " DEPLOYED " " CALLED,
            .about = "The channel; else the world's first." },
    { "chaincode", &spec_name, AT(scenario_step, chaincode),
            .only = "install " DEPLOYED " " CALLED " " LAUNCHED " " STOPPED " remove-image",
            .about = "The chaincode's name." },
    { "version", &spec_name, AT(scenario_step, version),
            .only = "install " DEPLOYED " invoke propose " LAUNCHED " " STOPPED " remove-image",
            .about = "The chaincode's version." },
    { "type", &type, AT(scenario_step, type), .otherwise = "\"GOLANG\"",
            .only = "install propose " DEPLOYED, .about = "The chaincode's type." },
    { "args", &spec_args, AT(scenario_step, client.args), .only = DEPLOYED " " CALLED,
            .about = "Arguments of the chaincode: a list, or an object as of the client's -c." },
    { "ctor", &spec_name, AT(scenario_step, client.ctor), .only = DEPLOYED " " CALLED,
            .about = "The same as the text of the client's -c." },
    { "file", &spec_name, AT(scenario_step, file), .only = "install send",
            .about = "Of send: a marshalled SignedProposal. Of install: a package. Relative to the "
                     "scenario." },
    { "bytes", &spec_hex, AT(scenario_step, bytes), .only = "install send",
            .about = "The file's content in place, in hex." },
    { "path", &spec_name, AT(scenario_step, path), .only = "install", .otherwise = "\"probe\"",
            .about = "The chaincode's path in the package that cclab makes." },
    { "checked", &spec_flag, AT(scenario_step, checked), .only = "install", .otherwise = "false",
            .about = "The client looks at the bytes first, as it does at a file." },
    { "source", &spec_name, AT(scenario_step, source), .only = "install",
            .about = "A folder or file of sources, of which the package is made." },
    { "message_bytes", &length, AT(scenario_step, message_bytes),
            .only = "install " DEPLOYED " invoke query",
            .about = "How long the SignedProposal is: the package that cclab makes, or the "
                     "transient map, is padded." },
    { "max_send_bytes", &limit, AT(scenario_step, max_send_bytes), .only = SIGNED,
            .otherwise = "104857600",
            .about = "The longest message that the client sends; -1: any, as with the Node SDK." },
    { "policy", &spec_text, AT(scenario_step, client.policy), .only = DEPLOYED,
            .about = "Endorsement policy: text as of the client's -P, or marshalled, in hex." },
    { "collections", &spec_collections, AT(scenario_step, client.collections), .only = DEPLOYED,
            .about = "Collections as of the client's --collections-config: a list in place, or a "
                     "file." },
    { "escc", &spec_name, AT(scenario_step, client.escc), .otherwise = "\"escc\"", .only = DEPLOYED,
            .about = "The endorsement plugin." },
    { "vscc", &spec_name, AT(scenario_step, client.vscc), .otherwise = "\"vscc\"", .only = DEPLOYED,
            .about = "The validation plugin." },
    { "transient", &spec_transient, AT(scenario_step, client.transient),
            .only = DEPLOYED " " CALLED, .about = "The transient map of the proposal." },
    { "timeout_ms", &spec_delays, AT(scenario_step, timeout_ms), .only = SIGNED,
            .about =
                    "The client's deadline: it stops waiting then, the peer goes on; of several, a "
                    "choice takes one." },
    { "cancel_ms", &spec_delays, AT(scenario_step, cancel_ms), .only = SIGNED,
            .about = "The client cancels then, likewise." },
    { "event_timeout_ms", &spec_delays, AT(scenario_step, event_timeout_ms),
            .only = DEPLOYED " invoke propose send",
            .about = "How long the client waits for the commit; absent: until it comes." },
    { "layers", &spec_layers, AT(scenario_step, layers), .pointer = true,
            .only = "install " DEPLOYED " " CALLED,
            .about = "What is different in the layers of the proposal." },
    { "chaincode_address", &spec_name, AT(scenario_step, chaincode_address), .only = "restart-peer",
            .about = "Where chaincodes reach the peer from then on, host:port; those that were "
                     "launched before go on dialling the old address." },
    { "container", &spec_name, AT(scenario_step, container), .only = STOPPED,
            .about = "Part of the name of the container that is stopped, killed or removed." },
    { "image", &spec_name, AT(scenario_step, image), .only = "remove-image",
            .about = "Part of the name of the image that is removed." },
    { "commit", &spec_flag, AT(scenario_step, commit), .otherwise = "false",
            .only = DEPLOYED " invoke propose send",
            .about = "Order the endorsed transaction and wait until it is committed." },
    { "no_wait", &spec_flag, AT(scenario_step, no_wait), .otherwise = "false", .only = SIGNED,
            .about = "Go on without waiting for the answer." },
    { "expect", &expect, AT(scenario_step, expect), .pointer = true, .only = SIGNED " launch init",
            .about = "The answer." },
    { 0 },
};
static const struct json_spec step = {
    .kind = JSON_SPEC_OBJECT,
    .name = "step",
    .about = "One thing that an actor does.",
    .head = "do",
    .fields = step_fields,
    .size = sizeof(struct scenario_step),
    .place = AT(scenario_step, node),
    .has_place = true,
};
static const struct json_spec steps = { .kind = JSON_SPEC_ARRAY, .element = &step, .min = 1 };

static const struct json_field actor_fields[] = {
    { "name", &spec_name, AT(scenario_actor, name), .required = true,
            .about = "Its name in reports." },
    { "as", &spec_name, AT(scenario_actor, as),
            .about = "The identity of the world that signs for it." },
    { "start_ms", &spec_delays, AT(scenario_actor, start_ms), .otherwise = "0",
            .about = "When it begins; of several times, a choice takes one." },
    { "maybe", &spec_flag, AT(scenario_actor, maybe), .otherwise = "false",
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
const struct json_spec spec_actors = { .kind = JSON_SPEC_ARRAY, .element = &actor, .min = 1 };

const char *step_action_name(enum step_action a)
{
    return actions[a];
}
