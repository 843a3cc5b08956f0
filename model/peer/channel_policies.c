/* The policies of a channel's configuration, as the policy managers take them. */
#include "model/peer/internal.h"
#include "model/policy/policies.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/configtx.pb-c.h"
#include "proto/policies.pb-c.h"

static struct config_group group_of(rt_str name, const Common__ConfigGroup *from)
{
    struct config_policy *policies = rt_new_array(struct config_policy, from->n_policies + 1);
    struct config_group *groups = rt_new_array(struct config_group, from->n_groups + 1);
    size_t group_count = 0;
    for (size_t i = 0; i < from->n_policies; i++) {
        const Common__ConfigPolicy *entry = from->policies[i]->value;
        const Common__Policy *policy = entry ? entry->policy : NULL;
        policies[i] = (struct config_policy){ .name = from->policies[i]->key, .is_nil = !policy };
        if (policy) {
            policies[i].type = policy->type;
            policies[i].value = policy->value;
        }
    }
    for (size_t i = 0; i < from->n_groups; i++)
        if (from->groups[i]->value)
            groups[group_count++] = group_of(from->groups[i]->key, from->groups[i]->value);
    return (struct config_group){ .name = name,
        .policies = policies,
        .policy_count = from->n_policies,
        .groups = groups,
        .group_count = group_count };
}

struct rt_error *peer_channel_policies(rt_bytes config, const struct config_group **out)
{
    Common__ConfigGroup *root;
    *out = NULL;
    if (!config.data)
        return NULL;
    struct rt_error *err = WIRE_UNMARSHAL(common__config_group, config, &root);
    if (err)
        return rt_error_wrap(err, "its configuration cannot be read");
    struct config_group *made = rt_new(struct config_group);
    *made = group_of(RT_STR("Channel"), root);
    *out = made;
    return NULL;
}
