/* Signature policies, implicit meta policies, managers, access control: by Fabric's code. */
#include "model/policy/aclmgmt.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

enum { DEEP = 100000 };

static const rt_str data = RT_STR_INIT("data to sign");

static struct signed_data signed_by(const char *name)
{
    const struct signing_identity *signer = support_signer(name);
    struct signed_data out = { .data = data };
    out.identity = signer->identity->serialize(signer->identity->self);
    assert_null(signer->sign(signer->self, data, &out.signature));
    return out;
}

static const struct identity_deserializer *deserializer(void)
{
    return msp_manager_deserializer(support_manager(MSP_V1_3));
}

static bool satisfied(
        const Common__SignaturePolicyEnvelope *envelope, struct signed_data *set, size_t count)
{
    const struct policy *policy;
    assert_null(cauthdsl_new_policy(deserializer(), cauthdsl_marshal(envelope), &policy, NULL));
    return !policy->evaluate(policy->self, set, count);
}

static void a_signature_counts_once(void **state)
{
    (void)state;
    Common__SignaturePolicyEnvelope *member = cauthdsl_signed_by_msp_member(RT_STR("Org1MSP"));
    Common__SignaturePolicy *twice[] = { cauthdsl_signed_by(0), cauthdsl_signed_by(0) };
    member->rule = cauthdsl_n_out_of(2, twice, 2);
    struct signed_data set[] = { signed_by("user"), signed_by("user"), signed_by("admin") };
    assert_false(satisfied(member, set, 1));
    assert_false(satisfied(member, set, 2)); /* one identity, twice */
    assert_true(satisfied(member, set, 3));
    set[2].signature = set[0].signature;
    assert_false(satisfied(member, set, 3));
}

static void a_failed_gate_gives_signatures_back(void **state)
{
    (void)state;
    Common__SignaturePolicyEnvelope *member = cauthdsl_signed_by_msp_member(RT_STR("Org1MSP"));
    Common__SignaturePolicy *two[] = { cauthdsl_signed_by(0), cauthdsl_signed_by(0) };
    Common__SignaturePolicy *either[] = { cauthdsl_n_out_of(2, two, 2), cauthdsl_signed_by(0) };
    member->rule = cauthdsl_n_out_of(1, either, 2);
    struct signed_data one = signed_by("user");
    assert_true(satisfied(member, &one, 1));
}

static void all_and_nothing(void **state)
{
    (void)state;
    assert_true(satisfied(cauthdsl_accept_all_policy(), NULL, 0));
    assert_false(satisfied(cauthdsl_reject_all_policy(), NULL, 0));
    struct signed_data outsider = signed_by("outsider"), admin = signed_by("admin");
    rt_str orgs[] = { RT_STR("Org2MSP"), RT_STR("Org1MSP") };
    assert_true(satisfied(cauthdsl_signed_by_any_member(orgs, 2), &outsider, 1));
    assert_false(satisfied(cauthdsl_signed_by_any_member(orgs + 1, 1), &outsider, 1));
    assert_true(satisfied(cauthdsl_signed_by_any_admin(orgs, 2), &admin, 1));
    assert_false(satisfied(cauthdsl_signed_by_msp_peer(orgs[1]), &admin, 1)); /* no node OUs */
}

static void depth_is_no_matter(void **state)
{
    (void)state;
    Common__SignaturePolicyEnvelope *member = cauthdsl_signed_by_msp_member(RT_STR("Org1MSP"));
    for (int i = 0; i < DEEP; i++)
        member->rule = cauthdsl_n_out_of(1, &member->rule, 1);
    struct signed_data one = signed_by("user");
    const struct policy *policy;
    assert_null(cauthdsl_new_policy_from_envelope(deserializer(), member, &policy));
    assert_null(policy->evaluate(policy->self, &one, 1));
}

