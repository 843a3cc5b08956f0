/* Follows core/scc/cscc/configure.go. */
#include "model/scc/cscc.h"

#include "model/policy/aclmgmt.h"
#include "model/policy/channelconfig.h"
#include "model/policy/policychecker.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/configtx.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/query.pb-c.h"
#include "proto/resources.pb-c.h"

enum {
    HEADER_TYPE_CONFIG = COMMON__HEADER_TYPE__CONFIG,
    HEADER_TYPE_CONFIG_UPDATE = COMMON__HEADER_TYPE__CONFIG_UPDATE,
    INDEX_TRANSACTIONS_FILTER = COMMON__BLOCK_METADATA_INDEX__TRANSACTIONS_FILTER,
};

static Protos__Response errorf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    return shim_error(text);
}

/* ---- JoinChain ---- */

/* utils.GetChainIDFromBlock. */
static struct rt_error *get_chain_id_from_block(const Common__Block *block, rt_str *cid)
{
    if (!block || !block->data || block->data->n_data == 0)
        return rt_errorf("failed to retrieve channel id - block is empty");
    Common__Envelope *envelope;
    struct rt_error *err = protoutil_get_envelope_from_block(block->data->data[0], &envelope);
    if (err)
        return err;
    Common__Payload *payload;
    err = protoutil_get_payload(envelope, &payload);
    if (err)
        return err;
    if (!payload->header)
        return rt_errorf("failed to retrieve channel id - payload header is empty");
    Common__ChannelHeader *chdr;
    err = protoutil_get_channel_header(payload->header->channel_header, &chdr);
    if (!err)
        *cid = chdr->channel_id;
    return err;
}

/* utils.UnmarshalEnvelopeOfType for a ConfigEnvelope. */
static struct rt_error *unmarshal_config_envelope(
        const Common__Envelope *envelope, Common__ConfigEnvelope **config)
{
    Common__Payload *payload;
    struct rt_error *err = protoutil_unmarshal_payload(envelope->payload, &payload);
    if (err)
        return err;
    if (!payload->header)
        return rt_errorf("envelope must have a Header");
    Common__ChannelHeader *chdr;
    err = protoutil_get_channel_header(payload->header->channel_header, &chdr);
    if (err)
        return err;
    rt_str expected = wire_enum_string(&common__header_type__descriptor, HEADER_TYPE_CONFIG);
    if (chdr->type != HEADER_TYPE_CONFIG)
        return rt_errorf("invalid type %S, expected %S",
                wire_enum_string(&common__header_type__descriptor, chdr->type), expected);
    return rt_error_wrapf(WIRE_UNMARSHAL(common__config_envelope, payload->data, config),
            "error unmarshaling message for type %S", expected);
}

static struct rt_error *validate_config_block(const Common__Block *block)
{
    /* ExtractEnvelope: the block was found to have an envelope before. */
    Common__Envelope *envelope;
    struct rt_error *err = protoutil_get_envelope_from_block(block->data->data[0], &envelope);
    if (err)
        return rt_errorf("Failed to block data does not carry an envelope at index 0: %v", err);
    Common__ConfigEnvelope *config_env;
    err = unmarshal_config_envelope(envelope, &config_env);
    if (err)
        return rt_errorf("Bad configuration envelope: %v", err);
    if (!config_env->config)
        return rt_errorf("Nil config envelope Config");
    const Common__ConfigGroup *group = config_env->config->channel_group;
    if (!group)
        return rt_errorf("Nil channel group");
    if (group->n_groups == 0)
        return rt_errorf("No channel configuration groups are available");
    for (size_t i = 0; i < group->n_groups; i++)
        if (rt_str_is(group->groups[i]->key, "Application"))
            return NULL;
    return rt_errorf("Invalid configuration block, missing Application configuration group");
}

/* joinChain: peer.CreateChainFromBlock, of which only the refusal is modelled. */
static Protos__Response join_chain(const struct peer_configer *e, rt_str cid)
{
    if (e->peer->get_ledger(e->peer->self, cid))
        return errorf("cannot create ledger from genesis block: LedgerID already exists");
    return errorf("cclab does not model joining a new channel [%S]", cid);
}

