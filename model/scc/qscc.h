/* The query system chaincode (core/scc/qscc/query.go): blocks and transactions of a channel. */
#ifndef CCLAB_MODEL_SCC_QSCC_H
#define CCLAB_MODEL_SCC_QSCC_H

#include "model/scc/peer_operations.h"
#include "model/scc/provider.h"
#include "model/shim/shim.h"

struct acl_provider;

/* qscc.LedgerQuerier. */
struct ledger_querier {
    const struct acl_provider *acl_provider;
    const struct peer_operations *peer;
    struct chaincode chaincode;
    struct self_describing_sys_cc scc; /* how it is registered: "qscc" */
};

/* qscc.New. The parts must outlive it. */
struct ledger_querier *qscc_new(
        const struct acl_provider *acl_provider, const struct peer_operations *peer);

#endif
