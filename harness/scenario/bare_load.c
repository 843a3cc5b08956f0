/* From the text of a bare scenario to what runs. */
#include "harness/scenario/load.h"

static struct launch_behaviour behaviour(const struct bare_text *t)
{
    return (struct launch_behaviour){
        .chaincode = t->chaincode,
        .launch = t->launch,
        .package_error = t->package_error,
        .start_delay = loading_delay(t->start_delay),
        .start_error = t->start_error,
        .start_error_maybe = t->start_error_maybe,
        .wait_error = t->wait_error,
        .stop_delay = loading_delay(t->stop_delay),
        .registers = (enum launch_register)t->registers,
        .registers_as = t->registers_as,
        .register_delay = loading_delay(t->register_delay),
        .answers = (enum launch_answer)t->answers,
        .answer_delay = loading_delay(t->answer_delay),
        .requests = (uint32_t)t->requests,
        .exits = (enum launch_exit)t->exits,
        .exit_delay = loading_delay(t->exit_delay),
        .notice_delay = loading_delay(t->notice_delay),
        .exit_code = (int)t->exit_code,
    };
}

/* ---- actors ---- */

static bool is_bare_action(int action)
{
    return action == STEP_LAUNCH || action == STEP_INIT || action == STEP_INVOKE ||
           action == STEP_SLEEP || action == STEP_CONNECT || action == STEP_KILL_CONTAINER;
}

/* Members of steps that concern proposals, channels and Docker. */
static void check_members(struct loading *l, const struct scenario_step *step)
{
    static const char *const foreign[] = { "as", "channel", "type", "args", "ctor", "transient",
        "file", "bytes", "policy", "commit", "no_wait" };
    for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
        if (json_member(step->node, foreign[i]))
            loading_wrong(l, json_member(step->node, foreign[i]),
                    "\"%s\" means nothing in a bare scenario", foreign[i]);
}

static void check_bare_step(struct loading *l, struct scenario_step *step)
{
    const char *action = step_action_name((enum step_action)step->action);
    const struct json_node *expect = json_member(step->node, "expect");
    if (!is_bare_action(step->action)) {
        loading_wrong(l, loading_member(step->node, "do"),
                "%s is no step of a bare scenario, expected launch, init, invoke, connect, "
                "kill-container or sleep",
                action);
        return;
    }
    check_members(l, step);
    if (step->action == STEP_KILL_CONTAINER)
        load_operator_step(l, step);
    else if (step->action != STEP_SLEEP && !step->chaincode.data)
        loading_wrong(l, step->node, "%s needs a \"chaincode\"", action);
    load_delay(l, step);
    load_expect(l, step);
    if (!step->version.data && step->action != STEP_KILL_CONTAINER)
        step->version = RT_STR("1.0");
    if (step->expect && (step->expect->code.data || step->expect->no_answer))
        loading_wrong(
                l, expect, "a bare scenario has no commits, and its callers die with the peer");
}

void bare_load_actors(struct loading *l)
{
    struct scenario_actor *actors = l->s->actors.items;
    for (size_t i = 0; i < l->s->actors.count; i++) {
        struct scenario_step *steps = actors[i].steps.items;
        if (actors[i].as.data)
            loading_wrong(l, json_member(actors[i].node, "as"),
                    "nobody signs in a bare scenario: \"as\" means nothing");
        for (size_t k = 0; k < actors[i].steps.count; k++)
            check_bare_step(l, &steps[k]);
    }
}

/* ---- the whole ---- */

void bare_check_containers(struct loading *l)
{
    const struct scenario_bare *bare = l->s->bare;
    const struct bare_text *texts = bare->containers.items;
    size_t count = bare->containers.count;
    struct loading_entry *entries = rt_new_array(struct loading_entry, count + 1);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct loading_entry){ texts[i].node, texts[i].chaincode, texts[i].launch };
    if (l->ok)
        loading_check_entries(l, entries, count);
}

/* Members that need a peer with a world. */
static void check_whole(struct loading *l)
{
    static const char *const foreign[] = { "chaincodes", "docker", "disk", "ledger", "certificates",
        "orderer", "gossip", "peers", "start", "system_chaincodes" };
    for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
        const struct json_node *node = json_member(l->s->doc->root, foreign[i]);
        if (node)
            loading_wrong(l, node,
                    "a bare scenario has no \"%s\"; what containers do is in \"bare\": "
                    "{\"containers\": …}",
                    foreign[i]);
    }
}

void bare_load(struct loading *l)
{
    struct scenario_bare *bare = l->s->bare;
    const struct bare_text *texts = bare->containers.items;
    const struct json_node *node = bare->node;
    if (!json_member(node, "startup_timeout_ms"))
        bare->startup_timeout_ms = 300000;
    if (!json_member(node, "execute_timeout_ms"))
        bare->execute_timeout_ms = 30000;
    bare->behaviours = rt_new_array(struct launch_behaviour, bare->containers.count + 1);
    bare->behaviour_count = bare->containers.count;
    l->s->behaviour_effects = l->s->effect_count;
    for (size_t i = 0; i < bare->containers.count; i++) {
        load_silent_container(l, &texts[i]);
        loading_effect(l, (struct scenario_effect){ texts[i].node,
                                  loading_called("container", i + 1, texts[i].chaincode),
                                  "was never taken", 0 });
        bare->behaviours[i] = behaviour(&texts[i]);
    }
    bare->settings = (struct world_peer){
        .id = RT_STR("peer0"),
        .startup_timeout_ms = bare->startup_timeout_ms,
        .execute_timeout_ms = bare->execute_timeout_ms,
        .keepalive_ms = bare->keepalive_ms,
        .dev_mode = bare->dev_mode,
    };
    check_whole(l);
}
