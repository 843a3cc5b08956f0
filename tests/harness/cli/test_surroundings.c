/* Surroundings that nobody wishes for: closed streams, pipes where files are meant, empty folders,
 * numbers that are too large. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/out.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

/* ---- streams ---- */

/* In a child whose standard input and output are closed; its exit status. */
static int run_without_streams(const char *words)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        _exit(commands_call("%s", words));
    }
    return commands_wait(pid);
}

/* What is printed must not reach a worker's pipe, nor the file with the results. There is more of
 * it than a buffer holds, so that it is written while workers live. */
static void closed_streams_change_no_result(void **state)
{
    char command[512];
    const char *closed = commands_path(commands_here, "closed.json");
    const char *open = commands_path(commands_here, "open.json");
    const char *words = "suite --jobs 2 --repeat 0 scenarios/known scenarios/races/replays "
                        "scenarios/known scenarios/races/replays scenarios/known";
    (void)state;
    int status = commands_run("%s --json %s", words, open);
    snprintf(command, sizeof(command), "%s --json %s", words, closed);
    assert_int_equal(run_without_streams(command), CCLAB_OUTPUT);
    assert_int_equal(status, CCLAB_OK);
    json_t *expected = commands_json(open), *actual = commands_json(closed);
    assert_non_null(expected);
    assert_non_null(actual);
    commands_drop_times(expected);
    commands_drop_times(actual);
    assert_true(json_equal(expected, actual));
    json_decref(expected);
    json_decref(actual);
}

/* A run that is recorded for its results is judged as one that is not. */
static void results_do_not_change_the_verdict(void **state)
{
    const char *json = commands_path(commands_here, "run.json");
    const char *path = commands_file("wrong.json",
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"bare\": {}, \"actors\": "
            "[{\"name\": "
            "\"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"c\", \"expect\": {\"error\": "
            "\"no\"}}]}]}");
    (void)state;
    assert_int_equal(commands_run("run --quiet %s", path), CCLAB_FOUND);
    assert_int_equal(commands_run("run --quiet --choices %s", path), CCLAB_FOUND);
    assert_int_equal(commands_run("run --quiet --json %s %s", json, path), CCLAB_FOUND);
    json_t *results = commands_json(json);
    json_t *run = json_array_get(json_object_get(results, "runs"), 0);
    assert_string_equal(json_string_value(json_object_get(run, "verdict")), "unexpected");
    assert_string_equal(json_string_value(json_array_get(json_object_get(run, "differences"), 0)),
            "a: launch c: found no error, expected \"no\"");
    json_decref(results);
}

/* ---- files ---- */

static void a_pipe_is_not_replaced(void **state)
{
    const char *pipe = commands_path(commands_here, "replay.json");
    (void)state;
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(commands_run("shrink %s", pipe), CCLAB_USAGE);
    assert_true(commands_reported(pipe, "--out"));
    assert_int_equal(unlink(pipe), 0);
}

static void assert_holds(const char *path, const char *text)
{
    size_t len;
    char *data = file_read(path, 1000, &len);
    assert_non_null(data);
    assert_string_equal(data, text);
    free(data);
}

static void a_link_is_not_replaced(void **state)
{
    const char *target = commands_file("target.json", "old");
    const char *link = commands_path(commands_here, "link.json");
    struct stat st;
    (void)state;
    assert_int_equal(symlink("target.json", link), 0);
    assert_true(file_write(link, "new", 3));
    assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    assert_holds(target, "new");
}

/* As --json /dev/stdout with a redirection: neither the link nor what was printed is lost. */
static void a_file_that_is_standard_output_keeps_what_was_printed(void **state)
{
    const char *printed = commands_path(commands_here, "printed");
    const char *link = commands_path(commands_here, "stdout");
    (void)state;
    assert_int_equal(symlink("/proc/self/fd/1", link), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen(printed, "w", stdout))
            _exit(8);
        printf("first ");
        _exit(file_write(printed, "second ", 7) && file_write(link, "third", 5) ? 7 : 9);
    }
    assert_int_equal(commands_wait(pid), 7);
    assert_holds(printed, "first second third");
}

static void a_folder_without_bugs_is_told(void **state)
{
    const char *empty = commands_path(commands_here, "empty");
    (void)state;
    assert_int_equal(mkdir(empty, 0700), 0);
    assert_int_equal(
            commands_run("bench-bugs --seeds 1 --schedules 1 --control 1 --strategy random "
                         "--bug canary %s",
                    empty),
            CCLAB_USAGE);
    assert_true(commands_reported(empty, "holds no file"));
    assert_int_equal(rmdir(empty), 0);
}

