/* ValidateTransaction and the makers of messages: a whole transaction, then the same one spoilt. */
#include "model/rt/rt.h"
#include "model/validation/msgvalidation.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

static struct msp_mgmt *mgmt(void)
{
    struct msp_mgmt *made = msp_mgmt_new(support_msp("Org1MSP", MSP_V1_0, true));
    const struct msp *org1 = support_msp("Org1MSP", MSP_V1_3, false);
    msp_mgmt_set_manager(made, RT_STR("ch"), msp_manager_new(&org1, 1));
    return made;
}

static Protos__Proposal *proposal_by(const struct signing_identity *client)
{
    Protos__ChaincodeInvocationSpec *spec = WIRE_NEW(protos__chaincode_invocation_spec);
    spec->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    spec->chaincode_spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_spec->chaincode_id->name = RT_STR("cc");
    Protos__Proposal *proposal;
    rt_str txid = RT_STR("");
    assert_null(protoutil_create_chaincode_proposal(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION,
            RT_STR("ch"), spec, client->identity->serialize(client->identity->self),
            RT_STR("a nonce"), 1, NULL, &proposal, &txid));
    return proposal;
}

static Common__Envelope *transaction(void)
{
    const struct signing_identity *client = support_signer("user");
    Protos__Proposal *proposal = proposal_by(client);
    Protos__Response response = PROTOS__RESPONSE__INIT;
    response.status = 200;
    Protos__ChaincodeID ccid = PROTOS__CHAINCODE_ID__INIT;
    Protos__ProposalResponse *endorsed;
    assert_null(protoutil_create_proposal_response(proposal->header, proposal->payload, &response,
            RT_STR("results"), RT_NIL, &ccid, support_signer("peer0"), &endorsed));
    Common__Envelope *envelope;
    assert_null(protoutil_create_signed_tx(proposal, client, &endorsed, 1, &envelope));
    return envelope;
}

/* The envelope with another payload, signed again. */
static Common__Envelope *with_payload(const Common__Payload *payload)
{
    Common__Envelope *envelope = WIRE_NEW(common__envelope);
    assert_null(protoutil_get_bytes_payload(payload, &envelope->payload));
    const struct signing_identity *client = support_signer("user");
    assert_null(client->sign(client->self, envelope->payload, &envelope->signature));
    return envelope;
}

static int code(const Common__Envelope *envelope)
{
    Common__Payload *payload;
    return (int)validation_validate_transaction(mgmt(), envelope, &payload);
}

static void codes(void **state)
{
    (void)state;
    Common__Envelope *good = transaction();
    assert_int_equal(code(good), PROTOS__TX_VALIDATION_CODE__VALID);
    assert_int_equal(code(NULL), PROTOS__TX_VALIDATION_CODE__NIL_ENVELOPE);
    Common__Envelope bad = *good;
    bad.payload = RT_STR("\x0a\x05");
    assert_int_equal(code(&bad), PROTOS__TX_VALIDATION_CODE__BAD_PAYLOAD);
    bad.payload = RT_NIL;
    assert_int_equal(code(&bad), PROTOS__TX_VALIDATION_CODE__BAD_COMMON_HEADER);
    bad = *good;
    bad.signature = RT_NIL;
    assert_int_equal(code(&bad), PROTOS__TX_VALIDATION_CODE__BAD_CREATOR_SIGNATURE);
    bad.signature = RT_STR("not a signature");
    assert_int_equal(code(&bad), PROTOS__TX_VALIDATION_CODE__BAD_CREATOR_SIGNATURE);
}

static void spoilt_and_signed_again(void **state)
{
    (void)state;
    Common__Payload *payload;
    assert_null(protoutil_get_payload(transaction(), &payload));
    rt_bytes data = payload->data;
    payload->data = RT_STR("\x0a");
    assert_int_equal(
            code(with_payload(payload)), PROTOS__TX_VALIDATION_CODE__INVALID_ENDORSER_TRANSACTION);
    payload->data = RT_STR("");
    assert_int_equal(
            code(with_payload(payload)), PROTOS__TX_VALIDATION_CODE__INVALID_ENDORSER_TRANSACTION);
    payload->data = data;
    Common__ChannelHeader *header;
    assert_null(protoutil_get_channel_header(payload->header->channel_header, &header));
    header->tx_id = RT_STR("another");
    payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(header);
    assert_int_equal(code(with_payload(payload)), PROTOS__TX_VALIDATION_CODE__BAD_PROPOSAL_TXID);
    header->type = COMMON__HEADER_TYPE__CONFIG_UPDATE;
    payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(header);
    assert_int_equal(
            code(with_payload(payload)), PROTOS__TX_VALIDATION_CODE__UNSUPPORTED_TX_PAYLOAD);
    header->channel_id = RT_STR("nosuch");
    payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(header);
    assert_int_equal(
            code(with_payload(payload)), PROTOS__TX_VALIDATION_CODE__BAD_CREATOR_SIGNATURE);
}

static void validate_without_action(void *arg)
{
    assert_int_equal(code(arg), -1); /* not reached */
}

/* An action payload without an action is a nil dereference in the committer. */
static void missing_action_panics(void **state)
{
    (void)state;
    Common__Payload *payload;
    assert_null(protoutil_get_payload(transaction(), &payload));
    Protos__Transaction *tx;
    assert_null(protoutil_get_transaction(payload->data, &tx));
    tx->actions[0]->payload = RT_NIL;
    assert_null(protoutil_get_bytes_transaction(tx, &payload->data));
    rt_str text;
    assert_true(rt_recover(validate_without_action, with_payload(payload), &text));
    assert_true(
            rt_str_is(text, "runtime error: invalid memory address or nil pointer dereference"));
}

static void refused_proposals(void **state)
{
    (void)state;
    struct validated_proposal out;
    struct rt_error *err = validation_validate_proposal_message(mgmt(), NULL, &out);
    assert_true(rt_str_is(err->text, "nil arguments"));
    Protos__SignedProposal *signed_proposal;
    assert_null(protoutil_get_signed_proposal(
            proposal_by(support_signer("user")), support_signer("user"), &signed_proposal));
    assert_null(validation_validate_proposal_message(mgmt(), signed_proposal, &out));
    assert_true(rt_str_is(out.extension->chaincode_id->name, "cc"));
    signed_proposal->signature = RT_NIL;
    err = validation_validate_proposal_message(mgmt(), signed_proposal, &out);
    assert_true(rt_str_is(err->text, "access denied: channel [ch] creator org [Org1MSP]"));
    assert_null(out.proposal);
    /* The creator's field after the MSP id is broken: what was read before it is shown. */
    Common__SignatureHeader *header = WIRE_NEW(common__signature_header);
    header->nonce = RT_STR("n");
    header->creator = RT_STR("\x0a\x03Org\x12\x7f");
    Common__Header *hdr;
    Protos__Proposal *proposal = proposal_by(support_signer("user"));
    assert_null(protoutil_get_header(proposal->header, &hdr));
    hdr->signature_header = WIRE_MARSHAL_OR_PANIC(header);
    proposal->header = WIRE_MARSHAL_OR_PANIC(hdr);
    assert_null(protoutil_get_signed_proposal(proposal, support_signer("user"), &signed_proposal));
    err = validation_validate_proposal_message(mgmt(), signed_proposal, &out);
    assert_true(rt_str_is(err->text, "access denied: channel [ch] creator org [Org]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),
        cmocka_unit_test(spoilt_and_signed_again),
        cmocka_unit_test(missing_action_panics),
        cmocka_unit_test(refused_proposals),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
