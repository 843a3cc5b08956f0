/* What a scenario lists and a run never comes to is said: faults, behaviours and their parts,
 * operators' steps. */
#include <stdio.h>
#include <string.h>

#include "harness/scenario/lab.h"
#include "tests/support/test.h"

#define WORLD "\"world\": {\"file\": \"corpora/conformance/world/world.json\"}, "
#define TLS                                                                                        \
    "\"world\": {\"file\": \"corpora/conformance/world/world.json\", \"peer\": {\"tls\": true}}, "
#define INVOKES "{\"name\": \"a\", \"as\": \"user\", \"steps\": [" INVOKE "]}"
#define INVOKE "{\"do\": \"invoke\", \"chaincode\": \"mycc\", \"args\": [\"get\", \"a\"]}"
#define OPERATES(step)                                                                             \
    "{\"name\": \"a\", \"as\": \"user\", \"steps\": [" INVOKE ", {\"do\": \"" step "\"}]}"
#define LAUNCHES "{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"mycc\"}]}"

/* What a scenario has, and what its plain run says was without effect, each before a bar; without a
 * bar at the end, how it begins. */
static const struct {
    const char *actors, *rest, *idle;
} cases[] = {
    { INVOKES, WORLD "\"docker\": {\"faults\": [{\"kind\": \"refused\", \"op\": \"start\"}]}", "" },
    { INVOKES, WORLD "\"docker\": {\"faults\": [{\"kind\": \"refused\", \"op\": \"pull\"}]}",
            "fault 1 (refused at pull) never struck|" },
    { INVOKES,
            WORLD "\"docker\": {\"faults\": [{\"kind\": \"refused\", \"op\": \"start\", \"first\": "
                  "2}, {\"kind\": \"eof\", \"op\": \"start\"}]}",
            "fault 1 (refused at start) never struck|" },
    /* A choice could have taken it. */
    { INVOKES,
            WORLD "\"docker\": {\"faults\": [{\"kind\": \"refused\", \"op\": \"start\", \"maybe\": "
                  "true}]}",
            "" },
    { INVOKES,
            WORLD "\"disk\": {\"faults\": [{\"kind\": \"error\", \"op\": \"read\", \"path\": "
                  "\"none\"}, {\"kind\": \"hang\", \"op\": \"read\", \"ms\": 1}]}",
            "disk fault 1 (error at read) never struck|" },
    { INVOKES, TLS "\"chaincodes\": [{\"chaincode\": \"mycc\", \"tls\": \"none\"}]", "" },
    { INVOKES,
            TLS "\"certificates\": {\"faults\": [{\"chaincode\": \"mycc:1.0\", \"error\": \"e\", "
                "\"maybe\": true}, {\"chaincode\": \"mycc\", \"error\": \"e\"}, {\"of\": "
                "\"authority\", \"error\": \"e\", \"first\": 2}]}",
            "certificate fault 3 (authority) never struck|" },
    { INVOKES, WORLD "\"chaincodes\": [{\"chaincode\": \"mycc\", \"dies_at\": \"ready\"}]", "" },
    { INVOKES, WORLD "\"chaincodes\": [{\"chaincode\": \"mycc\", \"dies_at\": \"init\"}]",
            "\"dies_at\" of behaviour 1 (mycc) never mattered|" },
    { INVOKES, WORLD "\"chaincodes\": [{\"chaincode\": \"mycc\", \"dies_at\": \"any\"}]", "" },
    { INVOKES,
            WORLD "\"chaincodes\": [{\"init_delay_ms\": 5, \"invoke_delay_ms\": 5, "
                  "\"connect_delay_ms\": 1, \"request_delay_ms\": 1}]",
            "\"init_delay_ms\" of behaviour 1 never mattered|" },
    { INVOKES, WORLD "\"chaincodes\": [{\"init_status\": 500}]",
            "\"init_status\" of behaviour 1 never mattered|" },
    { INVOKES,
            WORLD "\"chaincodes\": [{\"chaincode\": \"othercc\", \"dies_at\": \"start\"}, "
                  "{\"oddity\": \"double-completed\"}]",
            "behaviour 1 (othercc) was never taken|" },
    { INVOKES,
            WORLD "\"chaincodes\": [{\"sends\": [{\"at\": \"init\", \"type\": 8}, {\"at\": "
                  "\"ready\", \"type\": 8, \"maybe\": true}, {\"instead_of\": \"keepalive\"}]}]",
            "message 1 of behaviour 1 was never sent|message 3 of behaviour 1 was never sent|" },
    { INVOKES,
            WORLD "\"chaincodes\": [{\"prints\": [{\"at\": \"invoke\", \"text\": \"a\"}, {\"at\": "
                  "\"invoke\", \"time\": 9, \"text\": \"b\"}]}]",
            "print 2 of behaviour 1 never came|" },
    { INVOKES,
            WORLD "\"chaincodes\": [{\"dies_at\": \"start\", \"unreachable_ms\": 1, \"registers\": "
                  "[\"a:1\"]}]",
            "\"unreachable_ms\" of behaviour 1 never mattered|\"registers\" of behaviour 1 never "
            "mattered|" },
    { OPERATES("kill-container\", \"container\": \"nosuch"), WORLD "\"stuck\": false",
            "kill-container found no container of nosuch|" },
    { OPERATES("stop-container\", \"chaincode\": \"mycc\", \"version\": \"2.0"),
            WORLD "\"stuck\": false", "stop-container found no container of mycc:2.0|" },
    { OPERATES("remove-container\", \"chaincode\": \"mycc"), WORLD "\"stuck\": false", "" },
    /* The container has exited by then. */
    { OPERATES("kill-container\", \"chaincode\": \"mycc"),
            WORLD "\"chaincodes\": [{\"dies_at\": \"invoke\"}]",
            "kill-container dev-peer0-mycc-1.0 failed: Container not running: " },
    { LAUNCHES, "\"bare\": {\"containers\": [{\"launch\": 2}, {\"exits\": \"ready\"}]}",
            "container 1 was never taken|" },
    { "{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"mycc\"}, {\"do\": "
      "\"kill-container\", \"container\": \"mycc\"}, {\"do\": \"kill-container\", \"chaincode\": "
      "\"mycc\"}]}",
            "\"bare\": {}", "kill-container found no container of mycc|" },
};