/* In a child without the rights of root, which may enter everything. */
static void a_folder_that_cannot_be_entered_is_no_empty_one(void **state)
{
    const char *closed = commands_path(commands_here, "listed");
    (void)state;
    assert_int_equal(mkdir(closed, 0700), 0);
    commands_file("listed/a.json", "{}");
    assert_int_equal(chmod(closed, 0444), 0);
    assert_int_equal(chmod(commands_here, 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
            _exit(8);
        char **list = file_list(closed, ".json");
        _exit(list[0] && !list[1] ? 7 : 9);
    }
    assert_int_equal(commands_wait(pid), 7);
    assert_int_equal(chmod(closed, 0700), 0);
}

/* Before it fills the memory; a device that never ends is given up at the same size. */
static void enormous_vectors_are_refused(void **state)
{
    const char *path = commands_file("launch.jsonl", "");
    (void)state;
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    assert_int_equal(commands_run("conform %s", path), CCLAB_USAGE);
    assert_true(commands_reported(path, "larger than 268435456 bytes"));
}

/* What nohup ignores stays ignored. */
static void ignored_signals_stay_ignored(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGHUP, SIG_IGN);
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        raise(SIGHUP);
        bool first = out_interrupted();
        raise(SIGTERM);
        _exit(!first && out_interrupted() ? 7 : 8);
    }
    assert_int_equal(commands_wait(pid), 7);
}

enum { A_MOMENT = 300000 }; /* microseconds, after which an interrupt is another one */

static void interrupt_now(int number)
{
    (void)number;
    usleep(A_MOMENT);
    raise(SIGINT);
}

/* As timeout(1) does, which signals the process and then its group. */
static void two_signals_at_once_are_one_interrupt(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        raise(SIGTERM);
        raise(SIGTERM);
        usleep(A_MOMENT);
        if (out_interrupted())
            raise(SIGTERM);
        _exit(7);
    }
    assert_int_equal(commands_wait(pid), 128 + SIGTERM);
}

/* In a child, a second interrupt comes while a file is written that may not grow: the old file
 * stays, and nothing beside it. */
static void an_interrupt_leaves_no_half_file(void **state)
{
    static char large[65536];
    const char *path = commands_file("kept.json", "old");
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        out_init();
        signal(SIGINT, SIG_DFL);
        out_catch_signals();
        raise(SIGINT);
        signal(SIGXFSZ, interrupt_now);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 1000 });
        file_write(path, large, sizeof(large));
        _exit(7);
    }
    assert_int_equal(commands_wait(pid), CCLAB_INTERRUPTED);
    char **files = file_list(commands_here, "");
    size_t beside = 0;
    for (char **f = files; *f; f++)
        beside += strncmp(*f, path, strlen(path)) == 0;
    file_list_free(files);
    assert_int_equal(beside, 1);
    size_t len;
    char *text = file_read(path, 100, &len);
    assert_non_null(text);
    assert_string_equal(text, "old");
    free(text);
}

/* An interrupt that comes at the latest time, when the replay is written. */
static void an_interrupted_shrink_is_told_and_saved(void **state)
{
    const char *out = commands_path(commands_here, "interrupted.replay.json");
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        out_hold_signals(true);
        raise(SIGTERM);
        _exit(commands_run(
                "shrink scenarios/known/nil-handler.replay.json --runs 3 --out %s", out));
    }
    assert_int_equal(commands_wait(pid), CCLAB_INTERRUPTED);
    assert_true(file_is_regular(out));
}

/* A scenario that was not begun is no absent one, which would be as good as passed. */
static void an_interrupted_search_names_all_scenarios(void **state)
{
    const char *junit = commands_path(commands_here, "interrupted.xml");
    size_t len;
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        raise(SIGTERM);
        _exit(commands_run(
                "explore scenarios/bare/one-launch.json scenarios/bare/two-launches.json "
                "--schedules 100 --junit %s",
                junit));
    }
    assert_int_equal(commands_wait(pid), CCLAB_INTERRUPTED);
    char *cases = file_read(junit, FILE_MAX_BYTES, &len);
    assert_non_null(cases);
    assert_non_null(strstr(cases, "tests=\"2\" failures=\"0\" errors=\"2\""));
    free(cases);
}

/* A limit of the size of files is a report, not the end of the program. */
static void a_file_that_may_not_grow_is_told(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 1000 });
        if (!freopen(commands_path(commands_here, "schema.json"), "w", stdout))
            _exit(8);
        _exit(commands_call("schema"));
    }
    assert_int_equal(commands_wait(pid), CCLAB_OUTPUT);
}

/* ---- flags ---- */

