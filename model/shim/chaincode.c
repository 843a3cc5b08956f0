/* Follows chatWithPeer and StartInProc of core/chaincode/shim/chaincode.go. */
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/shim/handler.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

/* What Recv returned; msg and err are handed over together. */
struct received {
    const struct peer_chaincode_stream *stream;
    struct rt_chan *avail;
    Protos__ChaincodeMessage *msg;
    struct rt_error *err;
};

static void receive_message(void *arg)
{
    struct received *in = arg;
    in->err = in->stream->recv(in->stream->self, &in->msg);
    rt_send(in->avail, in);
}

static void go_receive(const struct peer_chaincode_stream *stream, struct rt_chan *avail)
{
    struct received *in = rt_new(struct received);
    in->stream = stream;
    in->avail = avail;
    rt_go("shim.receiveMessage", receive_message, in);
}

/* The loop over messages; returns what ended it. */
static struct rt_error *chat(struct shim_handler *handler)
{
    struct rt_chan *avail = rt_chan_make(1, "shim.msgAvail");
    struct rt_chan *errc = rt_chan_make(0, "shim.errc");
    go_receive(handler->chat_stream, avail);
    for (;;) {
        struct rt_case cases[] = { RT_RECV(avail), RT_RECV(errc) };
        if (rt_select(cases, 2) == 1) {
            if (cases[1].value)
                return rt_error_wrap(cases[1].value, "error sending");
            continue;
        }
        const struct received *in = cases[0].value;
        if (in->err == rt_eof)
            return rt_error_wrap(in->err, "received EOF, ending chaincode stream");
        if (in->err)
            return rt_error_wrap(in->err, "receive failed");
        if (!in->msg)
            return rt_errorf("received nil message, ending chaincode stream");
        struct rt_error *err = shim_handler_handle_message(handler, in->msg, errc);
        if (err)
            return rt_error_wrap(err, "error handling message");
        go_receive(handler->chat_stream, avail);
    }
}

static struct rt_error *register_and_chat(struct shim_handler *handler, rt_str chaincode_name)
{
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = chaincode_name;
    rt_bytes payload;
    struct rt_error *err = WIRE_MARSHAL(&id, &payload);
    if (err)
        return rt_error_wrap(err, "error marshalling chaincodeID during chaincode registration");
    err = shim_handler_serial_send(
            handler, chaincode_message_new(CC_MSG(REGISTER), payload, RT_STR(""), RT_STR("")));
    if (err)
        return rt_error_wrap(err, "error sending chaincode REGISTER");
    return chat(handler);
}

struct rt_error *shim_chat_with_peer(rt_str chaincode_name,
        const struct peer_chaincode_stream *stream, const struct chaincode *cc)
{
    struct shim_handler *handler = shim_handler_new(stream, cc);
    struct rt_error *err = register_and_chat(handler, chaincode_name);
    rt_note("chaincode %S: %v", chaincode_name, err);
    shim_handler_close_send(handler);
    return err;
}

static struct rt_error *close_send(void *self)
{
    (void)self;
    return NULL;
}

struct rt_error *shim_start_in_proc(const rt_str *env, size_t env_count, const struct chaincode *cc,
        struct rt_chan *recv, struct rt_chan *send)
{
    const rt_str key = RT_STR("CORE_CHAINCODE_ID_NAME=");
    rt_str name = RT_STR("");
    for (size_t i = 0; i < env_count; i++) {
        if (rt_str_has_prefix(env[i], key)) {
            name = rt_str_slice(env[i], key.len, env[i].len);
            break;
        }
    }
    if (name.len == 0)
        return rt_errorf("error chaincode id not provided");
    struct in_proc_stream *ends = rt_new(struct in_proc_stream);
    *ends = (struct in_proc_stream){ .recv = recv, .send = send };
    struct peer_chaincode_stream *stream = rt_new(struct peer_chaincode_stream);
    *stream = (struct peer_chaincode_stream){ ends, in_proc_stream_send, in_proc_stream_recv,
        close_send, false };
    return shim_chat_with_peer(name, stream, cc);
}
