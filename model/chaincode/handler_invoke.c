/* Follows the calls from chaincode to chaincode in core/chaincode/handler.go. */
#include "model/chaincode/handler_internal.h"
#include "model/ledger/ledger.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"

/* The chaincode that is called: "name:version/channel"; the version is not used. A request without
 * a chaincode id crashes the peer. */
static struct rt_error *called_instance(struct handler *h, const Protos__ChaincodeMessage *msg,
        Protos__ChaincodeSpec **spec, struct chaincode_instance *instance)
{
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_spec, msg->payload, spec);
    if (err)
        return rt_error_wrap(err, "unmarshal failed");
    if (handler_variant(h, VARIANT_FIX_NIL_REQUEST_PARTS) &&
            (!(*spec)->chaincode_id || !(*spec)->input))
        return rt_errorf("chaincode id or input is missing");
    *instance = parse_name(RT_DEREF((*spec)->chaincode_id)->name);
    return NULL;
}

struct rt_error *handler_tx_context_for_invoke(struct handler *h,
        const Protos__ChaincodeMessage *msg, struct transaction_context **tx_context)
{
    const char *invalid = "could not get valid transaction";
    if (msg->channel_id.len != 0)
        return handler_is_valid_tx_sim(h, msg->channel_id, msg->txid, invalid, tx_context);
    Protos__ChaincodeSpec *spec;
    struct chaincode_instance target = { 0 };
    struct rt_error *err = called_instance(h, msg, &spec, &target);
    if (err)
        return err;
    const struct chaincode_syscc_provider *syscc = &h->env->system_cc_provider;
    if (!syscc->is_sys_cc(syscc->self, target.chaincode_name))
        return handler_is_valid_tx_sim(h, RT_STR(""), msg->txid, invalid, tx_context);
    /* A system chaincode may be called without a ledger. */
    *tx_context = handler_tx_context(h, msg->channel_id, msg->txid);
    return *tx_context ? NULL : rt_errorf("failed to get transaction context");
}

/* checkACL. */
static struct rt_error *check_acl(struct handler *h, const Protos__SignedProposal *signed_prop,
        const struct chaincode_instance *target)
{
    const struct chaincode_syscc_provider *syscc = &h->env->system_cc_provider;
    if (syscc->is_sys_cc_and_not_invokable_cc2cc(syscc->self, target->chaincode_name))
        return rt_errorf("system chaincode %S cannot be invoked with a cc2cc invocation",
                target->chaincode_name);
    if (syscc->is_sys_cc(syscc->self, target->chaincode_name))
        return NULL;
    if (!signed_prop)
        return rt_errorf("signed proposal must not be nil from caller [%S.%S#%S]", target->chain_id,
                target->chaincode_name, target->chaincode_version);
    const struct chaincode_acl_provider *acl = &h->env->acl_provider;
    return acl->check_acl(
            acl->self, RT_STR("peer/ChaincodeToChaincode"), target->chain_id, signed_prop);
}

/* A simulator of its own for a call to another channel. */
static struct rt_error *use_other_ledger(struct handler *h, const Protos__ChaincodeMessage *msg,
        struct transaction_params *tx_params, const struct tx_simulator **sim)
{
    const struct ledger_getter *getter = &h->env->ledger_getter;
    const struct peer_ledger *lgr = getter->get_ledger(getter->self, tx_params->channel_id);
    if (!lgr)
        return rt_errorf("failed to find ledger for channel: %S", tx_params->channel_id);
    struct rt_error *err = lgr->new_tx_simulator(lgr->self, msg->txid, sim);
    if (err)
        return err;
    tx_params->tx_simulator = *sim;
    const struct history_query_executor *hqe;
    err = lgr->new_history_query_executor(lgr->self, &hqe);
    if (err)
        return err;
    if (handler_variant(h, VARIANT_HISTORY_OF_CALLER))
        return NULL;
    tx_params->history_query_executor = hqe;
    return NULL;
}

/* The version to call: that of the definition, whose instantiation policy must be the installed
 * one's. */
static struct rt_error *version_to_call(
        struct handler *h, rt_str name, const struct transaction_params *tx_params, rt_str *version)
{
    const struct handler_environment *env = h->env;
    *version = env->sys_cc_version;
    if (env->system_cc_provider.is_sys_cc(env->system_cc_provider.self, name))
        return NULL;
    const struct tx_simulator *sim = tx_params->tx_simulator;
    if (sim)
        observer_tell(env->observer, .kind = OBSERVED_SIMULATOR_USED, .simulator = sim->self,
                .place = "handler_invoke.c version_to_call");
    Ccprovider__ChaincodeData *cd = NULL;
    struct rt_error *err = env->definition_getter.chaincode_definition(
            env->definition_getter.self, name, sim ? &sim->query : NULL, &cd);
    if (err)
        return err;
    *version = RT_DEREF(cd)->version;
    const struct instantiation_policy_checker *checker = &env->instantiation_policy_checker;
    return checker->check_instantiation_policy(checker->self, name, *version, cd);
}

static struct rt_error *invoke(struct handler *h, struct transaction_params *tx_params, rt_str name,
        Protos__ChaincodeInput *input, rt_bytes *result)
{
    struct cc_context *cccid = rt_new(struct cc_context);
    cccid->name = name;
    struct rt_error *err = version_to_call(h, name, tx_params, &cccid->version);
    if (err)
        return err;
    Protos__ChaincodeMessage *response = NULL;
    const struct chaincode_invoker *invoker = &h->env->invoker;
    err = invoker->invoke(invoker->self, tx_params, cccid, input, &response);
    if (err)
        return rt_error_wrap(err, "execute failed");
    return rt_error_wrap(WIRE_MARSHAL(response, result), "marshal failed");
}

struct rt_error *handler_invoke_chaincode(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__ChaincodeSpec *spec;
    struct chaincode_instance target = { 0 };
    struct rt_error *err = called_instance(h, msg, &spec, &target);
    if (err)
        return err;
    if (target.chain_id.len == 0)
        target.chain_id = tx_context->chain_id;
    rt_note("[%S] %S calls %S on channel %S", shorttxid(msg->txid), handler_chaincode_id(h),
            target.chaincode_name, target.chain_id);
    err = check_acl(h, tx_context->signed_prop, &target);
    if (err)
        return err;
    struct transaction_params *tx_params = rt_new(struct transaction_params);
    tx_params->tx_id = msg->txid;
    tx_params->channel_id = target.chain_id;
    tx_params->signed_prop = tx_context->signed_prop;
    tx_params->proposal = tx_context->proposal;
    tx_params->tx_simulator = tx_context->tx_simulator;
    tx_params->history_query_executor = tx_context->history_query_executor;
    const struct tx_simulator *sim = NULL;
    if (!rt_str_eq(target.chain_id, tx_context->chain_id))
        err = use_other_ledger(h, msg, tx_params, &sim);
    rt_bytes result = RT_NIL;
    if (!err)
        err = invoke(h, tx_params, target.chaincode_name, spec->input, &result);
    if (sim)
        sim->query.done(sim->query.self);
    if (!err)
        *resp = handler_response(msg, result);
    return err;
}
