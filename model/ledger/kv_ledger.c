/* Follows core/ledger/kvledger/{kv_ledger,recovery}.go. */
#include "model/ledger/kv_ledger.h"

#include "model/lab/world.h"
#include "model/ledger/deployedcc_infoprovider.h"
#include "model/ledger/lockbased_txmgr.h"
#include "model/ledger/validator.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/ledger.pb-c.h"
#include "proto/transaction.pb-c.h"

struct kv_ledger {
    struct peer_ledger interface;
    struct ledger_disk *disk;
    struct lock_based_tx_mgr *txtmgmt;
    struct rt_rwmutex block_apis_rw_lock;
};

struct ledger_disk *ledger_disk_new(const struct world_channel *channel)
{
    struct ledger_disk *disk = rt_new(struct ledger_disk);
    disk->state = (struct state_db){ .base = channel->state,
        .base_count = channel->state_count,
        .savepoint = channel->height ? HEIGHT(channel->height - 1, 0) : HEIGHT_NIL };
    block_store_init(&disk->blocks, channel->height, channel->current_block_hash,
            channel->previous_block_hash);
    disk->history.savepoint = channel->height;
    disk->storage.channel = channel->name;
    disk->state.storage = disk->blocks.storage = disk->history.storage = &disk->storage;
    return disk;
}

/* ---- reading ---- */

/* Every reader of blocks goes through this lock and lets it go at once, so that it does not return
 * a block whose state is not committed yet. */
static void wait_for_commit(struct kv_ledger *l)
{
    rt_rlock(&l->block_apis_rw_lock);
    rt_runlock(&l->block_apis_rw_lock);
}

static struct rt_error *get_block_by_number(void *self, uint64_t number, Common__Block **block)
{
    struct kv_ledger *l = self;
    struct rt_error *err = block_store_retrieve_block_by_number(&l->disk->blocks, number, block);
    wait_for_commit(l);
    return err;
}

static struct rt_error *get_blockchain_info(void *self, Common__BlockchainInfo **info)
{
    struct kv_ledger *l = self;
    *info = WIRE_NEW(common__blockchain_info);
    (*info)->height = block_store_height(&l->disk->blocks);
    (*info)->currentblockhash = l->disk->blocks.current_block_hash;
    (*info)->previousblockhash = l->disk->blocks.previous_block_hash;
    wait_for_commit(l);
    return NULL;
}

static struct rt_error *get_transaction_by_id(
        void *self, rt_str tx_id, Protos__ProcessedTransaction **transaction)
{
    struct kv_ledger *l = self;
    const struct tx_location *location;
    struct rt_error *err = block_store_find_tx(&l->disk->blocks, INDEX_TX, tx_id, &location);
    if (err)
        return err;
    Common__Envelope *envelope;
    err = protoutil_get_envelope_from_block(
            location->block->data->data[location->index], &envelope);
    if (err)
        return err;
    *transaction = WIRE_NEW(protos__processed_transaction);
    (*transaction)->transactionenvelope = envelope;
    (*transaction)->validationcode = block_validation_flag(location->block, location->index);
    wait_for_commit(l);
    return NULL;
}

static struct rt_error *get_block_by_hash(void *self, rt_bytes hash, Common__Block **block)
{
    struct kv_ledger *l = self;
    struct rt_error *err = block_store_retrieve_block_by_hash(&l->disk->blocks, hash, block);
    wait_for_commit(l);
    return err;
}

static struct rt_error *get_block_by_tx_id(void *self, rt_str tx_id, Common__Block **block)
{
    struct kv_ledger *l = self;
    const struct tx_location *location;
    struct rt_error *err =
            block_store_find_tx(&l->disk->blocks, INDEX_BLOCK_OF_TX, tx_id, &location);
    if (!err)
        *block = location->block;
    wait_for_commit(l);
    return err;
}

static struct rt_error *get_tx_validation_code_by_tx_id(void *self, rt_str tx_id, int32_t *code)
{
    struct kv_ledger *l = self;
    const struct tx_location *location;
    struct rt_error *err = block_store_find_tx(&l->disk->blocks, INDEX_CODE, tx_id, &location);
    *code = err ? -1 : block_validation_flag(location->block, location->index);
    wait_for_commit(l);
    return err;
}

/* ---- executors ---- */

static struct rt_error *new_tx_simulator(
        void *self, rt_str tx_id, const struct tx_simulator **simulator)
{
    struct kv_ledger *l = self;
    *simulator = lock_based_tx_mgr_new_tx_simulator(l->txtmgmt, tx_id);
    return NULL;
}

