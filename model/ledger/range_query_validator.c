/* Follows core/ledger/kvledger/txmgmt/validator/statebasedval/range_query_validator.go. */
#include "model/ledger/query_results_helper.h"
#include "model/ledger/state_based_validator.h"
#include "model/rt/rt.h"

/* rangeQueryResultsValidator.validate. */
static bool validate_raw_reads(const Kvrwset__QueryReads *reads, struct combined_iterator *itr)
{
    struct versioned_kv kv;
    bool found = combined_iterator_next(itr, &kv);
    for (size_t i = 0; reads && i < reads->n_kv_reads; i++) {
        const Kvrwset__KVRead *read = reads->kv_reads[i];
        if (!found || !rt_str_eq(kv.key, read->key))
            return false;
        const Kvrwset__Version *version = RT_DEREF(read->version);
        if (!height_are_same(kv.value.version, height_from_proto(version)))
            return false;
        found = combined_iterator_next(itr, &kv);
    }
    return !found;
}

/* QueryReadsMerkleSummary.Equal. */
static bool merkle_equal(
        const Kvrwset__QueryReadsMerkleSummary *a, const Kvrwset__QueryReadsMerkleSummary *b)
{
    if (a->max_degree != b->max_degree || a->max_level != b->max_level ||
            a->n_max_level_hashes != b->n_max_level_hashes)
        return false;
    for (size_t i = 0; i < a->n_max_level_hashes; i++) {
        if (!rt_str_eq(a->max_level_hashes[i], b->max_level_hashes[i]))
            return false;
    }
    return true;
}

/* rangeQueryHashValidator.validate: builds the tree again and compares the hashes of the top level
 * as soon as they are known. */
static bool validate_hashes(
        const Kvrwset__QueryReadsMerkleSummary *in_merkle, struct combined_iterator *itr)
{
    struct range_query_results_helper built;
    struct range_query_results_helper *helper = &built;
    if (range_query_results_helper_init(helper, in_merkle->max_degree))
        helper = NULL; /* Fabric drops the error and keeps the nil pointer */
    size_t matched = 0;
    struct versioned_kv kv;
    while (combined_iterator_next(itr, &kv)) {
        RT_DROP(range_query_results_helper_add_result(
                RT_DEREF(helper), new_kv_read(kv.key, kv.value.version)));
        const Kvrwset__QueryReadsMerkleSummary *merkle =
                range_query_results_helper_get_merkle_summary(helper);
        if (merkle->max_level < in_merkle->max_level || matched == merkle->n_max_level_hashes)
            continue;
        if (merkle->n_max_level_hashes > in_merkle->n_max_level_hashes)
            return false;
        if (matched > merkle->n_max_level_hashes)
            rt_panic_index();
        if (!rt_str_eq(merkle->max_level_hashes[matched], in_merkle->max_level_hashes[matched]))
            return false;
        matched++;
    }
    Kvrwset__KVRead **reads;
    size_t count;
    Kvrwset__QueryReadsMerkleSummary *merkle;
    if (range_query_results_helper_done(RT_DEREF(helper), &reads, &count, &merkle) || !merkle)
        return false;
    return merkle_equal(in_merkle, merkle);
}

bool validate_range_query_results(
        const Kvrwset__RangeQueryInfo *info, struct combined_iterator *itr)
{
    if (info->reads_info_case == KVRWSET__RANGE_QUERY_INFO__READS_INFO_READS_MERKLE_HASHES)
        return validate_hashes(info->reads_merkle_hashes, itr);
    const Kvrwset__QueryReads *reads = NULL;
    if (info->reads_info_case == KVRWSET__RANGE_QUERY_INFO__READS_INFO_RAW_READS)
        reads = info->raw_reads;
    return validate_raw_reads(reads, itr);
}
