/* Bytes and messages written as JSON: what they are on the wire. */
#include <string.h>

#include "harness/scenario/bytes_form.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static rt_bytes form(const char *text)
{
    rt_bytes out = RT_NIL;
    struct json_doc *doc = json_doc_parse("form", text, strlen(text), 1);
    assert_non_null(doc);
    assert_true(bytes_form_read(doc, doc->root, &out));
    out = rt_bytes_dup(out.data, out.len);
    json_doc_free(doc);
    return out;
}

static void is(const char *text, const char *hex)
{
    rt_bytes bytes = form(text);
    assert_non_null(bytes.data);
    assert_string_equal(rt_cstr(rt_hex(bytes)), hex);
}

static void test_bytes(void **state)
{
    (void)state;
    is("\"aé\"", "61c3a9");
    is("\"\"", "");
    is("{\"text\": \"ab\", \"repeat\": 3}", "616261626162");
    is("{\"text\": \"ab\", \"repeat\": 0}", "");
    is("{\"hex\": \"00fF\"}", "00ff");
    is("{\"hex\": \"0001\", \"flip\": 1}", "00fe");
    is("{\"text\": \"abc\", \"cut\": 2}", "6162");
    is("{\"text\": \"abc\", \"cut\": 0}", "");
}

/* RFC 4648, section 10. */
static void test_base64(void **state)
{
    (void)state;
    is("{\"base64\": \"\"}", "");
    is("{\"base64\": \"Zg==\"}", "66");
    is("{\"base64\": \"Zm8=\"}", "666f");
    is("{\"base64\": \"Zm9v\"}", "666f6f");
    is("{\"base64\": \"Zm9vYmFy\"}", "666f6f626172");
    is("{\"base64\": \"+/+/\"}", "fbffbf");
}

/* Field numbers and wire types are those of the .proto files. */
static void test_messages(void **state)
{
    (void)state;
    is("{\"message\": \"protos.GetState\"}", "");
    is("{\"message\": \"GetState\", \"fields\": {\"key\": \"a\", \"collection\": \"c\"}}",
            "0a0161120163");
    is("{\"message\": \"ChaincodeSpec\", \"fields\": {\"type\": \"JAVA\", \"timeout\": -1,"
       " \"chaincode_id\": {\"name\": \"m\"}, \"input\": {\"args\": [\"x\", {\"hex\": \"ff\"}]}}}",
            "08041203"
            "12016d"
            "1a060a01780a01ff"
            "20ffffffffffffffffff01");
    is("{\"message\": \"ChaincodeSpec\", \"fields\": {\"type\": 77}}", "084d");
    is("{\"message\": \"Proposal\", \"fields\": {\"header\": {\"message\": \"common.Header\","
       " \"fields\": {\"channel_header\": \"h\"}}}}",
            "0a030a0168");
    is("{\"message\": \"ChaincodeProposalPayload\", \"fields\": {\"TransientMap\": {\"b\": \"2\","
       " \"a\": {\"hex\": \"01\"}}}}",
            "12060a016112010112060a0162120132");
    is("{\"message\": \"QueryResponse\", \"fields\": {\"has_more\": true}}", "1001");
    is("{\"message\": \"google.protobuf.Timestamp\", \"fields\": {\"seconds\": 1,"
       " \"nanos\": 2}}",
            "08011002");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_base64, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_messages, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
