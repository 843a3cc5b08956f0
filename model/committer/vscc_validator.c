/* Follows core/committer/txvalidator/vscc_validator.go. */
#include "model/committer/committer_impl.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/scc/sysccprovider.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"

#define CODE(name) PROTOS__TX_VALIDATION_CODE__##name

/* What validation has to know about a transaction. */
struct vscc_tx {
    struct committer *c;
    size_t seq;
    const Common__Block *block;
    Common__ChannelHeader *chdr;
    Protos__ChaincodeAction *action;
    struct tx_rw_set rw_set;
    rt_str cc_id;
    rt_str cc_ver;
    rt_str *wr_namespaces;
    size_t wr_namespace_count;
    bool writes_to_lscc;
    bool writes_to_non_invokable_scc;
};

/* ---- the definition ---- */

struct validation_info {
    rt_str cc_name;
    rt_str cc_version;
    rt_str vscc_name;
    rt_bytes policy;
};

static struct rt_error *decode_chaincode_data(
        rt_str ccid, rt_bytes bytes, Ccprovider__ChaincodeData **data)
{
    if (!bytes.data)
        return rt_errorf("lscc's state for [%S] not found.", ccid);
    struct rt_error *err = WIRE_UNMARSHAL(ccprovider__chaincode_data, bytes, data);
    if (err)
        return rt_error_wrap(err, "unmarshalling ChaincodeQueryResponse failed");
    if ((*data)->vscc.len == 0)
        return rt_errorf("lscc's state for [%S] is invalid, vscc field must be set", ccid);
    if ((*data)->policy.len == 0)
        return rt_errorf("lscc's state for [%S] is invalid, policy field must be set", ccid);
    return NULL;
}

/* getCDataForCC. */
static struct rt_error *get_cdata_for_cc(
        const struct committer *c, rt_str ccid, Ccprovider__ChaincodeData **data)
{
    const struct query_executor *qe;
    const struct peer_ledger *ledger = c->config.ledger;
    struct rt_error *err = ledger->new_query_executor(ledger->self, &qe);
    if (err)
        return rt_error_wrap(err, "could not retrieve QueryExecutor");
    rt_bytes bytes;
    err = qe->get_state(qe->self, RT_STR("lscc"), ccid, &bytes);
    if (err)
        err = rt_error_typed(vscc_info_lookup_failure_error, NULL,
                rt_sprintf("Could not retrieve state for chaincode %S, error %v", ccid, err));
    else
        err = decode_chaincode_data(ccid, bytes, data);
    qe->done(qe->self);
    return err;
}

/* GetInfoForValidate. */
static struct rt_error *get_info_for_validate(
        const struct committer *c, rt_str ccid, struct validation_info *info)
{
    const struct system_chaincode_provider *sccp = c->config.sccprovider;
    *info = (struct validation_info){ ccid, c->config.sys_cc_version, RT_STR("vscc"), RT_NIL };
    if (!sccp->is_sys_cc(sccp->self, ccid)) {
        Ccprovider__ChaincodeData *data;
        struct rt_error *err = get_cdata_for_cc(c, ccid, &data);
        if (err)
            return err;
        *info = (struct validation_info){ data->name, data->version, data->vscc, data->policy };
        return NULL;
    }
    const struct channel_config *channel = c->config.channel;
    info->policy =
            cauthdsl_marshal(cauthdsl_signed_by_any_member(channel->orgs, channel->org_count));
    return NULL;
}

/* ---- what is written ---- */

/* txWritesToNamespace. */
static bool tx_writes_to_namespace(const struct committer *c, const struct ns_rw_set *ns)
{
    const struct application_capabilities *capabilities = &c->config.channel->capabilities;
    bool key_level = application_capabilities_key_level_endorsement(capabilities);
    if (ns->kv_rw_set->n_writes > 0)
        return true;
    if (application_capabilities_private_channel_data(capabilities)) {
        for (size_t i = 0; i < ns->coll_hashed_rw_set_count; i++) {
            const Kvrwset__HashedRWSet *set = ns->coll_hashed_rw_sets[i].hashed_rw_set;
            if (set->n_hashed_writes > 0 || (key_level && set->n_metadata_writes > 0))
                return true;
        }
    }
    return key_level && ns->kv_rw_set->n_metadata_writes > 0;
}

