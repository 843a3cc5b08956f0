/* What the lab hears from chaincode support. */
#include "harness/scenario/lab_impl.h"
#include "model/shim/message.h"

#include "proto/chaincode_shim.pb-c.h"

static rt_str message_name(const Protos__ChaincodeMessage *msg)
{
    return chaincode_message_type_string((int)msg->type);
}

void lab_note_event(void *self, const struct observed *e)
{
    (void)self;
    if (!rt_tracing())
        return;
    switch (e->kind) {
    case OBSERVED_SENDING:
        rt_note("-> %S", message_name(e->msg));
        break;
    case OBSERVED_RECEIVED:
        if (e->msg)
            rt_note("<- %S", message_name(e->msg));
        break;
    case OBSERVED_LAUNCH_BEGIN:
    case OBSERVED_RUNTIME_START:
    case OBSERVED_RUNTIME_STOP:
    case OBSERVED_LAUNCHING_ADDED:
    case OBSERVED_LAUNCHING_REMOVED:
    case OBSERVED_HANDLER_ADDED:
    case OBSERVED_HANDLER_REMOVED:
        rt_note("%s: %S", observed_kind_name(e->kind), e->cname);
        break;
    case OBSERVED_LAUNCH_END:
    case OBSERVED_RUNTIME_STARTED:
    case OBSERVED_RUNTIME_STOPPED:
    case OBSERVED_RUNTIME_EXITED:
        if (e->err)
            rt_note("%s: %S: %v", observed_kind_name(e->kind), e->cname, e->err);
        else
            rt_note("%s: %S", observed_kind_name(e->kind), e->cname);
        break;
    default:
        break;
    }
}

/* Tells the reader of a timeline, then the invariants. */
void lab_watch(void *self, const struct observed *e)
{
    struct lab *lab = self;
    lab_note_event(self, e);
    lab->check.observer.observe(lab->check.observer.self, e);
}
