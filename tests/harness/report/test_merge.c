/* Parts of searches and suites, put together, are the whole; what does not belong together is
 * refused by name. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/out.h"
#include "harness/explore/shard.h"
#include "harness/json/json.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

#define SEARCH "explore scenarios/die-anywhere.json --schedules 1200 --no-shrink --strategy random"

/* Each number is in one part, parts follow each other and differ by one at most. */
static void test_ranges(void **state)
{
    static const uint64_t totals[] = { 0, 1, 2, 7, 20, 1000003, UINT64_MAX / 500 };
    static const uint64_t counts[] = { 1, 2, 3, 8, 1000, SHARD_MAX };
    (void)state;
    for (size_t t = 0; t < 7; t++) {
        for (size_t c = 0; c < 6; c++) {
            uint64_t next = 0, least = UINT64_MAX, most = 0;
            for (uint64_t i = 1; i <= counts[c]; i++) {
                uint64_t begin, end;
                shard_range((struct shard){ i, counts[c] }, totals[t], &begin, &end);
                assert_true(begin == next && end >= begin);
                least = end - begin < least ? end - begin : least;
                most = end - begin > most ? end - begin : most;
                next = end;
            }
            assert_true(next == totals[t] && most - least <= 1);
        }
    }
}

static void test_flags(void **state)
{
    static const char *const bad[] = { "0/3", "4/3", "1", "1/", "/3", "a/3", "1/3x", "-1/3", "1/0",
        "1/99999999999999999999", " 1/3" };
    struct shard s;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(shard_from_flags("explore", &(struct shard_flags){ bad[i], -1, 0 }, &s));
    assert_true(shard_from_flags("explore", &(struct shard_flags){ "3/3", -1, 0 }, &s));
    assert_true(s.index == 3 && s.count == 3);
    assert_true(shard_from_flags("explore", &(struct shard_flags){ NULL, 0, 3 }, &s));
    assert_true(s.index == 1 && s.count == 3);
    assert_true(shard_from_flags("explore", &(struct shard_flags){ NULL, -1, 0 }, &s));
    assert_true(s.count == 0);
    assert_false(shard_from_flags("explore", &(struct shard_flags){ NULL, 3, 3 }, &s));
    assert_false(shard_from_flags("explore", &(struct shard_flags){ NULL, 1, 0 }, &s));
    assert_false(shard_from_flags("explore", &(struct shard_flags){ NULL, -1, 3 }, &s));
    assert_false(shard_from_flags("explore", &(struct shard_flags){ "1/3", 0, 3 }, &s));
}

/* Both files hold the same text, times apart. */
static void assert_same_results(const char *a, const char *b)
{
    json_t *x = commands_json(a), *y = commands_json(b);
    assert_non_null(x);
    assert_non_null(y);
    commands_drop_times(x);
    commands_drop_times(y);
    char *p = json_text(x), *q = json_text(y);
    assert_string_equal(p, q);
    free(p);
    free(q);
    json_decref(x);
    json_decref(y);
}

static void assert_same_folders(const char *a, const char *b)
{
    char command[1024];
    snprintf(command, sizeof(command), "diff -r %s %s", a, b);
    assert_int_equal(system(command), 0);
}

/* Runs the parts and the whole with `flags` and compares; replays go to the same folder. */
static void check_search(const char *folder, const char *flags, int parts)
{
    const char *out = commands_path(folder, "out"), *kept = commands_path(folder, "kept");
    const char *whole = commands_path(folder, "whole.json");
    const char *merged = commands_path(folder, "merged.json");
    char files[512] = "", move[600];
    int expected = commands_run("%s %s --jobs 2 --out %s --json %s", SEARCH, flags, out, whole);
    assert_true(expected == CCLAB_OK || expected == CCLAB_FOUND);
    snprintf(move, sizeof(move), "rm -rf %s && mv %s %s", kept, out, kept);
    assert_int_equal(system(move), 0);
    for (int i = parts; i >= 1; i--) {
        char name[32];
        snprintf(name, sizeof(name), "part%d.json", i);
        const char *path = commands_path(folder, name);
        int status = commands_run("%s %s --jobs 1 --out %s --json %s --shard %d/%d", SEARCH, flags,
                commands_path(folder, "parts"), path, i, parts);
        assert_true(status == CCLAB_OK || status == CCLAB_FOUND);
        snprintf(files + strlen(files), sizeof(files) - strlen(files), " %s", path);
    }
    /* This also fails if somebody changes the baseline's file between the parts. */
    if (commands_run("merge%s --out %s --json %s", files, out, merged) != expected)
        fail_msg("merge of%s: not %d: %s", files, expected, commands_reports());
    assert_same_results(whole, merged);
    assert_same_folders(kept, out);
    snprintf(move, sizeof(move), "rm -rf %s %s", kept, out);
    assert_int_equal(system(move), 0);
}

