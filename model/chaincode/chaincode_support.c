/* Follows core/chaincode/chaincode_support.go. */
#include "model/chaincode/chaincode_support.h"

#include "model/ledger/ledger.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/shim/message.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/chaincode_event.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* Variants, at the end of this file. */
static struct rt_error *second_read_lock(struct chaincode_support *cs, rt_str chain_id, rt_str name,
        const struct query_executor *qe, struct chaincode_container_info **ccci);
static struct rt_error *error_payload_parsed(rt_str txid, Protos__ChaincodeMessage *resp,
        Protos__Response **response, Protos__ChaincodeEvent **event);
static void dev_mode_stop(struct chaincode_support *cs, struct chaincode_container_info *ccci);

/* ---- making one ---- */

static struct container_runtime *new_runtime(const struct chaincode_support_params *p)
{
    const struct chaincode_config *config = &p->config;
    struct container_runtime *runtime = rt_new(struct container_runtime);
    runtime->config.cert_generator = config->tls_enabled ? p->cert_generator : NULL;
    runtime->config.ca_cert = p->ca_cert;
    runtime->config.peer_address = p->peer_address;
    rt_str *env = rt_new_array(rt_str, 3);
    env[0] = rt_str_cat(RT_STR("CORE_CHAINCODE_LOGGING_LEVEL="), config->log_level);
    env[1] = rt_str_cat(RT_STR("CORE_CHAINCODE_LOGGING_SHIM="), config->shim_log_level);
    env[2] = rt_str_cat(RT_STR("CORE_CHAINCODE_LOGGING_FORMAT="), config->log_format);
    runtime->config.common_env = (struct str_slice){ env, 3 };
    runtime->processor = p->processor;
    runtime->platform_registry = p->platform_registry;
    runtime->variants = p->variants;
    return runtime;
}

static struct runtime_launcher *new_launcher(
        const struct chaincode_support *cs, const struct chaincode_support_params *p)
{
    struct runtime_launcher *launcher = rt_new(struct runtime_launcher);
    launcher->runtime = cs->runtime;
    launcher->registry = cs->handler_registry;
    launcher->package_provider = p->package_provider;
    launcher->startup_timeout_ns = p->config.startup_timeout_ns;
    launcher->metrics = p->metrics;
    launcher->observer = p->observer;
    launcher->variants = p->variants;
    return launcher;
}

static struct rt_error *invoker(void *self, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeInput *spec,
        Protos__ChaincodeMessage **response)
{
    return chaincode_support_invoke(self, tx_params, cccid, spec, response);
}

struct chaincode_support *chaincode_support_new(const struct chaincode_support_params *p)
{
    struct chaincode_support *cs = rt_new(struct chaincode_support);
    cs->execute_timeout_ns = p->config.execute_timeout_ns;
    cs->user_runs_cc = p->user_runs_cc;
    cs->lifecycle = p->lifecycle;
    cs->observer = p->observer;
    cs->variants = p->variants;
    cs->handler_registry = handler_registry_new(p->user_runs_cc);
    cs->handler_registry->observer = p->observer;
    cs->handler_registry->variants = p->variants;
    cs->runtime = container_runtime_interface(new_runtime(p));
    cs->launcher = runtime_launcher_interface(new_launcher(cs, p));
    cs->handlers = (struct handler_environment){
        .keepalive_ns = p->config.keepalive_ns,
        .sys_cc_version = p->sys_cc_version,
        .definition_getter = p->lifecycle,
        .invoker = { cs, invoker },
        .registry = cs->handler_registry,
        .acl_provider = p->acl_provider,
        .system_cc_provider = p->system_cc_provider,
        .instantiation_policy_checker = p->instantiation_policy_checker,
        .query_response_builder = { .max_result_limit = 100 },
        .ledger_getter = p->ledger_getter,
        .collection_store = p->collection_store,
        .app_config = p->app_config,
        .metrics = p->metrics,
        .observer = p->observer,
        .variants = p->variants,
    };
    return cs;
}

/* ---- launching ---- */

struct rt_error *chaincode_support_launch_init(
        struct chaincode_support *cs, struct chaincode_container_info *ccci)
{
    rt_str cname = chaincode_container_info_cname(ccci);
    if (handler_registry_handler(cs->handler_registry, cname))
        return NULL;
    return cs->launcher.launch(cs->launcher.self, ccci);
}

static struct rt_error *container_info(struct chaincode_support *cs, rt_str chain_id, rt_str name,
        const struct query_executor *qe, struct chaincode_container_info **ccci)
{
    if (variant_on(cs->variants, VARIANT_SECOND_READ_LOCK))
        return second_read_lock(cs, chain_id, name, qe, ccci);
    return cs->lifecycle.chaincode_container_info(cs->lifecycle.self, name, qe, ccci);
}

/* Launch and ExecuteLegacyInit wrap a nil error when the handler is gone, which gives no error at
 * all: the caller goes on with a nil handler. */
