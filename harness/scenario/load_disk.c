/* The peer's disk: its faults. */
#include "harness/scenario/load.h"

/* What moves no bytes has none that are done before. */
static void check_bytes(struct loading *l, const struct disk_fault_text *t)
{
    bool moves_bytes = t->op == DISK_OP_WRITE || t->kind == DISK_FAULT_CUT;
    if (!moves_bytes && json_member(t->node, "bytes"))
        loading_wrong(l, loading_member(t->node, "bytes"),
                "\"bytes\" means nothing here, only at \"write\" and for \"cut\" at \"read\"");
}

static void load_fault(
        struct loading *l, const struct disk_fault_text *t, size_t number, struct disk_fault *to)
{
    *to = (struct disk_fault){
        .kind = (enum disk_fault_kind)t->kind,
        .op = (enum disk_op)t->op,
        .path = t->path,
        .from_ms = t->from_ms,
        .first = (uint32_t)t->first,
        .count = json_member(t->node, "count") ? (uint32_t)t->count : 1,
        .maybe = t->maybe,
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
