/* Signature policies: compiling and evaluating SignaturePolicyEnvelopes, and building common ones.
 *
 * Follows common/cauthdsl/{policy,cauthdsl,cauthdsl_builder}.go. Neither compiling nor evaluating
 * recurses on the C stack, however deep a policy is. */
#ifndef CCLAB_MODEL_POLICY_CAUTHDSL_H
#define CCLAB_MODEL_POLICY_CAUTHDSL_H

#include "model/policy/policies.h"
#include "proto/policies.pb-c.h"

/* provider.NewPolicy: decodes and compiles. *out (and *envelope, which may be NULL) are NULL on an
 * error. */
RT_MUST_USE struct rt_error *cauthdsl_new_policy(const struct identity_deserializer *deserializer,
        rt_bytes data, const struct policy **out, Common__SignaturePolicyEnvelope **envelope);
/* EnvelopeBasedPolicyProvider.NewPolicy: does not look at the version; NULL is "invalid
 * arguments". */
RT_MUST_USE struct rt_error *cauthdsl_new_policy_from_envelope(
        const struct identity_deserializer *deserializer,
        const Common__SignaturePolicyEnvelope *envelope, const struct policy **out);

/* cauthdsl_builder.go; all in the current arena. Roles are Common__MSPRole__MSPRoleType. */
Common__SignaturePolicyEnvelope *cauthdsl_accept_all_policy(void);
Common__SignaturePolicyEnvelope *cauthdsl_reject_all_policy(void);
Common__SignaturePolicy *cauthdsl_signed_by(int32_t index);
Common__SignaturePolicy *cauthdsl_n_out_of(
        int32_t n, Common__SignaturePolicy *const *rules, size_t count);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_msp_member(rt_str mspid);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_msp_admin(rt_str mspid);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_msp_client(rt_str mspid);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_msp_peer(rt_str mspid);
/* SignedByAnyMember, SignedByAnyAdmin, …: one of the sorted ids. */
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_any_member(const rt_str *mspids, size_t count);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_any_admin(const rt_str *mspids, size_t count);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_any_client(const rt_str *mspids, size_t count);
Common__SignaturePolicyEnvelope *cauthdsl_signed_by_any_peer(const rt_str *mspids, size_t count);
/* Marshalled, as MarshalOrPanic. */
rt_bytes cauthdsl_marshal(const Common__SignaturePolicyEnvelope *envelope);

#endif