static void test_merged_search_is_the_whole(void **state)
{
    check_search(*state, "--repeat 5 --baseline scenarios/known-1.4.2.json", 3);
    json_t *whole = commands_json(commands_path(*state, "merged.json"));
    json_t *search = json_array_get(json_object_get(whole, "explorations"), 0);
    assert_int_equal(json_integer_value(json_object_get(search, "schedules")), 1200);
    assert_true(json_array_size(json_object_get(search, "findings")) > 0);
    json_decref(whole);
}

/* Also when it ends with the first finding, and when there are more parts than batches. */
static void test_merged_first_is_the_whole(void **state)
{
    check_search(*state, "--first", 5);
}

/* ---- what is refused ---- */

static const char *part(const char *folder, const char *name, const char *flags)
{
    const char *path = commands_path(folder, name);
    int status = commands_run("explore scenarios/invoke.json --schedules 60 --strategy random "
                              "--json %s --out %s %s",
            path, commands_path(folder, "out"), flags);
    assert_int_equal(status, CCLAB_OK);
    return path;
}

static void assert_refused(const char *a, const char *b, const char *file, const char *what)
{
    assert_int_equal(commands_run("merge %s %s --out /nonexistent", a, b), CCLAB_USAGE);
    if (!commands_reported(file, what))
        fail_msg("no report of %s in %s:\n%s", what, file, commands_reports());
}

/* A copy of a result file, changed by a function. */
static const char *changed(
        const char *folder, const char *from, const char *name, void (*change)(json_t *root))
{
    const char *to = commands_path(folder, name);
    json_t *value = commands_json(from);
    change(value);
    assert_int_equal(json_dump_file(value, to, JSON_INDENT(2)), 0);
    json_decref(value);
    return to;
}

static void other_version(json_t *root)
{
    json_object_set_new(json_object_get(root, "shard"), "cclab", json_string("0.0.9+0"));
}

static json_t *search_of(json_t *root)
{
    return json_array_get(json_object_get(root, "explorations"), 0);
}

static void other_scenario(json_t *root)
{
    json_t *scenario = json_object_get(json_object_get(search_of(root), "part"), "scenario");
    json_object_set_new(scenario, "max_steps", json_integer(4711));
}

static void cut_off(json_t *root)
{
    json_array_clear(json_object_get(root, "explorations"));
}

static void interrupted(json_t *root)
{
    json_object_set_new(search_of(root), "ended", json_string("interrupted"));
}

static void wrong_hashes(json_t *root)
{
    json_object_set_new(search_of(root), "hashes", json_string("12"));
}

static void wrong_seconds(json_t *root)
{
    json_object_set_new(search_of(root), "seconds", json_string("long"));
}

static void too_many(json_t *root)
{
    json_object_set_new(search_of(root), "schedules", json_integer(61));
}

static void wrong_range(json_t *root)
{
    json_object_set_new(json_object_get(search_of(root), "part"), "end", json_integer(1));
}

static void no_shard(json_t *root)
{
    json_object_del(root, "shard");
}