static void flags_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    assert_int_equal(
            commands_run("run --quiet --seed -1 scenarios/bare/one-launch.json"), CCLAB_USAGE);
    assert_true(commands_reported("--seed -1", "at least 0"));
    assert_int_equal(commands_run("explore --schedules 9223372036854775808 x.json"), CCLAB_USAGE);
    assert_true(commands_reported("--schedules 9223372036854775808", "to 9223372036854775807"));
    assert_int_equal(
            commands_run("run --quiet --strategy pct scenarios/bare/one-launch.json"), CCLAB_USAGE);
    assert_true(commands_reported("--strategy pct", "--seed"));
    assert_int_equal(commands_run("explore --out --json x.json"), CCLAB_USAGE);
    assert_true(commands_reported("--out needs a value", "DIR"));
    assert_int_equal(
            commands_run("run --quiet --strategy pct --seed 7 scenarios/bare/one-launch.json"),
            CCLAB_OK);
}

/* A file that cannot be read does not hide how another run ended. */
static void the_highest_status_counts(void **state)
{
    const char *endless = commands_file("endless.json",
            "{\"scenario\":1,\"name\":\"endless\",\"about\":\"It "
            "reaches its limit.\",\"limits\":{\"steps\":10},"
            "\"bare\":{},\"actors\":[{\"name\":\"a\",\"steps\":[{\"do\":"
            "\"launch\",\"chaincode\":\"mycc\"}]}]}");
    (void)state;
    int status = commands_run("run --quiet %s", endless);
    assert_int_equal(status, CCLAB_LIVELOCK);
    assert_int_equal(commands_run("run --quiet %s /nonexistent.json", endless), status);
    assert_true(commands_reported("/nonexistent.json", "cannot open"));
    assert_int_equal(commands_run("explore --baseline= %s", endless), CCLAB_USAGE);
    assert_true(commands_reported("\"\": cannot open", ""));
}

/* As for other commands, no time is no limit. */
static void no_timeout_is_no_limit(void **state)
{
    (void)state;
    assert_int_equal(commands_run("conform --timeout 0 corpora/conformance/names.jsonl"), CCLAB_OK);
}

/* Less than can be measured is not no limit. */
static void a_short_time_is_a_limit(void **state)
{
    const char *json = commands_path(commands_here, "short.json");
    (void)state;
    commands_run("explore --strategy random --schedules 1000000 --time 0.0000001 --json %s "
                 "scenarios/bare/one-launch.json",
            json);
    json_t *value = commands_json(json);
    const json_t *search = json_array_get(json_object_get(value, "explorations"), 0);
    assert_string_equal(json_string_value(json_object_get(search, "ended")), "time");
    json_decref(value);
}

/* ---- vectors ---- */

/* Status of `cclab conform`, in a child that may open so many files besides those it has. */
static int conform_with_files(rlim_t files)
{
    pid_t pid = fork();
    if (pid == 0) {
        int first = dup(STDIN_FILENO);
        close(first);
        rlim_t most = (rlim_t)first + 2 + files; /* commands_run() keeps two */
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){ most, most });
        int status = commands_run("conform --jobs 4 corpora/conformance/names.jsonl");
        _exit(commands_reported("cannot start a worker", "open files") ? status : 8);
    }
    return commands_wait(pid);
}

static void vectors_are_run_by_as_many_workers_as_there_can_be(void **state)
{
    (void)state;
    assert_int_equal(conform_with_files(4), CCLAB_OK);
    assert_int_equal(conform_with_files(3), CCLAB_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_streams_change_no_result),
        cmocka_unit_test(results_do_not_change_the_verdict),
        cmocka_unit_test(a_pipe_is_not_replaced),
        cmocka_unit_test(a_link_is_not_replaced),
        cmocka_unit_test(a_file_that_is_standard_output_keeps_what_was_printed),
        cmocka_unit_test(a_folder_without_bugs_is_told),
        cmocka_unit_test(a_folder_that_cannot_be_entered_is_no_empty_one),
        cmocka_unit_test(enormous_vectors_are_refused),
        cmocka_unit_test(ignored_signals_stay_ignored),
        cmocka_unit_test(two_signals_at_once_are_one_interrupt),
        cmocka_unit_test(an_interrupt_leaves_no_half_file),
        cmocka_unit_test(an_interrupted_shrink_is_told_and_saved),
        cmocka_unit_test(an_interrupted_search_names_all_scenarios),
        cmocka_unit_test(a_file_that_may_not_grow_is_told),
        cmocka_unit_test(flags_that_mean_nothing_are_refused),
        cmocka_unit_test(the_highest_status_counts),
        cmocka_unit_test(no_timeout_is_no_limit),
        cmocka_unit_test(a_short_time_is_a_limit),
        cmocka_unit_test(vectors_are_run_by_as_many_workers_as_there_can_be),
    };
    return cmocka_run_group_tests(tests, commands_begin, commands_end);
}
