/* Follows core/peer/peer.go: how channels come up (Initialize, createChain, InitChain), and what is
 * known of those that are. */
#include <stdlib.h>

#include "model/ledger/kv_ledger.h"
#include "model/lscc/lscc_state_listener.h"
#include "model/peer/internal.h"
#include "model/policy/channelconfig.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

static size_t channel_count(const struct peer *peer)
{
    return peer_base_world(peer->config.base)->channel_count;
}

const struct peer_chain *peer_find_chain(const struct peer *peer, rt_str name)
{
    for (size_t i = 0; i < channel_count(peer); i++)
        if (peer->chains && peer->chains[i].up && rt_str_eq(peer->chains[i].name, name))
            return &peer->chains[i];
    return NULL;
}

const struct peer_ledger *peer_ledger(const struct peer *peer, rt_str channel)
{
    const struct peer_chain *chain = peer_find_chain(peer, channel);
    return chain ? chain->ledger : NULL;
}

struct committer *peer_committer(const struct peer *peer, rt_str channel)
{
    const struct peer_chain *chain = peer_find_chain(peer, channel);
    return chain ? chain->committer : NULL;
}

bool peer_has_channel(const struct peer *peer, rt_str channel)
{
    return peer_find_chain(peer, channel) != NULL;
}

/* ---- coming up ---- */

static int compare_names(const void *a, const void *b)
{
    return rt_str_cmp(((const struct peer_chain *)a)->name, ((const struct peer_chain *)b)->name);
}

/* ledgermgmt.GetLedgerIDs: in the order of a database of them. */
static void list_ledgers(struct peer *peer)
{
    const struct world *world = peer_base_world(peer->config.base);
    peer->chains = rt_new_array(struct peer_chain, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++)
        peer->chains[i] = (struct peer_chain){ .name = world->channels[i].name, .channel = i };
    qsort(peer->chains, world->channel_count, sizeof(*peer->chains), compare_names);
}

/* ledgermgmt.OpenLedger: what is on the disk and not in the state yet is committed again. */
static struct rt_error *open_ledger(struct peer *peer, struct peer_chain *chain)
{
    struct ledger_disk *disk = peer_disk_ledger(peer->config.disk, chain->channel);
    struct rt_error *err = kv_ledger_open(disk, NULL,
            lscc_state_listener_new(peer->lscc->event_mgr, chain->name), &chain->ledger);
    if (!err)
        kv_ledger_set_observer(chain->ledger, peer->config.observer);
    return err;
}

/* createChain: from here on blocks are committed, and the channel is there for everybody. */
static void create_chain(struct peer *peer, struct peer_chain *chain)
{
    const struct channel_config *config = peer_base_channel(peer->config.base, chain->name);
    rt_str incompatible = peer_base_incompatible(peer->config.base, chain->channel);
    if (incompatible.data)
        rt_panicf("[channel %S] incompatible: %S", chain->name, incompatible);
    msp_mgmt_set_manager(peer->msp_mgmt, chain->name, config->msp_manager);
    chain->committer = peer_make_committer(peer, chain);
    chain->private_handler = peer_make_private_handler(peer, chain);
    if (peer->config.channel_up)
        peer->config.channel_up(peer->config.channel_up_arg, chain->name, chain->committer);
    chain->up = true;
}

/* InitChain: the channel's system chaincodes, and whom installs and commits of chaincodes are told
 * to. */
static void init_chain(struct peer *peer, const struct peer_chain *chain)
{
    struct cceventmgmt_listener subscription;
    scc_provider_deploy_sys_ccs(peer->sccp, chain->name, &peer->ccp);
    if (cclifecycle_new_channel_subscription(
                &peer->lifecycle, &peer->operations, chain->name, &subscription))
        rt_panicf("Failed subscribing to chaincode lifecycle updates");
    cceventmgmt_register(peer->lscc->event_mgr, chain->name, subscription);
}

void peer_initialize(struct peer *peer)
{
    list_ledgers(peer);
    for (size_t i = 0; i < channel_count(peer); i++) {
        struct peer_chain *chain = &peer->chains[i];
        rt_note("Loading chain %S", chain->name);
        struct rt_error *err = open_ledger(peer, chain);
        if (err) {
            rt_note("Failed to load ledger %S(%v)", chain->name, err);
            continue;
        }
        create_chain(peer, chain);
        init_chain(peer, chain);
    }
}
