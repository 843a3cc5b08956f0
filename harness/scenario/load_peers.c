/* Peers beside the first one: the table of the member "peers", and what it makes. */
#include "harness/scenario/load.h"

static const struct json_spec anything = { .kind = JSON_SPEC_VALUE };
static const struct json_spec patch = { .kind = JSON_SPEC_MAP, .element = &anything };
static const struct json_field peer_fields[] = {
    { "name", &spec_name, AT(peer_beside_text, name), .required = true,
            .about = "Its name in steps and timelines." },
    { "peer", &spec_node, AT(peer_beside_text, peer), .schema = &patch, .required = true,
            .about = "What is different in the world's peer: a JSON merge patch (RFC 7396)." },
    { 0 },
};
static const struct json_spec peer = {
    .kind = JSON_SPEC_OBJECT,
    .name = "peer_beside",
    .about = "Another peer: its disk and ledgers begin as the first one's.",
    .fields = peer_fields,
    .size = sizeof(struct peer_beside_text),
    .place = AT(peer_beside_text, node),
    .has_place = true,
};
const struct json_spec spec_peers = { .kind = JSON_SPEC_ARRAY, .element = &peer };

/* Two processes cannot listen at one address. */
static void check_address(struct loading *l, const struct json_node *node, size_t number)
{
    const struct world_peer *own = &l->s->peers[number].world->peer;
    for (size_t i = 0; i <= number; i++) {
        const struct world_peer *other =
                i == 0 ? &l->s->world->peer : &l->s->peers[i - 1].world->peer;
        if (rt_str_eq(own->address, other->address) &&
                rt_str_eq(own->chaincode_address, other->chaincode_address) &&
                rt_str_eq(own->chaincode_listen_address, other->chaincode_listen_address))
            loading_wrong(l, node,
                    "two peers are at one address: give it another \"chaincode_address\" or "
                    "\"address\"");
    }
}

static void load_peer(struct loading *l, const struct peer_beside_text *t, size_t number)
{
    struct scenario *s = l->s;
    for (size_t i = 0; i < number; i++)
        if (rt_str_eq(s->peers[i].name, t->name))
            loading_wrong(l, loading_member(t->node, "name"), "there are two peers called \"%s\"",
                    rt_cstr(t->name));
    struct world *world = world_beside(s->world, s->doc, t->node, l->folder);
    if (!world) {
        l->ok = false;
        return;
    }
    s->peers[s->peer_count++] = (struct scenario_peer){ t->name, world };
    if (s->peer_count == number + 1)
        check_address(l, t->peer, number);
}

void load_peers(struct loading *l, struct json_list list)
{
    l->s->peers = rt_new_array(struct scenario_peer, list.count + 1);
    for (size_t i = 0; l->ok && i < list.count; i++)
        load_peer(l, &((const struct peer_beside_text *)list.items)[i], i);
}

void load_step_peer(struct loading *l, struct scenario_step *step)
{
    const char *names[64] = { NULL };
    if (!step->peer.data)
        return;
    for (size_t i = 0; i < l->s->peer_count; i++) {
        if (i < 63)
            names[i] = rt_cstr(l->s->peers[i].name);
        if (rt_str_eq(l->s->peers[i].name, step->peer))
            step->peer_number = i + 1;
    }
    if (step->image.data)
        loading_wrong(
                l, loading_member(step->node, "peer"), "\"image\" and \"peer\" exclude each other");
    if (step->peer_number > 0)
        return;
    struct diag_hint hint = diag_hint(rt_cstr(step->peer), names);
    loading_wrong(l, loading_member(step->node, "peer"),
            "\"peers\" has no \"%s\"%s; without \"peer\" the step is about the first",
            rt_cstr(step->peer), hint.text);
}

void load_check_peers(struct loading *l, struct json_list list)
{
    const struct scenario_actor *actors = l->s->actors.items;
    const struct peer_beside_text *texts = list.items;
    for (size_t n = 1; n <= l->s->peer_count; n++) {
        bool acts = false;
        for (size_t i = 0; i < l->s->actors.count; i++)
            for (size_t k = 0; k < actors[i].steps.count; k++)
                acts = acts ||
                       ((const struct scenario_step *)actors[i].steps.items)[k].peer_number == n;
        if (!acts)
            loading_idle(l, loading_member(texts[n - 1].node, "name"),
                    "no step has the \"peer\" \"%s\": it does nothing", rt_cstr(texts[n - 1].name));
    }
}