static void combined_principals(void **state)
{
    (void)state;
    Common__SignaturePolicyEnvelope *member = cauthdsl_signed_by_msp_member(RT_STR("Org1MSP"));
    struct signed_data user = signed_by("user"), outsider = signed_by("outsider");
    const struct msp_identity *id, *old;
    const struct identity_deserializer *d = deserializer();
    assert_null(d->deserialize_identity(d->self, user.identity, &id));
    const struct msp *local = support_msp("Org1MSP", MSP_V1_1, false);
    const struct identity_deserializer *ld = msp_deserializer(local);
    assert_null(ld->deserialize_identity(ld->self, user.identity, &old));
    Common__MSPPrincipal *principal = member->identities[0];
    for (int i = 0; i < 2000; i++) {
        Common__CombinedPrincipal combined = COMMON__COMBINED_PRINCIPAL__INIT;
        combined.n_principals = 1;
        combined.principals = &principal;
        Common__MSPPrincipal *outer = WIRE_NEW(common__mspprincipal);
        outer->principal_classification = COMMON__MSPPRINCIPAL__CLASSIFICATION__COMBINED;
        outer->principal = WIRE_MARSHAL_OR_PANIC(&combined);
        principal = outer;
    }
    assert_null(id->satisfies_principal(id->self, principal));
    struct rt_error *err = old->satisfies_principal(old->self, principal);
    assert_true(rt_str_is(err->text, "invalid principal type 4"));
    assert_null(d->deserialize_identity(d->self, outsider.identity, &id));
    err = id->satisfies_principal(id->self, principal);
    assert_true(rt_str_is(err->text,
            "the identity is a member of a different MSP (expected Org1MSP, got Org2MSP)"));
}

/* ---- a channel ---- */

static struct channel_config *channel(const struct channel_acl *acls, size_t acl_count)
{
    const struct msp *orgs[] = { support_msp("Org2MSP", MSP_V1_3, false),
        support_msp("Org1MSP", MSP_V1_3, false) };
    static const rt_str capability = RT_STR_INIT("V1_4_2");
    const struct channel_config_params params = { .channel_id = RT_STR("ch"),
        .capabilities = &capability,
        .capability_count = 1,
        .orgs = orgs,
        .org_count = 2,
        .acls = acls,
        .acl_count = acl_count };
    struct channel_config *config;
    assert_null(channel_config_new(&params, &config));
    return config;
}

static struct rt_error *evaluate(
        const struct channel_config *config, const char *name, struct signed_data one)
{
    bool found;
    const struct policy_manager *pm = config->policy_manager;
    const struct policy *policy = pm->get_policy(pm->self, rt_str_from(name), &found);
    return policy->evaluate(policy->self, &one, 1);
}

static void channel_policies(void **state)
{
    (void)state;
    struct channel_config *config = channel(NULL, 0);
    assert_true(rt_str_is(config->orgs[0], "Org1MSP"));
    assert_null(evaluate(config, POLICIES_CHANNEL_APPLICATION_READERS, signed_by("outsider")));
    assert_null(evaluate(config, "/Channel/Readers", signed_by("user")));
    assert_null(evaluate(config, "Application/Org1MSP/Admins", signed_by("admin")));
    struct rt_error *err =
            evaluate(config, POLICIES_CHANNEL_APPLICATION_ADMINS, signed_by("admin"));
    assert_true(rt_str_is(err->text,
            "implicit policy evaluation failed - 1 sub-policies were satisfied, but this policy "
            "requires 2 of the 'Admins' sub-policies to be satisfied"));
    err = evaluate(config, "/Channel/Application/Nope", signed_by("admin"));
    assert_true(rt_str_is(err->text, "No such policy: 'Application/Nope'"));
    err = evaluate(config, "/Other/Nope", signed_by("admin"));
    assert_true(rt_str_is(err->text, "No such policy: '/Other/Nope'"));
}

