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
    { "start-container", "\"container\": \"c\"" },
    { "remove-image", "\"image\": \"c\"" },
    { "connect", "\"chaincode\": \"c\", \"version\": \"1\"" },
    { "propose", "\"chaincode\": \"c\", \"layers\": {}" },
};
enum { STEPS = sizeof(steps) / sizeof(*steps) };

/* A mark for each of the steps above: + the member is taken, - it is refused. */
static const struct {
    const char *member, *value, *taken;
} members[] = {
    { "after_ms", "5", "++++++++++++++++" },
    { "maybe", "true", "++++++++++++++++" },
    { "as", "\"admin\"", "+++++----------+" }, /* of send only with a commit: below */
    { "channel", "\"mychannel\"", "+++++----------+" },
    { "chaincode", "\"c\"", "+++++---------++" }, /* of operators beside a container: below */
    { "version", "\"1\"", "+++-----------++" },
    { "type", "\"NODE\"", "+++------------+" },
    { "args", "[\"a\"]", "-++++----------+" },
    { "file", "\"scenarios/invoke.json\"",
            "----------------" }, /* beside what it replaces: below */
    { "bytes", "\"00\"", "-----+----------" },
    { "ctor", "\"{\\\"Args\\\":[]}\"", "-++++----------+" },
    { "message_bytes", "5000", "+++++-----------" },
    { "max_send_bytes", "-1", "++++++---------+" },
    { "path", "\"p\"", "+---------------" },
    { "source", "\"tests/harness/files\"", "+---------------" },
    { "checked", "true", "----------------" }, /* needs bytes: below */
    { "policy", "\"00\"", "-++-------------" },
    { "collections", "[]", "-++-------------" },
    { "escc", "\"escc\"", "-++-------------" },
    { "vscc", "\"vscc\"", "-++-------------" },
    { "transient", "{\"t\": \"\"}", "-++++----------+" },
    { "chaincode_address", "\"other:7052\"", "-------+--------" },
    { "peer", "\"other\"", "----------------" }, /* needs "peers": in test_peers.c */
    { "container", "\"c\"", "---------++++---" },
    { "image", "\"c\"", "-------------+--" },
    { "commit", "true", "-+++-+---------+" },
    { "timeout_ms", "5", "++++++---------+" },
    { "cancel_ms", "[1, 2]", "++++++---------+" },
    { "event_timeout_ms", "5", "----------------" }, /* needs a commit: below */
    { "layers", "{\"signature\": null}", "+++++----------+" },
    { "no_wait", "true", "++++++---------+" },
    { "expect", "{\"status\": 200}", "++++++---------+" },
};

static bool reads(const char *step)
{
    char text[1024];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", " WORLD
            ", \"actors\": [{\"name\": \"x\", \"as\": \"admin\", \"steps\": [%s, "
            "{\"do\": \"invoke\", \"chaincode\": \"c\"}]}]}",
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
        { "{\"do\": \"install\", \"file\": \"scenarios/invoke.json\"}", false },
        { "{\"do\": \"install\", \"file\": \"scenarios/invoke.json\", \"expect\": {\"error\": "
          "\"x\"}}",
                true },
        { "{\"do\": \"install\", \"file\": \"corpora/packages/signedcc.cds\"}", true },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"checked\": true}", false },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"path\": \"p\"}", false },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"source\": \"tests\"}", false },
        { "{\"do\": \"install\", \"bytes\": \"00\"}", true },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"type\": \"NODE\"}", false },
        { "{\"do\": \"kill-container\", \"chaincode\": \"c\", \"version\": \"1\"}", true },
        { "{\"do\": \"kill-container\", \"chaincode\": \"c\"}", true },
        { "{\"do\": \"kill-container\", \"version\": \"1\"}", false },
        { "{\"do\": \"kill-container\"}", false },
        { "{\"do\": \"remove-image\", \"chaincode\": \"c\", \"version\": \"1\"}", true },
        { "{\"do\": \"remove-image\", \"version\": \"1\"}", false },
        { "{\"do\": \"connect\", \"chaincode\": \"c\"}", true },
        { "{\"do\": \"upgrade\", \"chaincode\": \"c\"}", false },
        { "{\"do\": \"install\", \"bytes\": \"00\", \"message_bytes\": 9}", false },
        { "{\"do\": \"query\", \"chaincode\": \"c\", \"message_bytes\": 9, \"layers\": {}}",
                false },
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

