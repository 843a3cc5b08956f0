/* Members that nobody would read, since another one of the same entry keeps it from that. */
#include <stdio.h>
#include <string.h>

#include "harness/explore/search.h"
#include "harness/invariants/check.h"
#include "harness/scenario/load.h"

/* Reports those of `members` (separated by spaces) that the node has: they mean nothing, `why`. */
static void mean_nothing(
        struct loading *l, const struct json_node *node, const char *members, const char *why)
{
    char key[64];
    for (const char *at = members; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        snprintf(key, sizeof(key), "%.*s", (int)len, at);
        at += len;
        const struct json_node *member = json_member(node, key);
        if (member)
            loading_idle(l, member, "\"%s\" means nothing here: %s", key, why);
    }
}

/* ---- behaviours ---- */

/* What comes after each of the points of death that are passed once. */
static const struct {
    enum chaincode_point point;
    const char *later, *why;
} afterwards[] = {
    { CHAINCODE_POINT_START,
            "connect_delay_ms register_delay_ms init_delay_ms invoke_delay_ms request_delay_ms "
            "oddity name init_status init_message notice_delay_ms",
            "it dies at its start" },
    { CHAINCODE_POINT_CONNECTED,
            "register_delay_ms init_delay_ms invoke_delay_ms request_delay_ms init_status "
            "init_message",
            "it dies when it is connected" },
    { CHAINCODE_POINT_REGISTER_SENT,
            "init_delay_ms invoke_delay_ms request_delay_ms init_status init_message",
            "it dies when REGISTER is sent" },
    { CHAINCODE_POINT_REGISTERED,
            "init_delay_ms invoke_delay_ms request_delay_ms init_status init_message",
            "it dies when it is registered" },
    { CHAINCODE_POINT_READY,
            "init_delay_ms invoke_delay_ms request_delay_ms init_status init_message",
            "it dies when it is ready" },
};

static void check_death(struct loading *l, const struct behaviour_text *t)
{
    if (t->dies_at == CHAINCODE_POINT_NEVER) /* exit_code: chaincode_behaviour_check() */
        mean_nothing(l, t->node, "dies_by exit_delay_ms",
                "it does not die; give \"dies_at\" (a stream that the peer ends makes it exit at "
                "once, with 0)");
    for (size_t i = 0; i < sizeof(afterwards) / sizeof(*afterwards); i++)
        if (t->dies_at == (int)afterwards[i].point && t->dies_at_time == 0)
            mean_nothing(l, t->node, afterwards[i].later, afterwards[i].why);
}

void load_silent_behaviour(struct loading *l, const struct behaviour_text *t)
{
    check_death(l, t);
    if (t->init_status == 0)
        mean_nothing(l, t->node, "init_message", "it goes with \"init_status\"");
    if (t->oddity == CHAINCODE_ODDITY_NEVER_REGISTER)
        mean_nothing(l, t->node,
                "register_delay_ms init_delay_ms invoke_delay_ms request_delay_ms init_status "
                "init_message",
                "it never registers");
    if (t->oddity == CHAINCODE_ODDITY_NEVER_REGISTER &&
            t->dies_at >= CHAINCODE_POINT_REGISTER_SENT && t->dies_at < CHAINCODE_POINT_ANY)
        mean_nothing(l, t->node, "dies_at", "it never registers");
}

/* ---- containers of bare scenarios ---- */

#define LIFE                                                                                       \
    "registers registers_as register_delay_ms answers answer_delay_ms requests exits exit_code "   \
    "exit_delay_ms notice_delay_ms "

