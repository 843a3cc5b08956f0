/* Follows core/common/privdata/{simplecollection,util}.go. */
#include "model/privdata/simple_collection.h"

#include "model/policy/cauthdsl.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* The organisation that a principal of the policy names. */
static struct rt_error *principal_org(const Common__MSPPrincipal *principal,
        const struct identity_deserializer *deserializer, rt_str *org)
{
    Common__MSPRole *role;
    Common__OrganizationUnit *ou;
    const struct msp_identity *identity;
    struct rt_error *err;
    switch ((int32_t)principal->principal_classification) {
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE:
        err = WIRE_UNMARSHAL(common__msprole, principal->principal, &role);
        *org = err ? RT_NIL : role->msp_identifier;
        return rt_error_wrap(err, "Could not unmarshal MSPRole from principal");
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__IDENTITY:
        err = deserializer->deserialize_identity(
                deserializer->self, principal->principal, &identity);
        *org = err ? RT_NIL : identity->identifier.mspid;
        return rt_error_wrap(err, "Invalid identity principal, not a certificate");
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ORGANIZATION_UNIT:
        err = WIRE_UNMARSHAL(common__organization_unit, principal->principal, &ou);
        *org = err ? RT_NIL : ou->msp_identifier;
        return rt_error_wrap(err, "Could not unmarshal OrganizationUnit from principal");
    default:
        return rt_errorf("Invalid principal type %d", (int)principal->principal_classification);
    }
}

struct rt_error *simple_collection_setup(struct simple_collection *sc,
        const Common__StaticCollectionConfig *config,
        const struct identity_deserializer *deserializer)
{
    *sc = (struct simple_collection){ .conf = config };
    const Common__CollectionPolicyConfig *policy = config->member_orgs_policy;
    if (!policy)
        return rt_errorf("Collection config policy is nil");
    const Common__SignaturePolicyEnvelope *envelope = policy->signature_policy;
    if (policy->payload_case != COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY ||
            !envelope)
        return rt_errorf("Collection config access policy is nil");
    struct rt_error *err =
            cauthdsl_new_policy_from_envelope(deserializer, envelope, &sc->access_policy);
    if (err)
        return rt_error_wrap(
                err, "failed constructing policy object out of collection policy config");
    sc->member_orgs = rt_new_array(rt_str, envelope->n_identities + 1);
    for (size_t i = 0; i < envelope->n_identities; i++) {
        err = principal_org(envelope->identities[i], deserializer, &sc->member_orgs[i]);
        if (err)
            return err;
        sc->member_org_count++;
    }
    return NULL;
}

bool simple_collection_access_filter(
        const struct simple_collection *sc, const struct signed_data *signed_data)
{
    const struct policy *policy = RT_DEREF(sc)->access_policy;
    return !policy->evaluate(policy->self, signed_data, 1);
}
