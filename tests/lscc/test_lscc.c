/* lscc where the recorded vectors do not lead: rare states, capabilities, collections. Expectations
 * follow core/scc/lscc/lscc.go. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/ledger/ledger.h"
#include "model/lscc/lscc.h"
#include "model/wire/wire.h"
#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "proto/collection.pb-c.h"
#include "proto/query.pb-c.h"
#include "tests/lscc/helper_lab.h"
#include "tests/support/test.h"

#define CHANNEL "mychannel"

struct fixture {
    struct lscc_lab *lab;
    rt_bytes proposal; /* a recorded one, signed by an administrator */
};

/* The first proposal of peer-lscc.jsonl that an administrator signed for the channel. */
static rt_bytes admin_proposal(void)
{
    struct support_lines lines = support_lines_of("corpora/conformance/peer-lscc.jsonl");
    const json_t *vector;
    do {
        vector = support_next_vector(&lines);
        assert_non_null(vector);
    } while (strcmp(json_string_value(json_object_get(vector, "as")), "admin") != 0);
    rt_bytes proposal;
    const char *hex = json_string_value(json_object_get(vector, "signed_proposal"));
    assert_true(rt_unhex(rt_str_from(hex), &proposal));
    support_lines_end(&lines);
    return proposal;
}

static int setup(void **state)
{
    support_arena_begin(state);
    struct fixture *f = rt_new(struct fixture);
    f->lab = lscc_lab_new("corpora/conformance/world/world.json");
    f->proposal = admin_proposal();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    lscc_lab_free(f->lab);
    return support_arena_end(state);
}

static rt_bytes text(const char *s)
{
    return rt_str_from(s);
}

static struct lscc_answer invoke(struct fixture *f, const rt_bytes *args, size_t count)
{
    struct lscc_answer answer = lscc_lab_invoke(f->lab, f->proposal, CHANNEL, args, count);
    assert_true(answer.done);
    assert_null(answer.panic.data);
    assert_non_null(answer.response);
    return answer;
}

static void expect_error(struct fixture *f, const rt_bytes *args, size_t count, const char *message)
{
    struct lscc_answer answer = invoke(f, args, count);
    assert_string_equal(rt_cstr(answer.response->message), message);
    assert_int_equal(answer.response->status, 500);
}

static rt_bytes deployment_spec(const char *name, const char *version)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    cds->chaincode_spec->type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    cds->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    cds->chaincode_spec->chaincode_id->name = rt_str_from(name);
    cds->chaincode_spec->chaincode_id->version = rt_str_from(version);
    return WIRE_MARSHAL_OR_PANIC(cds);
}

/* A definition as it would be in the state; the policy may be nil or empty. */
static rt_bytes definition(const char *name, const char *version, rt_bytes instantiation_policy)
{
    Ccprovider__ChaincodeData *cd = WIRE_NEW(ccprovider__chaincode_data);
    cd->name = rt_str_from(name);
    cd->version = rt_str_from(version);
    cd->escc = RT_STR("escc");
    cd->vscc = RT_STR("vscc");
    cd->instantiation_policy = instantiation_policy;
    return WIRE_MARSHAL_OR_PANIC(cd);
}

/* ---- arguments ---- */

static void test_no_arguments(void **state)
{
    expect_error(*state, NULL, 0, "invalid number of arguments to lscc: 0");
    rt_bytes install[] = { text("install") };
    expect_error(*state, install, 1, "invalid number of arguments to lscc: 1");
    rt_bytes empty[] = { text("") };
    expect_error(*state, empty, 1, "invalid function to lscc: ");
}

