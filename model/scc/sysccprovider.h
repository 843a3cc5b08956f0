/* What other parts may ask about system chaincodes (core/common/sysccprovider).
 *
 * Only an interface, so that chaincode support, lscc and the endorser need not know how system
 * chaincodes are kept; provider.h implements it. */
#ifndef CCLAB_MODEL_SCC_SYSCCPROVIDER_H
#define CCLAB_MODEL_SCC_SYSCCPROVIDER_H

#include "model/rt/error.h"

struct channel_config;
struct policy_manager;
struct query_executor;

/* sysccprovider.SystemChaincodeProvider. */
struct system_chaincode_provider {
    void *self;
    /* True for every registered name, enabled or not, and for "escc" and "vscc". */
    bool (*is_sys_cc)(void *self, rt_str name);
    /* A system chaincode that another chaincode may not call. */
    bool (*is_sys_cc_and_not_invokable_cc2cc)(void *self, rt_str name);
    /* A system chaincode that a proposal may not call. */
    bool (*is_sys_cc_and_not_invokable_external)(void *self, rt_str name);
    struct rt_error *(*get_query_executor_for_ledger)(
            void *self, rt_str cid, const struct query_executor **executor);
    /* The configuration with the application's capabilities; NULL when the channel does not
     * exist. */
    const struct channel_config *(*get_application_config)(void *self, rt_str cid);
    /* NULL when the channel does not exist. */
    const struct policy_manager *(*policy_manager)(void *self, rt_str channel_id);
};

#endif
