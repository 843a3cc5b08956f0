/* Every member of a step against every kind of step: it is taken where it means something, and
 * refused where nobody would read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scenario/spec.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

#define WORLD "\"world\": {\"file\": \"corpora/conformance/world/flow-world.json\"}"

/* The steps of a scenario with a world, each with what it needs. */
static const struct {
    const char *action, *needs;
} steps[] = {
    { "install", "\"chaincode\": \"c\", \"version\": \"1\"" },
    { "instantiate", "\"chaincode\": \"c\", \"version\": \"1\"" },
    { "upgrade", "\"chaincode\": \"c\", \"version\": \"1\"" },
    { "invoke", "\"chaincode\": \"c\"" },
    { "query", "\"chaincode\": \"c\"" },
    { "send", "\"bytes\": \"00\"" },
    { "sleep", "\"after_ms\": 1" },
    { "restart-peer", "" },
    { "restart-docker", "" },
    { "stop-container", "\"container\": \"c\"" },
    { "kill-container", "\"container\": \"c\"" },
    { "remove-container", "\"container\": \"c\"" },
    { "remove-image", "\"image\": \"c\"" },
    { "connect", "\"chaincode\": \"c\", \"version\": \"1\"" },
    { "propose", "\"chaincode\": \"c\", \"layers\": {}" },
};
enum { STEPS = sizeof(steps) / sizeof(*steps) };

/* A mark for each of the steps above: + the member is taken, - it is refused. */
static const struct {
    const char *member, *value, *taken;
} members[] = {
    { "after_ms", "5", "+++++++++++++++" },
    { "maybe", "true", "+++++++++++++++" },
    { "as", "\"admin\"", "+++++---------+" }, /* of send only with a commit: below */
    { "channel", "\"mychannel\"", "+++++---------+" },
    { "chaincode", "\"c\"", "+++++--------++" }, /* of operators beside a container: below */
    { "version", "\"1\"", "+++----------++" },
    { "type", "\"NODE\"", "+++-----------+" },
    { "args", "[\"a\"]", "-++++---------+" },
    { "file", "\"scenarios/invoke.json\"", "---------------" }, /* beside what it replaces: below */
    { "bytes", "\"00\"", "-----+---------" },
    { "ctor", "\"{\\\"Args\\\":[]}\"", "-++++---------+" },
    { "policy", "\"00\"", "-++------------" },
    { "collections", "[]", "-++------------" },
    { "escc", "\"escc\"", "-++------------" },
    { "vscc", "\"vscc\"", "-++------------" },
    { "transient", "{\"t\": \"\"}", "-++++---------+" },
    { "container", "\"c\"", "---------+++---" },
    { "image", "\"c\"", "------------+--" },
    { "commit", "true", "-+++-+--------+" },
    { "timeout_ms", "5", "++++++--------+" },
    { "cancel_ms", "[1, 2]", "++++++--------+" },
    { "event_timeout_ms", "5", "---------------" }, /* needs a commit: below */
    { "layers", "{\"signature\": null}", "+++++---------+" },
    { "no_wait", "true", "++++++--------+" },
    { "expect", "{\"status\": 200}", "++++++--------+" },
};

static bool reads(const char *step)
{
    char text[1024];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", " WORLD
            ", \"actors\": [{\"name\": \"x\", \"as\": \"admin\", \"steps\": [%s]}]}",
            step);
    json_t *value = json_loads(text, 0, NULL);
    if (!value)
        fail_msg("%s", text);
    reports_begin();
    struct scenario *s = scenario_from_json("test", value, ".");
    (void)reports_end();
    json_decref(value);
    scenario_free(s);
    return s != NULL;
}

static void each_member_is_taken_only_where_it_means_something(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof(members) / sizeof(*members); m++) {
        assert_int_equal(strlen(members[m].taken), STEPS);
        for (size_t i = 0; i < STEPS; i++) {
            char step[512], name[64];
            (void)snprintf(name, sizeof(name), "\"%s\":", members[m].member);
            bool there = strstr(steps[i].needs, name) != NULL;
            (void)snprintf(step, sizeof(step), "{\"do\": \"%s\"%s%s%s%s%s}", steps[i].action,
                    steps[i].needs[0] ? ", " : "", steps[i].needs, there ? "" : ", ",
                    there ? "" : name, there ? "" : members[m].value);
            bool taken = members[m].taken[i] == '+';
            if (reads(step) != taken)
                fail_msg("%s is %s", step, taken ? "refused" : "taken");
        }
    }
}

