/* Follows common/channelconfig/{bundle,application,acls}.go. */
#include "model/policy/channelconfig.h"

#include <stdlib.h>

#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

static struct config_policy signature_policy(
        const char *name, Common__SignaturePolicyEnvelope *envelope)
{
    return (struct config_policy){
        .name = rt_str_from(name), .type = POLICY_SIGNATURE, .value = cauthdsl_marshal(envelope)
    };
}

static struct config_policy implicit_meta_policy(
        const char *name, Common__ImplicitMetaPolicy__Rule rule)
{
    Common__ImplicitMetaPolicy definition = COMMON__IMPLICIT_META_POLICY__INIT;
    definition.sub_policy = rt_str_from(name);
    definition.rule = rule;
    return (struct config_policy){ .name = rt_str_from(name),
        .type = POLICY_IMPLICIT_META,
        .value = WIRE_MARSHAL_OR_PANIC(&definition) };
}

/* Any Readers, any Writers, a majority of Admins of the groups below. */
static struct config_group implicit_group(
        const char *name, const struct config_group *groups, size_t count)
{
    struct config_policy *policies = rt_new_array(struct config_policy, 3);
    policies[0] = implicit_meta_policy("Readers", COMMON__IMPLICIT_META_POLICY__RULE__ANY);
    policies[1] = implicit_meta_policy("Writers", COMMON__IMPLICIT_META_POLICY__RULE__ANY);
    policies[2] = implicit_meta_policy("Admins", COMMON__IMPLICIT_META_POLICY__RULE__MAJORITY);
    return (struct config_group){ rt_str_from(name), policies, 3, groups, count };
}

static struct config_group org_group(const struct msp *msp)
{
    rt_str mspid = msp_get_identifier(msp);
    struct config_policy *policies = rt_new_array(struct config_policy, 3);
    policies[0] = signature_policy("Readers", cauthdsl_signed_by_msp_member(mspid));
    policies[1] = signature_policy("Writers", cauthdsl_signed_by_msp_member(mspid));
    policies[2] = signature_policy("Admins", cauthdsl_signed_by_msp_admin(mspid));
    return (struct config_group){ mspid, policies, 3, NULL, 0 };
}

static const struct config_group *usual_policies(const struct msp *const *orgs, size_t count)
{
    struct config_group *org_groups = rt_new_array(struct config_group, count);
    for (size_t i = 0; i < count; i++)
        org_groups[i] = org_group(orgs[i]);
    struct config_group *application = rt_new(struct config_group);
    *application = implicit_group("Application", org_groups, count);
    struct config_group *channel = rt_new(struct config_group);
    *channel = implicit_group("Channel", application, 1);
    return channel;
}

static int compare_strings(const void *a, const void *b)
{
    return rt_str_cmp(*(const rt_str *)a, *(const rt_str *)b);
}

static void set_orgs(struct channel_config *config, const struct msp *const *orgs, size_t count)
{
    config->orgs = rt_new_array(rt_str, count);
    config->org_count = count;
    for (size_t i = 0; i < count; i++)
        config->orgs[i] = msp_get_identifier(orgs[i]);
    if (count > 0)
        qsort(config->orgs, count, sizeof *config->orgs, compare_strings);
}

/* newAPIsProvider: names without a path are the application's. An empty name stays empty here;
 * Fabric panics when it is asked. */
static const struct rt_map *qualified_acls(
        const struct channel_acl *acls, size_t count, bool *without_policy)
{
    struct rt_map *map = rt_map_new();
    for (size_t i = 0; i < count; i++) {
        rt_str *policy = rt_new(rt_str);
        *policy = acls[i].policy_ref;
        if (policy->len == 0)
            *without_policy = true;
        else if (policy->data[0] != '/')
            *policy = rt_str_cat(RT_STR("/Channel/Application/"), *policy);
        rt_map_put(map, acls[i].resource, policy);
    }
    return map;
}

struct rt_error *channel_config_new(
        const struct channel_config_params *params, struct channel_config **out)
{
    *out = NULL;
    struct channel_config *config = rt_new(struct channel_config);
    config->channel_id = params->channel_id;
    rt_str unknown;
    if (!application_capabilities_parse(
                params->capabilities, params->capability_count, &config->capabilities, &unknown))
        return rt_errorf("Application capability %S is required but not supported", unknown);
    if (params->acl_count > 0 && !application_capabilities_acls(&config->capabilities))
        return rt_errorf("ACLs may not be specified without the required capability");
    config->acls = qualified_acls(params->acls, params->acl_count, &config->acl_without_policy);
    set_orgs(config, params->orgs, params->org_count);
    config->msp_manager = msp_manager_new(params->orgs, params->org_count);
    const struct config_group *policies = params->policies;
    if (!policies)
        policies = usual_policies(params->orgs, params->org_count);
    struct rt_error *err = policies_new_manager(
            policies, msp_manager_deserializer(config->msp_manager), &config->policy_manager);
    if (err)
        return rt_error_wrap(err, "initializing policymanager failed");
    *out = config;
    return NULL;
}

rt_str channel_config_policy_ref_for_api(const struct channel_config *config, rt_str resource)
{
    /* Fabric qualifies all names at each question, and an empty one has no first byte. */
    if (config->acl_without_policy)
        rt_panic_index();
    const rt_str *policy = rt_map_get(config->acls, resource);
    return policy ? *policy : RT_STR("");
}
