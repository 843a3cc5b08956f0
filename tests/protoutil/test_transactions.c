/* Transactions, made and taken apart. Expectations follow protos/utils/txutils.go of Fabric 1.4.2,
 * what its tests expect, and common.SignedData. */
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#define BROKEN RT_STR("\x0a\x05")
#define EOF_TEXT ": unexpected EOF"

static void assert_error(const struct rt_error *err, const char *text)
{
    assert_string_equal(err ? rt_cstr(err->text) : "no error", text);
}

static rt_bytes header_by(const struct signing_identity *who)
{
    Common__ChannelHeader channel_header = COMMON__CHANNEL_HEADER__INIT;
    channel_header.type = COMMON__HEADER_TYPE__ENDORSER_TRANSACTION;
    channel_header.channel_id = RT_STR("ch");
    Common__SignatureHeader signature_header = COMMON__SIGNATURE_HEADER__INIT;
    signature_header.creator = who->identity->serialize(who->identity->self);
    signature_header.nonce = RT_STR("nonce");
    Common__Header header = COMMON__HEADER__INIT;
    header.channel_header = WIRE_MARSHAL_OR_PANIC(&channel_header);
    header.signature_header = WIRE_MARSHAL_OR_PANIC(&signature_header);
    return WIRE_MARSHAL_OR_PANIC(&header);
}

static Protos__ProposalResponse *response_of(int32_t status, const char *payload)
{
    Protos__ProposalResponse *r = WIRE_NEW(protos__proposal_response);
    r->payload = rt_str_from(payload);
    r->endorsement = WIRE_NEW(protos__endorsement);
    r->response = WIRE_NEW(protos__response);
    r->response->status = status;
    r->response->message = RT_STR("response-message");
    return r;
}

/* ---- CreateSignedTx ---- */

static struct rt_error *signed_tx(
        const Protos__Proposal *proposal, Protos__ProposalResponse *const *responses, size_t count)
{
    Common__Envelope *envelope;
    return protoutil_create_signed_tx(
            proposal, support_signer("user"), responses, count, &envelope);
}

