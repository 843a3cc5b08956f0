/* Follows core/chaincode/handler.go: the stream loop, the states and Execute. */
#include "model/chaincode/handler.h"

#include "model/chaincode/handler_internal.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

#include "proto/chaincode.pb-c.h"

/* Variants, at the end of this file. */
struct received;
static void shared_receive_error_received(const struct received *in);
static void shared_receive_error_reset(struct handler *h);
static struct rt_error *shared_receive_error_get(struct handler *h);
static struct rt_error *fix_stream_end_notifies(struct handler *h,
        struct transaction_context *txctx, const struct cc_context *cccid, int64_t timeout_ns,
        Protos__ChaincodeMessage **response);

const char *handler_state_name(enum handler_state state)
{
    static const char *const names[] = { "created", "established", "ready" };
    return names[state];
}

struct handler *handler_new(struct handler_environment *env)
{
    struct handler *h = rt_new(struct handler);
    h->env = env;
    h->state = HANDLER_CREATED;
    rt_mutex_init(&h->serial_lock, "Handler.serialLock");
    transaction_contexts_init(&h->tx_contexts);
    h->tx_contexts.observer = env->observer;
    h->tx_contexts.variants = env->variants;
    active_transactions_init(&h->active_transactions);
    return h;
}

rt_str handler_chaincode_name(const struct handler *h)
{
    rt_shared_read(&h->cc_instance, "Handler.ccInstance");
    return h->cc_instance ? h->cc_instance->chaincode_name : RT_STR("");
}

rt_str handler_chaincode_id(const struct handler *h)
{
    return h->chaincode_id ? h->chaincode_id->name : RT_STR("");
}

void handler_close(struct handler *h)
{
    transaction_contexts_close(&h->tx_contexts);
}

/* ---- messages ---- */

static struct rt_error *cannot_handle(const Protos__ChaincodeMessage *msg, const char *state)
{
    return rt_errorf("[%S] Fabric side handler cannot handle message (%S) while in %s state",
            msg->txid, chaincode_message_type_string((int)msg->type), state);
}

static struct rt_error *handle_message_ready_state(struct handler *h, Protos__ChaincodeMessage *msg)
{
    if (msg->type == CC_MSG(COMPLETED) || msg->type == CC_MSG(ERROR)) {
        handler_notify(h, msg);
        return NULL;
    }
    handle_func delegate = handler_delegate(msg->type);
    if (!delegate)
        return cannot_handle(msg, "ready");
    handler_go_transaction(h, msg, delegate);
    return NULL;
}

/* handleMessage. */
static struct rt_error *handle_message(struct handler *h, Protos__ChaincodeMessage *msg)
{
    if (msg->type == CC_MSG(KEEPALIVE))
        return NULL;
    rt_shared_read(&h->state, "Handler.state");
    switch (h->state) {
    case HANDLER_CREATED:
        if (msg->type == CC_MSG(REGISTER))
            return handler_handle_register(h, msg);
        return cannot_handle(msg, "created");
    case HANDLER_READY:
        return handle_message_ready_state(h, msg);
    default:
        return rt_errorf("handle message: invalid state %s for transaction %S",
                handler_state_name(h->state), msg->txid);
    }
}

/* ---- the stream ---- */

/* What Recv returned; both parts travel together. */
struct received {
    struct handler *h;
    struct rt_chan *avail;
    Protos__ChaincodeMessage *msg;
    struct rt_error *err;
};

static void receive_message(void *arg)
{
    struct received *in = arg;
    rt_shared_read(&in->h->chat_stream, "Handler.chatStream");
    in->err = in->h->chat_stream.recv(in->h->chat_stream.self, &in->msg);
    if (handler_variant(in->h, VARIANT_SHARED_RECEIVE_ERROR))
        shared_receive_error_received(in);
    rt_send(in->avail, in);
}

static void go_receive(struct handler *h, struct rt_chan *avail)
{
    struct received *in = rt_new(struct received);
    in->h = h;
    in->avail = avail;
    rt_go("receiveMessage", receive_message, in);
}

