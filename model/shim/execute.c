/* Follows handleInit and handleTransaction of core/chaincode/shim/handler.go.
 *
 * Go sends the answer in a deferred call; if the chaincode panics that call panics too, on a nil
 * message, and the process ends with the first panic. So nothing is deferred here. */
#include "model/shim/execute.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

struct execution {
    struct shim_handler *handler;
    Protos__ChaincodeMessage *msg;
    struct rt_chan *errc;
};

static Protos__ChaincodeMessage *error_message(
        const struct execution *e, rt_str text, Protos__ChaincodeEvent *event)
{
    Protos__ChaincodeMessage *answer =
            chaincode_message_error(text, e->msg->txid, e->msg->channel_id);
    answer->chaincode_event = event;
    return answer;
}

/* What both have in common before the chaincode is called: the answer if it failed, or NULL. */
static Protos__ChaincodeMessage *prepare(const struct execution *e, struct stub *stub)
{
    Protos__ChaincodeInput *input;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_input, e->msg->payload, &input);
    if (err)
        return error_message(e, err->text, NULL);
    err = stub_init(stub, e->handler, e->msg->channel_id, e->msg->txid, input, e->msg->proposal);
    if (err)
        return error_message(e, err->text, stub->chaincode_event);
    return NULL;
}

static Protos__ChaincodeMessage *completed(const struct stub *stub, rt_bytes payload)
{
    Protos__ChaincodeMessage *answer =
            chaincode_message_new(CC_MSG(COMPLETED), payload, stub->tx.txid, stub->tx.channel_id);
    answer->chaincode_event = stub->chaincode_event;
    return answer;
}

static Protos__ChaincodeMessage *init(const struct execution *e)
{
    struct stub *stub = rt_new(struct stub);
    Protos__ChaincodeMessage *failed = prepare(e, stub);
    if (failed)
        return failed;
    const struct chaincode *cc = e->handler->cc;
    Protos__Response res = cc->init(cc->self, &stub->interface);
    if (res.status >= SHIM_ERROR) {
        rt_bytes text = res.message.data ? res.message : RT_STR("");
        return error_message(e, text, stub->chaincode_event);
    }
    rt_bytes bytes;
    struct rt_error *err = WIRE_MARSHAL(&res, &bytes);
    if (err) {
        /* The channel is missing here, so the peer does not know whose error this is. */
        failed = error_message(e, err->text, stub->chaincode_event);
        failed->channel_id = RT_STR("");
        return failed;
    }
    return completed(stub, bytes);
}

static Protos__ChaincodeMessage *transaction(const struct execution *e)
{
    struct stub *stub = rt_new(struct stub);
    Protos__ChaincodeMessage *failed = prepare(e, stub);
    if (failed)
        return failed;
    const struct chaincode *cc = e->handler->cc;
    Protos__Response res = cc->invoke(cc->self, &stub->interface);
    rt_bytes bytes;
    struct rt_error *err = WIRE_MARSHAL(&res, &bytes);
    if (err)
        return error_message(e, err->text, stub->chaincode_event);
    return completed(stub, bytes);
}

/* triggerNextState. */
static void trigger_next_state(const struct execution *e, Protos__ChaincodeMessage *msg)
{
    shim_handler_serial_send_async(e->handler, msg, e->errc);
}

static void run_init(void *arg)
{
    trigger_next_state(arg, init(arg));
}

static void run_transaction(void *arg)
{
    trigger_next_state(arg, transaction(arg));
}

static void start(const char *name, rt_fn run, struct shim_handler *handler,
        Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    struct execution *e = rt_new(struct execution);
    *e = (struct execution){ handler, msg, errc };
    rt_go(name, run, e);
}

void shim_handle_init(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    start("chaincode Init", run_init, handler, msg, errc);
}

void shim_handle_transaction(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc)
{
    start("chaincode Invoke", run_transaction, handler, msg, errc);
}
