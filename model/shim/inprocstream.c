/* Follows core/chaincode/shim/inprocstream.go, whose twin is
 * core/container/inproccontroller/inprocstream.go. */
#include "model/rt/rt.h"
#include "model/shim/shim.h"

struct in_proc_send {
    struct in_proc_stream *stream;
    Protos__ChaincodeMessage *msg;
};

static void send_message(void *arg)
{
    struct in_proc_send *send = arg;
    rt_send(send->stream->send, send->msg);
}

struct rt_error *in_proc_stream_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct in_proc_send send = { self, msg };
    rt_str panic;
    if (send.stream->unguarded) { /* the variant CLOSED_INPROC_CHANNEL, see inproc_vm.c */
        send_message(&send);
        return NULL;
    }
    /* The channel may be closed when the chaincode is being stopped. */
    if (rt_recover(send_message, &send, &panic))
        return rt_errorf("send failure %S", panic);
    return NULL;
}

struct rt_error *in_proc_stream_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct in_proc_stream *stream = self;
    void *received;
    *msg = NULL;
    rt_daemon();
    bool open = rt_recv(stream->recv, &received);
    if (stream->unguarded) /* the variant CLOSED_INPROC_CHANNEL, as above */
        open = true;
    if (!open)
        return rt_errorf("channel is closed");
    *msg = received;
    return NULL;
}
