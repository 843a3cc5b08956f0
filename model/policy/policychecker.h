/* Checks a signed proposal against a channel's or the local MSP's policy.
 *
 * Follows core/policy/policy.go. */
#ifndef CCLAB_MODEL_POLICY_POLICYCHECKER_H
#define CCLAB_MODEL_POLICY_POLICYCHECKER_H

#include "model/policy/policies.h"

/* policy.PolicyChecker. */
struct policy_checker {
    void *self;
    /* CheckPolicy: CheckPolicyNoChannel for an empty channel id. */
    struct rt_error *(*check_policy)(void *self, rt_str channel_id, rt_str policy_name,
            const Protos__SignedProposal *signed_proposal);
    /* CheckPolicyNoChannel: policy_name is "Admins" or "Members" of the local MSP. */
    struct rt_error *(*check_policy_no_channel)(
            void *self, rt_str policy_name, const Protos__SignedProposal *signed_proposal);
    /* CheckPolicyBySignedData; `set` NULL is Go's nil slice. */
    struct rt_error *(*check_policy_by_signed_data)(void *self, rt_str channel_id,
            rt_str policy_name, const struct signed_data *set, size_t count);
};

/* mgmt.Admins and mgmt.Members. */
#define POLICY_LOCAL_ADMINS "Admins"
#define POLICY_LOCAL_MEMBERS "Members"

/* NewPolicyChecker; the getter and the MSP must live as long as the checker. */
const struct policy_checker *policy_checker_new(
        const struct channel_policy_manager_getter *getter, const struct msp *local_msp);

#endif