static struct rt_error *could_not_find_handler(
        const struct chaincode_support *cs, rt_str chain_id, rt_str cname)
{
    struct rt_error *cause = NULL;
    if (variant_on(cs->variants, VARIANT_FIX_HANDLER_GONE))
        cause = rt_errorf("handler is gone");
    return rt_error_wrapf(cause,
            "[channel %S] claimed to start chaincode container for %S but could not find handler",
            chain_id, cname);
}

struct rt_error *chaincode_support_launch(struct chaincode_support *cs, rt_str chain_id,
        rt_str chaincode_name, rt_str chaincode_version, const struct query_executor *qe,
        struct handler **handler)
{
    rt_str cname = cc_context_get_canonical_name(
            &(const struct cc_context){ chaincode_name, chaincode_version });
    *handler = handler_registry_handler(cs->handler_registry, cname);
    if (*handler)
        return NULL;
    struct chaincode_container_info *ccci;
    struct rt_error *err = container_info(cs, chain_id, chaincode_name, qe, &ccci);
    if (err)
        return rt_error_wrapf(
                err, "[channel %S] failed to get chaincode container info for %S", chain_id, cname);
    err = cs->launcher.launch(cs->launcher.self, ccci);
    if (err)
        return rt_error_wrapf(err, "[channel %S] could not launch chaincode %S", chain_id, cname);
    *handler = handler_registry_handler(cs->handler_registry, cname);
    return !*handler ? could_not_find_handler(cs, chain_id, cname) : NULL;
}

struct rt_error *chaincode_support_stop(
        struct chaincode_support *cs, struct chaincode_container_info *ccci)
{
    return cs->runtime.stop(cs->runtime.self, ccci);
}

/* ---- streams ---- */

struct rt_error *chaincode_support_handle_chaincode_stream(
        struct chaincode_support *cs, struct chaincode_stream stream)
{
    return handler_process_stream(handler_new(&cs->handlers), stream);
}

static struct rt_error *handle_chaincode_stream(void *self, struct chaincode_stream stream)
{
    return chaincode_support_handle_chaincode_stream(self, stream);
}

struct cc_support chaincode_support_cc_support(struct chaincode_support *cs)
{
    return (struct cc_support){ cs, handle_chaincode_stream };
}

/* ---- executing ---- */

/* input.Decorations = txParams.ProposalDecorations. */
static void set_decorations(Protos__ChaincodeInput *input, const struct rt_map *decorations)
{
    size_t count = rt_map_len(decorations);
    const struct rt_map_entry *entries = count > 0 ? rt_map_sorted(decorations) : NULL;
    input->n_decorations = count;
    input->decorations =
            count > 0 ? rt_new_array(Protos__ChaincodeInput__DecorationsEntry *, count) : NULL;
    for (size_t i = 0; i < count; i++) {
        input->decorations[i] = WIRE_NEW(protos__chaincode_input__decorations_entry);
        input->decorations[i]->key = entries[i].key;
        input->decorations[i]->value = *(const rt_bytes *)entries[i].value;
    }
}

/* createCCMessage. */
static struct rt_error *create_cc_message(Protos__ChaincodeMessage__Type type, rt_str cid,
        rt_str txid, const Protos__ChaincodeInput *input, Protos__ChaincodeMessage **msg)
{
    rt_bytes payload;
    struct rt_error *err = WIRE_MARSHAL(input, &payload);
    if (!err)
        *msg = chaincode_message_new(type, payload, txid, cid);
    return err;
}

static struct rt_error *execute(struct chaincode_support *cs, Protos__ChaincodeMessage__Type type,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, struct handler *h, Protos__ChaincodeMessage **response)
{
    set_decorations(RT_DEREF(input), tx_params->proposal_decorations);
    Protos__ChaincodeMessage *msg;
    struct rt_error *err =
            create_cc_message(type, tx_params->channel_id, tx_params->tx_id, input, &msg);
    if (err)
        return rt_error_wrap(err, "failed to create chaincode message");
    err = handler_execute(h, tx_params, cccid, msg, cs->execute_timeout_ns, response);
    return rt_error_wrap(err, "error sending");
}

/* The end of processChaincodeExecutionResult. */
static struct rt_error *result_by_type(rt_str txid, Protos__ChaincodeMessage *resp,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    struct rt_error *err;
    Protos__Response *decoded;
    switch (resp->type) {
    case CC_MSG(COMPLETED):
        err = WIRE_UNMARSHAL(protos__response, resp->payload, &decoded);
        if (err)
            return rt_error_wrapf(err, "failed to unmarshal response for transaction %S", txid);
        *response = decoded;
        *event = resp->chaincode_event;
        return NULL;
    case CC_MSG(ERROR):
        *response = NULL;
        *event = resp->chaincode_event;
        return rt_errorf("transaction returned with failure: %S", resp->payload);
    default:
        return rt_errorf("unexpected response type %d for transaction %S", (int)resp->type, txid);
    }
}