static Protos__Response invoke_join_chain(
        const struct peer_configer *e, rt_bytes block_bytes, Protos__SignedProposal *sp)
{
    if (!block_bytes.data)
        return errorf("Cannot join the channel <nil> configuration block provided");
    Common__Block *block;
    struct rt_error *err = WIRE_UNMARSHAL(common__block, block_bytes, &block);
    if (err)
        return errorf("Failed to reconstruct the genesis block, error unmarshaling block: %v", err);
    rt_str cid = RT_STR("");
    err = get_chain_id_from_block(block, &cid);
    if (err)
        return errorf("\"JoinChain\" request failed to extract channel id from the block due to "
                      "[%v]",
                err);
    err = validate_config_block(block);
    if (err)
        return errorf("\"JoinChain\" for chainID = %S failed because of validation of "
                      "configuration block, because of %v",
                cid, err);
    err = e->policy_checker->check_policy_no_channel(
            e->policy_checker->self, RT_STR(POLICY_LOCAL_ADMINS), sp);
    if (err)
        return errorf("access denied for [JoinChain][%S]: [%v]", cid, err);
    if (RT_DEREF(block->metadata)->n_metadata <= INDEX_TRANSACTIONS_FILTER)
        rt_panic_index();
    return join_chain(e, cid);
}

/* ---- the channel's configuration ---- */

static Protos__Response marshalled(const ProtobufCMessage *m)
{
    rt_bytes bytes;
    struct rt_error *err = wire_marshal(m, &bytes);
    return err ? shim_error(err->text) : shim_success(bytes);
}

static Protos__Response get_config_block(const struct peer_configer *e, rt_bytes chain_id)
{
    if (!chain_id.data)
        return errorf("ChainID must not be nil.");
    const Common__Block *block = e->peer->get_curr_config_block(e->peer->self, chain_id);
    if (!block)
        return errorf("Unknown chain ID, %S", chain_id);
    return marshalled(&block->base);
}

/* getConfigTree: the ConfigProto of the channel's validator is that of its configuration block. */
static Protos__Response get_config_tree(const struct peer_configer *e, rt_bytes chain_id)
{
    if (!chain_id.data)
        return errorf("Chain ID must not be nil");
    const Common__Block *block = e->peer->get_curr_config_block(e->peer->self, chain_id);
    Common__Envelope *envelope;
    Common__ConfigEnvelope *config_env;
    if (!block || !block->data || block->data->n_data == 0 ||
            protoutil_get_envelope_from_block(block->data->data[0], &envelope) ||
            unmarshal_config_envelope(envelope, &config_env) || !config_env->config)
        return errorf("Unknown chain ID, %S", chain_id);
    Protos__ConfigTree *tree = WIRE_NEW(protos__config_tree);
    tree->channel_config = config_env->config;
    return marshalled(&tree->base);
}

/* simulateConfigTreeUpdate with supportByType; ProposeConfigUpdate is not modelled. */
static Protos__Response simulate_config_tree_update(rt_bytes chain_id, rt_bytes env_bytes)
{
    if (!chain_id.data)
        return errorf("Chain ID must not be nil");
    if (!env_bytes.data)
        return errorf("Config delta bytes must not be nil");
    Common__Envelope *envelope;
    struct rt_error *err = WIRE_UNMARSHAL(common__envelope, env_bytes, &envelope);
    if (err)
        return shim_error(err->text);
    Common__Payload *payload;
    err = WIRE_UNMARSHAL(common__payload, envelope->payload, &payload);
    if (err)
        return errorf("failed unmarshaling payload: %v", err);
    Common__ChannelHeader *chdr;
    err = WIRE_UNMARSHAL(common__channel_header, RT_DEREF(payload->header)->channel_header, &chdr);
    if (err)
        return errorf("failed unmarshaling payload header: %v", err);
    if (chdr->type != HEADER_TYPE_CONFIG_UPDATE)
        return errorf("invalid payload header type: %d", chdr->type);
    return errorf("cclab does not model simulating a configuration update");
}

