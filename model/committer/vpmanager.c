/* Follows core/common/validation/statebased/vpmanagerimpl.go. Fabric's mutexes around the maps have
 * no effect between goroutines that switch only where they wait, and are left out. */
#include "model/committer/vpmanager.h"

#include "model/ledger/rwset_proto_util.h"
#include "model/rt/chan.h"
#include "model/rt/rt.h"

const char validation_parameter_updated_error[] = "ValidationParameterUpdatedError";

/* txDependency: a condition variable over a map of results is a channel for each result here. */
struct ns_result {
    struct rt_chan *known;
    struct rt_error *err;
};
struct tx_dependency {
    struct rt_chan *dep_inserted;
    struct rt_map *validation_results; /* from namespace to struct ns_result */
};

struct vpmanager {
    const struct peer_ledger *ledger;
    uint64_t block_height;
    /* Of the block under validation. */
    struct rt_map *deps_by_txnum;         /* from the number's bytes to struct tx_dependency */
    struct rt_map *deps_by_ledger_key_id; /* to struct key_dependency, newest first */
};

struct key_dependency {
    size_t tx_num;
    struct tx_dependency *dep;
    struct key_dependency *next;
};

struct vpmanager *vpmanager_new(const struct peer_ledger *ledger)
{
    struct vpmanager *m = rt_new(struct vpmanager);
    m->ledger = ledger;
    return m;
}

/* validationContext.forBlock. */
static void for_block(struct vpmanager *m, uint64_t new_height)
{
    if (m->block_height > new_height)
        rt_panicf("programming error: block with number %llu validated after block with number "
                  "%llu",
                (unsigned long long)new_height, (unsigned long long)m->block_height);
    if (m->block_height < new_height || !m->deps_by_txnum) {
        m->block_height = new_height;
        m->deps_by_txnum = rt_map_new();
        m->deps_by_ledger_key_id = rt_map_new();
    }
}

static struct tx_dependency *get_or_create_dependency(struct vpmanager *m, size_t tx_num)
{
    rt_str key = rt_bytes_dup(&tx_num, sizeof(tx_num));
    struct tx_dependency *dep = rt_map_get(m->deps_by_txnum, key);
    if (!dep) {
        dep = rt_new(struct tx_dependency);
        dep->dep_inserted = rt_chan_make(0, "txDependency.depInserted");
        dep->validation_results = rt_map_new();
        rt_map_put(m->deps_by_txnum, key, dep);
    }
    return dep;
}

static struct ns_result *result_of(struct tx_dependency *dep, rt_str ns)
{
    struct ns_result *result = rt_map_get(dep->validation_results, ns);
    if (!result) {
        result = rt_new(struct ns_result);
        result->known = rt_chan_make(0, "txDependency.validationResult");
        rt_map_put(dep->validation_results, ns, result);
    }
    return result;
}

/* newLedgerKeyID as one string; lengths keep the parts apart. */
static rt_str ledger_key_id(rt_str cc, rt_str coll, rt_str key)
{
    return rt_sprintf("%zu:%S%zu:%S%S", cc.len, cc, coll.len, coll, key);
}

static void add_dependency(
        struct vpmanager *m, rt_str key_id, size_t tx_num, struct tx_dependency *dep)
{
    struct key_dependency *entry = rt_new(struct key_dependency);
    *entry = (struct key_dependency){ tx_num, dep, rt_map_get(m->deps_by_ledger_key_id, key_id) };
    rt_map_put(m->deps_by_ledger_key_id, key_id, entry);
}

static void add_ns_dependencies(
        struct vpmanager *m, const struct ns_rw_set *ns, size_t tx_num, struct tx_dependency *dep)
{
    for (size_t i = 0; i < ns->kv_rw_set->n_metadata_writes; i++)
        add_dependency(m,
                ledger_key_id(ns->name_space, RT_STR(""), ns->kv_rw_set->metadata_writes[i]->key),
                tx_num, dep);
    for (size_t i = 0; i < ns->coll_hashed_rw_set_count; i++) {
        const struct coll_hashed_rw_set *coll = &ns->coll_hashed_rw_sets[i];
        for (size_t j = 0; j < coll->hashed_rw_set->n_metadata_writes; j++)
            add_dependency(m,
                    ledger_key_id(ns->name_space, coll->collection_name,
                            coll->hashed_rw_set->metadata_writes[j]->key_hash),
                    tx_num, dep);
    }
}

