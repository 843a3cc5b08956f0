/* What steps tell the client: the proposals that it makes, against captured ones of the real
 * command, the mistakes that it finds, and that a saved scenario says the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scenario/proposal.h"
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

#define WORLD "\"world\": {\"file\": \"corpora/conformance/world/world.json\"}"

/* A scenario of one step; NULL after a report. */
static struct scenario *scenario_of(const char *step)
{
    char text[2048];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", " WORLD
            ", \"actors\": [{\"name\": \"x\", \"as\": \"admin\", \"steps\": [%s]}]}",
            step);
    json_t *value = json_loads(text, 0, NULL);
    if (!value)
        fail_msg("%s", text);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    return s;
}

static const struct scenario_step *step_of(const struct scenario *s)
{
    const struct scenario_actor *actor = s->actors.items;
    return actor->steps.items;
}

/* ---- proposals ---- */

static Protos__Proposal *proposal_in(rt_bytes signed_proposal)
{
    ProtobufCMessage *m = NULL;
    Protos__Proposal *proposal = NULL;
    assert_null(wire_unmarshal(&protos__signed_proposal__descriptor, signed_proposal, &m));
    assert_null(protoutil_get_proposal(
            ((Protos__SignedProposal *)(void *)m)->proposal_bytes, &proposal));
    return proposal;
}

static Protos__Proposal *made_of(const struct scenario *s)
{
    struct step_proposal made;
    assert_null(step_proposal_new(s, s->actors.items, step_of(s), 0, &made));
    return proposal_in(made.bytes);
}

/* What is in a header is the call's own but for type, channel and chaincode. */
static void assert_same_header(const Protos__Proposal *made, const Protos__Proposal *captured)
{
    Common__Header *headers[2];
    Common__ChannelHeader *channels[2];
    const Protos__Proposal *proposals[] = { made, captured };
    for (size_t i = 0; i < 2; i++) {
        assert_null(protoutil_get_header(proposals[i]->header, &headers[i]));
        assert_null(protoutil_get_channel_header(headers[i]->channel_header, &channels[i]));
        channels[i]->timestamp = NULL;
        channels[i]->tx_id = RT_STR("");
    }
    assert_string_equal(rt_cstr(rt_hex(WIRE_MARSHAL_OR_PANIC(channels[0]))),
            rt_cstr(rt_hex(WIRE_MARSHAL_OR_PANIC(channels[1]))));
}

static void assert_captured(const char *capture, const char *step)
{
    struct scenario *s = scenario_of(step), *sent;
    char text[256];
    (void)snprintf(text, sizeof(text),
            "{\"do\": \"send\", \"file\": \"corpora/captures/%s.signed_proposal.bin\"}", capture);
    sent = scenario_of(text);
    assert_non_null(s);
    assert_non_null(sent);
    Protos__Proposal *made = made_of(s), *captured = proposal_in(step_of(sent)->bytes);
    assert_string_equal(rt_cstr(rt_hex(made->payload)), rt_cstr(rt_hex(captured->payload)));
    assert_same_header(made, captured);
    scenario_free(s);
    scenario_free(sent);
}

static void captured_proposals_are_made(void **state)
{
    (void)state;
    assert_captured("instantiate",
            "{\"do\": \"instantiate\", \"chaincode\": \"othercc\", \"version\": \"1.0\","
            " \"args\": {\"Args\": [\"put\", \"a\", \"1\"]}, \"policy\": "
            "\"OR('Org1MSP.member')\"}");
    assert_captured("upgrade",
            "{\"do\": \"upgrade\", \"chaincode\": \"mycc\", \"version\": \"2.0\","
            " \"ctor\": \"{\\\"Function\\\":\\\"put\\\",\\\"Args\\\":[\\\"a\\\",\\\"1\\\"]}\"}");
    assert_captured("invoke",
            "{\"do\": \"invoke\", \"chaincode\": \"mycc\", \"args\": [\"put\", \"a\", \"1\"]}");
}

static Protos__ChaincodeInvocationSpec *spec_in(const Protos__Proposal *proposal)
{
    Protos__ChaincodeInvocationSpec *cis = NULL;
    assert_null(protoutil_get_chaincode_invocation_spec(proposal, &cis));
    return cis;
}

static void plugins_and_collections_are_arguments(void **state)
{
    (void)state;
    struct scenario *s = scenario_of(
            "{\"do\": \"instantiate\", \"chaincode\": \"c\", \"version\": \"1\","
            " \"escc\": \"e\", \"vscc\": \"v\", \"collections\":"
            " [{\"name\": \"k\", \"policy\": \"OR('Org1MSP.member')\", \"maxPeerCount\": 3}]}");
    assert_non_null(s);
    const Protos__ChaincodeInput *input = spec_in(made_of(s))->chaincode_spec->input;
    assert_int_equal(input->n_args, 7);
    assert_true(rt_str_is(input->args[4], "e"));
    assert_true(rt_str_is(input->args[5], "v"));
    /* By the real command's getCollectionConfigFromBytes. */
    assert_string_equal(rt_cstr(rt_hex(input->args[6])),
            "0a220a200a016b12190a17120812060801120208001a0b12090a074f7267314d53502003");
    scenario_free(s);
}

