/* Follows core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/lockbased_{query_executer,
 * tx_simulator}.go. */
#include "model/ledger/tx_simulator.h"

#include "model/lab/observer.h"
#include "model/ledger/query_helper.h"

struct lock_based_query_executor {
    struct query_helper helper;
    struct query_executor interface;
};

/* lockBasedTxSimulator. */
struct lock_based_tx_simulator {
    struct query_helper helper; /* first: query functions see the simulator as one */
    struct tx_simulator interface;
    rt_str tx_id;
    bool write_performed;
    bool pvtdata_queries_performed;
    bool simulation_results_computed;
    bool paginated_queries_performed;
};

const struct query_executor *new_query_executor(struct lock_based_tx_mgr *txmgr)
{
    struct lock_based_query_executor *q = rt_new(struct lock_based_query_executor);
    q->helper.txmgr = txmgr;
    query_helper_interface(&q->helper, &q->interface);
    return &q->interface;
}

/* ---- what excludes what ---- */

static struct rt_error *unsupported_transaction(
        const struct lock_based_tx_simulator *s, const char *text)
{
    return rt_error_typed(
            ledger_unsupported_transaction, NULL, rt_sprintf("txid [%S]: %s", s->tx_id, text));
}

static struct rt_error *check_write_precondition(struct lock_based_tx_simulator *s)
{
    struct rt_error *err = query_helper_check_done(&s->helper);
    if (err)
        return err;
    rt_shared_read(&s->pvtdata_queries_performed, "lockBasedTxSimulator.pvtdataQueriesPerformed");
    if (s->pvtdata_queries_performed)
        return unsupported_transaction(s, "Transaction has already performed queries on pvt data. "
                                          "Writes are not allowed");
    rt_shared_read(
            &s->paginated_queries_performed, "lockBasedTxSimulator.paginatedQueriesPerformed");
    if (s->paginated_queries_performed)
        return unsupported_transaction(s, "Transaction has already performed a paginated query. "
                                          "Writes are not allowed");
    rt_shared_write(&s->write_performed, "lockBasedTxSimulator.writePerformed");
    s->write_performed = true;
    return NULL;
}

static struct rt_error *check_before_pvtdata_queries(struct lock_based_tx_simulator *s)
{
    rt_shared_read(&s->write_performed, "lockBasedTxSimulator.writePerformed");
    if (s->write_performed)
        return unsupported_transaction(
                s, "Queries on pvt data is supported only in a read-only transaction");
    rt_shared_write(&s->pvtdata_queries_performed, "lockBasedTxSimulator.pvtdataQueriesPerformed");
    s->pvtdata_queries_performed = true;
    return NULL;
}

static struct rt_error *check_before_paginated_queries(struct lock_based_tx_simulator *s)
{
    rt_shared_read(&s->write_performed, "lockBasedTxSimulator.writePerformed");
    if (s->write_performed)
        return unsupported_transaction(
                s, "Paginated queries are supported only in a read-only transaction");
    rt_shared_write(
            &s->paginated_queries_performed, "lockBasedTxSimulator.paginatedQueriesPerformed");
    s->paginated_queries_performed = true;
    return NULL;
}

/* ---- writes ---- */

static struct rt_error *set_state(void *self, rt_str ns, rt_str key, rt_bytes value)
{
    struct lock_based_tx_simulator *s = self;
    struct rt_error *err = check_write_precondition(s);
    if (!err)
        rwset_builder_add_to_write_set(s->helper.rwset_builder, ns, key, value);
    return err;
}

static struct rt_error *delete_state(void *self, rt_str ns, rt_str key)
{
    return set_state(self, ns, key, RT_NIL);
}

