/* Shared by the files of the handler. Internal to model/chaincode. */
#ifndef CCLAB_MODEL_CHAINCODE_HANDLER_INTERNAL_H
#define CCLAB_MODEL_CHAINCODE_HANDLER_INTERNAL_H

#include "model/chaincode/handler.h"
#include "model/shim/message.h"

static inline bool handler_variant(const struct handler *h, enum variant v)
{
    return variant_on(h->env->variants, v);
}

/* ---- handler_send.c ---- */

/* serialSend. */
RT_MUST_USE struct rt_error *handler_serial_send(struct handler *h, Protos__ChaincodeMessage *msg);
/* serialSendAsync: in a goroutine; a failure is the answer to whoever waits for the transaction,
 * and ends the stream. */
void handler_serial_send_async(struct handler *h, Protos__ChaincodeMessage *msg);
/* Notify: hands the answer of a transaction to its Execute. */
void handler_notify(struct handler *h, Protos__ChaincodeMessage *msg);

/* ---- handler_register.c ---- */

/* HandleRegister. Always NULL in 1.4.2: what goes wrong is only told to the launch. */
RT_MUST_USE struct rt_error *handler_handle_register(
        struct handler *h, const Protos__ChaincodeMessage *msg);

/* ---- handler_transaction.c ---- */

/* One of HandleGetState and so on: *resp or an error. */
typedef struct rt_error *(*handle_func)(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp);

/* The function for a request of this type, or NULL. */
handle_func handler_delegate(Protos__ChaincodeMessage__Type type);
/* go HandleTransaction(msg, delegate). */
void handler_go_transaction(struct handler *h, Protos__ChaincodeMessage *msg, handle_func delegate);

/* isValidTxSim: the context of a transaction that has a simulator, or the error `text`. */
RT_MUST_USE struct rt_error *handler_is_valid_tx_sim(struct handler *h, rt_str channel_id,
        rt_str txid, const char *text, struct transaction_context **tx_context);
/* The transaction's context, counted where a variant asks for it. */
struct transaction_context *handler_tx_context(struct handler *h, rt_str channel_id, rt_str txid);
/* A RESPONSE to msg. */
Protos__ChaincodeMessage *handler_response(const Protos__ChaincodeMessage *msg, rt_bytes payload);
/* util.GenerateUUID: here a counter in a UUID's form, since nothing depends on its value. */
rt_str handler_new_uuid(struct handler *h);

/* ---- the requests ---- */

#define HANDLER_REQUESTS(X)                                                                        \
    X(GET_STATE, handler_get_state)                                                                \
    X(PUT_STATE, handler_put_state)                                                                \
    X(DEL_STATE, handler_del_state)                                                                \
    X(INVOKE_CHAINCODE, handler_invoke_chaincode)                                                  \
    X(GET_STATE_BY_RANGE, handler_get_state_by_range)                                              \
    X(GET_QUERY_RESULT, handler_get_query_result)                                                  \
    X(GET_HISTORY_FOR_KEY, handler_get_history_for_key)                                            \
    X(QUERY_STATE_NEXT, handler_query_state_next)                                                  \
    X(QUERY_STATE_CLOSE, handler_query_state_close)                                                \
    X(GET_PRIVATE_DATA_HASH, handler_get_private_data_hash)                                        \
    X(GET_STATE_METADATA, handler_get_state_metadata)                                              \
    X(PUT_STATE_METADATA, handler_put_state_metadata)

#define HANDLER_REQUEST_DECLARE(type, function)                                                    \
    struct rt_error *function(struct handler *h, Protos__ChaincodeMessage *msg,                    \
            struct transaction_context *tx_context, Protos__ChaincodeMessage **resp);
HANDLER_REQUESTS(HANDLER_REQUEST_DECLARE)
#undef HANDLER_REQUEST_DECLARE

/* getTxContextForInvoke. */
RT_MUST_USE struct rt_error *handler_tx_context_for_invoke(struct handler *h,
        const Protos__ChaincodeMessage *msg, struct transaction_context **tx_context);

/* ---- handler_state.c, used by the queries too ---- */

/* With a collection: private data may not be used in Init, and with `read` only by those who have
 * read access. */
RT_MUST_USE struct rt_error *handler_check_collection(
        struct handler *h, struct transaction_context *tx_context, rt_str collection, bool read);

#endif
