/* What the command prints of an answer or a failed call, against what the commands of 1.4.2 did:
 * prints.jsonl has the command, the answer in hex or the status, and the error, null for none. */
#include "model/client/chaincode_result.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include <string.h>

static enum client_command command_of(json_t *vector)
{
    static const char *const names[] = { "install", "instantiate", "upgrade", "invoke", "query" };
    const char *name = json_string_value(json_object_get(vector, "command"));
    size_t i = 0;
    while (i < 4 && strcmp(names[i], name) != 0)
        i++;
    return (enum client_command)i;
}

static rt_str printed(json_t *vector)
{
    const char *status = json_string_value(json_object_get(vector, "status"));
    if (status)
        return client_call_error(command_of(vector), rt_str_from(status));
    rt_bytes bytes;
    Protos__ProposalResponse *answer;
    const char *hex = json_string_value(json_object_get(vector, "answer"));
    assert_true(rt_unhex(rt_str_from(hex), &bytes));
    assert_null(WIRE_UNMARSHAL(protos__proposal_response, bytes, &answer));
    return client_answer_error(command_of(vector), answer);
}

static void test_as_recorded(void **state)
{
    (void)state;
    size_t count = 0;
    struct support_lines lines = support_lines_of("tests/client/prints.jsonl");
    for (json_t *vector; (vector = support_next_vector(&lines)); count++) {
        json_t *err = json_object_get(vector, "err");
        rt_str text = printed(vector);
        bool same = json_is_null(err)
                            ? !text.data
                            : text.data && rt_str_eq(text, rt_bytes_from(json_string_value(err),
                                                                   json_string_length(err)));
        if (!same)
            fail_msg("line %zu: found \"%s\"", lines.number, text.data ? rt_cstr(text) : "nothing");
    }
    assert_int_equal(count, 235);
}

static void test_nobody_listens(void **state)
{
    (void)state;
    assert_string_equal(rt_cstr(client_connect_error(CLIENT_INVOKE, RT_STR("peer0:7051"))),
            "error getting endorser client for invoke: endorser client failed to connect to "
            "peer0:7051: failed to create new connection: context deadline exceeded");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_as_recorded, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                test_nobody_listens, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
