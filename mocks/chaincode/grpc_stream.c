/* What google.golang.org/grpc 1.15 does for one bidirectional stream: the receive buffers of
 * internal/transport, and the statuses of stream.go and server.go. */
#include "mocks/chaincode/grpc_stream.h"

#include "mocks/chaincode/flow.h"
#include "model/comm/config.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"

/* A message, or what ends the stream. */
struct item {
    rt_bytes bytes;
    struct rt_error *err;
    struct item *next;
};

/* transport.recvBuffer: a channel of one, and what does not fit. */
struct recv_buffer {
    struct flow flow;
    struct rt_chan *open; /* writeQuota.ch: senders that wait; NULL before the first one does */
    struct rt_chan *c;
    struct item *first;
    struct item **last;
    void *order; /* of its items, for data races */
};

struct grpc_stream {
    int64_t notice_ns;
    struct rt_proc *peer;
    struct rt_proc *client;
    struct recv_buffer to_peer;
    struct recv_buffer to_client;
    struct rt_chan *ctx_done;    /* of the peer's side: closed when the stream is over there */
    bool cancelled;              /* ctx_done is closed */
    bool connection_closed;      /* the peer knows that the connection is gone */
    bool finished;               /* the handler has returned, or the client knows that it is over */
    struct rt_chan *client_done; /* closed when the client knows; NULL before one waits for it */
    bool half_closed;            /* clientStream.sentLast: the chaincode has closed its side */
    struct rt_error *peer_err;   /* the outcome of the last Recv if it failed: it stays so */
    struct rt_error *client_err;
};

/* ---- buffers ---- */

static void buffer_init(struct recv_buffer *b, const char *name)
{
    b->c = rt_chan_make(1, name);
    rt_chan_is_message(b->c);
    b->last = &b->first;
    flow_init(&b->flow);
}

/* put: never waits. */
static void put(struct recv_buffer *b, rt_bytes bytes, struct rt_error *err)
{
    struct item *item = rt_new(struct item);
    *item = (struct item){ bytes, err, NULL };
    rt_message_sent(&b->order);
    if (!b->first) {
        struct rt_case send = RT_SEND(b->c, item);
        if (rt_select_default(&send, 1) == 0)
            return;
    }
    *b->last = item;
    b->last = &item->next;
}

/* load: moves one item from the backlog into the channel that was just emptied. */
static void load(struct recv_buffer *b)
{
    struct item *item = b->first;
    rt_message_received(&b->order);
    if (!item)
        return;
    struct rt_case send = RT_SEND(b->c, item);
    if (rt_select_default(&send, 1) != 0 || b->first != item)
        return;
    b->first = item->next;
    if (!b->first)
        b->last = &b->first;
    item->next = NULL;
}

/* ---- flow control ---- */

/* What was read, or a wider window, may let a sender go on. */
static void wake_sender(struct recv_buffer *b)
{
    struct rt_case wake = RT_SEND(b->open, NULL);
    if (b->open && flow_open(&b->flow))
        rt_select_default(&wake, 1);
}

/* writeQuota.get: false when the stream is over before there is room. */
static bool wait_for_quota(struct recv_buffer *b, struct rt_chan *done)
{
    while (!flow_open(&b->flow)) {
        rt_note("a sender waits: the stream's window is used up");
        if (!b->open)
            b->open = rt_chan_make(1, "gRPC write quota");
        struct rt_case cases[] = { RT_RECV(b->open), RT_RECV(done) };
        if (rt_select(cases, 2) == 1)
            return false;
    }
    return true;
}

static void may_widen(struct recv_buffer *b)
{
    while (flow_may_widen(&b->flow))
        flow_widen(&b->flow, rt_choose(RT_CHOICE_DATA, 2, "whether gRPC widens its window") == 1);
}

/* A message is handed over: it counts from now on. */
static void put_message(struct recv_buffer *b, rt_bytes bytes)
{
    flow_send(&b->flow, FLOW_WIRE(bytes.len));
    may_widen(b);
    put(b, bytes, NULL);
}

