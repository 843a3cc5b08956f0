/* The shim's end of a chaincode's stream (core/chaincode/shim/handler.go). Internal to
 * model/shim. */
#ifndef CCLAB_MODEL_SHIM_HANDLER_H
#define CCLAB_MODEL_SHIM_HANDLER_H

#include "model/rt/sync.h"
#include "model/shim/message.h"
#include "model/shim/shim.h"

#include "proto/proposal_response.pb-c.h"

enum shim_state { SHIM_CREATED, SHIM_ESTABLISHED, SHIM_READY };

struct shim_handler {
    struct rt_mutex mutex; /* guards response_channel */
    struct rt_mutex serial_lock;
    const struct peer_chaincode_stream *chat_stream;
    const struct chaincode *cc;
    enum shim_state state;
    struct rt_map *response_channel; /* channel id and txid joined -> struct rt_chan * */
};

/* newChaincodeHandler. */
struct shim_handler *shim_handler_new(
        const struct peer_chaincode_stream *stream, const struct chaincode *cc);
/* serialSend: one message at a time. */
RT_MUST_USE struct rt_error *shim_handler_serial_send(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg);
/* CloseSend of the stream, as chatWithPeer defers it: without the lock that serialSend takes,
 * though gRPC allows one sender at a time. */
void shim_handler_close_send(struct shim_handler *handler);
/* handleMessage: serves one message of the peer; `errc` gets errors of later sends. */
RT_MUST_USE struct rt_error *shim_handler_handle_message(
        struct shim_handler *handler, Protos__ChaincodeMessage *msg, struct rt_chan *errc);

/* createChannel, sendReceive, deleteChannel: a request and its response. */
RT_MUST_USE struct rt_error *shim_handler_create_channel(
        struct shim_handler *handler, rt_str channel_id, rt_str txid, struct rt_chan **channel);
void shim_handler_delete_channel(struct shim_handler *handler, rt_str channel_id, rt_str txid);
RT_MUST_USE struct rt_error *shim_handler_send_receive(struct shim_handler *handler,
        Protos__ChaincodeMessage *msg, struct rt_chan *channel,
        Protos__ChaincodeMessage **response);

/* Where a request comes from. */
struct shim_tx {
    struct shim_handler *handler;
    rt_str channel_id;
    rt_str txid;
};

/* handleGetState and so on: one request of a chaincode each. */
RT_MUST_USE struct rt_error *shim_get_state(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes *value);
RT_MUST_USE struct rt_error *shim_get_private_data_hash(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes *hash);
/* *value is what the metadata holds under metakey; nil if it holds nothing. */
RT_MUST_USE struct rt_error *shim_get_state_metadata(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_str metakey, rt_bytes *value);
RT_MUST_USE struct rt_error *shim_put_state(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_bytes value);
RT_MUST_USE struct rt_error *shim_put_state_metadata_entry(
        const struct shim_tx *tx, rt_str collection, rt_str key, rt_str metakey, rt_bytes metadata);
RT_MUST_USE struct rt_error *shim_del_state(
        const struct shim_tx *tx, rt_str collection, rt_str key);
RT_MUST_USE struct rt_error *shim_get_state_by_range(const struct shim_tx *tx, rt_str collection,
        rt_str start_key, rt_str end_key, rt_bytes metadata, Protos__QueryResponse **response);
RT_MUST_USE struct rt_error *shim_query_state_next(
        const struct shim_tx *tx, rt_str id, Protos__QueryResponse **response);
RT_MUST_USE struct rt_error *shim_query_state_close(
        const struct shim_tx *tx, rt_str id, Protos__QueryResponse **response);
RT_MUST_USE struct rt_error *shim_get_query_result(const struct shim_tx *tx, rt_str collection,
        rt_str query, rt_bytes metadata, Protos__QueryResponse **response);
RT_MUST_USE struct rt_error *shim_get_history_for_key(
        const struct shim_tx *tx, rt_str key, Protos__QueryResponse **response);
Protos__Response shim_invoke_chaincode(
        const struct shim_tx *tx, rt_str chaincode_name, const rt_bytes *args, size_t count);

/* ---- stub.c ---- */

/* ChaincodeStub. */
struct stub {
    struct chaincode_stub interface; /* its self is this struct */
    struct shim_tx tx;
    Protos__ChaincodeEvent *chaincode_event;
    const rt_bytes *args;
    size_t arg_count;
    Protos__SignedProposal *signed_proposal;
    Protos__Proposal *proposal;
    rt_bytes creator;
    struct rt_map *transient;
    rt_bytes binding;
    struct rt_map *decorations;
};

/* ChaincodeStub.init: fails when the signed proposal (may be NULL) cannot be taken apart. */
RT_MUST_USE struct rt_error *stub_init(struct stub *stub, struct shim_handler *handler,
        rt_str channel_id, rt_str txid, const Protos__ChaincodeInput *input,
        Protos__SignedProposal *signed_proposal);

#endif
