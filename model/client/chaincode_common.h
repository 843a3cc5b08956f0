/* What the command `peer chaincode` makes of its flags, before it sends anything.
 *
 * Follows peer/chaincode/common.go, protos/peer/chaincodeunmarshall.go and encoding/json of Go
 * 1.19 for the structs that they fill. Errors are the command's, without "Error: " in front. */
#ifndef CCLAB_MODEL_CLIENT_CHAINCODE_COMMON_H
#define CCLAB_MODEL_CLIENT_CHAINCODE_COMMON_H

#include "model/rt/error.h"

/* -P: checkChaincodeCmdParams. The policy marshalled; which mistake it has is not said. */
RT_MUST_USE struct rt_error *client_policy(rt_str text, rt_bytes *policy);

/* --collections-config: getCollectionConfigFromFile, without reading the file; `file` is its name
 * in errors. */
RT_MUST_USE struct rt_error *client_collections(rt_str file, rt_bytes content, rt_bytes *package);
/* getCollectionConfigFromBytes. */
RT_MUST_USE struct rt_error *client_collection_config_from_bytes(
        rt_bytes content, rt_bytes *package);

/* -c: the check of its keys, then ChaincodeInput.UnmarshalJSON. Panics where Go's does: when it is
 * no object. */
RT_MUST_USE struct rt_error *client_chaincode_input(rt_str ctor, rt_bytes **args, size_t *count);

/* A value of --transient: base64 as in a []byte's JSON. */
RT_MUST_USE struct rt_error *client_transient_value(rt_str base64, rt_bytes *value);

#endif
