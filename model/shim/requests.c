/* Follows the requests of core/chaincode/shim/handler.go: handleGetState and so on. Their error
 * texts differ in small ways, all kept. */
#include "model/shim/handler.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

/* A request in progress. */
struct request {
    const struct shim_tx *tx;
    Protos__ChaincodeMessage *msg;
    Protos__ChaincodeMessage *response;
    bool no_channel; /* the error is createChannel's */
};

/* callPeerWithChaincodeMsg: the payload's own marshalling errors are ignored, as in Go. */
static struct rt_error *call_peer(struct request *r, const struct shim_tx *tx,
        Protos__ChaincodeMessage__Type type, const ProtobufCMessage *payload)
{
    rt_bytes bytes;
    RT_DROP(wire_marshal(payload, &bytes));
    r->tx = tx;
    r->msg = chaincode_message_new(type, bytes, tx->txid, tx->channel_id);
    struct rt_chan *channel;
    struct rt_error *err =
            shim_handler_create_channel(tx->handler, tx->channel_id, tx->txid, &channel);
    r->no_channel = err != NULL;
    if (err)
        return err;
    err = shim_handler_send_receive(tx->handler, r->msg, channel, &r->response);
    shim_handler_delete_channel(tx->handler, tx->channel_id, tx->txid);
    return err;
}

/* How an error begins with the transaction: "[txid] ", "[txid]", not at all. */
enum named { NAMED_APART, NAMED_CLOSE, NAMED_NOT };

/* What the response means: NULL for RESPONSE, the text of an ERROR, or that it is neither. */
static struct rt_error *check(const struct request *r, enum named named)
{
    const Protos__ChaincodeMessage *response = r->response;
    if (response->type == CC_MSG(RESPONSE))
        return NULL;
    if (response->type == CC_MSG(ERROR))
        return rt_error_new(response->payload);
    rt_str txid = shorttxid(response->txid);
    return rt_errorf("%Sincorrect chaincode message %S received. Expecting RESPONSE or ERROR",
            named == NAMED_APART   ? rt_sprintf("[%S] ", txid)
            : named == NAMED_CLOSE ? rt_sprintf("[%S]", txid)
                                   : RT_STR(""),
            chaincode_message_type_string((int)response->type));
}

/* "[txid] error sending TYPE", without the cause. */
static struct rt_error *error_sending(const struct request *r)
{
    return rt_errorf("[%S] error sending %S", shorttxid(r->msg->txid),
            chaincode_message_type_string((int)r->msg->type));
}

/* ---- state ---- */

static struct rt_error *get_state(const struct shim_tx *tx, Protos__ChaincodeMessage__Type type,
        rt_str collection, rt_str key, rt_bytes *value)
{
    Protos__GetState payload = PROTOS__GET_STATE__INIT;
    payload.collection = collection;
    payload.key = key;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, type, &payload.base);
    if (err)
        return rt_error_wrapf(err, "[%S] error sending %S", shorttxid(tx->txid),
                chaincode_message_type_string((int)type));
    err = check(&r, NAMED_APART);
    if (!err)
        *value = r.response->payload;
    return err;
}

struct rt_error *shim_get_state(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes *value)
{
    return get_state(tx, CC_MSG(GET_STATE), collection, key, value);
}

struct rt_error *shim_get_private_data_hash(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes *hash)
{
    return get_state(tx, CC_MSG(GET_PRIVATE_DATA_HASH), collection, key, hash);
}

struct rt_error *shim_put_state(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes value)
{
    Protos__PutState payload = PROTOS__PUT_STATE__INIT;
    payload.collection = collection;
    payload.key = key;
    payload.value = value;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, CC_MSG(PUT_STATE), &payload.base);
    if (err)
        return rt_error_wrapf(err, "[%S] error sending PUT_STATE", tx->txid);
    return check(&r, NAMED_APART);
}

struct rt_error *shim_del_state(const struct shim_tx *tx, rt_str collection, rt_str key)
{
    Protos__DelState payload = PROTOS__DEL_STATE__INIT;
    payload.collection = collection;
    payload.key = key;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, CC_MSG(DEL_STATE), &payload.base);
    if (err)
        return rt_errorf("[%S] error sending DEL_STATE DEL_STATE", shorttxid(tx->txid));
    return check(&r, NAMED_APART);
}

/* ---- metadata ---- */

struct rt_error *shim_get_state_metadata(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_str metakey, rt_bytes *value)
{
    Protos__GetStateMetadata payload = PROTOS__GET_STATE_METADATA__INIT;
    payload.collection = collection;
    payload.key = key;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, CC_MSG(GET_STATE_METADATA), &payload.base);
    if (err)
        return rt_error_wrapf(err, "[%S]error sending GET_STATE_METADATA", shorttxid(tx->txid));
    err = check(&r, NAMED_CLOSE);
    if (err)
        return err;
    Protos__StateMetadataResult *result;
    if (WIRE_UNMARSHAL(protos__state_metadata_result, r.response->payload, &result))
        return rt_errorf("Could not unmarshal metadata response");
    *value = RT_NIL;
    for (size_t i = 0; i < result->n_entries; i++)
        if (rt_str_eq(result->entries[i]->metakey, metakey))
            *value = result->entries[i]->value;
    return NULL;
}

struct rt_error *shim_put_state_metadata_entry(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_str metakey, rt_bytes metadata)
{
    Protos__StateMetadata entry = PROTOS__STATE_METADATA__INIT;
    entry.metakey = metakey;
    entry.value = metadata;
    Protos__PutStateMetadata payload = PROTOS__PUT_STATE_METADATA__INIT;
    payload.collection = collection;
    payload.key = key;
    payload.metadata = &entry;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, CC_MSG(PUT_STATE_METADATA), &payload.base);
    if (err)
        return rt_error_wrapf(err, "[%S]error sending PUT_STATE_METADATA", tx->txid);
    return check(&r, NAMED_CLOSE);
}