static void test_argument_limits(void **state)
{
    struct fixture *f = *state;
    rt_bytes args[8] = { text("deploy"), text(CHANNEL), deployment_spec("othercc", "1.0") };
    for (size_t i = 3; i < 8; i++)
        args[i] = text("");
    expect_error(f, args, 8, "invalid number of arguments to lscc: 8");
    const rt_str old[] = { RT_STR("V1_1") };
    lscc_lab_set_capabilities(f->lab, CHANNEL, old, 1);
    const char *message = "as V1_2 or later capability is not enabled, private channel collections "
                          "and data are not available";
    expect_error(f, args, 7, message);
    expect_error(f, args, 8, message);
    assert_int_equal(invoke(f, args, 6).response->status, 200);
}

/* ---- upgrade ---- */

static void test_upgrade(void **state)
{
    struct fixture *f = *state;
    rt_bytes args[] = { text("upgrade"), text(CHANNEL), deployment_spec("mycc", "2.0") };
    struct lscc_answer answer = invoke(f, args, 3);
    assert_int_equal(answer.response->status, 200);
    assert_int_equal(answer.write_count, 1);
    assert_true(rt_str_is(answer.writes[0].key, "mycc"));
    assert_true(rt_str_eq(answer.writes[0].value, answer.response->payload));
    assert_true(rt_str_is(answer.event_name, "upgrade"));
    Protos__LifecycleEvent *event;
    assert_null(WIRE_UNMARSHAL(protos__lifecycle_event, answer.event_payload, &event));
    assert_true(rt_str_is(event->chaincode_name, "mycc"));
}

static void test_upgrade_of_odd_definitions(void **state)
{
    struct fixture *f = *state;
    rt_str key = RT_STR("mycc");
    rt_bytes args[] = { text("upgrade"), text(CHANNEL), deployment_spec("mycc", "2.0") };

    lscc_lab_set_state(f->lab, CHANNEL, key, definition("mycc", "2.0", RT_NIL));
    expect_error(f, args, 3, "version already exists for chaincode with name 'mycc'");
    lscc_lab_set_state(f->lab, CHANNEL, key, definition("mycc", "1.0", RT_NIL));
    expect_error(f, args, 3, "instantiation policy missing");
    lscc_lab_set_state(f->lab, CHANNEL, key, definition("other", "1.0", RT_NIL));
    expect_error(f, args, 3, "chaincode name mismatch: mycc!=other");
    lscc_lab_set_state(f->lab, CHANNEL, key, text("junk"));
    expect_error(f, args, 3, "error while marshalling: mycc");
    lscc_lab_set_state(f->lab, CHANNEL, key, RT_NIL);
    expect_error(f, args, 3, "could not find chaincode with name 'mycc'");
}

/* A field that is there but empty is not nil in Go: it is taken for a policy, without a rule. */
static void test_upgrade_with_empty_policy(void **state)
{
    struct fixture *f = *state;
    rt_bytes old = definition("mycc", "1.0", RT_NIL);
    struct rt_buf with_empty = { 0 };
    rt_buf_put_str(&with_empty, old);
    rt_buf_put(&with_empty, "\x42\x00", 2);
    lscc_lab_set_state(f->lab, CHANNEL, RT_STR("mycc"), rt_buf_str(&with_empty));
    rt_bytes args[] = { text("upgrade"), text(CHANNEL), deployment_spec("mycc", "2.0") };
    expect_error(f, args, 3, "Empty policy element");
}

static void test_upgrade_collections_need_capability(void **state)
{
    struct fixture *f = *state;
    const rt_str experimental[] = { RT_STR("V1_1"), RT_STR("V1_1_PVTDATA_EXPERIMENTAL") };
    lscc_lab_set_capabilities(f->lab, CHANNEL, experimental, 2);
    rt_bytes args[7] = { text("upgrade"), text(CHANNEL), deployment_spec("mycc", "2.0") };
    for (size_t i = 3; i < 7; i++)
        args[i] = text("");
    struct lscc_answer answer = invoke(f, args, 7);
    assert_string_equal(rt_cstr(answer.response->message),
            "as V1_2 capability is not enabled, collection upgrades are not allowed");
    assert_int_equal(answer.write_count, 1); /* the definition was written before */
    assert_int_equal(invoke(f, args, 6).response->status, 200);
}

