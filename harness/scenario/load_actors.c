/* Actors and their steps: what goes with what, and the files that steps name. */
#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/scenario/load.h"
#include "harness/scenario/package.h"
#include "model/comm/config.h"

void loading_identity(struct loading *l, const struct json_node *node, rt_str name)
{
    if (!l->s->world || world_find_identity(l->s->world, rt_cstr(name)))
        return;
    const char **names = rt_new_array(const char *, l->s->world->identity_count + 1);
    for (size_t i = 0; i < l->s->world->identity_count; i++)
        names[i] = rt_cstr(l->s->world->identities[i].name);
    struct diag_hint hint = diag_hint(rt_cstr(name), names);
    loading_wrong(l, node, "the world has no identity \"%s\"%s", rt_cstr(name), hint.text);
}

struct diag_hint loading_channel_hint(const struct loading *l, rt_str name)
{
    const struct world *world = l->s->world;
    const char **names = rt_new_array(const char *, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++)
        names[i] = rt_cstr(world->channels[i].name);
    return diag_hint(rt_cstr(name), names);
}

static bool needs_chaincode(int action)
{
    return action == STEP_INSTANTIATE || action == STEP_UPGRADE || action == STEP_INVOKE ||
           action == STEP_QUERY || action == STEP_CONNECT;
}

static bool needs_version(int action)
{
    return action == STEP_INSTANTIATE || action == STEP_UPGRADE;
}

static bool is_call(int action)
{
    return action == STEP_INVOKE || action == STEP_QUERY;
}

static bool is_bare(int action)
{
    return action == STEP_LAUNCH || action == STEP_INIT;
}

static bool is_proposal(int action)
{
    return action <= STEP_SEND;
}

static bool is_operator(int action)
{
    return action == STEP_STOP_CONTAINER || action == STEP_KILL_CONTAINER ||
           action == STEP_START_CONTAINER || action == STEP_REMOVE_CONTAINER;
}

/* What contradicts itself, or adds nothing. */
void load_expect(struct loading *l, const struct scenario_step *step)
{
    const struct step_expect *e = step->expect;
    const struct json_node *node = e ? json_member(step->node, "expect") : NULL;
    if (!e)
        return;
    bool response = e->status != 0 || e->message.data || e->payload.data;
    bool answer = response || e->error.data || e->contains.data || e->lacks.data || e->no_error ||
                  e->prints.data;
    bool other = answer || e->code.data;
    if (!other && !e->no_answer)
        loading_idle(l, node, "\"expect\" says nothing");
    if (e->no_answer && other)
        loading_idle(l, json_member(node, "no_answer"),
                "no answer is nothing that anything else could be expected of");
    if (e->error.data && (response || e->code.data || e->contains.data || e->no_error))
        loading_idle(l, json_member(node, "error"),
                "a call that fails with \"error\" has no response, and its whole text is given");
    if (e->no_error && e->status >= 400)
        loading_idle(l, json_member(node, "status"),
                "a status of 400 or more is an error, and \"no_error\" wants none");
    if (e->message.data && e->contains.data)
        loading_idle(l, json_member(node, "contains"),
                "\"contains\" adds nothing to the whole \"message\"");
    if (e->prints.data && (l->s->bare || step->action > STEP_QUERY))
        loading_wrong(l, json_member(node, "prints"),
                "the command line makes no such call, so it prints nothing");
    if (e->prints.data && e->no_error)
        loading_wrong(l, json_member(node, "prints"),
                "it is what the command prints when it fails, and \"no_error\" wants it not to");
    if (e->always && e->no_answer)
        loading_idle(l, json_member(node, "always"), "no answer is nothing that can be always so");
    if (e->always && !e->no_answer && !answer)
        loading_idle(l, json_member(node, "always"),
                "a \"code\" is looked at in the plain run only, and nothing else is expected");
}

void load_delay(struct loading *l, const struct scenario_step *step)
{
    if (step->action == STEP_SLEEP && step->after_ms.count == 0)
        loading_wrong(l, step->node, "sleep needs \"after_ms\": how long");
}

static void load_remove_image(struct loading *l, const struct scenario_step *step)
{
    if (!step->image.data && !step->chaincode.data)
        loading_wrong(l, step->node,
                "remove-image needs a \"chaincode\", or an \"image\": part of its name");
    if (step->image.data && step->chaincode.data)
        loading_wrong(l, loading_member(step->node, "chaincode"),
                "\"image\" and \"chaincode\" exclude each other");
    if (step->version.data && !step->chaincode.data)
        loading_wrong(l, loading_member(step->node, "version"),
                "\"version\" means nothing without a \"chaincode\"");
}

void load_operator_step(struct loading *l, const struct scenario_step *step)
{
    const char *action = step_action_name((enum step_action)step->action);
    if (!step->container.data && !step->chaincode.data)
        loading_wrong(l, step->node,
                "%s needs a \"chaincode\", or a \"container\": part of its name", action);
    if (step->container.data && step->chaincode.data)
        loading_wrong(l, loading_member(step->node, "chaincode"),
                "\"container\" and \"chaincode\" exclude each other");
    if (step->version.data && !step->chaincode.data)
        loading_wrong(l, loading_member(step->node, "version"),
                "\"version\" means nothing without a \"chaincode\"");
}

static void load_file(struct loading *l, struct scenario_step *step)
{
    if (!step->file.data || step->bytes.data)
        return;
    char *path = file_in(l->folder, rt_cstr(step->file));
    size_t len;
    char *data = file_read(path, PACKAGE_FILE_MAX, &len);
    if (data)
        step->bytes = rt_bytes_dup(data, len);
    else
        loading_wrong(l, loading_member(step->node, "file"), "cannot use this file");
    free(data);
    free(path);
}

