/* A channel's configuration as the peer sees it: application capabilities, organisations, ACLs,
 * MSPs and policies.
 *
 * Follows common/channelconfig (Resources, Application, acls.go) and
 * common/capabilities/application.go. A channel_config never changes, so one made in a world's
 * arena serves any number of runs. */
#ifndef CCLAB_MODEL_POLICY_CHANNELCONFIG_H
#define CCLAB_MODEL_POLICY_CHANNELCONFIG_H

#include "model/msp/msp.h"
#include "model/policy/policies.h"

/* capabilities.ApplicationProvider. */
struct application_capabilities {
    bool v11;
    bool v12;
    bool v13;
    bool v142;
    bool v11_pvt_data_experimental;
};
/* From capability names ("V1_2"). False, with the name in *unknown, for one this peer does not
 * know: the real one refuses to run such a channel. */
bool application_capabilities_parse(
        const rt_str *names, size_t count, struct application_capabilities *out, rt_str *unknown);

/* The predicates of ApplicationCapabilities. */
bool application_capabilities_acls(const struct application_capabilities *c);
bool application_capabilities_forbid_duplicate_txid_in_block(
        const struct application_capabilities *c);
bool application_capabilities_private_channel_data(const struct application_capabilities *c);
bool application_capabilities_collection_upgrade(const struct application_capabilities *c);
bool application_capabilities_v1_1_validation(const struct application_capabilities *c);
bool application_capabilities_v1_2_validation(const struct application_capabilities *c);
bool application_capabilities_v1_3_validation(const struct application_capabilities *c);
bool application_capabilities_metadata_lifecycle(const struct application_capabilities *c);
bool application_capabilities_key_level_endorsement(const struct application_capabilities *c);
bool application_capabilities_fab_token(const struct application_capabilities *c);
bool application_capabilities_store_pvt_data_of_invalid_tx(
        const struct application_capabilities *c);

/* channelconfig.Resources, as far as the peer asks it. */
struct channel_config {
    rt_str channel_id;
    struct application_capabilities capabilities; /* of the application */
    const struct msp_manager *msp_manager;
    const struct policy_manager *policy_manager;
    rt_str *orgs; /* MSP ids of the application's organisations, sorted */
    size_t org_count;
    const struct rt_map *acls; /* resource name to rt_str *: fully qualified policy */
    bool acl_without_policy;   /* an ACL names none: asking for any ACL panics, as Fabric does */
};

struct channel_acl {
    rt_str resource;
    rt_str policy_ref;
};

/* What a channel is made from. */
struct channel_config_params {
    rt_str channel_id;
    const rt_str *capabilities;
    size_t capability_count;
    const struct msp *const *orgs; /* MSPs of the application's organisations */
    size_t org_count;
    const struct channel_acl *acls;
    size_t acl_count;
    /* The whole policy tree, its root named "Channel"; NULL for the usual one, in which members of
     * an organisation are its Readers and Writers and its administrators its Admins, and the
     * application (and the channel above it) wants any Readers, any Writers, a majority of
     * Admins. */
    const struct config_group *policies;
};

/* NewBundle: makes the configuration in the current arena. *out is NULL on an error. */
RT_MUST_USE struct rt_error *channel_config_new(
        const struct channel_config_params *params, struct channel_config **out);
/* PolicyRefForAPI: the fully qualified policy of a resource, empty when there is none. */
rt_str channel_config_policy_ref_for_api(const struct channel_config *config, rt_str resource);

#endif
