/* Follows core/chaincode/transaction_contexts.go. */
#include "model/chaincode/transaction_context.h"

#include "model/lab/variants.h"

void transaction_contexts_init(struct transaction_contexts *c)
{
    rt_mutex_init(&c->mutex, "TransactionContexts");
    c->contexts = rt_map_new();
}

/* contextID. */
static rt_str context_id(rt_str chain_id, rt_str tx_id)
{
    return chain_id.len == 0 ? tx_id : rt_str_cat(chain_id, tx_id);
}

static struct transaction_context *new_context(
        const struct transaction_contexts *c, const struct transaction_params *tx_params)
{
    struct transaction_context *t = rt_new(struct transaction_context);
    t->chain_id = tx_params->channel_id;
    t->signed_prop = tx_params->signed_prop;
    t->proposal = tx_params->proposal;
    t->response_notifier = rt_chan_make(1, "TransactionContext.ResponseNotifier");
    t->tx_simulator = tx_params->tx_simulator;
    t->history_query_executor = tx_params->history_query_executor;
    t->collection_store = tx_params->collection_store;
    t->is_init_transaction = tx_params->is_init_transaction;
    rt_mutex_init(&t->query_mutex, "TransactionContext.queryMutex");
    t->observer = c->observer;
    return t;
}

struct rt_error *transaction_contexts_create(struct transaction_contexts *c,
        const struct transaction_params *tx_params, struct transaction_context **context)
{
    struct rt_error *err = NULL;
    rt_lock(&c->mutex);
    rt_str id = context_id(tx_params->channel_id, tx_params->tx_id);
    if (rt_map_has(c->contexts, id)) {
        err = rt_errorf("txid: %S(%S) exists", tx_params->tx_id, tx_params->channel_id);
    } else {
        *context = new_context(c, tx_params);
        rt_map_put(c->contexts, id, *context);
    }
    rt_unlock(&c->mutex);
    return err;
}

struct transaction_context *transaction_contexts_get(
        struct transaction_contexts *c, rt_str chain_id, rt_str tx_id)
{
    rt_str id = context_id(chain_id, tx_id);
    rt_lock(&c->mutex);
    struct transaction_context *context = rt_map_get(c->contexts, id);
    rt_unlock(&c->mutex);
    return context;
}

void transaction_contexts_delete(struct transaction_contexts *c, rt_str chain_id, rt_str tx_id)
{
    rt_str id = context_id(chain_id, tx_id);
    rt_lock(&c->mutex);
    rt_map_delete(c->contexts, id);
    rt_unlock(&c->mutex);
}

void transaction_contexts_close(struct transaction_contexts *c)
{
    rt_lock(&c->mutex);
    size_t count = rt_map_len(c->contexts);
    const struct rt_map_entry *entries = count > 0 ? rt_map_range(c->contexts) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (variant_on(c->variants, VARIANT_FIX_ITERATORS_IN_USE)) {
            transaction_context_end_stream(entries[i].value);
            continue;
        }
        transaction_context_close_query_iterators(entries[i].value);
    }
    rt_unlock(&c->mutex);
}

/* ---- variants ---- */

/* FIX_ITERATORS_IN_USE, FIX_REQUEST_OUTLIVES. */
struct transaction_context *transaction_contexts_acquire(
        struct transaction_contexts *c, rt_str chain_id, rt_str tx_id)
{
    rt_str id = context_id(chain_id, tx_id);
    rt_lock(&c->mutex);
    struct transaction_context *context = rt_map_get(c->contexts, id);
    if (context && variant_on(c->variants, VARIANT_FIX_ITERATORS_IN_USE) &&
            !transaction_context_enter(context))
        context = NULL;
    if (context && variant_on(c->variants, VARIANT_FIX_REQUEST_OUTLIVES))
        rt_waitgroup_add(&context->running, 1);
    rt_unlock(&c->mutex);
    return context;
}
