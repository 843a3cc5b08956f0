/* What the files of model/peer share. */
#ifndef CCLAB_MODEL_PEER_INTERNAL_H
#define CCLAB_MODEL_PEER_INTERNAL_H

#include "model/accesscontrol/access.h"
#include "model/ccprovider/package_provider.h"
#include "model/chaincode/launch_config.h"
#include "model/endorser/endorser.h"
#include "model/lscc/cceventmgmt.h"
#include "model/lscc/lscc.h"
#include "model/msp/msp.h"
#include "model/peer/peer.h"
#include "model/policy/aclmgmt.h"
#include "model/privdata/collection_store.h"
#include "model/scc/cscc.h"
#include "model/scc/peer_operations.h"
#include "model/scc/provider.h"

struct ledger_disk;

/* The peer's own MSP and signing identity, owned by the base. */
const struct msp *peer_base_local_msp(const struct peer_base *base);
const struct signing_identity *peer_base_signer(const struct peer_base *base);
/* Why the peer does not understand the n-th channel's configuration; data == NULL if it does. */
rt_str peer_base_incompatible(const struct peer_base *base, size_t channel);

/* disk.c: of the n-th channel. */
struct ledger_disk *peer_disk_ledger(const struct peer_disk *disk, size_t channel);

/* A channel of core/peer's chains.list; those that are not up are not in it. */
struct peer_chain {
    rt_str name;
    size_t channel; /* its number in the world */
    bool up;
    const struct peer_ledger *ledger;
    struct committer *committer;
    struct private_handler *private_handler;
};

/* channel_policies.c: the tree of policies of a marshalled ConfigGroup; NULL for RT_NIL. */
struct config_group;
RT_MUST_USE struct rt_error *peer_channel_policies(
        rt_bytes config, const struct config_group **out);

struct peer {
    struct peer_config config;
    struct rt_proc *proc;
    rt_str endpoint;                  /* that chaincodes are told to dial */
    bool chaincode_listens;           /* chaincodes can connect */
    struct rt_chan *chaincode_serves; /* closed when those who did are served */
    struct rt_chan *serving;          /* closed when the peer serves */
    bool is_serving;
    void *order; /* who sees that it serves knows of all that its start has done */

    /* In the order of start.go. */
    struct msp_mgmt *msp_mgmt;
    struct peer_operations operations;
    struct privdata_support privdata;
    const struct policy_checker *policy_checker;
    const struct acl_provider *acl_provider;
    const struct platforms_registry *platforms;
    struct package_store *packages;
    struct persistence_package_provider package_provider;
    struct scc_provider *sccp;
    struct life_cycle_sys_cc *lscc;
    struct peer_tls *tls; /* NULL: TLS is off */
    struct chaincode_support *chaincode_support;
    struct register_server chaincode_server; /* who serves the streams of chaincodes */
    struct chaincode_provider ccp;
    struct endorser endorser;
    const struct endorser_server *auth; /* the endorser behind its filters */
    struct cclifecycle lifecycle;
    struct peer_chain *chains; /* by name */
};

/* start.c: the main function of the peer's first goroutine. */
void peer_node_serve(void *arg);
/* chaincode_endpoint.c: computeChaincodeEndpoint, and what startChaincodeServer makes of it: where
 * chaincodes dial. Panics if they could not. */
rt_str peer_chaincode_endpoint(const struct world_peer *p);
/* channels.c: peer.Initialize brings up all channels. */
void peer_initialize(struct peer *peer);
/* disk.c: how many times a peer has started from this disk, this time included. */
uint32_t peer_disk_count_start(struct peer_disk *disk);
/* tls.c: the authority and the certificate of the chaincode listener at `endpoint`, with TLS; and,
 * once there is chaincode support, who serves that listener. */
void peer_make_tls(struct peer *peer, rt_str endpoint);
void peer_make_chaincode_server(struct peer *peer);
/* The authority's certificate (PEM) and the generator of certificates; empty and NULL without
 * TLS. */
rt_bytes peer_tls_ca_cert(const struct peer *peer);
const struct cert_generator *peer_tls_cert_generator(const struct peer *peer);
/* operations.c: fills in msp_mgmt, operations, privdata, policy_checker and acl_provider. */
void peer_make_operations(struct peer *peer);
/* wiring.c: registerChaincodeSupport, and the endorser of serve(). */
void peer_make_chaincode_support(struct peer *peer, rt_str endpoint);
void peer_make_endorser(struct peer *peer);
/* wiring.c: the committer of a channel whose ledger is open. */
struct committer *peer_make_committer(struct peer *peer, const struct peer_chain *chain);
/* private_data.c: what gossip does for private data of a channel; the endorser's distributor. */
struct private_handler *peer_make_private_handler(
        struct peer *peer, const struct peer_chain *chain);
struct rt_error *peer_distribute_private_data(void *self, rt_str channel, rt_str txid,
        const struct pvt_rwset_with_config *private_data, uint64_t height);
/* disk.c: the transient store of the world's i-th channel. */
struct transient_store *peer_disk_transient_store(const struct peer_disk *disk, size_t i);
/* channels.c: a channel that is up, or NULL. */
const struct peer_chain *peer_find_chain(const struct peer *peer, rt_str name);

#endif
