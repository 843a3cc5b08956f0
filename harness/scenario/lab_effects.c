/* What a scenario lists so that it happens, and whether it did. */
#include "harness/base/diag.h"
#include "harness/scenario/lab_impl.h"

void lab_effects_begin(struct lab *lab)
{
    lab->hits = rt_new_array(uint32_t, lab->scenario->effect_count + 1);
    lab->idle = NULL;
    lab->idle_count = lab->idle_cap = 0;
}

uint32_t *lab_hits(struct lab *lab, size_t first)
{
    return lab->hits + first;
}

static void add_idle(struct lab *lab, const struct json_node *node, rt_str sentence)
{
    struct diag_place place = json_place(lab->scenario->doc, node);
    rt_reserve(lab->idle, lab->idle_cap, lab->idle_count + 1);
    lab->idle[lab->idle_count++] = (struct lab_idle){ place, sentence };
}

void lab_found_nothing(struct lab *lab, const struct scenario_step *step)
{
    const char *action = step_action_name((enum step_action)step->action);
    const char *kind = step->action == STEP_REMOVE_IMAGE ? "image" : "container";
    rt_str what = step->container.data ? step->container
                  : step->image.data   ? step->image
                  : step->version.data ? rt_sprintf("%S:%S", step->chaincode, step->version)
                                       : step->chaincode;
    rt_note("%s: there is no %s of %S", action, kind, what);
    add_idle(lab, step->node, rt_sprintf("%s found no %s of %S", action, kind, what));
}

void lab_did_nothing(struct lab *lab, const struct scenario_step *step, rt_str container,
        const struct rt_error *err)
{
    add_idle(lab, step->node,
            rt_sprintf("%s %S failed: %S", step_action_name((enum step_action)step->action),
                    container, err->text));
}

void lab_effects_end(struct lab *lab)
{
    const struct scenario *s = lab->scenario;
    for (size_t i = 0; i < s->effect_count; i++) {
        const struct scenario_effect *e = &s->effects[i];
        bool possible = e->within == 0 || lab->hits[e->within - 1] > 0;
        if (e->never && possible && lab->hits[i] == 0)
            add_idle(lab, e->node, rt_sprintf("%S %s", e->what, e->never));
    }
}
