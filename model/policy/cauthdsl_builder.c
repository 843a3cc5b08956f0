/* Follows common/cauthdsl/cauthdsl_builder.go. */
#include "model/policy/cauthdsl.h"

#include <stdlib.h>

#include "model/rt/arena.h"
#include "model/wire/wire.h"

Common__SignaturePolicy *cauthdsl_signed_by(int32_t index)
{
    Common__SignaturePolicy *rule = WIRE_NEW(common__signature_policy);
    rule->type_case = COMMON__SIGNATURE_POLICY__TYPE_SIGNED_BY;
    rule->signed_by = index;
    return rule;
}

Common__SignaturePolicy *cauthdsl_n_out_of(
        int32_t n, Common__SignaturePolicy *const *rules, size_t count)
{
    Common__SignaturePolicy__NOutOf *gate = WIRE_NEW(common__signature_policy__nout_of);
    gate->n = n;
    gate->n_rules = count;
    gate->rules = rt_new_array(Common__SignaturePolicy *, count);
    for (size_t i = 0; i < count; i++)
        gate->rules[i] = rules[i];
    Common__SignaturePolicy *rule = WIRE_NEW(common__signature_policy);
    rule->type_case = COMMON__SIGNATURE_POLICY__TYPE_N_OUT_OF;
    rule->n_out_of = gate;
    return rule;
}

static Common__SignaturePolicyEnvelope *envelope_without_identities(int32_t n)
{
    Common__SignaturePolicyEnvelope *envelope = WIRE_NEW(common__signature_policy_envelope);
    envelope->rule = cauthdsl_n_out_of(n, NULL, 0);
    return envelope;
}

Common__SignaturePolicyEnvelope *cauthdsl_accept_all_policy(void)
{
    return envelope_without_identities(0);
}

Common__SignaturePolicyEnvelope *cauthdsl_reject_all_policy(void)
{
    return envelope_without_identities(1);
}

static int compare_strings(const void *a, const void *b)
{
    return rt_str_cmp(*(const rt_str *)a, *(const rt_str *)b);
}

/* signedByAnyOfGivenRole: one of the MSPs' role, the MSPs in order. */
static Common__SignaturePolicyEnvelope *signed_by_any(
        Common__MSPRole__MSPRoleType role, const rt_str *mspids, size_t count)
{
    rt_str *sorted = rt_new_array(rt_str, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = mspids[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_strings);

    Common__SignaturePolicyEnvelope *envelope = WIRE_NEW(common__signature_policy_envelope);
    envelope->n_identities = count;
    envelope->identities = rt_new_array(Common__MSPPrincipal *, count);
    Common__SignaturePolicy **rules = rt_new_array(Common__SignaturePolicy *, count);
    for (size_t i = 0; i < count; i++) {
        Common__MSPRole *msp_role = WIRE_NEW(common__msprole);
        msp_role->msp_identifier = sorted[i];
        msp_role->role = role;
        Common__MSPPrincipal *principal = WIRE_NEW(common__mspprincipal);
        principal->principal_classification = COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE;
        principal->principal = WIRE_MARSHAL_OR_PANIC(msp_role);
        envelope->identities[i] = principal;
        rules[i] = cauthdsl_signed_by((int32_t)i);
    }
    envelope->rule = cauthdsl_n_out_of(1, rules, count);
    return envelope;
}

#define SIGNED_BY(suffix, ROLE)                                                                    \
    Common__SignaturePolicyEnvelope *cauthdsl_signed_by_msp_##suffix(rt_str mspid)                 \
    {                                                                                              \
        return signed_by_any(COMMON__MSPROLE__MSPROLE_TYPE__##ROLE, &mspid, 1);                    \
    }                                                                                              \
    Common__SignaturePolicyEnvelope *cauthdsl_signed_by_any_##suffix(                              \
            const rt_str *mspids, size_t count)                                                    \
    {                                                                                              \
        return signed_by_any(COMMON__MSPROLE__MSPROLE_TYPE__##ROLE, mspids, count);                \
    }

SIGNED_BY(member, MEMBER)
SIGNED_BY(admin, ADMIN)
SIGNED_BY(client, CLIENT)
SIGNED_BY(peer, PEER)

rt_bytes cauthdsl_marshal(const Common__SignaturePolicyEnvelope *envelope)
{
    return WIRE_MARSHAL_OR_PANIC(envelope);
}