static void test_refusals(void **state)
{
    const char *dir = *state;
    const char *one = part(dir, "one.json", "--shard 1/2");
    const char *two = part(dir, "two.json", "--shard-index 1 --shard-count 2");
    assert_int_equal(commands_run("merge %s %s --out %s", one, two, commands_path(dir, "out")), 0);
    assert_refused(one, one, "one.json", "part 1 of 2");
    assert_refused(one, part(dir, "seed.json", "--shard 2/2 --seed 2"), "seed.json",
            "shard.options.seed is the number 2");
    assert_refused(one, part(dir, "strategy.json", "--shard 2/2 --strategy pos"), "strategy.json",
            "shard.options.strategy");
    assert_refused(one, part(dir, "count.json", "--shard 2/3"), "count.json", "shard.count");
    assert_refused(one, changed(dir, two, "version.json", other_version), "version.json",
            "shard.cclab is the string \"0.0.9+0\"");
    assert_refused(one, changed(dir, two, "scenario.json", other_scenario), "scenario.json",
            "explorations[0].part.scenario.max_steps");
    assert_refused(one, changed(dir, two, "cut.json", cut_off), "cut.json", "0 of 1 are there");
    assert_refused(one, changed(dir, two, "int.json", interrupted), "int.json", "interrupted");
    assert_refused(one, changed(dir, two, "hash.json", wrong_hashes), "hash.json",
            "found the string \"12\", expected a string of 16 hexadecimal digits");
    assert_refused(one, changed(dir, two, "time.json", wrong_seconds), "time.json",
            "found the string \"long\", expected a number, at least 0");
    assert_refused(one, changed(dir, two, "many.json", too_many), "many.json",
            "found the number 61, expected a whole number, at most ");
    assert_refused(one, changed(dir, two, "range.json", wrong_range), "range.json",
            "found the number 1, expected where this part ends");
    assert_refused(one, changed(dir, two, "shard.json", no_shard), "shard.json", "\"shard\"");
    assert_refused(one, "scenarios/invoke.json", "invoke.json", "\"format\"");
    assert_refused(one, "/nonexistent.json", "/nonexistent.json", "cannot open");
    assert_int_equal(commands_run("merge %s", one), CCLAB_USAGE);
    assert_true(commands_reported("missing", "2"));
}

/* Beginnings of a file are refused with a report; so is a file with a byte changed, or it is still
 * a result. */
static void test_damaged_files(void **state)
{
    const char *one = part(*state, "whole.json", "--shard 1/1");
    const char *bad = commands_path(*state, "bad.json");
    static char text[65536];
    FILE *f = fopen(one, "r");
    size_t len = f ? fread(text, 1, sizeof(text), f) : 0;
    assert_true(len > 1000 && len < sizeof(text));
    fclose(f);
    for (size_t i = 0; i < 90; i++) {
        bool cut = i % 2 == 0;
        size_t at = i * (len - 2) / 90;
        char kept = text[at];
        text[at] = (char)(kept ^ (i % 3 == 0 ? 1 : 16));
        f = fopen(bad, "w");
        assert_non_null(f);
        fwrite(text, 1, cut ? at : len, f);
        fclose(f);
        text[at] = kept;
        int status = commands_run("merge %s --out %s", bad, commands_path(*state, "out"));
        assert_true(status == CCLAB_USAGE || (!cut && status == CCLAB_OK));
        assert_true(status == CCLAB_OK || commands_reports()[0]);
    }
}

static void test_partial(void **state)
{
    const char *three = part(*state, "three.json", "--shard 3/3");
    const char *merged = commands_path(*state, "merged.json");
    assert_int_equal(
            commands_run("merge --partial %s --json %s --out /nonexistent", three, merged), 0);
    json_t *value = commands_json(merged);
    json_t *missing = json_pack("[i, i]", 1, 2);
    assert_true(json_equal(json_object_get(value, "missing_shards"), missing));
    json_decref(missing);
    json_decref(value);
}

static void test_systematic_is_not_divided(void **state)
{
    static const char *const names[] = { "dfs", "dpor", "delay", "preempt" };
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(commands_run("explore scenarios/invoke.json --strategy %s --shard 1/2 "
                                      "--schedules 10",
                                 names[i]),
                CCLAB_USAGE);
        assert_true(commands_reported(names[i], "cannot be divided"));
    }
}

/* ---- suites ---- */

static const char suite[] = "suite scenarios/invoke.json scenarios/two-invokes.json "
                            "scenarios/wrong-name.json tests/harness/bad-scenarios/array.json "
                            "--schedules 30 --baseline scenarios/known-1.4.2.json";

