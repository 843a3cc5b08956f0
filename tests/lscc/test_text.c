/* ChaincodeInput.String() against golang/protobuf 1.2.0's own answers: lines of chaincode_input.txt
 * are a marshalled message and its text, both in hex. */
#include <stdio.h>
#include <stdlib.h>

#include "model/lscc/text.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

static void test_text_is_gos(void **state)
{
    (void)state;
    struct rt_arena *arena = rt_arena_new();
    rt_arena_use(arena);
    FILE *f = fopen("tests/lscc/chaincode_input.txt", "r");
    assert_non_null(f);
    char *line = NULL;
    size_t cap = 0, lines = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, f)) > 0) {
        char *space = strchr(line, ' ');
        assert_non_null(space);
        rt_bytes in, expected;
        assert_true(rt_unhex(rt_bytes_from(line, (size_t)(space - line)), &in));
        assert_true(rt_unhex(
                rt_bytes_from(space + 1, (size_t)(line + n - 1 - (space + 1))), &expected));
        Protos__ChaincodeInput *input;
        assert_null(WIRE_UNMARSHAL(protos__chaincode_input, in, &input));
        assert_string_equal(rt_cstr(lscc_chaincode_input_string(input)), rt_cstr(expected));
        lines++;
    }
    assert_int_equal(lines, 60);
    free(line);
    fclose(f);
    assert_true(rt_str_is(lscc_chaincode_input_string(NULL), "<nil>"));
    rt_arena_use(NULL);
    rt_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_text_is_gos) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
