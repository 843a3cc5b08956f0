/* The transaction manager (core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr).
 *
 * Simulators and query executors hold the commit lock shared from their creation until Done; the
 * commit of a block holds it exclusively while the state changes. A transaction that opens a query
 * executor while it holds a simulator can therefore wait for a commit that waits for it. */
#ifndef CCLAB_MODEL_LEDGER_LOCKBASED_TXMGR_H
#define CCLAB_MODEL_LEDGER_LOCKBASED_TXMGR_H

#include "model/ledger/ledger.h"
#include "model/ledger/state_db.h"
#include "model/rt/sync.h"

/* ledger.StateListener of namespace lscc; the only one there is in 1.4.2. */
struct state_listener {
    void *self;
    /* HandleStateUpdates: a block changes the namespace. `updates` are the block's, on top of `db`.
     * An error ends the commit. */
    struct rt_error *(*handle_state_updates)(
            void *self, const struct update_batch *updates, const struct state_db *db);
    /* StateCommitDone: that block is in the state. */
    void (*state_commit_done)(void *self);
};

struct observer;

/* LockBasedTxMgr. */
struct lock_based_tx_mgr {
    struct state_db *db;
    const struct deployed_chaincode_info_provider *cc_info_provider;
    struct rt_rwmutex commit_rw_lock;
    struct rt_mutex old_block_commit;
    const struct state_listener *lscc_listener; /* NULL for none */
    const struct observer *observer; /* not of Fabric: told of simulators; NULL for none */
    /* Between ValidateAndPrepare and Commit. */
    struct {
        bool present;
        uint64_t block_num;
        struct update_batch batch;
        bool listener_invoked;
    } current;
};

/* NewLockBasedTxMgr. */
struct lock_based_tx_mgr *lock_based_tx_mgr_new(
        struct state_db *db, const struct deployed_chaincode_info_provider *cc_info_provider);

/* LockBasedTxMgr.NewQueryExecutor, NewTxSimulator: wait for the commit lock, shared. */
const struct query_executor *lock_based_tx_mgr_new_query_executor(struct lock_based_tx_mgr *txmgr);
const struct tx_simulator *lock_based_tx_mgr_new_tx_simulator(
        struct lock_based_tx_mgr *txmgr, rt_str tx_id);

/* LockBasedTxMgr.ValidateAndPrepare: sets the validation code of the block's transaction in the
 * block's metadata and keeps the updates for Commit. Without do_mvcc_validation every transaction
 * that is not invalid yet counts as valid (a block that is committed again). */
RT_MUST_USE struct rt_error *lock_based_tx_mgr_validate_and_prepare(struct lock_based_tx_mgr *txmgr,
        const struct block_and_pvt_data *data, bool do_mvcc_validation);
/* LockBasedTxMgr.Commit: the updates become the state, under the commit lock. */
RT_MUST_USE struct rt_error *lock_based_tx_mgr_commit(struct lock_based_tx_mgr *txmgr);

#endif