/* ---- members that others keep from being read ---- */

static bool loads(const char *rest)
{
    char text[16384];
    (void)snprintf(
            text, sizeof(text), "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", %s}", rest);
    json_t *value = json_loads(text, 0, NULL);
    if (!value)
        fail_msg("%s", text);
    reports_begin();
    struct scenario *s = scenario_from_json("test", value, ".");
    (void)reports_end();
    scenario_free(s);
    json_decref(value);
    return s != NULL;
}

#define LAUNCHES                                                                                   \
    "\"actors\": [{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"c\"}]}]"
#define INVOKES(more)                                                                              \
    WORLD ", \"actors\": [{\"name\": \"a\", \"as\": \"admin\", \"steps\": [{\"do\": \"install\", " \
          "\"chaincode\": \"c\", \"version\": \"1\"}, {\"do\": \"invoke\", \"chaincode\": "        \
          "\"c\"" more "}]}]"

struct combination {
    const char *members;
    bool taken;
};

static void check_combinations(
        const char *before, const struct combination *all, size_t count, const char *after)
{
    for (size_t i = 0; i < count; i++) {
        char text[1600];
        (void)snprintf(text, sizeof(text), "%s%s%s", before, all[i].members, after);
        if (loads(text) != all[i].taken)
            fail_msg("%s is %s", text, all[i].taken ? "refused" : "taken");
    }
}
#define CHECK(before, all, after)                                                                  \
    check_combinations(before, all, sizeof(all) / sizeof(*(all)), after)

/* As many channels as one likes: the last one is as good as the first. */
static void a_channel_behind_many(void **state)
{
    struct rt_buf world = { 0 };
    (void)state;
    rt_buf_printf(&world, "\"world\": {\"file\": \"default\", \"channels\": {");
    for (int i = 0; i < 70; i++)
        rt_buf_printf(&world,
                "%s\"ch%d\": {\"orgs\": [\"Org1MSP\"], "
                "\"application_capabilities\": [], \"height\": 1}",
                i > 0 ? ", " : "", i);
    for (int i = 69; i < 71; i++) {
        rt_str rest = rt_sprintf("%S}}, \"actors\": [{\"name\": \"a\", \"as\": \"user\", "
                                 "\"steps\": [{\"do\": \"query\", \"chaincode\": \"mycc\", "
                                 "\"channel\": \"ch%d\"}]}]",
                rt_buf_str(&world), i);
        assert_int_equal(loads(rt_cstr(rest)), i == 69);
    }
}

