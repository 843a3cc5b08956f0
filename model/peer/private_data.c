/* The gossip service's part in private data.
 *
 * Follows DistributePrivateData and InitializeChannel of gossip/service/gossip_service.go. */
#include "model/gossip/distributor.h"
#include "model/peer/internal.h"
#include "model/rt/arena.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

/* privateHandler, of a channel. */
struct private_handler {
    struct pvt_data_distributor distributor;
    struct transient_store *store;
};

/* Nobody else is there. */
static struct gossip_peer *const *no_peers(void *self, size_t *count)
{
    (void)self;
    *count = 0;
    return NULL;
}

/* Gossip joins a channel only if the peer's own organisation is in it. */
static bool in_channel(void *self, rt_str channel)
{
    const struct peer *peer = self;
    const struct channel_config *config = peer_base_channel(peer->config.base, channel);
    rt_str own = peer_base_world(peer->config.base)->peer.mspid;
    for (size_t i = 0; config && i < config->org_count; i++)
        if (rt_str_eq(config->orgs[i], own))
            return true;
    return false;
}

struct private_handler *peer_make_private_handler(struct peer *peer, const struct peer_chain *chain)
{
    const struct world *world = peer_base_world(peer->config.base);
    struct gossip_service *service = rt_new(struct gossip_service);
    *service = (struct gossip_service){ peer->config.gossip, peer, in_channel };
    if (!service->network.peers)
        service->network.peers = no_peers;
    struct private_handler *handler = rt_new(struct private_handler);
    handler->distributor = (struct pvt_data_distributor){
        .chain_id = chain->name,
        .gossip = gossip_service_adapter(service),
        .support = &peer->privdata,
        .push_ack_timeout_ns = world->peer.push_ack_timeout_ms * RT_MS,
        .metrics = peer->config.metrics,
    };
    handler->store = peer_disk_transient_store(peer->config.disk, chain->channel);
    return handler;
}

struct rt_error *peer_distribute_private_data(void *self, rt_str channel, rt_str txid,
        const struct pvt_rwset_with_config *private_data, uint64_t height)
{
    const struct peer_chain *chain = peer_find_chain(self, channel);
    if (!chain)
        return rt_errorf("No private data handler for %S", channel);
    const struct private_handler *handler = chain->private_handler;
    struct rt_error *err = distributor_distribute(&handler->distributor, txid, private_data);
    if (err) {
        rt_note("Failed to distributed private collection, txID %S channel %S due to %v", txid,
                channel, err);
        return err;
    }
    transient_store_persist(handler->store, txid, height, private_data);
    return NULL;
}
