/* What the endorser asks of the rest of the peer (interface Support of core/endorser/endorser.go),
 * and the implementation over the peer's parts (core/endorser/support.go). */
#ifndef CCLAB_MODEL_ENDORSER_SUPPORT_H
#define CCLAB_MODEL_ENDORSER_SUPPORT_H

#include "model/ccprovider/ccprovider.h"
#include "model/endorser/plugin_endorser.h"
#include "model/ledger/ledger.h"
#include "model/msp/msp.h"
#include "model/scc/peer_operations.h"
#include "model/scc/sysccprovider.h"

struct acl_provider;
struct chaincode_support;
struct life_cycle_sys_cc;
struct package_store;

/* endorser.Support. */
struct endorser_support {
    void *self;
    bool (*is_sys_cc_and_not_invokable_external)(void *self, rt_str name);
    struct rt_error *(*get_tx_simulator)(
            void *self, rt_str ledger_name, rt_str txid, const struct tx_simulator **simulator);
    struct rt_error *(*get_history_query_executor)(
            void *self, rt_str ledger_name, const struct history_query_executor **executor);
    /* NULL when the transaction is on the ledger. */
    struct rt_error *(*get_transaction_by_id)(void *self, rt_str channel_id, rt_str txid);
    bool (*is_sys_cc)(void *self, rt_str name);
    struct rt_error *(*execute)(void *self, struct transaction_params *tx_params, rt_str name,
            rt_str version, Protos__ChaincodeInput *input, Protos__Response **response,
            Protos__ChaincodeEvent **event);
    struct rt_error *(*execute_legacy_init)(void *self, struct transaction_params *tx_params,
            rt_str name, rt_str version, Protos__ChaincodeDeploymentSpec *cds,
            Protos__Response **response, Protos__ChaincodeEvent **event);
    struct rt_error *(*get_chaincode_definition)(void *self, rt_str chaincode_name,
            const struct query_executor *txsim, ccprovider_chaincode_definition **definition);
    struct rt_error *(*check_acl)(
            void *self, rt_str channel_id, const Protos__SignedProposal *signed_prop);
    struct rt_error *(*check_instantiation_policy)(
            void *self, rt_str name, rt_str version, ccprovider_chaincode_definition *definition);
    struct rt_error *(*get_chaincode_deployment_spec_fs)(void *self,
            Protos__ChaincodeDeploymentSpec *cds, Protos__ChaincodeDeploymentSpec **installed);
    struct rt_error *(*endorse_with_plugin)(
            void *self, const struct endorsement_context *ctx, Protos__ProposalResponse **response);
    struct rt_error *(*get_ledger_height)(void *self, rt_str channel_id, uint64_t *height);
};

/* endorser.SupportImpl: its parts, all of which must outlive it. */
struct endorser_support_impl {
    struct plugin_endorser *plugin_endorser;
    const struct signing_identity *signer;
    const struct peer_operations *peer;
    struct chaincode_support *chaincode_support;
    const struct system_chaincode_provider *sys_cc_provider;
    const struct acl_provider *acl_provider;
    struct life_cycle_sys_cc *lifecycle;
    struct package_store *packages;
};

/* The interface over the parts; `impl` becomes its self. */
const struct endorser_support *endorser_support_new(struct endorser_support_impl *impl);

/* SupportImpl as the plugins' ChannelStateRetriever and SigningIdentityFetcher. */
struct channel_state_retriever endorser_support_channel_state(struct endorser_support_impl *impl);
struct signing_identity_fetcher endorser_support_signer(struct endorser_support_impl *impl);

#endif
