/* Follows core/scc/lscc/lscc.go: Invoke, and the Lifecycle of chaincode support. */
#include "model/lscc/lscc.h"

#include "model/ccprovider/store.h"
#include "model/ledger/deployedcc_infoprovider.h"
#include "model/ledger/ledger.h"
#include "model/lscc/cceventmgmt.h"
#include "model/lscc/execute.h"
#include "model/lscc/lscc_errors.h"
#include "model/lscc/query.h"
#include "model/lscc/support.h"
#include "model/policy/aclmgmt.h"
#include "model/policy/cauthdsl.h"
#include "model/policy/channelconfig.h"
#include "model/policy/policychecker.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* One invocation. */
struct call {
    struct life_cycle_sys_cc *lscc;
    const struct chaincode_stub *stub;
    const rt_bytes *args;
    size_t count;
    rt_str function;
    Protos__SignedProposal *sp;
};

static Protos__Response failed(const struct rt_error *err)
{
    return shim_error(err->text);
}

static Protos__Response invalid_args_len(const struct call *c)
{
    return failed(lscc_invalid_args_len_err(c->count));
}

/* "access denied for [function]: ..." unless the local MSP calls the creator an administrator. */
static struct rt_error *check_local_admin(const struct call *c)
{
    const struct policy_checker *checker = c->lscc->policy_checker;
    struct rt_error *err =
            checker->check_policy_no_channel(checker->self, RT_STR(POLICY_LOCAL_ADMINS), c->sp);
    return err ? rt_errorf("access denied for [%S]: %v", c->function, err) : NULL;
}

static struct rt_error *check_acl(const struct call *c, const char *resource, rt_str channel)
{
    const struct acl_provider *acl = c->lscc->acl_provider;
    return acl->check_acl(acl->self, rt_str_from(resource), channel, acl_signed_proposal(c->sp));
}

/* ---- functions ---- */

static Protos__Response invoke_install(struct call *c)
{
    if (c->count < 2)
        return invalid_args_len(c);
    struct rt_error *err = check_local_admin(c);
    if (!err)
        err = lscc_execute_install(c->lscc, c->args[1]);
    return err ? failed(err) : shim_success(RT_STR("OK"));
}

/* An argument that may be missing or empty. */
static rt_bytes argument_or(const struct call *c, size_t i, const char *otherwise)
{
    if (i < c->count && c->args[i].len > 0)
        return c->args[i];
    return rt_str_from(otherwise);
}

/* The endorsement policy: the fourth argument, or any member of the channel's organisations. */
static struct rt_error *endorsement_policy(const struct call *c, rt_str channel, rt_bytes *policy)
{
    if (c->count > 3 && c->args[3].len > 0) {
        *policy = c->args[3];
        return NULL;
    }
    size_t count;
    const rt_str *mspids = lscc_get_msp_ids(c->lscc, channel, &count);
    const Common__SignaturePolicyEnvelope *p = cauthdsl_signed_by_any_member(mspids, count);
    return WIRE_MARSHAL(p, policy);
}

static Protos__Response invoke_deploy_or_upgrade(struct call *c)
{
    if (c->count < 3)
        return invalid_args_len(c);
    rt_str channel = c->args[1];
    if (channel.len == 0)
        return failed(lscc_invalid_channel_name_err(channel));
    const struct system_chaincode_provider *sccp = c->lscc->scc_provider;
    const struct channel_config *ac = sccp->get_application_config(sccp->self, channel);
    if (!ac)
        rt_panicf("programming error, non-existent appplication config for channel '%S'", channel);
    bool private_data = application_capabilities_private_channel_data(&ac->capabilities);
    if (!private_data && c->count > 6)
        return failed(lscc_private_channel_data_not_available());
    if (private_data && c->count > 7)
        return invalid_args_len(c);

    struct lscc_deployment d = {
        .upgrade = rt_str_is(c->function, "upgrade"),
        .channel = channel,
    };
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_deployment_spec, c->args[2], &d.cds);
    if (err)
        return shim_error(rt_sprintf("error unmarshaling ChaincodeDeploymentSpec: %v", err));
    err = endorsement_policy(c, channel, &d.policy);
    if (err)
        return failed(err);
    d.escc = argument_or(c, 4, "escc");
    d.vscc = argument_or(c, 5, "vscc");
    if (private_data && c->count > 6)
        d.collection_config = c->args[6];

    Ccprovider__ChaincodeData *cd;
    err = lscc_execute_deploy_or_upgrade(c->lscc, c->stub, &d, &cd);
    if (err)
        return failed(err);
    rt_bytes cdbytes;
    err = WIRE_MARSHAL(cd, &cdbytes);
    return err ? failed(err) : shim_success(cdbytes);
}

