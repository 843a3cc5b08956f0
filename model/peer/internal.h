/* What the files of model/peer share. */
#ifndef CCLAB_MODEL_PEER_INTERNAL_H
#define CCLAB_MODEL_PEER_INTERNAL_H

#include "model/accesscontrol/access.h"
#include "model/chaincode/launch_config.h"
#include "model/endorser/endorser.h"
#include "model/lscc/lscc.h"
#include "model/msp/msp.h"
#include "model/peer/peer.h"
#include "model/policy/aclmgmt.h"
#include "model/privdata/collection_store.h"
#include "model/scc/cscc.h"
#include "model/scc/peer_operations.h"
#include "model/scc/provider.h"

/* The peer's own MSP and signing identity, owned by the base. */
const struct msp *peer_base_local_msp(const struct peer_base *base);
const struct signing_identity *peer_base_signer(const struct peer_base *base);

struct peer {
    struct peer_config config;
    struct rt_proc *proc;
    struct rt_chan *serving; /* closed when the peer serves */
    bool is_serving;
    void *order; /* who sees that it serves knows of all that its start has done */

    /* In the order of start.go. */
    const struct peer_ledger **ledgers; /* as the world's channels */
    struct msp_mgmt *msp_mgmt;
    struct peer_operations operations;
    struct privdata_support privdata;
    const struct policy_checker *policy_checker;
    const struct acl_provider *acl_provider;
    const struct platforms_registry *platforms;
    struct package_store *packages;
    struct scc_provider *sccp;
    struct committer **committers; /* as the world's channels */
    struct life_cycle_sys_cc *lscc;
    struct peer_tls *tls; /* NULL: TLS is off */
    struct chaincode_support *chaincode_support;
    struct register_server chaincode_server; /* who serves the streams of chaincodes */
    struct chaincode_provider ccp;
    struct endorser endorser;
    const struct endorser_server *auth; /* the endorser behind its filters */
};

/* disk.c: opens the ledgers of all channels. */
void peer_open_ledgers(struct peer *peer);
/* disk.c: how many times a peer has started from this disk, this time included. */
uint32_t peer_disk_count_start(struct peer_disk *disk);
/* tls.c: the authority and the certificate of the chaincode listener, with TLS; and, once there is
 * chaincode support, who serves that listener. */
void peer_make_tls(struct peer *peer);
void peer_make_chaincode_server(struct peer *peer);
/* The authority's certificate (PEM) and the generator of certificates; empty and NULL without
 * TLS. */
rt_bytes peer_tls_ca_cert(const struct peer *peer);
const struct cert_generator *peer_tls_cert_generator(const struct peer *peer);
/* operations.c: fills in msp_mgmt, operations, privdata, policy_checker and acl_provider. */
void peer_make_operations(struct peer *peer);
/* wiring.c: registerChaincodeSupport, and the endorser of serve(). */
void peer_make_chaincode_support(struct peer *peer);
void peer_make_endorser(struct peer *peer);
/* wiring.c: one committer for each channel. */
void peer_make_committers(struct peer *peer);

#endif
