/* The peer's disk, and what is below its ledgers: their faults. */
#include "harness/scenario/load.h"

/* What moves no bytes has none that are done before. */
static void check_bytes(struct loading *l, const struct disk_fault_text *t)
{
    bool moves_bytes = t->op == DISK_OP_WRITE || t->kind == DISK_FAULT_CUT;
    if (!moves_bytes && json_member(t->node, "bytes"))
        loading_wrong(l, loading_member(t->node, "bytes"),
                "\"bytes\" means nothing here, only at \"write\" and for \"cut\" at \"read\"");
}

static struct fault_when when_of(const struct json_node *node, const struct when_text *t)
{
    return (struct fault_when){
        .from_ms = t->from_ms,
        .first = (uint32_t)t->first,
        .count = json_member(node, "count") ? (uint32_t)t->count : 1,
        .maybe = t->maybe,
    };
}

static void load_fault(
        struct loading *l, const struct disk_fault_text *t, size_t number, struct disk_fault *to)
{
    *to = (struct disk_fault){
        .kind = (enum disk_fault_kind)t->kind,
        .op = (enum disk_op)t->op,
        .path = t->path,
        .when = when_of(t->node, &t->when),
        .error = (enum disk_error)t->error,
        .bytes = json_member(t->node, "bytes") ? t->bytes : -1,
        .ms = t->ms,
    };
    rt_str what = rt_sprintf(
            "disk fault %zu (%s at %s)", number, disk_fault_name(to->kind), disk_op_name(to->op));
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
    rt_str mistake = disk_fault_check(to);
    if (mistake.data)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
    else
        check_bytes(l, t);
}

void load_disk(struct loading *l, struct json_list list)
{
    struct disk_fault *faults = rt_new_array(struct disk_fault, list.count + 1);
    l->s->disk_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++)
        load_fault(l, &((const struct disk_fault_text *)list.items)[i], i + 1, &faults[i]);
    l->s->disk = (struct disk_fault_plan){ faults, list.count, NULL };
}

/* ---- ledgers ---- */

static void check_channel(struct loading *l, const struct ledger_fault_text *t)
{
    if (!t->channel.data || !l->s->world || world_find_channel(l->s->world, t->channel))
        return;
    struct diag_hint hint = loading_channel_hint(l, t->channel);
    loading_wrong(l, loading_member(t->node, "channel"), "the world has no channel \"%s\"%s",
            rt_cstr(t->channel), hint.text);
}

static void load_ledger_fault(struct loading *l, const struct ledger_fault_text *t, size_t number,
        struct ledger_fault *to)
{
    *to = (struct ledger_fault){
        .kind = (enum ledger_fault_kind)t->kind,
        .op = (enum storage_op)t->op,
        .channel = t->channel,
        .ns = t->ns,
        .key = t->key,
        .when = when_of(t->node, &t->when),
        .message = t->message,
        .ms = t->ms,
    };
    rt_str what = rt_sprintf("ledger fault %zu (%s at %s)", number, ledger_fault_name(to->kind),
            storage_op_name(to->op));
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
    rt_str mistake = ledger_fault_check(to);
    if (mistake.data)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
    check_channel(l, t);
}

void load_ledger(struct loading *l, struct json_list list)
{
    struct ledger_fault *faults = rt_new_array(struct ledger_fault, list.count + 1);
    l->s->ledger_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++)
        load_ledger_fault(l, &((const struct ledger_fault_text *)list.items)[i], i + 1, &faults[i]);
    l->s->ledger = (struct ledger_fault_plan){ faults, list.count, NULL };
}
