/* The ordering service of mocks/orderer/orderer.h. */
#include "mocks/orderer/orderer.h"

#include "model/committer/committer.h"
#include "model/ledger/block_store.h"
#include "model/ledger/validator.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

struct subscription {
    struct orderer *orderer;
    struct committer *committer;
    struct rt_proc *proc;
    struct rt_chan *more; /* one element: there may be new blocks */
    struct subscription *next;
};

struct orderer {
    struct orderer_config config;
    struct rt_proc *proc;
    rt_bytes last_block_hash;
    /* Ordered since the start: a block and its one transaction each. */
    struct ordered_block {
        Common__Block *block;
        struct orderer_tx *tx;
    } * blocks;
    size_t count;
    size_t capacity;
    struct subscription *subscriptions;
    void *order; /* of its blocks, for data races */
};

struct orderer *orderer_new(const struct orderer_config *config)
{
    struct orderer *orderer = rt_new(struct orderer);
    orderer->config = *config;
    orderer->proc = rt_proc_new("orderer");
    orderer->last_block_hash = config->last_block_hash;
    return orderer;
}

uint64_t orderer_height(const struct orderer *orderer)
{
    return orderer->config.height + orderer->count;
}

/* ---- ordering ---- */

static Common__Block *make_block(const struct orderer *orderer, const Common__Envelope *envelope)
{
    Common__Block *block = WIRE_NEW(common__block);
    block->header = WIRE_NEW(common__block_header);
    block->data = WIRE_NEW(common__block_data);
    block->data->data = rt_new(rt_bytes);
    block->data->n_data = 1;
    block->data->data[0] = WIRE_MARSHAL_OR_PANIC(envelope);
    block->header->number = orderer_height(orderer);
    block->header->previous_hash = orderer->last_block_hash;
    block->header->data_hash = block_data_hash(block->data);
    return block;
}

/* Tells a subscriber that there is more, unless it has been told already. */
static void wake(const struct subscription *s)
{
    struct rt_case cases[] = { RT_SEND(s->more, NULL) };
    rt_select_default(cases, 1);
}

static void order(struct orderer_tx *tx)
{
    struct orderer *orderer = tx->orderer;
    Common__Block *block = make_block(orderer, tx->envelope);
    orderer->last_block_hash = block_header_hash(block->header);
    rt_message_sent(&orderer->order);
    rt_reserve(orderer->blocks, orderer->capacity, orderer->count + 1);
    orderer->blocks[orderer->count++] = (struct ordered_block){ block, tx };
    rt_note("orderer: %s is in block [%llu]", tx->name, (unsigned long long)block->header->number);
    for (const struct subscription *s = orderer->subscriptions; s; s = s->next) {
        if (rt_proc_alive(s->proc))
            wake(s);
    }
}

static void broadcast_now(void *arg)
{
    order(arg);
}

static void broadcast(void *arg)
{
    struct orderer_tx *tx = arg;
    const struct orderer_config *config = &tx->orderer->config;
    if (config->latency_count > 0) {
        uint32_t chosen =
                rt_choose(RT_CHOICE_DELAY, (uint32_t)config->latency_count, "ordering latency");
        int64_t latency_ns = config->latencies_ns[chosen];
        if (latency_ns > 0)
            rt_sleep_ns(latency_ns);
    }
    order(tx);
}

static struct orderer_tx *start(
        struct orderer *orderer, const char *name, Common__Envelope *envelope, rt_fn fn)
{
    struct orderer_tx *tx = rt_new(struct orderer_tx);
    tx->name = name;
    tx->envelope = envelope;
    tx->orderer = orderer;
    tx->validation_code = PROTOS__TX_VALIDATION_CODE__NOT_VALIDATED;
    tx->done = rt_chan_make(0, "orderer.tx.done");
    rt_go_in(orderer->proc, name, fn, tx);
    return tx;
}

struct orderer_tx *orderer_broadcast(
        struct orderer *orderer, const char *name, Common__Envelope *envelope)
{
    return start(orderer, name, envelope, broadcast);
}

struct orderer_tx *orderer_order_now(
        struct orderer *orderer, const char *name, Common__Envelope *envelope)
{
    return start(orderer, name, envelope, broadcast_now);
}

/* ---- delivery ---- */

static void report(struct orderer_tx *tx, const Common__Block *block)
{
    if (tx->committed)
        return;
    tx->committed = true;
    tx->validation_code = block_validation_flag(block, 0);
    tx->block_number = block->header->number;
    rt_note("%s committed in block [%llu]: %S", tx->name, (unsigned long long)tx->block_number,
            tx_validation_code_string(tx->validation_code));
    rt_close(tx->done);
}

/* gossip/state's deliverPayloads: commits blocks in order. Every peer gets its own copy, since
 * validation writes into the block. */
static void deliver_payloads(void *arg)
{
    struct subscription *s = arg;
    struct orderer *orderer = s->orderer;
    rt_daemon();
    uint64_t next = committer_ledger_height(s->committer);
    for (;;) {
        while (next < orderer_height(orderer)) {
            rt_message_received(&orderer->order);
            const struct ordered_block *ordered = &orderer->blocks[next - orderer->config.height];
            struct orderer_tx *tx = ordered->tx;
            Common__Block *block = WIRE_CLONE(ordered->block);
            struct rt_error *err = committer_store_block(s->committer, block);
            if (err && rt_error_is(err, vscc_execution_failure_error)) {
                rt_note("Failed executing VSCC due to %v. Aborting chain processing", err);
                return;
            }
            if (err)
                rt_panicf("Cannot commit block to the ledger due to %v", err);
            report(tx, block);
            next++;
        }
        void *nothing;
        rt_recv(s->more, &nothing);
    }
}

void orderer_subscribe(struct orderer *orderer, struct rt_proc *proc, struct committer *committer)
{
    struct subscription *s = rt_new(struct subscription);
    s->orderer = orderer;
    s->committer = committer;
    s->proc = proc;
    s->more = rt_chan_make(1, "orderer.more");
    s->next = orderer->subscriptions;
    orderer->subscriptions = s;
    rt_go_in(proc, "deliverPayloads", deliver_payloads, s);
}

/* ---- the client ---- */

struct rt_error *orderer_make_envelope(const Protos__SignedProposal *signed_proposal,
        const struct signing_identity *client, Protos__ProposalResponse *const *responses,
        size_t count, Common__Envelope **envelope)
{
    Protos__Proposal *proposal;
    struct rt_error *err = protoutil_get_proposal(signed_proposal->proposal_bytes, &proposal);
    return err ? err : protoutil_create_signed_tx(proposal, client, responses, count, envelope);
}
