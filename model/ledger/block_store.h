/* Blocks and the indexes over them (common/ledger/blkstorage/fsblkstorage).
 *
 * A world starts a channel at some height without its blocks. Asking for one of those is an error
 * that says so (a real peer would have it); transaction ids and hashes of unrecorded blocks are
 * simply not found. */
#ifndef CCLAB_MODEL_LEDGER_BLOCK_STORE_H
#define CCLAB_MODEL_LEDGER_BLOCK_STORE_H

#include "model/ledger/ledger.h"
#include "model/ledger/storage.h"

#include "proto/common.pb-c.h"

struct block_store {
    uint64_t first; /* number of the first recorded block */
    struct block_and_pvt_data *blocks;
    size_t count;
    size_t capacity;
    struct rt_map *tx_ids;       /* of struct tx_location */
    struct rt_map *block_hashes; /* of Common__Block */
    rt_bytes current_block_hash;
    rt_bytes previous_block_hash;
    const struct storage *storage; /* that may fail; NULL: nothing does */
};

/* What is asked of the index for a transaction's id: the first byte of the key (blockindex.go). */
enum index_prefix { INDEX_TX = 't', INDEX_BLOCK_OF_TX = 'b', INDEX_CODE = 'v' };

struct tx_location {
    Common__Block *block;
    size_t index;
};

/* A store of a chain of `height` blocks, none of them recorded. */
void block_store_init(struct block_store *store, uint64_t height, rt_bytes current_block_hash,
        rt_bytes previous_block_hash);
uint64_t block_store_height(const struct block_store *store);

/* blockfileMgr.addBlock, with the private data beside it: the number must be the height and the
 * previous hash the current one. A transaction id that is there already is not indexed again. */
RT_MUST_USE struct rt_error *block_store_add_block(
        struct block_store *store, const struct block_and_pvt_data *data);

/* RetrieveBlockByNumber; UINT64_MAX is the last one. */
RT_MUST_USE struct rt_error *block_store_retrieve_block_by_number(
        const struct block_store *store, uint64_t number, Common__Block **block);
/* RetrieveBlockByHash. */
RT_MUST_USE struct rt_error *block_store_retrieve_block_by_hash(
        const struct block_store *store, rt_bytes hash, Common__Block **block);
/* What RetrieveTxByID, RetrieveBlockByTxID and RetrieveTxValidationCodeByTxID look up, and read but
 * for the code. */
RT_MUST_USE struct rt_error *block_store_find_tx(const struct block_store *store,
        enum index_prefix prefix, rt_str tx_id, const struct tx_location **location);
/* What storage makes of RetrieveTxByBlockNumTranNum. */
RT_MUST_USE struct rt_error *block_store_read_tx(
        const struct storage *storage, uint64_t block, uint64_t tx);

/* BlockHeader.Hash, BlockData.Hash (protos/common/block.go). */
rt_bytes block_header_hash(const Common__BlockHeader *header);
rt_bytes block_data_hash(const Common__BlockData *data);

#endif
