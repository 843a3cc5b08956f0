/* Names and versions against the regular expressions they stand for, run by the C library over all
 * short strings of telling characters. */
#include <regex.h>

#include "model/lscc/names.h"
#include "tests/support/test.h"

static const char alphabet[] = "aZ0-_.+ ~/\n:\xc3";

/* Calls check with every string of up to four letters of the alphabet. */
static void for_all_strings(void (*check)(const char *s, void *arg), void *arg)
{
    char s[5] = "";
    size_t letters = sizeof(alphabet) - 1;
    for (size_t len = 0; len <= 4; len++) {
        size_t total = 1;
        for (size_t i = 0; i < len; i++)
            total *= letters;
        for (size_t n = 0; n < total; n++) {
            size_t rest = n;
            for (size_t i = 0; i < len; i++, rest /= letters)
                s[i] = alphabet[rest % letters];
            s[len] = '\0';
            check(s, arg);
        }
    }
}

static void check_name(const char *s, void *regex)
{
    bool expected = regexec(regex, s, 0, NULL, 0) == 0;
    if (expected != (!lscc_is_valid_chaincode_name(rt_str_from(s))))
        fail_msg("name '%s'", s);
}

static void check_version(const char *s, void *regex)
{
    bool expected = regexec(regex, s, 0, NULL, 0) == 0;
    if (expected != (!lscc_is_valid_chaincode_version(rt_str_from(s))))
        fail_msg("version '%s'", s);
}

static void run(const char *expression, void (*check)(const char *s, void *arg))
{
    regex_t regex;
    assert_int_equal(regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB), 0);
    for_all_strings(check, &regex);
    regfree(&regex);
}

static void test_names(void **state)
{
    (void)state;
    run("^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$", check_name);
}

static void test_versions(void **state)
{
    (void)state;
    run("^[A-Za-z0-9_.+-]+$", check_version);
}

static void test_texts(void **state)
{
    (void)state;
    rt_str nul = rt_bytes_from("mycc\0", 5);
    struct rt_error *err = lscc_is_valid_chaincode_name(nul);
    assert_non_null(err);
    assert_true(rt_str_eq(err->text,
            rt_sprintf("invalid chaincode name '%S'. Names must start with an alphanumeric "
                       "character and can only consist of alphanumerics, '_', and '-'",
                    nul)));
    err = lscc_is_valid_chaincode_version(RT_STR("v 1"));
    assert_string_equal(rt_cstr(err->text),
            "invalid chaincode version 'v 1'. Versions must not be empty and can only consist of "
            "alphanumerics, '_',  '-', '+', and '.'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