/* The application has taken a message from the buffer. */
static void message_read(struct recv_buffer *b, rt_bytes bytes)
{
    flow_read(&b->flow, FLOW_WIRE(bytes.len));
    may_widen(b);
    wake_sender(b);
}

/* The client's side is over: its senders wait no longer. */
static void client_over(struct grpc_stream *s)
{
    s->finished = true;
    if (s->client_done)
        rt_close(s->client_done);
}

static struct rt_error *status(const char *code, rt_str desc)
{
    return rt_errorf("rpc error: code = %s desc = %S", code, desc);
}

static struct rt_error *decode(rt_bytes bytes, Protos__ChaincodeMessage **msg)
{
    *msg = NULL;
    struct rt_error *err = comm_check_received(bytes.len);
    if (err)
        return status("ResourceExhausted", err->text);
    err = WIRE_UNMARSHAL(protos__chaincode_message, bytes, msg);
    if (!err)
        return NULL;
    *msg = NULL;
    return status("Internal", rt_sprintf("grpc: failed to unmarshal the received message %v", err));
}

static struct rt_error *encode(const Protos__ChaincodeMessage *msg, rt_bytes *bytes)
{
    struct rt_error *err = WIRE_MARSHAL(msg, bytes);
    if (err)
        return status("Internal", rt_sprintf("grpc: error while marshaling: %v", err));
    err = comm_check_sent(bytes->len, COMM_MAX_SEND_MSG_SIZE);
    return err ? status("ResourceExhausted", err->text) : NULL;
}

/* ---- the peer's end ---- */

static void cancel(struct grpc_stream *s)
{
    if (s->cancelled)
        return;
    s->cancelled = true;
    rt_close(s->ctx_done);
}

/* WriteStatus: the stream is over for both, and the chaincode learns why. */
static void write_status(struct grpc_stream *s, struct rt_error *err)
{
    if (s->finished)
        return;
    client_over(s);
    cancel(s);
    put(&s->to_client, RT_NIL, err);
}

static struct rt_error *server_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct grpc_stream *s = self;
    rt_bytes bytes;
    struct rt_error *err = encode(msg, &bytes);
    if (!err && !s->connection_closed && !s->finished)
        (void)wait_for_quota(&s->to_client, s->ctx_done);
    if (!err && s->connection_closed)
        err = status("Unavailable", RT_STR("transport is closing"));
    if (!err && s->finished)
        err = status("Canceled", RT_STR("context canceled"));
    if (err) {
        write_status(s, err);
        return err;
    }
    put_message(&s->to_client, bytes);
    return NULL;
}

static struct rt_error *server_read(struct grpc_stream *s, Protos__ChaincodeMessage **msg)
{
    struct rt_case cases[] = { RT_RECV(s->to_peer.c), RT_RECV(s->ctx_done) };
    if (rt_select(cases, 2) == 1)
        return status("Canceled", RT_STR("context canceled"));
    const struct item *item = cases[0].value;
    load(&s->to_peer);
    if (!item->err)
        message_read(&s->to_peer, item->bytes);
    return item->err ? item->err : decode(item->bytes, msg);
}

static struct rt_error *server_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct grpc_stream *s = self;
    *msg = NULL;
    if (!s->peer_err)
        s->peer_err = server_read(s, msg);
    if (s->peer_err && s->peer_err != rt_eof)
        write_status(s, s->peer_err);
    return s->peer_err;
}

struct chaincode_stream grpc_stream_server(struct grpc_stream *s)
{
    return (struct chaincode_stream){ s, server_send, server_recv };
}

void grpc_stream_server_ended(struct grpc_stream *s, struct rt_error *err)
{
    write_status(s, !err ? rt_eof : status("Unknown", err->text));
}

/* ---- the chaincode's end ---- */

