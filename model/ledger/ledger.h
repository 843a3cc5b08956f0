/* The interfaces of a peer's ledger (core/ledger/ledger_interface.go, common/ledger).
 *
 * Chaincode support, lscc, the endorser and the committer see the ledger only through these structs
 * of function pointers. Every function takes the struct's `self` first. Results are written only on
 * success, live in the current arena and are never changed by the ledger afterwards.
 *
 * kv_ledger.h makes the implementation; a test can make its own. */
#ifndef CCLAB_MODEL_LEDGER_LEDGER_H
#define CCLAB_MODEL_LEDGER_LEDGER_H

#include "model/rt/error.h"
#include "model/rt/map.h"
#include "model/rt/str.h"

struct Common__Block;
struct Common__BlockchainInfo;
struct Common__CollectionConfigPackage;
struct Common__StaticCollectionConfig;
struct Protos__ProcessedTransaction;
struct Rwset__TxReadWriteSet;
struct Rwset__TxPvtReadWriteSet;
struct Queryresult__KV;

/* ---- results ---- */

/* commonledger.ResultsIterator. `next` sets *result to NULL when the iterator is exhausted; the
 * type of a result depends on the query: struct Queryresult__KV for states and private data. */
struct results_iterator {
    void *self;
    struct rt_error *(*next)(void *self, void **result);
    void (*close)(void *self);
};

/* ledger.QueryResultsIterator. */
struct query_results_iterator {
    struct results_iterator results;
    rt_str (*get_bookmark_and_close)(void *self);
};

/* The `metadata map[string]interface{}` of a paginated range query; Go's map knows more, the only
 * entry that is ever set or read is "limit". */
struct query_options {
    bool has_limit;
    int32_t limit;
};

/* ledger.TxSimulationResults. `pvt` is NULL when the transaction wrote no private data. */
struct tx_simulation_results {
    struct Rwset__TxReadWriteSet *pub;
    struct Rwset__TxPvtReadWriteSet *pvt;
};
/* TxSimulationResults.GetPubSimulationBytes, GetPvtSimulationBytes (nil without private writes). */
RT_MUST_USE struct rt_error *ledger_pub_simulation_bytes(
        const struct tx_simulation_results *results, rt_bytes *out);
RT_MUST_USE struct rt_error *ledger_pvt_simulation_bytes(
        const struct tx_simulation_results *results, rt_bytes *out);

/* ---- executors ---- */

/* ledger.SimpleQueryExecutor. A missing key gives nil. */
struct simple_query_executor {
    void *self;
    struct rt_error *(*get_state)(void *self, rt_str ns, rt_str key, rt_bytes *value);
    struct rt_error *(*get_state_range_scan_iterator)(void *self, rt_str ns, rt_str start_key,
            rt_str end_key, const struct results_iterator **iterator);
};

/* ledger.QueryExecutor. Metadata is a map from name to rt_bytes *; a NULL map is Go's nil map.
 * A range includes its start key and excludes its end key; empty keys mean the first and the last.
 * The executor holds the ledger's commit lock, shared, from its creation to `done`. */
struct query_executor {
    void *self;
    struct rt_error *(*get_state)(void *self, rt_str ns, rt_str key, rt_bytes *value);
    struct rt_error *(*get_state_metadata)(
            void *self, rt_str ns, rt_str key, struct rt_map **metadata);
    struct rt_error *(*get_state_multiple_keys)(
            void *self, rt_str ns, const rt_str *keys, size_t count, rt_bytes **values);
    struct rt_error *(*get_state_range_scan_iterator)(void *self, rt_str ns, rt_str start_key,
            rt_str end_key, const struct results_iterator **iterator);
    struct rt_error *(*get_state_range_scan_iterator_with_metadata)(void *self, rt_str ns,
            rt_str start_key, rt_str end_key, const struct query_options *metadata,
            const struct query_results_iterator **iterator);
    struct rt_error *(*execute_query)(
            void *self, rt_str ns, rt_str query, const struct results_iterator **iterator);
    struct rt_error *(*execute_query_with_metadata)(void *self, rt_str ns, rt_str query,
            const struct query_options *metadata, const struct query_results_iterator **iterator);
    struct rt_error *(*get_private_data)(
            void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes *value);
    struct rt_error *(*get_private_data_hash)(
            void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes *hash);
    struct rt_error *(*get_private_data_metadata)(
            void *self, rt_str ns, rt_str collection, rt_str key, struct rt_map **metadata);
    struct rt_error *(*get_private_data_metadata_by_hash)(
            void *self, rt_str ns, rt_str collection, rt_bytes key_hash, struct rt_map **metadata);
    struct rt_error *(*get_private_data_multiple_keys)(void *self, rt_str ns, rt_str collection,
            const rt_str *keys, size_t count, rt_bytes **values);
    struct rt_error *(*get_private_data_range_scan_iterator)(void *self, rt_str ns,
            rt_str collection, rt_str start_key, rt_str end_key,
            const struct results_iterator **iterator);
    struct rt_error *(*execute_query_on_private_data)(void *self, rt_str ns, rt_str collection,
            rt_str query, const struct results_iterator **iterator);
    /* Releases the commit lock; the second call does nothing. */
    void (*done)(void *self);
};

