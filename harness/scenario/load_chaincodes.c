/* Chaincodes: from the text of behaviours to behaviours. */
#include "harness/scenario/load.h"
#include "mocks/chaincode/output.h"
#include "mocks/chaincode/sends.h"

static struct chaincode_part part_of(struct bytes_part part)
{
    return (struct chaincode_part){ part.given, part.value };
}

static void load_send(struct loading *l, const struct send_text *t, struct chaincode_send *to)
{
    bool at = json_member(t->node, "at"), instead = json_member(t->node, "instead_of");
    *to = (struct chaincode_send){
        .at = at ? (enum chaincode_point)t->at : CHAINCODE_POINT_NEVER,
        .instead_of = (enum chaincode_message_kind)t->instead_of,
        .time = (uint32_t)t->time,
        .count = json_member(t->node, "count") ? (uint32_t)t->count : 1,
        .maybe = t->maybe,
        .after = loading_delay(t->after),
        .has_type = json_member(t->node, "type"),
        .type = t->type,
        .channel = part_of(t->channel),
        .txid = part_of(t->txid),
        .payload = part_of(t->payload),
        .more = t->more,
        .bytes = t->bytes,
    };
    rt_str mistake = chaincode_send_check(to);
    if (at && t->at == CHAINCODE_POINT_NEVER)
        mistake = RT_STR("a message that is never sent is none");
    if (mistake.data && at != instead)
        loading_wrong(l, t->node, "%s", rt_cstr(mistake));
}

/* Notes that an entry of the behaviour has to come to something; returns its tag. */
static size_t note_entry(struct loading *l, const struct json_node *node, const char *list,
        size_t number, const char *never, size_t behaviour)
{
    loading_effect(
            l, (struct scenario_effect){ node,
                       rt_sprintf("%s %zu of behaviour %zu", list, number + 1, behaviour + 1),
                       never, l->s->behaviour_effects + behaviour + 1 });
    return l->s->effect_count - 1;
}

static void load_sends(struct loading *l, const struct behaviour_text *t, size_t number,
        struct chaincode_behaviour *to)
{
    const struct send_text *texts = t->sends.items;
    struct chaincode_send *sends = rt_new_array(struct chaincode_send, t->sends.count + 1);
    for (size_t i = 0; i < t->sends.count; i++) {
        load_send(l, &texts[i], &sends[i]);
        sends[i].tag = note_entry(l, texts[i].node, "message", i, "was never sent", number);
    }
    to->sends = sends;
    to->send_count = t->sends.count;
}

static void load_registers(const struct behaviour_text *t, struct chaincode_behaviour *to)
{
    const struct name_text *texts = t->names.items;
    struct chaincode_name *names = rt_new_array(struct chaincode_name, t->names.count + 1);
    for (size_t i = 0; i < t->names.count; i++)
        names[i] = (struct chaincode_name){ texts[i].name, loading_delay(texts[i].after),
            texts[i].new_stream, texts[i].closes };
    to->names = names;
    to->name_count = t->names.count;
}

/* A behaviour has to be taken, and what it says to come to something. */
static void note_effects(struct loading *l, struct json_list list)
{
    const struct behaviour_text *texts = list.items;
    l->s->behaviour_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++)
        loading_effect(l, (struct scenario_effect){ texts[i].node,
                                  loading_called("behaviour", i + 1, texts[i].chaincode),
                                  "was never taken", 0 });
    l->s->trait_effects = l->s->effect_count;
    for (size_t i = 0; i < list.count; i++) {
        for (int trait = 0; trait < CHAINCODE_TRAIT_COUNT; trait++) {
            const char *name = chaincode_trait_name((enum chaincode_trait)trait);
            const struct json_node *member = json_member(texts[i].node, name);
            loading_effect(
                    l, (struct scenario_effect){ member ? member : texts[i].node,
                               rt_sprintf("\"%s\" of %S", name,
                                       loading_called("behaviour", i + 1, texts[i].chaincode)),
                               member ? "never mattered" : NULL, l->s->behaviour_effects + i + 1 });
        }
    }
}

void load_check_behaviours(struct loading *l, struct json_list list)
{
    const struct behaviour_text *texts = list.items;
    struct loading_entry *entries = rt_new_array(struct loading_entry, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        entries[i] = (struct loading_entry){ texts[i].node, texts[i].chaincode, texts[i].launch };
    loading_check_entries(l, entries, list.count);
}

static void load_prints(struct loading *l, const struct behaviour_text *t, size_t number,
        struct chaincode_behaviour *to)
{
    const struct print_text *texts = t->prints.items;
    struct chaincode_print *prints = rt_new_array(struct chaincode_print, t->prints.count + 1);
    for (size_t i = 0; i < t->prints.count; i++) {
        prints[i] = (struct chaincode_print){ (enum chaincode_point)texts[i].at,
            (uint32_t)texts[i].time, (enum chaincode_output)texts[i].to, texts[i].text,
            texts[i].unfinished, 0 };
        prints[i].tag = note_entry(l, texts[i].node, "print", i, "never came", number);
        rt_str mistake = chaincode_print_check(&prints[i]);
        if (mistake.data)
            loading_wrong(l, texts[i].node, "%s", rt_cstr(mistake));
    }
    to->prints = prints;
    to->print_count = t->prints.count;
}

void load_behaviours(struct loading *l, struct json_list list)
{
    const struct behaviour_text *texts = list.items;
    l->s->behaviours = rt_new_array(struct scenario_behaviour, list.count + 1);
    l->s->behaviour_count = list.count;
    note_effects(l, list);
    for (size_t i = 0; i < list.count; i++) {
        const struct behaviour_text *t = &texts[i];
        struct scenario_behaviour *to = &l->s->behaviours[i];
        load_silent_behaviour(l, t);
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
            .unreachable = loading_delay(t->unreachable),
            .dies_at = (enum chaincode_point)t->dies_at,
            .dies_by = (enum chaincode_death)t->dies_by,
            .panic = t->panic,
            .exit_code = (int)t->exit_code,
            .dies_at_time = (uint32_t)t->dies_at_time,
            .oddity = (enum chaincode_oddity)t->oddity,
            .name = t->name,
            .tls = (enum chaincode_tls)t->tls,
            .certificate_of = t->certificate_of,
            .init_status = (int32_t)t->init_status,
            .init_message = t->init_message,
        };
        load_sends(l, t, i, &to->behaviour);
        load_registers(t, &to->behaviour);
        load_prints(l, t, i, &to->behaviour);
        rt_str mistake = chaincode_behaviour_check(&to->behaviour);
        if (mistake.data)
            loading_wrong(l, t->node, "%s", rt_cstr(mistake));
        else if (json_member(t->node, "tls") && l->s->world && !l->s->world->peer.tls)
            loading_wrong(l, loading_member(t->node, "tls"),
                    "\"tls\" means nothing to a peer without TLS: set world.peer.tls");
    }
}