static void members_of_behaviours(void **state)
{
    static const struct combination all[] = {
        { "\"dies_at\": \"ready\", \"exit_code\": 1, \"exit_delay_ms\": 1", true },
        { "\"exit_code\": 1", false },
        { "\"exit_delay_ms\": 1", false },
        { "\"oddity\": \"garbage\", \"exit_delay_ms\": 1", false },
        { "\"oddity\": \"bad-register\", \"exit_delay_ms\": 1", false },
        { "\"dies_by\": \"hang\"", false },
        { "\"dies_at\": \"never\", \"dies_by\": \"hang\"", false },
        { "\"dies_at\": \"ready\", \"dies_by\": \"hang\"", true },
        { "\"dies_at\": \"ready\", \"dies_by\": \"panic\", \"exit_code\": 1", false },
        { "\"dies_at_time\": 2", false },
        { "\"dies_at\": \"start\", \"connect_delay_ms\": 1", false },
        { "\"dies_at\": \"start\", \"oddity\": \"duplicate\"", false },
        { "\"dies_at\": \"start\", \"notice_delay_ms\": 1", false },
        { "\"dies_at\": \"connected\", \"connect_delay_ms\": 1", true },
        { "\"dies_at\": \"connected\", \"register_delay_ms\": 1", false },
        { "\"dies_at\": \"register-sent\", \"register_delay_ms\": 1", true },
        { "\"dies_at\": \"register-sent\", \"init_delay_ms\": 1", false },
        { "\"dies_at\": \"registered\", \"invoke_delay_ms\": 1", false },
        { "\"dies_at\": \"ready\", \"init_status\": 500", false },
        { "\"dies_at\": \"ready\", \"dies_at_time\": 2, \"init_delay_ms\": 1", true },
        { "\"dies_at\": \"init-done\", \"init_delay_ms\": 1", true },
        { "\"dies_at\": \"any\", \"init_delay_ms\": 1, \"exit_code\": 1", true },
        { "\"init_message\": \"x\"", false },
        { "\"init_status\": 500, \"init_message\": \"x\"", true },
        { "\"name\": \"x:1\"", false },
        { "\"oddity\": \"never-register\", \"init_delay_ms\": 1", false },
        { "\"oddity\": \"never-register\", \"register_delay_ms\": 1", false },
        { "\"oddity\": \"never-register\", \"dies_at\": \"ready\"", false },
        { "\"oddity\": \"never-register\", \"dies_at\": \"connected\"", true },
        { "\"chaincode\": \"c\"", true },
        { "\"chaincode\": \"c:2\"", false },
        { "\"launch\": 1}, {\"launch\": 2", true },
        { "\"chaincode\": \"c\"}, {\"chaincode\": \"c:1\"", false },
        { "\"chaincode\": \"c\", \"launch\": 1}, {\"chaincode\": \"c:1\"", true },
    };
    (void)state;
    CHECK(INVOKES("") ", \"chaincodes\": [{", all, "}]");
}

static void members_of_bare_containers(void **state)
{
    static const struct combination all[] = {
        { "", true },
        { "\"package_error\": \"no\"", true },
        { "\"package_error\": \"no\", \"start_error\": \"no\"", false },
        { "\"package_error\": \"no\", \"exits\": \"start\"", false },
        { "\"package_error\": \"no\", \"start_delay_ms\": 1", false },
        { "\"maybe\": true", false },
        { "\"start_error\": \"no\", \"start_delay_ms\": 1", true },
        { "\"start_error\": \"no\", \"exits\": \"start\"", false },
        { "\"start_error\": \"no\", \"registers\": \"never\"", false },
        { "\"start_error\": \"no\", \"wait_error\": \"x\"", false },
        { "\"start_error\": \"no\", \"maybe\": true, \"exits\": \"start\"", true },
        { "\"registers\": \"never\", \"register_delay_ms\": 1", false },
        { "\"registers\": \"never\", \"registers_as\": \"x:1\"", false },
        { "\"registers\": \"never\", \"answers\": \"error\"", false },
        { "\"registers\": \"never\", \"requests\": 1", false },
        { "\"registers\": \"never\", \"exits\": \"ready\"", false },
        { "\"registers\": \"never\", \"exits\": \"any-time\", \"exit_code\": 2", true },
        { "\"exit_code\": 1", false },
        { "\"exit_delay_ms\": 1", false },
        { "\"exits\": \"start\", \"register_delay_ms\": 1", false },
        { "\"exits\": \"start\", \"answers\": \"error\"", false },
        { "\"exits\": \"start\", \"notice_delay_ms\": 1", false },
        { "\"exits\": \"registered\", \"answers\": \"error\"", false },
        { "\"exits\": \"ready\", \"requests\": 1", false },
        { "\"exits\": \"ready\", \"register_delay_ms\": 1, \"exit_code\": 1", true },
        { "\"exits\": \"ready\", \"registers\": \"duplicate\", \"requests\": 1", true },
        { "\"exits\": \"answered\", \"answers\": \"error\"", true },
        { "\"exits\": \"answered\", \"answers\": \"never\"", false },
        { "\"answers\": \"never\", \"answer_delay_ms\": 1", false },
        { "\"chaincode\": \"c:1.0\"", true },
        { "\"chaincode\": \"d\"", false },
        { "\"exits\": \"ready\"}, {\"launch\": 2", false },
    };
    (void)state;
    CHECK(LAUNCHES ", \"bare\": {\"containers\": [{", all, "}]}");
}

