/* The baseline of 1.4.2: each entry's replay shows it, in few switches; its fix makes it go
 * away. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/report/baseline.h"
#include "harness/scenario/save.h"
#include "model/lab/variants.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

#define LIST "scenarios/known-1.4.2.json"
#define RACES "scenarios/known-races-1.4.2.json"
enum { MOST_SWITCHES = 12, SCHEDULES = 150 };

struct loaded {
    struct replay replay;
    struct lab_options options;
    struct scenario *scenario;
};

static void load(const char *path, struct loaded *l)
{
    assert_true(replay_load(path, &l->replay));
    l->scenario = replay_scenario(&l->replay, path, &l->options);
    assert_non_null(l->scenario);
}

static void unload(struct loaded *l)
{
    scenario_free(l->scenario);
    replay_free(&l->replay);
}

static const char *id_of(const struct known_finding *k, size_t i)
{
    return rt_cstr(((const rt_str *)k->ids.items)[i]);
}

static bool shows(const struct known_finding *k, const struct run_result *result)
{
    for (size_t i = 0; i < k->ids.count; i++)
        if (run_result_find(result, id_of(k, i)))
            return true;
    return false;
}

/* Runs a replay strictly: each choice fits, the same trace, in few switches. The result lives as
 * long as the lab, which is to be freed. */