static const struct policy_manager *get_manager(void *self, rt_str channel_id)
{
    const struct channel_config *config = self;
    return rt_str_eq(channel_id, config->channel_id) ? config->policy_manager : NULL;
}

static const struct channel_config *get_config(void *self, rt_str channel_id)
{
    const struct channel_config *config = self;
    return rt_str_eq(channel_id, config->channel_id) ? config : NULL;
}

static Protos__SignedProposal *proposal_by(const char *name)
{
    const struct signing_identity *signer = support_signer(name);
    Protos__ChaincodeSpec *spec = WIRE_NEW(protos__chaincode_spec);
    Protos__ChaincodeInvocationSpec *invocation = WIRE_NEW(protos__chaincode_invocation_spec);
    invocation->chaincode_spec = spec;
    Protos__Proposal *proposal;
    Protos__SignedProposal *out;
    rt_str txid = RT_STR("");
    assert_null(protoutil_create_chaincode_proposal(3, RT_STR("ch"), invocation,
            signer->identity->serialize(signer->identity->self), RT_STR("nonce"), 0, NULL,
            &proposal, &txid));
    assert_null(protoutil_get_signed_proposal(proposal, signer, &out));
    return out;
}

static void access_control(void **state)
{
    (void)state;
    const struct channel_acl acl = { RT_STR(RESOURCE_PEER_PROPOSE), RT_STR("Org1MSP/Admins") };
    struct channel_config *config = channel(&acl, 1);
    struct channel_policy_manager_getter managers = { config, get_manager };
    struct acl_resource_getter configs = { config, get_config };
    const struct policy_checker *checker =
            policy_checker_new(&managers, support_msp("Org1MSP", MSP_V1_0, false));
    const struct acl_provider *provider = aclmgmt_new_acl_provider(&configs, checker);
#define CHECK(resource, channel, name)                                                             \
    provider->check_acl(provider->self, RT_STR(resource), RT_STR(channel),                         \
            acl_signed_proposal(proposal_by(name)))
    assert_null(CHECK(RESOURCE_PEER_PROPOSE, "ch", "admin"));
    struct rt_error *err = CHECK(RESOURCE_PEER_PROPOSE, "ch", "user");
    assert_true(rt_str_is(err->text,
            "failed evaluating policy on signed data during check policy "
            "[/Channel/Application/Org1MSP/Admins]: [signature set did not satisfy policy]"));
    assert_null(CHECK(RESOURCE_LSCC_GET_CHAINCODE_DATA, "ch", "outsider"));
    err = CHECK(RESOURCE_LSCC_GET_CHAINCODE_DATA, "nosuch", "user");
    assert_true(rt_str_is(err->text, "Failed to get policy manager for channel [nosuch]"));
    err = CHECK(RESOURCE_LSCC_INSTALL, "ch", "user");
    assert_true(rt_str_is(err->text, "Unmapped policy for lscc/Install"));
    err = checker->check_policy_no_channel(
            checker->self, RT_STR(POLICY_LOCAL_ADMINS), proposal_by("user"));
    assert_true(rt_str_is(err->text,
            "Failed verifying that proposal's creator satisfies local MSP principal during "
            "channelless check policy with policy [Admins]: [This identity is not an admin]"));
    assert_null(checker->check_policy_no_channel(
            checker->self, RT_STR(POLICY_LOCAL_MEMBERS), proposal_by("user")));
    err = checker->check_policy_by_signed_data(checker->self, RT_STR("ch"), RT_STR("p"), NULL, 0);
    assert_true(rt_str_is(
            err->text, "Invalid signed data during check policy on channel [ch] with policy [p]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_counts_once),
        cmocka_unit_test(a_failed_gate_gives_signatures_back),
        cmocka_unit_test(all_and_nothing),
        cmocka_unit_test(depth_is_no_matter),
        cmocka_unit_test(combined_principals),
        cmocka_unit_test(channel_policies),
        cmocka_unit_test(access_control),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
