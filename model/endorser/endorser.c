/* Follows core/endorser/endorser.go. */
#include "model/endorser/endorser.h"

#include "model/ccprovider/platforms.h"
#include "model/endorser/endorser_log.h"
#include "model/endorser/pvtrwset_assembler.h"
#include "model/lab/metrics.h"
#include "model/lab/variants.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"
#include "model/shim/shim.h"
#include "model/validation/msgvalidation.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"

static const struct metric_opts metric_proposal_duration = { "endorser_propsal_duration", true,
    { "channel", "chaincode", "success" } };
static const struct metric_opts metric_proposals_received = { "endorser_proposals_received", false,
    { NULL } };
static const struct metric_opts metric_successful_proposals = { "endorser_successful_proposals",
    false, { NULL } };
static const struct metric_opts metric_proposal_validation_failures = {
    "endorser_proposal_validation_failures", false, { NULL }
};
static const struct metric_opts metric_proposal_acl_failures = { "endorser_proposal_acl_failures",
    false, { "channel", "chaincode" } };
static const struct metric_opts metric_init_failures = {
    "endorser_chaincode_instantiation_failures", false, { "channel", "chaincode" }
};
static const struct metric_opts metric_endorsement_failures = { "endorser_endorsement_failures",
    false, { "channel", "chaincode", "chaincodeerror" } };
static const struct metric_opts metric_duplicate_transactions = {
    "endorser_duplicate_transaction_failures", false, { "channel", "chaincode" }
};

/* Variants, at the end of this file. */
static bool agrees(const struct transaction_params *tx_params, const Protos__ChaincodeID *cid,
        const Protos__ChaincodeInvocationSpec *cis);
static bool usable(const Protos__ChaincodeID *cid, const Protos__ChaincodeInvocationSpec *cis);

/* validateResult. */
struct validate_result {
    Protos__Proposal *prop;
    Protos__ChaincodeHeaderExtension *hdr_ext;
    rt_str channel_id;
    rt_str txid;
};

static Protos__ProposalResponse *failure(rt_str message)
{
    Protos__ProposalResponse *resp = WIRE_NEW(protos__proposal_response);
    resp->response = WIRE_NEW(protos__response);
    resp->response->status = SHIM_ERROR;
    resp->response->message = message;
    return resp;
}

/* Counts a failure with the labels channel, chaincode and, where the metric has it, a third. */
static void count(struct endorser *e, const struct metric_opts *opts, rt_str channel,
        const Protos__ChaincodeID *ccid, rt_str third)
{
    if (!e->metrics)
        return;
    rt_str values[METRICS_LABELS_MAX] = { channel, rt_sprintf("%S:%S", ccid->name, ccid->version),
        third };
    metrics_add(e->metrics, opts, values);
}

static void count_plain(struct endorser *e, const struct metric_opts *opts)
{
    if (e->metrics)
        metrics_add(e->metrics, opts, NULL);
}

/* SanitizeUserCDS: the installed package with the user's input. */
static struct rt_error *sanitize_user_cds(struct endorser *e,
        Protos__ChaincodeDeploymentSpec *user_cds, Protos__ChaincodeDeploymentSpec **sanitized)
{
    Protos__ChaincodeDeploymentSpec *fs_cds;
    struct rt_error *err = e->s->get_chaincode_deployment_spec_fs(e->s->self, user_cds, &fs_cds);
    if (err)
        return rt_error_wrap(err, "cannot deploy a chaincode which is not installed");
    Protos__ChaincodeDeploymentSpec *clone = WIRE_CLONE(fs_cds);
    clone->code_package = RT_NIL;
    RT_DEREF(clone->chaincode_spec)->input = RT_DEREF(user_cds->chaincode_spec)->input;
    *sanitized = clone;
    return NULL;
}

/* The part of callChaincode that starts a chaincode which lscc has just deployed or upgraded, and
 * runs its Init in the same simulation. */
static struct rt_error *deploy_or_upgrade(
        struct endorser *e, struct transaction_params *tx_params, const rt_bytes *args)
{
    Protos__ChaincodeDeploymentSpec *user_cds;
    struct rt_error *err =
            platforms_get_chaincode_deployment_spec(e->platform_registry, args[2], &user_cds);
    if (err)
        return err;
    Protos__ChaincodeDeploymentSpec *cds = NULL;
    err = sanitize_user_cds(e, user_cds, &cds);
    if (err)
        return err;