/* Members of a step that its package says itself. */
static void check_install(struct loading *l, const struct scenario_step *step)
{
    static const char *const said[] = { "chaincode", "version", "type", "path", "source",
        "message_bytes" };
    if (!step->bytes.data && !step->file.data && (!step->chaincode.data || !step->version.data))
        loading_wrong(l, step->node,
                "install needs a \"chaincode\" and a \"version\", or a \"file\" with a package");
    if (step->checked && !step->bytes.data)
        loading_wrong(l, loading_member(step->node, "checked"),
                "\"checked\" means nothing without \"bytes\"");
    if (step->source.data && step->message_bytes > 0)
        loading_wrong(l, loading_member(step->node, "message_bytes"),
                "\"message_bytes\" and \"source\" exclude each other");
    for (size_t i = 0; (step->bytes.data || step->file.data) && i < 6; i++)
        if (json_member(step->node, said[i]))
            loading_wrong(l, json_member(step->node, said[i]),
                    "\"%s\" means nothing here: the package says it", said[i]);
}

static void check_patience(struct loading *l, const struct scenario_step *step)
{
    if (step->timeout_ms.count > 0 && step->cancel_ms.count > 0)
        loading_wrong(l, loading_member(step->node, "cancel_ms"),
                "\"timeout_ms\" and \"cancel_ms\" exclude each other");
    if (step->event_timeout_ms.count > 0 && !step->commit)
        loading_wrong(l, loading_member(step->node, "event_timeout_ms"),
                "\"event_timeout_ms\" needs \"commit\": true");
}

static void check_layers(struct loading *l, const struct scenario_step *step)
{
    const struct proposal_layers *layers = step->layers;
    if (step->action == STEP_PROPOSE && !layers)
        loading_wrong(l, step->node,
                "propose needs \"layers\": what is different from what the client sends");
    if (layers && layers->signed_by.data)
        loading_identity(
                l, json_member(json_member(step->node, "layers"), "signed_by"), layers->signed_by);
    if (layers && layers->signs.given && layers->layers[LAYER_SIGNATURE].bytes.data)
        loading_wrong(l, json_member(json_member(step->node, "layers"), "signs"),
                "nothing is signed: the signature's bytes are given");
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
    if (step->action == STEP_CONNECT && !step->version.data)
        step->version = RT_STR("1.0"); /* as in a bare scenario */
    if (needs_version(step->action) && !step->version.data)
        loading_wrong(l, step->node, "%s needs a \"version\"", action);
    if (is_operator(step->action))
        load_operator_step(l, step);
    if (step->action == STEP_REMOVE_IMAGE)
        load_remove_image(l, step);
    if (is_call(step->action) && step->version.data)
        loading_wrong(l, loading_member(step->node, "version"),
                "\"version\" means nothing for %s: the channel's definition says which one runs",
                action);
    if (step->action == STEP_SEND && !step->file.data && !step->bytes.data)
        loading_wrong(
                l, step->node, "send needs a \"file\" with a SignedProposal, or its \"bytes\"");
    if (step->action == STEP_INSTALL)
        check_install(l, step);
    if (step->file.data && step->bytes.data)
        loading_wrong(
                l, loading_member(step->node, "file"), "\"file\" and \"bytes\" exclude each other");
    load_step_peer(l, step);
    load_delay(l, step);
    check_layers(l, step);
    check_patience(l, step);
    load_expect(l, step);
    if (step->expect && step->expect->code.data && !step->commit)
        loading_wrong(l, loading_member(step->node, "expect"),
                "a validation \"code\" needs \"commit\": true");
    if (step->commit && step->no_wait)
        loading_wrong(
                l, loading_member(step->node, "no_wait"), "what is committed has to be waited for");
    bool signs = is_proposal(step->action) && (step->action != STEP_SEND || step->commit);
    if (step->as.data && !signs)
        loading_wrong(l, loading_member(step->node, "as"),
                "nobody signs: what is sent is signed, and only \"commit\" needs a signature");
    else if (step->as.data)
        loading_identity(l, loading_member(step->node, "as"), step->as);
    else if (signs && actor->as.data)
        step->as = actor->as;
    else if (signs)
        loading_wrong(l, step->node, "nobody signs: neither the step nor the actor has \"as\"");
    if (step->message_bytes > 0 && step->layers)
        loading_wrong(l, loading_member(step->node, "message_bytes"),
                "\"message_bytes\" and \"layers\" exclude each other");
    if (!json_member(step->node, "max_send_bytes"))
        step->max_send_bytes = (int64_t)COMM_MAX_SEND_MSG_SIZE;
    step->type %= CHAINCODE_TYPES;
    load_file(l, step);
    load_package(l, step);
    load_client(l, step);
    load_silent_channel(l, step);
}

void load_actors(struct loading *l)
{
    struct scenario_actor *actors = l->s->actors.items;
    for (size_t i = 0; i < l->s->actors.count; i++) {
        struct scenario_actor *actor = &actors[i];
        struct scenario_step *steps = actor->steps.items;
        if (actor->as.data)
            loading_identity(l, loading_member(actor->node, "as"), actor->as);
        for (size_t k = 0; k < actor->steps.count; k++)
            check_scenario_step(l, &steps[k], actor);
        load_silent_actor(l, actor);
    }
}
