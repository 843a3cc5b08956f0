/* Follows putChaincodeCollectionData and checkCollectionMemberPolicy of core/scc/lscc/lscc.go. */
#include "model/lscc/collections.h"

#include "model/ledger/deployedcc_infoprovider.h"
#include "model/lscc/support.h"
#include "model/msp/msp.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/collection.pb-c.h"
#include "proto/msp_principal.pb-c.h"

/* MSPPrincipal_Classification.String. */
static rt_str classification_string(int32_t classification)
{
    if (classification == COMMON__MSPPRINCIPAL__CLASSIFICATION__ANONYMITY)
        return RT_STR("ANONYMITY");
    if (classification == COMMON__MSPPRINCIPAL__CLASSIFICATION__COMBINED)
        return RT_STR("COMBINED");
    return rt_sprintf("%d", classification);
}

/* A member that is not of the channel is only a warning. */
static void warn_of_stranger(
        const struct life_cycle_sys_cc *lscc, rt_str channel, rt_str mspid, rt_str coll_name)
{
    size_t count;
    const rt_str *mspids = lscc_get_msp_ids(lscc, channel, &count);
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(mspids[i], mspid))
            return;
    rt_note("collection-name: %S collection member %S is not part of the channel", coll_name,
            mspid);
}

/* One principal of a member policy. Identities are not looked up: nothing but the warning depends
 * on it. */
static struct rt_error *check_principal(const struct life_cycle_sys_cc *lscc, rt_str channel,
        const Common__MSPPrincipal *principal, rt_str coll_name)
{
    struct rt_error *err = NULL;
    switch ((int)principal->principal_classification) {
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE: {
        Common__MSPRole *role;
        err = WIRE_UNMARSHAL(common__msprole, principal->principal, &role);
        if (!err)
            warn_of_stranger(lscc, channel, role->msp_identifier, coll_name);
        break;
    }
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__ORGANIZATION_UNIT: {
        Common__OrganizationUnit *unit;
        err = WIRE_UNMARSHAL(common__organization_unit, principal->principal, &unit);
        if (!err)
            warn_of_stranger(lscc, channel, unit->msp_identifier, coll_name);
        break;
    }
    case COMMON__MSPPRINCIPAL__CLASSIFICATION__IDENTITY:
        break;
    default:
        return rt_errorf("collection-name: %S -- principal type %S is not supported", coll_name,
                classification_string((int32_t)principal->principal_classification));
    }
    return rt_error_wrapf(err, "collection-name: %S -- cannot unmarshal identities", coll_name);
}

static struct rt_error *check_collection_member_policy(const struct life_cycle_sys_cc *lscc,
        rt_str channel, const Common__CollectionConfig *config,
        const struct identity_deserializer *mspmgr)
{
    if (config->payload_case != COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG)
        return rt_errorf("collection configuration is empty");
    const Common__StaticCollectionConfig *coll = config->static_collection_config;
    if (!coll->member_orgs_policy)
        return rt_errorf("collection member policy is not set");
    if (coll->member_orgs_policy->payload_case !=
            COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY)
        return rt_errorf("collection member org policy is empty");
    const Common__SignaturePolicyEnvelope *envelope = coll->member_orgs_policy->signature_policy;

    for (size_t i = 0; i < envelope->n_identities; i++) {
        struct rt_error *err = check_principal(lscc, channel, envelope->identities[i], coll->name);
        if (err)
            return err;
    }

    /* Compiling finds, among other things, references beyond the list of identities. */
    const struct policy *policy;
    return rt_error_wrapf(cauthdsl_new_policy_from_envelope(mspmgr, envelope, &policy),
            "invalid member org policy for collection '%S'", coll->name);
}

struct rt_error *lscc_put_chaincode_collection_data(struct life_cycle_sys_cc *lscc,
        const struct chaincode_stub *stub, const Ccprovider__ChaincodeData *cd,
        rt_bytes collection_config_bytes)
{
    if (!cd)
        return rt_errorf("nil ChaincodeData");
    if (collection_config_bytes.len == 0)
        return NULL;

    Common__CollectionConfigPackage *collections;
    if (WIRE_UNMARSHAL(common__collection_config_package, collection_config_bytes, &collections))
        return rt_errorf("invalid collection configuration supplied for chaincode %S:%S", cd->name,
                cd->version);

    rt_str channel = stub->get_channel_id(stub->self);
    const struct identity_deserializer *mspmgr =
            msp_mgmt_get_manager_for_chain(lscc->peer->msp_mgmt, channel);
    for (size_t i = 0; i < collections->n_config; i++) {
        struct rt_error *err =
                check_collection_member_policy(lscc, channel, collections->config[i], mspmgr);
        if (err)
            return rt_error_wrap(err, "collection member policy check failed");
    }

    rt_str key = build_collection_kvs_key(cd->name);
    return rt_error_wrapf(stub->put_state(stub->self, key, collection_config_bytes),
            "error putting collection for chaincode %S:%S", cd->name, cd->version);
}
