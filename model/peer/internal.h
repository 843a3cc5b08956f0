/* What the files of model/peer share. */
#ifndef CCLAB_MODEL_PEER_INTERNAL_H
#define CCLAB_MODEL_PEER_INTERNAL_H

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
    struct package_store *packages;
    struct scc_provider *sccp;
    struct committer **committers; /* as the world's channels */
    struct life_cycle_sys_cc *lscc;
    struct chaincode_support *chaincode_support;
    struct chaincode_provider ccp;
    struct endorser endorser;
    const struct endorser_server *auth; /* the endorser behind its filters */
};

/* disk.c: opens the ledgers of all channels. */
void peer_open_ledgers(struct peer *peer);
/* operations.c: fills in msp_mgmt, operations, privdata, policy_checker and acl_provider. */
void peer_make_operations(struct peer *peer);
/* wiring.c: registerChaincodeSupport, and the endorser of serve(). */
void peer_make_chaincode_support(struct peer *peer);
void peer_make_endorser(struct peer *peer);
/* wiring.c: one committer for each channel. */
void peer_make_committers(struct peer *peer);

#endif
