/* Follows core/ledger/kvledger/txmgmt/validator/statebasedval/{state_based_validator,
 * combined_iterator}.go. */
#include "model/ledger/state_based_validator.h"

#include "model/rt/rt.h"

#define VALID PROTOS__TX_VALIDATION_CODE__VALID
#define MVCC_READ_CONFLICT PROTOS__TX_VALIDATION_CODE__MVCC_READ_CONFLICT
#define PHANTOM_READ_CONFLICT PROTOS__TX_VALIDATION_CODE__PHANTOM_READ_CONFLICT

/* validateKVRead and validateKVReadHash. */
static struct rt_error *validate_read(const struct state_db *db, const struct update_batch *updates,
        rt_str ns, rt_str key, const Kvrwset__Version *version, bool *valid)
{
    struct height committed;
    *valid = false;
    if (update_batch_get(updates, ns, key))
        return NULL;
    struct rt_error *err = state_db_get_version(db, ns, key, &committed);
    *valid = !err && height_are_same(committed, height_from_proto(version));
    return err;
}

static struct rt_error *validate_read_set(const struct ns_rw_set *ns, const struct state_db *db,
        const struct update_batch *updates, bool *valid)
{
    struct rt_error *err = NULL;
    *valid = true;
    for (size_t i = 0; *valid && !err && i < ns->kv_rw_set->n_reads; i++) {
        const Kvrwset__KVRead *read = ns->kv_rw_set->reads[i];
        err = validate_read(db, updates, ns->name_space, read->key, read->version, valid);
    }
    return err;
}

bool combined_iterator_next(struct combined_iterator *itr, struct versioned_kv *kv)
{
    if (kv_scanner_next(&itr->scanner, kv))
        return true;
    if (!itr->include_end_key || itr->end_key_served)
        return false;
    itr->end_key_served = true;
    kv->ns = itr->ns;
    kv->key = itr->end_key;
    bool found = false;
    itr->err = state_db_get_state(itr->db, itr->ns, itr->end_key, &kv->value, &found);
    return found;
}

/* The state with the updates on top. */
static struct state_db combine(const struct state_db *db, const struct update_batch *updates)
{
    struct state_db combined = *db;
    if (updates->count == 0)
        return combined;
    combined.changes.items = rt_grow(db->changes.items, db->changes.count,
            db->changes.count + updates->count, sizeof(*db->changes.items));
    combined.changes.capacity = db->changes.count + updates->count;
    state_db_apply_updates(&combined, updates, db->savepoint);
    return combined;
}

/* validateRangeQuery: when the query was not exhausted, its end key is the last key that was seen
 * and belongs to the range. A query that was never advanced has no end key: then the range is the
 * rest of the namespace. */
static struct rt_error *validate_range_query(const struct state_db *combined, rt_str ns,
        const Kvrwset__RangeQueryInfo *info, bool *valid)
{
    struct combined_iterator itr = { .db = combined, .ns = ns, .end_key = info->end_key };
    itr.include_end_key = !info->itr_exhausted;
    kv_scanner_init(&itr.scanner, combined, ns, info->start_key, info->end_key, 0);
    *valid = validate_range_query_results(info, &itr);
    return itr.err;
}

static struct rt_error *validate_range_queries(const struct ns_rw_set *ns,
        const struct state_db *db, const struct update_batch *updates, bool *valid)
{
    struct rt_error *err = NULL;
    *valid = true;
    if (ns->kv_rw_set->n_range_queries_info == 0)
        return NULL;
    struct state_db combined = combine(db, updates);
    for (size_t i = 0; *valid && !err && i < ns->kv_rw_set->n_range_queries_info; i++)
        err = validate_range_query(
                &combined, ns->name_space, ns->kv_rw_set->range_queries_info[i], valid);
    return err;
}

static struct rt_error *validate_hashed_reads(const struct coll_hashed_rw_set *coll,
        rt_str hashed_ns, const struct state_db *db, const struct update_batch *updates,
        bool *valid)
{
    struct rt_error *err = NULL;
    for (size_t j = 0; *valid && !err && j < coll->hashed_rw_set->n_hashed_reads; j++) {
        const Kvrwset__KVReadHash *read = coll->hashed_rw_set->hashed_reads[j];
        err = validate_read(db, updates, hashed_ns, read->key_hash, read->version, valid);
    }
    return err;
}

static struct rt_error *validate_ns_hashed_read_sets(const struct ns_rw_set *ns,
        const struct state_db *db, const struct update_batch *updates, bool *valid)
{
    struct rt_error *err = NULL;
    *valid = true;
    for (size_t i = 0; *valid && !err && i < ns->coll_hashed_rw_set_count; i++) {
        const struct coll_hashed_rw_set *coll = &ns->coll_hashed_rw_sets[i];
        rt_str hashed_ns = derive_hashed_data_ns(ns->name_space, coll->collection_name);
        err = validate_hashed_reads(coll, hashed_ns, db, updates, valid);
    }
    return err;
}

struct rt_error *validate_tx_reads(const struct tx_rw_set *rw_set, const struct state_db *db,
        const struct update_batch *updates, Protos__TxValidationCode *code)
{
    struct rt_error *err = NULL;
    *code = VALID;
    for (size_t i = 0; *code == VALID && !err && i < rw_set->ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &rw_set->ns_rw_sets[i];
        bool valid;
        err = validate_read_set(ns, db, updates, &valid);
        *code = valid ? VALID : MVCC_READ_CONFLICT;
        if (err || !valid)
            break;
        err = validate_range_queries(ns, db, updates, &valid);
        *code = valid ? VALID : PHANTOM_READ_CONFLICT;
        if (err || !valid)
            break;
        err = validate_ns_hashed_read_sets(ns, db, updates, &valid);
        *code = valid ? VALID : MVCC_READ_CONFLICT;
    }
    return err;
}
