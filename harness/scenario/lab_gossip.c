/* The other peers of a whole peer's lab. */
#include "harness/scenario/lab_peer.h"

static struct rt_error *make_peer(const struct world *world,
        const struct scenario_gossip_peer *from, struct gossip_peer_config *to)
{
    const struct world_identity *id = world_find_identity(world, rt_cstr(from->as));
    const struct signing_identity *signer;
    *to = (struct gossip_peer_config){
        .endpoint = from->endpoint,
        .mspid = from->mspid,
        .identity = msp_new_serialized_identity(id->mspid, id->cert_pem),
        .channels = from->channels,
        .state_infos = rt_new_array(struct peer_signature, from->channel_count + 1),
        .channel_count = from->channel_count,
        .state = from->state,
        .answer = from->answer,
        .error = from->error,
        .delays_ns = from->delays_ns,
        .delay_count = from->delay_count,
    };
    struct rt_error *err = msp_signer_new(id->mspid, id->cert_pem, id->key_pem, &signer);
    for (size_t i = 0; !err && i < from->channel_count; i++)
        err = gossip_peer_state_info(
                from->endpoint, from->channels[i], signer, &to->state_infos[i]);
    return err;
}

bool lab_make_gossip(struct peer_lab *lab)
{
    const struct scenario *s = lab->lab.scenario;
    lab->gossip_peers = rt_new_array(struct gossip_peer_config, s->gossip_peer_count + 1);
    for (size_t i = 0; i < s->gossip_peer_count; i++) {
        struct rt_error *err = make_peer(s->world, &s->gossip_peers[i], &lab->gossip_peers[i]);
        if (err) {
            diag_at((struct diag_place){ .file = s->path }, "gossip peer %zu cannot be made: %s",
                    i + 1, rt_cstr(err->text));
            return false;
        }
    }
    return true;
}

void lab_start_gossip(struct peer_lab *lab)
{
    size_t count = lab->lab.scenario->gossip_peer_count;
    lab->gossip = (struct gossip_network){ 0 };
    if (count > 0)
        lab->gossip = gossip_peers_new(lab->gossip_peers, count);
}

void lab_look_at_gossip(struct peer_lab *lab)
{
    const struct scenario *s = lab->lab.scenario;
    uint32_t *hits = lab_hits(&lab->lab, s->gossip_effects);
    for (size_t i = 0; i < s->gossip_peer_count; i++)
        hits[i] += gossip_peers_asked(&lab->gossip, i);
}
