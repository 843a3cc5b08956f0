/* The points of a chaincode's life: where it dies, what it sends that a shim would not. */
#include "mocks/chaincode/life.h"

#include "mocks/chaincode/output.h"
#include "model/lab/variants.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/shim/message.h"

/* ---- what comes of the behaviour ---- */

void life_happened(struct life *life, enum chaincode_trait trait)
{
    const struct chaincode_world *w = life->world;
    if (w->happened)
        w->happened(w->self, life->behaviour, trait);
}

void life_did(struct life *life, size_t tag)
{
    const struct chaincode_world *w = life->world;
    if (w->did)
        w->did(w->self, tag);
}

bool life_odd(struct life *life, enum chaincode_oddity oddity)
{
    if (life->behaviour->oddity != oddity)
        return false;
    life_happened(life, CHAINCODE_TRAIT_ODDITY);
    return true;
}

int64_t life_delay_ns(const struct chaincode_delay *delay, const char *label)
{
    if (delay->count == 0)
        return 0;
    return delay->ms[rt_choose(RT_CHOICE_DELAY, (uint32_t)delay->count, label)] * RT_MS;
}

void life_wait(const struct chaincode_delay *delay, const char *label)
{
    int64_t ns = life_delay_ns(delay, label);
    if (ns > 0)
        rt_sleep_ns(ns);
}

void life_delay(struct life *life, enum chaincode_trait trait, const struct chaincode_delay *delay,
        const char *label)
{
    life_happened(life, trait);
    life_wait(delay, label);
}

/* ---- points ---- */

static void wait_forever(void)
{
    void *value;
    rt_daemon();
    rt_recv(NULL, &value);
}

static void die(struct life *life, enum chaincode_point point, struct grpc_stream *stream)
{
    const struct chaincode_behaviour *b = life->behaviour;
    life_happened(life, CHAINCODE_TRAIT_DEATH);
    life_wait(&b->exit_delay, "exit delay");
    rt_note("%S: %s at %s", life->cname, chaincode_death_name(b->dies_by),
            chaincode_point_name(point));
    switch (b->dies_by) {
    case CHAINCODE_DEATH_PANIC:
        life_print_panic(life,
                b->panic.data ? b->panic
                              : RT_STR("runtime error: invalid memory address or nil pointer "
                                       "dereference"),
                "main.main");
        rt_proc_exit(rt_proc_self(), 2, "chaincode");
        break;
    case CHAINCODE_DEATH_CLOSE:
        life->over = true;
        if (stream)
            grpc_stream_client_half_close(stream);
        wait_forever();
        break;
    case CHAINCODE_DEATH_FREEZE:
        if (stream)
            grpc_stream_client_freeze(stream);
        life->over = true;
        wait_forever();
        break;
    case CHAINCODE_DEATH_HANG:
        life->over = true;
        wait_forever();
        break;
    default:
        rt_proc_exit(rt_proc_self(), b->exit_code, NULL);
    }
}

static bool dies_here(struct life *life, enum chaincode_point point)
{
    const struct chaincode_behaviour *b = life->behaviour;
    uint32_t time = life->passed[point];
    if (b->dies_at == point)
        return time == (b->dies_at_time == 0 ? 1 : b->dies_at_time);
    bool open = (b->dies_at == CHAINCODE_POINT_ANY && point != CHAINCODE_POINT_RESPONSE) ||
                (b->dies_at == CHAINCODE_POINT_DURING_LAUNCH && point <= CHAINCODE_POINT_READY);
    if (open)
        life_happened(life, CHAINCODE_TRAIT_DEATH);
    return open && rt_choose(RT_CHOICE_FAULT, 2, chaincode_point_name(point)) == 1;
}

void life_pass(struct life *life, enum chaincode_point point, struct grpc_stream *stream)
{
    if (life->over)
        wait_forever();
    life->passed[point]++;
    if (life->behaviour->print_count > 0)
        life_prints_at(life, point);
    if (life->behaviour->dies_at != CHAINCODE_POINT_NEVER && dies_here(life, point))
        die(life, point, stream);
}

void life_reach(
        struct life_stream *s, enum chaincode_point point, const Protos__ChaincodeMessage *msg)
{
    if (s->life->behaviour->send_count > 0 && !s->life->over)
        life_send_at(s, point, msg);
    life_pass(s->life, point, s->grpc);
}

/* ---- the stream ---- */

static bool odd(struct life_stream *s, enum chaincode_oddity oddity)
{
    return life_odd(s->life, oddity);
}

static struct rt_error *send_plain(struct life_stream *s, Protos__ChaincodeMessage *msg)
{
    return s->plain.send(s->plain.self, msg);
}

/* A message of the shim's. */
static struct rt_error *send_own(struct life_stream *s, Protos__ChaincodeMessage *msg)
{
    if (s->life->behaviour->send_count > 0 && life_sends_instead(s, msg))
        return NULL;
    return send_plain(s, msg);
}

static Protos__ChaincodeMessage *request(
        Protos__ChaincodeMessage__Type type, rt_bytes payload, rt_str txid, rt_str channel_id)
{
    return chaincode_message_new(type, payload, txid, channel_id);
}

static rt_str key_of(const Protos__ChaincodeMessage *msg)
{
    return rt_str_cat(msg->channel_id, msg->txid);
}

