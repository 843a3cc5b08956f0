/* What the command makes of collections, constructors and transient values, against what the code
 * of 1.4.2 made of them: client.jsonl has one of `collections`, `ctor` (JSON text) and `transient`
 * (base64), and `out` in hex, `args`, `err` or `panic`. */
#include "model/client/chaincode_common.h"
#include "tests/support/test.h"

#include <string.h>

struct given {
    const char *kind;
    rt_str text;
    struct rt_error *err;
    rt_bytes out;
    rt_bytes *args;
    size_t count;
};

static void run(void *arg)
{
    struct given *g = arg;
    if (strcmp(g->kind, "collections") == 0)
        g->err = client_collection_config_from_bytes(g->text, &g->out);
    else if (strcmp(g->kind, "ctor") == 0)
        g->err = client_chaincode_input(g->text, &g->args, &g->count);
    else
        g->err = client_transient_value(g->text, &g->out);
}

static bool same(json_t *vector, const char *key, rt_str text)
{
    json_t *value = json_object_get(vector, key);
    return value &&
           rt_str_eq(text, rt_bytes_from(json_string_value(value), json_string_length(value)));
}

static bool same_args(json_t *list, const struct given *g)
{
    bool all = list && json_array_size(list) == g->count;
    for (size_t i = 0; all && i < g->count; i++)
        all = rt_str_is(rt_hex(g->args[i]), json_string_value(json_array_get(list, i)));
    return all;
}

static bool as_recorded(json_t *vector)
{
    static const char *const kinds[] = { "collections", "ctor", "transient" };
    struct given g = { 0 };
    for (size_t i = 0; i < 3; i++) {
        json_t *text = json_object_get(vector, kinds[i]);
        if (text)
            g = (struct given){ .kind = kinds[i],
                .text = rt_bytes_from(json_string_value(text), json_string_length(text)) };
    }
    rt_str panic;
    if (rt_recover(run, &g, &panic))
        return same(vector, "panic", panic);
    if (g.err)
        return same(vector, "err", g.err->text);
    return strcmp(g.kind, "ctor") == 0 ? same_args(json_object_get(vector, "args"), &g)
                                       : same(vector, "out", rt_hex(g.out));
}

static void texts_are_read_as_recorded(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/client/client.jsonl");
    size_t wrong = 0, right = 0;
    json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        if (as_recorded(vector)) {
            right++;
            continue;
        }
        print_error("line %zu differs: %s\n", lines.number, lines.line);
        wrong++;
    }
    assert_true(right > 1000);
    assert_int_equal(wrong, 0);
}

/* As the command prints them, after "Error: ". */
static void mistakes_name_the_flag(void **state)
{
    rt_bytes out;
    (void)state;
    assert_string_equal(rt_cstr(client_policy(RT_STR("OR('Org1MSP.member'"), &out)->text),
            "invalid policy OR('Org1MSP.member'");
    struct rt_error *err =
            client_collections(RT_STR("c.json"), RT_STR("[{\"policy\": \"OR(Org1MSP)\"}]"), &out);
    assert_string_equal(rt_cstr(err->text),
            "invalid collection configuration in file c.json: invalid policy OR(Org1MSP): "
            "unrecognized token 'Org1MSP' in policy string");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                texts_are_read_as_recorded, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                mistakes_name_the_flag, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
