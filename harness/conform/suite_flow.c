/* flow.jsonl: a peer's life with commits and restarts, and what it asks of its Docker engine. */
#include <string.h>

#include "harness/conform/conform.h"
#include "harness/conform/peer_rig.h"

static bool flow_claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "flow");
}

static void *flow_open(const struct conform_env *env, rt_str *error)
{
    return peer_rig_new(env->world, error);
}

static void propose(struct peer_rig *rig, const json_t *vector, struct conform_outcome *out)
{
    peer_rig_propose_vector(rig, vector, out);
    json_t *docker = json_object_get(vector, "docker");
    if (docker && !json_is_null(docker))
        (void)json_object_set(out->expected, "docker", docker);
    docker = peer_rig_docker(rig);
    if (docker)
        (void)json_object_set_new(out->actual, "docker", docker);
    const char *ref = json_string_value(json_object_get(vector, "ref"));
    if (ref && strcmp(ref, "-") != 0)
        peer_rig_remember(rig, ref);
}

static void flow_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    const char *what = json_string_of(vector, "do"), *ref = json_string_of(vector, "ref");
    if (strcmp(what, "propose") == 0) {
        propose(state, vector, out);
    } else if (strcmp(what, "commit") == 0) {
        out->expected = conform_pick(vector, "code", "block", NULL);
        out->actual = peer_rig_commit(state, ref);
        json_t *docker = peer_rig_docker(state);
        if (docker)
            (void)json_object_set_new(out->actual, "docker", docker);
    } else {
        peer_rig_restart(state);
        out->expected = json_object();
        out->actual = json_object();
    }
}

static const char *const whats[] = { "propose", "commit", "restart", NULL };
static const struct json_form forms[] = {
    { "propose", { "signed_proposal", "expect" } },
    { "commit", { "ref" } },
    { 0 },
};
static const struct json_spec what_spec = { .kind = JSON_SPEC_WORD, .words = whats };
static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MUST("do", &what_spec, "What happens."),
    CONFORM_MAY("as", &json_spec_text, "propose: who signed."),
    CONFORM_MAY("signed_proposal", &json_spec_hex, "propose: what the peer is sent."),
    CONFORM_MAY("expect", &conform_answer, "propose: what came of it."),
    CONFORM_NULL("docker", &conform_texts, "What the peer asked its Docker engine for."),
    CONFORM_MAY("ref", &json_spec_name,
            "propose: the name of the endorsement; commit: the one that is committed."),
    CONFORM_MAY("code", &json_spec_name, "commit: the validation code."),
    CONFORM_MAY("block", &json_spec_count, "commit: the block's number."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
    .head = "do",
    .forms = forms,
};

const struct conform_suite conform_suite_flow = {
    .name = "flow",
    .summary = "a peer's life: installs, launches, commits, restarts, requests to Docker",
    .vector = &vector_spec,
    .world = "flow-world.json",
    .stateful = true,
    .claims = flow_claims,
    .open = flow_open,
    .run = flow_run,
};
