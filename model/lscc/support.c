/* Follows core/scc/lscc/support.go. */
#include "model/lscc/support.h"

#include "model/ccprovider/package.h"
#include "model/ccprovider/store.h"
#include "model/msp/msp.h"
#include "model/policy/cauthdsl.h"
#include "model/policy/channelconfig.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

const rt_str *lscc_get_msp_ids(const struct life_cycle_sys_cc *lscc, rt_str channel, size_t *count)
{
    const struct channel_config *config = lscc->peer->get_channel_config(lscc->peer->self, channel);
    *count = config ? config->org_count : 0;
    return config ? config->orgs : NULL;
}

struct rt_error *lscc_put_chaincode_to_local_storage(
        const struct life_cycle_sys_cc *lscc, const struct cc_package *ccpack)
{
    struct rt_error *err = cc_package_put_chaincode_to_fs(ccpack, lscc->packages);
    if (!err)
        return NULL;
    const Ccprovider__ChaincodeData *cd = cc_package_get_chaincode_data(ccpack);
    return rt_errorf("error installing chaincode code %S:%S(%v)", cd->name, cd->version, err);
}

struct rt_error *lscc_get_instantiation_policy(const struct life_cycle_sys_cc *lscc, rt_str channel,
        const struct cc_package *ccpack, rt_bytes *policy)
{
    if (ccpack->kind == CC_PACKAGE_SIGNED_CDS) {
        *policy = cc_package_get_instantiation_policy(ccpack);
        if (!policy->data)
            return rt_errorf("instantiation policy cannot be nil for a SignedCCDeploymentSpec");
        return NULL;
    }
    size_t count;
    const rt_str *mspids = lscc_get_msp_ids(lscc, channel, &count);
    const Common__SignaturePolicyEnvelope *p = cauthdsl_signed_by_any_admin(mspids, count);
    if (WIRE_MARSHAL(p, policy))
        return rt_errorf("error marshalling default instantiation policy");
    return NULL;
}

struct rt_error *lscc_check_instantiation_policy(const struct life_cycle_sys_cc *lscc,
        const Protos__SignedProposal *signed_prop, rt_str chain_name, rt_bytes instantiation_policy)
{
    const struct identity_deserializer *mgr =
            msp_mgmt_get_manager_for_chain(lscc->peer->msp_mgmt, chain_name);
    const struct policy *inst_pol;
    struct rt_error *err = cauthdsl_new_policy(mgr, instantiation_policy, &inst_pol, NULL);
    if (err)
        return err;

    Protos__Proposal *proposal;
    err = protoutil_get_proposal(RT_DEREF(signed_prop)->proposal_bytes, &proposal);
    if (err)
        return err;
    Common__Header *header;
    err = protoutil_get_header(proposal->header, &header);
    if (err)
        return err;
    Common__SignatureHeader *shdr;
    err = protoutil_get_signature_header(header->signature_header, &shdr);
    if (err)
        return err;

    struct signed_data sd = {
        .data = signed_prop->proposal_bytes,
        .identity = shdr->creator,
        .signature = signed_prop->signature,
    };
    return rt_error_wrap(
            inst_pol->evaluate(inst_pol->self, &sd, 1), "instantiation policy violation");
}
