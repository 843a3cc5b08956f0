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

/* ---- results that cannot be written ---- */

#define ONE_RUN "run --quiet scenarios/bare/one-launch.json"

static void results_that_cannot_be_written_are_told_before_the_work(void **state)
{
    const char *trace = commands_path(commands_here, "early.trace");
    const char *file = commands_file("file", "old");
    (void)state;
    assert_int_equal(
            commands_run(ONE_RUN " --trace %s --json %s", trace, commands_here), CCLAB_OUTPUT);
    assert_true(commands_reported("run: --json", "it is a folder"));
    assert_int_equal(commands_run(ONE_RUN " --trace %s --json %s/x", trace, file), CCLAB_OUTPUT);
    assert_true(commands_reported("--json", "Not a directory"));
    assert_int_equal(commands_run(ONE_RUN " --trace %s --json %s/none/x", trace, commands_here),
            CCLAB_OUTPUT);
    assert_true(commands_reported("--json", "No such file"));
    assert_int_equal(commands_run(ONE_RUN " --trace %s --json=", trace), CCLAB_USAGE);
    assert_true(commands_reported("--json \"\"", "expected a file"));
    assert_int_equal(commands_run(ONE_RUN " --trace %s --json %s", trace, trace), CCLAB_USAGE);
    assert_true(commands_reported("--json and --trace name the same file", trace));
    assert_false(file_exists(trace));
    assert_int_equal(commands_run(ONE_RUN " --trace /dev/null --json /dev/null"), CCLAB_OK);
}

/* Without the rights of root, which may write everywhere. */
static void a_folder_of_somebody_else_is_told_before_the_work(void **state)
{
    const char *closed = commands_path(commands_here, "closed");
    (void)state;
    assert_int_equal(mkdir(closed, 0500), 0);
    assert_int_equal(chmod(commands_here, 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(8);
        int status = commands_run(ONE_RUN " --json %s/x", closed);
        _exit(commands_reported("run: --json", "Permission denied") ? status : 9);
    }
    assert_int_equal(commands_wait(pid), CCLAB_OUTPUT);
}

static size_t count_lines(const char *path)
{
    size_t len, lines = 0;
    char *text = file_read(path, FILE_MAX_BYTES, &len);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    free(text);
    return lines;
}

static void a_trace_has_all_replays(void **state)
{
    const char *trace = commands_path(commands_here, "trace");
    const char *first = "scenarios/known/nil-handler.replay.json";
    const char *second = "scenarios/known/one-lock.replay.json";
    (void)state;
    assert_int_equal(commands_run("replay --quiet %s --trace %s", first, trace), CCLAB_OK);
    size_t lines = count_lines(trace);
    assert_int_equal(commands_run("replay --quiet %s --trace %s", second, trace), CCLAB_OK);
    lines += count_lines(trace);
    assert_int_equal(
            commands_run("replay --quiet %s %s --trace %s", first, second, trace), CCLAB_OK);
    assert_int_equal(count_lines(trace), lines);
}

/* What these words print. */
static char *printed_by(const char *words)
{
    const char *to = commands_path(commands_here, "printed.txt");
    size_t len;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen(to, "w", stdout))
            _exit(8);
        _exit(commands_call("%s", words));
    }
    (void)commands_wait(pid);
    char *text = file_read(to, FILE_MAX_BYTES, &len);
    assert_non_null(text);
    return text;
}

/* A scenario's texts neither write to the terminal nor make lines of their own. */
static void control_characters_are_printed_escaped(void **state)
{
    const char *path = commands_file("name.json",
            "{\"scenario\":1,\"name\":\"a\\nok b\\u001b[1m\\u009b1m\\u00e9\",\"about\":\"It is "
            "named.\",\"bare\":{},\"actors\":[{\"name\":\"a\",\"steps\":[{\"do\":\"launch\","
            "\"chaincode\":\"mycc\"}]}]}");
    static const char *const calls[] = { "run --quiet", "explore --schedules 1" };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char words[300];
        snprintf(words, sizeof(words), "%s %s", calls[i], path);
        char *text = printed_by(words);
        if (!strstr(text, "a\\nok b\\x1b[1m\\xc2\\x9b1m\xc3\xa9: ") || strchr(text, 0x1b))
            fail_msg("%s", text);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_that_cannot_be_written_are_told_before_the_work),
        cmocka_unit_test(a_folder_of_somebody_else_is_told_before_the_work),
        cmocka_unit_test(a_trace_has_all_replays),
        cmocka_unit_test(control_characters_are_printed_escaped),
        cmocka_unit_test(a_folder_for_replays_is_told_before_the_work),
        cmocka_unit_test(an_interrupted_conform_reports_what_it_has),
        cmocka_unit_test(two_searches_may_write_to_one_place),
    };
    return cmocka_run_group_tests(tests, commands_begin, commands_end);
}
