/* A peer for one input: made from a world, asked once, thrown away.
 *
 * Everything that outlives an input (the world, its MSPs and channel configurations) is worked out
 * once; each input gets a machine at its beginning, a fresh peer with the world's disk, and a
 * Docker engine that refuses to create containers, so that no chaincode but the system's ever runs.
 * All choices are the dullest ones: an input alone decides what happens. */
#ifndef CCLAB_FUZZ_PEER_ONCE_H
#define CCLAB_FUZZ_PEER_ONCE_H

#include "model/lab/world.h"
#include "model/peer/peer.h"

struct peer_once;

/* Loads the world file; ends the program when it cannot. */
struct peer_once *peer_once_new(const char *world_path);
void peer_once_free(struct peer_once *once);
const struct world *peer_once_world(const struct peer_once *once);

enum peer_once_end {
    PEER_ONCE_RESPONSE, /* a ProposalResponse came back */
    PEER_ONCE_ERROR,    /* the call failed */
    PEER_ONCE_PANIC,    /* the peer died */
    PEER_ONCE_STUCK,    /* no answer, and nothing that could still bring one */
};

struct peer_once_result {
    enum peer_once_end end;
    const Protos__ProposalResponse *response; /* of PEER_ONCE_RESPONSE */
    rt_str text;                              /* the error's text or the panic's */
    struct peer *peer;                        /* dead after a panic */
    struct peer_disk *disk;
    uint32_t blocked; /* goroutines that wait and are no servers' */
};

/* Begins a run; what the input needs (signing a proposal) is made in its arena. */
void peer_once_begin(struct peer_once *once);
/* Starts the peer, sends the SignedProposal, and runs until nothing more happens. */
struct peer_once_result peer_once_propose(struct peer_once *once, rt_bytes signed_proposal);
/* Ends the run; the result is dead. */
void peer_once_end(struct peer_once *once);

#endif
