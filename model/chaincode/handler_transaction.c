/* Follows HandleTransaction and its helpers in core/chaincode/handler.go: what all requests of a
 * chaincode have in common. */
#include "model/chaincode/handler_internal.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

#include "proto/chaincode.pb-c.h"

/* Variants, at the end of this file. */
static struct rt_error *query_after_timeout(struct handler *h, const Protos__ChaincodeMessage *msg,
        struct transaction_context **tx_context);
static void txid_removed_late(
        struct handler *h, const Protos__ChaincodeMessage *msg, Protos__ChaincodeMessage *resp);

handle_func handler_delegate(Protos__ChaincodeMessage__Type type)
{
    switch (type) {
#define HANDLER_REQUEST_CASE(name, function)                                                       \
    case CC_MSG(name):                                                                             \
        return function;
        HANDLER_REQUESTS(HANDLER_REQUEST_CASE)
#undef HANDLER_REQUEST_CASE
    default:
        return NULL;
    }
}

Protos__ChaincodeMessage *handler_response(const Protos__ChaincodeMessage *msg, rt_bytes payload)
{
    return chaincode_message_new(CC_MSG(RESPONSE), payload, msg->txid, msg->channel_id);
}

rt_str handler_new_uuid(struct handler *h)
{
    uint64_t n = ++h->env->uuids;
    return rt_sprintf("00000000-0000-4000-8000-%012llu", (unsigned long long)n);
}

struct transaction_context *handler_tx_context(struct handler *h, rt_str channel_id, rt_str txid)
{
    if (handler_variant(h, VARIANT_FIX_REQUEST_OUTLIVES) ||
            handler_variant(h, VARIANT_FIX_ITERATORS_IN_USE))
        return transaction_contexts_acquire(&h->tx_contexts, channel_id, txid);
    return transaction_contexts_get(&h->tx_contexts, channel_id, txid);
}

struct rt_error *handler_is_valid_tx_sim(struct handler *h, rt_str channel_id, rt_str txid,
        const char *text, struct transaction_context **tx_context)
{
    *tx_context = handler_tx_context(h, channel_id, txid);
    if (!*tx_context || !(*tx_context)->tx_simulator)
        return rt_errorf("%s", text);
    return NULL;
}

/* registerTxid: one request of a transaction at a time; a second one is dropped without an
 * answer. */
static bool register_txid(struct handler *h, const Protos__ChaincodeMessage *msg)
{
    bool added = active_transactions_add(&h->active_transactions, msg->channel_id, msg->txid);
    observer_tell(h->env->observer,
            .kind = added ? OBSERVED_REQUEST_ACCEPTED : OBSERVED_REQUEST_DROPPED, .handler = h,
            .msg = msg);
    if (!added)
        rt_note("[%S] another request is pending for %S, %S is dropped", shorttxid(msg->txid),
                handler_chaincode_id(h), chaincode_message_type_string((int)msg->type));
    return added;
}

static struct rt_error *context_of_request(struct handler *h, const Protos__ChaincodeMessage *msg,
        struct transaction_context **tx_context)
{
    if (msg->type == CC_MSG(INVOKE_CHAINCODE))
        return handler_tx_context_for_invoke(h, msg, tx_context);
    if (handler_variant(h, VARIANT_QUERY_AFTER_TIMEOUT))
        return query_after_timeout(h, msg, tx_context);
    return handler_is_valid_tx_sim(h, msg->channel_id, msg->txid, "no ledger context", tx_context);
}

/* ---- metrics ---- */

/* Labels: type, channel, chaincode, success. */
static void fill_labels(
        const struct handler *h, const Protos__ChaincodeMessage *msg, rt_str labels[4])
{
    labels[0] = chaincode_message_type_string((int)msg->type);
    labels[1] = msg->channel_id;
    rt_shared_read(&h->chaincode_id, "Handler.chaincodeID");
    labels[2] = cc_context_get_canonical_name(
            &(const struct cc_context){ h->chaincode_id->name, h->chaincode_id->version });
}