/* ---- collections ---- */

enum flaw {
    SOUND,
    NO_PAYLOAD,
    NO_POLICY,
    EMPTY_POLICY,
    BAD_ROLE,
    BAD_UNIT,
    BAD_IDENTITY, /* only a warning */
    ANONYMITY,
    UNKNOWN_KIND,
    OUT_OF_RANGE,
    NO_RULE,
};

static Common__MSPPrincipal *make_principal(enum flaw flaw)
{
    Common__MSPPrincipal *principal = WIRE_NEW(common__mspprincipal);
    static const int kinds[] = {
        [BAD_UNIT] = 1, [BAD_IDENTITY] = 2, [ANONYMITY] = 3, [UNKNOWN_KIND] = 77
    };
    if (flaw >= BAD_UNIT && flaw <= UNKNOWN_KIND)
        principal->principal_classification = (Common__MSPPrincipal__Classification)kinds[flaw];
    Common__MSPRole *role = WIRE_NEW(common__msprole);
    role->msp_identifier = RT_STR("Org9MSP"); /* not of the channel: only a warning */
    principal->principal =
            flaw >= BAD_ROLE && flaw <= BAD_IDENTITY ? text("junk") : WIRE_MARSHAL_OR_PANIC(role);
    return principal;
}

static Common__SignaturePolicyEnvelope *make_policy(enum flaw flaw)
{
    Common__SignaturePolicyEnvelope *envelope = WIRE_NEW(common__signature_policy_envelope);
    if (flaw != NO_RULE) {
        envelope->rule = WIRE_NEW(common__signature_policy);
        envelope->rule->type_case = COMMON__SIGNATURE_POLICY__TYPE_SIGNED_BY;
        envelope->rule->signed_by = flaw == OUT_OF_RANGE ? 7 : 0;
    }
    envelope->identities = rt_new_array(Common__MSPPrincipal *, 1);
    envelope->identities[0] = make_principal(flaw);
    envelope->n_identities = 1;
    return envelope;
}

static rt_bytes make_collections(enum flaw flaw)
{
    Common__CollectionConfig *config = WIRE_NEW(common__collection_config);
    if (flaw != NO_PAYLOAD) {
        Common__StaticCollectionConfig *coll = WIRE_NEW(common__static_collection_config);
        coll->name = RT_STR("c1");
        if (flaw != NO_POLICY)
            coll->member_orgs_policy = WIRE_NEW(common__collection_policy_config);
        if (flaw != NO_POLICY && flaw != EMPTY_POLICY) {
            coll->member_orgs_policy->payload_case =
                    COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY;
            coll->member_orgs_policy->signature_policy = make_policy(flaw);
        }
        config->payload_case = COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG;
        config->static_collection_config = coll;
    }
    Common__CollectionConfigPackage *package = WIRE_NEW(common__collection_config_package);
    package->config = rt_new_array(Common__CollectionConfig *, 1);
    package->config[0] = config;
    package->n_config = 1;
    return WIRE_MARSHAL_OR_PANIC(package);
}

#define FAILED_CHECK "collection member policy check failed: "

