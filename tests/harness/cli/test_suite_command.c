/* Commands as a whole: a suite's JUnit file fits the schema of the JUnit format, and bad usage has
 * an exit status of its own. */
#include "harness/base/exit.h"
#include "harness/report/junit.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

static void test_junit_of_a_suite(void **state)
{
    char *folder = commands_folder();
    const char *path = commands_path(folder, "junit.xml");
    (void)state;
    assert_int_equal(commands_run("suite scenarios/invoke.json scenarios/two-invokes.json "
                                  "--schedules 40 --baseline scenarios/known-1.4.2.json --junit %s",
                             path),
            CCLAB_OK);
    commands_assert_junit(path);
    assert_int_equal(commands_run("suite scenarios/invoke.json "
                                  "tests/harness/bad-scenarios/array.json --junit %s",
                             path),
            CCLAB_FOUND);
    commands_assert_junit(path);
    commands_remove(folder);
}

static void test_junit_escapes(void **state)
{
    char *folder = commands_folder();
    const char *path = commands_path(folder, "junit.xml");
    (void)state;
    const struct junit_case cases[] = {
        { "a<b>", "\"x\" & 'y'\x01", 1.5, JUNIT_FAILED, "a\x1b[31m", "<&>\n" },
        { "c", "d", 0, JUNIT_ERROR, NULL, NULL },
        { "c", "e", 0, JUNIT_SKIPPED, "why", NULL },
        { "c", "f", 0, JUNIT_PASSED, NULL, NULL },
    };
    assert_true(junit_write(path, "s", cases, 4));
    commands_assert_junit(path);
    commands_remove(folder);
}

static void test_bad_usage(void **state)
{
    static const char *const lines[] = { "", "rnu", "explore x --schedule 3",
        "explore x --schedules 3x", "run scenarios", "replay /nonexistent",
        "explore scenarios/invoke.json --strategy luck", "conform /dev/null" };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        assert_int_equal(commands_run("%s", lines[i]), CCLAB_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_junit_of_a_suite),
        cmocka_unit_test(test_junit_escapes),
        cmocka_unit_test(test_bad_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