static char *idle_of(json_t *report)
{
    static char text[1024];
    size_t i;
    json_t *sentence;
    text[0] = 0;
    json_array_foreach(json_object_get(report, "without_effect"), i, sentence)
    {
        strcat(text, json_string_value(sentence));
        strcat(text, "|");
    }
    return text;
}

/* The verdict of the plain run, whose report is checked. */
static enum verdict run(size_t i, const char *expect)
{
    char text[2048];
    struct lab_options options = { 0 };
    struct run_result result;
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"actors\": [%s], %s%s}",
            cases[i].actors, cases[i].rest, expect);
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    struct scenario *s = scenario_from_json("test", value, ".");
    assert_non_null(s);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    json_t *report = lab_report(lab, &result, 0);
    const char *idle = idle_of(report);
    size_t len = strlen(cases[i].idle);
    bool open = len > 0 && cases[i].idle[len - 1] != '|'; /* an id follows */
    if (strncmp(idle, cases[i].idle, len) != 0 || (!open && idle[len] != 0))
        fail_msg("%s\nfound: %s\nexpected: %s", text, idle, cases[i].idle);
    enum verdict verdict = result.verdict;
    json_decref(report);
    lab_free(lab);
    scenario_free(s);
    json_decref(value);
    return verdict;
}

static void what_never_happens_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        (void)run(i, "");
}

/* A scenario may demand that all of it happens; then what does not is a verdict of its own. */
static void all_may_be_demanded(void **state)
{
    size_t idle = 0, all = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        enum verdict without = run(i, "");
        enum verdict demanded = run(i, ", \"expect\": {\"all_struck\": true}");
        bool missing = cases[i].idle[0] && without == VERDICT_COMPLETED;
        assert_int_equal(demanded, missing ? VERDICT_UNEXPECTED : without);
        ++*(missing ? &idle : &all);
    }
    assert_true(idle > 5 && all > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_never_happens_is_said),
        cmocka_unit_test(all_may_be_demanded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
