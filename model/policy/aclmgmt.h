/* Access control of the peer's resources.
 *
 * Follows core/aclmgmt/{acl,aclmgmtimpl,resourceprovider,defaultaclprovider}.go: a channel's
 * configuration may name a policy for a resource; otherwise the default provider's tables
 * decide. */
#ifndef CCLAB_MODEL_POLICY_ACLMGMT_H
#define CCLAB_MODEL_POLICY_ACLMGMT_H

#include "model/policy/channelconfig.h"
#include "model/policy/policychecker.h"
#include "model/policy/resources.h"

/* What an ACL is checked against: Go passes one of three types in an interface{}. */
struct acl_id_info {
    enum acl_id_kind { ACL_SIGNED_PROPOSAL, ACL_ENVELOPE, ACL_SIGNED_DATA, ACL_OTHER } kind;
    const Protos__SignedProposal *signed_proposal;
    const Common__Envelope *envelope;
    const struct signed_data *signed_data;
    size_t signed_data_count;
};
static inline struct acl_id_info acl_signed_proposal(const Protos__SignedProposal *signed_proposal)
{
    return (struct acl_id_info){ .kind = ACL_SIGNED_PROPOSAL, .signed_proposal = signed_proposal };
}

/* aclmgmt.ACLProvider. */
struct acl_provider {
    void *self;
    struct rt_error *(*check_acl)(
            void *self, rt_str resource, rt_str channel_id, struct acl_id_info id);
};

/* aclmgmt.ResourceGetter: the configuration of a channel, NULL if it does not exist. */
struct acl_resource_getter {
    void *self;
    const struct channel_config *(*get)(void *self, rt_str channel_id);
};

/* NewACLProvider: the resource provider in front of the default one. */
const struct acl_provider *aclmgmt_new_acl_provider(
        const struct acl_resource_getter *getter, const struct policy_checker *checker);
/* NewDefaultACLProvider. */
const struct acl_provider *aclmgmt_new_default_acl_provider(const struct policy_checker *checker);

#endif
