/* Collections of private data in lscc: the check of their member policies
 * (core/scc/lscc/lscc.go). */
#ifndef CCLAB_MODEL_LSCC_COLLECTIONS_H
#define CCLAB_MODEL_LSCC_COLLECTIONS_H

#include "model/lscc/lscc.h"

/* putChaincodeCollectionData: checks the marshalled CollectionConfigPackage and writes it; nothing
 * happens without one. */
RT_MUST_USE struct rt_error *lscc_put_chaincode_collection_data(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const Ccprovider__ChaincodeData *cd,
        rt_bytes collection_config_bytes);

#endif
