/* Policies as text, against what FromString of 1.4.2 made of them: policy_texts.jsonl has `policy`
 * and `out` (the envelope, marshalled), `err` or `panic`. Addresses of functions, which Go prints
 * in some errors, are all the same there. */
#include "model/policy/cauthdsl.h"
#include "model/policy/policyparser.h"
#include "tests/support/test.h"

#include <string.h>

struct parsing {
    rt_str policy;
    struct rt_error *err;
    Common__SignaturePolicyEnvelope *envelope;
};

static void parse(void *arg)
{
    struct parsing *p = arg;
    p->err = cauthdsl_from_string(p->policy, &p->envelope);
}

static bool same(json_t *vector, const char *key, rt_str text)
{
    return rt_str_is(text, json_string_value(json_object_get(vector, key)));
}

static bool as_recorded(json_t *vector)
{
    json_t *policy = json_object_get(vector, "policy");
    struct parsing p = { .policy = rt_bytes_dup(
                                 json_string_value(policy), json_string_length(policy)) };
    rt_str panic;
    if (rt_recover(parse, &p, &panic))
        return json_object_get(vector, "panic") && same(vector, "panic", panic);
    if (p.err)
        return json_object_get(vector, "err") && same(vector, "err", p.err->text);
    return json_object_get(vector, "out") &&
           same(vector, "out", rt_hex(cauthdsl_marshal(p.envelope)));
}

static void texts_are_read_as_recorded(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/policy/policy_texts.jsonl");
    size_t wrong = 0, outs = 0;
    json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        outs += json_object_get(vector, "out") != NULL;
        if (as_recorded(vector))
            continue;
        print_error("line %zu differs: %s\n", lines.number, lines.line);
        wrong++;
    }
    assert_true(outs > 300);
    assert_int_equal(wrong, 0);
}

static void stops_at(rt_str policy, const char *what)
{
    struct parsing p = { .policy = policy };
    rt_str panic;
    assert_true(rt_recover(parse, &p, &panic));
    assert_string_equal(rt_cstr(panic), what);
}

/* before, `count` times part, after. */
static rt_str text_of(const char *before, const char *part, size_t count, const char *after)
{
    struct rt_buf buf = { 0 };
    rt_buf_putz(&buf, before);
    for (size_t i = 0; i < count; i++)
        rt_buf_putz(&buf, part);
    rt_buf_putz(&buf, after);
    return rt_buf_str(&buf);
}

static void what_is_left_out_says_so(void **state)
{
    static const char *const deep =
            "cclab does not model more than 256 parentheses in each other in policies";
    static const char *const too_long =
            "cclab does not model policies of more than 8192 words and signs";
    (void)state;
    stops_at(RT_STR("'a' =~ 'b'"), "cclab does not model regular expressions in policies");
    stops_at(rt_sprintf("%S%S", text_of("", "(", 257, "1"), text_of("", ")", 257, "")), deep);
    stops_at(text_of("OR('A.peer'", ", 'A.peer'", 100000, ")"), too_long);
    stops_at(text_of("2", "**2", 100000, ""), too_long);
}

static void long_lists_are_read(void **state)
{
    struct parsing p = { .policy = text_of("OutOf(4000, 'A.peer'", ", 'A.peer'", 3999, ")") };
    (void)state;
    parse(&p);
    assert_null(p.err);
    assert_int_equal(p.envelope->n_identities, 4000);
    assert_int_equal(p.envelope->rule->n_out_of->n, 4000);
    assert_int_equal(p.envelope->rule->n_out_of->n_rules, 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                texts_are_read_as_recorded, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                what_is_left_out_says_so, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                long_lists_are_read, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
