/* reply: every request on a chaincode's stream has one answer. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/shim/message.h"

#include "proto/chaincode_shim.pb-c.h"

#define TYPE(name) PROTOS__CHAINCODE_MESSAGE__TYPE__##name

static rt_str type_name(const Protos__ChaincodeMessage *msg)
{
    return chaincode_message_type_string((int)msg->type);
}

/* A transaction's requests on one stream. */
struct request {
    const struct handler *handler;
    rt_str tx;
    uint32_t waiting; /* accepted and not answered */
    bool failed;      /* the last one accepted has failed and is not answered */
    rt_str type;      /* of the last one accepted */
    struct request *next;
};

struct reply_state {
    struct rt_map *requests; /* by handler, channel and tx */
    struct rt_map *ended;    /* handlers whose stream has ended */
    struct request *all;
};

static void *reply_begin(struct check *c)
{
    (void)c;
    struct reply_state *s = rt_new(struct reply_state);
    s->requests = rt_map_new();
    s->ended = rt_map_new();
    return s;
}

static struct request *request_of(struct reply_state *s, const struct observed *e)
{
    rt_str key = rt_sprintf("%S/%S/%S", rt_bytes_from(&e->handler, sizeof(e->handler)),
            e->msg->channel_id, e->msg->txid);
    struct request *request = track_name(s->requests, key, sizeof(*request));
    if (!request->handler) {
        request->handler = e->handler;
        request->tx = rt_str_dup(e->msg->txid);
        request->next = s->all;
        s->all = request;
    }
    return request;
}

static void reply_observe(void *self, struct check *c, const struct observed *e)
{
    struct reply_state *s = self;
    if (e->kind == OBSERVED_STREAM_END) {
        *(bool *)track_object(s->ended, e->handler, sizeof(bool)) = true;
    } else if (e->kind == OBSERVED_REQUEST_ACCEPTED) {
        struct request *request = request_of(s, e);
        request->waiting++;
        request->type = type_name(e->msg);
    } else if (e->kind == OBSERVED_REQUEST_FAILED) {
        request_of(s, e)->failed = true;
    } else if (e->kind == OBSERVED_REQUEST_DROPPED) {
        if (request_of(s, e)->waiting == 0)
            check_fail(c, "reply", RT_STR("dropped request"), check_who_now(c),
                    "a %S of transaction %S was dropped as a duplicate, but no request of it is "
                    "pending: the chaincode waits for ever",
                    type_name(e->msg), e->msg->txid);
    } else if (e->kind == OBSERVED_SENDING &&
               (e->msg->type == TYPE(RESPONSE) || e->msg->type == TYPE(ERROR))) {
        struct request *request = request_of(s, e);
        /* Of several requests it is not known which one this answers. */
        if (request->failed && request->waiting == 1 && e->msg->type == TYPE(RESPONSE))
            check_fail(c, "reply", RT_STR("RESPONSE to a failed request"), check_who_now(c),
                    "a %S of transaction %S has failed, and its error is sent as a RESPONSE",
                    request->type, e->msg->txid);
        request->failed = false;
        if (request->waiting > 0)
            request->waiting--;
        else
            check_fail(c, "reply", rt_sprintf("second %S", type_name(e->msg)), check_who_now(c),
                    "a %S for transaction %S is sent, but no request of it is pending",
                    type_name(e->msg), e->msg->txid);
    }
}

static void reply_idle(void *self, struct check *c)
{
    struct reply_state *s = self;
    if (!check_peer_lives(c))
        return;
    for (const struct request *request = s->all; request; request = request->next)
        if (request->waiting > 0 && !track_find(s->ended, request->handler))
            check_fail(c, "reply", rt_sprintf("no answer to %S", request->type),
                    RT_STR("HandleTransaction"),
                    "a %S of transaction %S was accepted and never gets an answer", request->type,
                    request->tx);
}

const struct invariant invariant_reply = {
    .name = "reply",
    .sentence = "every accepted request of a chaincode gets exactly one RESPONSE or ERROR with its "
                "channel and transaction",
    .begin = reply_begin,
    .observe = reply_observe,
    .idle = reply_idle,
};
