/* Follows resultsItr and pvtdataResultsItr of
 * core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/helper.go. */
#include "model/ledger/results_itr.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/kv_query_result.pb-c.h"

static Queryresult__KV *query_result(rt_str ns, const struct versioned_kv *kv)
{
    Queryresult__KV *result = WIRE_NEW(queryresult__kv);
    result->namespace_ = ns;
    result->key = kv->key;
    result->value = kv->value.value;
    return result;
}

/* updateRangeQueryInfo: the range ends at the last key that was returned, until the iterator is
 * found exhausted, for nobody knows whether Next will be called again. */
static void update_range_query_info(struct results_itr *itr, const struct versioned_kv *kv)
{
    if (!itr->rwset_builder)
        return;
    if (!kv) {
        itr->range_query_info->itr_exhausted = true;
        itr->range_query_info->end_key = itr->end_key;
        return;
    }
    RT_DROP(range_query_results_helper_add_result(
            &itr->range_query_results_helper, new_kv_read(kv->key, kv->value.version)));
    itr->range_query_info->end_key = kv->key;
}

static struct rt_error *results_itr_next(void *self, void **result)
{
    rt_shared_write(self, "resultsItr");
    struct results_itr *itr = self;
    struct versioned_kv kv;
    bool found = kv_scanner_next(&itr->db_itr, &kv);
    update_range_query_info(itr, found ? &kv : NULL);
    *result = found ? query_result(kv.ns, &kv) : NULL;
    return NULL;
}

void results_itr_close(void *self)
{
    rt_shared_write(self, "resultsItr");
    struct results_itr *itr = self;
    kv_scanner_close(&itr->db_itr);
}

static rt_str results_itr_get_bookmark_and_close(void *self)
{
    struct results_itr *itr = self;
    return kv_scanner_get_bookmark_and_close(&itr->db_itr);
}

struct results_itr *results_itr_new(const struct state_db *db, rt_str ns, rt_str start_key,
        rt_str end_key, const struct query_options *metadata, struct rwset_builder *builder)
{
    struct results_itr *itr = rt_new(struct results_itr);
    itr->interface = (struct query_results_iterator){
        .results = { itr, results_itr_next, results_itr_close },
        .get_bookmark_and_close = results_itr_get_bookmark_and_close,
    };
    kv_scanner_init(&itr->db_itr, db, ns, start_key, end_key,
            metadata && metadata->has_limit ? metadata->limit : 0);
    itr->ns = ns;
    if (builder) {
        itr->rwset_builder = builder;
        itr->end_key = end_key;
        itr->range_query_info = WIRE_NEW(kvrwset__range_query_info);
        itr->range_query_info->start_key = start_key;
        RT_DROP(range_query_results_helper_init(
                &itr->range_query_results_helper, MAX_DEGREE_QUERY_READS_HASHING));
    }
    return itr;
}

struct rt_error *results_itr_add_range_query_info(struct results_itr *itr)
{
    Kvrwset__KVRead **reads;
    size_t count;
    Kvrwset__QueryReadsMerkleSummary *summary;
    struct rt_error *err = range_query_results_helper_done(
            &itr->range_query_results_helper, &reads, &count, &summary);
    if (err)
        return err;
    Kvrwset__RangeQueryInfo *info = itr->range_query_info;
    if (reads) {
        Kvrwset__QueryReads *raw = WIRE_NEW(kvrwset__query_reads);
        raw->kv_reads = reads;
        raw->n_kv_reads = count;
        info->reads_info_case = KVRWSET__RANGE_QUERY_INFO__READS_INFO_RAW_READS;
        info->raw_reads = raw;
    }
    if (summary) {
        info->reads_info_case = KVRWSET__RANGE_QUERY_INFO__READS_INFO_READS_MERKLE_HASHES;
        info->reads_merkle_hashes = summary;
    }
    rwset_builder_add_to_range_query_set(itr->rwset_builder, itr->ns, info);
    return NULL;
}

struct pvtdata_results_itr {
    struct results_iterator interface;
    struct kv_scanner db_itr;
    rt_str ns;
};

static struct rt_error *pvtdata_results_itr_next(void *self, void **result)
{
    struct pvtdata_results_itr *itr = self;
    struct versioned_kv kv;
    *result = kv_scanner_next(&itr->db_itr, &kv) ? query_result(itr->ns, &kv) : NULL;
    return NULL;
}

static void pvtdata_results_itr_close(void *self)
{
    struct pvtdata_results_itr *itr = self;
    kv_scanner_close(&itr->db_itr);
}

const struct results_iterator *pvtdata_results_itr_new(
        const struct state_db *db, rt_str ns, rt_str collection, rt_str start_key, rt_str end_key)
{
    struct pvtdata_results_itr *itr = rt_new(struct pvtdata_results_itr);
    itr->interface =
            (struct results_iterator){ itr, pvtdata_results_itr_next, pvtdata_results_itr_close };
    kv_scanner_init(&itr->db_itr, db, derive_pvt_data_ns(ns, collection), start_key, end_key, 0);
    itr->ns = ns;
    return &itr->interface;
}