/* What only goes together, or only without each other. */
static void members_that_concern_each_other(void **state)
{
    static const struct {
        const char *step;
        bool taken;
    } cases[] = {
        { "{\"do\": \"send\", \"bytes\": \"00\", \"commit\": true, \"as\": \"admin\"}", true },
        { "{\"do\": \"send\", \"file\": \"scenarios/invoke.json\"}", true },
        { "{\"do\": \"install\", \"file\": \"scenarios/invoke.json\"}", true },
        { "{\"do\": \"install\", \"bytes\": \"00\"}", true },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"type\": \"NODE\"}", false },
        { "{\"do\": \"kill-container\", \"chaincode\": \"c\", \"version\": \"1\"}", true },
        { "{\"do\": \"kill-container\", \"chaincode\": \"c\"}", true },
        { "{\"do\": \"kill-container\", \"version\": \"1\"}", false },
        { "{\"do\": \"kill-container\"}", false },
        { "{\"do\": \"remove-image\", \"chaincode\": \"c\", \"version\": \"1\"}", true },
        { "{\"do\": \"remove-image\", \"version\": \"1\"}", false },
        { "{\"do\": \"sleep\"}", false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"event_timeout_ms\": 1}",
                true },
        { "{\"do\": \"query\", \"chaincode\": \"c\", \"timeout_ms\": 1, \"cancel_ms\": 1}", false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"no_wait\": true}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {}}", false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"always\": true}}", false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"status\": 200, \"always\": "
          "true}}",
                true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"no_answer\": true}}", true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"no_answer\": true, "
          "\"status\": 200}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"no_answer\": true, "
          "\"always\": true}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\"}}", true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\", \"lacks\": "
          "\"y\"}}",
                true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\", \"status\": "
          "500}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\", \"contains\": "
          "\"x\"}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\", \"no_error\": "
          "true}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"error\": \"x\", \"payload\": "
          "\"x\"}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"no_error\": true, \"status\": "
          "200}}",
                true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"no_error\": true, \"status\": "
          "500}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"message\": \"x\", "
          "\"contains\": \"x\"}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"message\": \"x\", \"lacks\": "
          "\"y\"}}",
                true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"expect\": {\"code\": \"VALID\"}}", false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"expect\": {\"code\": "
          "\"VALID\"}}",
                true },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"expect\": {\"code\": "
          "\"VALID\", \"always\": true}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"expect\": {\"code\": "
          "\"VALID\", \"error\": \"x\"}}",
                false },
        { "{\"do\": \"invoke\", \"chaincode\": \"c\", \"commit\": true, \"expect\": {\"code\": "
          "\"VALID\", \"status\": 200, \"always\": true}}",
                true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (reads(cases[i].step) != cases[i].taken)
            fail_msg("%s is %s", cases[i].step, cases[i].taken ? "refused" : "taken");
}

/* A new member of steps, or a new step, has a row above. */
static void no_member_is_forgotten(void **state)
{
    const struct json_spec *step = NULL;
    (void)state;
    for (const struct json_field *f = spec_actors.element->fields; f->key; f++)
        if (strcmp(f->key, "steps") == 0)
            step = f->spec->element;
    assert_non_null(step);
    for (const struct json_field *f = step->fields; f->key; f++) {
        bool known = strcmp(f->key, "do") == 0;
        for (size_t m = 0; m < sizeof(members) / sizeof(*members); m++)
            known = known || strcmp(f->key, members[m].member) == 0;
        if (!known)
            fail_msg("the member %s of steps has no row in this test", f->key);
    }
    for (int a = 0; a < STEP_COUNT; a++) {
        bool known = a == STEP_LAUNCH || a == STEP_INIT;
        for (size_t i = 0; i < STEPS; i++)
            known = known || strcmp(step_action_name((enum step_action)a), steps[i].action) == 0;
        if (!known)
            fail_msg("the step %s has no column", step_action_name((enum step_action)a));
    }
}

/* The words after `only` are words of the head: a typing mistake there would refuse all. */
static void words_are_words(const struct json_spec *spec)
{
    const struct json_spec *head = NULL;
    for (const struct json_field *f = spec->fields; f && f->key; f++)
        head = spec->head && strcmp(f->key, spec->head) == 0 ? f->spec : head;
    for (const struct json_field *f = spec->fields; f && f->key; f++) {
        char words[512];
        (void)snprintf(words, sizeof(words), "%s", f->only ? f->only : "");
        for (char *rest = words, *word; (word = strtok_r(rest, " ", &rest));) {
            bool known = false;
            for (size_t i = 0; head && head->words && head->words[i]; i++)
                known = known || strcmp(head->words[i], word) == 0;
            if (!known)
                fail_msg("%s: there is no %s", f->key, word);
        }
        words_are_words(f->schema ? f->schema : f->spec);
    }
    if (spec->element)
        words_are_words(spec->element);
}

static void members_name_words_of_their_heads(void **state)
{
    (void)state;
    words_are_words(&scenario_spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_is_taken_only_where_it_means_something),
        cmocka_unit_test(members_that_concern_each_other),
        cmocka_unit_test(no_member_is_forgotten),
        cmocka_unit_test(members_name_words_of_their_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
