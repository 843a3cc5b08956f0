/* told: who waits for a registration or an execution hears of its failure. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

#include "proto/chaincode_shim.pb-c.h"

/* An INIT or TRANSACTION that could not be sent. */
struct unsent {
    const struct handler *handler;
    rt_str key;
    uint32_t sender; /* goroutine */
    struct unsent *next;
};

/* A registration that was not answered so far. */
struct registering {
    const struct handler *handler;
    bool waits;
    struct registering *next;
};

/* What a registered handler is about. */
struct registered {
    const struct launch_state *launch; /* that it was registered for */
    rt_str cname;
};

struct told_state {
    struct rt_map *handlers; /* struct registered */
    struct rt_map *over;     /* bool: launches that were notified or removed */
    struct rt_map *ended;    /* bool: handlers whose stream has ended */
    struct unsent *unsent;
    struct registering *registering;
};

static void *told_begin(struct check *c)
{
    (void)c;
    struct told_state *s = rt_new(struct told_state);
    s->handlers = rt_map_new();
    s->over = rt_map_new();
    s->ended = rt_map_new();
    return s;
}

/* ---- registrations ---- */

static struct registering *registering_entry(struct told_state *s, const struct handler *handler)
{
    struct registering *r = s->registering;
    while (r && r->handler != handler)
        r = r->next;
    if (r)
        return r;
    r = rt_new(struct registering);
    *r = (struct registering){ .handler = handler, .next = s->registering };
    s->registering = r;
    return r;
}

/* A REGISTER waits for an answer: REGISTERED, anything else, or the end of the stream. */
static void note_register(struct told_state *s, const struct observed *e)
{
    if (e->kind == OBSERVED_RECEIVED && e->msg &&
            e->msg->type == PROTOS__CHAINCODE_MESSAGE__TYPE__REGISTER)
        registering_entry(s, e->handler)->waits = true;
    else if (e->kind == OBSERVED_STREAM_END ||
             (e->kind == OBSERVED_SENDING &&
                     e->msg->type != PROTOS__CHAINCODE_MESSAGE__TYPE__KEEPALIVE))
        registering_entry(s, e->handler)->waits = false;
}

static void told_idle(void *self, struct check *c)
{
    const struct told_state *s = self;
    for (const struct registering *r = s->registering; r && check_peer_lives(c); r = r->next)
        if (r->waits)
            check_fail(c, "told", RT_STR("registration"), RT_STR("Handler.HandleRegister"),
                    "a chaincode's REGISTER was refused, and it was not told so: its stream stays "
                    "open, and it waits for REGISTERED for ever");
}

static void stream_ended(struct told_state *s, struct check *c, const struct observed *e)
{
    *(bool *)track_object(s->ended, e->handler, sizeof(bool)) = true;
    const struct registered *r = track_find(s->handlers, e->handler);
    if (r && r->launch && !track_find(s->over, r->launch))
        check_fail(c, "told", RT_STR("launch"), check_who_now(c),
                "the stream that registered %S has ended, and the launch that waits for it was "
                "never told how the registration went",
                r->cname);
}

static rt_str key_of(const struct observed *e)
{
    return rt_sprintf("%S/%S", e->msg->channel_id, e->msg->txid);
}

static void note_unsent(struct told_state *s, const struct observed *e)
{
    if (!e->err || (e->msg->type != PROTOS__CHAINCODE_MESSAGE__TYPE__INIT &&
                           e->msg->type != PROTOS__CHAINCODE_MESSAGE__TYPE__TRANSACTION))
        return;
    struct unsent *u = rt_new(struct unsent);
    *u = (struct unsent){ e->handler, key_of(e), check_self_id(), s->unsent };
    s->unsent = u;
}

/* The sender has done all it does about its failure: it has ended, or tells the stream loop. */
static bool sender_is_through(const struct check *c, const struct unsent *u)
{
    const struct rt_fiber *fiber = check_fiber(c, u->sender);
    const struct rt_op *op = fiber ? rt_fiber_op(fiber) : NULL;
    return !op ||
           (op->kind == RT_OP_SEND && op->object_name && strcmp(op->object_name, "errChan") == 0);
}

static void execution_ended(struct told_state *s, struct check *c, const struct observed *e)
{
    if (!e->err || !rt_str_contains(e->err->text, RT_STR("timeout expired")))
        return;
    if (track_find(s->ended, e->handler))
        check_fail(c, "told", RT_STR("execution of an ended stream"), RT_STR("Handler.Execute"),
                "the stream of the chaincode that ran transaction %S had ended, and who waited for "
                "it was left to its timeout",
                e->msg->txid);
    rt_str key = key_of(e);
    for (const struct unsent *u = s->unsent; u; u = u->next)
        if (u->handler == e->handler && rt_str_eq(u->key, key) && sender_is_through(c, u))
            check_fail(c, "told", RT_STR("execution"), check_who_now(c),
                    "transaction %S could not be sent to its chaincode, and who waits for it was "
                    "left to its timeout",
                    e->msg->txid);
}

static void told_observe(void *self, struct check *c, const struct observed *e)
{
    struct told_state *s = self;
    note_register(s, e);
    switch (e->kind) {
    case OBSERVED_LAUNCH_NOTIFIED:
        *(bool *)track_object(s->over, e->state, sizeof(bool)) = true;
        break;
    case OBSERVED_LAUNCHING_REMOVED: /* by a stranger: then the stream finds nobody to tell */
        if (!e->own)
            *(bool *)track_object(s->over, e->state, sizeof(bool)) = true;
        break;
    case OBSERVED_HANDLER_ADDED:
        *(struct registered *)track_object(s->handlers, e->handler, sizeof(struct registered)) =
                (struct registered){ e->state, rt_str_dup(e->cname) };
        break;
    case OBSERVED_STREAM_END:
        stream_ended(s, c, e);
        break;
    case OBSERVED_SENT:
        note_unsent(s, e);
        break;
    case OBSERVED_EXECUTE_END:
        execution_ended(s, c, e);
        break;
    default:
        break;
    }
}

const struct invariant invariant_told = {
    .name = "told",
    .sentence = "who waits for a registration or an execution that has failed is told so at once",
    .begin = told_begin,
    .observe = told_observe,
    .idle = told_idle,
};
