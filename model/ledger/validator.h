/* Validates a block against the state and prepares its updates
 * (core/ledger/kvledger/txmgmt/validator/valimpl/{default_impl,helper}.go). */
#ifndef CCLAB_MODEL_LEDGER_VALIDATOR_H
#define CCLAB_MODEL_LEDGER_VALIDATOR_H

#include "model/ledger/ledger.h"
#include "model/ledger/state_db.h"

#include "proto/common.pb-c.h"

/* DefaultImpl.ValidateAndPrepareBatch: sets the codes of the transactions that are not invalid yet
 * in the block's metadata, and fills `batch`. Panics when the metadata has no codes at all. */
RT_MUST_USE struct rt_error *validate_and_prepare_batch(const struct state_db *db,
        const struct block_and_pvt_data *data, bool do_mvcc_validation, struct update_batch *batch);

/* The channel header of a block's envelope: what kind of transaction it is. */
RT_MUST_USE struct rt_error *envelope_channel_header(
        rt_bytes envelope, Common__ChannelHeader **chdr);

/* util.TxValidationFlags of a block: the code of a transaction, and setting it. */
uint8_t block_validation_flag(const Common__Block *block, size_t tx_index);
void block_set_validation_flag(Common__Block *block, size_t tx_index, uint8_t code);

#endif
