/* Which requests of a chaincode are being served now: one at a time for a transaction.
 *
 * Follows core/chaincode/active_transactions.go. */
#ifndef CCLAB_MODEL_CHAINCODE_ACTIVE_TRANSACTIONS_H
#define CCLAB_MODEL_CHAINCODE_ACTIVE_TRANSACTIONS_H

#include "model/rt/map.h"
#include "model/rt/sync.h"

struct active_transactions {
    struct rt_mutex mutex;
    struct rt_map *ids;
};
/* NewActiveTransactions: none is served. */
void active_transactions_init(struct active_transactions *a);

/* NewTxKey: the two simply joined, so ("ab", "c") and ("a", "bc") are one key. */
rt_str new_tx_key(rt_str channel_id, rt_str tx_id);
/* ActiveTransactions.Add: false if it is there already. */
bool active_transactions_add(struct active_transactions *a, rt_str channel_id, rt_str tx_id);
/* ActiveTransactions.Remove: nothing happens if it is not there. */
void active_transactions_remove(struct active_transactions *a, rt_str channel_id, rt_str tx_id);

#endif
