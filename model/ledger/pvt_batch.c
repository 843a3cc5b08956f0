/* Follows validateAndPreparePvtBatch and what it calls in
 * core/ledger/kvledger/txmgmt/validator/valimpl/helper.go. */
#include "model/ledger/pvt_batch.h"

#include "model/crypto/crypto.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* Transaction.RetrieveHash. */
static rt_bytes retrieve_hash(const struct tx_rw_set *rw_set, rt_str ns, rt_str coll)
{
    for (size_t i = 0; i < rw_set->ns_rw_set_count; i++) {
        const struct ns_rw_set *set = &rw_set->ns_rw_sets[i];
        if (!rt_str_eq(set->name_space, ns))
            continue;
        for (size_t j = 0; j < set->coll_hashed_rw_set_count; j++) {
            if (rt_str_eq(set->coll_hashed_rw_sets[j].collection_name, coll))
                return set->coll_hashed_rw_sets[j].pvt_rw_set_hash;
        }
    }
    return RT_NIL;
}

/* Transaction.ContainsPvtWrites. */
static bool contains_pvt_writes(const struct tx_rw_set *rw_set)
{
    for (size_t i = 0; i < rw_set->ns_rw_set_count; i++) {
        const struct ns_rw_set *set = &rw_set->ns_rw_sets[i];
        for (size_t j = 0; j < set->coll_hashed_rw_set_count; j++) {
            if (set->coll_hashed_rw_sets[j].pvt_rw_set_hash.data)
                return true;
        }
    }
    return false;
}

/* %#v of a []byte. */
static rt_str go_syntax(rt_bytes bytes)
{
    if (!bytes.data)
        return RT_STR("[]byte(nil)");
    struct rt_buf buf = { 0 };
    rt_buf_putz(&buf, "[]byte{");
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_printf(&buf, "%s0x%x", i ? ", " : "", rt_bytes_from(&bytes.data[i], 1));
    rt_buf_putz(&buf, "}");
    return rt_buf_str(&buf);
}

/* validatePvtdata. */
static struct rt_error *validate_pvtdata(
        const struct tx_rw_set *rw_set, const Rwset__TxPvtReadWriteSet *pvt)
{
    for (size_t i = 0; i < pvt->n_ns_pvt_rwset; i++) {
        const Rwset__NsPvtReadWriteSet *ns = pvt->ns_pvt_rwset[i];
        for (size_t j = 0; j < ns->n_collection_pvt_rwset; j++) {
            const Rwset__CollectionPvtReadWriteSet *coll = ns->collection_pvt_rwset[j];
            rt_bytes hash = crypto_sha256(coll->rwset);
            rt_bytes promised = retrieve_hash(rw_set, ns->namespace_, coll->collection_name);
            if (!rt_str_eq(hash, promised))
                return rt_errorf("Hash of pvt data for collection [%S:%S] does not match with the "
                                 "corresponding hash in the public data.\n\t\t\t\t\t"
                                 "public hash = [%S], pvt data hash = [%S]",
                        ns->namespace_, coll->collection_name, go_syntax(promised),
                        go_syntax(hash));
        }
    }
    return NULL;
}

static void add_coll(
        struct pvt_batch *batch, rt_str ns, rt_str coll, const Kvrwset__KVRWSet *set, uint64_t tx)
{
    rt_str pvt_ns = derive_pvt_data_ns(ns, coll);
    for (size_t i = 0; i < set->n_writes; i++) {
        const Kvrwset__KVWrite *write = set->writes[i];
        struct versioned_value value = { RT_NIL, RT_NIL, HEIGHT(batch->block_num, tx) };
        if (!write->is_delete) {
            if (!write->value.data)
                rt_panicf("Nil value not allowed. Instead call 'Delete' function");
            value.value = write->value;
        }
        update_batch_update(&batch->updates, pvt_ns, write->key, value);
    }
    for (size_t i = 0; i < set->n_metadata_writes; i++) {
        struct pvt_metadata_update *update = rt_new(struct pvt_metadata_update);
        *update = (struct pvt_metadata_update){ ns, coll, set->metadata_writes[i]->key,
            batch->metadata_updates };
        batch->metadata_updates = update;
    }
}

struct rt_error *pvt_batch_add_tx(struct pvt_batch *batch, uint64_t tx_num,
        const struct tx_rw_set *rw_set, const Rwset__TxPvtReadWriteSet *pvt)
{
    if (!contains_pvt_writes(rw_set))
        return NULL;
    struct rt_error *err = validate_pvtdata(rw_set, pvt);
    for (size_t i = 0; !err && i < pvt->n_ns_pvt_rwset; i++) {
        const Rwset__NsPvtReadWriteSet *ns = pvt->ns_pvt_rwset[i];
        for (size_t j = 0; !err && j < ns->n_collection_pvt_rwset; j++) {
            const Rwset__CollectionPvtReadWriteSet *coll = ns->collection_pvt_rwset[j];
            Kvrwset__KVRWSet *set;
            err = WIRE_UNMARSHAL(kvrwset__kvrwset, coll->rwset, &set);
            if (!err)
                add_coll(batch, ns->namespace_, coll->collection_name, set, tx_num);
        }
    }
    return err;
}

/* A transaction that changes only the metadata of a private key raises the version of its hash; the
 * private value follows when it is the one that was hashed. */
static struct rt_error *increment_version_if_needed(struct pvt_batch *batch,
        const struct pvt_metadata_update *update, const struct state_db *db,
        const struct update_batch *block_updates)
{
    const struct versioned_value *hashed = update_batch_get(block_updates,
            derive_hashed_data_ns(update->ns, update->coll), crypto_sha256(update->key));
    if (!hashed)
        return NULL;
    rt_str pvt_ns = derive_pvt_data_ns(update->ns, update->coll);
    struct versioned_value latest;
    struct rt_error *err = NULL;
    bool found = true;
    const struct versioned_value *updated = update_batch_get(&batch->updates, pvt_ns, update->key);
    if (updated)
        latest = *updated;
    else
        err = state_db_get_state(db, pvt_ns, update->key, &latest, &found);
    if (err || !found)
        return err;
    if (height_are_same(latest.version, hashed->version) ||
            !rt_str_eq(crypto_sha256(latest.value), hashed->value))
        return NULL;
    latest.version = hashed->version;
    update_batch_update(&batch->updates, pvt_ns, update->key, latest);
    return NULL;
}

struct rt_error *pvt_batch_finish(
        struct pvt_batch *batch, const struct state_db *db, struct update_batch *block_updates)
{
    for (const struct pvt_metadata_update *u = batch->metadata_updates; u; u = u->next) {
        struct rt_error *err = increment_version_if_needed(batch, u, db, block_updates);
        if (err)
            return err;
    }
    for (size_t i = 0; i < batch->updates.count; i++) {
        const struct versioned_kv *kv = &batch->updates.items[i];
        update_batch_update(block_updates, kv->ns, kv->key, kv->value);
    }
    return NULL;
}
