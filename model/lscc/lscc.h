/* The lifecycle system chaincode (core/scc/lscc): installs chaincode packages on the peer, defines
 * chaincodes on channels (deploy and upgrade write a ChaincodeData into the state of namespace
 * "lscc"), and answers questions about both.
 *
 * It is a chaincode as any other, run in-process; and it is the Lifecycle that chaincode support
 * and the endorser ask for definitions. */
#ifndef CCLAB_MODEL_LSCC_LSCC_H
#define CCLAB_MODEL_LSCC_LSCC_H

#include "model/ccprovider/ccprovider.h"
#include "model/scc/peer_operations.h"
#include "model/scc/provider.h"
#include "model/scc/sysccprovider.h"
#include "model/shim/shim.h"

struct acl_provider;
struct cceventmgmt_mgr;
struct package_store;
struct platforms_registry;
struct policy_checker;
struct query_executor;

/* lscc.LifeCycleSysCC. */
struct life_cycle_sys_cc {
    const struct acl_provider *acl_provider;
    const struct system_chaincode_provider *scc_provider;
    const struct policy_checker *policy_checker;
    const struct peer_operations *peer;
    struct package_store *packages; /* ccprovider's package functions work on it */
    const struct platforms_registry *platform_registry;
    struct cceventmgmt_mgr *event_mgr; /* cceventmgmt.GetMgr() */
    struct chaincode chaincode;        /* Init and Invoke */
    struct self_describing_sys_cc scc; /* how it is registered: "lscc" */
};

/* lscc.New. The parts must outlive it. Without an event manager it makes its own, to which nobody
 * listens yet: see cceventmgmt_register(). */
struct life_cycle_sys_cc *lscc_new(const struct system_chaincode_provider *sccp,
        const struct acl_provider *acl_provider, const struct policy_checker *policy_checker,
        const struct peer_operations *peer, struct package_store *packages,
        const struct platforms_registry *platform_registry, struct cceventmgmt_mgr *event_mgr);

/* LifeCycleSysCC.ChaincodeContainerInfo: what is needed to launch an instantiated chaincode; checks
 * the installed package against the definition. Panics on a nil executor, as Go does. */
RT_MUST_USE struct rt_error *lscc_chaincode_container_info(struct life_cycle_sys_cc *lscc,
        rt_str chaincode_name, const struct query_executor *qe,
        struct chaincode_container_info **info);

/* LifeCycleSysCC.ChaincodeDefinition: the definition in the channel's state. Panics on a nil
 * executor. */
RT_MUST_USE struct rt_error *lscc_chaincode_definition(struct life_cycle_sys_cc *lscc,
        rt_str chaincode_name, const struct query_executor *qe,
        ccprovider_chaincode_definition **definition);

#endif
