/* The transactions of lscc: install, deploy and upgrade (core/scc/lscc/lscc.go). */
#ifndef CCLAB_MODEL_LSCC_EXECUTE_H
#define CCLAB_MODEL_LSCC_EXECUTE_H

#include "model/lscc/lscc.h"

/* executeInstall: checks the package and stores it. */
RT_MUST_USE struct rt_error *lscc_execute_install(struct life_cycle_sys_cc *lscc, rt_bytes ccbytes);

/* The arguments of a deploy or an upgrade, once defaults are filled in. */
struct lscc_deployment {
    bool upgrade;
    rt_str channel;
    Protos__ChaincodeDeploymentSpec *cds;
    rt_bytes policy; /* endorsement policy */
    rt_bytes escc;
    rt_bytes vscc;
    rt_bytes collection_config; /* RT_NIL for none */
};

/* executeDeployOrUpgrade: writes the definition, *cd, into the state. */
RT_MUST_USE struct rt_error *lscc_execute_deploy_or_upgrade(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const struct lscc_deployment *d,
        Ccprovider__ChaincodeData **cd);

#endif