    Protos__ChaincodeID *ccid = RT_DEREF(RT_DEREF(RT_DEREF(cds)->chaincode_spec)->chaincode_id);
    if (e->s->is_sys_cc(e->s->self, ccid->name))
        return rt_errorf(
                "attempting to deploy a system chaincode %S/%S", ccid->name, tx_params->channel_id);

    const char *what = rt_str_is(args[0], "deploy") ? "deploy" : "upgrade";
    rt_note("%s %S:%S: launch and Init", what, ccid->name, ccid->version);
    if (e->init_hook)
        e->init_hook(e->init_hook_arg, tx_params->tx_id, what, NULL);
    Protos__Response *response = NULL;
    Protos__ChaincodeEvent *event = NULL;
    err = e->s->execute_legacy_init(
            e->s->self, tx_params, ccid->name, ccid->version, cds, &response, &event);
    if (err) {
        count(e, &metric_init_failures, tx_params->channel_id, ccid, RT_NIL);
        return err;
    }
    if (e->init_hook)
        e->init_hook(e->init_hook_arg, tx_params->tx_id, what, response);
    return NULL;
}

/* callChaincode. */
static struct rt_error *call_chaincode(struct endorser *e, struct transaction_params *tx_params,
        rt_str version, Protos__ChaincodeInput *input, const Protos__ChaincodeID *cid,
        Protos__Response **res, Protos__ChaincodeEvent **event)
{
    *res = NULL;
    *event = NULL;
    Protos__Response *response = NULL;
    Protos__ChaincodeEvent *ccevent = NULL;
    struct rt_error *err =
            e->s->execute(e->s->self, tx_params, cid->name, version, input, &response, &ccevent);
    if (err)
        return err;
    if (RT_DEREF(response)->status >= SHIM_ERRORTHRESHOLD) {
        *res = response;
        return NULL;
    }
    if (rt_str_is(cid->name, "lscc") && input->n_args >= 3 &&
            (rt_str_is(input->args[0], "deploy") || rt_str_is(input->args[0], "upgrade"))) {
        err = deploy_or_upgrade(e, tx_params, input->args);
        if (err)
            return err;
    }
    *res = response;
    *event = ccevent;
    return NULL;
}

/* Done, which may come more than once. */
static void done(const struct tx_simulator *sim)
{
    sim->query.done(sim->query.self);
}

/* The part of SimulateProposal that hands private data to the other peers. */
static struct rt_error *distribute_pvt_data(struct endorser *e,
        struct transaction_params *tx_params, const struct tx_simulation_results *results)
{
    const struct tx_simulator *sim = tx_params->tx_simulator;
    struct pvt_rwset_with_config *private_data;
    struct rt_error *err = pvtrwset_assemble(results->pvt, &sim->query, &private_data);
    done(sim);
    if (err)
        return rt_error_wrap(err, "failed to obtain collections config");
    uint64_t height;
    err = e->s->get_ledger_height(e->s->self, tx_params->channel_id, &height);
    if (err)
        return rt_error_wrapf(
                err, "failed to obtain ledger height for channel%S", tx_params->channel_id);
    private_data->endorsed_at = height;
    return e->distribute_private_data.distribute(e->distribute_private_data.self,
            tx_params->channel_id, tx_params->tx_id, private_data, height);
}

/* The part of SimulateProposal that ends the simulation: *sim_res gets the public results. */
static struct rt_error *simulation_results(struct endorser *e, struct transaction_params *tx_params,
        const Protos__ChaincodeID *cid, rt_bytes *sim_res)
{
    const struct tx_simulator *sim = tx_params->tx_simulator;
    struct tx_simulation_results *results;
    struct rt_error *err = sim->get_tx_simulation_results(sim->self, &results);
    if (err) {
        done(sim);
        return err;
    }
    if (results->pvt) {
        if (rt_str_is(cid->name, "lscc")) {
            done(sim);
            return rt_errorf("Private data is forbidden to be used in instantiate");
        }
        err = distribute_pvt_data(e, tx_params, results);
        if (err)
            return err;
    }
    done(sim);
    return ledger_pub_simulation_bytes(results, sim_res);
}

