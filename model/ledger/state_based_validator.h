/* Are a transaction's reads still true? (core/ledger/kvledger/txmgmt/validator/statebasedval)
 *
 * Reads must have the version that the state has now, untouched by preceding valid transactions of
 * the block; range queries must give the same keys and versions again. */
#ifndef CCLAB_MODEL_LEDGER_STATE_BASED_VALIDATOR_H
#define CCLAB_MODEL_LEDGER_STATE_BASED_VALIDATOR_H

#include "model/ledger/rwset_proto_util.h"
#include "model/ledger/state_db.h"

#include "proto/transaction.pb-c.h"

/* Validator.validateTx: *code is VALID, MVCC_READ_CONFLICT or PHANTOM_READ_CONFLICT. `updates` hold
 * what the preceding transactions of the block do. An error is one of the database. */
RT_MUST_USE struct rt_error *validate_tx_reads(const struct tx_rw_set *rw_set,
        const struct state_db *db, const struct update_batch *updates,
        Protos__TxValidationCode *code);

/* combinedIterator: a range, and its end key last when that belongs to it. */
struct combined_iterator {
    const struct state_db *db;
    struct kv_scanner scanner;
    rt_str ns;
    rt_str end_key;
    bool include_end_key;
    bool end_key_served;
    struct rt_error *err; /* why it ended early */
};
bool combined_iterator_next(struct combined_iterator *itr, struct versioned_kv *kv);

/* rangeQueryResultsValidator, rangeQueryHashValidator: true when the iterator still gives what the
 * range query saw. */
bool validate_range_query_results(
        const Kvrwset__RangeQueryInfo *info, struct combined_iterator *itr);

#endif
