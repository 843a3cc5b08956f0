/* Follows core/policy/policy.go. */
#include "model/policy/policychecker.h"

#include "model/rt/rt.h"

struct checker {
    struct policy_checker base;
    const struct channel_policy_manager_getter *getter;
    const struct msp *local_msp;
};

static struct rt_error *check_policy_by_signed_data(void *self, rt_str channel_id,
        rt_str policy_name, const struct signed_data *set, size_t count)
{
    const struct checker *checker = self;
    if (channel_id.len == 0)
        return rt_errorf("Invalid channel ID name during check policy on signed data. Name must be "
                         "different from nil.");
    if (policy_name.len == 0)
        return rt_errorf("Invalid policy name during check policy on signed data on channel [%S]. "
                         "Name must be different from nil.",
                channel_id);
    if (!set)
        return rt_errorf("Invalid signed data during check policy on channel [%S] with policy [%S]",
                channel_id, policy_name);
    const struct policy_manager *manager =
            checker->getter->manager(checker->getter->self, channel_id);
    if (!manager)
        return rt_errorf("Failed to get policy manager for channel [%S]", channel_id);
    bool found;
    const struct policy *policy = manager->get_policy(manager->self, policy_name, &found);
    struct rt_error *err = policy->evaluate(policy->self, set, count);
    if (err)
        return rt_errorf(
                "Failed evaluating policy on signed data during check policy on channel [%S] "
                "with policy [%S]: [%v]",
                channel_id, policy_name, err);
    return NULL;
}

/* The signature header of a signed proposal; `when` ends the texts of errors. */
static struct rt_error *signature_header_of(
        const Protos__SignedProposal *signed_proposal, rt_str when, Common__SignatureHeader **out)
{
    Protos__Proposal *proposal;
    struct rt_error *err = protoutil_get_proposal(signed_proposal->proposal_bytes, &proposal);
    if (err)
        return rt_errorf("Failing extracting proposal during %S: [%v]", when, err);
    Common__Header *header;
    err = protoutil_get_header(proposal->header, &header);
    if (err)
        return rt_errorf("Failing extracting header during %S: [%v]", when, err);
    err = protoutil_get_signature_header(header->signature_header, out);
    if (err)
        return rt_errorf("Invalid Proposal's SignatureHeader during %S: [%v]", when, err);
    return NULL;
}

static struct rt_error *check_policy_no_channel(
        void *self, rt_str policy_name, const Protos__SignedProposal *signed_proposal)
{
    const struct checker *checker = self;
    if (policy_name.len == 0)
        return rt_errorf(
                "Invalid policy name during channelless check policy. Name must be different "
                "from nil.");
    rt_str when = rt_sprintf("channelless check policy with policy [%S]", policy_name);
    if (!signed_proposal)
        return rt_errorf("Invalid signed proposal during %S", when);
    Common__SignatureHeader *header;
    struct rt_error *err = signature_header_of(signed_proposal, when, &header);
    if (err)
        return err;

    const struct identity_deserializer *deserializer = msp_deserializer(checker->local_msp);
    const struct msp_identity *identity;
    err = deserializer->deserialize_identity(deserializer->self, header->creator, &identity);
    if (err)
        return rt_errorf("Failed deserializing proposal creator during %S: [%v]", when, err);
    Common__MSPPrincipal *principal;
    err = msp_local_principal_get(checker->local_msp, policy_name, &principal);
    if (err)
        return rt_errorf("Failed getting local MSP principal during %S: [%v]", when, err);
    err = identity->satisfies_principal(identity->self, principal);
    if (err)
        return rt_errorf("Failed verifying that proposal's creator satisfies local MSP principal "
                         "during %S: [%v]",
                when, err);
    return identity->verify(
            identity->self, signed_proposal->proposal_bytes, signed_proposal->signature);
}

static struct rt_error *check_policy(void *self, rt_str channel_id, rt_str policy_name,
        const Protos__SignedProposal *signed_proposal)
{
    const struct checker *checker = self;
    if (channel_id.len == 0)
        return check_policy_no_channel(self, policy_name, signed_proposal);
    if (policy_name.len == 0)
        return rt_errorf("Invalid policy name during check policy on channel [%S]. Name must be "
                         "different from nil.",
                channel_id);
    rt_str when =
            rt_sprintf("check policy on channel [%S] with policy [%S]", channel_id, policy_name);
    if (!signed_proposal)
        return rt_errorf("Invalid signed proposal during %S", when);
    if (!checker->getter->manager(checker->getter->self, channel_id))
        return rt_errorf("Failed to get policy manager for channel [%S]", channel_id);
    Common__SignatureHeader *header;
    struct rt_error *err = signature_header_of(signed_proposal, when, &header);
    if (err)
        return err;
    struct signed_data data = { signed_proposal->proposal_bytes, header->creator,
        signed_proposal->signature };
    return check_policy_by_signed_data(self, channel_id, policy_name, &data, 1);
}

const struct policy_checker *policy_checker_new(
        const struct channel_policy_manager_getter *getter, const struct msp *local_msp)
{
    struct checker *checker = rt_new(struct checker);
    checker->base.self = checker;
    checker->base.check_policy = check_policy;
    checker->base.check_policy_no_channel = check_policy_no_channel;
    checker->base.check_policy_by_signed_data = check_policy_by_signed_data;
    checker->getter = getter;
    checker->local_msp = local_msp;
    return &checker->base;
}