static Protos__Response get_channels(const struct peer_configer *e)
{
    size_t count;
    const rt_str *names = e->peer->get_channels(e->peer->self, &count);
    Protos__ChannelQueryResponse *response = WIRE_NEW(protos__channel_query_response);
    response->channels = rt_new_array(Protos__ChannelInfo *, count);
    for (size_t i = 0; i < count; i++) {
        Protos__ChannelInfo *info = WIRE_NEW(protos__channel_info);
        info->channel_id = names[i];
        response->channels[response->n_channels++] = info;
    }
    return marshalled(&response->base);
}

/* ---- Init and Invoke ---- */

static struct rt_error *check_acl(const struct peer_configer *e, const char *resource,
        rt_bytes channel, const Protos__SignedProposal *sp)
{
    return e->acl_provider->check_acl(
            e->acl_provider->self, rt_str_from(resource), channel, acl_signed_proposal(sp));
}

/* InvokeNoShim; `count` is at least 2, or 1 for GetChannels. */
static Protos__Response invoke_no_shim(const struct peer_configer *e, const rt_bytes *args,
        size_t count, Protos__SignedProposal *sp)
{
    static const struct {
        const char *name;
        const char *resource;
    } guarded[] = {
        { "GetConfigBlock", RESOURCE_CSCC_GET_CONFIG_BLOCK },
        { "GetConfigTree", RESOURCE_CSCC_GET_CONFIG_TREE },
        { "SimulateConfigTreeUpdate", RESOURCE_CSCC_SIMULATE_CONFIG_TREE_UPDATE },
    };
    rt_str fname = args[0];
    if (rt_str_is(fname, "JoinChain"))
        return invoke_join_chain(e, args[1], sp);
    if (rt_str_is(fname, "GetChannels")) {
        struct rt_error *err = e->policy_checker->check_policy_no_channel(
                e->policy_checker->self, RT_STR(POLICY_LOCAL_MEMBERS), sp);
        return err ? errorf("access denied for [%S]: %v", fname, err) : get_channels(e);
    }
    for (size_t i = 0; i < sizeof(guarded) / sizeof(guarded[0]); i++) {
        if (!rt_str_is(fname, guarded[i].name))
            continue;
        struct rt_error *err = check_acl(e, guarded[i].resource, args[1], sp);
        if (err)
            return errorf("access denied for [%S][%S]: %v", fname, args[1], err);
        if (i == 0)
            return get_config_block(e, args[1]);
        if (i == 1)
            return get_config_tree(e, args[1]);
        if (count < 3) /* Fabric does not look before it reads the third */
            rt_panic_index();
        return simulate_config_tree_update(args[1], args[2]);
    }
    return errorf("Requested function %S not found.", fname);
}

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    size_t count;
    const rt_bytes *args = stub->get_args(stub->self, &count);
    if (count < 1)
        return errorf("Incorrect number of arguments, %zu", count);
    if (!rt_str_is(args[0], "GetChannels") && count < 2)
        return errorf("Incorrect number of arguments, %zu", count);
    Protos__SignedProposal *sp = NULL;
    struct rt_error *err = stub->get_signed_proposal(stub->self, &sp);
    if (err)
        return errorf("Failed getting signed proposal from stub: [%v]", err);
    return invoke_no_shim(self, args, count, sp);
}

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    (void)stub;
    return shim_success(RT_NIL);
}

struct peer_configer *cscc_new(const struct policy_checker *policy_checker,
        const struct acl_provider *acl_provider, const struct peer_operations *peer)
{
    struct peer_configer *e = rt_new(struct peer_configer);
    *e = (struct peer_configer){
        .policy_checker = policy_checker,
        .acl_provider = acl_provider,
        .peer = peer,
        .chaincode = { .self = e, .init = init, .invoke = invoke },
    };
    e->scc = (struct self_describing_sys_cc){
        .name = RT_STR("cscc"),
        .path = RT_STR("github.com/hyperledger/fabric/core/scc/cscc"),
        .chaincode = &e->chaincode,
        .invokable_external = true,
        .invokable_cc2cc = false,
        .enabled = true,
    };
    return e;
}
