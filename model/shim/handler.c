/* Follows core/chaincode/shim/handler.go: the state machine and the way of a request; execute.c has
 * what INIT and TRANSACTION start, requests.c the requests. */
#include "model/shim/handler.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/shim/execute.h"

static const char *const state_names[] = { "created", "established", "ready" };

struct shim_handler *shim_handler_new(
        const struct peer_chaincode_stream *stream, const struct chaincode *cc)
{
    struct shim_handler *handler = rt_new(struct shim_handler);
    rt_mutex_init(&handler->mutex, "shim.Handler");
    rt_mutex_init(&handler->serial_lock, "shim.Handler.serialLock");
    handler->chat_stream = stream;
    handler->cc = cc;
    handler->state = SHIM_CREATED;
    handler->response_channel = rt_map_new();
    return handler;
}

/* ---- sending ---- */

struct rt_error *shim_handler_serial_send(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg)
{
    rt_lock(&handler->serial_lock);
    struct rt_error *err = handler->chat_stream->send(handler->chat_stream->self, msg);
    rt_unlock(&handler->serial_lock);
    return err;
}

void shim_handler_close_send(struct shim_handler *handler)
{
    const struct peer_chaincode_stream *stream = handler->chat_stream;
    if (stream->closed_under_lock)
        rt_lock(&handler->serial_lock);
    stream->close_send(stream->self);
    if (stream->closed_under_lock)
        rt_unlock(&handler->serial_lock);
}

struct async_send {
    struct shim_handler *handler;
    Protos__ChaincodeMessage *msg;
    struct rt_chan *errc;
};

static void send_async(void *arg)
{
    struct async_send *send = arg;
    struct rt_error *err = shim_handler_serial_send(send->handler, send->msg);
    if (send->errc)
        rt_send(send->errc, err);
}

void shim_handler_serial_send_async(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    struct async_send *send = rt_new(struct async_send);
    *send = (struct async_send){ handler, msg, errc };
    rt_go("shim.serialSendAsync", send_async, send);
}

/* ---- requests and their responses ---- */

/* getTxCtxId. */
static rt_str get_tx_ctx_id(rt_str channel_id, rt_str txid)
{
    return channel_id.len == 0 ? txid : rt_str_cat(channel_id, txid);
}

struct rt_error *shim_handler_create_channel(
        struct shim_handler *handler, rt_str channel_id, rt_str txid, struct rt_chan **channel)
{
    struct rt_error *err = NULL;
    rt_lock(&handler->mutex);
    rt_str id = get_tx_ctx_id(channel_id, txid);
    rt_shared_read(handler->response_channel, "shim.Handler.responseChannel");
    if (rt_map_get(handler->response_channel, id)) {
        err = rt_errorf("[%S] channel exists", shorttxid(id));
    } else {
        *channel = rt_chan_make(0, "shim.responseChannel");
        rt_shared_write(handler->response_channel, "shim.Handler.responseChannel");
        rt_map_put(handler->response_channel, id, *channel);
    }
    rt_unlock(&handler->mutex);
    return err;
}

/* sendChannel: hands a response to the goroutine that waits for it, with the lock held. */
static struct rt_error *send_channel(struct shim_handler *handler, Protos__ChaincodeMessage *msg)
{
    struct rt_error *err = NULL;
    rt_lock(&handler->mutex);
    rt_str id = get_tx_ctx_id(msg->channel_id, msg->txid);
    rt_shared_read(handler->response_channel, "shim.Handler.responseChannel");
    struct rt_chan *channel = rt_map_get(handler->response_channel, id);
    if (!channel)
        err = rt_errorf("[%S] sendChannel does not exist", shorttxid(msg->txid));
    else
        rt_send(channel, msg);
    rt_unlock(&handler->mutex);
    return err;
}

struct rt_error *shim_handler_send_receive(struct shim_handler *handler,
        Protos__ChaincodeMessage *msg, struct rt_chan *channel, Protos__ChaincodeMessage **response)
{
    struct rt_chan *errc = rt_chan_make(1, "shim.sendReceive.errc");
    shim_handler_serial_send_async(handler, msg, errc);
    for (;;) {
        struct rt_case cases[] = { RT_RECV(errc), RT_RECV(channel) };
        if (rt_select(cases, 2) == 1) {
            *response = cases[1].value;
            return NULL;
        }
        if (cases[0].value)
            return cases[0].value;
    }
}

void shim_handler_delete_channel(struct shim_handler *handler, rt_str channel_id, rt_str txid)
{
    rt_lock(&handler->mutex);
    rt_shared_write(handler->response_channel, "shim.Handler.responseChannel");
    rt_map_delete(handler->response_channel, get_tx_ctx_id(channel_id, txid));
    rt_unlock(&handler->mutex);
}

/* ---- the state machine ---- */

static struct rt_error *cannot_handle(
        const struct shim_handler *handler, const Protos__ChaincodeMessage *msg)
{
    return rt_errorf("[%S] Chaincode handler cannot handle message (%S) with payload size (%zu) "
                     "while in state: %s",
            msg->txid, chaincode_message_type_string((int)msg->type), msg->payload.len,
            state_names[handler->state]);
}

static struct rt_error *handle_ready(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    switch (msg->type) {
    case CC_MSG(RESPONSE):
        return send_channel(handler, msg);
    case CC_MSG(ERROR):
        /* An error that nobody waits for is not one of the stream. */
        send_channel(handler, msg);
        return NULL;
    case CC_MSG(INIT):
        shim_handle_init(handler, msg, errc);
        return NULL;
    case CC_MSG(TRANSACTION):
        shim_handle_transaction(handler, msg, errc);
        return NULL;
    default:
        return cannot_handle(handler, msg);
    }
}

struct rt_error *shim_handler_handle_message(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    if (msg->type == CC_MSG(KEEPALIVE)) {
        shim_handler_serial_send_async(handler, msg, NULL);
        return NULL;
    }
    struct rt_error *err = NULL;
    rt_shared_read(&handler->state, "shim.Handler.state");
    if (handler->state == SHIM_READY) {
        err = handle_ready(handler, msg, errc);
    } else if (handler->state == SHIM_ESTABLISHED && msg->type == CC_MSG(READY)) {
        rt_shared_write(&handler->state, "shim.Handler.state");
        handler->state = SHIM_READY;
        rt_note("chaincode is ready");
    } else if (handler->state == SHIM_CREATED && msg->type == CC_MSG(REGISTERED)) {
        rt_shared_write(&handler->state, "shim.Handler.state");
        handler->state = SHIM_ESTABLISHED;
    } else {
        err = cannot_handle(handler, msg);
    }
    if (err)
        RT_DROP(shim_handler_serial_send(
                handler, chaincode_message_error(err->text, msg->txid, RT_STR(""))));
    return err;
}
