/* Follows core/aclmgmt/{aclmgmtimpl,resourceprovider,defaultaclprovider}.go. */
#include "model/policy/aclmgmt.h"

#include "model/rt/rt.h"

struct default_provider {
    struct acl_provider base;
    const struct policy_checker *checker;
};

struct resource_provider {
    struct acl_provider base;
    const struct acl_resource_getter *getter;
    const struct acl_provider *default_provider;
};

/* Policies of a channel's resources. The resources with an empty policy are checked elsewhere, and
 * count as unmapped here; so do all of the peer-wide ones (lscc/Install and the like). */
static const struct {
    const char *resource;
    const char *policy;
} channel_policies[] = {
    { RESOURCE_LSCC_CHAINCODE_EXISTS, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_LSCC_GET_DEPLOYMENT_SPEC, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_LSCC_GET_CHAINCODE_DATA, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_LSCC_GET_INSTANTIATED_CHAINCODES, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_LSCC_GET_COLLECTIONS_CONFIG, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_QSCC_GET_CHAIN_INFO, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_QSCC_GET_BLOCK_BY_NUMBER, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_QSCC_GET_BLOCK_BY_HASH, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_QSCC_GET_TRANSACTION_BY_ID, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_QSCC_GET_BLOCK_BY_TX_ID, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_CSCC_GET_CONFIG_BLOCK, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_CSCC_GET_CONFIG_TREE, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_CSCC_SIMULATE_CONFIG_TREE_UPDATE, POLICIES_CHANNEL_APPLICATION_WRITERS },
    { RESOURCE_PEER_PROPOSE, POLICIES_CHANNEL_APPLICATION_WRITERS },
    { RESOURCE_PEER_CHAINCODE_TO_CHAINCODE, POLICIES_CHANNEL_APPLICATION_WRITERS },
    { RESOURCE_TOKEN_ISSUE, POLICIES_CHANNEL_APPLICATION_WRITERS },
    { RESOURCE_TOKEN_TRANSFER, POLICIES_CHANNEL_APPLICATION_WRITERS },
    { RESOURCE_TOKEN_LIST, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_EVENT_BLOCK, POLICIES_CHANNEL_APPLICATION_READERS },
    { RESOURCE_EVENT_FILTERED_BLOCK, POLICIES_CHANNEL_APPLICATION_READERS },
};

static const char *default_policy(rt_str resource)
{
    for (size_t i = 0; i < sizeof channel_policies / sizeof channel_policies[0]; i++) {
        if (rt_str_is(resource, channel_policies[i].resource))
            return channel_policies[i].policy;
    }
    return NULL;
}

static struct rt_error *default_check_acl(
        void *self, rt_str resource, rt_str channel_id, struct acl_id_info id)
{
    const struct policy_checker *checker = ((struct default_provider *)self)->checker;
    const char *name = default_policy(resource);
    if (!name)
        return rt_errorf("Unmapped policy for %S", resource);
    rt_str policy = rt_str_from(name);
    switch (id.kind) {
    case ACL_SIGNED_PROPOSAL:
        return checker->check_policy(checker->self, channel_id, policy, id.signed_proposal);
    case ACL_ENVELOPE: {
        struct signed_data data;
        struct rt_error *err = protoutil_envelope_as_signed_data(id.envelope, &data);
        if (err)
            return err;
        return checker->check_policy_by_signed_data(checker->self, channel_id, policy, &data, 1);
    }
    case ACL_SIGNED_DATA:
        return checker->check_policy_by_signed_data(
                checker->self, channel_id, policy, id.signed_data, id.signed_data_count);
    case ACL_OTHER:
    default:
        return rt_errorf("Unknown id on checkACL %S", resource);
    }
}

/* The signed data that a configured policy is evaluated over. */
static struct rt_error *signed_data_of(
        rt_str policy, struct acl_id_info id, struct signed_data *out)
{
    struct rt_error *err;
    switch (id.kind) {
    case ACL_SIGNED_PROPOSAL: {
        Protos__Proposal *proposal;
        err = protoutil_get_proposal(RT_DEREF(id.signed_proposal)->proposal_bytes, &proposal);
        if (err)
            return rt_errorf(
                    "Failing extracting proposal during check policy with policy [%S]: [%v]",
                    policy, err);
        Common__Header *header;
        err = protoutil_get_header(proposal->header, &header);
        if (err)
            return rt_errorf(
                    "Failing extracting header during check policy [%S]: [%v]", policy, err);
        Common__SignatureHeader *signature_header;
        err = protoutil_get_signature_header(header->signature_header, &signature_header);
        if (err)
            return rt_errorf("Invalid Proposal's SignatureHeader during check policy [%S]: [%v]",
                    policy, err);
        *out = (struct signed_data){ id.signed_proposal->proposal_bytes, signature_header->creator,
            id.signed_proposal->signature };
        return NULL;
    }
    case ACL_ENVELOPE:
        return protoutil_envelope_as_signed_data(id.envelope, out);
    case ACL_SIGNED_DATA:
    case ACL_OTHER:
    default:
        return rt_errorf("Invalid id for policy [%S]", policy);
    }
}

/* aclmgmtPolicyProviderImpl.CheckACL. */
static struct rt_error *check_configured_policy(
        const struct channel_config *config, rt_str name, struct acl_id_info id)
{
    struct signed_data data;
    struct rt_error *err = signed_data_of(name, id, &data);
    if (err)
        return err;
    const struct policy_manager *manager = config->policy_manager;
    bool found;
    const struct policy *policy = manager->get_policy(manager->self, name, &found);
    if (found)
        err = policy->evaluate(policy->self, &data, 1);
    else
        err = rt_errorf("policy %S not found", name);
    if (err)
        return rt_errorf("failed evaluating policy on signed data during check policy [%S]: [%v]",
                name, err);
    return NULL;
}

static struct rt_error *resource_check_acl(
        void *self, rt_str resource, rt_str channel_id, struct acl_id_info id)
{
    const struct resource_provider *provider = self;
    const struct channel_config *config = provider->getter->get(provider->getter->self, channel_id);
    if (config) {
        rt_str policy = channel_config_policy_ref_for_api(config, resource);
        if (policy.len > 0)
            return check_configured_policy(config, policy, id);
    }
    const struct acl_provider *next = provider->default_provider;
    return next->check_acl(next->self, resource, channel_id, id);
}

const struct acl_provider *aclmgmt_new_default_acl_provider(const struct policy_checker *checker)
{
    struct default_provider *provider = rt_new(struct default_provider);
    provider->base.self = provider;
    provider->base.check_acl = default_check_acl;
    provider->checker = checker;
    return &provider->base;
}

const struct acl_provider *aclmgmt_new_acl_provider(
        const struct acl_resource_getter *getter, const struct policy_checker *checker)
{
    struct resource_provider *provider = rt_new(struct resource_provider);
    provider->base.self = provider;
    provider->base.check_acl = resource_check_acl;
    provider->getter = getter;
    provider->default_provider = aclmgmt_new_default_acl_provider(checker);
    return &provider->base;
}
