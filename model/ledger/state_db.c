/* Follows core/ledger/kvledger/txmgmt/statedb/{statedb.go,stateleveldb/stateleveldb.go} and
 * privacyenabledstate/common_storage_db.go. */
#include "model/ledger/state_db.h"

#include "model/lab/world.h"

static int compare_keys(rt_str ns_a, rt_str key_a, rt_str ns_b, rt_str key_b)
{
    int order = rt_str_cmp(ns_a, ns_b);
    return order != 0 ? order : rt_str_cmp(key_a, key_b);
}

/* Index of the first of `count` entries that is not below (ns, key), or with `after`, that is above
 * it. The entries, `size` bytes each, begin with their namespace and key. */
static size_t lower_bound(
        const void *entries, size_t count, size_t size, rt_str ns, rt_str key, bool after)
{
    size_t from = 0;
    size_t to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const rt_str *entry = (const rt_str *)((const char *)entries + middle * size);
        int order = compare_keys(entry[0], entry[1], ns, key);
        if (order < 0 || (after && order == 0))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

#define BEGINS_WITH_KEY(type) (offsetof(type, ns) == 0 && offsetof(type, key) == sizeof(rt_str))
_Static_assert(BEGINS_WITH_KEY(struct versioned_kv), "lower_bound() reads changes");
_Static_assert(BEGINS_WITH_KEY(struct world_key), "lower_bound() reads the world's state");

static size_t find_change(const struct update_batch *batch, rt_str ns, rt_str key, bool after)
{
    return lower_bound(batch->items, batch->count, sizeof(*batch->items), ns, key, after);
}

static size_t find_base(const struct state_db *db, rt_str ns, rt_str key, bool after)
{
    return lower_bound(db->base, db->base_count, sizeof(*db->base), ns, key, after);
}

void update_batch_update(
        struct update_batch *batch, rt_str ns, rt_str key, struct versioned_value value)
{
    size_t at = find_change(batch, ns, key, false);
    if (at < batch->count &&
            compare_keys(batch->items[at].ns, batch->items[at].key, ns, key) == 0) {
        batch->items[at].value = value;
        return;
    }
    rt_reserve(batch->items, batch->capacity, batch->count + 1);
    memmove(&batch->items[at + 1], &batch->items[at], (batch->count - at) * sizeof(*batch->items));
    batch->items[at] = (struct versioned_kv){ ns, key, value };
    batch->count++;
}

const struct versioned_value *update_batch_get(
        const struct update_batch *batch, rt_str ns, rt_str key)
{
    size_t at = find_change(batch, ns, key, false);
    if (at == batch->count || compare_keys(batch->items[at].ns, batch->items[at].key, ns, key) != 0)
        return NULL;
    return &batch->items[at].value;
}

/* A stored value is never nil and stored metadata never empty: leveldb's encoding loses the
 * difference. */
static struct versioned_value base_value(const struct world_key *key)
{
    static uint8_t empty[1];
    struct versioned_value value = { key->value, key->metadata, HEIGHT(key->block, key->tx) };
    if (value.value.len == 0)
        value.value = rt_bytes_from(empty, 0);
    if (value.metadata.len == 0)
        value.metadata = RT_NIL;
    return value;
}

static bool get(const struct state_db *db, rt_str ns, rt_str key, struct versioned_value *value)
{
    const struct versioned_value *changed = update_batch_get(&db->changes, ns, key);
    if (changed) {
        if (!changed->value.data)
            return false;
        *value = *changed;
        return true;
    }
    size_t at = find_base(db, ns, key, false);
    if (at == db->base_count || compare_keys(db->base[at].ns, db->base[at].key, ns, key) != 0)
        return false;
    *value = base_value(&db->base[at]);
    return true;
}

/* constructCompositeKey. */
static rt_bytes composite_key(rt_str ns, rt_str key)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_str(&buf, ns);
    rt_buf_put_byte(&buf, 0);
    rt_buf_put_str(&buf, key);
    return rt_buf_str(&buf);
}

