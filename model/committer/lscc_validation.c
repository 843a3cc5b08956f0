/* Follows ValidateLSCCInvocation of core/handlers/validation/builtin/v13/lscc_validation_logic.go;
 * v12 has the same. */
#include "model/committer/lscc_validation.h"

#include "model/ccprovider/platforms.h"
#include "model/lscc/names.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

static const struct application_capabilities *capabilities(const struct committer *c)
{
    return &c->config.channel->capabilities;
}

/* ---- the arguments ---- */

static struct rt_error *decode_invocation(
        const struct validation_artifacts *va, struct lscc_invocation *in)
{
    Protos__ChaincodeProposalPayload *cpp;
    struct rt_error *err =
            protoutil_get_chaincode_proposal_payload(va->cap->chaincode_proposal_payload, &cpp);
    Protos__ChaincodeInvocationSpec *cis;
    if (!err)
        err = WIRE_UNMARSHAL(protos__chaincode_invocation_spec, cpp->input, &cis);
    if (err)
        return policy_err(err);
    if (!cis->chaincode_spec || !cis->chaincode_spec->input ||
            cis->chaincode_spec->input->n_args == 0)
        return policy_errf("malformed chaincode invocation spec");
    const Protos__ChaincodeInput *input = cis->chaincode_spec->input;
    in->va = va;
    in->func = input->args[0];
    in->args = input->args + 1;
    in->arg_count = input->n_args - 1;
    return NULL;
}

static bool is_system_chaincode_name(rt_str name)
{
    static const char *const names[] = { "cscc", "escc", "lscc", "qscc", "vscc" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (rt_str_is(name, names[i]))
            return true;
    }
    return false;
}

static struct rt_error *check_arguments(const struct committer *c, struct lscc_invocation *in)
{
    if (in->arg_count < 2)
        return policy_errf("Wrong number of arguments for invocation lscc(%S): expected at least "
                           "2, received %zu",
                in->func, in->arg_count);
    size_t most = application_capabilities_private_channel_data(capabilities(c)) ? 6 : 5;
    if (in->arg_count > most)
        return policy_errf("Wrong number of arguments for invocation lscc(%S): received %zu",
                in->func, in->arg_count);
    Protos__ChaincodeDeploymentSpec *cds;
    struct rt_error *err =
            platforms_get_chaincode_deployment_spec(c->config.platforms, in->args[1], &cds);
    if (err)
        return policy_errf("GetChaincodeDeploymentSpec error %v", err);
    const Protos__ChaincodeEndorsedAction *action = in->va->cap->action;
    if (!cds || !cds->chaincode_spec || !cds->chaincode_spec->chaincode_id || !action ||
            !action->proposal_response_payload.data)
        return policy_errf(
                "VSCC error: invocation of lscc(%S) does not have appropriate arguments", in->func);
    in->cds = cds;
    rt_str name = cds->chaincode_spec->chaincode_id->name;
    rt_str version = cds->chaincode_spec->chaincode_id->version;
    if (lscc_is_valid_chaincode_name(name))
        return policy_errf("invalid chaincode name '%S'", name);
    if (is_system_chaincode_name(name))
        return policy_errf("chaincode name '%S' is reserved for system chaincodes", name);
    if (lscc_is_valid_chaincode_version(version))
        return policy_errf("invalid chaincode version '%S'", version);
    return NULL;
}

/* ---- the read-write set ---- */

static struct rt_error *decode_rw_set(struct lscc_invocation *in)
{
    Protos__ProposalResponsePayload *prp;
    struct rt_error *err = protoutil_get_proposal_response_payload(
            in->va->cap->action->proposal_response_payload, &prp);
    if (err)
        return policy_errf("GetProposalResponsePayload error %v", err);
    if (!prp->extension.data)
        return policy_errf("nil pRespPayload.Extension");
    Protos__ChaincodeAction *action;
    err = protoutil_get_chaincode_action(prp->extension, &action);
    if (err)
        return policy_errf("GetChaincodeAction error %v", err);
    err = tx_rw_set_from_proto_bytes(action->results, &in->rw_set);
    if (err)
        return policy_errf("txRWSet.FromProtoBytes error %v", err);
    for (size_t i = 0; i < in->rw_set.ns_rw_set_count; i++) {
        if (rt_str_is(in->rw_set.ns_rw_sets[i].name_space, "lscc")) {
            in->lscc_rw_set = in->rw_set.ns_rw_sets[i].kv_rw_set;
            break;
        }
    }
    return NULL;
}

/* getInstantiatedCC. */
static struct rt_error *get_instantiated_cc(
        const struct committer *c, rt_str ccid, Ccprovider__ChaincodeData **cd)
{
    *cd = NULL;
    const struct peer_ledger *ledger = c->config.ledger;
    const struct query_executor *qe;
    struct rt_error *err = ledger->new_query_executor(ledger->self, &qe);
    if (err)
        return rt_errorf("could not retrieve QueryExecutor for channel %S, error %v",
                c->config.channel_id, err);
    rt_str keys[] = { ccid };
    rt_bytes *values;
    err = qe->get_state_multiple_keys(qe->self, RT_STR("lscc"), keys, 1, &values);
    if (err)
        err = rt_errorf("could not retrieve state for chaincode %S on channel %S, error %v", ccid,
                c->config.channel_id, err);
    else if (values[0].data) {
        err = WIRE_UNMARSHAL(ccprovider__chaincode_data, values[0], cd);
        if (err)
            err = rt_errorf("unmarshalling ChaincodeQueryResponse failed, error %v", err);
    }
    qe->done(qe->self);
    return err;
}

