/* Builds the read-write set of a simulated transaction
 * (core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go).
 *
 * A later read or write of a key replaces the earlier one; the same range read twice is kept once.
 * Namespaces, collections and keys come out in order of their bytes, range queries in order of
 * their addition. */
#ifndef CCLAB_MODEL_LEDGER_RWSET_BUILDER_H
#define CCLAB_MODEL_LEDGER_RWSET_BUILDER_H

#include "model/ledger/version.h"
#include "model/rt/error.h"
#include "model/rt/map.h"

typedef struct Kvrwset__RangeQueryInfo Kvrwset__RangeQueryInfo;
struct tx_simulation_results;

struct rwset_builder {
    struct rt_map *pub_rw_builder_map; /* of struct ns_pub_rw_builder */
    struct rt_map *pvt_rw_builder_map; /* of struct ns_pvt_rw_builder */
};

/* NewRWSetBuilder. */
struct rwset_builder *rwset_builder_new(void);

/* AddToReadSet; HEIGHT_NIL for a key that does not exist. */
void rwset_builder_add_to_read_set(
        struct rwset_builder *b, rt_str ns, rt_str key, struct height version);
/* AddToWriteSet: a nil value is a delete. */
void rwset_builder_add_to_write_set(struct rwset_builder *b, rt_str ns, rt_str key, rt_bytes value);
/* AddToMetadataWriteSet: NULL or an empty map deletes the metadata. */
void rwset_builder_add_to_metadata_write_set(
        struct rwset_builder *b, rt_str ns, rt_str key, const struct rt_map *metadata);
/* AddToRangeQuerySet. */
void rwset_builder_add_to_range_query_set(
        struct rwset_builder *b, rt_str ns, Kvrwset__RangeQueryInfo *info);
/* AddToHashedReadSet, AddToPvtAndHashedWriteSet, AddToHashedMetadataWriteSet. */
void rwset_builder_add_to_hashed_read_set(
        struct rwset_builder *b, rt_str ns, rt_str collection, rt_str key, struct height version);
void rwset_builder_add_to_pvt_and_hashed_write_set(
        struct rwset_builder *b, rt_str ns, rt_str collection, rt_str key, rt_bytes value);
void rwset_builder_add_to_hashed_metadata_write_set(struct rwset_builder *b, rt_str ns,
        rt_str collection, rt_str key, const struct rt_map *metadata);

/* GetTxSimulationResults. */
RT_MUST_USE struct rt_error *rwset_builder_get_tx_simulation_results(
        struct rwset_builder *b, struct tx_simulation_results **results);

#endif