static void test_merged_suite_is_the_whole(void **state)
{
    const char *dir = *state;
    const char *whole = commands_path(dir, "whole.json"),
               *merged = commands_path(dir, "merged.json");
    const char *one = commands_path(dir, "1.json"), *two = commands_path(dir, "2.json");
    assert_int_equal(commands_run("%s --json %s --jobs 2", suite, whole), CCLAB_FOUND);
    assert_int_equal(commands_run("%s --json %s --shard 1/2", suite, one), CCLAB_OK);
    assert_int_equal(commands_run("%s --json %s --shard 2/2", suite, two), CCLAB_FOUND);
    assert_int_equal(commands_run("merge %s %s --json %s", two, one, merged), CCLAB_FOUND);
    assert_same_results(whole, merged);
    assert_int_equal(commands_run("merge %s --json %s", two, merged), CCLAB_USAGE);
    assert_int_equal(commands_run("merge %s --json %s --partial", one, merged), CCLAB_OK);
    json_t *value = commands_json(merged);
    assert_int_equal(json_array_size(json_object_get(value, "results")), 4);
    assert_true(json_is_true(
            json_object_get(json_array_get(json_object_get(value, "results"), 1), "missing")));
    json_decref(value);
}

/* A part of a suite tells what it was run with, each flag in its member. */
static void test_options_of_a_part(void **state)
{
    const char *path = commands_path(*state, "part.json");
    (void)commands_run(
            "suite scenarios/bare/one-launch.json scenarios/bare/two-launches.json "
            "--no-baseline --schedules 3 --repeat 7 --timeout 90s --variant a02-ready-overtaken "
            "--shard 1/2 --json %s",
            path);
    json_t *value = commands_json(path);
    json_t *expected = json_pack("{s:i, s:i, s:i, s:[s], s:n, s:[s, s]}", "schedules", 3, "repeat",
            7, "timeout_ms", 90000, "variants", "a02-ready-overtaken", "baseline", "files",
            "scenarios/bare/one-launch.json", "scenarios/bare/two-launches.json");
    assert_non_null(value);
    assert_true(json_equal(json_object_get(json_object_get(value, "shard"), "options"), expected));
    json_decref(expected);
    json_decref(value);
}

/* In a child that was interrupted before its first file. */
static void run_interrupted(const char *json, const char *junit)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        raise(SIGTERM);
        _exit(commands_run("%s --shard 1/2 --json %s --junit %s", suite, json, junit));
    }
    assert_int_equal(commands_wait(pid), CCLAB_INTERRUPTED);
}

/* Files that were not judged are no absent ones, which would be as good as passed. */
static void test_interrupted_suite_names_all_files(void **state)
{
    const char *dir = *state;
    const char *one = commands_path(dir, "1.json"), *two = commands_path(dir, "2.json");
    const char *merged = commands_path(dir, "merged.json");
    const char *junit = commands_path(dir, "junit.xml");
    size_t len;
    run_interrupted(one, junit);
    char *cases = file_read(junit, FILE_MAX_BYTES, &len);
    assert_non_null(cases);
    assert_non_null(strstr(cases, "tests=\"2\" failures=\"0\" errors=\"2\""));
    free(cases);
    assert_int_equal(commands_run("%s --json %s --shard 2/2", suite, two), CCLAB_FOUND);
    assert_int_equal(commands_run("merge %s %s --json %s", one, two, merged), CCLAB_USAGE);
    assert_true(commands_reported(one, "was cut off"));
    assert_int_equal(
            commands_run("merge %s %s --json %s --partial", one, two, merged), CCLAB_FOUND);
    json_t *value = commands_json(merged);
    assert_true(json_is_true(
            json_object_get(json_array_get(json_object_get(value, "results"), 2), "missing")));
    json_decref(value);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, commands_begin, commands_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ranges),
        TEST(test_flags),
        TEST(test_merged_search_is_the_whole),
        TEST(test_merged_first_is_the_whole),
        TEST(test_refusals),
        TEST(test_damaged_files),
        TEST(test_partial),
        TEST(test_systematic_is_not_divided),
        TEST(test_merged_suite_is_the_whole),
        TEST(test_options_of_a_part),
        TEST(test_interrupted_suite_names_all_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
