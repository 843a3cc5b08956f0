/* What private data asks of gossip: who is in a channel, and sending to them.
 *
 * struct gossip_adapter is gossipAdapter of gossip/privdata/distributor.go; other names are those
 * of gossip/{api,discovery,filter,gossip}. */
#ifndef CCLAB_MODEL_GOSSIP_GOSSIP_H
#define CCLAB_MODEL_GOSSIP_GOSSIP_H

#include "model/rt/error.h"

struct Common__CollectionConfig;

/* discovery.NetworkMember. */
struct network_member {
    rt_str pki_id;
    rt_str endpoint;
};

/* api.PeerIdentityInfo. */
struct peer_identity_info {
    rt_str pki_id;
    rt_bytes identity; /* serialized */
    rt_str organization;
};

/* api.PeerSignature: what a peer has signed, here its StateInfo. */
struct peer_signature {
    rt_bytes signature;
    rt_bytes message;
    rt_bytes peer_identity;
};

/* api.SubChannelSelectionCriteria. */
struct sub_channel_selection {
    void *self;
    bool (*selects)(void *self, const struct peer_signature *signature);
};

/* filter.RoutingFilter. */
struct routing_filter {
    void *self;
    bool (*accepts)(void *self, const struct network_member *member);
};

/* proto.PrivatePayload in a message of its own. */
struct private_data_message {
    rt_str channel;
    rt_str ns;
    rt_str collection;
    rt_str tx_id;
    rt_bytes rwset;
    uint64_t sim_height;
    const struct Common__CollectionConfig *config;
};

/* gossip.SendCriteria. */
struct send_criteria {
    int64_t timeout_ns;
    rt_str channel;
    int64_t max_peers;
    int64_t min_ack;
    struct routing_filter is_eligible;
};

struct gossip_adapter {
    void *self;
    struct rt_error *(*send_by_criteria)(void *self, const struct private_data_message *message,
            const struct send_criteria *criteria);
    struct rt_error *(*peer_filter)(void *self, rt_str channel,
            struct sub_channel_selection predicate, struct routing_filter *filter);
    /* The known identities, in no order. */
    const struct peer_identity_info *(*identity_info)(void *self, size_t *count);
    /* Who is alive and in the channel. */
    const struct network_member *(*peers_of_channel)(void *self, rt_str channel, size_t *count);
};

#endif
