/* Every line of peer-*.jsonl through the expiration filter and proposal validation: where the
 * recorded peer refused a proposal there, the text is the same, and what it let through is let
 * through. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "model/rt/arena.h"
#include "model/rt/rt.h"
#include "model/validation/msgvalidation.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#define VECTORS "corpora/conformance/"

struct attempt {
    struct msp_mgmt *mgmt;
    Protos__SignedProposal *signed_proposal;
    struct validated_proposal validated;
    struct rt_error *err;
};

static void validate(void *arg)
{
    struct attempt *a = arg;
    a->err = validation_validate_proposal_message(a->mgmt, a->signed_proposal, &a->validated);
}

/* The texts of validation, as opposed to those of the endorser behind it. */
static bool is_validation_text(const char *text)
{
    static const char *const beginnings[] = {
        "access denied: channel [",
        "invalid Epoch",
        "invalid header",
        "invalid nonce",
        "invalid creator",
        "invalid txid",
        "invalid payload",
        "unsupported proposal",
        "ChaincodeHeaderExtension",
        "error unmarshaling ChannelHeader",
        "error unmarshaling SignatureHeader",
    };
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    }
    return false;
}

/* What the filter in front refuses is another test's. */
static bool is_filter_text(const char *text)
{
    return strncmp(text, "failed parsing ", 15) == 0 || strcmp(text, "identity expired") == 0;
}

static bool check(const json_t *vector, struct msp_mgmt *mgmt, size_t *refused)
{
    const json_t *expect = json_object_get(vector, "expect");
    const char *kind = json_string_value(json_object_get(expect, "kind"));
    const char *message = json_string_value(json_object_get(expect, "message"));
    bool grpc_error = strcmp(kind, "grpc_error") == 0;
    if (grpc_error && is_filter_text(message))
        return true;
    const char *wanted = grpc_error && is_validation_text(message) ? message : NULL;
    struct attempt a = { .mgmt = mgmt };
    rt_bytes in;
    assert_true(rt_unhex(
            rt_str_from(json_string_value(json_object_get(vector, "signed_proposal"))), &in));
    assert_null(WIRE_UNMARSHAL(protos__signed_proposal, in, &a.signed_proposal));
    rt_str panic = RT_STR("");
    bool panicked = rt_recover(validate, &a, &panic);
    *refused += wanted != NULL;
    if (!panicked && (wanted ? a.err && rt_str_is(a.err->text, wanted) : !a.err))
        return true;
    fprintf(stderr, "%s (%s): expected %s, got %s %s\n",
            json_string_value(json_object_get(vector, "id")),
            json_string_value(json_object_get(vector, "note")), wanted ? wanted : "no error",
            a.err ? rt_cstr(a.err->text) : "no error", rt_cstr(panic));
    return false;
}

static void check_file(const char *name, bool old_channel, size_t count, size_t *refused)
{
    struct msp_mgmt *mgmt = msp_mgmt_new(support_msp("Org1MSP", MSP_V1_0, true));
    const struct msp *org1 = support_msp("Org1MSP", MSP_V1_3, false);
    msp_mgmt_set_manager(mgmt, RT_STR("mychannel"), msp_manager_new(&org1, 1));
    if (old_channel)
        msp_mgmt_set_manager(mgmt, RT_STR("oldchannel"), msp_manager_new(&org1, 1));
    struct support_lines lines = support_lines_of(rt_cstr(rt_sprintf(VECTORS "%s", name)));
    size_t wrong = 0;
    const json_t *vector;
    while ((vector = support_next_vector(&lines)))
        wrong += !check(vector, mgmt, refused);
    rt_arena_reset(rt_arena_current());
    assert_int_equal(wrong, 0);
    assert_int_equal(lines.number, count);
}

static void all_files(void **state)
{
    (void)state;
    size_t refused = 0;
    check_file("peer-headers.jsonl", true, 178, &refused);
    check_file("peer-mutate.jsonl", true, 260, &refused);
    check_file("peer-identity.jsonl", false, 62, &refused);
    check_file("peer-lscc.jsonl", true, 394, &refused);
    check_file("peer-install.jsonl", true, 148, &refused);
    check_file("peer-cc.jsonl", true, 48, &refused);
    assert_true(refused >= 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(all_files) };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
