/* The suite command as a whole: its JUnit file fits the schema of the JUnit format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/cli/commands.h"
#include "harness/cli/exit.h"
#include "harness/cli/file.h"
#include "harness/report/junit.h"

static int call(const char *const *words)
{
    char *argv[16] = { NULL };
    int argc = 0;
    for (; words[argc]; argc++)
        argv[argc] = strdup(words[argc]);
    int status = commands_main(argc, argv);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    return status;
}

static void check_junit(const char *path)
{
    char command[512];
    snprintf(command, sizeof(command), "xmllint --noout --schema tests/harness/junit.xsd %s 2>&1",
            path);
    assert_int_equal(system(command), 0);
}

static void test_junit_of_a_suite(void **state)
{
    (void)state;
    char path[] = "/tmp/cclab-junit-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    const char *good[] = { "cclab", "suite", "scenarios/invoke.json", "scenarios/two-invokes.json",
        "--schedules", "40", "--baseline", "scenarios/known-1.4.2.json", "--junit", path, NULL };
    assert_int_equal(call(good), CCLAB_OK);
    check_junit(path);
    const char *bad[] = { "cclab", "suite", "scenarios/invoke.json",
        "tests/harness/bad-scenarios/array.json", "--junit", path, NULL };
    assert_int_equal(call(bad), CCLAB_FOUND);
    check_junit(path);
    unlink(path);
}

static void test_junit_escapes(void **state)
{
    (void)state;
    char path[] = "/tmp/cclab-junit-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    const struct junit_case cases[] = {
        { "a<b>", "\"x\" & 'y'\x01", 1.5, JUNIT_FAILED, "a\x1b[31m", "<&>\n" },
        { "c", "d", 0, JUNIT_ERROR, NULL, NULL },
        { "c", "e", 0, JUNIT_SKIPPED, "why", NULL },
        { "c", "f", 0, JUNIT_PASSED, NULL, NULL },
    };
    assert_true(junit_write(path, "s", cases, 4));
    check_junit(path);
    unlink(path);
}

static void test_bad_usage(void **state)
{
    (void)state;
    const char *none[] = { "cclab", NULL };
    const char *unknown[] = { "cclab", "rnu", NULL };
    const char *flag[] = { "cclab", "explore", "x", "--schedule", "3", NULL };
    const char *number[] = { "cclab", "explore", "x", "--schedules", "3x", NULL };
    const char *directory[] = { "cclab", "run", "scenarios", NULL };
    const char *missing[] = { "cclab", "replay", "/nonexistent", NULL };
    const char *strategy[] = { "cclab", "explore", "scenarios/invoke.json", "--strategy", "luck",
        NULL };
    const char *const *all[] = { none, unknown, flag, number, directory, missing, strategy };
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        assert_int_equal(call(all[i]), CCLAB_USAGE);
    const char *nothing[] = { "cclab", "conform", "/dev/null", NULL };
    assert_int_equal(call(nothing), CCLAB_USAGE);
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