/* What SimulateProposal returns. */
struct simulated {
    ccprovider_chaincode_definition *definition; /* NULL for system chaincodes */
    Protos__Response *response;
    rt_bytes sim_res;
    Protos__ChaincodeEvent *event;
};

/* SimulateProposal. */
static struct rt_error *simulate_proposal(struct endorser *e, struct transaction_params *tx_params,
        const Protos__ChaincodeID *cid, struct simulated *out)
{
    *out = (struct simulated){ 0 };
    Protos__ChaincodeInvocationSpec *cis;
    struct rt_error *err = protoutil_get_chaincode_invocation_spec(tx_params->proposal, &cis);
    if (err)
        return err;
    if (variant_on(e->variants, VARIANT_FIX_NIL_PROPOSAL_PARTS) &&
            (!cis->chaincode_spec || !cis->chaincode_spec->input))
        return rt_errorf("the proposal lacks a chaincode spec or its input");
    if (variant_on(e->variants, VARIANT_FIX_PROPOSAL_AGREES) && !agrees(tx_params, cid, cis))
        return rt_errorf("header and payload of the proposal do not agree");
    if (variant_on(e->variants, VARIANT_FIX_DEPLOY_USABLE) && !usable(cid, cis))
        return rt_errorf("what is to be deployed could never be used");

    ccprovider_chaincode_definition *definition = NULL;
    rt_str version;
    if (!e->s->is_sys_cc(e->s->self, cid->name)) {
        const struct tx_simulator *sim = tx_params->tx_simulator;
        err = e->s->get_chaincode_definition(
                e->s->self, cid->name, sim ? &sim->query : NULL, &definition);
        if (err)
            return rt_error_wrapf(err,
                    "make sure the chaincode %S has been successfully instantiated and try again",
                    cid->name);
        version = RT_DEREF(definition)->version;
        err = e->s->check_instantiation_policy(e->s->self, cid->name, version, definition);
        if (err)
            return err;
    } else {
        version = e->sys_cc_version;
    }

    err = call_chaincode(e, tx_params, version, RT_DEREF(cis->chaincode_spec)->input, cid,
            &out->response, &out->event);
    if (err) {
        endorser_log_failed_call(tx_params->channel_id, tx_params->tx_id, cid, err);
        return err;
    }
    if (tx_params->tx_simulator) {
        err = simulation_results(e, tx_params, cid, &out->sim_res);
        if (err)
            return err;
    }
    out->definition = definition;
    return NULL;
}

/* endorseProposal. */
static struct rt_error *endorse_proposal(struct endorser *e, const struct validate_result *vr,
        const Protos__SignedProposal *signed_prop, const struct simulated *sim,
        Protos__ProposalResponse **out)
{
    Protos__ChaincodeID *ccid = vr->hdr_ext->chaincode_id;
    rt_bytes event = RT_NIL;
    if (sim->event) {
        struct rt_error *err = protoutil_get_bytes_chaincode_event(sim->event, &event);
        if (err)
            return rt_error_wrap(err, "failed to marshal event bytes");
    }
    ccid->version = sim->definition ? sim->definition->version : e->sys_cc_version;
    const struct endorsement_context ctx = {
        .plugin_name = sim->definition ? sim->definition->escc : RT_STR("escc"),
        .channel = vr->channel_id,
        .txid = vr->txid,
        .proposal = vr->prop,
        .signed_proposal = signed_prop,
        .response = sim->response,
        .event = event,
        .chaincode_id = ccid,
        .sim_res = sim->sim_res,
    };
    return e->s->endorse_with_plugin(e->s->self, &ctx, out);
}

/* The part of preProcess for proposals to a channel: uniqueness and access. */
static struct rt_error *check_channel(struct endorser *e, const Protos__SignedProposal *signed_prop,
        const Common__ChannelHeader *chdr, const Common__SignatureHeader *shdr,
        const Protos__ChaincodeID *ccid)
{
    if (!e->s->get_transaction_by_id(e->s->self, chdr->channel_id, chdr->tx_id)) {
        count(e, &metric_duplicate_transactions, chdr->channel_id, ccid, RT_NIL);
        return rt_errorf(
                "duplicate transaction found [%S]. Creator [%x]", chdr->tx_id, shdr->creator);
    }
    if (!e->s->is_sys_cc(e->s->self, ccid->name)) {
        struct rt_error *err = e->s->check_acl(e->s->self, chdr->channel_id, signed_prop);
        if (err) {
            count(e, &metric_proposal_acl_failures, chdr->channel_id, ccid, RT_NIL);
            return err;
        }
    }
    return NULL;
}

