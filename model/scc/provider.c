/* Follows core/scc/sccproviderimpl.go, sysccapi.go and importsysccs.go. */
#include "model/scc/provider.h"

#include "model/ccprovider/ccprovider.h"
#include "model/ledger/ledger.h"
#include "model/policy/channelconfig.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/shim/shim.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

bool scc_is_deprecated_sys_cc(rt_str name)
{
    return rt_str_is(name, "vscc") || rt_str_is(name, "escc");
}

static const struct self_describing_sys_cc *find(const struct scc_provider *p, rt_str name)
{
    rt_shared_read(&p->sys_ccs, "scc.Provider.SysCCs");
    for (size_t i = 0; i < p->sys_cc_count; i++)
        if (rt_str_eq(p->sys_ccs[i]->name, name))
            return p->sys_ccs[i];
    return NULL;
}

/* ---- SystemChaincodeProvider ---- */

static bool is_sys_cc(void *self, rt_str name)
{
    return find(self, name) || scc_is_deprecated_sys_cc(name);
}

static bool is_sys_cc_and_not_invokable_cc2cc(void *self, rt_str name)
{
    const struct self_describing_sys_cc *cc = find(self, name);
    return cc ? !cc->invokable_cc2cc : scc_is_deprecated_sys_cc(name);
}

static bool is_sys_cc_and_not_invokable_external(void *self, rt_str name)
{
    const struct self_describing_sys_cc *cc = find(self, name);
    return cc ? !cc->invokable_external : scc_is_deprecated_sys_cc(name);
}

static struct rt_error *get_query_executor_for_ledger(
        void *self, rt_str cid, const struct query_executor **executor)
{
    const struct scc_provider *p = self;
    const struct peer_ledger *l = p->peer->get_ledger(p->peer->self, cid);
    if (!l)
        return rt_errorf("Could not retrieve ledger for channel %S", cid);
    return l->new_query_executor(l->self, executor);
}

static const struct channel_config *get_application_config(void *self, rt_str cid)
{
    const struct scc_provider *p = self;
    return p->peer->get_channel_config(p->peer->self, cid);
}

static const struct policy_manager *policy_manager(void *self, rt_str channel_id)
{
    const struct channel_config *config = get_application_config(self, channel_id);
    return config ? config->policy_manager : NULL;
}

struct scc_provider *scc_provider_new(const struct peer_operations *peer,
        struct registrar registrar, rt_str version, struct scc_whitelist whitelist)
{
    struct scc_provider *p = rt_new(struct scc_provider);
    *p = (struct scc_provider){
        .interface = {
            .self = p,
            .is_sys_cc = is_sys_cc,
            .is_sys_cc_and_not_invokable_cc2cc = is_sys_cc_and_not_invokable_cc2cc,
            .is_sys_cc_and_not_invokable_external = is_sys_cc_and_not_invokable_external,
            .get_query_executor_for_ledger = get_query_executor_for_ledger,
            .get_application_config = get_application_config,
            .policy_manager = policy_manager,
        },
        .peer = peer,
        .registrar = registrar,
        .version = version,
        .whitelist = whitelist,
    };
    return p;
}

/* ---- registering and deploying ---- */

static bool is_whitelisted(const struct scc_provider *p, rt_str name)
{
    for (size_t i = 0; i < p->whitelist.count; i++)
        if (rt_str_eq(p->whitelist.names[i], name))
            return true;
    return false;
}

/* registerSysCC; that an instance is registered already is no fault to the caller of Go's, which
 * gets the error nevertheless and panics. */
static struct rt_error *register_sys_cc(
        struct scc_provider *p, const struct self_describing_sys_cc *cc)
{
    if (!cc->enabled || !is_whitelisted(p, cc->name)) {
        rt_note("system chaincode (%S,%S,%t) disabled", cc->name, cc->path, cc->enabled);
        return NULL;
    }
    struct ccid ccid = { .name = cc->name, .version = p->version };
    struct rt_error *err = p->registrar.register_cc(p->registrar.self, ccid, cc->chaincode);
    if (err && !rt_error_is(err, p->registrar.registered_err))
        return rt_errorf("could not register (%S,%S): %v", cc->path, cc->name, err);
    rt_note("system chaincode %S(%S) registered", cc->name, cc->path);
    return err;
}