static void members_of_scenarios(void **state)
{
    static const struct combination bare[] = {
        { "\"explore\": {\"schedules\": 1, \"strategy\": \"portfolio\", \"depth\": 3}", true },
        { "\"explore\": {\"schedules\": 1, \"strategy\": \"portfolo\"}", false },
        { "\"explore\": {\"schedules\": 1, \"strategy\": \"random\", \"depth\": 3}", false },
        { "\"explore\": {\"schedules\": 1, \"strategy\": \"dpor\", \"seed\": 3}", false },
        { "\"expect\": {\"must_find\": [\"live/\"]}", false },
        { "\"expect\": {\"must_find\": [\"live/\"]}, \"explore\": {\"schedules\": 1}", true },
        { "\"expect\": {\"must_find\": [\"life/\"]}, \"explore\": {\"schedules\": 1}", false },
        { "\"expect\": {\"findings\": [\"own\"]}", true },
        { "\"expect\": {\"findings\": [\"deadlock\"]}", true },
        { "\"expect\": {\"findings\": [\"owm/launching\"]}", false },
        { "\"expect\": {}", false },
        { "\"expect\": {\"always\": true}", false },
        { "\"expect\": {\"always\": true, \"containers\": 1}", true },
        { "\"expect\": {\"always\": true, \"verdict\": \"unexpected\"}", false },
        { "\"variants\": [\"fix-handler-gone\", \"fix-handler-gone\"]", false },
        { "\"invariants_off\": [\"own\", \"own\"]", false },
        { "\"invariants_off\": [\"own\", \"one\"]", true },
        { "\"invariants_off\": [\"key\"]", false },
    };
    static const struct combination world[] = {
        { "\"orderer\": {\"delay_ms\": 1}", false },
        { "\"invariants_off\": [\"key\"]", true },
    };
    static const struct combination of_steps[] = {
        { "\"channel\": \"mychannel\"", true },
        { "\"channel\": \"mychanel\"", false },
        { "\"channel\": \"mychanel\", \"expect\": {\"status\": 500}", true },
        { "\"channel\": \"mychanel\", \"expect\": {\"status\": 200}", false },
        { "\"channel\": \"mychanel\", \"expect\": {\"contains\": \"not found\"}", true },
        { "\"channel\": \"\"", true },
    };
    (void)state;
    CHECK(LAUNCHES ", \"bare\": {}, ", bare, "");
    CHECK(INVOKES("") ", ", world, "");
    CHECK(INVOKES(", \"commit\": true") ", ",
            ((struct combination[]){ { "\"orderer\": "
                                       "{\"delay_ms\": 1}",
                    true } }),
            "");
    CHECK(WORLD ", \"actors\": [{\"name\": \"a\", \"as\": \"admin\", \"steps\": [{\"do\": "
                "\"invoke\", \"chaincode\": \"c\", ",
            of_steps, "}]}]");
    assert_false(loads(WORLD ", \"actors\": [{\"name\": \"a\", \"as\": \"admin\", \"steps\": "
                             "[{\"do\": \"restart-peer\"}]}]"));
    assert_true(loads(WORLD ", \"actors\": [{\"name\": \"a\", \"steps\": [{\"do\": "
                            "\"restart-peer\"}]}]"));
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
        cmocka_unit_test_setup_teardown(
                a_channel_behind_many, support_arena_begin, support_arena_end),
        cmocka_unit_test(members_of_behaviours),
        cmocka_unit_test(members_of_bare_containers),
        cmocka_unit_test(members_of_scenarios),
        cmocka_unit_test(no_member_is_forgotten),
        cmocka_unit_test(members_name_words_of_their_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
