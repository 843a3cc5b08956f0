/* Policies and the tree of policy managers of a channel.
 *
 * Follows common/policies/{policy,implicitmeta}.go. */
#ifndef CCLAB_MODEL_POLICY_POLICIES_H
#define CCLAB_MODEL_POLICY_POLICIES_H

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"

#define POLICIES_CHANNEL_READERS "/Channel/Readers"
#define POLICIES_CHANNEL_WRITERS "/Channel/Writers"
#define POLICIES_CHANNEL_APPLICATION_READERS "/Channel/Application/Readers"
#define POLICIES_CHANNEL_APPLICATION_WRITERS "/Channel/Application/Writers"
#define POLICIES_CHANNEL_APPLICATION_ADMINS "/Channel/Application/Admins"

/* policies.Policy. */
struct policy {
    void *self;
    /* Evaluate: NULL when the signatures satisfy the policy. */
    struct rt_error *(*evaluate)(void *self, const struct signed_data *signature_set, size_t count);
};

/* policies.Manager. */
struct policy_manager {
    void *self;
    /* GetPolicy: never NULL; *found is false for the policy that refuses all ("No such policy:
     * …"). */
    const struct policy *(*get_policy)(void *self, rt_str id, bool *found);
    /* Manager: the manager at a path below, or NULL. */
    const struct policy_manager *(*manager)(void *self, const rt_str *path, size_t count);
};

/* policies.ChannelPolicyManagerGetter: NULL for a channel that does not exist. */
struct channel_policy_manager_getter {
    void *self;
    const struct policy_manager *(*manager)(void *self, rt_str channel_id);
};

/* common.Policy_PolicyType. */
enum policy_type { POLICY_UNKNOWN, POLICY_SIGNATURE, POLICY_MSP, POLICY_IMPLICIT_META };

/* The part of common.ConfigGroup that policies are made of. */
struct config_policy {
    rt_str name;
    bool is_nil; /* the ConfigPolicy has no policy */
    int32_t type;
    rt_bytes value; /* SignaturePolicyEnvelope or ImplicitMetaPolicy, marshalled */
};
struct config_group {
    rt_str name;
    const struct config_policy *policies;
    size_t policy_count;
    const struct config_group *groups;
    size_t group_count;
};

/* NewManagerImpl for a root group whose path is `root->name`, with signature policies evaluated by
 * `deserializer`. Made in the current arena; *out is NULL on an error. */
RT_MUST_USE struct rt_error *policies_new_manager(const struct config_group *root,
        const struct identity_deserializer *deserializer, const struct policy_manager **out);

#endif
