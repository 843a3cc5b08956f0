/* Taking proposals apart, hashes and ids. Expectations follow protos/utils of Fabric 1.4.2 and what
 * its own tests expect; digests are sha256sum's. */
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#define BROKEN RT_STR("\x0a\x05") /* a field that is longer than what follows */
#define EOF_TEXT ": unexpected EOF"

static void assert_error(const struct rt_error *err, const char *text)
{
    assert_string_equal(err ? rt_cstr(err->text) : "no error", text);
}

static void assert_hex(rt_bytes bytes, const char *hex)
{
    assert_string_equal(rt_cstr(rt_hex(bytes)), hex);
}

static rt_bytes channel_header(int32_t type, uint64_t epoch)
{
    Common__ChannelHeader header = COMMON__CHANNEL_HEADER__INIT;
    header.type = type;
    header.epoch = epoch;
    return WIRE_MARSHAL_OR_PANIC(&header);
}

static rt_bytes signature_header(void)
{
    Common__SignatureHeader header = COMMON__SIGNATURE_HEADER__INIT;
    header.nonce = RT_STR("nonce");
    header.creator = RT_STR("creator");
    return WIRE_MARSHAL_OR_PANIC(&header);
}

static rt_bytes header_of(rt_bytes channel_header, rt_bytes signature_header)
{
    Common__Header header = COMMON__HEADER__INIT;
    header.channel_header = channel_header;
    header.signature_header = signature_header;
    return WIRE_MARSHAL_OR_PANIC(&header);
}

static rt_bytes endorser_header(void)
{
    return header_of(
            channel_header(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION, 0), signature_header());
}

/* ---- errors ---- */

static struct rt_error *context_of(const Protos__Proposal *proposal)
{
    rt_bytes creator;
    Protos__ChaincodeProposalPayload *payload;
    return protoutil_get_chaincode_proposal_context(proposal, &creator, &payload);
}

static struct rt_error *spec_of(const Protos__Proposal *proposal)
{
    Protos__ChaincodeInvocationSpec *spec;
    return protoutil_get_chaincode_invocation_spec(proposal, &spec);
}

static struct rt_error *nonce_of(const Protos__Proposal *proposal)
{
    rt_bytes nonce;
    return protoutil_get_nonce(proposal, &nonce);
}

static struct rt_error *binding_of(const Protos__Proposal *proposal)
{
    rt_bytes binding;
    return protoutil_compute_proposal_binding(proposal, &binding);
}

static void test_nil_proposal(void **state)
{
    rt_bytes bytes;
    (void)state;
    assert_error(context_of(NULL), "proposal is nil");
    assert_error(spec_of(NULL), "proposal is nil");
    assert_error(nonce_of(NULL), "proposal is nil");
    assert_error(binding_of(NULL), "proposal is nil");
    assert_error(protoutil_get_bytes_proposal(NULL, &bytes),
            "error marshaling Proposal: proto: Marshal called with nil");
}

static void test_bad_headers(void **state)
{
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    (void)state;
    assert_error(context_of(&p), "proposal's header is nil");
    assert_error(binding_of(&p), "proposal's header is nil");
    p.header = BROKEN;
    assert_error(context_of(&p), "proposal's payload is nil");
    p.payload = RT_STR("\x0a\x00");
    assert_error(context_of(&p),
            "error extracting header from proposal: error unmarshaling Header" EOF_TEXT);
    assert_error(spec_of(&p), "error unmarshaling Header" EOF_TEXT);
    assert_error(nonce_of(&p), "error unmarshaling Header" EOF_TEXT);
    assert_error(binding_of(&p), "error unmarshaling Header" EOF_TEXT);

    p.header = header_of(channel_header(COMMON__HEADER_TYPE__CONFIG, 0), BROKEN);
    assert_error(context_of(&p),
            "error extracting signature header from proposal: error unmarshaling "
            "SignatureHeader" EOF_TEXT);
    assert_error(nonce_of(&p), "error unmarshaling SignatureHeader" EOF_TEXT);
    assert_error(binding_of(&p), "error unmarshaling SignatureHeader" EOF_TEXT);
    assert_null(spec_of(&p));

    p.header = header_of(BROKEN, signature_header());
    assert_error(context_of(&p),
            "error extracting channel header from proposal: error unmarshaling "
            "ChannelHeader" EOF_TEXT);
    assert_error(nonce_of(&p), "error unmarshaling ChannelHeader" EOF_TEXT);
    assert_error(binding_of(&p), "error unmarshaling ChannelHeader" EOF_TEXT);
}

static void test_header_types(void **state)
{
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    (void)state;
    p.payload = RT_STR("\x0a\x00");
    p.header = header_of(
            channel_header(COMMON__HEADER_TYPE__DELIVER_SEEK_INFO, 0), signature_header());
    const char *text = "invalid proposal: invalid channel header type. expected one of "
                       "[ENDORSER_TRANSACTION CONFIG], received DELIVER_SEEK_INFO";
    assert_error(context_of(&p), text);
    assert_error(nonce_of(&p), text);
    assert_null(binding_of(&p));
    p.header = header_of(channel_header(99, 0), signature_header());
    assert_error(nonce_of(&p), "invalid proposal: invalid channel header type. expected one of "
                               "[ENDORSER_TRANSACTION CONFIG], received 99");
}

