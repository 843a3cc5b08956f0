/* ChaincodeInput.String() against golang/protobuf 1.2.0's own answers: lines of chaincode_input.txt
 * are a marshalled message and its text, both in hex. */
#include <string.h>

#include "model/wire/wire.h"
#include "tests/support/test.h"

#include "proto/chaincode.pb-c.h"

static void test_text_is_gos(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/wire/chaincode_input.txt");
    while (support_next_line(&lines)) {
        const char *space = strchr(lines.line, ' ');
        assert_non_null(space);
        rt_bytes in, expected;
        assert_true(rt_unhex(rt_bytes_from(lines.line, (size_t)(space - lines.line)), &in));
        assert_true(rt_unhex(rt_str_from(space + 1), &expected));
        Protos__ChaincodeInput *input;
        assert_null(WIRE_UNMARSHAL(protos__chaincode_input, in, &input));
        assert_string_equal(rt_cstr(wire_text(&input->base)), rt_cstr(expected));
    }
    assert_int_equal(lines.number, 60);
    assert_true(rt_str_is(wire_text(NULL), "<nil>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_text_is_gos) };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
