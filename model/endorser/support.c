/* Follows core/endorser/support.go. */
#include "model/endorser/support.h"

#include "model/ccprovider/store.h"
#include "model/chaincode/chaincode_support.h"
#include "model/lscc/lscc.h"
#include "model/policy/aclmgmt.h"
#include "model/policy/resources.h"
#include "model/wire/wire.h"

#include "proto/ledger.pb-c.h"

static bool is_sys_cc_and_not_invokable_external(void *self, rt_str name)
{
    const struct system_chaincode_provider *p =
            ((struct endorser_support_impl *)self)->sys_cc_provider;
    return p->is_sys_cc_and_not_invokable_external(p->self, name);
}

static bool is_sys_cc(void *self, rt_str name)
{
    const struct system_chaincode_provider *p =
            ((struct endorser_support_impl *)self)->sys_cc_provider;
    return p->is_sys_cc(p->self, name);
}

static const struct peer_ledger *get_ledger(struct endorser_support_impl *s, rt_str channel)
{
    return s->peer->get_ledger(s->peer->self, channel);
}

static struct rt_error *get_tx_simulator(
        void *self, rt_str ledger_name, rt_str txid, const struct tx_simulator **simulator)
{
    const struct peer_ledger *ledger = get_ledger(self, ledger_name);
    if (!ledger)
        return rt_errorf("Channel does not exist: %S", ledger_name);
    return ledger->new_tx_simulator(ledger->self, txid, simulator);
}

static struct rt_error *get_history_query_executor(
        void *self, rt_str ledger_name, const struct history_query_executor **executor)
{
    const struct peer_ledger *ledger = get_ledger(self, ledger_name);
    if (!ledger)
        return rt_errorf("Channel does not exist: %S", ledger_name);
    return ledger->new_history_query_executor(ledger->self, executor);
}

static struct rt_error *get_transaction_by_id(void *self, rt_str channel_id, rt_str txid)
{
    const struct peer_ledger *ledger = get_ledger(self, channel_id);
    if (!ledger)
        return rt_errorf("failed to look up the ledger for Channel %S", channel_id);
    struct Protos__ProcessedTransaction *transaction;
    return rt_error_wrap(ledger->get_transaction_by_id(ledger->self, txid, &transaction),
            "GetTransactionByID failed");
}

static struct rt_error *get_ledger_height(void *self, rt_str channel_id, uint64_t *height)
{
    const struct peer_ledger *ledger = get_ledger(self, channel_id);
    if (!ledger)
        return rt_errorf("failed to look up the ledger for Channel %S", channel_id);
    Common__BlockchainInfo *info;
    struct rt_error *err = ledger->get_blockchain_info(ledger->self, &info);
    if (err)
        return rt_error_wrapf(err, "failed to obtain information for Channel %S", channel_id);
    *height = info->height;
    return NULL;
}

/* GetChaincodeDeploymentSpecFS. */
static struct rt_error *get_chaincode_deployment_spec_fs(void *self,
        Protos__ChaincodeDeploymentSpec *cds, Protos__ChaincodeDeploymentSpec **installed)
{
    struct endorser_support_impl *s = self;
    Protos__ChaincodeID *ccid = RT_DEREF(RT_DEREF(cds->chaincode_spec)->chaincode_id);
    struct cc_package *package;
    struct rt_error *err =
            ccprovider_get_chaincode_from_fs(s->packages, ccid->name, ccid->version, &package);
    if (err)
        return rt_error_wrap(err, "could not get chaincode from fs");
    *installed = cc_package_get_dep_spec(package);
    return NULL;
}

static struct rt_error *execute_legacy_init(void *self, struct transaction_params *tx_params,
        rt_str name, rt_str version, Protos__ChaincodeDeploymentSpec *cds,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    struct endorser_support_impl *s = self;
    const struct cc_context cccid = { name, version };
    return chaincode_support_execute_legacy_init(
            s->chaincode_support, tx_params, &cccid, cds, response, event);
}

/* Execute. The decorator that a peer comes with changes nothing, but the decorations of the input
 * are always forgotten. */
static struct rt_error *execute(void *self, struct transaction_params *tx_params, rt_str name,
        rt_str version, Protos__ChaincodeInput *input, Protos__Response **response,
        Protos__ChaincodeEvent **event)
{
    struct endorser_support_impl *s = self;
    const struct cc_context cccid = { name, version };
    RT_DEREF(input)->n_decorations = 0;
    input->decorations = NULL;
    tx_params->proposal_decorations = rt_map_new();
    return chaincode_support_execute(
            s->chaincode_support, tx_params, &cccid, input, response, event);
}

static struct rt_error *get_chaincode_definition(void *self, rt_str chaincode_name,
        const struct query_executor *txsim, ccprovider_chaincode_definition **definition)
{
    struct endorser_support_impl *s = self;
    return lscc_chaincode_definition(s->lifecycle, chaincode_name, txsim, definition);
}

static struct rt_error *check_acl(
        void *self, rt_str channel_id, const Protos__SignedProposal *signed_prop)
{
    const struct acl_provider *acl = ((struct endorser_support_impl *)self)->acl_provider;
    return acl->check_acl(
            acl->self, RT_STR(RESOURCE_PEER_PROPOSE), channel_id, acl_signed_proposal(signed_prop));
}

static struct rt_error *check_instantiation_policy(
        void *self, rt_str name, rt_str version, ccprovider_chaincode_definition *definition)
{
    struct endorser_support_impl *s = self;
    return ccprovider_check_instantiation_policy(s->packages, name, version, definition);
}

static struct rt_error *endorse_with_plugin(
        void *self, const struct endorsement_context *ctx, Protos__ProposalResponse **response)
{
    return plugin_endorser_endorse(
            ((struct endorser_support_impl *)self)->plugin_endorser, ctx, response);
}

const struct endorser_support *endorser_support_new(struct endorser_support_impl *impl)
{
    struct endorser_support *s = rt_new(struct endorser_support);
    *s = (struct endorser_support){
        .self = impl,
        .is_sys_cc_and_not_invokable_external = is_sys_cc_and_not_invokable_external,
        .get_tx_simulator = get_tx_simulator,
        .get_history_query_executor = get_history_query_executor,
        .get_transaction_by_id = get_transaction_by_id,
        .is_sys_cc = is_sys_cc,
        .execute = execute,
        .execute_legacy_init = execute_legacy_init,
        .get_chaincode_definition = get_chaincode_definition,
        .check_acl = check_acl,
        .check_instantiation_policy = check_instantiation_policy,
        .get_chaincode_deployment_spec_fs = get_chaincode_deployment_spec_fs,
        .endorse_with_plugin = endorse_with_plugin,
        .get_ledger_height = get_ledger_height,
    };
    return s;
}

/* NewQueryCreator. */
static struct rt_error *new_query_creator(void *self, rt_str channel)
{
    if (!get_ledger(self, channel))
        return rt_errorf("channel %S doesn't exist", channel);
    return NULL;
}

struct channel_state_retriever endorser_support_channel_state(struct endorser_support_impl *impl)
{
    return (struct channel_state_retriever){ impl, new_query_creator };
}

/* SigningIdentityForRequest: the peer's own, whatever the request. */
static struct rt_error *signing_identity_for_request(
        void *self, const Protos__SignedProposal *request, const struct signing_identity **identity)
{
    (void)request;
    *identity = ((struct endorser_support_impl *)self)->signer;
    return NULL;
}

struct signing_identity_fetcher endorser_support_signer(struct endorser_support_impl *impl)
{
    return (struct signing_identity_fetcher){ impl, signing_identity_for_request };
}
