/* Scenario files: the ones of the tree load and end as they say, wrong ones are reported
 * exactly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/json/json.h"
#include "harness/scenario/lab.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static bool is_scenario(const char *path)
{
    return !strstr(path, ".schema.json") && !strstr(path, "known") && !strstr(path, ".replay.json");
}

/* What is reported is what the .expect file holds. */
static void test_mistakes_are_placed(void **state)
{
    (void)state;
    char **list = file_list("tests/harness/bad-scenarios", ".json");
    size_t count = 0;
    assert_non_null(list);
    for (char **p = list; *p; p++, count++) {
        char expect[512];
        size_t len;
        snprintf(expect, sizeof(expect), "%.*s.expect", (int)(strlen(*p) - strlen(".json")), *p);
        char *wanted = file_read(expect, 4096, &len);
        assert_non_null(wanted);
        reports_begin();
        struct scenario *s = scenario_load(*p);
        const char *reports = reports_end();
        assert_null(s);
        assert_string_equal(reports, wanted);
        free(wanted);
    }
    assert_true(count >= 16);
    file_list_free(list);
}

/* What `cclab schema` prints is the file that editors use. */
static void test_schema_is_published(void **state)
{
    (void)state;
    struct json_doc *doc = json_doc_load("scenarios/scenario.schema.json");
    json_t *made = json_schema(&scenario_spec, "scenario.schema.json", "cclab scenario");
    assert_non_null(doc);
    assert_true(json_equal(doc->root_value, made));
    json_decref(made);
    json_doc_free(doc);
}

static void check_plain_run(const char *path)
{
    struct lab_options options = { 0 };
    struct run_result first, second;
    struct scenario *s = scenario_load(path);
    assert_non_null(s);
    assert_true(s->about.len > 20);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &first);
    if (!lab_as_expected(lab, &first))
        fail_msg("%s: %s, %.*s", path, verdict_name(first.verdict), (int)first.reason.len,
                (const char *)first.reason.data);
    subject.run(subject.self, NULL, NULL, &second);
    assert_int_equal(first.hash, second.hash);
    assert_int_equal(first.steps, second.steps);
    lab_free(lab);

    /* Self-contained, it is the same run. */
    json_t *whole = scenario_to_json(s);
    struct scenario *copy = scenario_from_json(path, whole, "/nonexistent");
    assert_non_null(copy);
    lab = lab_new(copy, &options);
    assert_non_null(lab);
    subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &second);
    assert_int_equal(first.hash, second.hash);
    lab_free(lab);
    scenario_free(copy);
    json_decref(whole);
    scenario_free(s);
}

static void test_scenarios_end_as_they_say(void **state)
{
    char **list = file_list("scenarios", ".json");
    size_t bare = 0, races = 0, others = 0;
    (void)state;
    assert_non_null(list);
    for (char **p = list; *p; p++) {
        if (!is_scenario(*p))
            continue;
        check_plain_run(*p);
        ++*(strstr(*p, "/bare/") ? &bare : strstr(*p, "/races/") ? &races : &others);
    }
    file_list_free(list);
    assert_true(bare >= 6 && races >= 7 && others >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes_are_placed),
        cmocka_unit_test(test_schema_is_published),
        cmocka_unit_test(test_scenarios_end_as_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
