/* Chaincode support without a peer: empty answers for what a peer would be asked. */
#include "mocks/launch/alone.h"

#include "model/chaincode/container_runtime.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"

static const struct peer_ledger *no_ledger(void *self, rt_str cid)
{
    (void)self;
    (void)cid;
    return NULL;
}

static bool no_syscc(void *self, rt_str name)
{
    (void)self;
    (void)name;
    return false;
}

static bool no_application(void *self, rt_str cid, bool *enabled)
{
    (void)self;
    (void)cid;
    (void)enabled;
    return false;
}

struct chaincode_support *launch_support_new(
        const struct chaincode_support_params *params, struct runtime runtime)
{
    struct chaincode_support_params alone = *params;
    alone.system_cc_provider = (struct chaincode_syscc_provider){ NULL, no_syscc, no_syscc };
    alone.ledger_getter = (struct ledger_getter){ NULL, no_ledger };
    alone.app_config = (struct application_config_retriever){ NULL, no_application };
    struct chaincode_support *cs = chaincode_support_new(&alone);
    struct runtime_launcher *launcher = cs->launcher.self;
    cs->runtime = runtime;
    launcher->runtime = runtime;
    return cs;
}

struct chaincode_container_info *launch_container_info(const struct cc_context *cccid)
{
    struct chaincode_container_info *ccci = rt_new(struct chaincode_container_info);
    ccci->name = cccid->name;
    ccci->version = cccid->version;
    ccci->type = RT_STR("GOLANG");
    ccci->container_type = RT_STR(CONTAINER_TYPE_DOCKER);
    return ccci;
}

static Protos__ChaincodeDeploymentSpec *deployment_spec(const struct cc_context *cccid)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    Protos__ChaincodeSpec *spec = WIRE_NEW(protos__chaincode_spec);
    spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec->input = WIRE_NEW(protos__chaincode_input);
    spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_id->name = cccid->name;
    spec->chaincode_id->version = cccid->version;
    cds->chaincode_spec = spec;
    return cds;
}

struct rt_error *launch_ask(struct chaincode_support *cs, enum launch_ask what,
        const struct cc_context *cccid, rt_str txid, Protos__Response **response)
{
    Protos__ChaincodeEvent *event;
    if (what == LAUNCH_ASK_LAUNCH)
        return cs->launcher.launch(cs->launcher.self, launch_container_info(cccid));
    struct transaction_params *tx_params = rt_new(struct transaction_params);
    tx_params->tx_id = txid;
    tx_params->channel_id = LAUNCH_CHANNEL;
    if (what == LAUNCH_ASK_INIT)
        return chaincode_support_execute_legacy_init(
                cs, tx_params, cccid, deployment_spec(cccid), response, &event);
    return chaincode_support_execute(
            cs, tx_params, cccid, WIRE_NEW(protos__chaincode_input), response, &event);
}
