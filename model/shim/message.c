/* Follows the helpers that core/chaincode/handler.go and core/chaincode/shim/handler.go share. */
#include "model/shim/message.h"

#include "model/rt/arena.h"
#include "model/wire/wire.h"

Protos__ChaincodeMessage *chaincode_message_new(
        Protos__ChaincodeMessage__Type type, rt_bytes payload, rt_str txid, rt_str channel_id)
{
    Protos__ChaincodeMessage *msg = rt_new(Protos__ChaincodeMessage);
    protos__chaincode_message__init(msg);
    msg->type = type;
    msg->payload = payload;
    msg->txid = txid;
    msg->channel_id = channel_id;
    return msg;
}

Protos__ChaincodeMessage *chaincode_message_error(rt_str text, rt_str txid, rt_str channel_id)
{
    return chaincode_message_new(CC_MSG(ERROR), text, txid, channel_id);
}

rt_str chaincode_message_type_string(int type)
{
    return wire_enum_string(&protos__chaincode_message__type__descriptor, type);
}

rt_str shorttxid(rt_str txid)
{
    return txid.len < 8 ? txid : rt_str_slice(txid, 0, 8);
}
