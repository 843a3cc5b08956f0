/* A channel's ledger (core/ledger/kvledger/kv_ledger.go).
 *
 * The disk survives a peer's death, the ledger over it does not: opening it again gives fresh locks
 * and brings the state up to the last stored block, as the real peer does. */
#ifndef CCLAB_MODEL_LEDGER_KV_LEDGER_H
#define CCLAB_MODEL_LEDGER_KV_LEDGER_H

#include "model/ledger/block_store.h"
#include "model/ledger/history_db.h"
#include "model/ledger/ledger.h"
#include "model/ledger/state_db.h"

struct world_channel;

/* What a ledger keeps on its peer's disk: state, blocks and history. */
struct ledger_disk {
    struct state_db state;
    struct block_store blocks;
    struct history_db history;
    struct storage storage; /* of all three; its hook may be set before the ledger is opened */
};

/* The disk as the world describes the channel. Cheap: the world's state is shared, only changes
 * are new. The world must outlive it. */
struct ledger_disk *ledger_disk_new(const struct world_channel *channel);

/* kvLedger of newKVLedger. `provider` tells about deployed chaincodes; NULL is lscc's. `listener`
 * (NULL for none) is told about blocks that change namespace lscc. Recommits blocks that are stored
 * but not in the state or the history. */
struct state_listener;
RT_MUST_USE struct rt_error *kv_ledger_open(struct ledger_disk *disk,
        const struct deployed_chaincode_info_provider *provider,
        const struct state_listener *listener, const struct peer_ledger **ledger);

/* Tells `observer` when simulators and query executors are opened, used and done, from now on. Not
 * of Fabric. */
struct observer;
void kv_ledger_set_observer(const struct peer_ledger *ledger, const struct observer *observer);

#endif
