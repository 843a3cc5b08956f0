/* The files that cclab reads: what is wrong in one is told in one line with its place, whatever it
 * is, and their published schemas are those of the tables that read them.
 *
 * tests/harness/files holds a good file of each kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/conform/conform.h"
#include "harness/explore/replay.h"
#include "tests/harness/support/commands.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

#define GOOD "tests/harness/files"

static char *folder;

/* What reads a file, whose path follows. */
static const struct kind {
    const char *file;
    const char *command;
} kinds[] = {
    { "scenario.json", "run --plain" },
    { "replay.json", "replay" },
    { "baseline.json", "explore " GOOD "/scenario.json --schedules 1 --baseline" },
    { "exploration.json", "merge --out /tmp/none" },
    { "suite.json", "merge" },
    { "cds.jsonl", "conform" },
    { "flow.jsonl", "conform" },
    { "launch.jsonl", "conform" },
    { "names.jsonl", "conform" },
    { "peer-headers.jsonl", "conform" },
    { "peer-identity.jsonl", "conform" },
    { "policy.jsonl", "conform" },
    { "wire.jsonl", "conform" },
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static const struct kind *kind_of(const char *file)
{
    size_t i = 0;
    while (strcmp(kinds[i].file, file) != 0)
        i++;
    return &kinds[i];
}

static char *good_text(const char *file)
{
    size_t len;
    char *path = file_in(GOOD, file), *text = file_read(path, FILE_MAX_BYTES, &len);
    assert_non_null(text);
    free(path);
    return text;
}

static const char *put(const char *file, const char *text, size_t len)
{
    const char *path = commands_path(folder, file);
    assert_true(file_write(path, text, len));
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    folder = commands_folder();
    for (size_t i = 0; i < KINDS; i++) {
        char *text = good_text(kinds[i].file);
        put(kinds[i].file, text, strlen(text));
        free(text);
    }
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    commands_remove(folder);
    return 0;
}

static int read_it(const struct kind *kind, const char *path)
{
    if (strcmp(kind->file, "exploration.json") == 0)
        return commands_run("merge --out %s %s", commands_path(folder, "out"), path);
    return commands_run("%s %s", kind->command, path);
}

/* The one thing that was reported is this. */
static void assert_report(const struct kind *kind, const char *path, const char *expected)
{
    int status = read_it(kind, path);
    char *line = mem_format("%s%s\n", path, expected);
    if (strcmp(commands_reports(), line) != 0)
        fail_msg("reported:\n%sexpected:\n%s", commands_reports(), line);
    assert_int_equal(status, CCLAB_USAGE);
    free(line);
}

static void good_files_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        int status = read_it(&kinds[i], commands_path(folder, kinds[i].file));
        if (status != CCLAB_OK || commands_reports()[0])
            fail_msg("%s: %d\n%s", kinds[i].file, status, commands_reports());
    }
}

/* A replay of the tree that is read and written is the same, byte for byte. */
static void replays_are_written_as_they_were(void **state)
{
    char **list = file_list("scenarios", ".replay.json");
    size_t count = 0;
    (void)state;
    for (; list[count]; count++) {
        struct replay replay;
        size_t len;
        const char *copy = commands_path(folder, "copy.json");
        assert_true(replay_load(list[count], &replay));
        json_t *value = replay_to_json(&replay);
        assert_true(json_write(copy, value));
        json_decref(value);
        replay_free(&replay);
        char *old = file_read(list[count], FILE_MAX_BYTES, &len);
        char *new = file_read(copy, FILE_MAX_BYTES, &len);
        if (strcmp(old, new) != 0)
            fail_msg("%s becomes\n%s", list[count], new);
        free(old);
        free(new);
    }
    file_list_free(list);
    assert_true(count >= 30);
}

/* ---- single mistakes ---- */

/* `from` in the good file becomes `to`, without its @: that is where the report must point. */
static const struct mistake {
    const char *file;
    const char *from;
    const char *to;
    const char *report;
} mistakes[] = {
#include "tests/harness/files/mistakes.inc"
};

static char *broken_text(const struct mistake *m, int *line, int *column)
{
    char *good = good_text(m->file), *from = strstr(good, m->from);
    const char *mark = strchr(m->to, '@');
    if (!from || !mark)
        fail_msg("%s has no %s", m->file, from ? "mark" : m->from);
    char *text = mem_format("%.*s%.*s%s%s", (int)(from - good), good, (int)(mark - m->to), m->to,
            mark + 1, from + strlen(m->from));
    *line = *column = 1;
    for (const char *p = text; p < text + (from - good) + (mark - m->to); p++) {
        *column = *p == '\n' ? 1 : *column + 1;
        *line += *p == '\n';
    }
    free(good);
    return text;
}

