/* Query executor and transaction simulator of the lock based transaction manager
 * (core/ledger/kvledger/txmgmt/txmgr/lockbasedtxmgr/lockbased_{query_executer,tx_simulator}.go). */
#ifndef CCLAB_MODEL_LEDGER_TX_SIMULATOR_H
#define CCLAB_MODEL_LEDGER_TX_SIMULATOR_H

#include "model/ledger/lockbased_txmgr.h"

/* newQueryExecutor, newLockBasedTxSimulator; the caller takes the commit lock. */
const struct query_executor *new_query_executor(struct lock_based_tx_mgr *txmgr);
const struct tx_simulator *new_lock_based_tx_simulator(
        struct lock_based_tx_mgr *txmgr, rt_str tx_id);

#endif
