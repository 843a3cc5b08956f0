/* The bench on itself: each seeded bug shows with its variant and not without it, each kernel shows
 * and its twin does not; broken promises are told; jobs make no difference. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/cli/commands.h"
#include "harness/seeded/bench.h"
#include "model/lab/variants.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static struct bench_cases cases;
static char *output; /* of the last command */

static const char *const folder = "scenarios/bugs";

static int load(void **state)
{
    (void)state;
    return cases_load(&folder, 1, &cases) ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    cases_free(&cases);
    free(output);
    return 0;
}

static const struct bench_case *find(const char *id)
{
    for (size_t i = 0; i < cases.count; i++)
        if (strcmp(cases.items[i].id, id) == 0)
            return &cases.items[i];
    return NULL;
}

static bool give(void *self, struct subject *subject)
{
    *subject = ((struct bench_subject *)self)->subject;
    return true;
}

static const struct bench_case *wanted;

static bool seen(void *self, const struct exploration *so_far)
{
    (void)self;
    return case_schedules(wanted, so_far) != STATS_MISSED;
}

/* Searches a case, or its control, as far as `schedules`. */
static void explore(
        const struct bench_case *c, bool control, uint64_t schedules, struct exploration *e)
{
    struct bench_subject subject;
    assert_true(bench_subject_make(&subject, c, control));
    const struct subject_maker maker = { &subject, give, NULL };
    const struct explore_options options = {
        .schedules = schedules, .seed = 5, .jobs = 1, .enough = seen
    };
    wanted = c;
    assert_true(explore_run(&maker, &options, e));
    bench_subject_free(&subject);
}

/* What makes a variant: with it the finding shows, without it, in the same schedules and more, it
 * does not. */
static void test_each_bug_is_its_variant(void **state)
{
    (void)state;
    enum { WITHOUT = 30 };
    size_t bugs = 0;
    for (size_t i = 0; i < cases.count; i++) {
        const struct bench_case *c = &cases.items[i];
        struct exploration with, without;
        explore(c, false, 2000, &with);
        explore(c, true, with.schedules > WITHOUT ? with.schedules : WITHOUT, &without);
        if (case_schedules(c, &with) == STATS_MISSED)
            fail_msg("%s is not found", c->id);
        if (case_violation(c, &without))
            fail_msg("%s shows %s without its bug", c->id, case_violation(c, &without)->id);
        bugs += c->kind == BENCH_BUG;
        exploration_free(&with);
        exploration_free(&without);
    }
    assert_true(bugs >= 30);
}

/* A scenario is named after its variant, has no other one, and says precisely what shows it. */
static void test_scenarios_are_of_their_variants(void **state)
{
    (void)state;
    for (int v = 0; v < VARIANT_COUNT; v++) {
        const struct variant_info *info = variant_describe((enum variant)v);
        const struct bench_case *c = find(info->id);
        if (info->fix)
            continue;
        if (!c)
            fail_msg("nothing shows %s", info->id);
        if (c->scenario)
            assert_true(c->scenario->variants == (uint64_t)1 << v);
    }
}

static void test_enough_kernels(void **state)
{
    (void)state;
    size_t kernels = 0;
    for (size_t i = 0; i < cases.count; i++)
        kernels += cases.items[i].kind == BENCH_KERNEL;
    assert_true(kernels >= 22);
    /* By hand: the plain run sets both variables before the checker looks. */
    assert_false(find("reorder_3")->always);
    assert_true(find("canary")->always);
}

/* ---- judging ---- */

static char *judge_text(const struct bench *b, bool *ok)
{
    char path[] = "/tmp/cclab-bench-XXXXXX";
    char text[2048] = "";
    int fd = mkstemp(path), before = dup(STDOUT_FILENO);
    assert_true(fd >= 0 && before >= 0);
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    *ok = bench_judge(b);
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
    assert_true(n >= 0);
    close(fd);
    unlink(path);
    return strdup(text);
}

/* A canary and a bug under the default strategy, with these numbers. */
static char *judged(struct stats canary, struct stats bug, const char *violation, bool *ok)
{
    static const char *const strategies[] = { BENCH_DEFAULT_STRATEGY };
    struct bench_case items[] = { *find("canary"), *find("a12-double-notify") };
    const struct bench_cases two = { .items = items, .count = 2 };
    const struct bench_options options = { strategies, 1, 20, 10000, 10000, 1 };
    struct bench_result results[] = { { canary, true }, { bug, true } };
    struct bench_control controls[] = { { 10000, NULL, true },
        { 10000, (char *)(uintptr_t)violation, true } };
    const struct bench b = { &options, &two, results, controls };
    return judge_text(&b, ok);
}

