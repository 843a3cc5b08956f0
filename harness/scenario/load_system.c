/* System chaincodes: from text to what the mock is made of. */
#include "harness/scenario/load.h"
#include "model/lab/world.h"

static bool is_enabled(const struct world *world, rt_str name)
{
    for (size_t i = 0; i < world->peer.system_chaincode_count; i++)
        if (rt_str_eq(world->peer.system_chaincodes[i], name))
            return true;
    return false;
}

static bool is_known(rt_str name)
{
    return rt_str_is(name, "lscc") || rt_str_is(name, "cscc") || rt_str_is(name, "qscc");
}

static void load_fault(
        struct loading *l, const struct system_fault_text *t, struct system_fault *to)
{
    *to = (struct system_fault){
        .chaincode = t->chaincode,
        .at = (enum system_point)t->at,
        .kind = (enum system_fault_kind)t->kind,
        .message = t->message,
        .channel = t->channel,
        .ms = json_member(t->node, "ms") ? t->ms : -1,
        .first = t->first > 0 ? (uint32_t)t->first : 1,
        .count = (uint32_t)t->count,
        .maybe = t->maybe,
    };
    rt_str mistake = system_fault_check(to);
    if (mistake.data)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
    if (!is_known(t->chaincode))
        loading_wrong(l, loading_member(t->node, "chaincode"),
                "there is no system chaincode \"%s\" that can run; there are lscc, cscc and qscc",
                rt_cstr(t->chaincode));
    else if (!is_enabled(l->s->world, t->chaincode))
        loading_wrong(l, loading_member(t->node, "chaincode"),
                "%s is not enabled: world.peer.system_chaincodes", rt_cstr(t->chaincode));
    if (t->channel.len > 0 && !world_find_channel(l->s->world, t->channel))
        loading_wrong(l, loading_member(t->node, "channel"), "the world has no channel \"%s\"",
                rt_cstr(t->channel));
    if (json_member(t->node, "ms") && t->kind != SYSTEM_FAULT_HANG)
        loading_wrong(l, loading_member(t->node, "ms"), "only \"hang\" takes time");
    rt_str what = rt_sprintf("system chaincode fault %S", t->chaincode);
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
}

void load_system(struct loading *l, struct json_list list)
{
    const struct system_fault_text *texts = list.items;
    struct system_fault *faults = rt_new_array(struct system_fault, list.count + 1);
    if (!l->s->world)
        return;
    l->s->system_faults = faults;
    l->s->system_fault_count = list.count;
    l->s->system_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++)
        load_fault(l, &texts[i], &faults[i]);
}
