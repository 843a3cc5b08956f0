/* Chaincodes: from the text of behaviours to behaviours. */
#include "harness/scenario/load.h"

void load_behaviours(struct loading *l, struct json_list list)
{
    const struct behaviour_text *texts = list.items;
    l->s->behaviours = rt_new_array(struct scenario_behaviour, list.count + 1);
    l->s->behaviour_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        const struct behaviour_text *t = &texts[i];
        struct scenario_behaviour *to = &l->s->behaviours[i];
        to->chaincode = t->chaincode;
        to->launch = t->launch;
        to->behaviour = (struct chaincode_behaviour){
            .connect_delay = loading_delay(t->connect_delay),
            .register_delay = loading_delay(t->register_delay),
            .init_delay = loading_delay(t->init_delay),
            .invoke_delay = loading_delay(t->invoke_delay),
            .request_delay = loading_delay(t->request_delay),
            .exit_delay = loading_delay(t->exit_delay),
            .notice_delay = loading_delay(t->notice_delay),
            .dies_at = (enum chaincode_point)t->dies_at,
            .dies_by = (enum chaincode_death)t->dies_by,
            .exit_code = (int)t->exit_code,
            .dies_at_time = (uint32_t)t->dies_at_time,
            .oddity = (enum chaincode_oddity)t->oddity,
            .name = t->name,
            .init_status = (int32_t)t->init_status,
            .init_message = t->init_message,
        };
        rt_str mistake = chaincode_behaviour_check(&to->behaviour);
        if (mistake.data)
            loading_wrong(l, t->node, "%s", rt_cstr(mistake));
    }
}
