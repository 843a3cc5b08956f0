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

#define SUITE "suite --schedules 60 --out %s "
#define LIST "--baseline scenarios/known-1.4.2.json "

/* With a fix on, what it mends is gone: that is what a suite has to see. */
static void test_fixes_mend_what_the_list_says(void **state)
{
    static const struct {
        const char *words;
        int status;
    } cases[] = {
        { LIST "--variant fix-handler-gone scenarios/known/nil-handler.replay.json", CCLAB_OK },
        { LIST "--variant fix-package-error scenarios/known/package-error-blocks.replay.json",
                CCLAB_OK },
        { LIST "--variant fix-package-error scenarios/bare/no-package.json", CCLAB_OK },
        { LIST "--variant fix-nil-request-parts scenarios/nil-parts.json", CCLAB_OK },
        { LIST "--variant fix-stop-apart scenarios/launch-outlives-timeout.json", CCLAB_OK },
        { LIST "scenarios/known/nil-handler.replay.json", CCLAB_OK },
        /* Another fix does not, and then all is as without it. */
        { LIST "--variant fix-close-send scenarios/bare/no-package.json", CCLAB_OK },
    };
    char *folder = commands_folder();
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char line[512];
        (void)snprintf(line, sizeof(line), SUITE "%s", folder, cases[i].words);
        if (commands_run("%s", line) != cases[i].status)
            fail_msg("%s", line);
    }
    commands_remove(folder);
}

/* A fix that does not do what the list says. */
static void test_a_wrong_fix_is_told(void **state)
{
    const char *entry = "{\"known_findings\": 1, \"findings\": [{\"ids\": "
                        "[\"launching/HandlerRegistry/nobody\", "
                        "\"live/runtime_launcher.c select LaunchState.done/ProcessProposal\"], "
                        "\"sentence\": \"s\", \"where\": \"w\", \"replay\": \"x.replay.json\", "
                        "\"fix\": \"fix-close-send\"}]}";
    (void)state;
    assert_int_equal(commands_begin(state), 0);
    const char *list = commands_file("list.json", entry);
    (void)commands_file("x.replay.json", "{}");
    assert_int_equal(commands_run("suite --baseline %s --variant fix-close-send "
                                  "scenarios/known/package-error-blocks.replay.json",
                             list),
            CCLAB_FOUND);
    assert_int_equal(commands_run("suite --baseline %s --variant fix-package-error "
                                  "scenarios/known/package-error-blocks.replay.json",
                             list),
            CCLAB_FOUND);
    assert_int_equal(commands_end(state), 0);
}

static void test_nothing_to_run_is_told(void **state)
{
    (void)state;
    assert_int_equal(commands_run("conform nonexist"), CCLAB_USAGE);
    assert_true(commands_reported("nonexist", "No such file"));
    assert_true(commands_reported("conform", "no vector was run"));
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
        cmocka_unit_test(test_fixes_mend_what_the_list_says),
        cmocka_unit_test(test_a_wrong_fix_is_told),
        cmocka_unit_test(test_nothing_to_run_is_told),
        cmocka_unit_test(test_bad_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