/* One received message; an error ends the stream. */
static struct rt_error *handle_received(struct handler *h, const struct received *in)
{
    struct rt_error *err = in->err;
    if (handler_variant(h, VARIANT_SHARED_RECEIVE_ERROR))
        err = shared_receive_error_get(h);
    if (err == rt_eof)
        return err;
    if (err)
        return rt_error_wrap(err, "receive failed");
    if (!in->msg)
        return rt_errorf("received nil message, ending chaincode support stream");
    observer_tell(h->env->observer, .kind = OBSERVED_RECEIVED, .handler = h, .msg = in->msg);
    return rt_error_wrap(handle_message(h, in->msg), "error handling message, ending stream");
}

static void send_keepalive(struct handler *h)
{
    if (handler_variant(h, VARIANT_FIX_KEEPALIVE_PILE) && h->keepalives > 0)
        return;
    handler_serial_send_async(
            h, chaincode_message_new(CC_MSG(KEEPALIVE), RT_NIL, RT_STR(""), RT_STR("")));
}

static struct rt_error *stream_loop(struct handler *h, struct rt_chan *keepalive)
{
    struct rt_chan *avail = rt_chan_make(1, "msgAvail");
    go_receive(h, avail);
    for (;;) {
        if (handler_variant(h, VARIANT_SHARED_RECEIVE_ERROR))
            shared_receive_error_reset(h);
        struct rt_case cases[] = { RT_RECV(avail), RT_RECV(h->err_chan), RT_RECV(keepalive) };
        struct rt_error *err;
        switch (rt_select(cases, keepalive ? 3 : 2)) {
        case 0:
            err = handle_received(h, cases[0].value);
            if (err)
                return err;
            go_receive(h, avail);
            break;
        case 1:
            return rt_error_wrap(cases[1].value,
                    "received error while sending message, ending chaincode support stream");
        default:
            send_keepalive(h);
        }
    }
}

struct rt_error *handler_process_stream(struct handler *h, struct chaincode_stream stream)
{
    rt_shared_write(&h->chat_stream, "Handler.chatStream");
    h->chat_stream = stream;
    rt_shared_write(&h->err_chan, "Handler.errChan");
    h->err_chan = rt_chan_make(1, "errChan");
    h->stream_done = rt_chan_make(0, "streamDone"); /* for variants: nobody waits for it in 1.4.2 */
    struct rt_timer *ticker =
            h->env->keepalive_ns != 0 ? rt_ticker_new(h->env->keepalive_ns, "keepalive") : NULL;
    observer_tell(h->env->observer, .kind = OBSERVED_STREAM_BEGIN, .handler = h);
    struct rt_error *err = stream_loop(h, ticker ? rt_timer_chan(ticker) : NULL);
    rt_note("stream of %S ends: %v", handler_chaincode_id(h), err);
    if (ticker)
        rt_timer_stop(ticker);
    rt_shared_read(&h->chaincode_id, "Handler.chaincodeID");
    if (h->chaincode_id)
        RT_DROP(handler_registry_deregister(h->env->registry, h->chaincode_id->name, h, NULL));
    if (handler_variant(h, VARIANT_FIX_STREAM_END_NOTIFIES) ||
            handler_variant(h, VARIANT_FIX_SEND_ERROR_LEAK))
        rt_close(h->stream_done);
    observer_tell(h->env->observer, .kind = OBSERVED_STREAM_END, .handler = h, .err = err);
    return err;
}

/* ---- Execute ---- */

/* setChaincodeProposal. */
static struct rt_error *set_chaincode_proposal(
        const struct transaction_params *tx_params, Protos__ChaincodeMessage *msg)
{
    if (tx_params->proposal && !tx_params->signed_prop)
        return rt_errorf("failed getting proposal context. Signed proposal is nil");
    if (tx_params->proposal)
        msg->proposal = tx_params->signed_prop;
    return NULL;
}

/* getCollectionStore. */
static const struct collection_store *get_collection_store(
        const struct handler *h, rt_str channel_id)
{
    const struct handler_environment *env = h->env;
    if (!env->collection_store.new_simple_collection_store)
        return NULL;
    return env->collection_store.new_simple_collection_store(env->collection_store.self, channel_id,
            env->ledger_getter.get_ledger(env->ledger_getter.self, channel_id));
}

