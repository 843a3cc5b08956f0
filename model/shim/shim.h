/* The chaincode's side: what a chaincode is, what it can ask for, and how it talks to its peer
 * (core/chaincode/shim/{interfaces,chaincode,response,inprocstream}.go).
 *
 * System chaincodes run on it inside the peer, user chaincodes (mocks/chaincode) in the process of
 * their container. A chaincode implements struct chaincode; its functions get a stub and may block,
 * since every state operation is a message to the peer and back. */
#ifndef CCLAB_MODEL_SHIM_SHIM_H
#define CCLAB_MODEL_SHIM_SHIM_H

#include "model/rt/chan.h"
#include "model/rt/error.h"
#include "model/rt/map.h"

typedef struct Google__Protobuf__Timestamp Google__Protobuf__Timestamp;
typedef struct Protos__ChaincodeMessage Protos__ChaincodeMessage;
typedef struct Protos__QueryResponseMetadata Protos__QueryResponseMetadata;
typedef struct Protos__Response Protos__Response;
typedef struct Protos__SignedProposal Protos__SignedProposal;
typedef struct Queryresult__KV Queryresult__KV;
typedef struct Queryresult__KeyModification Queryresult__KeyModification;

/* ---- responses ---- */

#define SHIM_OK 200             /* shim.OK */
#define SHIM_ERRORTHRESHOLD 400 /* shim.ERRORTHRESHOLD */
#define SHIM_ERROR 500          /* shim.ERROR */

/* shim.Success, shim.Error. Include proto/proposal_response.pb-c.h to use them. */
Protos__Response shim_success(rt_bytes payload);
Protos__Response shim_error(rt_str message);

/* ---- the stub ---- */

struct state_query_iterator;   /* shim.StateQueryIterator */
struct history_query_iterator; /* shim.HistoryQueryIterator */

/* shim.ChaincodeStubInterface. Results are written only on success; nil results are NULL. */
struct chaincode_stub {
    void *self;

    /* What the transaction is. */
    const rt_bytes *(*get_args)(void *self, size_t *count);
    /* The function is "" and there are no parameters without arguments. */
    rt_str (*get_function_and_parameters)(void *self, const rt_str **params, size_t *count);
    rt_bytes (*get_args_slice)(void *self);
    rt_str (*get_tx_id)(void *self);
    rt_str (*get_channel_id)(void *self);
    struct rt_error *(*get_creator)(void *self, rt_bytes *creator);
    struct rt_error *(*get_transient)(void *self, struct rt_map **transient); /* of rt_bytes * */
    struct rt_error *(*get_binding)(void *self, rt_bytes *binding);
    struct rt_map *(*get_decorations)(void *self); /* of rt_bytes * */
    struct rt_error *(*get_signed_proposal)(void *self, Protos__SignedProposal **signed_proposal);
    /* Panics, as in Go, when the transaction came without a proposal. */
    struct rt_error *(*get_tx_timestamp)(void *self, Google__Protobuf__Timestamp **timestamp);

    /* Other chaincodes; `channel` may be "". */
    Protos__Response (*invoke_chaincode)(
            void *self, rt_str chaincode_name, const rt_bytes *args, size_t count, rt_str channel);

    /* State. */
    struct rt_error *(*get_state)(void *self, rt_str key, rt_bytes *value);
    struct rt_error *(*put_state)(void *self, rt_str key, rt_bytes value);
    struct rt_error *(*del_state)(void *self, rt_str key);
    struct rt_error *(*set_state_validation_parameter)(void *self, rt_str key, rt_bytes ep);
    struct rt_error *(*get_state_validation_parameter)(void *self, rt_str key, rt_bytes *ep);
    struct rt_error *(*get_state_by_range)(
            void *self, rt_str start_key, rt_str end_key, struct state_query_iterator **iterator);
    struct rt_error *(*get_state_by_range_with_pagination)(void *self, rt_str start_key,
            rt_str end_key, int32_t page_size, rt_str bookmark,
            struct state_query_iterator **iterator, Protos__QueryResponseMetadata **metadata);
    struct rt_error *(*get_state_by_partial_composite_key)(void *self, rt_str object_type,
            const rt_str *keys, size_t count, struct state_query_iterator **iterator);
    struct rt_error *(*get_state_by_partial_composite_key_with_pagination)(void *self,
            rt_str object_type, const rt_str *keys, size_t count, int32_t page_size,
            rt_str bookmark, struct state_query_iterator **iterator,
            Protos__QueryResponseMetadata **metadata);
    struct rt_error *(*get_query_result)(
            void *self, rt_str query, struct state_query_iterator **iterator);
    struct rt_error *(*get_query_result_with_pagination)(void *self, rt_str query,
            int32_t page_size, rt_str bookmark, struct state_query_iterator **iterator,
            Protos__QueryResponseMetadata **metadata);
    struct rt_error *(*get_history_for_key)(
            void *self, rt_str key, struct history_query_iterator **iterator);

