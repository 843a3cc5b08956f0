/* Where commands write: folders that refuse it, two commands at once, an interrupt before. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/out.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

#define ONE_SEARCH "explore scenarios/bare/one-launch.json --schedules 5"

/* A folder for replays is looked at before a search, and made only when there is a replay. */
static void a_folder_for_replays_is_told_before_the_work(void **state)
{
    const char *file = commands_path(commands_here, "no-folder");
    const char *closed = commands_path(commands_here, "closed-replays");
    const char *fresh = commands_path(commands_here, "fresh");
    (void)state;
    assert_true(file_write(file, "old", 3));
    assert_int_equal(commands_run(ONE_SEARCH " --out %s", file), CCLAB_OUTPUT);
    assert_true(commands_reported("explore: --out", "it is no folder"));
    assert_int_equal(commands_run(ONE_SEARCH " --out %s/x/y", file), CCLAB_OUTPUT);
    assert_true(commands_reported("explore: --out", "Not a directory"));
    assert_int_equal(commands_run(ONE_SEARCH " --out="), CCLAB_USAGE);
    assert_true(commands_reported("--out \"\"", "expected a folder"));
    assert_int_equal(commands_run(ONE_SEARCH " --out %s/a/b/", fresh), CCLAB_OK);
    assert_int_equal(commands_run(ONE_SEARCH " --out replays-of-nothing"), CCLAB_OK);
    assert_false(file_exists(fresh) || file_exists("replays-of-nothing"));
    assert_int_equal(mkdir(closed, 0500), 0);
    assert_int_equal(chmod(commands_here, 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(8);
        int status = commands_run("suite scenarios/bare/one-launch.json --out %s/x", closed);
        _exit(commands_reported("suite: --out", "Permission denied") ? status : 9);
    }
    assert_int_equal(commands_wait(pid), CCLAB_OUTPUT);
}

/* In a child that gets an interrupt before its work. */
static void an_interrupted_conform_reports_what_it_has(void **state)
{
    const char *json = commands_path(commands_here, "conform.json");
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        raise(SIGTERM);
        _exit(commands_run("conform corpora/conformance/names.jsonl --json %s", json));
    }
    assert_int_equal(commands_wait(pid), CCLAB_INTERRUPTED);
    json_t *report = commands_json(json);
    assert_non_null(report);
    assert_int_equal(json_integer_value(json_object_get(report, "passed")), 0);
    assert_int_equal(json_integer_value(json_object_get(report, "failed")), 800);
    json_decref(report);
}

/* Equal searches that write to the same folder and file at the same time. */
static void two_searches_may_write_to_one_place(void **state)
{
    const char *out = commands_path(commands_here, "shared/replays");
    const char *json = commands_path(commands_here, "shared.json");
    pid_t pids[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(commands_run("explore scenarios/die-anywhere.json --strategy random "
                               "--schedules 2000 --jobs 2 --no-shrink --out %s --json %s",
                    out, json));
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(commands_wait(pids[i]), CCLAB_FOUND);
    char **files = file_list(out, "");
    size_t count = 0;
    for (char **f = files; *f; f++, count++)
        assert_int_equal(commands_run("replay --quiet %s", *f), CCLAB_OK);
    file_list_free(files);
    json_t *results = commands_json(json);
    json_t *found = json_object_get(
            json_array_get(json_object_get(results, "explorations"), 0), "findings");
    assert_true(count > 0);
    assert_int_equal(json_array_size(found), count);
    json_decref(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_for_replays_is_told_before_the_work),
        cmocka_unit_test(an_interrupted_conform_reports_what_it_has),
        cmocka_unit_test(two_searches_may_write_to_one_place),
    };
    return cmocka_run_group_tests(tests, commands_begin, commands_end);
}