static struct lab *play(const struct loaded *l, struct run_result *result)
{
    struct lab *lab = lab_new(l->scenario, &l->options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    struct player player;
    player_init(&player, &l->replay.choices, true);
    subject.run(subject.self, &player.source, NULL, result);
    assert_false(player.diverged);
    assert_int_equal(result->hash, l->replay.hash);
    assert_int_equal(result->verdict, l->replay.verdict);
    size_t picks = choices_picks(&l->replay.choices);
    if (picks > MOST_SWITCHES)
        fail_msg("%s: %zu picks", l->replay.finding ? l->replay.finding : "no finding", picks);
    return lab;
}

static void shows_as_recorded(const struct known_finding *k, const struct loaded *l)
{
    struct run_result result;
    struct lab *lab = play(l, &result);
    assert_non_null(l->replay.finding);
    assert_non_null(run_result_find(&result, l->replay.finding));
    assert_true(shows(k, &result));
    lab_free(lab);
}

static void gone_with_its_fix(const struct known_finding *k, struct loaded *l)
{
    enum variant fix;
    struct lab_options fixed = l->options;
    assert_true(variant_find(rt_cstr(k->fix), &fix));
    fixed.variants |= (uint64_t)1 << fix;
    struct lab *lab = lab_new(l->scenario, &fixed);
    struct subject subject = lab_subject(lab);
    struct run_result result;
    struct player player;
    player_init(&player, &l->replay.choices, false);
    subject.run(subject.self, &player.source, NULL, &result);
    if (shows(k, &result))
        fail_msg("%s: shown with %s, too", l->replay.finding, rt_cstr(k->fix));
    lab_free(lab);

    struct lab_maker maker;
    struct exploration e;
    struct explore_options o = { .strategy = "portfolio", .schedules = SCHEDULES, .seed = 5 };
    assert_true(explore_run(lab_maker_init(&maker, l->scenario, &fixed), &o, &e));
    for (size_t i = 0; i < k->ids.count; i++)
        if (exploration_find(&e, id_of(k, i)))
            fail_msg("%s: found with %s, too", id_of(k, i), rt_cstr(k->fix));
    exploration_free(&e);
}

static void check_list(const char *list, size_t least)
{
    struct baseline *b = baseline_load(list);
    assert_non_null(b);
    assert_true(b->known.count >= least);
    for (size_t i = 0; i < b->known.count; i++) {
        const struct known_finding *k = &((const struct known_finding *)b->known.items)[i];
        struct loaded l;
        char *path = baseline_path(b, k->replay);
        load(path, &l);
        free(path);
        shows_as_recorded(k, &l);
        if (k->fix.len > 0)
            gone_with_its_fix(k, &l);
        unload(&l);
    }
    baseline_free(b);
}

static void test_replays_and_fixes(void **state)
{
    (void)state;
    check_list(LIST, 10);
}

/* Each data race has a fix, too. */
static void test_races(void **state)
{
    (void)state;
    check_list(RACES, 7);
}

/* ---- every id has a replay ---- */

/* Notes which ids of the list the replay at `path` shows. */
static void note_shown(const struct baseline *b, const char *path, bool shown[], size_t max)
{
    struct loaded l;
    struct run_result result;
    load(path, &l);
    struct lab *lab = play(&l, &result);
    size_t at = 0;
    for (size_t i = 0; i < b->known.count; i++) {
        const struct known_finding *k = &((const struct known_finding *)b->known.items)[i];
        for (size_t id = 0; id < k->ids.count; id++, at++) {
            assert_true(at < max);
            shown[at] |= run_result_find(&result, id_of(k, id)) != NULL;
        }
    }
    lab_free(lab);
    unload(&l);
}

static void test_every_id(void **state)
{
    (void)state;
    struct baseline *b = baseline_load(LIST);
    bool shown[100] = { false };
    glob_t files;
    assert_non_null(b);
    assert_int_equal(glob("scenarios/known/*.replay.json", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        note_shown(b, files.gl_pathv[i], shown, 100);
    globfree(&files);
    size_t at = 0;
    for (size_t i = 0; i < b->known.count; i++) {
        const struct known_finding *k = &((const struct known_finding *)b->known.items)[i];
        for (size_t id = 0; id < k->ids.count; id++, at++)
            if (!shown[at])
                fail_msg("%s: no replay in scenarios/known shows it", id_of(k, id));
    }
    baseline_free(b);
}

/* ---- the file's form ---- */

static void refused(const char *text, const char *why)
{
    char path[] = "/tmp/cclab-known-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *to = fdopen(fd, "w");
    fprintf(to, "{\"known_findings\": 1, \"findings\": [%s]}", text);
    fclose(to);
    reports_begin();
    struct baseline *b = baseline_load(path);
    const char *reports = reports_end();
    unlink(path);
    assert_null(b);
    if (!strstr(reports, why))
        fail_msg("reported \"%s\", expected \"%s\"", reports, why);
}

#define ENTRY(ids, replay, fix)                                                                    \
    "{\"ids\": [" ids "], \"sentence\": \"s\", \"where\": \"w\", \"replay\": \"" replay            \
    "\", \"fix\": \"" fix "\"}"

static void test_bad_members_are_reported(void **state)
{
    (void)state;
    refused("{}", "ids");
    refused("{\"id\": \"own/\"}", "id");
    refused(ENTRY("", "null", "fix-handler-gone"), "expected at least 1");
    refused(ENTRY("\"a/b/c\", \"a/b/c\"", "null", "fix-handler-gone"), "listed twice");
    refused(ENTRY("\"a/b/c\"", "null", "fix-handler-gone") ", " ENTRY(
                    "\"d/e/f\", \"a/b/c\"", "null", "fix-handler-gone"),
            "listed twice");
    refused(ENTRY("\"a/b/c\"", "none.json", "fix-handler-gone"), "cannot be read");
    refused(ENTRY("\"a/b/c\"", "null", "a01-half-started-is-running"), "is no fix");
    refused(ENTRY("\"a/b/c\"", "null", "fix-nothing"), "is no fix");
}

static void test_ids_are_exact(void **state)
{
    (void)state;
    struct baseline *b = baseline_load(LIST);
    assert_non_null(b);
    assert_non_null(baseline_find(b, "own/handlers/ProcessStream"));
    assert_null(baseline_find(b, "own/handlers/ProcessStream2"));
    assert_null(baseline_find(b, "own/handlers/serialSendAsync"));
    assert_null(baseline_find(NULL, "own/handlers/ProcessStream"));
    baseline_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replays_and_fixes),
        cmocka_unit_test(test_races),
        cmocka_unit_test(test_every_id),
        cmocka_unit_test(test_bad_members_are_reported),
        cmocka_unit_test(test_ids_are_exact),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
