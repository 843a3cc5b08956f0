/* Strings, formats, errors and buffers; expectations are Go's. */
#include "tests/rt/helper_program.h"

#include <limits.h>
#include <string.h>

static int free_arena(void **state)
{
    rt_arena_free(*state);
    assert_null(rt_arena_current());
    return 0;
}

static void assert_text_at(rt_str s, const char *expected, const char *file, int line)
{
    _assert_string_equal(rt_cstr(s), expected, file, line);
    _assert_int_equal(s.len, strlen(expected), file, line);
}
#define assert_text(s, expected) assert_text_at((s), (expected), __FILE__, __LINE__)

static void test_quote(void **state)
{
    (void)state;
    static const struct {
        rt_str in;
        const char *quoted;
        bool valid;
    } table[] = {
        { RT_STR_INIT(""), "\"\"", true },
        { RT_STR_INIT("a\"b\\c"), "\"a\\\"b\\\\c\"", true },
        { RT_STR_INIT("\a\b\f\n\r\t\v\0\x1f\x7f"), "\"\\a\\b\\f\\n\\r\\t\\v\\x00\\x1f\\x7f\"",
                true },
        { RT_STR_INIT("\xff\xc3(\xc3\xa9"), "\"\\xff\\xc3(\xc3\xa9\"", false },
        { RT_STR_INIT("\xc2\xad\xe2\x80\xa8\xc2\xa0\xe3\x80\x80"),
                "\"\\u00ad\\u2028\\u00a0\\u3000\"", true },
        { RT_STR_INIT("\xf0\x9f\x98\x80\xef\xbb\xbf\xef\xbf\xbd"),
                "\"\xf0\x9f\x98\x80\\ufeff\xef\xbf\xbd\"", true },
        { RT_STR_INIT("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"", false },
        { RT_STR_INIT("\xf4\x8f\xbf\xbf\xee\x80\x80"), "\"\\U0010ffff\\ue000\"", true },
        { RT_STR_INIT("\xc0\xaf"), "\"\\xc0\\xaf\"", false },
        { RT_STR_INIT("\xf4\x90\x80\x80"), "\"\\xf4\\x90\\x80\\x80\"", false },
        { RT_STR_INIT("\xe2\x82"), "\"\\xe2\\x82\"", false },
        { RT_STR_INIT("'`$%"), "\"'`$%\"", true },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_text(rt_quote(table[i].in), table[i].quoted);
        assert_int_equal(rt_str_utf8_valid(table[i].in), table[i].valid);
    }
}

static void test_format(void **state)
{
    (void)state;
    assert_text(rt_sprintf("%s|%S|%q|%x", "a", RT_STR("b"), RT_STR("c\n"), RT_STR("\x01\xab")),
            "a|b|\"c\\n\"|01ab");
    assert_text(
            rt_sprintf("%S", rt_bytes_from("x\0y", 3)).len == 3 ? RT_STR("3") : RT_STR("?"), "3");
    assert_text(rt_sprintf("%d %d %u", INT_MIN, INT_MAX, UINT_MAX),
            "-2147483648 2147483647 4294967295");
    assert_text(rt_sprintf("%ld %lld %lu %llu %zu", LONG_MIN, LLONG_MAX, ULONG_MAX, 0ULL, SIZE_MAX),
            "-9223372036854775808 9223372036854775807 18446744073709551615 0 18446744073709551615");
    assert_text(rt_sprintf("%05d %05d %03u %02d", 42, -42, 7u, 123), "00042 -0042 007 123");
    assert_text(rt_sprintf("%X2 %X8 %lX %X4z", 10u, 0xbeefu, 0x123456789abUL, 0u),
            "0a 0000beef 123456789ab 0000z");
    assert_text(rt_sprintf("%c%c %t %t %%", 'o', 'k', true, false), "ok true false %");
    assert_text(rt_sprintf("%v %v", rt_errorf("e%d", 1), (struct rt_error *)NULL), "e1 <nil>");
    assert_text(rt_sprintf("%s", (const char *)NULL), "");
    assert_text(rt_sprintf("%s", ""), "");
}

static void test_search(void **state)
{
    (void)state;
    rt_str s = RT_STR("go gopher");
    assert_int_equal(rt_str_index(s, RT_STR("go")), 0);
    assert_int_equal(rt_str_last_index(s, RT_STR("go")), 3);
    assert_int_equal(rt_str_index(s, RT_STR("dmr")), -1);
    assert_int_equal(rt_str_last_index(s, RT_STR("go gopher!")), -1);
    assert_int_equal(rt_str_index(s, RT_STR("")), 0);
    assert_int_equal(rt_str_last_index(s, RT_STR("")), 9);
    assert_int_equal(rt_str_index(RT_NIL, RT_STR("x")), -1);
    assert_int_equal(rt_str_index(RT_NIL, RT_NIL), 0);
    assert_true(rt_str_contains(s, RT_STR("o g")));
    assert_true(rt_str_has_prefix(s, RT_STR("go ")));
    assert_false(rt_str_has_prefix(RT_STR("g"), RT_STR("go")));
    assert_true(rt_str_has_suffix(s, RT_STR("pher")));
    assert_true(rt_str_has_suffix(RT_NIL, RT_NIL));
    assert_true(rt_str_cmp(RT_STR("a"), RT_STR("ab")) < 0);
    assert_true(rt_str_cmp(RT_STR("b"), RT_STR("ab")) > 0);
    assert_true(rt_str_cmp(RT_STR("\x7f"), RT_STR("\x80")) < 0);
    assert_int_equal(rt_str_cmp(RT_NIL, RT_STR("")), 0);
}

static void test_build(void **state)
{
    (void)state;
    size_t n;
    rt_str *parts = rt_str_split(RT_STR("a,b,,c"), RT_STR(","), &n);
    assert_int_equal(n, 4);
    assert_text(rt_str_join(parts, n, RT_STR("; ")), "a; b; ; c");
    parts = rt_str_split(RT_NIL, RT_STR(","), &n);
    assert_int_equal(n, 1);
    assert_int_equal(parts[0].len, 0);
    assert_text(rt_str_join(NULL, 0, RT_STR(",")), "");
    assert_text(rt_str_cat(RT_STR("a"), RT_NIL), "a");
    assert_text(rt_str_lower(RT_STR("ABZ[@`{\xc3\x80\xc3\x96\xc3\x97\xc3\x98\xc3\x9e\xc3\x9f")),
            "abz[@`{\xc3\xa0\xc3\xb6\xc3\x97\xc3\xb8\xc3\xbe\xc3\x9f");
    assert_text(rt_str_trim(RT_STR(" \t\n\v\f\r a b \r\n")), "a b");
    assert_text(rt_str_trim(RT_STR("  ")), "");
    assert_text(rt_hex(RT_STR("\x00\xff\x1a")), "00ff1a");
    rt_bytes b;
    assert_true(rt_unhex(RT_STR("00fF1a"), &b));
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "\x00\xff\x1a", 3);
    assert_false(rt_unhex(RT_STR("0"), &b));
    assert_false(rt_unhex(RT_STR("0g"), &b));
    assert_true(rt_unhex(RT_STR(""), &b));
    assert_non_null(b.data);
    assert_null(rt_bytes_dup(NULL, 0).data);
    assert_non_null(rt_bytes_dup("", 0).data);
    assert_null(rt_str_dup(RT_NIL).data);
}

static void test_buffer(void **state)
{
    (void)state;
    struct rt_buf buf = { 0 };
    assert_text(rt_buf_str(&buf), "");
    for (int i = 0; i < 1000; i++)
        rt_buf_printf(&buf, "%d,", i % 10);
    rt_buf_putz(&buf, "end");
    rt_buf_put_byte(&buf, '.');
    rt_buf_put_str(&buf, RT_NIL);
    rt_str s = rt_buf_str(&buf);
    assert_int_equal(s.len, 2004);
    assert_true(rt_str_has_suffix(s, RT_STR("8,9,end.")));
}

static void test_errors(void **state)
{
    (void)state;
    static const char my_type;
    struct rt_error *root = rt_error_typed(&my_type, &my_type, RT_STR("root"));
    assert_true(rt_error_is(root, &my_type));
    assert_null(rt_error_wrap(NULL, "m"));
    assert_null(rt_error_wrapf(NULL, "m%d", 1));
    struct rt_error *outer = rt_error_wrapf(rt_error_wrap(root, "inner"), "outer %d", 2);
    assert_text(outer->text, "outer 2: inner: root");
    assert_false(rt_error_is(outer, &my_type));
    assert_ptr_equal(rt_error_cause(outer), root);
    assert_null(rt_error_cause(NULL));
    assert_false(rt_error_is(NULL, &my_type));
    assert_false(rt_error_is(rt_errorf("x"), NULL));
    assert_text(rt_eof->text, "EOF");
    assert_true(rt_error_is(rt_eof, rt_eof->type));
}

/* ---- maps ---- */

static void test_map(void **state)
{
    (void)state;
    assert_null(rt_map_get(NULL, RT_STR("a")));
    assert_int_equal(rt_map_len(NULL), 0);
    struct rt_map *map = rt_map_new();
    enum { KEYS = 500 };
    void *expected[KEYS] = { 0 };
    struct rt_rng rng = { 7 };
    for (int i = 0; i < 20000; i++) {
        uint32_t k = rt_rng_below(&rng, KEYS);
        rt_str key = rt_sprintf("key%u", k);
        if (rt_rng_below(&rng, 2)) {
            expected[k] = num(i + 1);
            rt_map_put(map, key, expected[k]);
        } else {
            expected[k] = NULL;
            rt_map_delete(map, key);
        }
    }
    size_t n = 0;
    for (uint32_t k = 0; k < KEYS; k++) {
        rt_str key = rt_sprintf("key%u", k);
        assert_ptr_equal(rt_map_get(map, key), expected[k]);
        assert_int_equal(rt_map_has(map, key), expected[k] != NULL);
        n += expected[k] != NULL;
    }
    assert_int_equal(rt_map_len(map), n);
    struct rt_map_entry *entries = rt_map_sorted(map);
    for (size_t i = 1; i < n; i++)
        assert_true(rt_str_cmp(entries[i - 1].key, entries[i].key) < 0);
    rt_map_put(map, RT_STR("nil"), NULL);
    assert_true(rt_map_has(map, RT_STR("nil")));
    assert_int_equal(rt_map_len(rt_map_new()), 0);
}

static void put_in_nil(void *arg)
{
    rt_map_put(arg, RT_STR("a"), NULL);
}

static void range(void *arg)
{
    (void)arg;
    struct rt_map *map = rt_map_new();
    rt_map_put(map, RT_STR("c"), num(3));
    rt_map_put(map, RT_STR("a"), num(1));
    rt_map_put(map, RT_STR("b"), num(2));
    struct rt_map_entry *e = rt_map_range(map);
    out("%d%d%d", of(e[0].value), of(e[1].value), of(e[2].value));
}

static void test_map_range(void **state)
{
    (void)state;
    rt_str text;
    assert_true(rt_recover(put_in_nil, NULL, &text));
    assert_text(text, "assignment to entry in nil map");
    assert_string_equal(run_program(range), "123");
    assert_string_equal(all_outcomes(range), "123 | 132 | 213 | 231 | 312 | 321");
    assert_int_equal(outcome_runs(), 6);
}

/* ---- arena ---- */

static void test_arena(void **state)
{
    struct rt_arena *arena = *state;
    rt_arena_reset(arena);
    assert_int_equal(rt_arena_used(arena), 0);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 200000; size = size * 3 / 2 + 1) {
            unsigned char *p = rt_alloc(size);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xff, size);
        }
        rt_arena_reset(arena);
    }
    int *numbers = rt_new_array(int, 2);
    numbers[0] = 5;
    int *more = rt_grow(numbers, 2, 100, sizeof(int));
    assert_int_equal(more[0], 5);
    assert_int_equal(more[99], 0);
    struct rt_arena *second = rt_arena_new();
    assert_ptr_equal(rt_arena_use(second), arena);
    assert_non_null(rt_alloc_in(arena, 8));
    assert_int_equal(rt_arena_used(second), 0);
    rt_arena_use(arena);
    rt_arena_free(second);
}

/* Later allocations lie further on, in spare blocks as in new ones. */
static void test_places(void **state)
{
    struct rt_arena *arena = *state;
    int elsewhere;
    for (int round = 0; round < 3; round++) {
        rt_arena_reset(arena);
        size_t last = 0;
        for (size_t size = 1; size < 200000; size = size * 3 / 2 + 1) {
            size_t next = rt_arena_place(arena, NULL);
            unsigned char *p = rt_alloc(size);
            size_t begin = rt_arena_place(arena, p);
            assert_true(begin > last);
            assert_true(begin >= next);
            assert_int_equal(rt_arena_place(arena, p + size - 1), begin + size - 1);
            last = begin + size - 1;
        }
        assert_true(rt_arena_place(arena, NULL) > last);
    }
    assert_int_equal(rt_arena_place(arena, &elsewhere), 0);
    rt_arena_reset(arena);
    assert_int_equal(rt_arena_place(arena, &elsewhere), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_map_range),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, free_arena);
}
