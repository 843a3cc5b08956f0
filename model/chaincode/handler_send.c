/* Follows the sending half of core/chaincode/handler.go: serialSend, serialSendAsync, Notify. */
#include "model/chaincode/handler_internal.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

struct rt_error *handler_serial_send(struct handler *h, Protos__ChaincodeMessage *msg)
{
    rt_lock(&h->serial_lock);
    observer_tell(h->env->observer, .kind = OBSERVED_SENDING, .handler = h, .msg = msg);
    rt_shared_read(&h->chat_stream, "Handler.chatStream");
    struct rt_error *err = h->chat_stream.send(h->chat_stream.self, msg);
    if (err)
        err = rt_error_wrapf(err, "[%S] error sending %S", shorttxid(msg->txid),
                chaincode_message_type_string((int)msg->type));
    observer_tell(h->env->observer, .kind = OBSERVED_SENT, .handler = h, .msg = msg, .err = err);
    rt_unlock(&h->serial_lock);
    return err;
}

/* What FAB-11487 repaired: only a failed INIT or TRANSACTION ended the stream, and nobody who
 * waited was told. True if that is all there is to do. */
static bool send_failure_dropped(
        struct handler *h, const Protos__ChaincodeMessage *msg, struct rt_error *err)
{
    if (!handler_variant(h, VARIANT_SEND_FAILURE_DROPPED))
        return false;
    if (msg->type == CC_MSG(INIT) || msg->type == CC_MSG(TRANSACTION))
        rt_send(h->err_chan, err);
    return true;
}

struct async_send {
    struct handler *h;
    Protos__ChaincodeMessage *msg;
};

static void send_async(void *arg)
{
    const struct async_send *send = arg;
    struct handler *h = send->h;
    Protos__ChaincodeMessage *msg = send->msg;
    struct rt_error *err = handler_serial_send(h, msg);
    if (msg->type == CC_MSG(KEEPALIVE))
        h->keepalives--;
    if (!err || send_failure_dropped(h, msg, err))
        return;
    rt_note("%v", err);
    handler_notify(h, chaincode_message_error(err->text, msg->txid, msg->channel_id));
    rt_shared_read(&h->err_chan, "Handler.errChan");
    /* Nobody reads this channel once the stream has ended. */
    if (handler_variant(h, VARIANT_FIX_SEND_ERROR_LEAK)) {
        struct rt_case cases[] = { RT_SEND(h->err_chan, err), RT_RECV(h->stream_done) };
        rt_select(cases, 2);
    } else {
        rt_send(h->err_chan, err);
    }
}

void handler_serial_send_async(struct handler *h, Protos__ChaincodeMessage *msg)
{
    struct async_send *send = rt_new(struct async_send);
    *send = (struct async_send){ h, msg };
    if (msg->type == CC_MSG(KEEPALIVE))
        h->keepalives++;
    rt_go("serialSendAsync", send_async, send);
}

/* As until 1.1: the send to the waiting Execute happens under the lock of all transactions. */
static void notify_locked(struct handler *h, Protos__ChaincodeMessage *msg)
{
    struct transaction_contexts *c = &h->tx_contexts;
    rt_str key = new_tx_key(msg->channel_id, msg->txid);
    rt_lock(&c->mutex);
    struct transaction_context *tctx = rt_map_get(c->contexts, key);
    if (tctx)
        rt_send(tctx->response_notifier, msg);
    rt_unlock(&c->mutex);
    if (tctx)
        transaction_context_close_query_iterators(tctx);
}

void handler_notify(struct handler *h, Protos__ChaincodeMessage *msg)
{
    if (handler_variant(h, VARIANT_NOTIFY_HOLDS_LOCK)) {
        notify_locked(h, msg);
        return;
    }
    struct transaction_context *tctx =
            transaction_contexts_get(&h->tx_contexts, msg->channel_id, msg->txid);
    if (!tctx)
        return;
    if (handler_variant(h, VARIANT_FIX_NOTIFY_BLOCKS)) {
        struct rt_case send = RT_SEND(tctx->response_notifier, msg);
        rt_select_default(&send, 1);
    } else {
        rt_send(tctx->response_notifier, msg);
    }
    transaction_context_close_query_iterators(tctx);
}
