/* The rules of golang/protobuf that protobuf-c does not share, one by one. Expectations are what
 * golang/protobuf v1.2.0 does with these bytes. */
#include <stdlib.h>

#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "proto/common.pb-c.h"
#include "proto/identities.pb-c.h"
#include "proto/policies.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "tests/support/test.h"

static rt_bytes bytes(const char *hex)
{
    rt_bytes out;
    assert_true(rt_unhex(rt_str_from(hex), &out));
    return out;
}

/* One input: the error, NULL for none, and what the message is when written again. */
struct expectation {
    const char *type;
    const char *in;
    const char *err;
    const char *out;
};

static void check(const struct expectation *e)
{
    ProtobufCMessage *m;
    rt_bytes out;
    struct rt_error *err =
            wire_unmarshal(wire_type_by_name(rt_str_from(e->type)), bytes(e->in), &m);
    assert_string_equal(err ? rt_cstr(err->text) : "", e->err ? e->err : "");
    RT_DROP(wire_marshal(m, &out));
    assert_string_equal(rt_cstr(rt_hex(out)), e->out);
}

#define CDS "protos.ChaincodeDeploymentSpec"
#define SID "msp.SerializedIdentity"
#define SPE "common.SignaturePolicyEnvelope"
#define CPP "protos.ChaincodeProposalPayload"