static void mistakes_are_placed(void **state)
{
    size_t seen[KINDS] = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        const struct mistake *m = &mistakes[i];
        const struct kind *kind = kind_of(m->file);
        int line, column;
        char *text = broken_text(m, &line, &column);
        char *expected = mem_format(":%d:%d: %s", line, column, m->report);
        assert_report(kind, put(m->file, text, strlen(text)), expected);
        free(expected);
        free(text);
        text = good_text(m->file);
        put(m->file, text, strlen(text));
        free(text);
        seen[kind - kinds]++;
    }
    for (size_t i = 0; i < KINDS; i++)
        if (seen[i] < 3)
            fail_msg("%s: only %zu mistakes are tried", kinds[i].file, seen[i]);
}

/* ---- what is wrong with any file ---- */

static void assert_no_json(const struct kind *kind, const char *text, size_t len, const char *why)
{
    const char *path = put(kind->file, text, len);
    assert_int_equal(read_it(kind, path), CCLAB_USAGE);
    const char *reports = commands_reports();
    if (!reports_placed(reports, path) || !strstr(reports, ": not valid JSON: ") ||
            !strstr(reports, why))
        fail_msg("%s: reported \"%s\", expected \"%s\"", kind->file, reports, why);
}

static void what_is_no_json_is_refused(const struct kind *kind)
{
    char *good = good_text(kind->file), *nested = mem_alloc(5000);
    size_t len = strlen(good) - 1; /* without the line's end */
    char *text = mem_format("%.*s x\n", (int)len, good);
    assert_no_json(kind, text, strlen(text), "end of file expected near 'x'");
    text[1] = 0;
    assert_no_json(kind, text, strlen(good), "expected near end of file");
    text[1] = (char)0xff;
    assert_no_json(kind, text, strlen(good), "unable to decode byte 0xff");
    memset(nested, '[', 5000);
    assert_no_json(kind, nested, 5000, "maximum parsing depth reached");
    if (!strstr(kind->file, ".jsonl"))
        for (size_t cut = 1; cut < len; cut += 1 + len / 50)
            assert_no_json(kind, good, cut, "");
    put(kind->file, good, len);
    free(nested);
    free(text);
    free(good);
}

static void any_file_may_be_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        const struct kind *kind = &kinds[i];
        bool lines = strstr(kind->file, ".jsonl") != NULL;
        what_is_no_json_is_refused(kind);
        const char *path = put(kind->file, "", 0);
        assert_report(kind, path,
                lines ? ":1:1: holds no vector" : ":1:1: is empty, expected a JSON value");
        if (!lines) {
            put(kind->file, "[]", 2);
            assert_report(kind, path, ":1:1: found an array, expected an object");
        }
        assert_int_equal(unlink(path), 0);
        assert_report(kind, path,
                lines ? ": cannot open: No such file or directory\ncclab: conform: no vector was "
                        "run"
                      : ": cannot open: No such file or directory");
        assert_int_equal(mkdir(path, 0700), 0);
        if (!lines) /* a folder of vectors is one of files */
            assert_report(kind, path, ": is a directory, expected a file");
        assert_int_equal(rmdir(path), 0);
        char *good = good_text(kind->file);
        put(kind->file, good, strlen(good));
        free(good);
    }
}

/* ---- schemas ---- */

static void assert_published(const char *kind, const char *path)
{
    const char *printed = commands_path(folder, "schema.json");
    size_t len;
    pid_t pid = fork();
    if (pid == 0)
        _exit(freopen(printed, "w", stdout) ? commands_call("schema %s", kind) : 99);
    assert_int_equal(commands_wait(pid), CCLAB_OK);
    char *made = file_read(printed, FILE_MAX_BYTES, &len);
    char *published = file_read(path, FILE_MAX_BYTES, &len);
    if (!made || !published || strcmp(made, published) != 0)
        fail_msg("%s is not what cclab schema %s prints", path, kind);
    free(made);
    free(published);
}

static void schemas_are_published(void **state)
{
    static const char *const names[] = { "world", "replay", "baseline", "exploration", "suite",
        "run", "replay-results", "conform", "bench-bugs", "trace" };
    enum { NAMES = sizeof(names) / sizeof(*names) };
    size_t count = NAMES;
    (void)state;
    assert_published("", "scenarios/scenario.schema.json");
    assert_published("scenario", "scenarios/scenario.schema.json");
    for (size_t i = 0; i < NAMES || conform_suites[i - NAMES]; i++) {
        char *kind = i < NAMES ? mem_string(names[i])
                               : mem_format("vectors-%s", conform_suites[i - NAMES]->name);
        char *path = mem_format("docs/schemas/%s.schema.json", kind);
        assert_published(kind, path);
        free(path);
        free(kind);
        count += i >= NAMES;
    }
    char **files = file_list("docs/schemas", ".schema.json");
    for (size_t i = 0; files[i]; i++)
        count--;
    assert_int_equal(count, 0); /* no other is published */
    file_list_free(files);
    assert_int_equal(commands_run("schema replai"), CCLAB_USAGE);
    assert_true(commands_reported("did you mean \"replay\"?", "replai"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files_are_read),
        cmocka_unit_test(replays_are_written_as_they_were),
        cmocka_unit_test(mistakes_are_placed),
        cmocka_unit_test(any_file_may_be_wrong),
        cmocka_unit_test(schemas_are_published),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