struct rt_error *state_db_get_state(const struct state_db *db, rt_str ns, rt_str key,
        struct versioned_value *value, bool *found)
{
    *value = (struct versioned_value){ .version = HEIGHT_NIL };
    if (db->storage && db->storage->hook.access) {
        struct rt_error *err =
                storage_get(db->storage, STORAGE_GET, ns, key, composite_key(ns, key));
        if (err)
            return err;
    }
    bool there = get(db, ns, key, value);
    if (found)
        *found = there;
    return NULL;
}

struct rt_error *state_db_get_version(
        const struct state_db *db, rt_str ns, rt_str key, struct height *version)
{
    struct versioned_value value;
    struct rt_error *err = state_db_get_state(db, ns, key, &value, NULL);
    *version = value.version;
    return err;
}

void state_db_apply_updates(
        struct state_db *db, const struct update_batch *batch, struct height savepoint)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct versioned_kv kv = batch->items[i];
        if (kv.value.metadata.len == 0)
            kv.value.metadata = RT_NIL;
        update_batch_update(&db->changes, kv.ns, kv.key, kv.value);
    }
    db->savepoint = savepoint;
}

void kv_scanner_init(struct kv_scanner *scanner, const struct state_db *db, rt_str ns,
        rt_str start_key, rt_str end_key, int32_t requested_limit)
{
    *scanner = (struct kv_scanner){
        .db = db,
        .ns = ns,
        .next_key = start_key,
        .end_key = end_key,
        .requested_limit = requested_limit,
    };
}

static bool in_range(const struct kv_scanner *scanner, rt_str ns, rt_str key)
{
    return rt_str_eq(ns, scanner->ns) &&
           (scanner->end_key.len == 0 || rt_str_cmp(key, scanner->end_key) < 0);
}

/* The iterator's Next without a limit. */
static bool advance(struct kv_scanner *scanner, struct versioned_kv *kv)
{
    const struct state_db *db = scanner->db;
    if (storage_access(db->storage, STORAGE_RANGE, scanner->ns, scanner->next_key))
        scanner->done = true;
    while (!scanner->done) {
        size_t b = find_base(db, scanner->ns, scanner->next_key, scanner->after);
        size_t c = find_change(&db->changes, scanner->ns, scanner->next_key, scanner->after);
        bool has_base = b < db->base_count && in_range(scanner, db->base[b].ns, db->base[b].key);
        bool has_change = c < db->changes.count &&
                          in_range(scanner, db->changes.items[c].ns, db->changes.items[c].key);
        if (!has_base && !has_change)
            break;
        if (!has_change || (has_base && rt_str_cmp(db->base[b].key, db->changes.items[c].key) < 0))
            *kv = (struct versioned_kv){ db->base[b].ns, db->base[b].key,
                base_value(&db->base[b]) };
        else
            *kv = db->changes.items[c];
        scanner->next_key = kv->key;
        scanner->after = true;
        if (kv->value.value.data)
            return true;
    }
    scanner->done = true;
    return false;
}

bool kv_scanner_next(struct kv_scanner *scanner, struct versioned_kv *kv)
{
    if (scanner->requested_limit > 0 && scanner->total_records_returned >= scanner->requested_limit)
        return false;
    if (!advance(scanner, kv))
        return false;
    scanner->total_records_returned++;
    return true;
}

rt_str kv_scanner_get_bookmark_and_close(struct kv_scanner *scanner)
{
    struct versioned_kv kv = { .key = { 0, NULL } };
    bool found = advance(scanner, &kv);
    kv_scanner_close(scanner);
    return found ? kv.key : RT_STR("");
}

void kv_scanner_close(struct kv_scanner *scanner)
{
    scanner->done = true;
}

rt_str derive_pvt_data_ns(rt_str ns, rt_str collection)
{
    return rt_sprintf("%S$$p%S", ns, collection);
}

rt_str derive_hashed_data_ns(rt_str ns, rt_str collection)
{
    return rt_sprintf("%S$$h%S", ns, collection);
}