struct rt_error *grpc_stream_client_send_bytes(struct grpc_stream *s, rt_bytes bytes)
{
    if (s->finished || s->half_closed)
        return rt_eof;
    if (!flow_open(&s->to_peer.flow)) {
        if (!s->client_done)
            s->client_done = rt_chan_make(0, "stream done");
        if (!wait_for_quota(&s->to_peer, s->client_done))
            return rt_eof;
    }
    put_message(&s->to_peer, bytes);
    return NULL;
}

static struct rt_error *client_send(void *self, Protos__ChaincodeMessage *msg)
{
    struct grpc_stream *s = self;
    rt_bytes bytes;
    rt_shared_read(&s->half_closed, "clientStream.sentLast");
    struct rt_error *err = encode(msg, &bytes);
    if (!err)
        return grpc_stream_client_send_bytes(s, bytes);
    write_status(s, err);
    return err;
}

static struct rt_error *client_recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct grpc_stream *s = self;
    *msg = NULL;
    if (s->client_err)
        return s->client_err;
    void *value;
    rt_recv(s->to_client.c, &value);
    const struct item *item = value;
    load(&s->to_client);
    if (!item->err)
        message_read(&s->to_client, item->bytes);
    s->client_err = item->err ? item->err : decode(item->bytes, msg);
    return s->client_err;
}

void grpc_stream_client_half_close(struct grpc_stream *s)
{
    if (s->half_closed)
        return;
    s->half_closed = true;
    put(&s->to_peer, RT_NIL, rt_eof);
}

static struct rt_error *client_close_send(void *self)
{
    struct grpc_stream *s = self;
    rt_shared_read(&s->half_closed, "clientStream.sentLast");
    if (!s->half_closed)
        rt_shared_write(&s->half_closed, "clientStream.sentLast");
    grpc_stream_client_half_close(s);
    return NULL;
}

struct peer_chaincode_stream grpc_stream_client(struct grpc_stream *s)
{
    return (struct peer_chaincode_stream){ s, client_send, client_recv, client_close_send, false };
}

/* ---- deaths ---- */

static void peer_notices(void *arg)
{
    struct grpc_stream *s = arg;
    s->connection_closed = true;
    cancel(s);
}

void grpc_stream_client_freeze(struct grpc_stream *s)
{
    int64_t ns = s->notice_ns > 0 ? s->notice_ns : (2 * 3600 + 20) * RT_SECOND;
    if (rt_proc_alive(s->peer))
        rt_timer_call(s->peer, ns, "the server's keepalive", peer_notices, s);
}

static void client_notices(void *arg)
{
    struct grpc_stream *s = arg;
    if (s->finished)
        return;
    client_over(s);
    put(&s->to_client, RT_NIL, status("Unavailable", RT_STR("transport is closing")));
}

static void after_notice(struct grpc_stream *s, struct rt_proc *who, rt_fn fn)
{
    if (!rt_proc_alive(who))
        return;
    if (s->notice_ns > 0)
        rt_timer_call(who, s->notice_ns, "connection is seen to be broken", fn, s);
    else
        rt_go_in(who, "transport", fn, s);
}

static void client_died(void *arg, struct rt_proc *proc)
{
    (void)proc;
    struct grpc_stream *s = arg;
    after_notice(s, s->peer, peer_notices);
}

static void peer_died(void *arg, struct rt_proc *proc)
{
    (void)proc;
    struct grpc_stream *s = arg;
    after_notice(s, s->client, client_notices);
}

struct grpc_stream *grpc_stream_new(struct rt_proc *peer, int64_t notice_ns)
{
    struct grpc_stream *s = rt_new(struct grpc_stream);
    s->notice_ns = notice_ns;
    s->peer = peer;
    s->client = rt_proc_self();
    buffer_init(&s->to_peer, "gRPC to peer");
    buffer_init(&s->to_client, "gRPC to chaincode");
    s->ctx_done = rt_chan_make(0, "stream context");
    rt_proc_on_exit(s->client, client_died, s);
    rt_proc_on_exit(s->peer, peer_died, s);
    return s;
}
