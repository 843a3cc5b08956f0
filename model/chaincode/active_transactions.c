/* Follows core/chaincode/active_transactions.go. */
#include "model/chaincode/active_transactions.h"

void active_transactions_init(struct active_transactions *a)
{
    rt_mutex_init(&a->mutex, "ActiveTransactions");
    a->ids = rt_map_new();
}

rt_str new_tx_key(rt_str channel_id, rt_str tx_id)
{
    return channel_id.len == 0 ? tx_id : rt_str_cat(channel_id, tx_id);
}

bool active_transactions_add(struct active_transactions *a, rt_str channel_id, rt_str tx_id)
{
    rt_str key = new_tx_key(channel_id, tx_id);
    rt_lock(&a->mutex);
    bool added = !rt_map_has(a->ids, key);
    if (added)
        rt_map_put(a->ids, key, a);
    rt_unlock(&a->mutex);
    return added;
}

void active_transactions_remove(struct active_transactions *a, rt_str channel_id, rt_str tx_id)
{
    rt_str key = new_tx_key(channel_id, tx_id);
    rt_lock(&a->mutex);
    rt_map_delete(a->ids, key);
    rt_unlock(&a->mutex);
}
