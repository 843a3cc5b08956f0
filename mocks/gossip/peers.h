/* The other peers that gossip knows, as far as private data concerns them: they get it, and
 * acknowledge it or not.
 *
 * Their StateInfo is signed by their identities, so access policies judge them as they judge real
 * peers. */
#ifndef CCLAB_MOCKS_GOSSIP_PEERS_H
#define CCLAB_MOCKS_GOSSIP_PEERS_H

#include "model/gossip/gossip_impl.h"
#include "model/rt/rt.h"

struct signing_identity;

/* What gossip takes a peer for, and what it is. */
#define GOSSIP_PEER_STATES(X)                                                                      \
    X(ALIVE, "alive")                                                                              \
    X(UNREACHABLE, "unreachable") /* taken for alive until something is sent to it */              \
    X(DEAD, "dead")               /* known to be so */

enum gossip_peer_state {
#define GOSSIP_PEER_ENUM(name, text) GOSSIP_PEER_##name,
    GOSSIP_PEER_STATES(GOSSIP_PEER_ENUM)
#undef GOSSIP_PEER_ENUM
};

/* What a peer does with private data that it gets. */
#define GOSSIP_ANSWERS(X)                                                                          \
    X(ACK, "ack")                                                                                  \
    X(ERROR, "error") /* it cannot keep it, and says why */                                        \
    X(NONE, "none")

enum gossip_answer {
#define GOSSIP_ANSWER_ENUM(name, text) GOSSIP_ANSWER_##name,
    GOSSIP_ANSWERS(GOSSIP_ANSWER_ENUM)
#undef GOSSIP_ANSWER_ENUM
};

struct gossip_peer_config {
    rt_str endpoint;
    rt_str mspid;
    rt_bytes identity;                  /* serialized */
    const rt_str *channels;             /* that it is in, each with its StateInfo */
    struct peer_signature *state_infos; /* of gossip_peer_state_info() */
    size_t channel_count;
    enum gossip_peer_state state;
    enum gossip_answer answer;
    rt_str error;             /* of GOSSIP_ANSWER_ERROR */
    const int64_t *delays_ns; /* before it answers: one is chosen; none: at once */
    size_t delay_count;
};

/* Signs a peer's StateInfo of a channel: done once, used in any number of runs. */
RT_MUST_USE struct rt_error *gossip_peer_state_info(rt_str endpoint, rt_str channel,
        const struct signing_identity *signer, struct peer_signature *out);

/* The peers of a run, in its arena, each with a process. `configs` must outlive them. */
struct gossip_network gossip_peers_new(const struct gossip_peer_config *configs, size_t count);
/* Whether anything was sent to the i-th peer. */
bool gossip_peers_asked(const struct gossip_network *network, size_t i);

#endif
