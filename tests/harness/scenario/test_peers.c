/* Peers beside the first one, at the same engine: mistakes, what they share and what they do
 * not. */
#include <stdio.h>
#include <string.h>

#include "harness/explore/replay.h"
#include "harness/scenario/lab_impl.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static struct scenario *scenario_of(const char *peers, const char *steps)
{
    char text[4096];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"world\": \"default\", "
            "\"peers\": [%s], \"limits\": {\"steps\": 200000}, \"actors\": [{\"name\": \"x\", "
            "\"as\": \"admin\", \"steps\": [%s]}]}",
            peers, steps);
    json_t *value = json_loads(text, 0, NULL);
    if (!value)
        fail_msg("%s", text);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    return s;
}

#define SAME "{\"name\": \"other\", \"peer\": {\"chaincode_address\": \"o:1\"}}"
#define APART "{\"name\": \"other\", \"peer\": {\"id\": \"peer1\", \"chaincode_address\": \"o:1\"}}"
#define CALL(to, arguments, wanted)                                                                \
    "{\"do\": \"invoke\", \"chaincode\": \"mycc\"" to ", \"args\": [" arguments                    \
    "], \"expect\": {\"status\": 200" wanted "}}"
#define GET(to) CALL(to, "\"get\", \"a\"", "")
#define OTHER ", \"peer\": \"other\""

