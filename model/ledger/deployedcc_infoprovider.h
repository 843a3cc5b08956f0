/* What lscc's state says about deployed chaincodes
 * (core/scc/lscc/deployedcc_infoprovider.go, core/common/privdata/collection.go).
 *
 * It sits here because it needs nothing of lscc but the layout of its state. */
#ifndef CCLAB_MODEL_LEDGER_DEPLOYEDCC_INFOPROVIDER_H
#define CCLAB_MODEL_LEDGER_DEPLOYEDCC_INFOPROVIDER_H

#include "model/ledger/ledger.h"

/* lscc.DeployedCCInfoProvider; it has no state. */
extern const struct deployed_chaincode_info_provider deployed_cc_info_provider;

/* privdata.BuildCollectionKVSKey, IsCollectionConfigKey. */
rt_str build_collection_kvs_key(rt_str cc_name);
bool is_collection_config_key(rt_str key);

#endif
