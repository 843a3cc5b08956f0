/* The other peers: from text to what the mock is made of. */
#include "harness/scenario/load.h"

static bool has_org(const struct world_channel *channel, rt_str mspid)
{
    for (size_t i = 0; i < channel->org_count; i++)
        if (rt_str_eq(channel->orgs[i], mspid))
            return true;
    return false;
}

/* All channels that the peer's organisation is in. */
static void all_channels(const struct world *world, struct scenario_gossip_peer *to)
{
    to->channels = rt_new_array(rt_str, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++)
        if (has_org(&world->channels[i], to->mspid))
            to->channels[to->channel_count++] = world->channels[i].name;
}

static void check_channels(
        struct loading *l, const struct gossip_peer_text *t, const struct scenario_gossip_peer *p)
{
    const struct json_node *list = json_member(t->node, "channels");
    for (size_t i = 0; i < t->channels.count; i++) {
        rt_str name = ((const rt_str *)t->channels.items)[i];
        const struct world_channel *channel = world_find_channel(l->s->world, name);
        if (!channel)
            loading_wrong(l, json_nth(list, i), "the world has no channel \"%s\"", rt_cstr(name));
        else if (!has_org(channel, p->mspid))
            loading_wrong(l, json_nth(list, i), "%s is not in channel \"%s\"", rt_cstr(p->mspid),
                    rt_cstr(name));
    }
}

static void load_peer(struct loading *l, const struct gossip_peer_text *t, size_t number,
        struct scenario_gossip_peer *to)
{
    loading_identity(l, loading_member(t->node, "as"), t->as);
    const struct world_identity *id = world_find_identity(l->s->world, rt_cstr(t->as));
    *to = (struct scenario_gossip_peer){
        .endpoint = t->endpoint,
        .as = t->as,
        .mspid = id ? id->mspid : RT_STR(""),
        .state = (enum gossip_peer_state)t->state,
        .answer = t->error.data ? GOSSIP_ANSWER_ERROR : (enum gossip_answer)t->answer,
        .error = t->error,
        .delays_ns = loading_ns(t->answer_delay),
        .delay_count = t->answer_delay.count,
        .channels = t->channels.items,
        .channel_count = t->channels.count,
    };
    if (json_member(t->node, "channels"))
        check_channels(l, t, to);
    else
        all_channels(l->s->world, to);
    if (to->answer == GOSSIP_ANSWER_ERROR && !t->error.data)
        loading_wrong(
                l, loading_member(t->node, "answer"), "an error needs an \"error\": its text");
    if (t->error.data && json_member(t->node, "answer") && t->answer != GOSSIP_ANSWER_ERROR)
        loading_wrong(l, loading_member(t->node, "error"),
                "\"error\" means nothing for another \"answer\"");
    bool answers = json_member(t->node, "answer") || t->error.data || t->answer_delay.count > 0;
    if (answers && t->state != GOSSIP_PEER_ALIVE)
        loading_wrong(l, loading_member(t->node, "state"),
                "only a peer that is alive answers: what it answers means nothing");
    rt_str what = rt_sprintf("the answer of gossip peer %zu (%S)", number, t->endpoint);
    loading_effect(
            l, (struct scenario_effect){ t->node, what, answers ? "never mattered" : NULL, 0 });
}

void load_gossip(struct loading *l, struct json_list list)
{
    const struct gossip_peer_text *texts = list.items;
    struct scenario *s = l->s;
    if (!s->world)
        return;
    s->gossip_effects = s->effect_count;
    s->gossip_peers = rt_new_array(struct scenario_gossip_peer, list.count + 1);
    s->gossip_peer_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        load_peer(l, &texts[i], i + 1, &s->gossip_peers[i]);
        for (size_t k = 0; k < i; k++)
            if (rt_str_eq(texts[k].endpoint, texts[i].endpoint))
                loading_wrong(l, loading_member(texts[i].node, "endpoint"),
                        "there are two peers at \"%s\"", rt_cstr(texts[i].endpoint));
    }
}