/* What the three questions about one chaincode share. */
static struct rt_error *get_checked_instance(
        struct call *c, const char *resource, rt_bytes *cdbytes)
{
    if (c->count != 3)
        return lscc_invalid_args_len_err(c->count);
    rt_str channel = c->args[1];
    struct rt_error *err = check_acl(c, resource, channel);
    if (err)
        return rt_errorf("access denied for [%S][%S]: %v", c->function, channel, err);
    return lscc_get_cc_instance(c->stub, c->args[2], cdbytes);
}

static Protos__Response invoke_chaincode_exists(struct call *c)
{
    rt_bytes cdbytes = RT_NIL;
    struct rt_error *err = get_checked_instance(c, RESOURCE_LSCC_CHAINCODE_EXISTS, &cdbytes);
    Ccprovider__ChaincodeData *cd = NULL;
    if (!err)
        err = lscc_get_chaincode_data(c->args[2], cdbytes, &cd);
    return err ? failed(err) : shim_success(cd->name);
}

static Protos__Response invoke_get_chaincode_data(struct call *c)
{
    rt_bytes cdbytes = RT_NIL;
    struct rt_error *err = get_checked_instance(c, RESOURCE_LSCC_GET_CHAINCODE_DATA, &cdbytes);
    return err ? failed(err) : shim_success(cdbytes);
}

static Protos__Response invoke_get_deployment_spec(struct call *c)
{
    rt_bytes cdbytes = RT_NIL;
    struct rt_error *err = get_checked_instance(c, RESOURCE_LSCC_GET_DEPLOYMENT_SPEC, &cdbytes);
    Protos__ChaincodeDeploymentSpec *depspec;
    rt_bytes depspecbytes = RT_NIL;
    if (!err)
        err = lscc_get_cc_code(c->lscc, c->args[2], cdbytes, &depspec, &depspecbytes);
    return err ? failed(err) : shim_success(depspecbytes);
}

static Protos__Response invoke_get_chaincodes(struct call *c)
{
    if (c->count != 1)
        return invalid_args_len(c);
    rt_str channel = c->stub->get_channel_id(c->stub->self);
    struct rt_error *err = check_acl(c, RESOURCE_LSCC_GET_INSTANTIATED_CHAINCODES, channel);
    if (err)
        return shim_error(rt_sprintf("access denied for [%S][%S]: %v", c->function, channel, err));
    return lscc_get_chaincodes(c->lscc, c->stub);
}

static Protos__Response invoke_get_installed_chaincodes(struct call *c)
{
    if (c->count != 1)
        return invalid_args_len(c);
    struct rt_error *err = check_local_admin(c);
    return err ? failed(err) : lscc_get_installed_chaincodes(c->lscc);
}

static Protos__Response invoke_get_collections_config(struct call *c)
{
    if (c->count != 2)
        return invalid_args_len(c);
    struct rt_error *err = check_acl(
            c, RESOURCE_LSCC_GET_COLLECTIONS_CONFIG, c->stub->get_channel_id(c->stub->self));
    if (err)
        return shim_error(rt_sprintf("access denied for [%S]: %v", c->function, err));
    return lscc_get_chaincode_collection_data(c->stub, c->args[1]);
}

/* ---- Init and Invoke ---- */

static const struct {
    const char *name;
    const char *alias; /* or NULL */
    Protos__Response (*invoke)(struct call *c);
} functions[] = {
    { "install", NULL, invoke_install },
    { "deploy", "upgrade", invoke_deploy_or_upgrade },
    { "getid", "ChaincodeExists", invoke_chaincode_exists },
    { "getdepspec", "GetDeploymentSpec", invoke_get_deployment_spec },
    { "getccdata", "GetChaincodeData", invoke_get_chaincode_data },
    { "getchaincodes", "GetChaincodes", invoke_get_chaincodes },
    { "getinstalledchaincodes", "GetInstalledChaincodes", invoke_get_installed_chaincodes },
    { "getcollectionsconfig", "GetCollectionsConfig", invoke_get_collections_config },
};

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    struct call c = { .lscc = self, .stub = stub };
    c.args = stub->get_args(stub->self, &c.count);
    if (c.count < 1)
        return invalid_args_len(&c);
    c.function = c.args[0];
    struct rt_error *err = stub->get_signed_proposal(stub->self, &c.sp);
    if (err)
        return shim_error(
                rt_sprintf("Failed retrieving signed proposal on executing %S with error %v",
                        c.function, err));
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (rt_str_is(c.function, functions[i].name) ||
                (functions[i].alias && rt_str_is(c.function, functions[i].alias)))
            return functions[i].invoke(&c);
    return failed(lscc_invalid_function_err(c.function));
}

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    (void)stub;
    return shim_success(RT_NIL);
}