static struct rt_error *set_state_multiple_keys(void *self, rt_str ns, const struct rt_map *kvs)
{
    /* Go's order is open, but does not show: all keys are set or the first one fails. */
    struct rt_map_entry *entries = rt_map_sorted(kvs);
    for (size_t i = 0; i < rt_map_len(kvs); i++) {
        struct rt_error *err =
                set_state(self, ns, entries[i].key, *(const rt_bytes *)entries[i].value);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *set_state_metadata(
        void *self, rt_str ns, rt_str key, const struct rt_map *metadata)
{
    struct lock_based_tx_simulator *s = self;
    struct rt_error *err = check_write_precondition(s);
    if (!err)
        rwset_builder_add_to_metadata_write_set(s->helper.rwset_builder, ns, key, metadata);
    return err;
}

static struct rt_error *delete_state_metadata(void *self, rt_str ns, rt_str key)
{
    return set_state_metadata(self, ns, key, NULL);
}

static struct rt_error *set_private_data(
        void *self, rt_str ns, rt_str coll, rt_str key, rt_bytes value)
{
    struct lock_based_tx_simulator *s = self;
    struct rt_error *err = query_helper_validate_coll_name(&s->helper, ns, coll);
    if (!err)
        err = check_write_precondition(s);
    if (!err)
        rwset_builder_add_to_pvt_and_hashed_write_set(
                s->helper.rwset_builder, ns, coll, key, value);
    return err;
}

static struct rt_error *delete_private_data(void *self, rt_str ns, rt_str coll, rt_str key)
{
    return set_private_data(self, ns, coll, key, RT_NIL);
}

static struct rt_error *set_private_data_multiple_keys(
        void *self, rt_str ns, rt_str coll, const struct rt_map *kvs)
{
    struct rt_map_entry *entries = rt_map_sorted(kvs);
    for (size_t i = 0; i < rt_map_len(kvs); i++) {
        struct rt_error *err = set_private_data(
                self, ns, coll, entries[i].key, *(const rt_bytes *)entries[i].value);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *set_private_data_metadata(
        void *self, rt_str ns, rt_str coll, rt_str key, const struct rt_map *metadata)
{
    struct lock_based_tx_simulator *s = self;
    struct rt_error *err = query_helper_validate_coll_name(&s->helper, ns, coll);
    if (!err)
        err = check_write_precondition(s);
    if (!err)
        rwset_builder_add_to_hashed_metadata_write_set(
                s->helper.rwset_builder, ns, coll, key, metadata);
    return err;
}

static struct rt_error *delete_private_data_metadata(void *self, rt_str ns, rt_str coll, rt_str key)
{
    return set_private_data_metadata(self, ns, coll, key, NULL);
}

static struct rt_error *execute_update(void *self, rt_str query)
{
    (void)self, (void)query;
    return rt_errorf("not supported");
}

/* ---- queries that exclude writes ---- */

static struct rt_error *get_private_data_range_scan_iterator(void *self, rt_str ns, rt_str coll,
        rt_str start_key, rt_str end_key, const struct results_iterator **iterator)
{
    struct rt_error *err = check_before_pvtdata_queries(self);
    return err ? err
               : query_helper_get_private_data_range_scan_iterator(
                         self, ns, coll, start_key, end_key, iterator);
}

static struct rt_error *execute_query_on_private_data(
        void *self, rt_str ns, rt_str coll, rt_str query, const struct results_iterator **iterator)
{
    struct rt_error *err = check_before_pvtdata_queries(self);
    return err ? err : query_helper_execute_query_on_private_data(self, ns, coll, query, iterator);
}

static struct rt_error *get_state_range_scan_iterator_with_metadata(void *self, rt_str ns,
        rt_str start_key, rt_str end_key, const struct query_options *metadata,
        const struct query_results_iterator **iterator)
{
    struct rt_error *err = check_before_paginated_queries(self);
    return err ? err
               : query_helper_get_state_range_scan_iterator_with_metadata(
                         self, ns, start_key, end_key, metadata, iterator);
}

static struct rt_error *execute_query_with_metadata(void *self, rt_str ns, rt_str query,
        const struct query_options *metadata, const struct query_results_iterator **iterator)
{
    struct rt_error *err = check_before_paginated_queries(self);
    return err ? err
               : query_helper_execute_query_with_metadata(self, ns, query, metadata, iterator);
}

/* ---- the result ---- */

static struct rt_error *get_tx_simulation_results(
        void *self, struct tx_simulation_results **results)
{
    struct lock_based_tx_simulator *s = self;
    observer_tell(s->helper.txmgr->observer, .kind = OBSERVED_SIMULATOR_USED, .simulator = s,
            .place = "tx_simulator.c get_tx_simulation_results");
    if (s->simulation_results_computed)
        return rt_errorf("this function should only be called once on a transaction simulator "
                         "instance");
    s->simulation_results_computed = true;
    if (s->helper.err)
        return s->helper.err;
    query_helper_add_range_query_info(&s->helper);
    return rwset_builder_get_tx_simulation_results(s->helper.rwset_builder, results);
}

const struct tx_simulator *new_lock_based_tx_simulator(
        struct lock_based_tx_mgr *txmgr, rt_str tx_id)
{
    struct lock_based_tx_simulator *s = rt_new(struct lock_based_tx_simulator);
    s->helper.txmgr = txmgr;
    s->helper.rwset_builder = rwset_builder_new();
    s->tx_id = tx_id;
    struct tx_simulator *interface = &s->interface;
    *interface = (struct tx_simulator){
        .self = s,
        .set_state = set_state,
        .delete_state = delete_state,
        .set_state_multiple_keys = set_state_multiple_keys,
        .set_state_metadata = set_state_metadata,
        .delete_state_metadata = delete_state_metadata,
        .execute_update = execute_update,
        .set_private_data = set_private_data,
        .set_private_data_multiple_keys = set_private_data_multiple_keys,
        .delete_private_data = delete_private_data,
        .set_private_data_metadata = set_private_data_metadata,
        .delete_private_data_metadata = delete_private_data_metadata,
        .get_tx_simulation_results = get_tx_simulation_results,
    };
    query_helper_interface(&s->helper, &interface->query);
    interface->query.get_private_data_range_scan_iterator = get_private_data_range_scan_iterator;
    interface->query.execute_query_on_private_data = execute_query_on_private_data;
    interface->query.get_state_range_scan_iterator_with_metadata =
            get_state_range_scan_iterator_with_metadata;
    interface->query.execute_query_with_metadata = execute_query_with_metadata;
    return interface;
}
