/* What lscc answers about chaincodes (core/scc/lscc/lscc.go). */
#ifndef CCLAB_MODEL_LSCC_QUERY_H
#define CCLAB_MODEL_LSCC_QUERY_H

#include "model/lscc/lscc.h"

/* getCCInstance: the definition's bytes in the channel's state. *cdbytes is nil on an error. */
RT_MUST_USE struct rt_error *lscc_get_cc_instance(
        const struct chaincode_stub *stub, rt_str ccname, rt_bytes *cdbytes);
/* getChaincodeData: the definition in those bytes; *cd is NULL on an error. */
RT_MUST_USE struct rt_error *lscc_get_chaincode_data(
        rt_str ccname, rt_bytes cdbytes, Ccprovider__ChaincodeData **cd);
/* getCCCode: the installed package that belongs to a definition, checked against it. */
RT_MUST_USE struct rt_error *lscc_get_cc_code(struct life_cycle_sys_cc *lscc, rt_str ccname,
        rt_bytes cdbytes, Protos__ChaincodeDeploymentSpec **depspec, rt_bytes *depspecbytes);

/* getChaincodes, getInstalledChaincodes, getChaincodeCollectionData. */
Protos__Response lscc_get_chaincodes(
        struct life_cycle_sys_cc *lscc, const struct chaincode_stub *stub);
Protos__Response lscc_get_installed_chaincodes(struct life_cycle_sys_cc *lscc);
Protos__Response lscc_get_chaincode_collection_data(
        const struct chaincode_stub *stub, rt_str chaincode_name);

#endif
