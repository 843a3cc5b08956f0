/* Layers of a proposal: nothing different is what the client sends, one thing is that thing. */
#include <stdio.h>
#include <string.h>

#include "harness/scenario/proposal.h"
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include "proto/common.pb-c.h"
#include "proto/proposal.pb-c.h"

/* The SignedProposal of a step, in the test's arena. */
static rt_bytes made(const char *step)
{
    char text[2048];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"world\": {\"file\": "
            "\"corpora/conformance/world/world.json\"}, \"actors\": [{\"name\": \"x\", \"as\": "
            "\"user\", \"steps\": [%s]}]}",
            step);
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    assert_non_null(s);
    const struct scenario_actor *actor = s->actors.items;
    struct step_proposal proposal;
    struct rt_error *err = step_proposal_new(s, actor, actor->steps.items, 0, &proposal);
    if (err)
        fail_msg("%s", rt_cstr(err->text));
    rt_bytes bytes = rt_bytes_dup(proposal.bytes.data, proposal.bytes.len);
    scenario_free(s);
    return bytes;
}

#define GET "\"chaincode\": \"mycc\", \"args\": [\"get\", \"a\"]"
#define DEPLOY "\"chaincode\": \"newcc\", \"version\": \"1.0\", \"args\": [\"a\"]"

static void nothing_different(void **state)
{
    (void)state;
    rt_bytes invoke = made("{\"do\": \"invoke\", " GET "}");
    assert_true(rt_str_eq(invoke, made("{\"do\": \"propose\", " GET ", \"layers\": {}}")));
    assert_true(rt_str_eq(made("{\"do\": \"instantiate\", " DEPLOY "}"),
            made("{\"do\": \"instantiate\", " DEPLOY ", \"layers\": {\"signed_by\": \"user\"}}")));
    assert_true(rt_str_eq(made("{\"do\": \"invoke\", " GET ", \"transient\": {\"k\": \"dg==\"}}"),
            made("{\"do\": \"invoke\", " GET
                 ", \"transient\": {\"k\": \"dg==\"}, \"layers\": {}}")));
    assert_true(rt_str_eq(invoke,
            made("{\"do\": \"invoke\", " GET ", \"layers\": {\"payload\": {\"TransientMap\": "
                 "null}}}")));
}

struct read {
    Protos__SignedProposal *signed_proposal;
    Protos__Proposal *proposal;
    Common__Header *header;
    Common__ChannelHeader *channel;
    Common__SignatureHeader *signature;
};

static struct read read_layers(const char *layers)
{
    char step[1024];
    struct read r;
    (void)snprintf(step, sizeof(step), "{\"do\": \"propose\", " GET ", \"layers\": %s}", layers);
    assert_null(WIRE_UNMARSHAL(protos__signed_proposal, made(step), &r.signed_proposal));
    assert_null(protoutil_get_proposal(r.signed_proposal->proposal_bytes, &r.proposal));
    assert_null(protoutil_get_header(r.proposal->header, &r.header));
    assert_null(protoutil_get_channel_header(r.header->channel_header, &r.channel));
    assert_null(protoutil_get_signature_header(r.header->signature_header, &r.signature));
    return r;
}

static void one_thing_different(void **state)
{
    (void)state;
    struct read plain = read_layers("{}");
    struct read r = read_layers("{\"signature_header\": {\"nonce\": \"n\"}}");
    assert_true(rt_str_is(r.signature->nonce, "n"));
    assert_true(rt_str_eq(
            r.channel->tx_id, protoutil_compute_tx_id(RT_STR("n"), plain.signature->creator)));
    r = read_layers("{\"channel_header\": {\"tx_id\": \"t\", \"timestamp\": null, \"type\": "
                    "\"CONFIG\"}}");
    assert_true(rt_str_is(r.channel->tx_id, "t"));
    assert_null(r.channel->timestamp);
    assert_int_equal(r.channel->type, COMMON__HEADER_TYPE__CONFIG);
    assert_true(rt_str_eq(r.channel->extension, plain.channel->extension));
    r = read_layers("{\"signature\": {\"cut\": 3}}");
    assert_int_equal(r.signed_proposal->signature.len, 3);
    assert_true(
            rt_str_eq(r.signed_proposal->proposal_bytes, plain.signed_proposal->proposal_bytes));
    r = read_layers("{\"signature\": {\"flip\": 0}}");
    assert_int_equal(
            r.signed_proposal->signature.data[0], plain.signed_proposal->signature.data[0] ^ 0xff);
    r = read_layers("{\"signature\": null}");
    assert_null(r.signed_proposal->signature.data);
    r = read_layers("{\"payload\": {\"bytes\": \"p\"}}");
    assert_true(rt_str_is(r.proposal->payload, "p"));
    r = read_layers("{\"payload\": null, \"proposal\": {\"extension\": \"e\"}}");
    assert_null(r.proposal->payload.data);
    assert_true(rt_str_is(r.proposal->extension, "e"));
    r = read_layers("{\"signs\": \"else\"}");
    assert_false(rt_str_eq(r.signed_proposal->signature, plain.signed_proposal->signature));
    r = read_layers("{\"signed_by\": \"admin\"}");
    assert_true(rt_str_eq(r.signature->creator, plain.signature->creator));
    assert_false(rt_str_eq(r.signed_proposal->signature, plain.signed_proposal->signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_different, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                one_thing_different, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