static struct rt_error *send_register(struct life_stream *s, Protos__ChaincodeMessage *msg)
{
    if (odd(s, CHAINCODE_ODDITY_EARLY_REQUEST))
        send_plain(s, request(CC_MSG(GET_STATE), RT_NIL, RT_STR("early"), RT_STR("")));
    if (odd(s, CHAINCODE_ODDITY_BAD_REGISTER))
        msg->payload = RT_STR("\x0a\xff");
    struct rt_error *err = send_own(s, msg);
    if (!err && odd(s, CHAINCODE_ODDITY_REGISTER_TWICE))
        err = send_plain(s, msg);
    life_reach(s, CHAINCODE_POINT_REGISTER_SENT, msg);
    return err;
}

static struct rt_error *send_answer(struct life_stream *s, Protos__ChaincodeMessage *msg)
{
    struct rt_error *err = send_own(s, msg);
    for (int i = 0; i < 2 && !err && odd(s, CHAINCODE_ODDITY_DOUBLE_COMPLETED); i++)
        err = send_plain(s, msg);
    if (!err && odd(s, CHAINCODE_ODDITY_REQUEST_AFTER_ANSWER))
        err = send_plain(s, request(CC_MSG(GET_STATE), RT_NIL, msg->txid, msg->channel_id));
    bool init = rt_map_has(s->inits, key_of(msg));
    rt_map_delete(s->inits, key_of(msg));
    life_reach(s, init ? CHAINCODE_POINT_INIT_DONE : CHAINCODE_POINT_INVOKE_DONE, msg);
    return err;
}

static struct rt_error *send(void *self, Protos__ChaincodeMessage *msg)
{
    struct life_stream *s = self;
    struct rt_error *err;
    switch (msg->type) {
    case CC_MSG(REGISTER):
        return send_register(s, msg);
    case CC_MSG(COMPLETED):
    case CC_MSG(ERROR):
        return send_answer(s, msg);
    case CC_MSG(KEEPALIVE):
        return send_own(s, msg);
    default:
        life_delay(s->life, CHAINCODE_TRAIT_REQUEST_DELAY, &s->life->behaviour->request_delay,
                "a request takes");
        err = send_own(s, msg);
        if (!err && odd(s, CHAINCODE_ODDITY_PARALLEL_REQUESTS))
            err = send_plain(s, msg);
        life_reach(s, CHAINCODE_POINT_REQUEST, msg);
        return err;
    }
}

/* What an odd chaincode does when READY has come. */
static void ready(struct life_stream *s)
{
    if (odd(s, CHAINCODE_ODDITY_GARBAGE))
        RT_DROP(grpc_stream_client_send_bytes(s->grpc, RT_STR("\x0a\xff\xff")));
    if (odd(s, CHAINCODE_ODDITY_STRAY_COMPLETED))
        send_plain(s, request(CC_MSG(COMPLETED), RT_NIL, RT_STR("stray"), RT_STR("stray")));
}

static void received(struct life_stream *s, const Protos__ChaincodeMessage *msg)
{
    bool executes = msg->type == CC_MSG(INIT) || msg->type == CC_MSG(TRANSACTION);
    if (odd(s, CHAINCODE_ODDITY_KEEPALIVES))
        send_plain(s, request(CC_MSG(KEEPALIVE), RT_NIL, RT_STR(""), RT_STR("")));
    if (executes && odd(s, CHAINCODE_ODDITY_NIL_PARTS))
        send_plain(s, request(CC_MSG(INVOKE_CHAINCODE), RT_NIL, msg->txid, msg->channel_id));
    switch (msg->type) {
    case CC_MSG(REGISTERED):
        life_reach(s, CHAINCODE_POINT_REGISTERED, msg);
        break;
    case CC_MSG(READY):
        life_reach(s, CHAINCODE_POINT_READY, msg);
        ready(s);
        break;
    case CC_MSG(INIT):
        rt_map_put(s->inits, key_of(msg), s);
        life_reach(s, CHAINCODE_POINT_INIT, msg);
        break;
    case CC_MSG(TRANSACTION):
        life_reach(s, CHAINCODE_POINT_INVOKE, msg);
        break;
    case CC_MSG(RESPONSE):
    case CC_MSG(ERROR):
        life_reach(s, CHAINCODE_POINT_RESPONSE, msg);
        break;
    default:
        break;
    }
}

static struct rt_error *recv(void *self, Protos__ChaincodeMessage **msg)
{
    struct life_stream *s = self;
    struct rt_error *err = s->plain.recv(s->plain.self, msg);
    if (s->life->over)
        wait_forever();
    if (!err)
        received(s, *msg);
    return err;
}

static struct rt_error *close_send(void *self)
{
    struct life_stream *s = self;
    return s->plain.close_send(s->plain.self);
}

struct life_stream *life_stream_new(struct life *life, struct grpc_stream *grpc)
{
    struct life_stream *s = rt_new(struct life_stream);
    s->life = life;
    s->grpc = grpc;
    s->plain = grpc_stream_client(grpc);
    s->stream = (struct peer_chaincode_stream){ s, send, recv, close_send,
        variant_on(life->world->variants, VARIANT_FIX_CLOSE_SEND) };
    s->inits = rt_map_new();
    return s;
}