static void assert_judged(
        struct stats canary, struct stats bug, const char *violation, const char *text)
{
    bool ok;
    free(output);
    output = judged(canary, bug, violation, &ok);
    assert_int_equal(ok, !text);
    if (text)
        assert_non_null(strstr(output, text));
    else
        assert_string_equal(output, "");
}

static void test_promises(void **state)
{
    (void)state;
    const struct stats at_once = { 20, 20, 1, 1, 1 };
    assert_judged(at_once, (struct stats){ 20, 20, 99, 500, 10000 }, NULL, NULL);
    assert_judged(at_once, (struct stats){ 20, 20, 100, 500, 800 }, NULL,
            "needs 100 schedules for a12-double-notify in the median");
    assert_judged(at_once, (struct stats){ 20, 19, 5, 9, STATS_MISSED }, NULL,
            "finds a12-double-notify in 19 of 20 trials");
    assert_judged(at_once, at_once, "no-panic/x", "shows no-panic/x without its variant");
    assert_judged((struct stats){ 20, 20, 1, 1, 2 }, at_once, NULL, "does not find canary");
    assert_judged(
            (struct stats){ 20, 19, 1, 1, STATS_MISSED }, at_once, NULL, "does not find canary");
}

/* ---- workers that die ---- */

static void die_of_the_bug(void *arg)
{
    const struct kernel_world *w = arg;
    if (!w->fixed)
        raise(SIGKILL);
}

/* Its control was done, but no strategy was measured. */
static void test_a_dead_worker_is_told(void **state)
{
    static const char *const strategies[] = { BENCH_DEFAULT_STRATEGY };
    static const struct kernel mortal = { "mortal", "its process dies", 0, die_of_the_bug };
    const struct bench_options options = { strategies, 1, 2, 10, 10, 1 };
    struct bench_case item = { .kind = BENCH_KERNEL, .id = (char *)(uintptr_t) "mortal" };
    item.kernel = &mortal;
    const struct bench_cases one = { .items = &item, .count = 1 };
    struct bench b;
    (void)state;
    bench_run(&b, &options, &one);
    assert_true(b.controls[0].done);
    assert_false(bench_result(&b, 0, 0)->done);
    reports_begin();
    bool complete = bench_complete(&b);
    assert_string_equal(reports_end(), "cclab: mortal: the process that worked on it died\n");
    assert_false(complete);
    bench_free(&b);
}

/* ---- the command ---- */

static char *run_with_jobs(const char *jobs)
{
    char path[] = "/tmp/cclab-bench-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    char *argv[] = { "cclab", "bench-bugs", "--strategy", "portfolio", "--strategy", "pos",
        "--strategy", "dfs", "--seeds", "2", "--schedules", "120", "--bug", "reorder_3", "--bug",
        "ab-ba", "--bug", "a12-double-notify", "--bug", "a14-inproc-stop-blocks", "--jobs",
        (char *)(uintptr_t)jobs, "--json", path };
    assert_int_equal(commands_main(sizeof(argv) / sizeof(argv[0]), argv), CCLAB_OK);
    size_t len;
    char *text = file_read(path, 1 << 20, &len);
    assert_non_null(text);
    unlink(path);
    return text;
}

static void test_jobs_make_no_difference(void **state)
{
    (void)state;
    char *one = run_with_jobs("1"), *three = run_with_jobs("3");
    assert_string_equal(one, three);
    json_t *value = json_loads(one, 0, NULL);
    const json_t *list = json_object_get(value, "cases");
    assert_int_equal(json_array_size(list), 5); /* four, and the canary */
    for (size_t i = 0; i < 5; i++) {
        const json_t *c = json_array_get(list, i);
        assert_true(json_is_null(json_object_get(json_object_get(c, "control"), "violation")));
        assert_int_equal(json_array_size(json_object_get(c, "results")), 3);
    }
    json_decref(value);
    free(one);
    free(three);
}

static void test_refusals(void **state)
{
    (void)state;
    char *unknown[] = { "cclab", "bench-bugs", "--bug", "reorder_4" };
    char *strategy[] = { "cclab", "bench-bugs", "--strategy", "luck" };
    char *no_bug[] = { "cclab", "bench-bugs", "scenarios/invoke.json" };
    assert_int_equal(commands_main(4, unknown), CCLAB_USAGE);
    assert_int_equal(commands_main(4, strategy), CCLAB_USAGE);
    assert_int_equal(commands_main(3, no_bug), CCLAB_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_bug_is_its_variant),
        cmocka_unit_test(test_scenarios_are_of_their_variants),
        cmocka_unit_test(test_enough_kernels),
        cmocka_unit_test(test_promises),
        cmocka_unit_test(test_a_dead_worker_is_told),
        cmocka_unit_test(test_jobs_make_no_difference),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