static struct rt_error *new_query_executor(void *self, const struct query_executor **executor)
{
    struct kv_ledger *l = self;
    *executor = lock_based_tx_mgr_new_query_executor(l->txtmgmt);
    return NULL;
}

static struct rt_error *new_history_query_executor(
        void *self, const struct history_query_executor **executor)
{
    struct kv_ledger *l = self;
    *executor = history_db_new_query_executor(&l->disk->history);
    return NULL;
}

/* ---- committing ---- */

static void unlock_block_apis(void *arg)
{
    struct kv_ledger *l = arg;
    rt_wunlock(&l->block_apis_rw_lock);
}

static struct rt_error *store_and_commit(struct kv_ledger *l, const struct block_and_pvt_data *data)
{
    struct rt_error *err = block_store_add_block(&l->disk->blocks, data);
    if (err)
        return err;
    err = lock_based_tx_mgr_commit(l->txtmgmt);
    if (err)
        rt_panicf("%v", rt_error_wrap(err, "error during commit to txmgr"));
    err = history_db_commit(&l->disk->history, data->block);
    if (err)
        rt_panicf("%v", rt_error_wrap(err, "Error during commit to history db"));
    return NULL;
}

static struct rt_error *commit_with_pvt_data(void *self, const struct block_and_pvt_data *data)
{
    struct kv_ledger *l = self;
    struct rt_error *err = lock_based_tx_mgr_validate_and_prepare(l->txtmgmt, data, true);
    if (err)
        return err;
    struct rt_defer *mark = rt_defer_mark();
    rt_wlock(&l->block_apis_rw_lock);
    rt_defer(unlock_block_apis, l);
    err = store_and_commit(l, data);
    rt_run_deferred(mark);
    if (!err)
        rt_note("Committed block [%llu] with %zu transaction(s)",
                (unsigned long long)data->block->header->number, data->block->data->n_data);
    return err;
}

/* kvLedger.recoverDBs. */
static struct rt_error *recover_dbs(struct kv_ledger *l)
{
    const struct block_store *blocks = &l->disk->blocks;
    uint64_t height = block_store_height(blocks);
    for (uint64_t n = blocks->first; n < height; n++) {
        const struct block_and_pvt_data *data = &blocks->blocks[n - blocks->first];
        struct height savepoint = l->disk->state.savepoint;
        if (!savepoint.present || n > savepoint.block_num) {
            struct rt_error *err = lock_based_tx_mgr_validate_and_prepare(l->txtmgmt, data, false);
            if (!err)
                err = lock_based_tx_mgr_commit(l->txtmgmt);
            if (err)
                return err;
        }
        if (n >= l->disk->history.savepoint) {
            struct rt_error *err = history_db_commit(&l->disk->history, data->block);
            if (err)
                return err;
        }
    }
    return NULL;
}

struct rt_error *kv_ledger_open(struct ledger_disk *disk,
        const struct deployed_chaincode_info_provider *provider,
        const struct state_listener *listener, const struct peer_ledger **ledger)
{
    struct kv_ledger *l = rt_new(struct kv_ledger);
    l->disk = disk;
    l->txtmgmt =
            lock_based_tx_mgr_new(&disk->state, provider ? provider : &deployed_cc_info_provider);
    l->txtmgmt->lscc_listener = listener;
    rt_rwmutex_init(&l->block_apis_rw_lock, "kvLedger.blockAPIsRWLock");
    l->interface = (struct peer_ledger){
        .self = l,
        .get_block_by_number = get_block_by_number,
        .get_blockchain_info = get_blockchain_info,
        .get_transaction_by_id = get_transaction_by_id,
        .get_block_by_hash = get_block_by_hash,
        .get_block_by_tx_id = get_block_by_tx_id,
        .get_tx_validation_code_by_tx_id = get_tx_validation_code_by_tx_id,
        .new_tx_simulator = new_tx_simulator,
        .new_query_executor = new_query_executor,
        .new_history_query_executor = new_history_query_executor,
        .commit_with_pvt_data = commit_with_pvt_data,
    };
    struct rt_error *err = recover_dbs(l);
    if (!err)
        *ledger = &l->interface;
    return err;
}

void kv_ledger_set_observer(const struct peer_ledger *ledger, const struct observer *observer)
{
    ((struct kv_ledger *)ledger->self)->txtmgmt->observer = observer;
}