static void test_rules(void **state)
{
    (void)state;
    static const struct expectation table[] = {
        /* tags */
        { CDS, "0000", "proto: peer.ChaincodeDeploymentSpec: illegal tag 0 (wire type 0)", "" },
        { CDS, "800000", "proto: peer.ChaincodeDeploymentSpec: illegal tag 0 (wire type 0)", "" },
        { CDS, "9a80808080000161", NULL, "1a0161" },
        { CDS, "f8ffffffffffffffff0105", NULL, "f8ffffffffffffffff0105" },
        { CDS, "88", "unexpected EOF", "" },
        /* wrong wire types are unknown fields */
        { CDS, "2203616263", NULL, "2203616263" },
        { CDS, "2501020304", NULL, "2501020304" },
        { CDS, "1801", NULL, "1801" },
        { CDS, "0801", NULL, "0801" },
        { SPE, "12030a0161", "unexpected EOF", "1200" },
        { SPE, "12020e00", "proto: can't skip unknown wire type 6", "1200" },
        { CPP, "1001", "proto: bad wiretype for map field: got 0 want 2", "" },
        /* groups */
        { CDS, "2b2c", NULL, "2b2c" },
        { CDS, "2b34", NULL, "2b34" },
        { CDS, "2b0800000c34", NULL, "2b0800000c34" },
        { CDS, "2b2b2c2c", NULL, "2b2b2c2c" },
        { CDS, "2b", "unexpected EOF", "" },
        { CDS, "2c", "proto: can't skip unknown wire type 4", "" },
        { CDS, "2f", "proto: can't skip unknown wire type 7", "" },
        /* varints and lengths */
        { CDS, "20ffffffffffffffffff01", NULL, "20ffffffffffffffffff01" },
        { CDS, "20ffffffffffffffffff02", "unexpected EOF", "" },
        { CDS, "1a818080808080800061", NULL, "1a0161" },
        { CDS, "1a0561", "unexpected EOF", "" },
        { CDS, "1affffffffffffffffff01", "unexpected EOF", "" },
        /* strings */
        { SID, "0a01ff12016b",
                "proto: field \"msp.SerializedIdentity.mspid\" contains invalid UTF-8",
                "0a01ff12016b" },
        { SID, "0a03eda080", "proto: field \"msp.SerializedIdentity.mspid\" contains invalid UTF-8",
                "0a03eda080" },
        { SID, "0a03610062", NULL, "0a03610062" },
        { SID, "0a01ff12", "unexpected EOF", "0a01ff" },
        /* merging */
        { CDS, "0a0208010a00", NULL, "0a020801" },
        { CDS, "0a0220050a020801", NULL, "0a0408012005" },
        { CDS, "0a0228010a022802", NULL, "0a0428012802" },
        { "common.Payload", "0a030a01610a020a00", NULL, "0a00" },
        { SPE, "12001200", NULL, "1200" },
        /* a oneof's last member wins, without merging */
        { SPE, "120208011206120408011200", NULL, "1206120408011200" },
        { SPE, "120408010802", NULL, "12020802" },
        { SPE, "120612020801120012", "unexpected EOF", "12021200" },
        /* maps */
        { CPP, "12030a016b", NULL, "12030a016b" },
        { CPP, "1200", NULL, "12020a00" },
        { CPP, "12050a016b0000", NULL, "12030a016b" },
        { CPP, "12060a016212016112060a016112016212060a0162120163", NULL,
                "12060a016112016212060a0162120163" },
        { CPP, "12030a01ff",
                "proto: field \"protos.ChaincodeProposalPayload.TransientMap\" contains invalid "
                "UTF-8",
                "12030a01ff" },
        /* structs without generated code: no UTF-8 check, unknown fields are dropped */
        { "ccprovider.ChaincodeData", "0a01ff4801", NULL, "0a01ff" },
        { "ccprovider.CDSData", "0a00", NULL, "" },
        { "ccprovider.SignedCDSData", "0a00", NULL, "0a00" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(&table[i]);
}

static void test_presence(void **state)
{
    (void)state;
    Protos__ChaincodeHeaderExtension *absent, *empty;
    assert_null(WIRE_UNMARSHAL(protos__chaincode_header_extension, bytes(""), &absent));
    assert_null(WIRE_UNMARSHAL(protos__chaincode_header_extension, bytes("0a00"), &empty));
    assert_null(absent->payload_visibility.data);
    assert_non_null(empty->payload_visibility.data);
    assert_int_equal(empty->payload_visibility.len, 0);
    assert_true(WIRE_EQUAL(absent, empty));
}

/* The message of a failed decode holds what came before: msgvalidation.go shows its MSP id. */
static void test_partial_result(void **state)
{
    (void)state;
    Msp__SerializedIdentity *sid;
    assert_non_null(WIRE_UNMARSHAL(msp__serialized_identity, bytes("0a044f726731ff"), &sid));
    assert_true(rt_str_is(sid->mspid, "Org1"));
}

static void test_enum_out_of_range(void **state)
{
    (void)state;
    Protos__ChaincodeSpec *spec;
    assert_null(WIRE_UNMARSHAL(protos__chaincode_spec, bytes("08ffffffffffffffffff01"), &spec));
    assert_int_equal((int)spec->type, -1);
}

static void test_marshal_errors(void **state)
{
    (void)state;
    rt_bytes out;
    Protos__ChaincodeInput *input = WIRE_NEW(protos__chaincode_input);
    Protos__ChaincodeID *id = WIRE_NEW(protos__chaincode_id);
    id->name = bytes("ff");
    struct rt_error *err = WIRE_MARSHAL(id, &out);
    assert_string_equal(
            rt_cstr(err->text), "proto: field \"protos.ChaincodeID.Name\" contains invalid UTF-8");
    assert_string_equal(rt_cstr(rt_hex(out)), "1201ff");
    assert_null(WIRE_MARSHAL(input, &out));
    assert_non_null(out.data);
    assert_int_equal(out.len, 0);
    Common__SignaturePolicy__NOutOf *n = WIRE_NEW(common__signature_policy__nout_of);
    Common__SignaturePolicy *rules[] = { NULL };
    n->rules = rules;
    n->n_rules = 1;
    err = WIRE_MARSHAL(n, &out);
    assert_string_equal(rt_cstr(err->text), "proto: repeated field Rules has nil element");
    err = wire_marshal(NULL, &out);
    assert_string_equal(rt_cstr(err->text), "proto: Marshal called with nil");
}

/* `levels` policies, each with the NOutOf that holds the next one. */
static rt_bytes nested(size_t levels)
{
    size_t cap = 12 * levels + 16, at = cap, len = 0;
    uint8_t *data = rt_alloc(cap);
    for (size_t i = 0; i < 2 * levels + 1; i++) {
        uint8_t head[8], n = 0;
        head[n++] = 0x12;
        for (size_t x = len;; x >>= 7) {
            head[n++] = (uint8_t)(x >= 0x80 ? x | 0x80 : x);
            if (x < 0x80)
                break;
        }
        at -= n;
        len += n;
        memcpy(data + at, head, n);
    }
    return rt_bytes_from(data + at, len);
}

static void decode(void *in)
{
    Common__SignaturePolicyEnvelope *envelope;
    assert_null(WIRE_UNMARSHAL(common__signature_policy_envelope, *(rt_bytes *)in, &envelope));
    rt_bytes out;
    assert_null(WIRE_MARSHAL(envelope, &out));
    assert_true(rt_str_eq(out, *(rt_bytes *)in));
    assert_true(WIRE_EQUAL(envelope, WIRE_CLONE(envelope)));
}

static void test_depth(void **state)
{
    (void)state;
    rt_str panic;
    rt_bytes in = nested(357000);
    assert_false(rt_recover(decode, &in, &panic));
    in = nested(360000);
    assert_true(rt_recover(decode, &in, &panic));
    assert_true(rt_str_is(panic, "goroutine stack exceeds 1000000000-byte limit"));
}

/* A length that promises more than there is costs nothing. */
static void test_no_allocation_from_a_length(void **state)
{
    size_t before = rt_arena_used(*state);
    Protos__ChaincodeInput *input;
    assert_non_null(WIRE_UNMARSHAL(protos__chaincode_input, bytes("0affffffff7f"), &input));
    assert_true(rt_arena_used(*state) - before < 4096);
}

static void test_names(void **state)
{
    (void)state;
    size_t count;
    const ProtobufCMessageDescriptor *const *types = wire_types(&count);
    assert_true(count > 100);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(types[i - 1]->name, types[i]->name) < 0);
    assert_null(wire_type_by_name(RT_STR("protos.Nothing")));
    assert_string_equal(wire_go_type(&common__signature_policy__nout_of__descriptor),
            "common.SignaturePolicy_NOutOf");
    assert_string_equal(
            wire_go_type(wire_type_by_name(RT_STR("common.MSPPrincipal"))), "msp.MSPPrincipal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rules, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_presence, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_partial_result, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_enum_out_of_range, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_marshal_errors, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_depth, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_no_allocation_from_a_length, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_names, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
