/* SARIF and JUnit files: what the formats demand, whatever texts are in the results. SARIF's
 * demands are those of the specification's sections 3.13 to 3.58: members, enumerations and
 * types. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/exit.h"
#include "harness/invariants/check.h"
#include "harness/json/json.h"
#include "harness/report/outputs.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

static const json_t *need(const json_t *object, const char *key, json_type type)
{
    const json_t *value = json_object_get(object, key);
    if (!value || json_typeof(value) != type)
        fail_msg("member \"%s\" is missing or of another type", key);
    return value;
}

static void assert_one_of(const json_t *object, const char *key, const char *words)
{
    char word[64];
    snprintf(word, sizeof(word), " %s ", json_string_value(need(object, key, JSON_STRING)));
    if (!strstr(words, word))
        fail_msg("%s is%s, expected one of%s", key, word, words);
}

/* The formats allow no other members. */
static void assert_only(const json_t *object, const char *words)
{
    const char *key;
    json_t *value;
    char word[64];
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        snprintf(word, sizeof(word), " %s ", key);
        if (!strstr(words, word))
            fail_msg("there is no member \"%s\" in SARIF 2.1.0 here", key);
    }
}

static void check_message(const json_t *holder, const char *key)
{
    const json_t *message = need(holder, key, JSON_OBJECT);
    assert_only(message, " text ");
    assert_true(json_string_length(need(message, "text", JSON_STRING)) > 0);
}

static void check_uri(const char *uri)
{
    assert_true(*uri != 0);
    for (; *uri; uri++) {
        bool plain = (*uri >= 'a' && *uri <= 'z') || (*uri >= 'A' && *uri <= 'Z') ||
                     (*uri >= '0' && *uri <= '9') || strchr("/-._~:", *uri);
        if (*uri == '%')
            assert_true(strspn(uri + 1, "0123456789ABCDEF") >= 2);
        else
            assert_true(plain);
    }
}

static void check_location(const json_t *location)
{
    assert_only(location, " physicalLocation logicalLocations ");
    const json_t *physical = json_object_get(location, "physicalLocation");
    const json_t *logical = json_object_get(location, "logicalLocations");
    if (physical) {
        assert_only(physical, " artifactLocation ");
        const json_t *artifact = need(physical, "artifactLocation", JSON_OBJECT);
        assert_only(artifact, " uri ");
        check_uri(json_string_value(need(artifact, "uri", JSON_STRING)));
    }
    for (size_t i = 0; i < json_array_size(logical); i++) {
        assert_only(json_array_get(logical, i), " name kind ");
        need(json_array_get(logical, i), "name", JSON_STRING);
    }
}

static void check_prints(const json_t *prints)
{
    const char *key;
    json_t *value;
    assert_true(json_object_size(prints) > 0);
    json_object_foreach((json_t *)(uintptr_t)prints, key, value)
            assert_true(json_string_length(value) > 0);
}

static void check_suppression(const json_t *s)
{
    assert_only(s, " kind status justification ");
    assert_one_of(s, "kind", " inSource external ");
    assert_one_of(s, "status", " accepted underReview rejected ");
    need(s, "justification", JSON_STRING);
}

static void check_result(const json_t *r, const json_t *rules)
{
    assert_only(r,
            " ruleId ruleIndex kind level message partialFingerprints fingerprints locations "
            "occurrenceCount baselineState suppressions properties ");
    check_message(r, "message");
    const char *rule = json_string_value(need(r, "ruleId", JSON_STRING));
    if (json_object_get(r, "ruleIndex")) {
        json_int_t index = json_integer_value(need(r, "ruleIndex", JSON_INTEGER));
        assert_true(index >= 0 && (size_t)index < json_array_size(rules));
        assert_string_equal(
                json_string_value(json_object_get(json_array_get(rules, (size_t)index), "id")),
                rule);
    }
    assert_one_of(r, "level", " none note warning error ");
    assert_one_of(r, "kind", " fail "); /* the only one with a level other than none */
    check_prints(need(r, "fingerprints", JSON_OBJECT));
    check_prints(need(r, "partialFingerprints", JSON_OBJECT));
    if (json_object_get(r, "occurrenceCount"))
        assert_true(json_integer_value(need(r, "occurrenceCount", JSON_INTEGER)) >= 1);
    if (json_object_get(r, "baselineState"))
        assert_one_of(r, "baselineState", " new unchanged updated absent ");
    const json_t *locations = need(r, "locations", JSON_ARRAY);
    for (size_t i = 0; i < json_array_size(locations); i++)
        check_location(json_array_get(locations, i));
    const json_t *suppressions = json_object_get(r, "suppressions");
    for (size_t i = 0; i < json_array_size(suppressions); i++)
        check_suppression(json_array_get(suppressions, i));
}