    /* Private data. */
    struct rt_error *(*get_private_data)(
            void *self, rt_str collection, rt_str key, rt_bytes *value);
    struct rt_error *(*get_private_data_hash)(
            void *self, rt_str collection, rt_str key, rt_bytes *hash);
    struct rt_error *(*put_private_data)(void *self, rt_str collection, rt_str key, rt_bytes value);
    struct rt_error *(*del_private_data)(void *self, rt_str collection, rt_str key);
    struct rt_error *(*set_private_data_validation_parameter)(
            void *self, rt_str collection, rt_str key, rt_bytes ep);
    struct rt_error *(*get_private_data_validation_parameter)(
            void *self, rt_str collection, rt_str key, rt_bytes *ep);
    struct rt_error *(*get_private_data_by_range)(void *self, rt_str collection, rt_str start_key,
            rt_str end_key, struct state_query_iterator **iterator);
    struct rt_error *(*get_private_data_by_partial_composite_key)(void *self, rt_str collection,
            rt_str object_type, const rt_str *keys, size_t count,
            struct state_query_iterator **iterator);
    struct rt_error *(*get_private_data_query_result)(
            void *self, rt_str collection, rt_str query, struct state_query_iterator **iterator);

    /* shim.SetEvent: the last one wins. */
    struct rt_error *(*set_event)(void *self, rt_str name, rt_bytes payload);
};

/* CreateCompositeKey, SplitCompositeKey; the latter panics on a key without components, as in
 * Go. */
RT_MUST_USE struct rt_error *shim_create_composite_key(
        rt_str object_type, const rt_str *attributes, size_t count, rt_str *key);
void shim_split_composite_key(
        rt_str key, rt_str *object_type, const rt_str **attributes, size_t *count);

/* Iterators. */
bool state_query_iterator_has_next(const struct state_query_iterator *iterator);
RT_MUST_USE struct rt_error *state_query_iterator_next(
        struct state_query_iterator *iterator, Queryresult__KV **kv);
RT_MUST_USE struct rt_error *state_query_iterator_close(struct state_query_iterator *iterator);
bool history_query_iterator_has_next(const struct history_query_iterator *iterator);
RT_MUST_USE struct rt_error *history_query_iterator_next(
        struct history_query_iterator *iterator, Queryresult__KeyModification **modification);
RT_MUST_USE struct rt_error *history_query_iterator_close(struct history_query_iterator *iterator);

/* ---- chaincodes ---- */

/* shim.Chaincode. Called in a goroutine of its own for every transaction. */
struct chaincode {
    void *self;
    Protos__Response (*init)(void *self, const struct chaincode_stub *stub);
    Protos__Response (*invoke)(void *self, const struct chaincode_stub *stub);
};

/* ---- running one ---- */

/* shim.PeerChaincodeStream: the chaincode's end of the stream. */
struct peer_chaincode_stream {
    void *self;
    struct rt_error *(*send)(void *self, Protos__ChaincodeMessage *msg);
    struct rt_error *(*recv)(void *self, Protos__ChaincodeMessage **msg);
    struct rt_error *(*close_send)(void *self);
    bool closed_under_lock; /* the variant FIX_CLOSE_SEND */
};

/* chatWithPeer: registers as `chaincode_name` and serves the stream until it ends. Always returns
 * an error, as in Go: what ended the stream. */
RT_MUST_USE struct rt_error *shim_chat_with_peer(rt_str chaincode_name,
        const struct peer_chaincode_stream *stream, const struct chaincode *cc);

/* shim.StartInProc: for system chaincodes; the name is taken from CORE_CHAINCODE_ID_NAME in env.
 * The channels carry Protos__ChaincodeMessage *. */
RT_MUST_USE struct rt_error *shim_start_in_proc(const rt_str *env, size_t env_count,
        const struct chaincode *cc, struct rt_chan *recv, struct rt_chan *send);

/* The stream over two channels, both the shim's and inproccontroller's: a send on a closed channel
 * is the error "send failure ...", a receive from one "channel is closed". */
struct in_proc_stream {
    struct rt_chan *recv;
    struct rt_chan *send;
    bool unguarded; /* as before FAB-9651: a send panics, a receive gives a nil message */
};
RT_MUST_USE struct rt_error *in_proc_stream_send(void *self, Protos__ChaincodeMessage *msg);
RT_MUST_USE struct rt_error *in_proc_stream_recv(void *self, Protos__ChaincodeMessage **msg);

#endif