static void count_completed(const struct handler *h, rt_str labels[4], bool success, int64_t start)
{
    labels[3] = success ? RT_STR("true") : RT_STR("false");
    metrics_observe(h->env->metrics, &metric_shim_request_duration, labels,
            (double)(rt_now_ns() - start) / (double)RT_SECOND);
    metrics_add(h->env->metrics, &metric_shim_requests_completed, labels);
}

/* ---- HandleTransaction ---- */

struct request {
    struct handler *h;
    Protos__ChaincodeMessage *msg;
    handle_func delegate;
};

static Protos__ChaincodeMessage *failed(
        const struct handler *h, const Protos__ChaincodeMessage *msg, struct rt_error *err)
{
    err = rt_error_wrapf(err, "%S failed: transaction ID: %S",
            chaincode_message_type_string((int)msg->type), msg->txid);
    rt_note("%v", err);
    Protos__ChaincodeMessage *resp = chaincode_message_error(err->text, msg->txid, msg->channel_id);
    if (handler_variant(h, VARIANT_ERROR_AS_RESPONSE))
        resp->type = CC_MSG(RESPONSE);
    return resp;
}

static void answer(
        struct handler *h, const Protos__ChaincodeMessage *msg, Protos__ChaincodeMessage *resp)
{
    if (handler_variant(h, VARIANT_TXID_REMOVED_LATE)) {
        txid_removed_late(h, msg, resp);
        return;
    }
    active_transactions_remove(&h->active_transactions, msg->channel_id, msg->txid);
    handler_serial_send_async(h, resp);
}

static void handle_transaction(void *arg)
{
    const struct request *request = arg;
    struct handler *h = request->h;
    Protos__ChaincodeMessage *msg = request->msg;
    if (!register_txid(h, msg))
        return;
    int64_t start_time = rt_now_ns();
    struct transaction_context *tx_context = NULL;
    struct rt_error *err = context_of_request(h, msg, &tx_context);
    rt_str labels[4];
    if (h->env->metrics) {
        fill_labels(h, msg, labels);
        metrics_add(h->env->metrics, &metric_shim_requests_received, labels);
    }
    Protos__ChaincodeMessage *resp = NULL;
    if (!err)
        err = request->delegate(h, msg, tx_context, &resp);
    if (handler_variant(h, VARIANT_FIX_ITERATORS_IN_USE) && tx_context)
        transaction_context_leave(tx_context);
    if (handler_variant(h, VARIANT_FIX_REQUEST_OUTLIVES) && tx_context)
        rt_waitgroup_done(&tx_context->running);
    if (err) {
        observer_tell(h->env->observer, .kind = OBSERVED_REQUEST_FAILED, .handler = h, .msg = msg,
                .err = err);
        resp = failed(h, msg, err);
    }
    answer(h, msg, resp);
    if (h->env->metrics)
        count_completed(h, labels, resp->type != CC_MSG(ERROR), start_time);
}

void handler_go_transaction(struct handler *h, Protos__ChaincodeMessage *msg, handle_func delegate)
{
    struct request *request = rt_new(struct request);
    *request = (struct request){ h, msg, delegate };
    rt_go("HandleTransaction", handle_transaction, request);
}

/* ---- variants ---- */

/* The next page or the end of a query needs no context: it may be gone. */
static struct rt_error *query_after_timeout(struct handler *h, const Protos__ChaincodeMessage *msg,
        struct transaction_context **tx_context)
{
    if (msg->type != CC_MSG(QUERY_STATE_NEXT) && msg->type != CC_MSG(QUERY_STATE_CLOSE))
        return handler_is_valid_tx_sim(
                h, msg->channel_id, msg->txid, "no ledger context", tx_context);
    *tx_context = handler_tx_context(h, msg->channel_id, msg->txid);
    return NULL;
}

static void txid_removed_late(
        struct handler *h, const Protos__ChaincodeMessage *msg, Protos__ChaincodeMessage *resp)
{
    handler_serial_send_async(h, resp);
    active_transactions_remove(&h->active_transactions, msg->channel_id, msg->txid);
}
