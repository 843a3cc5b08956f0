/* Follows common/ledger/blkstorage/fsblkstorage/{blockfile_mgr,blockindex}.go and
 * protos/common/block.go. */
#include "model/ledger/block_store.h"

#include "model/crypto/crypto.h"
#include "model/crypto/der.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"

static struct rt_error *not_found_in_index(void)
{
    return rt_error_typed(ledger_not_found_in_index_err, NULL, RT_STR("Entry not found in index"));
}

void block_store_init(struct block_store *store, uint64_t height, rt_bytes current_block_hash,
        rt_bytes previous_block_hash)
{
    *store = (struct block_store){
        .first = height,
        .tx_ids = rt_map_new(),
        .block_hashes = rt_map_new(),
        .current_block_hash = current_block_hash,
        .previous_block_hash = previous_block_hash,
    };
}

uint64_t block_store_height(const struct block_store *store)
{
    return store->first + store->count;
}

static void index_block(struct block_store *store, Common__Block *block, rt_bytes hash)
{
    rt_map_put(store->block_hashes, hash, block);
    for (size_t i = 0; i < block->data->n_data; i++) {
        rt_str tx_id = RT_STR("");
        /* A malformed transaction is indexed under what could be read of its id. */
        RT_DROP(protoutil_get_or_compute_tx_id_from_envelope(block->data->data[i], &tx_id));
        if (rt_map_has(store->tx_ids, tx_id))
            continue;
        struct tx_location *location = rt_new(struct tx_location);
        *location = (struct tx_location){ block, i };
        rt_map_put(store->tx_ids, tx_id, location);
    }
}

struct rt_error *block_store_add_block(
        struct block_store *store, const struct block_and_pvt_data *data)
{
    Common__Block *block = data->block;
    const Common__BlockHeader *header = RT_DEREF(block->header);
    if (header->number != block_store_height(store))
        return rt_errorf("block number should have been %llu but was %llu",
                (unsigned long long)block_store_height(store), (unsigned long long)header->number);
    if (!rt_str_eq(header->previous_hash, store->current_block_hash))
        return rt_errorf("unexpected Previous block hash. Expected PreviousHash = [%x], "
                         "PreviousHash referred in the latest block= [%x]",
                store->current_block_hash, header->previous_hash);
    struct rt_error *err =
            storage_access(store->storage, STORAGE_BLOCK_WRITE, RT_STR(""), RT_STR(""));
    if (err)
        return rt_error_wrap(err, "error appending block to file");
    rt_bytes hash = block_header_hash(header);
    rt_reserve(store->blocks, store->capacity, store->count + 1);
    store->blocks[store->count++] = *data;
    index_block(store, block, hash);
    store->previous_block_hash = header->previous_hash;
    store->current_block_hash = hash;
    return NULL;
}

/* EncodeOrderPreservingVarUint64. */
static void put_number(struct rt_buf *key, uint64_t number)
{
    uint8_t octets = 0;
    for (uint64_t rest = number; rest; rest >>= 8)
        octets++;
    rt_buf_put_byte(key, octets);
    while (octets-- > 0)
        rt_buf_put_byte(key, (uint8_t)(number >> (8 * octets)));
}

static struct rt_error *index_get(const struct storage *storage, uint8_t prefix, rt_bytes rest)
{
    struct rt_buf key = { 0 };
    if (!storage || !storage->hook.access)
        return NULL;
    rt_buf_put_byte(&key, prefix);
    rt_buf_put_str(&key, rest);
    return storage_get(storage, STORAGE_INDEX_GET, RT_STR(""), RT_STR(""), rt_buf_str(&key));
}

struct rt_error *block_store_retrieve_block_by_number(
        const struct block_store *store, uint64_t number, Common__Block **block)
{
    if (number == UINT64_MAX)
        number = block_store_height(store) - 1;
    struct rt_buf key = { 0 };
    put_number(&key, number);
    struct rt_error *err = index_get(store->storage, 'n', rt_buf_str(&key));
    if (err)
        return err;
    if (number >= block_store_height(store))
        return not_found_in_index();
    err = storage_read_block_file(store->storage, "block file");
    if (err)
        return err;
    if (number < store->first)
        return rt_errorf(
                "cclab: block %llu is older than this world's records", (unsigned long long)number);
    *block = store->blocks[number - store->first].block;
    return NULL;
}

struct rt_error *block_store_retrieve_block_by_hash(
        const struct block_store *store, rt_bytes hash, Common__Block **block)
{
    Common__Block *found = rt_map_get(store->block_hashes, hash);
    struct rt_error *err = index_get(store->storage, 'h', hash);
    if (!err && !found)
        err = not_found_in_index();
    if (!err)
        err = storage_read_block_file(store->storage, "block file");
    if (!err)
        *block = found;
    return err;
}

struct rt_error *block_store_find_tx(const struct block_store *store, enum index_prefix prefix,
        rt_str tx_id, const struct tx_location **location)
{
    struct rt_error *err = index_get(store->storage, (uint8_t)prefix, tx_id);
    if (err)
        return err;
    *location = rt_map_get(store->tx_ids, tx_id);
    if (!*location)
        return not_found_in_index();
    return prefix == INDEX_CODE
                   ? NULL
                   : storage_read_block_file(store->storage,
                             prefix == INDEX_TX ? "block file reader for file" : "block file");
}

struct rt_error *block_store_read_tx(const struct storage *storage, uint64_t block, uint64_t tx)
{
    struct rt_buf key = { 0 };
    put_number(&key, block);
    put_number(&key, tx);
    struct rt_error *err = index_get(storage, 'a', rt_buf_str(&key));
    return err ? err : storage_read_block_file(storage, "block file reader for file");
}

/* ---- hashes ---- */

rt_bytes block_header_hash(const Common__BlockHeader *header)
{
    if (header->number > INT64_MAX)
        rt_panicf("Golang does not currently support encoding uint64 to asn1");
    uint8_t number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)(header->number >> (56 - 8 * i));
    struct rt_buf fields = { 0 };
    der_put_unsigned(&fields, rt_bytes_from(number, 8));
    der_put(&fields, DER_OCTET_STRING, header->previous_hash);
    der_put(&fields, DER_OCTET_STRING, header->data_hash);
    struct rt_buf sequence = { 0 };
    der_put(&sequence, DER_SEQUENCE, rt_buf_str(&fields));
    return crypto_sha256(rt_buf_str(&sequence));
}

rt_bytes block_data_hash(const Common__BlockData *data)
{
    struct rt_buf all = { 0 };
    for (size_t i = 0; i < data->n_data; i++)
        rt_buf_put_str(&all, data->data[i]);
    return crypto_sha256(rt_buf_str(&all));
}