static void add_wr_namespace(struct vscc_tx *tx, rt_str ns)
{
    tx->wr_namespaces[tx->wr_namespace_count++] = ns;
}

/* The event of a transaction must be its chaincode's; 1.2 and later look. */
static struct rt_error *check_event(const struct vscc_tx *tx)
{
    if (!tx->action->events.data)
        return NULL;
    Protos__ChaincodeEvent *event;
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_event, tx->action->events, &event);
    if (err)
        return rt_error_wrapf(err, "invalid chaincode event");
    if (!rt_str_eq(event->chaincode_id, tx->cc_id))
        return rt_errorf(
                "chaincode event chaincode id does not match chaincode action chaincode id");
    return NULL;
}

/* Collects the namespaces that are written. */
static struct rt_error *gather_namespaces(struct vscc_tx *tx, Protos__TxValidationCode *code)
{
    const struct system_chaincode_provider *sccp = tx->c->config.sccprovider;
    bool always_enforce_original_namespace =
            application_capabilities_v1_2_validation(&tx->c->config.channel->capabilities);
    tx->wr_namespaces = rt_new_array(rt_str, tx->rw_set.ns_rw_set_count + 1);
    if (always_enforce_original_namespace) {
        add_wr_namespace(tx, tx->cc_id);
        struct rt_error *err = check_event(tx);
        *code = CODE(INVALID_OTHER_REASON);
        if (err)
            return err;
    }
    struct rt_map *namespaces = rt_map_new();
    for (size_t i = 0; i < tx->rw_set.ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &tx->rw_set.ns_rw_sets[i];
        *code = CODE(ILLEGAL_WRITESET);
        if (rt_map_has(namespaces, ns->name_space))
            return rt_errorf("duplicate namespace '%S' in txRWSet", ns->name_space);
        rt_map_put(namespaces, ns->name_space, tx);
        if (!tx_writes_to_namespace(tx->c, ns))
            continue;
        if (!rt_str_eq(ns->name_space, tx->cc_id) || !always_enforce_original_namespace)
            add_wr_namespace(tx, ns->name_space);
        if (rt_str_is(ns->name_space, "lscc"))
            tx->writes_to_lscc = true;
        if (sccp->is_sys_cc_and_not_invokable_cc2cc(sccp->self, ns->name_space) ||
                sccp->is_sys_cc_and_not_invokable_external(sccp->self, ns->name_space))
            tx->writes_to_non_invokable_scc = true;
    }
    return NULL;
}

/* ---- judging ---- */

/* VSCCValidateTxForCC: an execution failure is one, anything else is about endorsement. */
static struct rt_error *vscc_validate_tx_for_cc(const struct vscc_tx *tx, rt_str ns,
        const struct validation_info *info, Protos__TxValidationCode *code)
{
    struct vscc_context ctx = { tx->seq, tx->block, ns, info->vscc_name, info->policy };
    struct rt_error *err = validate_with_plugin(tx->c, &ctx);
    if (!err)
        return NULL;
    if (rt_error_is(err, vscc_execution_failure_error)) {
        *code = CODE(INVALID_OTHER_REASON);
        return err;
    }
    *code = CODE(ENDORSEMENT_POLICY_FAILURE);
    return policy_err(err);
}

