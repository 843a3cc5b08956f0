/* Chaincode messages: making them and naming their types. Both ends of a stream use it. */
#ifndef CCLAB_MODEL_SHIM_MESSAGE_H
#define CCLAB_MODEL_SHIM_MESSAGE_H

#include "model/rt/str.h"

#include "proto/chaincode_shim.pb-c.h"

/* Short for the generated names of ChaincodeMessage_Type. */
#define CC_MSG(name) PROTOS__CHAINCODE_MESSAGE__TYPE__##name

/* A message of the current arena; everything else is zero. The parts are shared, not copied. */
Protos__ChaincodeMessage *chaincode_message_new(
        Protos__ChaincodeMessage__Type type, rt_bytes payload, rt_str txid, rt_str channel_id);
/* The same type ERROR with a text, as both ends answer failures. */
Protos__ChaincodeMessage *chaincode_message_error(rt_str text, rt_str txid, rt_str channel_id);

/* ChaincodeMessage_Type.String(): the name, or the number of an unknown type. */
rt_str chaincode_message_type_string(int type);

/* shorttxid: the first eight bytes. */
rt_str shorttxid(rt_str txid);

#endif