static void test_responses(void **state)
{
    static const struct {
        int32_t status;
        const char *error;
    } cases[] = {
        { 0, "proposal response was not successful, error code 0, msg response-message" },
        { 199, "proposal response was not successful, error code 199, msg response-message" },
        { 200, "no error" },
        { 399, "no error" },
        { 400, "proposal response was not successful, error code 400, msg response-message" },
    };
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    (void)state;
    p.header = header_by(support_signer("user"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Protos__ProposalResponse *one[] = { response_of(cases[i].status, "payload") };
        assert_error(signed_tx(&p, one, 1), cases[i].error);
    }
    assert_error(signed_tx(&p, NULL, 0), "at least one proposal response is required");
    /* Only the first one's status is looked at. */
    Protos__ProposalResponse *two[] = { response_of(200, "payload"), response_of(500, "payload") };
    assert_error(signed_tx(&p, two, 2), "no error");
    two[1]->payload = RT_STR("payload2");
    assert_error(signed_tx(&p, two, 2), "ProposalResponsePayloads do not match");
    two[0]->endorsement = NULL;
    assert_error(signed_tx(&p, two, 1), "error marshaling ChaincodeActionPayload: proto: repeated "
                                        "field Endorsements has nil element");
}

static void test_bad_proposals(void **state)
{
    Protos__ProposalResponse *responses[] = { response_of(200, "payload") };
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    (void)state;
    assert_error(signed_tx(&p, responses, 1),
            "signer must be the same as the one referenced in the header");
    p.header = header_by(support_signer("admin"));
    assert_error(signed_tx(&p, responses, 1),
            "signer must be the same as the one referenced in the header");
    p.payload = BROKEN;
    assert_error(
            signed_tx(&p, responses, 1), "error unmarshaling ChaincodeProposalPayload" EOF_TEXT);
    p.header = BROKEN;
    assert_error(signed_tx(&p, responses, 1), "error unmarshaling Header" EOF_TEXT);
    p = (Protos__Proposal)PROTOS__PROPOSAL__INIT;
    p.header = RT_STR("\x12\x02\x0a\x05");
    assert_error(signed_tx(&p, responses, 1), "error unmarshaling SignatureHeader" EOF_TEXT);
}

/* The transaction has the proposal's header and its payload without the transient map, the
 * responses' payload and the endorsements, and the client's signature. */
static void test_content(void **state)
{
    const struct signing_identity *client = support_signer("user");
    Protos__ProposalResponse *responses[] = { response_of(200, "payload"),
        response_of(200, "payload") };
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    Common__Envelope *envelope;
    Common__Payload *payload;
    Protos__Transaction *tx;
    Protos__ChaincodeActionPayload *action;
    (void)state;
    p.header = header_by(client);
    p.payload = RT_STR("\x0a\x05input\x12\x08\x0a\x01k\x12\x03val");
    responses[0]->endorsement->endorser = RT_STR("first");
    responses[1]->endorsement->endorser = RT_STR("second");
    assert_null(protoutil_create_signed_tx(&p, client, responses, 2, &envelope));
    assert_null(client->identity->verify(
            client->identity->self, envelope->payload, envelope->signature));
    assert_null(protoutil_get_payload(envelope, &payload));
    assert_true(rt_str_eq(WIRE_MARSHAL_OR_PANIC(payload->header), p.header));
    assert_null(protoutil_get_transaction(payload->data, &tx));
    assert_int_equal(tx->n_actions, 1);
    assert_true(rt_str_eq(tx->actions[0]->header, payload->header->signature_header));
    assert_null(protoutil_get_chaincode_action_payload(tx->actions[0]->payload, &action));
    assert_true(rt_str_is(action->chaincode_proposal_payload, "\x0a\x05input"));
    assert_true(rt_str_is(action->action->proposal_response_payload, "payload"));
    assert_int_equal(action->action->n_endorsements, 2);
    assert_true(rt_str_is(action->action->endorsements[1]->endorser, "second"));
}

static void test_signed_proposal(void **state)
{
    const struct signing_identity *client = support_signer("user");
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    Protos__SignedProposal *out;
    (void)state;
    assert_error(protoutil_get_signed_proposal(NULL, client, &out), "nil arguments");
    assert_error(protoutil_get_signed_proposal(&p, NULL, &out), "nil arguments");
    p.header = RT_STR("header");
    assert_null(protoutil_get_signed_proposal(&p, client, &out));
    assert_true(rt_str_is(out->proposal_bytes, "\x0a\x06header"));
    assert_null(
            client->identity->verify(client->identity->self, out->proposal_bytes, out->signature));
}

/* ---- responses ---- */

static void test_proposal_responses(void **state)
{
    const struct signing_identity *endorser = support_signer("peer0");
    rt_bytes header = header_by(support_signer("user"));
    Protos__Response response = PROTOS__RESPONSE__INIT;
    Protos__ChaincodeID ccid = PROTOS__CHAINCODE_ID__INIT;
    Protos__ProposalResponse *good, *failure;
    Protos__ProposalResponsePayload *payload;
    Protos__ChaincodeAction *action;
    (void)state;
    response.status = 502;
    response.payload = RT_STR("Invalid function name");
    assert_null(protoutil_create_proposal_response_failure(
            header, RT_STR(""), &response, RT_STR("res"), RT_NIL, &ccid, &failure));
    assert_int_equal(failure->response->status, 502);
    assert_null(failure->endorsement);
    assert_null(protoutil_get_proposal_response_payload(failure->payload, &payload));
    assert_null(protoutil_get_chaincode_action(payload->extension, &action));
    assert_int_equal(action->response->status, 502);
    assert_true(rt_str_is(action->response->payload, "Invalid function name"));
    assert_true(rt_str_is(action->results, "res"));
    /* The endorsed one says 200 and OK, whatever the chaincode said, and is signed with the
     * endorser's bytes behind the payload. */
    assert_null(protoutil_create_proposal_response(
            header, RT_STR(""), &response, RT_STR("res"), RT_NIL, &ccid, endorser, &good));
    assert_true(rt_str_eq(good->payload, failure->payload));
    assert_int_equal(good->version, 1);
    assert_int_equal(good->response->status, 200);
    assert_true(rt_str_is(good->response->message, "OK"));
    assert_null(endorser->identity->verify(endorser->identity->self,
            rt_str_cat(good->payload, good->endorsement->endorser), good->endorsement->signature));
    assert_error(protoutil_create_proposal_response(
                         header, RT_NIL, &response, RT_NIL, RT_NIL, &ccid, endorser, &good),
            "error computing proposal hash: nil arguments");
}

/* ---- taking apart ---- */

/* GetPayloads of an action whose payload's ProposalResponsePayload is this. */
static struct rt_error *payloads_of(rt_bytes proposal_response_payload)
{
    Protos__ChaincodeEndorsedAction endorsed = PROTOS__CHAINCODE_ENDORSED_ACTION__INIT;
    endorsed.proposal_response_payload = proposal_response_payload;
    Protos__ChaincodeActionPayload payload = PROTOS__CHAINCODE_ACTION_PAYLOAD__INIT;
    payload.action = &endorsed;
    Protos__TransactionAction action = PROTOS__TRANSACTION_ACTION__INIT;
    action.payload = WIRE_MARSHAL_OR_PANIC(&payload);
    Protos__ChaincodeActionPayload *out;
    Protos__ChaincodeAction *respond;
    return protoutil_get_payloads(&action, &out, &respond);
}

static void test_payloads(void **state)
{
    Protos__TransactionAction broken = PROTOS__TRANSACTION_ACTION__INIT;
    Protos__ChaincodeActionPayload *out;
    Protos__ChaincodeAction *respond;
    (void)state;
    broken.payload = BROKEN;
    assert_error(protoutil_get_payloads(&broken, &out, &respond),
            "error unmarshaling ChaincodeActionPayload" EOF_TEXT);
    assert_error(payloads_of(RT_NIL), "no payload in ChaincodeActionPayload");
    assert_error(payloads_of(BROKEN), "error unmarshaling ProposalResponsePayload" EOF_TEXT);
    assert_error(payloads_of(RT_STR("\x0a\x04hash")), "response payload is missing extension");
    assert_error(
            payloads_of(RT_STR("\x12\x02\x0a\x05")), "error unmarshaling ChaincodeAction" EOF_TEXT);
    assert_null(payloads_of(RT_STR("\x12\x03\x0a\x01r")));
}

static rt_bytes envelope_with(const Common__Header *header)
{
    Common__Payload payload = COMMON__PAYLOAD__INIT;
    payload.header = (Common__Header *)(uintptr_t)header;
    Common__Envelope envelope = COMMON__ENVELOPE__INIT;
    envelope.payload = WIRE_MARSHAL_OR_PANIC(&payload);
    return WIRE_MARSHAL_OR_PANIC(&envelope);
}

static void test_tx_id_of_envelope(void **state)
{
    Common__Header header = COMMON__HEADER__INIT;
    rt_str txid;
    (void)state;
    header.channel_header = RT_STR("\x2a\x02id");
    header.signature_header = RT_STR("\x0a\x07"
                                     "creator\x12\x05nonce");
    assert_null(protoutil_get_or_compute_tx_id_from_envelope(envelope_with(&header), &txid));
    assert_true(rt_str_is(txid, "id"));
    header.channel_header = RT_NIL;
    assert_null(protoutil_get_or_compute_tx_id_from_envelope(envelope_with(&header), &txid));
    assert_string_equal(
            rt_cstr(txid), "709184f9d24f6ade8fcd4d6521a6eef295fef6c2e67216c58b68ac15e8946492");
    header.signature_header = BROKEN;
    assert_error(protoutil_get_or_compute_tx_id_from_envelope(envelope_with(&header), &txid),
            "error getting nonce and creator for computing txID: error unmarshaling "
            "SignatureHeader" EOF_TEXT);
    header.channel_header = BROKEN;
    assert_error(protoutil_get_or_compute_tx_id_from_envelope(envelope_with(&header), &txid),
            "error getting txID from channel header: error unmarshaling ChannelHeader" EOF_TEXT);
    assert_error(protoutil_get_or_compute_tx_id_from_envelope(envelope_with(NULL), &txid),
            "error getting txID from header: payload header is nil");
    assert_error(protoutil_get_or_compute_tx_id_from_envelope(RT_STR("\x0a\x02\x0a\x05"), &txid),
            "error getting txID from payload: error unmarshaling Payload" EOF_TEXT);
    assert_error(protoutil_get_or_compute_tx_id_from_envelope(BROKEN, &txid),
            "error getting txID from envelope: error unmarshaling Envelope" EOF_TEXT);
}

static void test_channel_header(void **state)
{
    Common__Envelope envelope = COMMON__ENVELOPE__INIT;
    Common__ChannelHeader *header;
    (void)state;
    assert_error(protoutil_channel_header(&envelope, &header), "header not set");
    envelope.payload = RT_STR("\x0a\x00");
    assert_error(protoutil_channel_header(&envelope, &header), "channel header not set");
    envelope.payload = RT_STR("\x0a\x07\x0a\x05\x22\x03"
                              "foo");
    assert_null(protoutil_channel_header(&envelope, &header));
    assert_true(rt_str_is(header->channel_id, "foo"));
    envelope.payload = BROKEN;
    assert_error(
            protoutil_channel_header(&envelope, &header), "error unmarshaling Payload" EOF_TEXT);
}

static void test_signed_data(void **state)
{
    Common__Envelope envelope = COMMON__ENVELOPE__INIT;
    struct signed_data data;
    (void)state;
    assert_error(protoutil_envelope_as_signed_data(NULL, &data), "No signatures for nil Envelope");
    assert_error(protoutil_envelope_as_signed_data(&envelope, &data), "Missing Header");
    envelope.payload = RT_STR("\x0a\x04\x12\x02\x0a\x05");
    assert_error(protoutil_envelope_as_signed_data(&envelope, &data),
            "GetSignatureHeaderFromBytes failed, err unexpected EOF");
    envelope.payload = RT_STR("\x0a\x06\x12\x04\x0a\x02me");
    envelope.signature = RT_STR("signature");
    assert_null(protoutil_envelope_as_signed_data(&envelope, &data));
    assert_true(rt_str_eq(data.data, envelope.payload));
    assert_true(rt_str_is(data.identity, "me"));
    assert_true(rt_str_is(data.signature, "signature"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_responses),
        cmocka_unit_test(test_bad_proposals),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_signed_proposal),
        cmocka_unit_test(test_proposal_responses),
        cmocka_unit_test(test_payloads),
        cmocka_unit_test(test_tx_id_of_envelope),
        cmocka_unit_test(test_channel_header),
        cmocka_unit_test(test_signed_data),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