/* preProcess. */
static struct rt_error *pre_process(
        struct endorser *e, const Protos__SignedProposal *signed_prop, struct validate_result *vr)
{
    struct validated_proposal valid;
    struct rt_error *err = validation_validate_proposal_message(e->msp_mgmt, signed_prop, &valid);
    if (err) {
        count_plain(e, &metric_proposal_validation_failures);
        return err;
    }
    Common__ChannelHeader *chdr;
    err = protoutil_get_channel_header(valid.header->channel_header, &chdr);
    if (err)
        return err;
    Common__SignatureHeader *shdr;
    err = protoutil_get_signature_header(valid.header->signature_header, &shdr);
    if (err)
        return err;

    const Protos__ChaincodeID *ccid = RT_DEREF(valid.extension->chaincode_id);
    if (e->s->is_sys_cc_and_not_invokable_external(e->s->self, ccid->name))
        return rt_errorf("chaincode %S cannot be invoked through a proposal", ccid->name);

    if (chdr->channel_id.len != 0) {
        err = check_channel(e, signed_prop, chdr, shdr, ccid);
        if (err)
            return err;
    }
    *vr = (struct validate_result){ valid.proposal, valid.extension, chdr->channel_id,
        chdr->tx_id };
    return NULL;
}

/* acquireTxSimulator: qscc and cscc get none, since the simulator's read lock would lead to
 * deadlocks with the commits they may wait for. */
static bool acquire_tx_simulator(
        const struct endorser *e, rt_str channel_id, const Protos__ChaincodeID *ccid)
{
    if (channel_id.len == 0)
        return false;
    if (variant_on(e->variants, VARIANT_QSCC_UNDER_LOCK))
        return true;
    return !rt_str_is(ccid->name, "qscc") && !rt_str_is(ccid->name, "cscc");
}

/* The part of ProcessProposal after the simulation: *out is always set. */
static struct rt_error *respond(struct endorser *e, const struct validate_result *vr,
        const Protos__SignedProposal *signed_prop, const struct simulated *sim,
        Protos__ProposalResponse **out, bool *success)
{
    Protos__ChaincodeID *ccid = vr->hdr_ext->chaincode_id;
    struct rt_error *err;
    if (sim->response && sim->response->status >= SHIM_ERROR) {
        endorser_log_failed_answer(vr->channel_id, vr->txid, ccid, sim->response->status);
        rt_bytes event = RT_NIL;
        if (sim->event) {
            err = protoutil_get_bytes_chaincode_event(sim->event, &event);
            if (err)
                return rt_error_wrap(err, "failed to marshal event bytes");
        }
        err = protoutil_create_proposal_response_failure(
                vr->prop->header, vr->prop->payload, sim->response, sim->sim_res, event, ccid, out);
        if (err)
            *out = failure(err->text);
        return NULL;
    }

    Protos__ProposalResponse *resp = NULL;
    if (vr->channel_id.len == 0) {
        resp = WIRE_NEW(protos__proposal_response);
    } else {
        err = endorse_proposal(e, vr, signed_prop, sim, &resp);
        if (err) {
            count(e, &metric_endorsement_failures, vr->channel_id, ccid, RT_STR("false"));
            *out = failure(err->text);
            return NULL;
        }
        if (RT_DEREF(RT_DEREF(resp)->response)->status >= SHIM_ERRORTHRESHOLD) {
            count(e, &metric_endorsement_failures, vr->channel_id, ccid, RT_STR("true"));
            *out = resp;
            return NULL;
        }
    }
    resp->response = sim->response;
    count_plain(e, &metric_successful_proposals);
    *success = true;
    *out = resp;
    return NULL;
}

static void done_deferred(void *sim)
{
    done(sim);
}

