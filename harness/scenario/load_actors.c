/* Actors and their steps: what goes with what, and the files that steps name. */
#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/scenario/load.h"

static void check_identity(struct loading *l, const struct json_node *node, rt_str name)
{
    if (!l->s->world || world_find_identity(l->s->world, rt_cstr(name)))
        return;
    const char *names[64] = { NULL };
    for (size_t i = 0; i < l->s->world->identity_count && i < 63; i++)
        names[i] = rt_cstr(l->s->world->identities[i].name);
    const char *similar = diag_similar(rt_cstr(name), names);
    loading_wrong(l, node, "the world has no identity \"%s\"%s%s%s", rt_cstr(name),
            similar ? " (did you mean \"" : "", similar ? similar : "", similar ? "\"?)" : "");
}

static bool needs_chaincode(int action)
{
    return action == STEP_INSTANTIATE || action == STEP_UPGRADE || action == STEP_INVOKE ||
           action == STEP_QUERY || action == STEP_CONNECT;
}

static bool needs_version(int action)
{
    return action == STEP_INSTANTIATE || action == STEP_UPGRADE || action == STEP_CONNECT;
}

static bool is_bare(int action)
{
    return action == STEP_LAUNCH || action == STEP_INIT;
}

static bool is_proposal(int action)
{
    return action <= STEP_SEND;
}

static bool needs_container(int action)
{
    return action == STEP_STOP_CONTAINER || action == STEP_KILL_CONTAINER ||
           action == STEP_REMOVE_CONTAINER;
}

static void load_file(struct loading *l, struct scenario_step *step)
{
    if (!step->file.data || step->bytes.data)
        return;
    char *path = file_in(l->folder, rt_cstr(step->file));
    size_t len;
    char *data = file_read(path, (size_t)64 << 20, &len);
    if (data)
        step->bytes = rt_bytes_dup(data, len);
    else
        loading_wrong(l, loading_member(step->node, "file"), "cannot use this file");
    free(data);
    free(path);
}

static void check_scenario_step(
        struct loading *l, struct scenario_step *step, const struct scenario_actor *actor)
{
    const char *action = step_action_name((enum step_action)step->action);
    if (is_bare(step->action))
        loading_wrong(l, loading_member(step->node, "do"),
                "%s is a step of scenarios that have \"bare\" instead of a world", action);
    if (needs_chaincode(step->action) && !step->chaincode.data)
        loading_wrong(l, step->node, "%s needs a \"chaincode\"", action);
    if (needs_version(step->action) && !step->version.data)
        loading_wrong(l, step->node, "%s needs a \"version\"", action);
    if (needs_container(step->action) && !step->container.data)
        loading_wrong(l, step->node, "%s needs a \"container\": part of its name", action);
    if (step->action == STEP_SEND && !step->file.data && !step->bytes.data)
        loading_wrong(
                l, step->node, "send needs a \"file\" with a SignedProposal, or its \"bytes\"");
    if (step->action == STEP_INSTALL && !step->bytes.data && !step->file.data &&
            (!step->chaincode.data || !step->version.data))
        loading_wrong(l, step->node,
                "install needs a \"chaincode\" and a \"version\", or a \"file\" with a package");
    if (!is_proposal(step->action) && step->expect)
        loading_wrong(
                l, loading_member(step->node, "expect"), "%s has no answer to expect", action);
    if (step->commit && (step->action == STEP_INSTALL || step->action == STEP_QUERY))
        loading_wrong(l, loading_member(step->node, "commit"), "%s is never committed", action);
    if (step->expect && step->expect->code.data && !step->commit)
        loading_wrong(l, loading_member(step->node, "expect"),
                "a validation \"code\" needs \"commit\": true");
    if (step->expect && step->expect->always && step->expect->no_answer)
        loading_wrong(l, loading_member(step->node, "expect"),
                "no answer is nothing that can be always so");
    if (step->commit && step->no_wait)
        loading_wrong(
                l, loading_member(step->node, "no_wait"), "what is committed has to be waited for");
    bool signs = is_proposal(step->action) && (step->action != STEP_SEND || step->commit);
    if (step->as.data)
        check_identity(l, loading_member(step->node, "as"), step->as);
    else if (signs && actor->as.data)
        step->as = actor->as;
    else if (signs)
        loading_wrong(l, step->node, "nobody signs: neither the step nor the actor has \"as\"");
    load_file(l, step);
}

void load_actors(struct loading *l)
{
    struct scenario_actor *actors = l->s->actors.items;
    for (size_t i = 0; i < l->s->actors.count; i++) {
        struct scenario_actor *actor = &actors[i];
        struct scenario_step *steps = actor->steps.items;
        if (actor->as.data)
            check_identity(l, loading_member(actor->node, "as"), actor->as);
        for (size_t k = 0; k < actor->steps.count; k++)
            check_scenario_step(l, &steps[k], actor);
    }
}