static void transient_values_are_in_the_payload(void **state)
{
    ProtobufCMessage *m = NULL;
    (void)state;
    struct scenario *s = scenario_of("{\"do\": \"invoke\", \"chaincode\": \"c\", \"transient\":"
                                     " {\"a\": \"AQI=\", \"b\": {\"text\": \"plain\"}}}");
    assert_non_null(s);
    assert_null(wire_unmarshal(
            &protos__chaincode_proposal_payload__descriptor, made_of(s)->payload, &m));
    const Protos__ChaincodeProposalPayload *payload = (const void *)m;
    assert_int_equal(payload->n_transientmap, 2);
    assert_true(rt_str_is(payload->transientmap[0]->key, "a"));
    assert_string_equal(rt_cstr(rt_hex(payload->transientmap[0]->value)), "0102");
    assert_true(rt_str_is(payload->transientmap[1]->value, "plain"));
    scenario_free(s);
}

/* ---- mistakes ---- */

static void mistakes_are_reported(void **state)
{
    static const struct {
        const char *step, *report;
    } cases[] = {
        { "{\"do\": \"instantiate\", \"chaincode\": \"c\", \"version\": \"1\","
          " \"policy\": \"OR('A.member'\"}",
                "the client refuses this: invalid policy OR('A.member'" },
        { "{\"do\": \"instantiate\", \"chaincode\": \"c\", \"version\": \"1\","
          " \"collections\": [{\"name\": \"k\", \"policy\": \"OR('A.member')\","
          " \"maxPeerCont\": 1}]}",
                "the client of 1.4.2 ignores \"maxPeerCont\" of a collection (did you mean "
                "\"maxPeerCount\"?)" },
        { "{\"do\": \"upgrade\", \"chaincode\": \"c\", \"version\": \"1\","
          " \"collections\": \"no-such-file.json\"}",
                "cannot use this file" },
        { "{\"do\": \"upgrade\", \"chaincode\": \"c\", \"version\": \"1\","
          " \"collections\": {\"file\": \"x\"}}",
                "member \"text\" is missing: What is in it." },
        { "{\"do\": \"upgrade\", \"chaincode\": \"c\", \"version\": \"1\", \"collections\": 7}",
                "the client refuses this: invalid collection configuration in file "
                "collections_config.json: could not parse the collection configuration: json: "
                "cannot unmarshal number into Go value of type []chaincode.collectionConfigJson" },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"ctor\": \"[]\"}",
                "the client refuses this: panic: interface conversion: interface {} is "
                "[]interface {}, not map[string]interface {}" },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"args\": [\"a\", 1]}",
                "found the number 1, expected a string" },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"args\": [], \"ctor\": \"{}\"}",
                "\"args\" and \"ctor\" exclude each other" },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"transient\": {\"t\": \"?\"}}",
                "the client refuses this: error parsing transient string: illegal base64 data at "
                "input byte 0" },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"transient\": {\"t\": {}}}",
                "a member is missing: base64 or text" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        reports_begin();
        struct scenario *s = scenario_of(cases[i].step);
        const char *reports = reports_end();
        if (s || !strstr(reports, cases[i].report))
            fail_msg("%s: %s", cases[i].step, reports);
    }
}

/* ---- saved ---- */

/* A scenario that names a file holds it when it is saved, with the file's name for errors. */
static void a_saved_scenario_says_the_same(void **state)
{
    (void)state;
    struct scenario *s =
            scenario_of("{\"do\": \"instantiate\", \"chaincode\": \"c\", \"version\": \"1\","
                        " \"collections\": \"tests/harness/scenario/collections-of-users.json\","
                        " \"expect\": {\"contains\": \"in file tests/harness\"}}");
    assert_non_null(s);
    json_t *value = scenario_to_json(s);
    struct scenario *again = scenario_from_json("saved", value, "/nowhere");
    assert_non_null(again);
    rt_str refusal = step_of(s)->client.refusal;
    assert_string_equal(rt_cstr(refusal),
            "invalid collection configuration in file "
            "tests/harness/scenario/collections-of-users.json: invalid policy "
            "OR('Org1MSP.member', 'Org2MSP.members'): Unable to parse numeric value '.' to "
            "float64\n");
    assert_true(rt_str_eq(refusal, step_of(again)->client.refusal));
    json_decref(value);
    scenario_free(s);
    scenario_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                captured_proposals_are_made, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                plugins_and_collections_are_arguments, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                transient_values_are_in_the_payload, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                mistakes_are_reported, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                a_saved_scenario_says_the_same, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
