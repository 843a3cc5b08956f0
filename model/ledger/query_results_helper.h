/* What a range query leaves in the read set: the raw reads, or a Merkle summary of many
 * (core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go).
 *
 * Reads are collected; more than `max_degree` of them are hashed into a leaf, more than
 * `max_degree` hashes of one level into one hash of the next. */
#ifndef CCLAB_MODEL_LEDGER_QUERY_RESULTS_HELPER_H
#define CCLAB_MODEL_LEDGER_QUERY_RESULTS_HELPER_H

#include "model/ledger/version.h"
#include "model/rt/error.h"

#include "proto/kv_rwset.pb-c.h"

struct merkle_tree {
    struct merkle_level {
        rt_bytes *hashes;
        size_t count;
        size_t capacity;
    } * levels; /* by level; [0] is not used */
    uint32_t level_capacity;
    uint32_t max_level;
    uint32_t max_degree;
};

/* rwsetutil.RangeQueryResultsHelper with hashing enabled, as ledgerconfig always has it. */
struct range_query_results_helper {
    Kvrwset__KVRead **pending_results; /* NULL is Go's nil slice */
    size_t pending_count;
    size_t pending_capacity;
    uint32_t max_degree;
    struct merkle_tree tree;
};

/* ledgerconfig.GetMaxDegreeQueryReadsHashing. */
#define MAX_DEGREE_QUERY_READS_HASHING 50u

/* NewRangeQueryResultsHelper: fails when max_degree is below 2; the helper then has no tree and
 * panics like a nil pointer when it is used for more than pending results. */
RT_MUST_USE struct rt_error *range_query_results_helper_init(
        struct range_query_results_helper *helper, uint32_t max_degree);
/* AddResult. */
RT_MUST_USE struct rt_error *range_query_results_helper_add_result(
        struct range_query_results_helper *helper, Kvrwset__KVRead *read);
/* Done: *reads (NULL and *count 0 for none) or *summary (NULL for none). */
RT_MUST_USE struct rt_error *range_query_results_helper_done(
        struct range_query_results_helper *helper, Kvrwset__KVRead ***reads, size_t *count,
        Kvrwset__QueryReadsMerkleSummary **summary);
/* GetMerkleSummary: the state of the tree so far. */
Kvrwset__QueryReadsMerkleSummary *range_query_results_helper_get_merkle_summary(
        const struct range_query_results_helper *helper);

/* rwsetutil.NewKVRead. */
Kvrwset__KVRead *new_kv_read(rt_str key, struct height version);

#endif
