/* order: a chaincode's stream begins with the right messages. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/shim/message.h"

#include "proto/chaincode_shim.pb-c.h"

#define TYPE(name) PROTOS__CHAINCODE_MESSAGE__TYPE__##name

struct order_state {
    struct rt_map *sent; /* uint32_t: messages sent so far, by handler */
};

static void *order_begin(struct check *c)
{
    (void)c;
    struct order_state *s = rt_new(struct order_state);
    s->sent = rt_map_new();
    return s;
}

static void order_observe(void *self, struct check *c, const struct observed *e)
{
    struct order_state *s = self;
    if (e->kind != OBSERVED_SENT || e->err || e->msg->type == TYPE(KEEPALIVE))
        return;
    static const char *const expected[] = { "REGISTERED", "READY", "INIT or TRANSACTION" };
    uint32_t *sent = track_object(s->sent, e->handler, sizeof(*sent));
    uint32_t n = *sent;
    if (n > 2)
        return;
    (*sent)++;
    bool right = n == 0   ? e->msg->type == TYPE(REGISTERED)
                 : n == 1 ? e->msg->type == TYPE(READY)
                          : e->msg->type == TYPE(INIT) || e->msg->type == TYPE(TRANSACTION);
    rt_str type = chaincode_message_type_string((int)e->msg->type);
    if (!right)
        check_fail(c, "order", rt_sprintf("%S instead of %s", type, expected[n]), check_who_now(c),
                "message %u on a stream is %S, expected %s", n + 1, type, expected[n]);
}

const struct invariant invariant_order = {
    .name = "order",
    .sentence =
            "the first three messages on a stream are REGISTERED, READY, then INIT or TRANSACTION",
    .begin = order_begin,
    .observe = order_observe,
};