static struct rt_error *retrieve_artifacts(void *arg, rt_str name, rt_str version, bool *installed)
{
    const struct life_cycle_sys_cc *lscc = arg;
    rt_bytes tar;
    return ccprovider_extract_statedb_artifacts_for_chaincode(
            lscc->packages, name, version, lscc->platform_registry, installed, &tar);
}

struct life_cycle_sys_cc *lscc_new(const struct system_chaincode_provider *sccp,
        const struct acl_provider *acl_provider, const struct policy_checker *policy_checker,
        const struct peer_operations *peer, struct package_store *packages,
        const struct platforms_registry *platform_registry, struct cceventmgmt_mgr *event_mgr)
{
    struct life_cycle_sys_cc *lscc = rt_new(struct life_cycle_sys_cc);
    *lscc = (struct life_cycle_sys_cc){
        .acl_provider = acl_provider,
        .scc_provider = sccp,
        .policy_checker = policy_checker,
        .peer = peer,
        .packages = packages,
        .platform_registry = platform_registry,
        .event_mgr = event_mgr ? event_mgr
                               : cceventmgmt_new_mgr(cceventmgmt_ledger_info_provider(peer,
                                         &deployed_cc_info_provider, retrieve_artifacts, lscc)),
        .chaincode = { .self = lscc, .init = init, .invoke = invoke },
    };
    lscc->scc = (struct self_describing_sys_cc){
        .name = RT_STR("lscc"),
        .path = RT_STR("github.com/hyperledger/fabric/core/scc/lscc"),
        .chaincode = &lscc->chaincode,
        .invokable_external = true,
        .invokable_cc2cc = true,
        .enabled = true,
    };
    return lscc;
}

/* ---- Lifecycle ---- */

static struct rt_error *get_definition_bytes(
        rt_str chaincode_name, const struct query_executor *qe, rt_bytes *bytes)
{
    *bytes = RT_NIL;
    struct rt_error *err = RT_DEREF(qe)->get_state(qe->self, RT_STR("lscc"), chaincode_name, bytes);
    if (err)
        return rt_error_wrapf(err, "could not retrieve state for chaincode %S", chaincode_name);
    return bytes->data ? NULL : rt_errorf("chaincode %S not found", chaincode_name);
}

struct rt_error *lscc_chaincode_container_info(struct life_cycle_sys_cc *lscc,
        rt_str chaincode_name, const struct query_executor *qe,
        struct chaincode_container_info **info)
{
    rt_bytes bytes;
    struct rt_error *err = get_definition_bytes(chaincode_name, qe, &bytes);
    if (err)
        return err;
    Protos__ChaincodeDeploymentSpec *cds;
    rt_bytes cds_bytes;
    err = lscc_get_cc_code(lscc, chaincode_name, bytes, &cds, &cds_bytes);
    if (err)
        return rt_error_wrap(err, "could not get chaincode code");
    *info = deployment_spec_to_chaincode_container_info(cds);
    return NULL;
}

struct rt_error *lscc_chaincode_definition(struct life_cycle_sys_cc *lscc, rt_str chaincode_name,
        const struct query_executor *qe, ccprovider_chaincode_definition **definition)
{
    (void)lscc;
    rt_bytes bytes;
    struct rt_error *err = get_definition_bytes(chaincode_name, qe, &bytes);
    if (err)
        return err;
    Ccprovider__ChaincodeData *data;
    err = WIRE_UNMARSHAL(ccprovider__chaincode_data, bytes, &data);
    if (err)
        return rt_error_wrapf(err, "chaincode %S has bad definition", chaincode_name);
    *definition = data;
    return NULL;
}