/* Security check 0: the write set is what a deploy of this specification writes. */
static struct rt_error *check_write_set(struct lscc_invocation *in)
{
    const Protos__ChaincodeID *id = in->cds->chaincode_spec->chaincode_id;
    if (!in->lscc_rw_set)
        return policy_errf("No read write set for lscc was found");
    if (in->lscc_rw_set->n_writes < 1)
        return policy_errf("LSCC must issue at least one single putState upon deploy/upgrade");
    const Kvrwset__KVWrite *write = in->lscc_rw_set->writes[0];
    if (!rt_str_eq(write->key, id->name))
        return policy_errf("expected key %S, found %S", id->name, write->key);
    struct rt_error *err = WIRE_UNMARSHAL(ccprovider__chaincode_data, write->value, &in->cd_rw_set);
    if (err)
        return policy_errf("unmarhsalling of ChaincodeData failed, error %v", err);
    if (!rt_str_eq(in->cd_rw_set->name, id->name))
        return policy_errf("expected cc name %S, found %S", id->name, in->cd_rw_set->name);
    if (!rt_str_eq(in->cd_rw_set->version, id->version))
        return policy_errf("expected cc version %S, found %S", id->version, in->cd_rw_set->version);
    for (size_t i = 0; i < in->rw_set.ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &in->rw_set.ns_rw_sets[i];
        if (!rt_str_is(ns->name_space, "lscc") && !rt_str_eq(ns->name_space, in->cd_rw_set->name) &&
                ns->kv_rw_set->n_writes > 0)
            return policy_errf(
                    "LSCC invocation is attempting to write to namespace %S", ns->name_space);
    }
    return NULL;
}

/* ---- deploy and upgrade ---- */

/* checkInstantiationPolicy: against the transaction's creator. */
static struct rt_error *check_instantiation_policy(
        const struct committer *c, const struct validation_artifacts *va, rt_bytes policy)
{
    Common__SignatureHeader *shdr;
    struct rt_error *err =
            protoutil_get_signature_header(va->payl->header->signature_header, &shdr);
    if (err)
        return policy_err(err);
    struct signed_data sd = { va->env->payload, shdr->creator, va->env->signature };
    err = evaluate_policy(c, policy, &sd, 1);
    return err ? policy_errf("chaincode instantiation policy violated, error %v", err) : NULL;
}

static struct rt_error *check_deploy(const struct committer *c, const struct lscc_invocation *in)
{
    if (in->cd_ledger)
        return policy_errf("Chaincode %S is already instantiated",
                in->cds->chaincode_spec->chaincode_id->name);
    if (application_capabilities_private_channel_data(capabilities(c))) {
        struct rt_error *err = validate_rwset_and_collection(c, in);
        if (err)
            return err;
    } else if (in->lscc_rw_set->n_writes != 1) {
        return policy_errf("LSCC can only issue a single putState upon deploy");
    }
    if (!in->cd_rw_set->instantiation_policy.data)
        return policy_errf("no instantiation policy was specified");
    return check_instantiation_policy(c, in->va, in->cd_rw_set->instantiation_policy);
}

static struct rt_error *check_upgrade(const struct committer *c, const struct lscc_invocation *in)
{
    const Protos__ChaincodeID *id = in->cds->chaincode_spec->chaincode_id;
    if (!in->cd_ledger)
        return policy_errf("Upgrading non-existent chaincode %S", id->name);
    if (rt_str_eq(in->cd_ledger->version, id->version))
        return policy_errf("Existing version of the cc on the ledger (%S) should be different "
                           "from the upgraded one",
                id->version);
    if (application_capabilities_v1_2_validation(capabilities(c))) {
        struct rt_error *err = validate_rwset_and_collection(c, in);
        if (err)
            return err;
    } else if (in->lscc_rw_set->n_writes != 1) {
        return policy_errf("LSCC can only issue a single putState upon upgrade");
    }
    rt_bytes pol = in->cd_ledger->instantiation_policy;
    if (!pol.data)
        return policy_errf("No instantiation policy was specified");
    struct rt_error *err = check_instantiation_policy(c, in->va, pol);
    if (err || !application_capabilities_v1_1_validation(capabilities(c)))
        return err;
    rt_bytes pol_new = in->cd_rw_set->instantiation_policy;
    if (!pol_new.data)
        return policy_errf("No instantiation policy was specified");
    return rt_str_eq(pol_new, pol) ? NULL : check_instantiation_policy(c, in->va, pol_new);
}

struct rt_error *validate_lscc_invocation(
        const struct committer *c, const struct validation_artifacts *va)
{
    struct lscc_invocation in = { .va = va };
    struct rt_error *err = decode_invocation(va, &in);
    if (err)
        return err;
    bool deploy = rt_str_is(in.func, "deploy");
    if (!deploy && !rt_str_is(in.func, "upgrade"))
        return policy_errf(
                "VSCC error: committing an invocation of function %S of lscc is invalid", in.func);
    err = check_arguments(c, &in);
    if (!err)
        err = decode_rw_set(&in);
    if (err)
        return err;
    err = get_instantiated_cc(c, in.cds->chaincode_spec->chaincode_id->name, &in.cd_ledger);
    if (err)
        return execution_failure(err);
    err = check_write_set(&in);
    if (err)
        return err;
    return deploy ? check_deploy(c, &in) : check_upgrade(c, &in);
}
