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
    if (!peer_rig_propose_vector(state, vector, out))
        return;
    const char *cleanup = json_string_value(json_object_get(vector, "cleanup"));
    if (cleanup)
        peer_rig_remove_packages(state, cleanup);
}

const struct conform_suite conform_suite_peer = {
    .name = "peer",
    .summary = "what the endorser answers to proposals of every kind, and where the peer dies",
    .world = "world.json",
    .stateful = true,
    .claims = peer_claims,
    .open = peer_open,
    .run = peer_run,
};

const struct conform_suite conform_suite_peer_identity = {
    .name = "peer-identity",
    .summary = "which certificates and identities the endorser accepts",
    .world = "flow-world.json",
    .stateful = true,
    .claims = identity_claims,
    .open = peer_open,
    .run = peer_run,
};
