/* The peer's channels as others see them.
 *
 * Follows core/peer/peer.go (GetLedger, GetPolicyManager, GetMSPIDs, …) and msp/mgmt. */
#include "model/ledger/ledger.h"
#include "model/peer/internal.h"
#include "model/wire/wire.h"

static const struct channel_config *channel_of(const struct peer *peer, rt_str cid)
{
    return peer_has_channel(peer, cid) ? peer_base_channel(peer->config.base, cid) : NULL;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    return peer_ledger(self, cid);
}

static const struct channel_config *get_channel_config(void *self, rt_str cid)
{
    return channel_of(self, cid);
}

/* Names in the order of a Go map. */
static const rt_str *in_map_order(const rt_str *names, size_t count)
{
    struct rt_map *map = rt_map_new();
    for (size_t i = 0; i < count; i++)
        rt_map_put(map, names[i], NULL);
    struct rt_map_entry *entries = rt_map_range(map);
    rt_str *ordered = rt_new_array(rt_str, count + 1);
    for (size_t i = 0; i < rt_map_len(map); i++)
        ordered[i] = entries[i].key;
    return ordered;
}

static const struct identity_deserializer *get_manager_for_chain(void *self, rt_str cid)
{
    return msp_mgmt_get_manager_for_chain(((struct peer *)self)->msp_mgmt, cid);
}

static const rt_str *get_channels(void *self, size_t *count)
{
    const struct peer *peer = self;
    const struct world *world = peer_base_world(peer->config.base);
    rt_str *names = rt_new_array(rt_str, world->channel_count + 1);
    *count = 0;
    for (size_t i = 0; i < world->channel_count; i++)
        if (peer_has_channel(peer, world->channels[i].name))
            names[(*count)++] = world->channels[i].name;
    return in_map_order(names, *count);
}

/* GetCurrConfigBlock: the block a channel began with, since no later one changes its
 * configuration. */
static const Common__Block *get_curr_config_block(void *self, rt_str cid)
{
    const struct peer_ledger *ledger = get_ledger(self, cid);
    Common__Block *block = NULL;
    if (!ledger || ledger->get_block_by_number(ledger->self, 0, &block))
        return NULL;
    return block;
}

static const struct policy_manager *manager_getter(void *self, rt_str channel_id)
{
    const struct channel_config *config = channel_of(self, channel_id);
    return config ? config->policy_manager : NULL;
}

static struct rt_error *get_query_executor_for_ledger(
        void *self, rt_str cid, const struct query_executor **executor)
{
    const struct peer_ledger *ledger = get_ledger(self, cid);
    if (!ledger)
        return rt_errorf("Channel doesn't exist: %S", cid);
    return ledger->new_query_executor(ledger->self, executor);
}

void peer_make_operations(struct peer *peer)
{
    peer->msp_mgmt = msp_mgmt_new(peer_base_local_msp(peer->config.base));
    peer->operations = (struct peer_operations){
        .self = peer,
        .msp_mgmt = peer->msp_mgmt,
        .get_ledger = get_ledger,
        .get_channel_config = get_channel_config,
        .get_channels = get_channels,
        .get_curr_config_block = get_curr_config_block,
    };
    peer->privdata =
            (struct privdata_support){ peer, get_query_executor_for_ledger, get_manager_for_chain };

    struct channel_policy_manager_getter *managers = rt_new(struct channel_policy_manager_getter);
    *managers = (struct channel_policy_manager_getter){ peer, manager_getter };
    peer->policy_checker = policy_checker_new(managers, peer_base_local_msp(peer->config.base));
    struct acl_resource_getter *resources = rt_new(struct acl_resource_getter);
    *resources = (struct acl_resource_getter){ peer, get_channel_config };
    peer->acl_provider = aclmgmt_new_acl_provider(resources, peer->policy_checker);
}