/* serialSendAsync(msg); always NULL in 1.4.2. */
static struct rt_error *send_execute_message(struct handler *h, Protos__ChaincodeMessage *msg)
{
    if (handler_variant(h, VARIANT_INIT_OUT_OF_BAND) && msg->type == CC_MSG(INIT))
        return handler_serial_send(h, msg);
    handler_serial_send_async(h, msg);
    return NULL;
}

static struct rt_error *timed_out(const struct handler *h, const struct cc_context *cccid)
{
    rt_str cname = cc_context_get_canonical_name(cccid);
    metrics_add(h->env->metrics, &metric_execute_timeouts, &cname);
    return rt_errorf("timeout expired while executing transaction");
}

static struct rt_error *await_response(struct handler *h, struct transaction_context *txctx,
        const struct cc_context *cccid, int64_t timeout_ns, Protos__ChaincodeMessage **response)
{
    if (handler_variant(h, VARIANT_FIX_STREAM_END_NOTIFIES))
        return fix_stream_end_notifies(h, txctx, cccid, timeout_ns, response);
    struct rt_case cases[] = {
        RT_RECV(txctx->response_notifier),
        RT_RECV(rt_after(timeout_ns, "execute timeout")),
    };
    if (rt_select(cases, 2) == 1)
        return timed_out(h, cccid);
    *response = cases[0].value;
    return NULL;
}

struct rt_error *handler_execute(struct handler *h, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeMessage *msg, int64_t timeout_ns,
        Protos__ChaincodeMessage **response)
{
    tx_params->collection_store = get_collection_store(RT_DEREF(h), msg->channel_id);
    tx_params->is_init_transaction = msg->type == CC_MSG(INIT);
    *response = NULL;
    struct transaction_context *txctx;
    struct rt_error *err = transaction_contexts_create(&h->tx_contexts, tx_params, &txctx);
    if (err)
        return err;
    observer_tell(h->env->observer, .kind = OBSERVED_EXECUTE_BEGIN, .handler = h, .msg = msg);
    err = set_chaincode_proposal(tx_params, msg);
    if (!err)
        err = send_execute_message(h, msg);
    if (!err)
        err = await_response(h, txctx, cccid, timeout_ns, response);
    transaction_contexts_delete(&h->tx_contexts, msg->channel_id, msg->txid);
    if (handler_variant(h, VARIANT_FIX_REQUEST_OUTLIVES))
        rt_waitgroup_wait(&txctx->running);
    observer_tell(h->env->observer, .kind = OBSERVED_EXECUTE_END, .handler = h, .msg = msg,
            .reply = *response, .err = err);
    return err;
}

/* ---- variants ---- */

/* One error for all goroutines of the stream, instead of one that travels with its message. */
static void shared_receive_error_received(const struct received *in)
{
    rt_shared_write(&in->h->receive_err, "err");
    in->h->receive_err = in->err;
}

static void shared_receive_error_reset(struct handler *h)
{
    rt_shared_write(&h->receive_err, "err");
    h->receive_err = NULL;
}

static struct rt_error *shared_receive_error_get(struct handler *h)
{
    rt_shared_read(&h->receive_err, "err");
    return h->receive_err;
}

/* await_response() that the end of the stream ends, too. */
static struct rt_error *fix_stream_end_notifies(struct handler *h,
        struct transaction_context *txctx, const struct cc_context *cccid, int64_t timeout_ns,
        Protos__ChaincodeMessage **response)
{
    struct rt_case cases[] = {
        RT_RECV(txctx->response_notifier),
        RT_RECV(rt_after(timeout_ns, "execute timeout")),
        RT_RECV(h->stream_done),
    };
    switch (rt_select(cases, 3)) {
    case 0:
        *response = cases[0].value;
        return NULL;
    case 1:
        return timed_out(h, cccid);
    default:
        return rt_errorf("chaincode stream terminated");
    }
}
