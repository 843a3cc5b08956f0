/* Values of flags: what is taken, and what is refused with its reason. */
#include "harness/cli/command.h"

#include <string.h>

#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

struct options {
    int64_t time_ms;
    int64_t count;
};
static const struct flag flags[] = {
    SECONDS_FLAG("time", time_ms, "a time"),
    NUMBER_FLAG("count", count, "N", "a number", 2, 9),
    { 0 },
};
static const struct command command = {
    .name = "test",
    .summary = "a command",
    .operands = "",
    .flags = flags,
    .options_size = sizeof(struct options),
};

/* Parses one flag; `why` is part of the report, or NULL if the value has to be taken. */
static struct options parsed(const char *flag, const char *value, const char *why)
{
    char *argv[] = { (char *)(uintptr_t) "test", (char *)(uintptr_t)flag, (char *)(uintptr_t)value,
        NULL };
    struct options options = { 0 };
    struct operands operands = { 0 };
    int status = 0;
    reports_begin();
    bool ok = flags_parse(&command, 3, argv, &options, &operands, &status);
    const char *reports = reports_end();
    flags_free(&command, &options, &operands);
    if (ok != !why || (why && !strstr(reports, why)))
        fail_msg("%s %s: reported \"%s\", expected \"%s\"", flag, value, reports,
                why ? why : "nothing");
    return options;
}

static void test_times(void **state)
{
    static const struct {
        const char *value;
        int64_t ms;
    } times[] = { { "0", 0 }, { "90", 90000 }, { "1.5s", 1500 }, { "5m", 300000 },
        { "2h", 7200000 }, { "0.0000001", 1 }, { "277777h", 999997200000 } };
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        assert_int_equal(parsed("--time", times[i].value, NULL).time_ms, times[i].ms);
    static const char *const wrong[] = { "h", "-1s", "1d", "2hh", "nan", "inf", "277778h", "" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        (void)parsed("--time", wrong[i], "a time such as 90, 1.5s, 5m or 2h");
}

static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(parsed("--count", "2", NULL).count, 2);
    assert_int_equal(parsed("--count", "9", NULL).count, 9);
    static const char *const wrong[] = { "1", "10", "3x", "", "99999999999999999999", "0x3" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        (void)parsed("--count", wrong[i], "--count");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