/* ---- queries ---- */

static struct rt_error *unmarshal_query_response(
        const struct request *r, const char *failure, Protos__QueryResponse **response)
{
    if (!WIRE_UNMARSHAL(protos__query_response, r->response->payload, response))
        return NULL;
    *response = NULL;
    return rt_errorf("[%S] %s", shorttxid(r->response->txid), failure);
}

static struct rt_error *query(const struct shim_tx *tx, Protos__ChaincodeMessage__Type type,
        const ProtobufCMessage *payload, const char *unmarshal_failure,
        Protos__QueryResponse **response)
{
    struct request r;
    struct rt_error *err = call_peer(&r, tx, type, payload);
    bool keeps_channel_error = type == CC_MSG(QUERY_STATE_NEXT) ||
                               type == CC_MSG(QUERY_STATE_CLOSE) ||
                               type == CC_MSG(GET_HISTORY_FOR_KEY);
    if (err)
        return r.no_channel && keeps_channel_error ? err : error_sending(&r);
    err = check(&r, NAMED_NOT);
    return err ? err : unmarshal_query_response(&r, unmarshal_failure, response);
}

struct rt_error *shim_get_state_by_range(const struct shim_tx *tx, rt_str collection,
        rt_str start_key, rt_str end_key, rt_bytes metadata, Protos__QueryResponse **response)
{
    Protos__GetStateByRange payload = PROTOS__GET_STATE_BY_RANGE__INIT;
    payload.collection = collection;
    payload.startkey = start_key;
    payload.endkey = end_key;
    payload.metadata = metadata;
    return query(tx, CC_MSG(GET_STATE_BY_RANGE), &payload.base,
            "GetStateByRangeResponse unmarshall error", response);
}

struct rt_error *shim_query_state_next(
        const struct shim_tx *tx, rt_str id, Protos__QueryResponse **response)
{
    Protos__QueryStateNext payload = PROTOS__QUERY_STATE_NEXT__INIT;
    payload.id = id;
    return query(tx, CC_MSG(QUERY_STATE_NEXT), &payload.base, "unmarshal error", response);
}

struct rt_error *shim_query_state_close(
        const struct shim_tx *tx, rt_str id, Protos__QueryResponse **response)
{
    Protos__QueryStateClose payload = PROTOS__QUERY_STATE_CLOSE__INIT;
    payload.id = id;
    return query(tx, CC_MSG(QUERY_STATE_CLOSE), &payload.base, "unmarshal error", response);
}

struct rt_error *shim_get_query_result(const struct shim_tx *tx, rt_str collection,
        rt_str query_string, rt_bytes metadata, Protos__QueryResponse **response)
{
    Protos__GetQueryResult payload = PROTOS__GET_QUERY_RESULT__INIT;
    payload.collection = collection;
    payload.query = query_string;
    payload.metadata = metadata;
    return query(tx, CC_MSG(GET_QUERY_RESULT), &payload.base, "unmarshal error", response);
}

struct rt_error *shim_get_history_for_key(
        const struct shim_tx *tx, rt_str key, Protos__QueryResponse **response)
{
    Protos__GetHistoryForKey payload = PROTOS__GET_HISTORY_FOR_KEY__INIT;
    payload.key = key;
    return query(tx, CC_MSG(GET_HISTORY_FOR_KEY), &payload.base, "unmarshal error", response);
}

/* ---- other chaincodes ---- */

/* createResponse with status ERROR: the text is the payload, not the message. */
static Protos__Response failure(rt_str text)
{
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = SHIM_ERROR;
    response.payload = text;
    return response;
}

/* The answer of the called chaincode inside a RESPONSE. */
static Protos__Response called_response(const struct request *r)
{
    Protos__ChaincodeMessage *message;
    struct rt_error *err =
            WIRE_UNMARSHAL(protos__chaincode_message, r->response->payload, &message);
    if (err)
        return failure(err->text);
    if (message->type != CC_MSG(COMPLETED))
        return failure(r->response->payload);
    Protos__Response *response;
    err = WIRE_UNMARSHAL(protos__response, message->payload, &response);
    return err ? failure(err->text) : *response;
}

Protos__Response shim_invoke_chaincode(
        const struct shim_tx *tx, rt_str chaincode_name, const rt_bytes *args, size_t count)
{
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = chaincode_name;
    Protos__ChaincodeInput input = PROTOS__CHAINCODE_INPUT__INIT;
    input.n_args = count;
    input.args = (ProtobufCBinaryData *)(uintptr_t)args;
    Protos__ChaincodeSpec payload = PROTOS__CHAINCODE_SPEC__INIT;
    payload.chaincode_id = &id;
    payload.input = &input;
    struct request r;
    struct rt_error *err = call_peer(&r, tx, CC_MSG(INVOKE_CHAINCODE), &payload.base);
    if (err)
        return failure(r.no_channel ? err->text : error_sending(&r)->text);
    if (r.response->type == CC_MSG(RESPONSE))
        return called_response(&r);
    if (r.response->type == CC_MSG(ERROR))
        return failure(r.response->payload);
    return failure(rt_sprintf("[%S] Incorrect chaincode message %S received. Expecting RESPONSE or "
                              "ERROR",
            shorttxid(r.response->txid), chaincode_message_type_string((int)r.response->type)));
}
