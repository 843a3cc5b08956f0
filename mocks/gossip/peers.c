/* Peers that take private data, or fail to. */
#include "mocks/gossip/peers.h"

#include "model/msp/msp.h"
#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

/* peer.gossip.dialTimeout, as in core.yaml. */
static const int64_t dial_timeout_ns = 3000 * RT_MS;

/* A peer in the present run. */
struct peer {
    struct gossip_peer known;
    const struct gossip_peer_config *config;
    struct rt_proc *proc;
    bool asked;
};

struct peers {
    struct peer *items;
    struct gossip_peer **known;
    size_t count;
};

struct rt_error *gossip_peer_state_info(rt_str endpoint, rt_str channel,
        const struct signing_identity *signer, struct peer_signature *out)
{
    out->message = rt_sprintf("StateInfo of %S in %S", endpoint, channel);
    out->peer_identity = signer->identity->serialize(signer->identity->self);
    return signer->sign(signer->self, out->message, &out->signature);
}

static const struct peer_signature *state_info(const struct gossip_peer *known, rt_str channel)
{
    const struct gossip_peer_config *config = ((const struct peer *)known->more)->config;
    for (size_t i = 0; i < config->channel_count; i++)
        if (rt_str_eq(config->channels[i], channel))
            return &config->state_infos[i];
    return NULL;
}

static struct gossip_peer *const *known_peers(void *self, size_t *count)
{
    const struct peers *peers = self;
    *count = peers->count;
    return peers->known;
}

/* ---- what becomes of a message ---- */

struct delivery {
    const struct gossip_peer_config *config;
    struct rt_chan *acks;
};

static void answer(void *arg)
{
    const struct delivery *d = arg;
    const struct gossip_peer_config *config = d->config;
    if (config->delay_count > 0)
        rt_sleep_ns(config->delays_ns[rt_choose(
                RT_CHOICE_DELAY, (uint32_t)config->delay_count, "gossip peer answers")]);
    if (config->answer == GOSSIP_ANSWER_ACK)
        rt_send(d->acks, NULL);
    if (config->answer == GOSSIP_ANSWER_ERROR)
        rt_send(d->acks, rt_error_new(config->error));
}

/* Nobody listens: a dial takes its timeout, and then gossip knows. */
static void dial_in_vain(struct peer *peer)
{
    rt_sleep_ns(dial_timeout_ns);
    rt_note("Failed obtaining connection for %S, reason: context deadline exceeded",
            peer->config->endpoint);
    peer->known.alive = false;
}

static void send(void *self, const struct gossip_peer *to,
        const struct private_data_message *message, struct rt_chan *acks)
{
    struct peers *peers = self;
    size_t i = 0;
    while (peers->known[i] != to)
        i++;
    struct peer *peer = &peers->items[i];
    peer->asked = true;
    rt_note("private data of %S/%S to %S", message->ns, message->collection,
            peer->config->endpoint);
    if (peer->config->state != GOSSIP_PEER_ALIVE) {
        dial_in_vain(peer);
        return;
    }
    struct delivery *d = rt_new(struct delivery);
    *d = (struct delivery){ peer->config, acks };
    rt_go_in(peer->proc, "gossip", answer, d);
}

struct gossip_network gossip_peers_new(const struct gossip_peer_config *configs, size_t count)
{
    struct peers *peers = rt_new(struct peers);
    peers->items = rt_new_array(struct peer, count + 1);
    peers->known = rt_new_array(struct gossip_peer *, count + 1);
    peers->count = count;
    for (size_t i = 0; i < count; i++) {
        const struct gossip_peer_config *c = &configs[i];
        struct peer *peer = &peers->items[i];
        peer->config = c;
        peer->proc = rt_proc_new(rt_cstr(c->endpoint));
        peer->known = (struct gossip_peer){
            .member = { c->endpoint, c->endpoint },
            .identity = { c->endpoint, c->identity, c->mspid },
            .alive = c->state != GOSSIP_PEER_DEAD,
            .state_info = state_info,
            .more = peer,
        };
        peers->known[i] = &peer->known;
    }
    return (struct gossip_network){ peers, known_peers, send };
}

bool gossip_peers_asked(const struct gossip_network *network, size_t i)
{
    return ((const struct peers *)network->self)->items[i].asked;
}
