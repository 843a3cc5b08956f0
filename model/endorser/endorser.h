/* The endorser: takes a signed proposal, simulates it and answers with an endorsed response.
 *
 * Follows core/endorser/endorser.go. */
#ifndef CCLAB_MODEL_ENDORSER_ENDORSER_H
#define CCLAB_MODEL_ENDORSER_ENDORSER_H

#include "model/endorser/auth_filter.h"
#include "model/endorser/support.h"

struct metrics;
struct msp_mgmt;
struct pvt_rwset_with_config;
struct platforms_registry;

/* privateDataDistributor: hands private data to the other peers (gossip). */
struct private_data_distributor {
    void *self;
    struct rt_error *(*distribute)(void *self, rt_str channel, rt_str txid,
            const struct pvt_rwset_with_config *private_data, uint64_t height);
};

struct endorser {
    struct private_data_distributor distribute_private_data;
    const struct endorser_support *s;
    const struct platforms_registry *platform_registry;
    struct msp_mgmt *msp_mgmt; /* Fabric's package-level MSP managers */
    rt_str sys_cc_version;     /* util.GetSysCCVersion */
    struct metrics *metrics;   /* NULL: nothing is counted */
    uint64_t variants;         /* bits of model/lab/variants.h */
    /* Not of Fabric: called when a deploy or upgrade starts to run Init, and when it has returned;
     * for invariants. May be NULL. */
    void (*init_hook)(void *arg, rt_str txid, const char *what, const Protos__Response *response);
    void *init_hook_arg;
};

/* Endorser.ProcessProposal. An error is a gRPC error (code Unknown); *out may then be a response
 * that goes along with it, which gRPC drops. */
RT_MUST_USE struct rt_error *endorser_process_proposal(struct endorser *e,
        const Protos__SignedProposal *signed_prop, Protos__ProposalResponse **out);

/* The endorser as the last of the authentication filters. */
struct endorser_server endorser_as_server(struct endorser *e);

#endif