void vpmanager_extract_validation_parameter_dependency(
        struct vpmanager *m, uint64_t block_num, size_t tx_num, rt_bytes rwset)
{
    for_block(m, block_num);
    struct tx_dependency *dep = get_or_create_dependency(m, tx_num);
    struct tx_rw_set set;
    if (!tx_rw_set_from_proto_bytes(rwset, &set)) {
        for (size_t i = 0; i < set.ns_rw_set_count; i++)
            add_ns_dependencies(m, &set.ns_rw_sets[i], tx_num, dep);
    }
    rt_close(dep->dep_inserted);
}

/* waitForValidationResults: an earlier valid transaction that changes the key's parameter is an
 * error. */
static struct rt_error *wait_for_validation_results(
        struct vpmanager *m, rt_str cc, rt_str coll, rt_str key, uint64_t block_num, size_t tx_num)
{
    const struct key_dependency *entry =
            rt_map_get(m->deps_by_ledger_key_id, ledger_key_id(cc, coll, key));
    for (; entry; entry = entry->next) {
        if (entry->tx_num >= tx_num)
            continue;
        struct ns_result *result = result_of(entry->dep, cc);
        void *nothing;
        rt_recv(result->known, &nothing);
        if (!result->err)
            return rt_error_typed(validation_parameter_updated_error, NULL,
                    rt_sprintf("validation parameters for key [%S] in namespace [%S:%S] have been "
                               "changed in transaction %zu of block %llu",
                            key, cc, coll, tx_num, (unsigned long long)block_num));
    }
    return NULL;
}

static struct rt_error *retrieve_metadata(
        struct vpmanager *m, rt_str cc, rt_str coll, rt_str key, struct rt_map **metadata)
{
    const struct query_executor *qe;
    struct rt_error *err = m->ledger->new_query_executor(m->ledger->self, &qe);
    if (err)
        return rt_error_wrap(err, "could not retrieve ledger");
    if (coll.len == 0)
        err = rt_error_wrapf(qe->get_state_metadata(qe->self, cc, key, metadata),
                "could not retrieve metadata for %S:%S", cc, key);
    else
        err = rt_error_wrapf(
                qe->get_private_data_metadata_by_hash(qe->self, cc, coll, key, metadata),
                "could not retrieve metadata for %S:%S:%x", cc, coll, key);
    qe->done(qe->self);
    return err;
}

struct rt_error *vpmanager_get_validation_parameter_for_key(struct vpmanager *m, rt_str cc,
        rt_str coll, rt_str key, uint64_t block_num, size_t tx_num, rt_bytes *parameter)
{
    for_block(m, block_num);
    for (size_t i = tx_num; i-- > 0;) {
        void *nothing;
        rt_recv(get_or_create_dependency(m, i)->dep_inserted, &nothing);
    }
    struct rt_error *err = wait_for_validation_results(m, cc, coll, key, block_num, tx_num);
    struct rt_map *metadata = NULL;
    if (!err)
        err = retrieve_metadata(m, cc, coll, key, &metadata);
    if (err)
        return err;
    const rt_bytes *value = rt_map_get(metadata, RT_STR("VALIDATION_PARAMETER"));
    *parameter = value ? *value : RT_NIL;
    return NULL;
}

void vpmanager_set_tx_validation_result(
        struct vpmanager *m, rt_str ns, uint64_t block_num, size_t tx_num, struct rt_error *err)
{
    for_block(m, block_num);
    struct ns_result *result = result_of(get_or_create_dependency(m, tx_num), ns);
    result->err = err;
    if (!rt_chan_closed(result->known))
        rt_close(result->known);
}