void scc_provider_register_sys_cc(struct scc_provider *p, const struct self_describing_sys_cc *cc)
{
    rt_shared_write(&p->sys_ccs, "scc.Provider.SysCCs");
    p->sys_ccs = rt_grow(p->sys_ccs, p->sys_cc_count, p->sys_cc_count + 1, sizeof(*p->sys_ccs));
    p->sys_ccs[p->sys_cc_count++] = cc;
    struct rt_error *err = register_sys_cc(p, cc);
    if (err)
        rt_panicf("Could not register system chaincode: %v", err);
}

static Protos__ChaincodeDeploymentSpec *deployment_spec(const struct self_describing_sys_cc *cc)
{
    Protos__ChaincodeSpec *spec = WIRE_NEW(protos__chaincode_spec);
    spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_id->path = cc->path;
    spec->chaincode_id->name = cc->name;
    spec->input = WIRE_NEW(protos__chaincode_input);

    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    cds->exec_env = PROTOS__CHAINCODE_DEPLOYMENT_SPEC__EXECUTION_ENVIRONMENT__SYSTEM;
    cds->chaincode_spec = spec;
    return cds;
}

static void simulator_done(void *arg)
{
    const struct tx_simulator *simulator = arg;
    simulator->query.done(simulator->query.self);
}

/* deploySysCC in which the channel's simulator is released at the end. */
static struct rt_error *deploy_sys_cc(struct scc_provider *p, rt_str channel_id,
        const struct chaincode_provider *ccprov, const struct self_describing_sys_cc *cc)
{
    struct transaction_params *params = rt_new(struct transaction_params);
    /* Go draws a random UUID; nothing depends on what it looks like. */
    params->tx_id = rt_sprintf("%S/%S", cc->name, channel_id);
    params->channel_id = channel_id;
    if (channel_id.len > 0) {
        const struct peer_ledger *l = p->peer->get_ledger(p->peer->self, channel_id);
        if (!l)
            rt_panicf("syschain %S start up failure - unexpected nil ledger for channel %S",
                    cc->name, channel_id);
        struct rt_error *err = l->new_tx_simulator(l->self, params->tx_id, &params->tx_simulator);
        if (err)
            return err;
        rt_defer(simulator_done, (void *)(uintptr_t)params->tx_simulator);
    }

    struct cc_context cccid = { .name = cc->name, .version = p->version };
    Protos__Response *response = NULL;
    Protos__ChaincodeEvent *event = NULL;
    struct rt_error *err = ccprov->execute_legacy_init(
            ccprov->self, params, &cccid, deployment_spec(cc), &response, &event);
    if (!err && RT_DEREF(response)->status != SHIM_OK)
        err = rt_error_new(response->message);
    rt_note("system chaincode %S/%S(%S) deployed", cc->name, channel_id, cc->path);
    return err;
}

void scc_provider_deploy_sys_ccs(
        struct scc_provider *p, rt_str channel_id, const struct chaincode_provider *ccprov)
{
    rt_shared_read(&p->sys_ccs, "scc.Provider.SysCCs");
    for (size_t i = 0; i < p->sys_cc_count; i++) {
        const struct self_describing_sys_cc *cc = p->sys_ccs[i];
        if (!cc->enabled || !is_whitelisted(p, cc->name)) {
            rt_note("system chaincode (%S,%S) disabled", cc->name, cc->path);
            continue;
        }
        struct rt_defer *mark = rt_defer_mark();
        struct rt_error *err = deploy_sys_cc(p, channel_id, ccprov, cc);
        rt_run_deferred(mark);
        if (err) /* Fabric drops it without a word */
            rt_note("system chaincode %S/%S: %v", cc->name, channel_id, err);
    }
}
