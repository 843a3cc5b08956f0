/* Chaincode support: launches chaincodes, serves their streams, executes transactions on them.
 *
 * Follows core/chaincode/chaincode_support.go and ccproviderimpl.go. */
#ifndef CCLAB_MODEL_CHAINCODE_CHAINCODE_SUPPORT_H
#define CCLAB_MODEL_CHAINCODE_CHAINCODE_SUPPORT_H

#include "model/chaincode/config.h"
#include "model/chaincode/container_runtime.h"
#include "model/chaincode/handler.h"
#include "model/chaincode/runtime_launcher.h"

/* What NewChaincodeSupport gets. `self` NULL in an interface is Go's nil. */
struct chaincode_support_params {
    struct chaincode_config config;
    rt_str peer_address;
    bool user_runs_cc;
    rt_bytes ca_cert;
    const struct cert_generator *cert_generator; /* used with TLS only */
    struct package_provider package_provider;
    struct chaincode_lifecycle lifecycle;
    struct chaincode_acl_provider acl_provider;
    struct processor processor;
    struct chaincode_syscc_provider system_cc_provider;
    struct platform_builder platform_registry;
    struct application_config_retriever app_config;
    struct metrics *metrics; /* NULL: nothing is counted */
    /* Package-level singletons of Fabric. */
    struct instantiation_policy_checker instantiation_policy_checker;
    struct ledger_getter ledger_getter;
    struct collection_store_maker collection_store;
    rt_str sys_cc_version; /* util.GetSysCCVersion */
    /* Not of Fabric. */
    const struct observer *observer; /* may be NULL */
    uint64_t variants;               /* bits of enum variant */
};

struct chaincode_support {
    int64_t execute_timeout_ns;
    bool user_runs_cc;
    struct runtime runtime;
    struct handler_registry *handler_registry;
    struct launcher launcher;
    struct chaincode_lifecycle lifecycle;
    struct handler_environment handlers; /* keepalive, ACL, system chaincodes, metrics … */
    const struct observer *observer;
    uint64_t variants;
};

/* NewChaincodeSupport. The runtime and the launcher may be replaced before it is used. */
struct chaincode_support *chaincode_support_new(const struct chaincode_support_params *params);

/* LaunchInit: launches the chaincode unless it has a handler. */
RT_MUST_USE struct rt_error *chaincode_support_launch_init(
        struct chaincode_support *cs, struct chaincode_container_info *ccci);
/* Launch: the handler of name:version, which is launched if it has none. The lookup of what to
 * start uses `qe` (NULL: no ledger). 1.4.2 leaves *handler NULL without an error if the handler is
 * gone again right after its launch. */
RT_MUST_USE struct rt_error *chaincode_support_launch(struct chaincode_support *cs, rt_str chain_id,
        rt_str chaincode_name, rt_str chaincode_version, const struct query_executor *qe,
        struct handler **handler);
/* Stop: stops its container; the handler stays until its stream ends. */
RT_MUST_USE struct rt_error *chaincode_support_stop(
        struct chaincode_support *cs, struct chaincode_container_info *ccci);

/* HandleChaincodeStream: serves a stream until it ends; never returns NULL. */
RT_MUST_USE struct rt_error *chaincode_support_handle_chaincode_stream(
        struct chaincode_support *cs, struct chaincode_stream stream);
/* As the CCSupport that serves the streams of system chaincodes. */
struct cc_support chaincode_support_cc_support(struct chaincode_support *cs);

/* ExecuteLegacyInit launches what `spec` deploys and runs its Init; Execute runs a transaction,
 * after a launch if need be. *response and *event are NULL when Go returns nil; an event can come
 * with an error. */
RT_MUST_USE struct rt_error *chaincode_support_execute_legacy_init(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeDeploymentSpec *spec, Protos__Response **response,
        Protos__ChaincodeEvent **event);
RT_MUST_USE struct rt_error *chaincode_support_execute(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__Response **response, Protos__ChaincodeEvent **event);

/* InvokeInit, Invoke: the message with which the chaincode answers INIT, or TRANSACTION, whatever
 * its type. */
RT_MUST_USE struct rt_error *chaincode_support_invoke_init(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__ChaincodeMessage **response);
RT_MUST_USE struct rt_error *chaincode_support_invoke(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__ChaincodeMessage **response);

/* NewProvider (CCProviderImpl). */
struct chaincode_provider chaincode_support_provider(struct chaincode_support *cs);

#endif
