/* Names of chaincode instances: "name:version/channel".
 *
 * Follows ParseName of core/chaincode/handler.go and ChaincodeInstance of
 * core/common/sysccprovider. */
#ifndef CCLAB_MODEL_CHAINCODE_CC_NAME_H
#define CCLAB_MODEL_CHAINCODE_CC_NAME_H

#include "model/rt/str.h"

struct chaincode_instance {
    rt_str chain_id;
    rt_str chaincode_name;
    rt_str chaincode_version;
};

/* ParseName: what is missing is empty. The parts share the name's bytes. */
struct chaincode_instance parse_name(rt_str cc_name);

#endif