/* ledger.TxSimulator: a query executor whose reads are recorded, and writes. `query.self` and
 * `self` are the same object. A nil value in a set is a delete, as in Go. */
struct tx_simulator {
    void *self;
    struct query_executor query;
    struct rt_error *(*set_state)(void *self, rt_str ns, rt_str key, rt_bytes value);
    struct rt_error *(*delete_state)(void *self, rt_str ns, rt_str key);
    /* kvs: from key to rt_bytes *. */
    struct rt_error *(*set_state_multiple_keys)(void *self, rt_str ns, const struct rt_map *kvs);
    struct rt_error *(*set_state_metadata)(
            void *self, rt_str ns, rt_str key, const struct rt_map *metadata);
    struct rt_error *(*delete_state_metadata)(void *self, rt_str ns, rt_str key);
    struct rt_error *(*execute_update)(void *self, rt_str query);
    struct rt_error *(*set_private_data)(
            void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes value);
    struct rt_error *(*set_private_data_multiple_keys)(
            void *self, rt_str ns, rt_str collection, const struct rt_map *kvs);
    struct rt_error *(*delete_private_data)(void *self, rt_str ns, rt_str collection, rt_str key);
    struct rt_error *(*set_private_data_metadata)(
            void *self, rt_str ns, rt_str collection, rt_str key, const struct rt_map *metadata);
    struct rt_error *(*delete_private_data_metadata)(
            void *self, rt_str ns, rt_str collection, rt_str key);
    struct rt_error *(*get_tx_simulation_results)(
            void *self, struct tx_simulation_results **results);
};

/* ledger.HistoryQueryExecutor; results are struct Queryresult__KeyModification. */
struct history_query_executor {
    void *self;
    struct rt_error *(*get_history_for_key)(
            void *self, rt_str ns, rt_str key, const struct results_iterator **iterator);
};

/* ---- what the ledger asks of others ---- */

/* ledger.DeployedChaincodeInfo. */
struct deployed_chaincode_info {
    rt_str name;
    rt_bytes hash;
    rt_str version;
    struct Common__CollectionConfigPackage *collection_config_pkg; /* NULL for none */
};

/* ledger.DeployedChaincodeInfoProvider, as far as it is used; deployed_cc_info.h implements it as
 * lscc does. *info, *config are NULL for an unknown chaincode or collection. */
struct deployed_chaincode_info_provider {
    void *self;
    struct rt_error *(*chaincode_info)(void *self, rt_str chaincode_name,
            const struct simple_query_executor *qe, struct deployed_chaincode_info **info);
    struct rt_error *(*collection_info)(void *self, rt_str chaincode_name, rt_str collection_name,
            const struct simple_query_executor *qe, struct Common__StaticCollectionConfig **config);
};

/* ---- the ledger ---- */

/* ledger.BlockAndPvtData: a block and the private writes of its transactions by their index; fewer
 * than transactions, and NULL, mean none. */
struct block_and_pvt_data {
    struct Common__Block *block;
    struct Rwset__TxPvtReadWriteSet *const *pvt;
    size_t pvt_count;
};

/* ledger.PeerLedger. */
struct peer_ledger {
    void *self;
    /* UINT64_MAX gives the last block. */
    struct rt_error *(*get_block_by_number)(
            void *self, uint64_t number, struct Common__Block **block);
    struct rt_error *(*get_blockchain_info)(void *self, struct Common__BlockchainInfo **info);
    struct rt_error *(*get_transaction_by_id)(
            void *self, rt_str tx_id, struct Protos__ProcessedTransaction **transaction);
    struct rt_error *(*get_block_by_hash)(
            void *self, rt_bytes block_hash, struct Common__Block **block);
    struct rt_error *(*get_block_by_tx_id)(void *self, rt_str tx_id, struct Common__Block **block);
    struct rt_error *(*get_tx_validation_code_by_tx_id)(void *self, rt_str tx_id, int32_t *code);
    struct rt_error *(*new_tx_simulator)(
            void *self, rt_str tx_id, const struct tx_simulator **simulator);
    struct rt_error *(*new_query_executor)(void *self, const struct query_executor **executor);
    struct rt_error *(*new_history_query_executor)(
            void *self, const struct history_query_executor **executor);
    /* Validates the read sets of the block's transactions against the state (codes that are not
     * VALID in the block's metadata stay), then stores the block and updates the state under the
     * commit lock. */
    struct rt_error *(*commit_with_pvt_data)(void *self, const struct block_and_pvt_data *data);
};

/* Types of errors, for rt_error_is(). */
extern const char ledger_not_found_in_index_err[];  /* ledger.NotFoundInIndexErr */
extern const char ledger_coll_config_not_defined[]; /* ledger.CollConfigNotDefinedError */
extern const char ledger_invalid_coll_name[];       /* ledger.InvalidCollNameError */
extern const char ledger_unsupported_transaction[]; /* txmgr.ErrUnsupportedTransaction */
extern const char ledger_pvtdata_not_available[];   /* txmgr.ErrPvtdataNotAvailable */

/* ledgerconfig.GetTotalQueryLimit. The handler's maximum batch size is the same constant in
 * Fabric. */
#define LEDGER_TOTAL_QUERY_LIMIT 10000

#endif
