/* What query executor and simulator share
 * (core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/{helper,collection_val}.go).
 *
 * Functions take `void *self`, a struct query_helper, so that they are the query part of both
 * interfaces; a simulator begins with its helper. */
#ifndef CCLAB_MODEL_LEDGER_QUERY_HELPER_H
#define CCLAB_MODEL_LEDGER_QUERY_HELPER_H

#include "model/ledger/lockbased_txmgr.h"
#include "model/ledger/rwset_builder.h"

struct results_itr;

struct query_helper {
    struct lock_based_tx_mgr *txmgr;
    struct rwset_builder *rwset_builder; /* NULL: reads are not recorded */
    struct results_itr *itrs;            /* in order of their creation */
    struct results_itr *last_itr;
    struct rt_map *coll_config_cache; /* from namespace to a map of its collections' names */
    struct rt_error *err;
    bool done_invoked;
};

/* queryHelper.checkDone, validateCollName. */
RT_MUST_USE struct rt_error *query_helper_check_done(const struct query_helper *h);
RT_MUST_USE struct rt_error *query_helper_validate_coll_name(
        struct query_helper *h, rt_str ns, rt_str coll);
/* queryHelper.addRangeQueryInfo. */
void query_helper_add_range_query_info(struct query_helper *h);

/* The functions of ledger.QueryExecutor. */
RT_MUST_USE struct rt_error *query_helper_get_state(
        void *self, rt_str ns, rt_str key, rt_bytes *value);
RT_MUST_USE struct rt_error *query_helper_get_state_range_scan_iterator(void *self, rt_str ns,
        rt_str start_key, rt_str end_key, const struct results_iterator **iterator);
RT_MUST_USE struct rt_error *query_helper_get_state_range_scan_iterator_with_metadata(void *self,
        rt_str ns, rt_str start_key, rt_str end_key, const struct query_options *metadata,
        const struct query_results_iterator **iterator);
RT_MUST_USE struct rt_error *query_helper_execute_query_with_metadata(void *self, rt_str ns,
        rt_str query, const struct query_options *metadata,
        const struct query_results_iterator **iterator);
RT_MUST_USE struct rt_error *query_helper_get_private_data_range_scan_iterator(void *self,
        rt_str ns, rt_str collection, rt_str start_key, rt_str end_key,
        const struct results_iterator **iterator);
RT_MUST_USE struct rt_error *query_helper_execute_query_on_private_data(void *self, rt_str ns,
        rt_str collection, rt_str query, const struct results_iterator **iterator);
/* All of them: a query executor over this helper. */
void query_helper_interface(struct query_helper *h, struct query_executor *executor);

#endif
