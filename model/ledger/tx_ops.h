/* From a valid transaction's write set to updates of the state
 * (core/ledger/kvledger/txmgmt/validator/internal/{tx_ops_preparation,val}.go).
 *
 * A write of a value alone keeps the key's metadata, a write of metadata alone its value. */
#ifndef CCLAB_MODEL_LEDGER_TX_OPS_H
#define CCLAB_MODEL_LEDGER_TX_OPS_H

#include "model/ledger/rwset_proto_util.h"
#include "model/ledger/state_db.h"

/* PubAndHashUpdates.ApplyWriteSet: adds the write set to `updates`, which hold what the preceding
 * transactions of the block do. Hashed writes go to the collection's namespace of hashes. Panics,
 * as in Go, when a key would get a nil value. */
RT_MUST_USE struct rt_error *apply_write_set(const struct tx_rw_set *rw_set, struct height height,
        const struct state_db *db, struct update_batch *updates);

#endif