static void test_collections(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum flaw flaw;
        const char *message;
    } table[] = {
        { SOUND, "" },
        { NO_PAYLOAD, FAILED_CHECK "collection configuration is empty" },
        { NO_POLICY, FAILED_CHECK "collection member policy is not set" },
        { EMPTY_POLICY, FAILED_CHECK "collection member org policy is empty" },
        { BAD_ROLE,
                FAILED_CHECK "collection-name: c1 -- cannot unmarshal identities: unexpected EOF" },
        { BAD_UNIT,
                FAILED_CHECK "collection-name: c1 -- cannot unmarshal identities: unexpected EOF" },
        { BAD_IDENTITY, "" },
        { ANONYMITY,
                FAILED_CHECK "collection-name: c1 -- principal type ANONYMITY is not supported" },
        { UNKNOWN_KIND, FAILED_CHECK "collection-name: c1 -- principal type 77 is not supported" },
        { OUT_OF_RANGE,
                FAILED_CHECK "invalid member org policy for collection 'c1': identity index out of "
                             "range, requested 7, but identities length is 1" },
        { NO_RULE, FAILED_CHECK "invalid member org policy for collection 'c1': Empty policy "
                                "element" },
    };
    rt_bytes args[7] = { text("deploy"), text(CHANNEL), deployment_spec("othercc", "1.0"), text(""),
        text(""), text("") };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        args[6] = make_collections(table[i].flaw);
        struct lscc_answer answer = invoke(f, args, 7);
        assert_string_equal(rt_cstr(answer.response->message), table[i].message);
        bool sound = table[i].message[0] == '\0';
        assert_int_equal(answer.write_count, sound ? 2 : 1);
        if (sound)
            assert_true(rt_str_is(answer.writes[1].key, "othercc~collection") &&
                        rt_str_eq(answer.writes[1].value, args[6]));
    }
}

static void test_collections_are_answered(void **state)
{
    struct fixture *f = *state;
    lscc_lab_set_state(f->lab, CHANNEL, RT_STR("mycc~collection"), text("config"));
    rt_bytes args[] = { text("GetCollectionsConfig"), text("mycc") };
    struct lscc_answer answer = invoke(f, args, 2);
    assert_true(rt_str_is(answer.response->payload, "config"));
    /* and are no chaincodes */
    rt_bytes list[] = { text("getchaincodes") };
    answer = invoke(f, list, 1);
    Protos__ChaincodeQueryResponse *chaincodes;
    assert_null(WIRE_UNMARSHAL(
            protos__chaincode_query_response, answer.response->payload, &chaincodes));
    assert_int_equal(chaincodes->n_chaincodes, 2);
}

/* ---- queries over odd definitions ---- */

static void test_queries_of_odd_definitions(void **state)
{
    struct fixture *f = *state;
    lscc_lab_set_state(f->lab, CHANNEL, RT_STR("a"), definition("b", "1", RT_NIL));
    lscc_lab_set_state(f->lab, CHANNEL, RT_STR("junk"), text("junk"));
    rt_bytes args[] = { text("getid"), text(CHANNEL), text("a") };
    expect_error(f, args, 3, "chaincode name mismatch: a!=b");
    args[0] = text("getdepspec");
    expect_error(f, args, 3, "chaincode name mismatch: a!=b");
    args[0] = text("getccdata");
    assert_int_equal(invoke(f, args, 3).response->status, 200);
    args[2] = text("junk");
    assert_true(rt_str_is(invoke(f, args, 3).response->payload, "junk"));
    args[0] = text("getid");
    expect_error(f, args, 3, "error while marshalling: junk");
    rt_bytes list[] = { text("GetChaincodes") };
    expect_error(f, list, 1, "unexpected EOF");
}

static void test_definition_that_is_not_the_packages(void **state)
{
    struct fixture *f = *state;
    lscc_lab_set_state(f->lab, CHANNEL, RT_STR("othercc"), definition("othercc", "1.0", RT_NIL));
    rt_bytes args[] = { text("getdepspec"), text(CHANNEL), text("othercc") };
    struct lscc_answer answer = invoke(f, args, 3);
    assert_int_equal(answer.response->status, 500);
    assert_true(rt_str_has_prefix(
            answer.response->message, RT_STR("chaincode fingerprint mismatch: ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(test_argument_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upgrade, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upgrade_of_odd_definitions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upgrade_with_empty_policy, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upgrade_collections_need_capability, setup, teardown),
        cmocka_unit_test_setup_teardown(test_collections, setup, teardown),
        cmocka_unit_test_setup_teardown(test_collections_are_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queries_of_odd_definitions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_definition_that_is_not_the_packages, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