static struct rt_error *process_chaincode_execution_result(const struct chaincode_support *cs,
        rt_str txid, rt_str cc_name, Protos__ChaincodeMessage *resp, struct rt_error *err,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    if (err)
        return rt_error_wrapf(err, "failed to execute transaction %S", txid);
    if (!resp)
        return rt_errorf("nil response from transaction %S", txid);
    if (resp->chaincode_event) {
        resp->chaincode_event->chaincode_id = cc_name;
        resp->chaincode_event->tx_id = txid;
    }
    if (variant_on(cs->variants, VARIANT_ERROR_PAYLOAD_PARSED))
        return error_payload_parsed(txid, resp, response, event);
    return result_by_type(txid, resp, response, event);
}

struct rt_error *chaincode_support_execute_legacy_init(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeDeploymentSpec *spec, Protos__Response **response,
        Protos__ChaincodeEvent **event)
{
    *response = NULL;
    *event = NULL;
    struct chaincode_container_info *ccci = deployment_spec_to_chaincode_container_info(spec);
    ccci->version = cccid->version;
    struct rt_error *err = chaincode_support_launch_init(cs, ccci);
    if (err)
        return err;
    rt_str cname = chaincode_container_info_cname(ccci);
    struct handler *h = handler_registry_handler(cs->handler_registry, cname);
    if (!h)
        return could_not_find_handler(cs, tx_params->channel_id, cname);
    Protos__ChaincodeMessage *resp = NULL;
    err = execute(
            cs, CC_MSG(INIT), tx_params, cccid, RT_DEREF(spec->chaincode_spec)->input, h, &resp);
    if (variant_on(cs->variants, VARIANT_DEV_MODE_STOP))
        dev_mode_stop(cs, ccci);
    return process_chaincode_execution_result(
            cs, tx_params->tx_id, cccid->name, resp, err, response, event);
}

struct rt_error *chaincode_support_execute(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__Response **response, Protos__ChaincodeEvent **event)
{
    *response = NULL;
    *event = NULL;
    Protos__ChaincodeMessage *resp = NULL;
    struct rt_error *err = chaincode_support_invoke(cs, tx_params, cccid, input, &resp);
    err = process_chaincode_execution_result(
            cs, tx_params->tx_id, cccid->name, resp, err, response, event);
    if (err)
        observer_tell(
                cs->observer, .kind = OBSERVED_INVOKE_FAILED, .cname = cccid->name, .err = err);
    return err;
}

static const struct query_executor *query_of(const struct transaction_params *tx_params)
{
    return tx_params->tx_simulator ? &tx_params->tx_simulator->query : NULL;
}

static struct rt_error *invoke(struct chaincode_support *cs, Protos__ChaincodeMessage__Type type,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__ChaincodeMessage **response)
{
    struct handler *h;
    struct rt_error *err = chaincode_support_launch(
            cs, tx_params->channel_id, cccid->name, cccid->version, query_of(tx_params), &h);
    if (err)
        return err;
    return execute(cs, type, tx_params, cccid, input, h, response);
}

struct rt_error *chaincode_support_invoke_init(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__ChaincodeMessage **response)
{
    return invoke(cs, CC_MSG(INIT), tx_params, cccid, input, response);
}

struct rt_error *chaincode_support_invoke(struct chaincode_support *cs,
        struct transaction_params *tx_params, const struct cc_context *cccid,
        Protos__ChaincodeInput *input, Protos__ChaincodeMessage **response)
{
    return invoke(cs, CC_MSG(TRANSACTION), tx_params, cccid, input, response);
}

/* ---- variants ---- */

/* Until 1.4.1 the lookup took a query executor of its own. */
static struct rt_error *second_read_lock(struct chaincode_support *cs, rt_str chain_id, rt_str name,
        const struct query_executor *qe, struct chaincode_container_info **ccci)
{
    const struct query_executor *own = NULL;
    const struct ledger_getter *getter = &cs->handlers.ledger_getter;
    const struct peer_ledger *ledger = getter->get_ledger(getter->self, chain_id);
    if (ledger) {
        struct rt_error *err = ledger->new_query_executor(ledger->self, &own);
        if (err)
            return err;
    }
    struct rt_error *err =
            cs->lifecycle.chaincode_container_info(cs->lifecycle.self, name, own ? own : qe, ccci);
    if (own)
        own->done(own->self);
    return err;
}

/* Until FAB-2194 the payload was taken for a Response before its type was looked at. */
static struct rt_error *error_payload_parsed(rt_str txid, Protos__ChaincodeMessage *resp,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    struct rt_error *err = WIRE_UNMARSHAL(protos__response, resp->payload, response);
    if (err)
        return rt_error_wrapf(err, "failed to unmarshal response for transaction %S", txid);
    return result_by_type(txid, resp, response, event);
}

/* Until FAB-1747 a deploy stopped its chaincode, in dev mode too, where that fails. System
 * chaincodes were deployed by other means. */
static void dev_mode_stop(struct chaincode_support *cs, struct chaincode_container_info *ccci)
{
    if (!cs->user_runs_cc || rt_str_is(ccci->container_type, CONTAINER_TYPE_INPROC))
        return;
    RT_DROP(chaincode_support_stop(cs, ccci));
    handler_registry_forget_handler(cs->handler_registry, chaincode_container_info_cname(ccci));
}
