/* Private writes of a block that go into the state next to the public ones
 * (core/ledger/kvledger/txmgmt/validator/valimpl/helper.go). */
#ifndef CCLAB_MODEL_LEDGER_PVT_BATCH_H
#define CCLAB_MODEL_LEDGER_PVT_BATCH_H

#include "model/ledger/rwset_proto_util.h"
#include "model/ledger/state_db.h"

struct pvt_metadata_update {
    rt_str ns;
    rt_str coll;
    rt_str key;
    struct pvt_metadata_update *next;
};

struct pvt_batch {
    uint64_t block_num;
    struct update_batch updates; /* PvtUpdateBatch */
    struct pvt_metadata_update *metadata_updates;
};

/* What validateAndPreparePvtBatch does with one valid transaction: its private writes must have the
 * hashes that its public set promises. */
RT_MUST_USE struct rt_error *pvt_batch_add_tx(struct pvt_batch *batch, uint64_t tx_num,
        const struct tx_rw_set *rw_set, const Rwset__TxPvtReadWriteSet *pvt);
/* incrementPvtdataVersionIfNeeded, then adds the private updates to the block's. */
RT_MUST_USE struct rt_error *pvt_batch_finish(
        struct pvt_batch *batch, const struct state_db *db, struct update_batch *block_updates);

#endif