static void test_broken_payload(void **state)
{
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    (void)state;
    p.header = endorser_header();
    p.payload = BROKEN;
    assert_error(context_of(&p), "error unmarshaling ChaincodeProposalPayload" EOF_TEXT);
    assert_error(spec_of(&p), "error unmarshaling ChaincodeProposalPayload" EOF_TEXT);
    p.payload = RT_STR("\x0a\x02\x0a\x05");
    assert_null(context_of(&p));
    assert_error(spec_of(&p), "error unmarshaling ChaincodeInvocationSpec" EOF_TEXT);
}

/* ---- what is in a proposal ---- */

static void test_parts(void **state)
{
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    Protos__ChaincodeProposalPayload *payload;
    rt_bytes creator, nonce;
    (void)state;
    p.header = endorser_header();
    p.payload = RT_STR("\x0a\x03pay\x12\x08\x0a\x01k\x12\x03val");
    assert_null(protoutil_get_chaincode_proposal_context(&p, &creator, &payload));
    assert_true(rt_str_is(creator, "creator"));
    assert_int_equal(payload->n_transientmap, 1);
    assert_true(rt_str_is(payload->transientmap[0]->value, "val"));
    assert_null(protoutil_get_nonce(&p, &nonce));
    assert_true(rt_str_is(nonce, "nonce"));
    p.header = header_of(channel_header(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION, 0), RT_STR(""));
    assert_null(context_of(&p));
    assert_error(nonce_of(&p), "invalid signature header. cannot be nil");
}

static void test_ids(void **state)
{
    rt_str txid = protoutil_compute_tx_id(RT_STR("\x01"), RT_STR("\x01"));
    (void)state;
    assert_string_equal(
            rt_cstr(txid), "9dcf97a184f32623d11a73124ceb99a5709b083721e878a16d78f596718ba7b2");
    assert_null(protoutil_check_tx_id(txid, RT_STR("\x01\x01"), RT_NIL));
    assert_error(protoutil_check_tx_id(RT_STR("no"), RT_STR("\x01"), RT_STR("\x01")),
            "invalid txid. got [no], expected "
            "[9dcf97a184f32623d11a73124ceb99a5709b083721e878a16d78f596718ba7b2]");
}

static void test_binding(void **state)
{
    Protos__Proposal p = PROTOS__PROPOSAL__INIT;
    rt_bytes binding;
    (void)state;
    p.header = header_of(channel_header(0, 10), signature_header());
    assert_null(protoutil_compute_proposal_binding(&p, &binding));
    assert_hex(binding, "5093dd4f4277e964da8f4afbde0a9674d17f2a6a5961f0670fc21ae9b67f2983");
    p.header = header_of(channel_header(0, 0x0102030405060708), signature_header());
    assert_null(protoutil_compute_proposal_binding(&p, &binding));
    assert_hex(binding, "3c01348c4deb38b0ebf927ec8ca1312af55b0ee41dd6bdd3a5b8123be8df0dd0");
}

/* ---- hashes for endorsements ---- */

static void test_hashes(void **state)
{
    Common__Header header = COMMON__HEADER__INIT;
    rt_bytes hash;
    (void)state;
    assert_error(protoutil_get_proposal_hash2(&header, RT_STR("payload"), &hash), "nil arguments");
    assert_error(protoutil_get_proposal_hash1(&header, RT_STR("payload"), &hash), "nil arguments");
    header.channel_header = RT_STR("chdr");
    assert_error(protoutil_get_proposal_hash2(&header, RT_STR("payload"), &hash), "nil arguments");
    header.signature_header = RT_STR("shdr");
    assert_error(protoutil_get_proposal_hash2(&header, RT_NIL, &hash), "nil arguments");
    assert_null(protoutil_get_proposal_hash2(&header, RT_STR("ccproppayload"), &hash));
    assert_hex(hash, "7b622ef4e1ab9b7093ec3bbfbca17d5d6f14a437914a6839319978a7034f7960");
    assert_error(protoutil_get_proposal_hash1(&header, BROKEN, &hash),
            "error unmarshaling ChaincodeProposalPayload" EOF_TEXT);
    /* The transient map does not count. */
    assert_null(
            protoutil_get_proposal_hash1(&header, RT_STR("\x12\x08\x0a\x01k\x12\x03val"), &hash));
    assert_hex(hash, "d4c1e3cac2105da5fddc2cfe776d6ec28e4598cf1e6fa51122c7f70d8076437b");
}

static void test_payload_for_tx(void **state)
{
    Protos__ChaincodeProposalPayload *payload;
    rt_bytes bytes;
    (void)state;
    assert_error(protoutil_get_bytes_proposal_payload_for_tx(NULL, &bytes), "nil arguments");
    assert_null(protoutil_get_chaincode_proposal_payload(
            RT_STR("\x0a\x05input\x12\x08\x0a\x01k\x12\x03val"), &payload));
    assert_null(protoutil_get_bytes_proposal_payload_for_tx(payload, &bytes));
    assert_hex(bytes, "0a05696e707574");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nil_proposal),
        cmocka_unit_test(test_bad_headers),
        cmocka_unit_test(test_header_types),
        cmocka_unit_test(test_broken_payload),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_binding),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_payload_for_tx),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
