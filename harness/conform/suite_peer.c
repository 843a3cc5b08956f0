/* peer-*.jsonl: Endorser.ProcessProposal of a real peer, file by file. */
#include <string.h>

#include "harness/conform/conform.h"
#include "harness/conform/peer_rig.h"

static bool about_identities(const char *file, const json_t *vector)
{
    const char *id = json_string_value(json_object_get(vector, "id"));
    return strstr(file, "identity") || (id && strstr(id, "identity/"));
}

static bool peer_claims(const char *file, const json_t *vector)
{
    const char *id = json_string_value(json_object_get(vector, "id"));
    bool ours = strncmp(file, "peer-", 5) == 0 || (id && strncmp(id, "peer/", 5) == 0);
    return ours && !about_identities(file, vector);
}

static bool identity_claims(const char *file, const json_t *vector)
{
    return about_identities(file, vector);
}

static void *peer_open(const struct conform_env *env, rt_str *error)
{
    return peer_rig_new(env->world, error);
}

static void peer_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    peer_rig_propose_vector(state, vector, out);
    const char *cleanup = json_string_value(json_object_get(vector, "cleanup"));
    if (cleanup)
        peer_rig_remove_packages(state, cleanup);
}

static const char *const kinds[] = { "response", "grpc_error", "crash", NULL };
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };
static const struct json_spec status = {
    .kind = JSON_SPEC_INT, .min = INT32_MIN, .max = INT32_MAX
};
static const struct json_field expect_fields[] = {
    CONFORM_MUST("kind", &kind, "A response, an error of the call, or the end of the peer."),
    CONFORM_MAY("status", &status, "Of the response."),
    CONFORM_MAY("message", &json_spec_text, "Of the response, or the error."),
    CONFORM_MAY("payload", &json_spec_hex, "Of the response."),
    CONFORM_MAY("prp", &json_spec_hex, "The ProposalResponsePayload."),
    CONFORM_MAY("endorsed", &json_spec_flag, "Whether there is an endorsement."),
    CONFORM_MAY("grpc", &json_spec_name, "The code of the error."),
    CONFORM_MAY("panic", &json_spec_text, "The peer's first panic."),
    { 0 },
};
const struct json_spec conform_answer = { .kind = JSON_SPEC_OBJECT, .fields = expect_fields };
static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MAY("as", &json_spec_text, "Who signed."),
    CONFORM_MUST("signed_proposal", &json_spec_hex, "What the peer is sent."),
    CONFORM_MAY("cleanup", &json_spec_name,
            "Pattern of the installed packages that are removed afterwards."),
    CONFORM_MUST("expect", &conform_answer, "What came of it."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_peer = {
    .name = "peer",
    .summary = "what the endorser answers to proposals of every kind, and where the peer dies",
    .vector = &vector_spec,
    .world = "world.json",
    .stateful = true,
    .claims = peer_claims,
    .open = peer_open,
    .run = peer_run,
};

const struct conform_suite conform_suite_peer_identity = {
    .name = "peer-identity",
    .summary = "which certificates and identities the endorser accepts",
    .vector = &vector_spec,
    .world = "flow-world.json",
    .stateful = true,
    .claims = identity_claims,
    .open = peer_open,
    .run = peer_run,
};