/* An application chaincode: every namespace that is written by its chaincode's policy. */
static struct rt_error *validate_application_cc(
        const struct vscc_tx *tx, Protos__TxValidationCode *code)
{
    *code = CODE(ILLEGAL_WRITESET);
    if (tx->writes_to_lscc)
        return rt_errorf("chaincode %S attempted to write to the namespace of LSCC", tx->cc_id);
    if (tx->writes_to_non_invokable_scc)
        return rt_errorf("chaincode %S attempted to write to the namespace of a system chaincode "
                         "that cannot be invoked",
                tx->cc_id);
    for (size_t i = 0; i < tx->wr_namespace_count; i++) {
        rt_str ns = tx->wr_namespaces[i];
        struct validation_info info;
        *code = CODE(INVALID_OTHER_REASON);
        struct rt_error *err = get_info_for_validate(tx->c, ns, &info);
        if (err)
            return err;
        if (rt_str_eq(ns, tx->cc_id) && !rt_str_eq(info.cc_version, tx->cc_ver)) {
            *code = CODE(EXPIRED_CHAINCODE);
            return rt_errorf("chaincode %S:%S/%S didn't match %S:%S/%S in lscc", tx->cc_id,
                    tx->cc_ver, tx->chdr->channel_id, info.cc_name, info.cc_version,
                    tx->chdr->channel_id);
        }
        err = vscc_validate_tx_for_cc(tx, ns, &info, code);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *validate_system_cc(const struct vscc_tx *tx, Protos__TxValidationCode *code)
{
    const struct system_chaincode_provider *sccp = tx->c->config.sccprovider;
    if (sccp->is_sys_cc_and_not_invokable_external(sccp->self, tx->cc_id)) {
        *code = CODE(ILLEGAL_WRITESET);
        return rt_errorf("committing an invocation of cc %S is illegal", tx->cc_id);
    }
    struct validation_info info;
    *code = CODE(INVALID_OTHER_REASON);
    struct rt_error *err = get_info_for_validate(tx->c, tx->cc_id, &info);
    return err ? err : vscc_validate_tx_for_cc(tx, tx->cc_id, &info, code);
}

/* Name and version of the invoked chaincode, in header and action alike. */
static struct rt_error *get_chaincode(
        struct vscc_tx *tx, const Protos__ChaincodeHeaderExtension *extension)
{
    if (!extension->chaincode_id)
        return rt_errorf("nil ChaincodeId in header extension");
    if (!tx->action->chaincode_id)
        return rt_errorf("nil ChaincodeId in ChaincodeAction");
    tx->cc_id = extension->chaincode_id->name;
    tx->cc_ver = tx->action->chaincode_id->version;
    if (tx->cc_id.len == 0)
        return rt_errorf("invalid chaincode ID");
    if (!rt_str_eq(tx->cc_id, tx->action->chaincode_id->name))
        return rt_errorf(
                "inconsistent ccid info (%S/%S)", tx->cc_id, tx->action->chaincode_id->name);
    if (tx->cc_ver.len == 0)
        return rt_errorf("invalid chaincode version");
    return NULL;
}

struct rt_error *vscc_validate_tx(struct committer *c, size_t seq, const Common__Payload *payload,
        const Common__Block *block, Protos__TxValidationCode *code)
{
    struct vscc_tx tx = { .c = c, .seq = seq, .block = block };
    Protos__ChaincodeHeaderExtension *extension;
    *code = CODE(BAD_HEADER_EXTENSION);
    struct rt_error *err = protoutil_get_chaincode_header_extension(payload->header, &extension);
    if (err)
        return err;
    *code = CODE(BAD_CHANNEL_HEADER);
    err = protoutil_get_channel_header(payload->header->channel_header, &tx.chdr);
    if (err)
        return err;
    *code = CODE(BAD_RESPONSE_PAYLOAD);
    err = protoutil_get_action_from_envelope(block->data->data[seq], &tx.action);
    if (err)
        return rt_error_wrap(err, "GetActionFromEnvelope failed");
    *code = CODE(BAD_RWSET);
    err = tx_rw_set_from_proto_bytes(tx.action->results, &tx.rw_set);
    if (err)
        return rt_error_wrap(err, "txRWSet.FromProtoBytes failed");
    *code = CODE(INVALID_OTHER_REASON);
    err = get_chaincode(&tx, extension);
    if (!err)
        err = gather_namespaces(&tx, code);
    if (err)
        return err;
    const struct system_chaincode_provider *sccp = c->config.sccprovider;
    err = sccp->is_sys_cc(sccp->self, tx.cc_id) ? validate_system_cc(&tx, code)
                                                : validate_application_cc(&tx, code);
    if (!err)
        *code = CODE(VALID);
    return err;
}
