/* The other peers that a scenario names: mistakes, and what settings make of them. */
#include <stdio.h>
#include <string.h>

#include "harness/scenario/lab.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

/* A channel whose chaincode mycc has a collection that one more peer must have. */
#define COLLECTION                                                                                 \
    "0a380a360a11636f6c6c656374696f6e4d6172626c657312190a17120812060801120208001a0b12090a074f7267" \
    "314d53501801200328c0843d"
static struct scenario *scenario_of(const char *peer, const char *gossip, const char *expect)
{
    char text[4096];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", "
            "\"world\": {\"file\": \"corpora/conformance/world/world.json\", \"peer\": {%s}, "
            "\"patch\": {\"channels\": {\"mychannel\": {\"state\": {\"lscc\": "
            "{\"mycc~collection\": {\"value\": \"" COLLECTION "\", \"version\": [2, 0]}}}}}}}, "
            "\"gossip\": {\"peers\": [%s]}, \"actors\": [{\"name\": \"x\", \"as\": \"user\", "
            "\"steps\": [{\"do\": \"invoke\", \"chaincode\": \"mycc\", \"args\": [\"putprivate\", "
            "\"collectionMarbles\", \"k\", \"v\"], \"expect\": {%s}}]}]}",
            peer, gossip, expect);
    json_t *value = json_loads(text, 0, NULL);
    if (!value)
        fail_msg("%s", text);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    return s;
}

#define PEER "\"endpoint\": \"p:1\", \"as\": \"admin\""

static void mistakes_are_reported(void **state)
{
    static const struct {
        const char *peers, *report;
    } cases[] = {
        { "{\"endpoint\": \"p:1\", \"as\": \"admni\"}",
                "the world has no identity \"admni\" (did you mean \"admin\"?)" },
        { "{" PEER ", \"channels\": [\"nochannel\"]}", "the world has no channel \"nochannel\"" },
        { "{\"endpoint\": \"p:1\", \"as\": \"outsider\", \"channels\": [\"mychannel\"]}",
                "Org2MSP is not in channel \"mychannel\"" },
        { "{" PEER ", \"answer\": \"error\"}", "an error needs an \"error\": its text" },
        { "{" PEER ", \"answer\": \"ack\", \"error\": \"x\"}",
                "\"error\" means nothing for another \"answer\"" },
        { "{" PEER ", \"state\": \"dead\", \"answer\": \"none\"}",
                "only a peer that is alive answers: what it answers means nothing" },
        { "{" PEER "}, {" PEER "}", "there are two peers at \"p:1\"" },
        { "{" PEER ", \"sate\": \"dead\"}", "unknown member \"sate\" (did you mean \"state\"?)" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        reports_begin();
        struct scenario *s = scenario_of("", cases[i].peers, "\"status\": 200");
        const char *reports = reports_end();
        if (s || !strstr(reports, cases[i].report))
            fail_msg("%s: %s", cases[i].peers, reports);
    }
}

/* The verdict of the plain run, and how much was without effect in it. */
static enum verdict run(const struct scenario *s, size_t *idle)
{
    const struct lab_options options = { 0 };
    struct run_result result;
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    json_t *report = lab_report(lab, &result, 0);
    *idle = json_array_size(json_object_get(report, "without_effect"));
    json_decref(report);
    enum verdict verdict = result.verdict;
    lab_free(lab);
    return verdict;
}

static void members_have_effects(void **state)
{
#define FAILS(plans)                                                                               \
    "\"message\": \"Failed disseminating 1 out of " plans " private dissemination plans\""
    static const struct {
        const char *peer, *peers, *expect;
        size_t idle;
    } cases[] = {
        { "", "{" PEER "}", "\"status\": 200", 0 },
        { "", "{" PEER ", \"channels\": [\"mychannel\"]}", "\"status\": 200", 0 },
        { "", "{" PEER ", \"channels\": []}", FAILS("1"), 0 },
        { "", "{\"endpoint\": \"p:1\", \"as\": \"outsider\"}", FAILS("1"), 0 },
        { "", "{" PEER ", \"state\": \"dead\"}", FAILS("1"), 0 },
        { "", "{" PEER ", \"state\": \"unreachable\"}", FAILS("2"), 0 },
        { "", "{" PEER ", \"answer\": \"none\"}", FAILS("2"), 0 },
        { "", "{" PEER ", \"error\": \"full\"}", FAILS("2"), 0 },
        { "", "{" PEER ", \"answer_delay_ms\": 2999}", "\"status\": 200", 0 },
        { "", "{" PEER ", \"answer_delay_ms\": 3001}", FAILS("2"), 0 },
        { "\"push_ack_timeout_ms\": 5000", "{" PEER ", \"answer_delay_ms\": 3001}",
                "\"status\": 200", 0 },
        /* As when the key is not there: nothing that has somebody to go to is sent. */
        { "\"push_ack_timeout_ms\": 0", "{" PEER "}",
                "\"message\": \"Failed disseminating 2 out of 2 private dissemination plans\"", 0 },
        { "", "{" PEER "}, {\"endpoint\": \"q:1\", \"as\": \"outsider\", \"answer\": \"none\"}",
                "\"status\": 200", 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        size_t idle;
        struct scenario *s = scenario_of(cases[i].peer, cases[i].peers, cases[i].expect);
        assert_non_null(s);
        if (run(s, &idle) != VERDICT_COMPLETED)
            fail_msg("%s, %s", cases[i].peer, cases[i].peers);
        if (idle != cases[i].idle)
            fail_msg("%s: %zu without effect", cases[i].peers, idle);
        json_t *saved = scenario_to_json(s);
        struct scenario *again = scenario_from_json("saved", saved, "/nowhere");
        assert_non_null(again);
        assert_int_equal(run(again, &idle), VERDICT_COMPLETED);
        json_decref(saved);
        scenario_free(again);
        scenario_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                mistakes_are_reported, support_arena_begin, support_arena_end),
        cmocka_unit_test_setup_teardown(
                members_have_effects, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
