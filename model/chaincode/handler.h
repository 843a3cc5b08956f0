/* The peer's side of one chaincode's stream.
 *
 * Follows core/chaincode/handler.go: handler.c has the stream loop, registration and Execute,
 * handler_*.c what a chaincode can ask for. */
#ifndef CCLAB_MODEL_CHAINCODE_HANDLER_H
#define CCLAB_MODEL_CHAINCODE_HANDLER_H

#include "model/ccprovider/ccprovider.h"
#include "model/chaincode/active_transactions.h"
#include "model/chaincode/cc_name.h"
#include "model/chaincode/handler_registry.h"
#include "model/chaincode/query_response_generator.h"
#include "model/chaincode/transaction_context.h"
#include "model/container/ccintf.h"
#include "model/lab/metrics.h"
#include "model/lab/variants.h"

typedef struct Protos__ChaincodeID Protos__ChaincodeID;
typedef struct Protos__ChaincodeMessage Protos__ChaincodeMessage;
struct peer_ledger;
struct query_executor;

/* ACLProvider, as the handler uses it: CheckACL(resource, channel, signed proposal). */
struct chaincode_acl_provider {
    void *self;
    struct rt_error *(*check_acl)(void *self, rt_str res_name, rt_str channel_id,
            const Protos__SignedProposal *signed_prop);
};

/* Lifecycle of chaincode_support.go: lscc. */
struct chaincode_lifecycle {
    void *self;
    struct rt_error *(*chaincode_definition)(void *self, rt_str chaincode_name,
            const struct query_executor *qe, Ccprovider__ChaincodeData **definition);
    struct rt_error *(*chaincode_container_info)(void *self, rt_str chaincode_name,
            const struct query_executor *qe, struct chaincode_container_info **ccci);
};

/* SystemCCProvider, as the handler uses it. */
struct chaincode_syscc_provider {
    void *self;
    bool (*is_sys_cc)(void *self, rt_str name);
    bool (*is_sys_cc_and_not_invokable_cc2cc)(void *self, rt_str name);
};

/* InstantiationPolicyChecker: ccprovider.CheckInstantiationPolicy. */
struct instantiation_policy_checker {
    void *self;
    struct rt_error *(*check_instantiation_policy)(
            void *self, rt_str name, rt_str version, const Ccprovider__ChaincodeData *cd);
};

/* LedgerGetter: NULL for an unknown channel. */
struct ledger_getter {
    void *self;
    const struct peer_ledger *(*get_ledger)(void *self, rt_str cid);
};

/* ApplicationConfigRetriever, as the handler uses it: false when the channel has no application
 * configuration, else whether its capabilities have KeyLevelEndorsement. */
struct application_config_retriever {
    void *self;
    bool (*key_level_endorsement)(void *self, rt_str cid, bool *enabled);
};

/* privdata.CollectionStore, as the handler uses it. */
struct collection_store {
    void *self;
    /* HasReadAccess for the collection `collection` of the chaincode `ns` on `channel`. */
    struct rt_error *(*has_read_access)(void *self, rt_str channel, rt_str ns, rt_str collection,
            const Protos__SignedProposal *signed_prop, const struct query_executor *qe,
            bool *allowed);
};
/* privdata.NewSimpleCollectionStore over the ledger of a channel (NULL for none). */
struct collection_store_maker {
    void *self;
    const struct collection_store *(*new_simple_collection_store)(
            void *self, rt_str channel_id, const struct peer_ledger *ledger);
};

/* Invoker: chaincode support itself. */
struct chaincode_invoker {
    void *self;
    struct rt_error *(*invoke)(void *self, struct transaction_params *tx_params,
            const struct cc_context *cccid, Protos__ChaincodeInput *spec,
            Protos__ChaincodeMessage **response);
};

/* What all handlers of a peer share. */
struct handler_environment {
    int64_t keepalive_ns; /* 0: no keep-alive messages */
    rt_str sys_cc_version;
    struct chaincode_lifecycle definition_getter;
    struct chaincode_invoker invoker;
    struct handler_registry *registry;
    struct chaincode_acl_provider acl_provider;
    struct chaincode_syscc_provider system_cc_provider;
    struct instantiation_policy_checker instantiation_policy_checker;
    struct query_response_generator query_response_builder;
    struct ledger_getter ledger_getter;
    struct collection_store_maker collection_store;
    struct application_config_retriever app_config;
    struct metrics *metrics;
    const struct observer *observer; /* may be NULL */
    uint64_t variants;               /* bits of enum variant */
    uint64_t uuids;                  /* UUIDGenerator: made so far */
};

enum handler_state { HANDLER_CREATED, HANDLER_ESTABLISHED, HANDLER_READY };
/* State.String: "created", "established", "ready". */
const char *handler_state_name(enum handler_state state);

struct handler {
    struct handler_environment *env;
    enum handler_state state;
    Protos__ChaincodeID *chaincode_id; /* what it registered as; NULL before */
    struct chaincode_instance *cc_instance;
    struct rt_mutex serial_lock;
    struct chaincode_stream chat_stream;
    struct rt_chan *err_chan; /* of struct rt_error *, capacity 1 */
    struct transaction_contexts tx_contexts;
    struct active_transactions active_transactions;
    /* Not of 1.4.2. */
    const struct launch_state *launched_by; /* the launch that it registered for, or NULL */
    /* For variants. */
    bool ready;                   /* FIX_READY_FIRST: READY was sent; under the registry's mutex */
    struct rt_chan *stream_done;  /* FIX_STREAM_END_NOTIFIES, FIX_SEND_ERROR_LEAK: closed when the
                                   * stream has ended */
    struct rt_error *receive_err; /* SHARED_RECEIVE_ERROR */
    unsigned keepalives;          /* FIX_KEEPALIVE_PILE: being sent now */
};

/* A handler in state created. */
struct handler *handler_new(struct handler_environment *env);
/* ProcessStream: serves the stream until it ends; never returns NULL. */
RT_MUST_USE struct rt_error *handler_process_stream(
        struct handler *h, struct chaincode_stream stream);
/* Execute: sends msg (INIT or TRANSACTION) and waits for the chaincode's answer. */
RT_MUST_USE struct rt_error *handler_execute(struct handler *h,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeMessage *msg, int64_t timeout_ns, Protos__ChaincodeMessage **response);
/* Close: closes the iterators of all its transactions. */
void handler_close(struct handler *h);
/* ChaincodeName: without version; "" before registration. */
rt_str handler_chaincode_name(const struct handler *h);
/* chaincodeID.Name, "name:version"; "" before registration. */
rt_str handler_chaincode_id(const struct handler *h);

#endif