/* The part of ProcessProposal after the proposal was found valid. */
static struct rt_error *process_valid(struct endorser *e, const struct validate_result *vr,
        const Protos__SignedProposal *signed_prop, Protos__ProposalResponse **out, bool *success)
{
    Protos__ChaincodeID *ccid = vr->hdr_ext->chaincode_id;
    struct transaction_params *tx_params = rt_new(struct transaction_params);
    tx_params->channel_id = vr->channel_id;
    tx_params->tx_id = vr->txid;
    tx_params->signed_prop = (Protos__SignedProposal *)(uintptr_t)signed_prop;
    tx_params->proposal = vr->prop;

    struct rt_error *err = NULL;
    if (acquire_tx_simulator(e, vr->channel_id, ccid)) {
        err = e->s->get_tx_simulator(
                e->s->self, vr->channel_id, vr->txid, &tx_params->tx_simulator);
        if (!err) {
            rt_defer(done_deferred, (void *)(uintptr_t)tx_params->tx_simulator);
            err = e->s->get_history_query_executor(
                    e->s->self, vr->channel_id, &tx_params->history_query_executor);
        }
        if (err) {
            *out = failure(err->text);
            return NULL;
        }
    }
    struct simulated sim;
    err = simulate_proposal(e, tx_params, ccid, &sim);
    if (err) {
        *out = failure(err->text);
        return NULL;
    }
    return respond(e, vr, signed_prop, &sim, out, success);
}

struct rt_error *endorser_process_proposal(struct endorser *e,
        const Protos__SignedProposal *signed_prop, Protos__ProposalResponse **out)
{
    int64_t start_ns = rt_now_ns();
    count_plain(e, &metric_proposals_received);
    *out = NULL;
    struct validate_result vr = { 0 };
    struct rt_error *err = pre_process(e, signed_prop, &vr);
    if (err) {
        *out = failure(err->text);
        return err;
    }
    struct rt_defer *mark = rt_defer_mark();
    bool success = false;
    err = process_valid(e, &vr, signed_prop, out, &success);
    rt_run_deferred(mark);
    if (e->metrics) {
        const Protos__ChaincodeID *ccid = vr.hdr_ext->chaincode_id;
        rt_str values[METRICS_LABELS_MAX] = { vr.channel_id,
            rt_sprintf("%S:%S", ccid->name, ccid->version),
            success ? RT_STR("true") : RT_STR("false") };
        metrics_observe(e->metrics, &metric_proposal_duration, values,
                (double)(rt_now_ns() - start_ns) / 1e9);
    }
    return err;
}

static struct rt_error *server_process_proposal(
        void *self, const Protos__SignedProposal *signed_prop, Protos__ProposalResponse **out)
{
    return endorser_process_proposal(self, signed_prop, out);
}

struct endorser_server endorser_as_server(struct endorser *e)
{
    return (struct endorser_server){ e, server_process_proposal };
}

/* ---- variants ---- */

/* The arguments of lscc's deploy or upgrade; NULL if it is another call. */
static const Protos__ChaincodeInput *deploy_input(
        const Protos__ChaincodeID *cid, const Protos__ChaincodeInvocationSpec *cis)
{
    const Protos__ChaincodeInput *input = cis->chaincode_spec ? cis->chaincode_spec->input : NULL;
    bool deploys = input && rt_str_is(cid->name, "lscc") && input->n_args > 2 &&
                   (rt_str_is(input->args[0], "deploy") || rt_str_is(input->args[0], "upgrade"));
    return deploys ? input : NULL;
}

static bool agrees(const struct transaction_params *tx_params, const Protos__ChaincodeID *cid,
        const Protos__ChaincodeInvocationSpec *cis)
{
    const Protos__ChaincodeID *named =
            cis->chaincode_spec ? cis->chaincode_spec->chaincode_id : NULL;
    const Protos__ChaincodeInput *deploy = deploy_input(cid, cis);
    return (!named || rt_str_eq(named->name, cid->name)) &&
           (!deploy || rt_str_eq(deploy->args[1], tx_params->channel_id));
}

static bool usable(const Protos__ChaincodeID *cid, const Protos__ChaincodeInvocationSpec *cis)
{
    const Protos__ChaincodeInput *deploy = deploy_input(cid, cis);
    static const char *const plugins[] = { "escc", "vscc" };
    const struct policy *policy;
    if (!deploy)
        return true;
    for (size_t i = 4; i < 6 && i < deploy->n_args; i++)
        if (deploy->args[i].len > 0 && !rt_str_is(deploy->args[i], plugins[i - 4]))
            return false;
    static const struct identity_deserializer nobody;
    return deploy->n_args < 4 || deploy->args[3].len == 0 ||
           !cauthdsl_new_policy(&nobody, deploy->args[3], &policy, NULL);
}
