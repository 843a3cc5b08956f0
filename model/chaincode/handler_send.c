/* Follows the sending half of core/chaincode/handler.go: serialSend, serialSendAsync, Notify. */
#include "model/chaincode/handler_internal.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* Variants, at the end of this file. */
static void send_failure_dropped(
        struct handler *h, const Protos__ChaincodeMessage *msg, struct rt_error *err);
static void fix_send_error_leak(struct handler *h, struct rt_error *err);
static void notify_holds_lock(struct handler *h, Protos__ChaincodeMessage *msg);
static void fix_notify_blocks(struct transaction_context *tctx, Protos__ChaincodeMessage *msg);

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
    if (handler_variant(h, VARIANT_FIX_KEEPALIVE_PILE) && msg->type == CC_MSG(KEEPALIVE))
        h->keepalives--;
    if (!err)
        return;
    if (handler_variant(h, VARIANT_SEND_FAILURE_DROPPED)) {
        send_failure_dropped(h, msg, err);
        return;
    }
    rt_note("%v", err);
    handler_notify(h, chaincode_message_error(err->text, msg->txid, msg->channel_id));
    rt_shared_read(&h->err_chan, "Handler.errChan");
    if (handler_variant(h, VARIANT_FIX_SEND_ERROR_LEAK)) {
        fix_send_error_leak(h, err);
        return;
    }
    /* Nobody reads this channel once the stream has ended. */
    rt_send(h->err_chan, err);
}

void handler_serial_send_async(struct handler *h, Protos__ChaincodeMessage *msg)
{
    struct async_send *send = rt_new(struct async_send);
    *send = (struct async_send){ h, msg };
    if (handler_variant(h, VARIANT_FIX_KEEPALIVE_PILE) && msg->type == CC_MSG(KEEPALIVE))
        h->keepalives++; /* send_keepalive() looks at it */
    rt_go("serialSendAsync", send_async, send);
}

void handler_notify(struct handler *h, Protos__ChaincodeMessage *msg)
{
    if (handler_variant(h, VARIANT_NOTIFY_HOLDS_LOCK)) {
        notify_holds_lock(h, msg);
        return;
    }
    struct transaction_context *tctx =
            transaction_contexts_get(&h->tx_contexts, msg->channel_id, msg->txid);
    if (!tctx)
        return;
    if (handler_variant(h, VARIANT_FIX_NOTIFY_BLOCKS)) {
        fix_notify_blocks(tctx, msg);
        return;
    }
    rt_send(tctx->response_notifier, msg);
    transaction_context_close_query_iterators(tctx);
}

/* ---- variants ---- */

/* Until FAB-11487 only a failed INIT or TRANSACTION ended the stream, and nobody who waited was
 * told. */
static void send_failure_dropped(
        struct handler *h, const Protos__ChaincodeMessage *msg, struct rt_error *err)
{
    if (msg->type == CC_MSG(INIT) || msg->type == CC_MSG(TRANSACTION))
        rt_send(h->err_chan, err);
}

static void fix_send_error_leak(struct handler *h, struct rt_error *err)
{
    struct rt_case cases[] = { RT_SEND(h->err_chan, err), RT_RECV(h->stream_done) };
    rt_select(cases, 2);
}

/* As until 1.1: the send to the waiting Execute happens under the lock of all transactions. */
static void notify_holds_lock(struct handler *h, Protos__ChaincodeMessage *msg)
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

static void fix_notify_blocks(struct transaction_context *tctx, Protos__ChaincodeMessage *msg)
{
    struct rt_case send = RT_SEND(tctx->response_notifier, msg);
    rt_select_default(&send, 1);
    transaction_context_close_query_iterators(tctx);
}