static void mistakes_are_reported(void **state)
{
    static const struct {
        const char *peers, *steps, *report;
    } cases[] = {
        { SAME, GET(", \"peer\": \"othr\""),
                "\"peers\" has no \"othr\" (did you mean \"other\"?)" },
        { SAME, GET(""), "no step has the \"peer\" \"other\": it does nothing" },
        { SAME ", " SAME, GET(OTHER), "there are two peers called \"other\"" },
        { "{\"name\": \"other\", \"peer\": {\"id\": \"x\"}}", GET(OTHER),
                "two peers are at one address" },
        { SAME ", {\"name\": \"third\", \"peer\": {\"chaincode_address\": \"o:1\"}}", GET(OTHER),
                "two peers are at one address" },
        { "{\"name\": \"other\", \"peer\": {\"idd\": \"x\"}}", GET(OTHER),
                "unknown member \"idd\" (did you mean \"id\"?)" },
        { "{\"name\": \"other\", \"peer\": 1}", GET(OTHER), "expected an object" },
        { "{\"name\": \"other\"}", GET(OTHER), "\"peer\"" },
        { "{\"name\": \"other\", \"peer\": {\"identity\": {\"dir\": \"nosuch\"}}}", GET(OTHER),
                "nosuch" },
        { SAME, GET(OTHER) ", {\"do\": \"remove-image\", \"image\": \"i\", \"peer\": \"other\"}",
                "\"image\" and \"peer\" exclude each other" },
        { SAME,
                GET(OTHER) ", {\"do\": \"kill-container\", \"container\": \"i\", \"peer\": "
                           "\"other\"}",
                "\"peer\" means nothing" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        reports_begin();
        struct scenario *s = scenario_of(cases[i].peers, cases[i].steps);
        const char *reports = reports_end();
        if (s || !strstr(reports, cases[i].report))
            fail_msg("%s, %s: %s", cases[i].peers, cases[i].steps, reports);
    }
}

static struct run_result run(struct lab *lab)
{
    struct run_result result;
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    return result;
}

static struct lab *lab_of(const struct scenario *s)
{
    const struct lab_options options = { .stuck = true };
    assert_non_null(s);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    return lab;
}

/* Names of the containers that run, in order, with spaces between them. */
static const char *running(const struct lab *lab)
{
    struct rt_buf text = { 0 };
    for (size_t i = 0; i < lab->container_count; i++)
        if (lab->containers[i].state == ENGINE_RUNNING)
            rt_buf_printf(&text, "%s%S", text.len > 0 ? " " : "", lab->containers[i].name);
    return rt_cstr(rt_buf_str(&text));
}

static size_t creates(const struct lab *lab)
{
    size_t count = 0;
    for (size_t i = 0; i < lab->request_count; i++)
        count += rt_str_contains(lab->requests[i].uri, RT_STR("/containers/create"));
    return count;
}

static void containers_collide_by_name(void **state)
{
#define NETWORK                                                                                    \
    "{\"name\": \"other\", \"peer\": {\"network_id\": \"net\", \"chaincode_address\": \"o:1\"}}"
#define RESTART "{\"do\": \"restart-peer\", \"peer\": \"other\"}"
    static const struct {
        const char *peers, *steps, *running;
        size_t creates;
    } cases[] = {
        { SAME, GET("") ", " GET(OTHER), "dev-peer0-mycc-1.0", 2 },
        { SAME, GET("") ", " GET(OTHER) ", " GET(""), "dev-peer0-mycc-1.0", 3 },
        { APART, GET("") ", " GET(OTHER) ", " GET("") ", " GET(OTHER),
                "dev-peer0-mycc-1.0 dev-peer1-mycc-1.0", 2 },
        { NETWORK, GET("") ", " GET(OTHER) ", " GET(""), "dev-peer0-mycc-1.0 net-peer0-mycc-1.0",
                2 },
        /* Whose peer is restarted launches again, and takes no other's container. */
        { APART, GET("") ", " GET(OTHER) ", " RESTART ", " GET("") ", " GET(OTHER),
                "dev-peer0-mycc-1.0 dev-peer1-mycc-1.0", 3 },
        { APART, GET("") ", " GET(OTHER) ", {\"do\": \"restart-peer\"}, " GET(OTHER),
                "dev-peer1-mycc-1.0", 2 },
        /* With a copied address the chaincode dials the first peer, which has not launched it. */
        { "{\"name\": \"other\", \"peer\": {\"id\": \"peer1\", \"address\": \"o:9\"}}",
                "{\"do\": \"invoke\", \"chaincode\": \"mycc\", \"args\": [\"get\", \"a\"], "
                "\"peer\": \"other\", \"expect\": {\"status\": 500, \"contains\": \"could not "
                "launch chaincode mycc:1.0: timeout expired while starting chaincode mycc:1.0 for "
                "transaction\"}}",
                "", 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct scenario *s = scenario_of(cases[i].peers, cases[i].steps);
        struct lab *lab = lab_of(s);
        struct run_result result = run(lab);
        struct rt_arena *before = rt_arena_use(rt_machine_arena(lab->machine));
        if (result.verdict != VERDICT_COMPLETED || strcmp(running(lab), cases[i].running) != 0 ||
                creates(lab) != cases[i].creates)
            fail_msg("%zu: %s (%s), %s, %zu created", i, verdict_name(result.verdict),
                    rt_cstr(result.reason), running(lab), creates(lab));
        rt_arena_use(before);
        lab_free(lab);
        scenario_free(s);
    }
}

static void all_take_the_same_blocks(void **state)
{
    struct scenario *s = scenario_of(APART,
            "{\"do\": \"invoke\", \"chaincode\": \"mycc\", \"args\": [\"put\", \"k\", \"new\"], "
            "\"commit\": true, \"expect\": {\"code\": \"VALID\"}}, {\"do\": \"sleep\", "
            "\"after_ms\": 5}, " CALL(OTHER, "\"get\", \"k\"", ", \"payload\": \"new\""));
    struct lab *lab = lab_of(s);
    (void)state;
    assert_int_equal(run(lab).verdict, VERDICT_COMPLETED);
    lab_free(lab);
    scenario_free(s);
}

#define INSTALL(to) "{\"do\": \"install\", \"chaincode\": \"new\", \"version\": \"1\"" to "}"
static void disks_are_their_own(void **state)
{
    struct scenario *s = scenario_of(APART,
            INSTALL("") ", " INSTALL(
                    ", \"expect\": {\"status\": 500, \"contains\": \"exists\"}") ", " INSTALL(OTHER
                    ", \"expect\": {\"status\": 200}"));
    struct lab *lab = lab_of(s);
    (void)state;
    assert_int_equal(run(lab).verdict, VERDICT_COMPLETED);
    lab_free(lab);
    scenario_free(s);
}

static void images_are_of_the_peer(void **state)
{
    static const struct {
        const char *to, *chosen, *kept;
    } cases[] = {
        { "", "dev-peer0-mycc-1.0", "dev-peer1-mycc-1.0" },
        { OTHER, "dev-peer1-mycc-1.0", "dev-peer0-mycc-1.0" },
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char steps[1024];
        (void)snprintf(steps, sizeof(steps),
                "%s, %s, {\"do\": \"remove-image\", \"chaincode\": \"mycc\"%s}", GET(""),
                GET(OTHER), cases[i].to);
        struct scenario *s = scenario_of(APART, steps);
        struct lab *lab = lab_of(s);
        (void)run(lab);
        const struct engine_request *last = &lab->requests[lab->request_count - 1];
        assert_string_equal(last->method, "DELETE");
        assert_true(rt_str_contains(last->uri, rt_str_from(cases[i].chosen)));
        assert_false(rt_str_contains(last->uri, rt_str_from(cases[i].kept)));
        lab_free(lab);
        scenario_free(s);
    }
}

/* One that panics is told by its name; the first goes on. */
static void panics_are_seen(void **state)
{
    struct scenario *s = scenario_of(
            "{\"name\": \"other\", \"peer\": {\"id\": \"peer1\", \"chaincode_address\": \"o:1\", "
            "\"system_chaincodes\": [\"lscc\", \"cscc\"]}}",
            "{\"do\": \"query\", \"chaincode\": \"qscc\", \"args\": [\"GetChainInfo\", "
            "\"mychannel\"], \"peer\": \"other\", \"expect\": {\"no_answer\": true}}, " GET(""));
    struct lab *lab = lab_of(s);
    (void)state;
    struct run_result result = run(lab);
    assert_int_equal(result.verdict, VERDICT_PANIC);
    assert_true(rt_str_has_prefix(result.reason, RT_STR("other: runtime error: ")));
    assert_int_equal(result.findings.count, 1);
    assert_string_equal(result.findings.items[0].invariant, "no-panic");
    assert_true(rt_proc_alive(lab->check.peer));
    assert_int_equal(lab->calls->next->response->status, 200);
    lab_free(lab);
    scenario_free(s);
}

static void always_holds_for_all(void **state)
{
    struct scenario *s = scenario_of(
            APART, CALL(OTHER, "\"get\", \"a\"", ", \"payload\": \"no\", \"always\": true"));
    struct lab *lab = lab_of(s);
    (void)state;
    struct run_result result = run(lab);
    assert_int_equal(result.verdict, VERDICT_VIOLATED);
    assert_int_equal(result.findings.count, 1);
    assert_string_equal(result.findings.items[0].invariant, "answer");
    lab_free(lab);
    scenario_free(s);
}

/* What replays hold makes the same run. */
static void they_are_saved(void **state)
{
    struct scenario *s = scenario_of(SAME, GET("") ", " GET(OTHER) ", " GET(""));
    json_t *saved = scenario_to_json(s);
    struct scenario *again = scenario_from_json("saved", saved, "/nowhere");
    struct lab *lab = lab_of(s), *second = lab_of(again);
    (void)state;
    assert_true(run(lab).hash == run(second).hash);
    json_decref(saved);
    lab_free(lab);
    lab_free(second);
    scenario_free(s);
    scenario_free(again);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, support_arena_begin, support_arena_end)
    const struct CMUnitTest tests[] = {
        TEST(mistakes_are_reported),
        TEST(containers_collide_by_name),
        TEST(all_take_the_same_blocks),
        TEST(disks_are_their_own),
        TEST(images_are_of_the_peer),
        TEST(panics_are_seen),
        TEST(always_holds_for_all),
        TEST(they_are_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
