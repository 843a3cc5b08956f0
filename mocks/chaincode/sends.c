/* Sends what no shim would. */
#include "mocks/chaincode/sends.h"

#include "mocks/chaincode/life.h"
#include "model/rt/clock.h"
#include "model/rt/names.h"
#include "model/rt/trace.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"

rt_str chaincode_send_check(const struct chaincode_send *s)
{
    static const char *const kinds[] = RT_NAMES(CHAINCODE_MESSAGES);
    bool parts = s->has_type || s->channel.given || s->txid.given || s->payload.given;
    if (s->at == CHAINCODE_POINT_START)
        return RT_STR("at start there is no stream to send on; connected is the first point");
    if (s->at == CHAINCODE_POINT_ANY || s->at == CHAINCODE_POINT_DURING_LAUNCH)
        return RT_STR("a message is sent at one certain point");
    if (s->bytes.data && (parts || s->more.data))
        return RT_STR("\"bytes\" are a whole message: they have no type and no parts");
    if (s->at != CHAINCODE_POINT_NEVER && !s->bytes.data && !s->has_type)
        return RT_STR("a message that is sent at a point needs a \"type\", or \"bytes\"");
    if (s->at != CHAINCODE_POINT_NEVER && s->count == 0)
        return RT_STR("a message that is sent zero times at a point is none");
    if (s->count == 0 && (parts || s->bytes.data || s->more.data))
        return rt_sprintf("nothing is sent in place of the %s, so it has no parts",
                rt_name(kinds, s->instead_of));
    return RT_NIL;
}

static rt_bytes part(const struct chaincode_part *given, rt_bytes usual)
{
    return given->given ? given->value : usual;
}

/* The bytes that stand for `msg`, the message at hand, which may be NULL. */
static rt_bytes bytes_of(
        const struct chaincode_send *s, const Protos__ChaincodeMessage *msg, rt_str *what)
{
    *what = RT_STR("bytes");
    if (s->bytes.data)
        return s->bytes;
    bool instead = s->at == CHAINCODE_POINT_NEVER;
    Protos__ChaincodeMessage made = PROTOS__CHAINCODE_MESSAGE__INIT;
    if (instead && msg)
        made = *msg;
    if (s->has_type)
        made.type = (Protos__ChaincodeMessage__Type)s->type;
    made.channel_id = part(&s->channel, msg ? msg->channel_id : RT_STR(""));
    made.txid = part(&s->txid, msg ? msg->txid : RT_STR(""));
    made.payload = part(&s->payload, instead && msg ? msg->payload : RT_NIL);
    *what = chaincode_message_type_string((int)made.type);
    rt_bytes bytes;
    struct rt_error *err = wire_marshal(&made.base, &bytes);
    if (err)
        rt_note("a message cannot be marshalled: %v", err);
    return s->more.data ? rt_str_cat(bytes, s->more) : bytes;
}

struct sending {
    struct life_stream *stream;
    const struct chaincode_send *send;
    rt_bytes bytes;
    rt_str what;
};

static void send_now(const struct sending *s)
{
    for (uint32_t i = 0; i < s->send->count && !s->stream->life->over; i++) {
        struct rt_error *err = grpc_stream_client_send_bytes(s->stream->grpc, s->bytes);
        rt_note("%S sends %S: %v", s->stream->life->cname, s->what, err);
    }
}

static void send_later(void *arg)
{
    const struct sending *s = arg;
    rt_daemon();
    life_wait(&s->send->after, "until a message");
    send_now(s);
}

/* Sends what `send` says, unless it is not the time for it; false then. */
static bool perform(struct life_stream *stream, size_t index, const Protos__ChaincodeMessage *msg)
{
    struct life *life = stream->life;
    const struct chaincode_send *send = &life->behaviour->sends[index];
    uint32_t time = ++life->sends[index];
    if (send->time != 0 && send->time != time)
        return false;
    life_did(life, send->tag);
    if (send->maybe && rt_choose(RT_CHOICE_FAULT, 2, "whether a message is sent") == 0)
        return false;
    struct sending now = { .stream = stream, .send = send };
    now.bytes = bytes_of(send, msg, &now.what);
    if (send->after.count == 0) {
        send_now(&now);
        return true;
    }
    struct sending *later = rt_new(struct sending);
    *later = now;
    rt_go("sender", send_later, later);
    return true;
}

void life_send_at(
        struct life_stream *stream, enum chaincode_point point, const Protos__ChaincodeMessage *msg)
{
    const struct chaincode_behaviour *b = stream->life->behaviour;
    for (size_t i = 0; i < b->send_count; i++)
        if (b->sends[i].at == point)
            perform(stream, i, msg);
}

static bool is_kind(enum chaincode_message_kind kind, const Protos__ChaincodeMessage *msg)
{
    switch (msg->type) {
    case CC_MSG(REGISTER):
        return kind == CHAINCODE_SENDS_REGISTER;
    case CC_MSG(KEEPALIVE):
        return kind == CHAINCODE_SENDS_KEEPALIVE;
    case CC_MSG(COMPLETED):
    case CC_MSG(ERROR):
        return kind == CHAINCODE_SENDS_ANSWER;
    default:
        return kind == CHAINCODE_SENDS_REQUEST;
    }
}

bool life_sends_instead(struct life_stream *stream, const Protos__ChaincodeMessage *msg)
{
    const struct chaincode_behaviour *b = stream->life->behaviour;
    bool sent = false;
    for (size_t i = 0; i < b->send_count; i++)
        if (b->sends[i].at == CHAINCODE_POINT_NEVER && is_kind(b->sends[i].instead_of, msg))
            sent = perform(stream, i, msg) || sent;
    return sent;
}
