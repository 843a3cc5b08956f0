/* Follows core/ledger/kvledger/txmgmt/validator/internal/{tx_ops_preparation,val}.go. */
#include "model/ledger/tx_ops.h"

#include "model/ledger/metadata.h"
#include "model/rt/rt.h"

/* keyOpsFlag. Fabric adds them up instead of or-ing them, so a key that a write set names twice
 * gets a flag of something else. */
enum {
    UPSERT_VAL = 1,
    METADATA_UPDATE = 2,
    METADATA_DELETE = 4,
    KEY_DELETE = 8,
};

struct key_ops {
    rt_str ns; /* of the state: derived for a collection */
    rt_str key;
    uint8_t flag;
    bool noop;
    rt_bytes value;
    rt_bytes metadata;
};

/* txOps: few keys, so a list will do. */
struct tx_ops {
    struct key_ops *items;
    size_t count;
    size_t capacity;
};

static struct key_ops *get_or_create_key_entry(struct tx_ops *ops, rt_str ns, rt_str key)
{
    for (size_t i = 0; i < ops->count; i++) {
        if (rt_str_eq(ops->items[i].key, key) && rt_str_eq(ops->items[i].ns, ns))
            return &ops->items[i];
    }
    rt_reserve(ops->items, ops->capacity, ops->count + 1);
    struct key_ops *entry = &ops->items[ops->count++];
    *entry = (struct key_ops){ .ns = ns, .key = key };
    return entry;
}

static void add_flag(struct key_ops *entry, unsigned flag)
{
    entry->flag = (uint8_t)(entry->flag + flag);
}

static void apply_kv_write(
        struct tx_ops *ops, rt_str ns, rt_str key, bool is_delete, rt_bytes value)
{
    struct key_ops *entry = get_or_create_key_entry(ops, ns, key);
    if (is_delete) {
        add_flag(entry, KEY_DELETE);
    } else {
        add_flag(entry, UPSERT_VAL);
        entry->value = value;
    }
}

static void apply_metadata(
        struct tx_ops *ops, rt_str ns, rt_str key, Kvrwset__KVMetadataEntry **entries, size_t count)
{
    if (count == 0) {
        add_flag(get_or_create_key_entry(ops, ns, key), METADATA_DELETE);
        return;
    }
    rt_bytes metadata;
    if (serialize_metadata(entries, count, &metadata))
        return; /* Fabric drops the error, and the write with it */
    struct key_ops *entry = get_or_create_key_entry(ops, ns, key);
    add_flag(entry, METADATA_UPDATE);
    entry->metadata = metadata;
}

static void apply_coll(struct tx_ops *ops, rt_str ns, const struct coll_hashed_rw_set *coll)
{
    rt_str hashed_ns = derive_hashed_data_ns(ns, coll->collection_name);
    const Kvrwset__HashedRWSet *set = coll->hashed_rw_set;
    for (size_t i = 0; i < set->n_hashed_writes; i++) {
        const Kvrwset__KVWriteHash *write = set->hashed_writes[i];
        apply_kv_write(ops, hashed_ns, write->key_hash, write->is_delete, write->value_hash);
    }
    for (size_t i = 0; i < set->n_metadata_writes; i++) {
        const Kvrwset__KVMetadataWriteHash *write = set->metadata_writes[i];
        apply_metadata(ops, hashed_ns, write->key_hash, write->entries, write->n_entries);
    }
}

/* txOps.applyTxRwset. */
static void apply_tx_rwset(struct tx_ops *ops, const struct tx_rw_set *rw_set)
{
    for (size_t i = 0; i < rw_set->ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &rw_set->ns_rw_sets[i];
        for (size_t j = 0; j < ns->kv_rw_set->n_writes; j++) {
            const Kvrwset__KVWrite *write = ns->kv_rw_set->writes[j];
            apply_kv_write(ops, ns->name_space, write->key, write->is_delete, write->value);
        }
        for (size_t j = 0; j < ns->kv_rw_set->n_metadata_writes; j++) {
            const Kvrwset__KVMetadataWrite *write = ns->kv_rw_set->metadata_writes[j];
            apply_metadata(ops, ns->name_space, write->key, write->entries, write->n_entries);
        }
        for (size_t j = 0; j < ns->coll_hashed_rw_set_count; j++)
            apply_coll(ops, ns->name_space, &ns->coll_hashed_rw_sets[j]);
    }
}

/* retrieveLatestState: what a preceding transaction of the block left, a delete too, or the
 * state's. */
static struct rt_error *retrieve_latest(const struct update_batch *preceding,
        const struct state_db *db, const struct key_ops *entry, struct versioned_value *value,
        bool *found)
{
    const struct versioned_value *updated = update_batch_get(preceding, entry->ns, entry->key);
    if (updated) {
        *value = *updated;
        *found = true;
        return NULL;
    }
    return state_db_get_state(db, entry->ns, entry->key, value, found);
}

static bool is_upsert_and_metadata_update(const struct key_ops *entry)
{
    return (entry->flag & UPSERT_VAL) && (entry->flag & (METADATA_UPDATE | METADATA_DELETE));
}

/* prepareTxOps. */
static struct rt_error *prepare_tx_ops(struct tx_ops *ops, const struct tx_rw_set *rw_set,
        const struct update_batch *preceding, const struct state_db *db)
{
    apply_tx_rwset(ops, rw_set);
    for (size_t i = 0; i < ops->count; i++) {
        struct key_ops *entry = &ops->items[i];
        struct versioned_value latest = { .version = HEIGHT_NIL };
        if ((entry->flag & KEY_DELETE) || is_upsert_and_metadata_update(entry))
            continue;
        bool found = false;
        struct rt_error *err = retrieve_latest(preceding, db, entry, &latest, &found);
        if (err)
            return err;
        if ((entry->flag | UPSERT_VAL) == UPSERT_VAL)
            entry->metadata = latest.metadata;
        else if (found)
            entry->value = latest.value;
        else
            entry->noop = true;
    }
    return NULL;
}

struct rt_error *apply_write_set(const struct tx_rw_set *rw_set, struct height height,
        const struct state_db *db, struct update_batch *updates)
{
    struct tx_ops ops = { 0 };
    struct rt_error *err = prepare_tx_ops(&ops, rw_set, updates, db);
    if (err)
        return err;
    for (size_t i = 0; i < ops.count; i++) {
        const struct key_ops *entry = &ops.items[i];
        if (entry->noop)
            continue;
        struct versioned_value value = { RT_NIL, RT_NIL, height };
        if (!(entry->flag & KEY_DELETE)) {
            if (!entry->value.data)
                rt_panicf("Nil value not allowed. Instead call 'Delete' function");
            value.value = entry->value;
            value.metadata = entry->metadata;
        }
        update_batch_update(updates, entry->ns, entry->key, value);
    }
    return NULL;
}