static void check_exit(struct loading *l, const struct bare_text *t)
{
    bool alone = t->registers != LAUNCH_REGISTER_DUPLICATE;
    switch ((enum launch_exit)t->exits) {
    case LAUNCH_EXIT_NEVER:
        mean_nothing(l, t->node, "exit_code exit_delay_ms", "it never exits; give \"exits\"");
        break;
    case LAUNCH_EXIT_START:
        mean_nothing(l, t->node,
                "registers registers_as register_delay_ms answers answer_delay_ms requests "
                "notice_delay_ms",
                "it exits at its start");
        break;
    case LAUNCH_EXIT_REGISTER_SENT:
    case LAUNCH_EXIT_REGISTERED:
    case LAUNCH_EXIT_READY:
        if (alone)
            mean_nothing(
                    l, t->node, "answers answer_delay_ms requests", "it exits before it is asked");
        break;
    case LAUNCH_EXIT_ANSWERED:
        if (t->answers == LAUNCH_ANSWER_NEVER)
            mean_nothing(l, t->node, "exits", "it never answers");
        break;
    case LAUNCH_EXIT_ANY_TIME:
        break;
    }
}

void load_silent_container(struct loading *l, const struct bare_text *t)
{
    bool exits_later = t->exits >= LAUNCH_EXIT_REGISTER_SENT;
    if (t->package_error.data) {
        mean_nothing(l, t->node, LIFE "start_delay_ms start_error maybe wait_error stop_delay_ms",
                "its code cannot be read, so it never starts");
        return;
    }
    if (!t->start_error.data)
        mean_nothing(l, t->node, "maybe", "it is about a \"start_error\"");
    if (t->start_error.data && !t->start_error_maybe) {
        mean_nothing(l, t->node, LIFE "wait_error stop_delay_ms", "its start fails");
        return;
    }
    check_exit(l, t);
    if (t->registers == LAUNCH_REGISTER_NEVER)
        mean_nothing(l, t->node, "registers_as register_delay_ms answers answer_delay_ms requests",
                "it never registers");
    if (t->registers == LAUNCH_REGISTER_NEVER && exits_later)
        mean_nothing(l, t->node, "exits", "it never registers");
    if (t->answers == LAUNCH_ANSWER_NEVER)
        mean_nothing(l, t->node, "answer_delay_ms", "it never answers");
}

/* ---- the scenario's own members ---- */

/* A finding's id begins with its invariant, or is a verdict. */
static void check_id(struct loading *l, const struct json_node *node, rt_str id)
{
    const char *words[64 + VERDICT_COUNT + 1] = { NULL };
    size_t count = 0;
    const uint8_t *slash = memchr(id.data, '/', id.len);
    rt_str head = slash ? rt_str_slice(id, 0, (size_t)(slash - id.data)) : id;
    for (size_t i = 0; i < 64 && invariants[i]; i++)
        words[count++] = invariants[i]->name;
    for (int v = 0; v < VERDICT_COUNT; v++)
        words[count++] = verdict_name((enum verdict)v);
    for (size_t i = 0; i < count; i++)
        if (slash ? rt_str_is(head, words[i]) : rt_str_has_prefix(rt_str_from(words[i]), head))
            return;
    struct diag_hint hint = diag_hint(rt_cstr(head), words);
    loading_idle(l, node,
            "no finding begins with \"%s\"%s: it begins with its invariant, see "
            "cclab list invariants",
            rt_cstr(head), hint.text);
}

static void check_ids(struct loading *l, const char *key, struct json_list ids)
{
    const struct json_node *expect = json_member(l->s->doc->root, "expect");
    const struct json_node *list = expect ? json_member(expect, key) : NULL;
    for (size_t i = 0; list && i < ids.count; i++)
        check_id(l, json_nth(list, i), ((const rt_str *)ids.items)[i]);
}

static void check_twice(struct loading *l, const char *key, struct json_list names)
{
    const struct json_node *list = json_member(l->s->doc->root, key);
    const rt_str *items = names.items;
    for (size_t i = 0; list && i < names.count; i++)
        for (size_t k = 0; k < i; k++)
            if (rt_str_eq(items[i], items[k]))
                loading_idle(l, json_nth(list, i), "\"%s\" is given twice", rt_cstr(items[i]));
}

