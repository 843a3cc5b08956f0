/* Private writes of transactions that are endorsed and not committed yet.
 *
 * Follows core/transientstore/store.go. It is on the peer's disk, one for each channel, and
 * survives the peer. */
#ifndef CCLAB_MODEL_LEDGER_TRANSIENT_STORE_H
#define CCLAB_MODEL_LEDGER_TRANSIENT_STORE_H

#include "model/rt/map.h"
#include "model/rt/str.h"

struct Rwset__TxPvtReadWriteSet;

/* transientstore.TxPvtReadWriteSetWithConfigInfo. */
struct pvt_rwset_with_config {
    uint64_t endorsed_at;
    struct Rwset__TxPvtReadWriteSet *pvt_rwset;
    struct rt_map *collection_configs; /* from namespace to Common__CollectionConfigPackage * */
};

/* One private write set; a transaction may have several, from several endorsers. */
struct transient_entry {
    rt_str tx_id;
    uint64_t height;
    const struct pvt_rwset_with_config *data;
};

struct transient_store {
    struct transient_entry *entries;
    size_t count;
    size_t cap;
};

/* PersistWithConfig. */
void transient_store_persist(struct transient_store *store, rt_str tx_id, uint64_t height,
        const struct pvt_rwset_with_config *data);
/* GetTxPvtRWSetByTxid: the n-th write set of the transaction, from 0; NULL after the last. */
const struct pvt_rwset_with_config *transient_store_get(
        const struct transient_store *store, rt_str tx_id, size_t n);
/* PurgeByTxids. */
void transient_store_purge_by_txids(
        struct transient_store *store, const rt_str *tx_ids, size_t count);
/* PurgeByHeight: what came below this height. */
void transient_store_purge_by_height(struct transient_store *store, uint64_t height);

#endif
