/* Iterators over the state that remember what they returned
 * (core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/helper.go: resultsItr, pvtdataResultsItr). */
#ifndef CCLAB_MODEL_LEDGER_RESULTS_ITR_H
#define CCLAB_MODEL_LEDGER_RESULTS_ITR_H

#include "model/ledger/ledger.h"
#include "model/ledger/query_results_helper.h"
#include "model/ledger/rwset_builder.h"
#include "model/ledger/state_db.h"

struct results_itr {
    struct query_results_iterator interface;
    struct kv_scanner db_itr;
    /* The rest only when reads are recorded. */
    struct rwset_builder *rwset_builder;
    Kvrwset__RangeQueryInfo *range_query_info;
    struct range_query_results_helper range_query_results_helper;
    rt_str ns;
    rt_str end_key;
    struct results_itr *next;
};

/* newResultsItr; `metadata` and `builder` may be NULL. */
struct results_itr *results_itr_new(const struct state_db *db, rt_str ns, rt_str start_key,
        rt_str end_key, const struct query_options *metadata, struct rwset_builder *builder);
/* What addRangeQueryInfo does for one iterator. */
RT_MUST_USE struct rt_error *results_itr_add_range_query_info(struct results_itr *itr);
void results_itr_close(void *self);

/* pvtdataResultsItr: reads are not recorded. */
const struct results_iterator *pvtdata_results_itr_new(
        const struct state_db *db, rt_str ns, rt_str collection, rt_str start_key, rt_str end_key);

#endif
