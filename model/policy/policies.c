/* Follows common/policies/{policy,implicitmeta}.go. */
#include "model/policy/policies.h"

#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct manager {
    struct policy_manager base;
    rt_str path;
    struct rt_map *policies; /* relative name to const struct policy; those of sub-groups too */
    struct rt_map *managers; /* group name to struct manager */
};

/* ---- the policy that refuses all ---- */

struct reject_policy {
    struct policy base;
    rt_str name;
};

static struct rt_error *reject_evaluate(void *self, const struct signed_data *set, size_t count)
{
    (void)set;
    (void)count;
    return rt_errorf("No such policy: '%S'", ((struct reject_policy *)self)->name);
}

static const struct policy *reject_policy(rt_str name)
{
    struct reject_policy *reject = rt_new(struct reject_policy);
    reject->base.self = reject;
    reject->base.evaluate = reject_evaluate;
    reject->name = name;
    return &reject->base;
}

/* ---- implicit meta policies ---- */

struct implicit_meta_policy {
    struct policy base;
    int64_t threshold;
    const struct policy **sub_policies;
    size_t count;
    rt_str sub_policy_name;
};

static struct rt_error *implicit_meta_evaluate(
        void *self, const struct signed_data *set, size_t count)
{
    const struct implicit_meta_policy *imp = self;
    int64_t remaining = imp->threshold;
    for (size_t i = 0; i < imp->count; i++) {
        const struct policy *policy = imp->sub_policies[i];
        if (policy->evaluate(policy->self, set, count))
            continue;
        remaining--;
        if (remaining == 0)
            return NULL;
    }
    if (remaining == 0)
        return NULL;
    return rt_errorf(
            "implicit policy evaluation failed - %lld sub-policies were satisfied, but this "
            "policy requires %lld of the '%S' sub-policies to be satisfied",
            (long long)(imp->threshold - remaining), (long long)imp->threshold,
            imp->sub_policy_name);
}

static struct rt_error *new_implicit_meta_policy(
        rt_bytes data, const struct rt_map *managers, const struct policy **out)
{
    Common__ImplicitMetaPolicy *definition;
    struct rt_error *err = WIRE_UNMARSHAL(common__implicit_meta_policy, data, &definition);
    if (err)
        return rt_errorf("Error unmarshaling to ImplicitMetaPolicy: %v", err);
    struct implicit_meta_policy *imp = rt_new(struct implicit_meta_policy);
    imp->base.self = imp;
    imp->base.evaluate = implicit_meta_evaluate;
    imp->sub_policy_name = definition->sub_policy;
    imp->count = rt_map_len(managers);
    imp->sub_policies = rt_new_array(const struct policy *, imp->count);
    const struct rt_map_entry *entries = rt_map_sorted(managers);
    for (size_t i = 0; i < imp->count; i++) {
        const struct manager *sub = entries[i].value;
        bool found;
        imp->sub_policies[i] = sub->base.get_policy(sub->base.self, definition->sub_policy, &found);
    }
    switch (definition->rule) {
    case COMMON__IMPLICIT_META_POLICY__RULE__ANY:
        imp->threshold = 1;
        break;
    case COMMON__IMPLICIT_META_POLICY__RULE__ALL:
        imp->threshold = (int64_t)imp->count;
        break;
    case COMMON__IMPLICIT_META_POLICY__RULE__MAJORITY:
        imp->threshold = (int64_t)imp->count / 2 + 1;
        break;
    default:
        break; /* a rule that Fabric does not know leaves 0 */
    }
    if (imp->count == 0)
        imp->threshold = 0;
    *out = &imp->base;
    return NULL;
}

/* ---- managers ---- */

static const struct policy_manager *manager_manager(void *self, const rt_str *path, size_t count)
{
    const struct manager *manager = self;
    for (size_t i = 0; i < count; i++) {
        manager = rt_map_get(manager->managers, path[i]);
        if (!manager)
            return NULL;
    }
    return &manager->base;
}

static const struct policy *manager_get_policy(void *self, rt_str id, bool *found)
{
    const struct manager *manager = self;
    *found = false;
    if (id.len == 0)
        return reject_policy(id);
    rt_str relative = id;
    if (id.data[0] == '/') {
        if (!rt_str_has_prefix(id, rt_str_cat(RT_STR("/"), manager->path)))
            return reject_policy(id);
        size_t from = 1 + manager->path.len + 1;
        if (from > id.len) /* "/Channel" asked of the manager of Channel */
            rt_panicf("runtime error: slice bounds out of range [%zu:%zu]", from, id.len);
        relative = rt_str_slice(id, from, id.len);
    }
    const struct policy *policy = rt_map_get(manager->policies, relative);
    if (!policy)
        return reject_policy(relative);
    *found = true;
    return policy;
}

static struct rt_error *compile_policy(struct manager *manager, const struct config_policy *config,
        const struct identity_deserializer *deserializer)
{
    if (config->is_nil)
        return rt_errorf("policy %S at path %S was nil", config->name, manager->path);
    const struct policy *policy = NULL;
    struct rt_error *err;
    switch (config->type) {
    case POLICY_IMPLICIT_META:
        err = new_implicit_meta_policy(config->value, manager->managers, &policy);
        if (err)
            return rt_error_wrapf(err, "implicit policy %S at path %S did not compile",
                    config->name, manager->path);
        break;
    case POLICY_SIGNATURE:
        err = cauthdsl_new_policy(deserializer, config->value, &policy, NULL);
        if (err)
            return rt_error_wrapf(
                    err, "policy %S at path %S did not compile", config->name, manager->path);
        break;
    default:
        return rt_errorf("policy %S at path %S has unknown policy type: %d", config->name,
                manager->path, config->type);
    }
    rt_map_put(manager->policies, config->name, (void *)(uintptr_t)policy);
    return NULL;
}

static struct rt_error *new_manager(const struct config_group *group, rt_str path,
        const struct identity_deserializer *deserializer, struct manager **out)
{
    struct manager *manager = rt_new(struct manager);
    manager->base.self = manager;
    manager->base.get_policy = manager_get_policy;
    manager->base.manager = manager_manager;
    manager->path = path;
    manager->policies = rt_map_new();
    manager->managers = rt_map_new();
    for (size_t i = 0; i < group->group_count; i++) {
        const struct config_group *sub_group = &group->groups[i];
        struct manager *sub;
        struct rt_error *err = new_manager(
                sub_group, rt_sprintf("%S/%S", path, sub_group->name), deserializer, &sub);
        if (err)
            return err;
        rt_map_put(manager->managers, sub_group->name, sub);
    }
    for (size_t i = 0; i < group->policy_count; i++) {
        struct rt_error *err = compile_policy(manager, &group->policies[i], deserializer);
        if (err)
            return err;
    }
    const struct rt_map_entry *subs = rt_map_sorted(manager->managers);
    for (size_t i = 0; i < rt_map_len(manager->managers); i++) {
        const struct manager *sub = subs[i].value;
        const struct rt_map_entry *policies = rt_map_sorted(sub->policies);
        for (size_t j = 0; j < rt_map_len(sub->policies); j++)
            rt_map_put(manager->policies, rt_sprintf("%S/%S", subs[i].key, policies[j].key),
                    policies[j].value);
    }
    *out = manager;
    return NULL;
}

struct rt_error *policies_new_manager(const struct config_group *root,
        const struct identity_deserializer *deserializer, const struct policy_manager **out)
{
    *out = NULL;
    struct manager *manager;
    struct rt_error *err = new_manager(root, root->name, deserializer, &manager);
    if (!err)
        *out = &manager->base;
    return err;
}
