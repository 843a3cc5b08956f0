/* Versioned state: namespace, key -> value, metadata, version
 * (core/ledger/kvledger/txmgmt/statedb/stateleveldb, .../privacyenabledstate/common_storage_db.go).
 *
 * A run's state is an immutable base, which is the world's and shared by all runs, and the changes
 * of this run on top. Making one therefore costs nothing, however large the world is. Private data
 * and its hashes live in namespaces of their own, as in Fabric: "<ns>$$p<collection>" by key and
 * "<ns>$$h<collection>" by SHA-256 of the key. */
#ifndef CCLAB_MODEL_LEDGER_STATE_DB_H
#define CCLAB_MODEL_LEDGER_STATE_DB_H

#include "model/ledger/storage.h"
#include "model/ledger/version.h"

#include <stddef.h>

struct world_key;

/* statedb.VersionedValue. A committed value is never nil; in an update a nil value is a delete. */
struct versioned_value {
    rt_bytes value;
    rt_bytes metadata; /* RT_NIL for none */
    struct height version;
};

/* statedb.VersionedKV. */
struct versioned_kv {
    rt_str ns;
    rt_str key;
    struct versioned_value value;
};

/* Keys ordered by namespace, then key; the changes of a run, and the updates of a block
 * (statedb.UpdateBatch). Start from zero. */
struct update_batch {
    struct versioned_kv *items;
    size_t count;
    size_t capacity;
};
/* UpdateBatch.Update: sets or replaces one entry. */
void update_batch_update(
        struct update_batch *batch, rt_str ns, rt_str key, struct versioned_value value);
/* UpdateBatch.Get: NULL when the batch does not have the key. */
const struct versioned_value *update_batch_get(
        const struct update_batch *batch, rt_str ns, rt_str key);

struct state_db {
    const struct world_key *base; /* ordered by namespace, then key */
    size_t base_count;
    struct update_batch changes;
    struct height savepoint;       /* of the last block that is in the state */
    const struct storage *storage; /* that may fail; NULL: nothing does */
};

/* VersionedDB.GetState. When there is no such key *found (may be NULL) is false, and *value has
 * neither value nor version. */
RT_MUST_USE struct rt_error *state_db_get_state(const struct state_db *db, rt_str ns, rt_str key,
        struct versioned_value *value, bool *found);
/* VersionedDB.GetVersion: HEIGHT_NIL when there is no such key. */
RT_MUST_USE struct rt_error *state_db_get_version(
        const struct state_db *db, rt_str ns, rt_str key, struct height *version);
/* VersionedDB.ApplyUpdates, without the storage. */
void state_db_apply_updates(
        struct state_db *db, const struct update_batch *batch, struct height savepoint);

/* stateleveldb's kvScanner over [start_key, end_key) of a namespace; "" as the end means the last
 * key. It stays usable when the state changes and after it was closed (then it finds nothing). */
struct kv_scanner {
    const struct state_db *db;
    rt_str ns;
    rt_str next_key; /* continue at this key, or after it */
    rt_str end_key;
    bool after;
    bool done;
    int32_t requested_limit; /* 0 for none */
    int32_t total_records_returned;
};
void kv_scanner_init(struct kv_scanner *scanner, const struct state_db *db, rt_str ns,
        rt_str start_key, rt_str end_key, int32_t requested_limit);
/* kvScanner.Next: false at the end. 1.4.2 does not look at the error of leveldb's iterator: storage
 * that fails is the end. */
bool kv_scanner_next(struct kv_scanner *scanner, struct versioned_kv *kv);
/* kvScanner.GetBookmarkAndClose: the key that would come next, limit or not. */
rt_str kv_scanner_get_bookmark_and_close(struct kv_scanner *scanner);
void kv_scanner_close(struct kv_scanner *scanner);

/* derivePvtDataNs, deriveHashedDataNs. */
rt_str derive_pvt_data_ns(rt_str ns, rt_str collection);
rt_str derive_hashed_data_ns(rt_str ns, rt_str collection);

#endif
