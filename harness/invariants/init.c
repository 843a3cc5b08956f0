/* init: what was deployed was initialised. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"
#include "proto/proposal_response.pb-c.h"

struct init_entry {
    uint32_t runs;
    int32_t status; /* of the last one that came back; 0: none */
};

struct init_state {
    struct rt_map *inits; /* by channel and transaction */
};

static void *begin(struct check *c)
{
    (void)c;
    struct init_state *s = rt_new(struct init_state);
    s->inits = rt_map_new();
    return s;
}

static struct init_entry *entry_of(struct init_state *s, rt_str channel, rt_str txid)
{
    return track_name(s->inits, rt_sprintf("%S/%S", channel, txid), sizeof(struct init_entry));
}

static void observe(void *self, struct check *c, const struct observed *e)
{
    struct init_state *s = self;
    (void)c;
    if ((e->kind != OBSERVED_EXECUTE_BEGIN && e->kind != OBSERVED_EXECUTE_END) || !e->msg ||
            e->msg->type != PROTOS__CHAINCODE_MESSAGE__TYPE__INIT)
        return;
    struct init_entry *entry = entry_of(s, e->msg->channel_id, e->msg->txid);
    if (e->kind == OBSERVED_EXECUTE_BEGIN) {
        entry->runs++;
        return;
    }
    ProtobufCMessage *response = NULL;
    if (e->err || !e->reply || e->reply->type != PROTOS__CHAINCODE_MESSAGE__TYPE__COMPLETED)
        entry->status = 500;
    else if (!wire_unmarshal(&protos__response__descriptor, e->reply->payload, &response))
        entry->status = ((Protos__Response *)response)->status;
}

static void returned(void *self, struct check *c, const struct check_call *call)
{
    struct init_state *s = self;
    bool deploys = rt_str_is(call->lscc, "deploy") || rt_str_is(call->lscc, "upgrade");
    if (!deploys || !call->endorsed || call->status >= 400 || call->peer != c->peers)
        return; /* what an earlier peer did is forgotten */
    const struct init_entry *entry = entry_of(s, call->channel, call->txid);
    if (entry->runs != 1)
        check_fail(c, "init", rt_sprintf("%S runs", call->lscc), RT_STR("ProcessProposal"),
                "%S of %S was endorsed, but its Init ran %u times", call->lscc, call->chaincode,
                entry->runs);
    else if (entry->status == 0 || entry->status >= 400)
        check_fail(c, "init", rt_sprintf("%S status", call->lscc), RT_STR("ProcessProposal"),
                "%S of %S was endorsed, but its Init returned status %d", call->lscc,
                call->chaincode, (int)entry->status);
}

const struct invariant invariant_init = {
    .name = "init",
    .sentence =
            "an endorsed deploy or upgrade means that Init ran once in it, with a status below 400",
    .begin = begin,
    .observe = observe,
    .call_returned = returned,
};
