/* Follows core/transientstore/store.go. */
#include "model/ledger/transient_store.h"

#include "model/rt/arena.h"

void transient_store_persist(struct transient_store *store, rt_str tx_id, uint64_t height,
        const struct pvt_rwset_with_config *data)
{
    rt_reserve(store->entries, store->cap, store->count + 1);
    store->entries[store->count++] = (struct transient_entry){ tx_id, height, data };
}

const struct pvt_rwset_with_config *transient_store_get(
        const struct transient_store *store, rt_str tx_id, size_t n)
{
    for (size_t i = 0; i < store->count; i++)
        if (rt_str_eq(store->entries[i].tx_id, tx_id) && n-- == 0)
            return store->entries[i].data;
    return NULL;
}

static bool is_one_of(rt_str tx_id, const rt_str *tx_ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(tx_id, tx_ids[i]))
            return true;
    return false;
}

void transient_store_purge_by_txids(
        struct transient_store *store, const rt_str *tx_ids, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < store->count; i++)
        if (!is_one_of(store->entries[i].tx_id, tx_ids, count))
            store->entries[kept++] = store->entries[i];
    store->count = kept;
}

void transient_store_purge_by_height(struct transient_store *store, uint64_t height)
{
    size_t kept = 0;
    for (size_t i = 0; i < store->count; i++)
        if (store->entries[i].height >= height)
            store->entries[kept++] = store->entries[i];
    store->count = kept;
}