static void check_driver(const json_t *driver)
{
    assert_only(driver, " name version semanticVersion shortDescription rules ");
    assert_true(json_string_length(need(driver, "name", JSON_STRING)) > 0);
    const char *version = json_string_value(need(driver, "semanticVersion", JSON_STRING));
    int a, b, c, n = 0;
    assert_true(sscanf(version, "%d.%d.%d%n", &a, &b, &c, &n) == 3 && version[n] == 0);
    check_message(driver, "shortDescription");
    const json_t *rules = need(driver, "rules", JSON_ARRAY);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        assert_only(rule, " id shortDescription defaultConfiguration ");
        check_message(rule, "shortDescription");
        assert_one_of(need(rule, "defaultConfiguration", JSON_OBJECT), "level", " error ");
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(json_string_value(need(rule, "id", JSON_STRING)),
                    json_string_value(json_object_get(json_array_get(rules, k), "id")));
    }
}

static const json_t *check_sarif(const json_t *log)
{
    assert_only(log, " $schema version runs ");
    assert_string_equal(json_string_value(need(log, "version", JSON_STRING)), "2.1.0");
    const json_t *runs = need(log, "runs", JSON_ARRAY);
    assert_int_equal(json_array_size(runs), 1);
    const json_t *run = json_array_get(runs, 0);
    assert_only(run, " tool invocations columnKind results ");
    assert_one_of(run, "columnKind", " utf16CodeUnits unicodeCodePoints ");
    const json_t *tool = need(run, "tool", JSON_OBJECT);
    assert_only(tool, " driver ");
    const json_t *driver = need(tool, "driver", JSON_OBJECT);
    check_driver(driver);
    const json_t *invocation = json_array_get(need(run, "invocations", JSON_ARRAY), 0);
    assert_only(invocation, " executionSuccessful toolExecutionNotifications ");
    bool successful = json_is_true(json_object_get(invocation, "executionSuccessful"));
    const json_t *notes = need(invocation, "toolExecutionNotifications", JSON_ARRAY);
    assert_true(successful == (json_array_size(notes) == 0));
    for (size_t i = 0; i < json_array_size(notes); i++)
        check_message(json_array_get(notes, i), "message");
    const json_t *results = need(run, "results", JSON_ARRAY);
    for (size_t i = 0; i < json_array_size(results); i++)
        check_result(json_array_get(results, i), json_object_get(driver, "rules"));
    return run;
}

static const json_t *rule(const json_t *run, const char *id)
{
    const json_t *rules =
            json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    for (size_t i = 0; i < json_array_size(rules); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(rules, i), "id")), id) == 0)
            return json_array_get(rules, i);
    return NULL;
}

static int count_in(const char *path, const char *words)
{
    static char text[65536];
    int count = 0;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof(text) - 1, f)] = 0;
    fclose(f);
    for (const char *p = text; (p = strstr(p, words)); p++)
        count++;
    return count;
}

/* A real search, without and with a baseline. */
static void test_search(void **state)
{
    char *folder = commands_folder();
    const char *sarif = commands_path(folder, "a.sarif"), *junit = commands_path(folder, "a.xml");
    const char *out = commands_path(folder, "out");
    const char *baselines[] = { "", "--baseline scenarios/known-1.4.2.json" };
    (void)state;
    for (int i = 0; i < 2; i++) {
        commands_run("explore scenarios/die-anywhere.json --schedules 600 --no-shrink %s --out %s "
                     "--sarif %s --junit %s",
                baselines[i], out, sarif, junit);
        json_t *log = commands_json(sarif);
        const json_t *run = check_sarif(log);
        for (size_t k = 0; invariants[k]; k++)
            assert_non_null(rule(run, invariants[k]->name));
        const json_t *results = json_object_get(run, "results");
        assert_true(json_array_size(results) > 0);
        bool any_new = false;
        for (size_t k = 0; k < json_array_size(results); k++) {
            const json_t *r = json_array_get(results, k);
            const json_t *bag = json_object_get(r, "properties");
            bool known = json_is_true(json_object_get(bag, "known"));
            bool expected = json_is_true(json_object_get(bag, "expected"));
            any_new = any_new || !(known || expected);
            const json_t *compared = json_object_get(r, "baselineState");
            assert_true((json_object_get(r, "suppressions") != NULL) == (known || expected));
            assert_true((compared != NULL) == (i == 1));
            assert_true(!compared ||
                        strcmp(json_string_value(compared), known ? "unchanged" : "new") == 0);
        }
        json_decref(log);
        commands_assert_junit(junit);
        assert_int_equal(count_in(junit, "<failure"), any_new);
    }
    commands_remove(folder);
}

