/* The ordering service and the delivery of its blocks, for one channel.
 *
 * Takes transactions, puts each alone into a block after a latency that is a choice
 * (RT_CHOICE_DELAY), and delivers the blocks, in order, to the committers that subscribed. Delivery
 * is a goroutine in the peer's process, so commits race with whatever the peer does. A peer that
 * died and subscribes again gets the blocks that it has not got yet. */
#ifndef CCLAB_MOCKS_ORDERER_ORDERER_H
#define CCLAB_MOCKS_ORDERER_ORDERER_H

#include "model/rt/rt.h"

#include "proto/common.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"

struct committer;
struct orderer;
struct signing_identity;

struct orderer_config {
    rt_str channel_id;
    uint64_t height;          /* of the chain that the peers start with */
    rt_bytes last_block_hash; /* RT_NIL when nobody recorded it */
    /* How long ordering may take, in ns; one is chosen for each transaction, the first being the
     * dullest. None at all means no latency. Must outlive the orderer. */
    const int64_t *latencies_ns;
    size_t latency_count;
};

/* Makes an orderer with a process of its own, in the run's arena. */
struct orderer *orderer_new(const struct orderer_config *config);

/* One transaction on its way. */
struct orderer_tx {
    const char *name;
    Common__Envelope *envelope;
    bool committed;          /* by the first committer that did */
    int32_t validation_code; /* Protos__TxValidationCode */
    uint64_t block_number;
    struct rt_chan *done; /* closed when committed */
    struct orderer *orderer;
};

/* AtomicBroadcast.Broadcast: takes the envelope and returns at once. `name` is shown in traces and
 * shared. May be called from any goroutine and from outside. */
struct orderer_tx *orderer_broadcast(
        struct orderer *orderer, const char *name, Common__Envelope *envelope);
/* The same without latency and without a choice: ordered alone, right now. */
struct orderer_tx *orderer_order_now(
        struct orderer *orderer, const char *name, Common__Envelope *envelope);

/* Starts delivering to a committer, from its ledger's height on, in a goroutine of `proc`, the
 * peer's process. A block that cannot be committed ends the peer with Fabric's panic; one that
 * cannot be judged ends the delivery. */
void orderer_subscribe(struct orderer *orderer, struct rt_proc *proc, struct committer *committer);

/* Blocks of the chain: the height of the world and those ordered since. */
uint64_t orderer_height(const struct orderer *orderer);

/* What `peer chaincode invoke` makes of a signed proposal and the responses to it: a transaction
 * signed by the client. Fails with Fabric's errors ("proposal response was not successful, error
 * code 500, msg ..."). */
RT_MUST_USE struct rt_error *orderer_make_envelope(const Protos__SignedProposal *signed_proposal,
        const struct signing_identity *client, Protos__ProposalResponse *const *responses,
        size_t count, Common__Envelope **envelope);

#endif
