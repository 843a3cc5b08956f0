/* Follows core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/lockbased_txmgr.go. */
#include "model/ledger/lockbased_txmgr.h"

#include "model/lab/observer.h"
#include "model/ledger/tx_simulator.h"
#include "model/ledger/validator.h"

struct lock_based_tx_mgr *lock_based_tx_mgr_new(
        struct state_db *db, const struct deployed_chaincode_info_provider *cc_info_provider)
{
    struct lock_based_tx_mgr *txmgr = rt_new(struct lock_based_tx_mgr);
    txmgr->db = db;
    txmgr->cc_info_provider = cc_info_provider;
    rt_rwmutex_init(&txmgr->commit_rw_lock, "txmgr.commitRWLock");
    rt_mutex_init(&txmgr->old_block_commit, "txmgr.oldBlockCommit");
    return txmgr;
}

const struct query_executor *lock_based_tx_mgr_new_query_executor(struct lock_based_tx_mgr *txmgr)
{
    const struct query_executor *qe = new_query_executor(txmgr);
    rt_rlock(&txmgr->commit_rw_lock);
    observer_tell(txmgr->observer, .kind = OBSERVED_SIMULATOR_OPENED, .simulator = qe->self,
            .place = "query executor");
    return qe;
}

const struct tx_simulator *lock_based_tx_mgr_new_tx_simulator(
        struct lock_based_tx_mgr *txmgr, rt_str tx_id)
{
    const struct tx_simulator *simulator = new_lock_based_tx_simulator(txmgr, tx_id);
    rt_rlock(&txmgr->commit_rw_lock);
    observer_tell(txmgr->observer, .kind = OBSERVED_SIMULATOR_OPENED, .simulator = simulator->self,
            .place = "simulator");
    return simulator;
}

static void reset(struct lock_based_tx_mgr *txmgr)
{
    txmgr->current.present = false;
    txmgr->current.listener_invoked = false;
    txmgr->current.batch = (struct update_batch){ 0 };
}

static void unlock(void *mutex)
{
    rt_unlock(mutex);
}

/* invokeNamespaceListeners. */
static struct rt_error *invoke_namespace_listeners(struct lock_based_tx_mgr *txmgr)
{
    const struct state_listener *listener = txmgr->lscc_listener;
    const struct update_batch *batch = &txmgr->current.batch;
    for (size_t i = 0; listener && i < batch->count; i++) {
        if (!rt_str_is(batch->items[i].ns, "lscc"))
            continue;
        txmgr->current.listener_invoked = true;
        return listener->handle_state_updates(listener->self, batch, txmgr->db);
    }
    return NULL;
}

struct rt_error *lock_based_tx_mgr_validate_and_prepare(struct lock_based_tx_mgr *txmgr,
        const struct block_and_pvt_data *data, bool do_mvcc_validation)
{
    struct rt_defer *mark = rt_defer_mark();
    rt_lock(&txmgr->old_block_commit);
    rt_defer(unlock, &txmgr->old_block_commit);
    reset(txmgr);
    struct rt_error *err =
            validate_and_prepare_batch(txmgr->db, data, do_mvcc_validation, &txmgr->current.batch);
    if (!err) {
        txmgr->current.present = true;
        txmgr->current.block_num = data->block->header->number;
        err = invoke_namespace_listeners(txmgr);
    }
    if (err)
        reset(txmgr);
    rt_run_deferred(mark);
    return err;
}

struct rt_error *lock_based_tx_mgr_commit(struct lock_based_tx_mgr *txmgr)
{
    struct rt_defer *mark = rt_defer_mark();
    rt_lock(&txmgr->old_block_commit);
    rt_defer(unlock, &txmgr->old_block_commit);
    if (!txmgr->current.present)
        rt_panicf("validateAndPrepare() method should have been called before calling commit()");
    rt_wlock(&txmgr->commit_rw_lock);
    struct rt_error *err = storage_write_batch(txmgr->db->storage, STORAGE_WRITE);
    if (!err)
        state_db_apply_updates(
                txmgr->db, &txmgr->current.batch, HEIGHT(txmgr->current.block_num, 0));
    rt_wunlock(&txmgr->commit_rw_lock);
    if (!err && txmgr->current.listener_invoked)
        txmgr->lscc_listener->state_commit_done(txmgr->lscc_listener->self);
    reset(txmgr);
    rt_run_deferred(mark);
    return err;
}
