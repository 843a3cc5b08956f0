/* Collections of private data in lscc: their keys and the check of their member policies
 * (core/common/privdata/collection.go, core/scc/lscc/lscc.go). */
#ifndef CCLAB_MODEL_LSCC_COLLECTIONS_H
#define CCLAB_MODEL_LSCC_COLLECTIONS_H

#include "model/lscc/lscc.h"

/* privdata.BuildCollectionKVSKey: "<chaincode>~collection". */
rt_str privdata_build_collection_kvs_key(rt_str ccname);
/* privdata.IsCollectionConfigKey: anything with a '~'. */
bool privdata_is_collection_config_key(rt_str key);

/* putChaincodeCollectionData: checks the marshalled CollectionConfigPackage and writes it; nothing
 * happens without one. */
struct rt_error *lscc_put_chaincode_collection_data(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const Ccprovider__ChaincodeData *cd,
        rt_bytes collection_config_bytes);

#endif
