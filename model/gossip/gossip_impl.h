/* Gossip as private data sees it: members of channels, and messages that are acknowledged.
 *
 * Follows SendByCriteria, PeerFilter, PeersOfChannel and IdentityInfo of gossip/gossip/
 * gossip_impl.go, gossip/filter/filter.go, SendWithAck of gossip/comm. What discovery knows, and
 * the network, come through struct gossip_network. */
#ifndef CCLAB_MODEL_GOSSIP_GOSSIP_IMPL_H
#define CCLAB_MODEL_GOSSIP_GOSSIP_IMPL_H

#include "model/gossip/gossip.h"
#include "model/rt/chan.h"

/* What gossip knows of another peer. */
struct gossip_peer {
    struct network_member member;
    struct peer_identity_info identity;
    bool alive; /* discovery takes it for alive */
    /* Its StateInfo in a channel; NULL for a channel that it is not in, or has not told of. */
    const struct peer_signature *(*state_info)(const struct gossip_peer *peer, rt_str channel);
    const void *more; /* of whoever made it */
};

struct gossip_network {
    void *self;
    /* All peers ever heard of. */
    struct gossip_peer *const *(*peers)(void *self, size_t *count);
    /* Sends; `acks` (with room) gets the answer, if one comes: a struct rt_error *, or NULL. */
    void (*send)(void *self, const struct gossip_peer *to,
            const struct private_data_message *message, struct rt_chan *acks);
};

/* The adapter over a network. `in_channel` says whether this peer's gossip has joined a channel. */
struct gossip_service {
    struct gossip_network network;
    void *self;
    bool (*in_channel)(void *self, rt_str channel);
};
struct gossip_adapter gossip_service_adapter(struct gossip_service *service);

#endif