static const char *const without_depth[] = { "random", "pos", "urw", "surw", "dfs", "dpor",
    "feedback" };

static void check_explore(struct loading *l)
{
    const struct scenario_explore *x = l->s->explore;
    const struct json_node *node = json_member(l->s->doc->root, "explore");
    const char *words[64] = { NULL };
    size_t count = 0;
    bool known = false;
    if (!x || !x->strategy.data)
        return;
    for (const struct search_info *s = search_list(); s->name && count < 63; s++) {
        words[count++] = s->name;
        known = known || rt_str_is(x->strategy, s->name);
    }
    if (known && search_is_systematic(rt_cstr(x->strategy)))
        mean_nothing(l, node, "seed", "this strategy tries everything in turn");
    for (size_t i = 0; i < sizeof(without_depth) / sizeof(*without_depth); i++)
        if (rt_str_is(x->strategy, without_depth[i]))
            mean_nothing(l, node, "depth", "this strategy has none");
    if (!known) {
        struct diag_hint hint = diag_hint(rt_cstr(x->strategy), words);
        loading_idle(l, json_member(node, "strategy"),
                "there is no strategy \"%s\"%s; see cclab list strategies", rt_cstr(x->strategy),
                hint.text);
    }
}

static void check_bare_invariants(struct loading *l)
{
    const struct json_node *list = json_member(l->s->doc->root, "invariants_off");
    const rt_str *names = l->s->invariants_off.items;
    for (size_t i = 0; l->s->bare && list && i < l->s->invariants_off.count; i++) {
        const struct invariant *invariant = invariant_find(rt_cstr(names[i]));
        if (invariant && invariant->needs_world)
            loading_idle(l, json_nth(list, i), "\"%s\" needs a world, and is never checked here",
                    rt_cstr(names[i]));
    }
}

static bool commits(const struct scenario *s)
{
    const struct scenario_actor *actors = s->actors.items;
    for (size_t i = 0; i < s->actors.count; i++)
        for (size_t k = 0; k < actors[i].steps.count; k++)
            if (((const struct scenario_step *)actors[i].steps.items)[k].commit)
                return true;
    return false;
}

void load_silent_scenario(struct loading *l)
{
    const struct scenario *s = l->s;
    const struct json_node *orderer = json_member(s->doc->root, "orderer");
    check_explore(l);
    check_ids(l, "findings", s->expect.findings);
    check_ids(l, "must_find", s->expect.must_find);
    check_twice(l, "variants", s->variant_names);
    check_twice(l, "invariants_off", s->invariants_off);
    check_bare_invariants(l);
    if (orderer && !s->bare && !commits(s))
        mean_nothing(l, orderer, "delay_ms", "no step has its transaction committed");
}

/* ---- actors ---- */

void load_silent_actor(struct loading *l, const struct scenario_actor *actor)
{
    const struct scenario_step *steps = actor->steps.items;
    bool proposes = false;
    /* Steps may each say another one: then it is not needed, but says who acts. */
    for (size_t i = 0; i < actor->steps.count; i++)
        proposes = proposes || steps[i].as.data || steps[i].action == STEP_SEND;
    if (actor->as.data && !proposes)
        mean_nothing(l, actor->node, "as", "none of its steps is signed by it");
}

/* Empty: no channel at all. */
void load_silent_channel(struct loading *l, const struct scenario_step *step)
{
    const struct world *world = l->s->world;
    const struct step_expect *e = step->expect;
    bool fails = e && (e->status >= 400 || e->message.data || e->contains.data || e->error.data);
    if (!world || step->channel.len == 0 || fails || world_find_channel(world, step->channel))
        return;
    struct diag_hint hint = loading_channel_hint(l, step->channel);
    loading_idle(l, json_member(step->node, "channel"),
            "the world has no channel \"%s\"%s; if that is meant, say in \"expect\" how it fails",
            rt_cstr(step->channel), hint.text);
}
