/* encoding/json: errors and values as Go 1.19 has them. */
#include "model/gostd/gojson.h"
#include "tests/support/test.h"

static void test_errors(void **state)
{
    static const struct {
        const char *in, *error;
    } cases[] = {
        { "", "unexpected end of JSON input" },
        { " ", "unexpected end of JSON input" },
        { "\"", "unexpected end of JSON input" },
        { "{\"a\":1e999", "unexpected end of JSON input" },
        { "{\"a\":1} x", "invalid character 'x' after top-level value" },
        { "tru", "invalid character ' ' in literal true (expecting 'e')" },
        { "trux", "invalid character 'x' in literal true (expecting 'e')" },
        { "01", "invalid character '1' after top-level value" },
        { "-", "invalid character ' ' in numeric literal" },
        { "1.x", "invalid character 'x' after decimal point in numeric literal" },
        { "1e+", "invalid character ' ' in exponent of numeric literal" },
        { "\"\x01\"", "invalid character '\\x01' in string literal" },
        { "\"\\q\"", "invalid character 'q' in string escape code" },
        { "\"\\u12x4\"", "invalid character 'x' in \\u hexadecimal character escape" },
        { "{1}", "invalid character '1' looking for beginning of object key string" },
        { "{\"a\" 1}", "invalid character '1' after object key" },
        { "{\"a\":1,}", "invalid character '}' looking for beginning of object key string" },
        { "{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair" },
        { "[1 2]", "invalid character '2' after array element" },
        { "[1,]", "invalid character ']' looking for beginning of value" },
        { "'a'", "invalid character '\\'' looking for beginning of value" },
        { "\xe9", "invalid character '\xc3\xa9' looking for beginning of value" },
        { "1e309", "json: cannot unmarshal number 1e309 into Go value of type float64" },
        { "{\"x\":[1e400,-1e500]}",
                "json: cannot unmarshal number 1e400 into Go value of type float64" },
        { " [1e308] ", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct gojson *v;
        struct rt_error *err = gojson_unmarshal_any(rt_str_from(cases[i].in), &v);
        assert_string_equal(err ? rt_cstr(err->text) : "accepted",
                cases[i].error ? cases[i].error : "accepted");
    }
}

/* The limit of Go 1.15 and later is for json.Unmarshal into a type; the Go of 1.4.2 had none. */
static void test_depth(void **state)
{
    struct rt_buf deep = { 0 };
    struct gojson *v;
    (void)state;
    for (size_t i = 0; i < 10001; i++)
        rt_buf_put_byte(&deep, '[');
    for (size_t i = 0; i < 10001; i++)
        rt_buf_put_byte(&deep, ']');
    rt_bytes in = rt_buf_str(&deep);
    assert_null(gojson_unmarshal_any(in, &v));
    assert_null(gojson_unmarshal(rt_str_slice(in, 1, in.len - 1), &v));
    struct rt_error *err = gojson_unmarshal(in, &v);
    assert_non_null(err);
    assert_string_equal(rt_cstr(err->text), "invalid character '[' exceeded max depth");
}

static void test_values(void **state)
{
    struct gojson *v;
    (void)state;
    rt_str in = RT_STR("{\"a\":1,\"a\":[true,null,\"\xff\\u00e9\\ud83d\\ude00\\ud83d\"]}");
    assert_null(gojson_unmarshal_any(in, &v));
    const struct gojson *last = rt_map_get(gojson_map(v), RT_STR("a"));
    assert_int_equal(last->kind, GOJSON_ARRAY);
    assert_true(last->first->boolean);
    assert_int_equal(last->first->next->kind, GOJSON_NULL);
    assert_true(rt_str_is(last->last->text, "\xef\xbf\xbd\xc3\xa9\xf0\x9f\x98\x80\xef\xbf\xbd"));
}

static void test_quote(void **state)
{
    struct rt_buf buf = { 0 };
    (void)state;
    gojson_quote(&buf, RT_STR("a<b>&c\xe2\x80\xa8\xe2\x80\xa9\t\n\r\x01\x1f\"\\/\x7f\xc3\xa9\xff"
                              "\xe2\x80"));
    assert_string_equal(rt_cstr(rt_buf_str(&buf)),
            "\"a\\u003cb\\u003e\\u0026c\\u2028\\u2029\\t\\n\\r\\u0001\\u001f\\\"\\\\/\x7f\xc3\xa9"
            "\\ufffd\\ufffd\\ufffd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_errors, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_depth, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_values, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(test_quote, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
