/* Follows the registration in core/chaincode/handler.go: HandleRegister, sendReady,
 * notifyRegistry. */
#include "model/chaincode/handler_internal.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

/* Variants, at the end of this file. */
static struct rt_error *ready_overtaken(struct handler *h, Protos__ChaincodeMessage *ready);

static struct rt_error *send_ready_message(struct handler *h)
{
    Protos__ChaincodeMessage *msg =
            chaincode_message_new(CC_MSG(READY), RT_NIL, RT_STR(""), RT_STR(""));
    if (handler_variant(h, VARIANT_READY_OVERTAKEN))
        return ready_overtaken(h, msg);
    return handler_serial_send(h, msg);
}

static struct rt_error *send_ready(struct handler *h)
{
    struct rt_error *err = send_ready_message(h);
    if (err)
        return err;
    rt_shared_write(&h->state, "Handler.state");
    h->state = HANDLER_READY;
    return NULL;
}

/* notifyRegistry: sends READY unless the registration has failed, and tells the launch. Returns
 * what failed, for the variant FIX_REGISTER_FAILURE_ENDS. */
static struct rt_error *notify_registry(struct handler *h, struct rt_error *err)
{
    if (!err)
        err = send_ready(h);
    rt_shared_read(&h->chaincode_id, "Handler.chaincodeID");
    rt_str name = h->chaincode_id->name;
    if (err) {
        rt_note("failed to start %S: %v", name, err);
        if (handler_variant(h, VARIANT_FAILURE_NOT_REPORTED))
            return err;
        handler_registry_failed(h->env->registry, name, h, err);
        return err;
    }
    handler_registry_ready(h->env->registry, name, h);
    rt_note("%S is ready", name);
    return NULL;
}

static struct rt_error *register_handler(struct handler *h)
{
    struct rt_error *err = handler_registry_register(h->env->registry, h);
    if (err)
        return notify_registry(h, err);
    rt_shared_write(&h->cc_instance, "Handler.ccInstance");
    h->cc_instance = rt_new(struct chaincode_instance);
    *h->cc_instance = parse_name(h->chaincode_id->name);
    err = handler_serial_send(
            h, chaincode_message_new(CC_MSG(REGISTERED), RT_NIL, RT_STR(""), RT_STR("")));
    if (err)
        return notify_registry(h, err);
    rt_shared_write(&h->state, "Handler.state");
    h->state = HANDLER_ESTABLISHED;
    if (handler_variant(h, VARIANT_INIT_OUT_OF_BAND))
        handler_registry_ready(h->env->registry, h->chaincode_id->name, h);
    return notify_registry(h, NULL);
}

struct rt_error *handler_handle_register(struct handler *h, const Protos__ChaincodeMessage *msg)
{
    Protos__ChaincodeID *chaincode_id;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_id, msg->payload, &chaincode_id);
    if (err) {
        rt_note("REGISTER cannot be decoded: %v", err);
    } else {
        rt_shared_write(&h->chaincode_id, "Handler.chaincodeID");
        h->chaincode_id = chaincode_id;
        err = register_handler(h);
    }
    if (handler_variant(h, VARIANT_FIX_REGISTER_FAILURE_ENDS))
        return err;
    return NULL;
}

/* ---- variants ---- */

static struct rt_error *ready_overtaken(struct handler *h, Protos__ChaincodeMessage *ready)
{
    handler_serial_send_async(h, ready);
    return NULL;
}
