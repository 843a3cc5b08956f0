/* One peer, wired together: what peer/node/start.go does for `peer node start`.
 *
 * A peer is a process of the simulated machine. What survives its death is its disk: the ledgers of
 * its channels and the installed packages. So a peer that panicked is started again with the same
 * struct peer_disk, and finds its state but no running chaincode.
 *
 * All of it lives in the arena of the current run. */
#ifndef CCLAB_MODEL_PEER_PEER_H
#define CCLAB_MODEL_PEER_PEER_H

#include "model/accesscontrol/access.h"
#include "model/ccprovider/filesystem.h"
#include "model/comm/creds.h"
#include "model/container/transport.h"
#include "model/gossip/gossip_impl.h"
#include "model/lab/world.h"
#include "model/rt/rt.h"

#include "proto/proposal_response.pb-c.h"

struct chaincode;
struct channel_config;
struct committer;
struct memory_fs;
struct metrics;
struct observer;
struct peer;
struct peer_ledger;

/* What is worked out once from a world and never changes: MSPs, channel configurations, the state
 * that ledgers start from. Any number of runs use it, one after the other or at once. */
struct peer_base;
/* NULL, with the reason in *error (in the current arena), when the world makes no sense. The world
 * must outlive it. */
struct peer_base *peer_base_new(const struct world *world, struct rt_error **error);
void peer_base_free(struct peer_base *base);
const struct world *peer_base_world(const struct peer_base *base);
/* A channel's configuration; NULL for an unknown one. */
const struct channel_config *peer_base_channel(const struct peer_base *base, rt_str channel);

/* What a peer keeps on its disk. */
struct peer_disk;
/* A disk as the world describes it: cheap, only changes to the base are new. */
struct peer_disk *peer_disk_new(const struct peer_base *base);
/* What the databases and block files of its ledgers ask; before a peer starts. */
struct storage_hook;
void peer_disk_set_storage(struct peer_disk *disk, const struct storage_hook *hook);
/* Where packages are installed. */
struct memory_fs *peer_disk_files(const struct peer_disk *disk);

/* Certificates that a peer with TLS makes; the names are those of scenario files. */
#define PEER_CERTIFICATES(X)                                                                       \
    X(CHAINCODE, "chaincode") /* of a chaincode, at its launch */                                  \
    X(AUTHORITY, "authority") /* at a start */                                                     \
    X(LISTENER, "listener")   /* of the chaincode listener, at a start */

enum peer_certificate {
#define PEER_CERTIFICATE_ENUM(name, text) PEER_CERTIFICATE_##name,
    PEER_CERTIFICATES(PEER_CERTIFICATE_ENUM)
#undef PEER_CERTIFICATE_ENUM
};

struct peer_config {
    const char *name; /* of its process; NULL: "peer" */
    const struct peer_base *base;
    struct peer_disk *disk;
    rt_str chaincode_address; /* instead of the world's; data == NULL: the world's */
    struct file_system files; /* through which it reaches the disk's packages; zero: directly */
    struct docker_transport docker;  /* how the peer reaches its Docker engine */
    struct gossip_network gossip;    /* zero: no other peers */
    struct metrics *metrics;         /* counts across restarts; NULL for none */
    const struct observer *observer; /* of chaincode support; NULL for none */
    uint64_t variants;               /* bits of model/lab/variants.h */
    /* Asked for each certificate: the error of the system's source of randomness, NULL for none.
     * For the chaincode's it has the chaincode's "name:version". NULL: nothing fails. */
    struct rt_error *(*certificate_fails)(
            void *self, enum peer_certificate certificate, rt_str chaincode);
    void *certificate_fails_self;
    /* Called when the Init of a deploy or upgrade begins (response NULL) and when it has returned;
     * NULL for nobody. */
    void (*init_hook)(void *arg, rt_str txid, const char *what, const Protos__Response *response);
    void *init_hook_arg;
    /* Stand in the way of system chaincodes: `wrap` gives what is run for each, `start` is called
     * before one starts, and an error is its end; NULL for neither. */
    struct {
        void *self;
        const struct chaincode *(*wrap)(void *self, rt_str name, const struct chaincode *cc);
        struct rt_error *(*start)(void *self, const struct chaincode *cc);
    } system_chaincodes;
    /* Called in the peer's first goroutine when blocks of a channel can be committed, where Fabric
     * begins to pull them (gossip's InitializeChannel); NULL for nobody. */
    void (*channel_up)(void *arg, rt_str channel, struct committer *committer);
    void *channel_up_arg;
};

/* Starts the peer's process: its first goroutine serves chaincodes, deploys the system chaincodes,
 * lists what is installed and brings up the channels. Calls that arrive before that is done wait
 * for it, as connections do. What is wrong ends the process with Fabric's panic, or leaves a
 * channel out, as in Fabric. */
struct peer *peer_start(const struct peer_config *config);

/* Closed when it serves. */
struct rt_chan *peer_serving_chan(const struct peer *peer);
/* The process, to be watched or killed. */
struct rt_proc *peer_proc(const struct peer *peer);
/* True once it serves. */
bool peer_serving(const struct peer *peer);
/* True once chaincodes can connect, which is before that. */
bool peer_chaincode_listens(const struct peer *peer);
/* Where they are told to dial, from then on. */
rt_str peer_chaincode_address(const struct peer *peer);
/* The ledger of a channel, NULL for one that is unknown or not up. */
const struct peer_ledger *peer_ledger(const struct peer *peer, rt_str channel);
/* What takes the channel's ordered blocks, likewise. */
struct committer *peer_committer(const struct peer *peer, rt_str channel);
/* Whether the channel is up. */
bool peer_has_channel(const struct peer *peer, rt_str channel);

/* A unary gRPC call in progress, and its outcome. */
struct peer_call {
    const char *name;
    rt_bytes request;
    bool done;                          /* it returned */
    Protos__ProposalResponse *response; /* NULL with an error */
    struct rt_error *error;             /* the gRPC status message */
    const char *code; /* the gRPC status code's name, "Unknown"; NULL without error */
    int64_t started_ns;
    int64_t returned_ns;
    struct rt_chan *returned; /* closed when it returns; not when the peer dies */
};

/* protos.Endorser/ProcessProposal with the bytes of a SignedProposal, as a goroutine of the peer.
 * Can be called from any goroutine or from outside; look at the call, or wait for
 * call->returned. */
struct peer_call *peer_process_proposal(
        struct peer *peer, const char *name, rt_bytes signed_proposal);

/* A connection to the chaincode listener: begins its handshake in a new goroutine of the peer. NULL
 * when the listener has no TLS. */
struct comm_conn *peer_chaincode_handshake(struct peer *peer, const struct comm_client_tls *client);

/* protos.ChaincodeSupport/Register: a chaincode's stream arrives, which peer_chaincode_listens()
 * lets it. Serves it in a new goroutine of
 * the peer; `ended` (may be NULL) is called in that goroutine when the handler returns. With TLS
 * the stream carries the certificate that the handshake has shown. */
void peer_serve_chaincode(struct peer *peer, const struct register_stream *stream,
        void (*ended)(void *arg, struct rt_error *err), void *arg);

#endif
