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
    if (!peer_rig_propose_vector(rig, vector, out))
        return;
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
    const char *what = json_string_value(json_object_get(vector, "do"));
    const char *ref = json_string_value(json_object_get(vector, "ref"));
    if (what && strcmp(what, "propose") == 0) {
        propose(state, vector, out);
    } else if (what && strcmp(what, "commit") == 0 && ref) {
        out->expected = conform_pick(vector, "code", "block", NULL);
        out->actual = peer_rig_commit(state, ref);
        json_t *docker = peer_rig_docker(state);
        if (docker)
            (void)json_object_set_new(out->actual, "docker", docker);
    } else if (what && strcmp(what, "restart") == 0) {
        peer_rig_restart(state);
        out->expected = json_object();
        out->actual = json_object();
    } else {
        conform_broken(out, "member \"do\" is none of propose, commit (with ref), restart");
    }
}

const struct conform_suite conform_suite_flow = {
    .name = "flow",
    .summary = "a peer's life: installs, launches, commits, restarts, requests to Docker",
    .world = "flow-world.json",
    .stateful = true,
    .claims = flow_claims,
    .open = flow_open,
    .run = flow_run,
};
