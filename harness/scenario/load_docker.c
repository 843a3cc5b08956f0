/* The Docker engine: its images, delays and faults. */
#include "harness/scenario/load.h"

static void load_fault(
        struct loading *l, const struct fault_text *t, size_t number, struct engine_fault *to)
{
    *to = (struct engine_fault){
        .kind = (enum engine_fault_kind)t->kind,
        .op = (enum engine_op)t->op,
        .container = t->container,
        .first = (uint32_t)t->first,
        .count = (uint32_t)t->count,
        .maybe = t->maybe,
        .after = t->after,
        .status = (int)t->status,
        .message = t->message,
        .body = t->body,
        .content_type = t->content_type,
        .ms = t->ms,
        .exit_code = t->exit_code,
        .bytes = (uint64_t)t->bytes,
    };
    if (!json_member(t->node, "count"))
        to->count = 1;
    rt_str what = rt_sprintf(
            "fault %zu (%s at %s)", number, engine_fault_name(to->kind), engine_op_name(to->op));
    loading_effect(l, (struct scenario_effect){ t->node, what, "never struck", 0 });
    rt_str mistake = engine_fault_check(to);
    if (mistake.data)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
}

void load_docker(struct loading *l, const struct docker_text *t, const struct json_node *root)
{
    const struct json_node *node = json_member(root, "docker");
    struct scenario_docker *to = &l->s->docker;
    to->all_images = !node || !json_member(node, "images");
    to->images = t->images;
    to->delays_ns = loading_ns(t->delay_ms);
    to->delay_count = t->delay_ms.count;
    to->faults = rt_new_array(struct engine_fault, t->faults.count + 1);
    to->fault_count = t->faults.count;
    l->s->fault_effects = l->s->effect_count;
    for (size_t i = 0; i < t->faults.count; i++)
        load_fault(l, &((const struct fault_text *)t->faults.items)[i], i + 1, &to->faults[i]);
}
