/* The small chaincode of an in-memory container, and its stream. */
#include "mocks/launch/internal.h"
#include "model/chaincode/chaincode_support.h"
#include "model/rt/clock.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* More than a run of this size sends; a peer that sends more waits for its chaincode. */
enum { TO_PEER = 16, TO_CHAINCODE = 64 };

/* ---- the peer's end ---- */

struct sending {
    struct rt_chan *to;
    Protos__ChaincodeMessage *msg;
};

static void send_on(void *arg)
{
    const struct sending *s = arg;
    rt_send(s->to, s->msg);
}

/* One operation on one channel: a send on a closed one is a broken connection. */
static struct rt_error *server_send(void *self, Protos__ChaincodeMessage *msg)
{
    const struct launch_stream *s = self;
    struct sending sending = { s->to_chaincode, msg };
    if (rt_recover(send_on, &sending, NULL))
        return rt_errorf("rpc error: code = Unavailable desc = transport is closing");
    return NULL;
}

static struct rt_error *server_recv(void *self, Protos__ChaincodeMessage **msg)
{
    const struct launch_stream *s = self;
    void *value;
    bool ok = rt_recv(s->to_peer, &value);
    *msg = value;
    return ok ? NULL : rt_errorf("rpc error: code = Canceled desc = context canceled");
}

static void close_channel(void *arg)
{
    rt_close((struct rt_chan *)arg);
}

/* Both ends may end a stream; who comes second finds it closed. */
static void close_if_open(struct rt_chan *ch)
{
    (void)rt_recover(close_channel, ch, NULL);
}

static void serve(void *arg)
{
    struct launch_stream *s = arg;
    const struct chaincode_stream stream = { s, server_send, server_recv };
    RT_DROP(chaincode_support_handle_chaincode_stream(s->container->world->support, stream));
    close_if_open(s->to_chaincode);
}

/* ---- the connection ---- */

struct launch_stream *launch_stream_open(struct launch_container *c)
{
    struct launch_stream *s = rt_new(struct launch_stream);
    s->container = c;
    s->to_peer = rt_chan_make(TO_PEER, "stream to peer");
    s->to_chaincode = rt_chan_make(TO_CHAINCODE, "stream to chaincode");
    rt_chan_is_message(s->to_peer);
    rt_chan_is_message(s->to_chaincode);
    s->next = c->streams;
    c->streams = s;
    rt_go_in(c->world->peer, "ProcessStream", serve, s);
    return s;
}

void launch_stream_break(struct launch_stream *s)
{
    close_if_open(s->to_peer);
    close_if_open(s->to_chaincode);
}

/* ---- the chaincode ---- */

/* The container exits if this is the point at which it does. */
static void at(struct launch_container *c, enum launch_exit point)
{
    if (c->behaviour->exits != point)
        return;
    launch_wait_for(c->behaviour->exit_delay, "when a container exits");
    launch_container_exit(c, c->behaviour->exit_code);
}

static void say(struct launch_stream *s, Protos__ChaincodeMessage__Type type, rt_bytes payload,
        const Protos__ChaincodeMessage *about)
{
    rt_send(s->to_peer, chaincode_message_new(type, payload, about ? about->txid : RT_STR(""),
                                about ? about->channel_id : RT_STR("")));
}

static Protos__ChaincodeMessage *hear(const struct launch_stream *s)
{
    void *value;
    return rt_recv(s->to_chaincode, &value) ? value : NULL;
}

static void send_register(struct launch_stream *s)
{
    const struct launch_behaviour *b = s->container->behaviour;
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    rt_bytes payload;
    id.name = b->registers_as.len > 0 ? b->registers_as : s->container->cname;
    if (!WIRE_MARSHAL(&id, &payload))
        say(s, CC_MSG(REGISTER), payload, NULL);
}

/* Asks for a state and waits for the answer; false if the stream ends. */
static bool request(struct launch_stream *s, const Protos__ChaincodeMessage *transaction)
{
    static const uint8_t get_state[] = { 0x0a, 1, 'k' }; /* GetState{key: "k"} */
    say(s, CC_MSG(GET_STATE), rt_bytes_from(get_state, sizeof(get_state)), transaction);
    const Protos__ChaincodeMessage *msg;
    do {
        msg = hear(s);
    } while (msg && msg->type != CC_MSG(RESPONSE) && msg->type != CC_MSG(ERROR));
    return msg != NULL;
}

static void answer(struct launch_stream *s, const Protos__ChaincodeMessage *transaction)
{
    static const uint8_t status_200[] = { 0x08, 0xc8, 0x01 }; /* Response{status: 200} */
    const struct launch_behaviour *b = s->container->behaviour;
    for (uint32_t i = 0; i < b->requests; i++)
        if (!request(s, transaction))
            return;
    launch_wait_for(b->answer_delay, "how long a transaction takes");
    if (b->answers == LAUNCH_ANSWER_COMPLETED)
        say(s, CC_MSG(COMPLETED), rt_bytes_from(status_200, sizeof(status_200)), transaction);
    else if (b->answers == LAUNCH_ANSWER_ERROR)
        say(s, CC_MSG(ERROR), RT_STR("the chaincode says no"), transaction);
    at(s->container, LAUNCH_EXIT_ANSWERED);
}

/* Serves until the stream ends. */
static void serve_peer(struct launch_stream *s)
{
    const Protos__ChaincodeMessage *msg;
    while ((msg = hear(s))) {
        if (msg->type == CC_MSG(REGISTERED))
            at(s->container, LAUNCH_EXIT_REGISTERED);
        else if (msg->type == CC_MSG(READY))
            at(s->container, LAUNCH_EXIT_READY);
        else if (msg->type == CC_MSG(INIT) || msg->type == CC_MSG(TRANSACTION))
            answer(s, msg);
        else if (msg->type == CC_MSG(KEEPALIVE))
            say(s, CC_MSG(KEEPALIVE), RT_NIL, NULL);
    }
}

static void second_main(void *arg)
{
    struct launch_stream *s = launch_stream_open(arg);
    send_register(s);
    serve_peer(s);
}

void launch_chaincode_main(void *arg)
{
    struct launch_container *c = arg;
    const struct launch_behaviour *b = c->behaviour;
    at(c, LAUNCH_EXIT_START);
    if (b->registers == LAUNCH_REGISTER_DUPLICATE)
        rt_go("second chaincode", second_main, c);
    struct launch_stream *s = launch_stream_open(c);
    launch_wait_for(b->register_delay, "when a chaincode registers");
    if (b->registers != LAUNCH_REGISTER_NEVER)
        send_register(s);
    if (b->registers == LAUNCH_REGISTER_TWICE)
        send_register(s);
    at(c, LAUNCH_EXIT_REGISTER_SENT);
    serve_peer(s);
    launch_container_exit(c, 0);
}
