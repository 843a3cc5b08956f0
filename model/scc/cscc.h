/* The configuration system chaincode (core/scc/cscc/configure.go): joins channels and answers
 * questions about them.
 *
 * All checks are there. What lies behind them is not modelled where a peer's world has no
 * configuration blocks: joining a new channel, and simulating a configuration update; both answer
 * with an error that says so. */
#ifndef CCLAB_MODEL_SCC_CSCC_H
#define CCLAB_MODEL_SCC_CSCC_H

#include "model/scc/peer_operations.h"
#include "model/scc/provider.h"
#include "model/shim/shim.h"

struct acl_provider;
struct policy_checker;

/* cscc.PeerConfiger. */
struct peer_configer {
    const struct policy_checker *policy_checker;
    const struct acl_provider *acl_provider;
    const struct peer_operations *peer;
    struct chaincode chaincode;
    struct self_describing_sys_cc scc; /* how it is registered: "cscc" */
};

/* cscc.New. The parts must outlive it. */
struct peer_configer *cscc_new(const struct policy_checker *policy_checker,
        const struct acl_provider *acl_provider, const struct peer_operations *peer);

#endif