#define HOSTILE "a\x01\x1b[31m]]><![CDATA[<&>\"'\r\n\t \xef\xbf\xbf %s%n\x7f"

static json_t *hostile_finding(bool known)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:b, s:s}", "id", HOSTILE, "invariant",
            HOSTILE, "text", HOSTILE, "verdict", "leak", "count", 3, "first_schedule", 7, "known",
            (int)known, "expected", 0, "replay", HOSTILE);
}

static void check_both(json_t *results, const char *folder, int failures, int errors, int notes)
{
    const char *junit = commands_path(folder, "h.xml");
    json_t *log = sarif_log(results);
    const json_t *run = check_sarif(log);
    const json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
    assert_int_equal(
            json_array_size(json_object_get(invocation, "toolExecutionNotifications")), notes);
    json_decref(log);
    assert_true(outputs_junit(junit, results));
    commands_assert_junit(junit);
    assert_int_equal(count_in(junit, "<failure"), failures);
    assert_int_equal(count_in(junit, "<error"), errors);
    json_decref(results);
}

static void test_hostile_search(void **state)
{
    char *folder = commands_folder();
    (void)state;
    json_t *bad = json_pack("{s:s, s:i, s:s, s:f, s:[o, o]}", "scenario", HOSTILE, "schedules", 9,
            "ended", "schedules", "seconds", 0.5, "findings", hostile_finding(false),
            hostile_finding(true));
    json_t *flaky = json_pack("{s:s, s:i, s:i, s:s, s:[]}", "scenario", "flaky", "schedules", 9,
            "flaky", 1, "ended", "schedules", "findings");
    json_t *lost = json_pack("{s:s, s:i, s:i, s:s, s:[]}", "scenario", "lost", "schedules", 9,
            "lost_batches", 1, "ended", "schedules", "findings");
    json_t *cut = json_pack("{s:s, s:i, s:s, s:[]}", "scenario", "cut", "schedules", 9, "ended",
            "interrupted", "findings");
    json_t *fine = json_pack("{s:s, s:i, s:s, s:[]}", "scenario", "fine", "schedules", 9, "ended",
            "schedules", "findings");
    json_t *none = json_pack("{s:s, s:i, s:s, s:[]}", "scenario", "none", "schedules", 0, "ended",
            "time", "findings");
    check_both(
            json_pack("{s:[o, o, o, o, o, o]}", "explorations", bad, flaky, lost, cut, none, fine),
            folder, 1, 4, 4);
    commands_remove(folder);
}

static void test_hostile_suite(void **state)
{
    char *folder = commands_folder();
    (void)state;
    json_t *late = json_pack("{s:s, s:b, s:s, s:f}", "file", "late.json", "passed", 0, "details",
            "the process that judged it took too long", "seconds", 0.0);
    json_t *flaky = json_pack("{s:s, s:s, s:b, s:i, s:i, s:s}", "file", HOSTILE, "kind", "scenario",
            "passed", 0, "flaky", 1, "runs", 3, "details", HOSTILE);
    json_t *broken = json_pack("{s:s, s:s, s:b, s:i, s:s}", "file", "b.json", "kind", "scenario",
            "passed", 0, "runs", 0, "details", HOSTILE);
    json_t *failed =
            json_pack("{s:s, s:s, s:b, s:i, s:s, s:[o]}", "file", "f.json", "kind", "replay",
                    "passed", 0, "runs", 1, "details", HOSTILE, "findings", hostile_finding(true));
    json_t *fine = json_pack("{s:s, s:s, s:b, s:i, s:s}", "file", "x.json", "kind", "scenario",
            "passed", 1, "runs", 1, "details", "");
    check_both(json_pack("{s:[o, o, o, o, o]}", "results", late, flaky, broken, failed, fine),
            folder, 1, 3, 3);
    commands_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_hostile_search),
        cmocka_unit_test(test_hostile_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
