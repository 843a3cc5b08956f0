/* Data races of the peer: what the scenarios in scenarios/races show, and that a fix ends it. */
#include <string.h>

#include "model/lab/variants.h"
#include "tests/harness/support/schedules.h"
#include "tests/support/test.h"

enum { SCHEDULES = 150 };

static unsigned found_with(const char *path, uint64_t variants, bool races, const char *id)
{
    struct lab_options options = { .variants = variants, .races = races };
    return schedules_with(path, &options, SCHEDULES, id);
}

static uint64_t bit(enum variant v)
{
    return (uint64_t)1 << v;
}

static void assert_found_and_fixed(const char *path, enum variant fix, const char *id)
{
    assert_true(found_with(path, 0, false, id) > 0);
    assert_int_equal(found_with(path, bit(fix), false, id), 0);
}

static void test_late_requests(void **state)
{
    (void)state;
    assert_found_and_fixed("scenarios/races/parallel-requests.json", VARIANT_FIX_REQUEST_OUTLIVES,
            "race/queryHelper.doneInvoked/HandleTransaction,ProcessProposal");
    assert_found_and_fixed("scenarios/races/parallel-requests.json", VARIANT_FIX_REQUEST_OUTLIVES,
            "race/RWSetBuilder/HandleTransaction,ProcessProposal");
}

/* The end of the stream is another matter: neither fix does the other's work. */
static void test_end_of_stream(void **state)
{
    (void)state;
    const char *dies = "scenarios/races/dies-in-range.json";
    const char *late = "scenarios/races/late-range.json";
    const char *stream = "race/resultsItr/HandleTransaction,ProcessStream";
    const char *proposal = "race/queryHelper.doneInvoked/HandleTransaction,ProcessProposal";
    assert_found_and_fixed(dies, VARIANT_FIX_ITERATORS_IN_USE, stream);
    assert_found_and_fixed(dies, VARIANT_FIX_ITERATORS_IN_USE, "sim/iterator/HandleTransaction");
    assert_true(found_with(dies, bit(VARIANT_FIX_REQUEST_OUTLIVES), false, stream) > 0);
    assert_true(found_with(late, bit(VARIANT_FIX_ITERATORS_IN_USE), false, proposal) > 0);
    uint64_t both =
            bit(VARIANT_FIX_ITERATORS_IN_USE) | bit(VARIANT_FIX_REQUEST_OUTLIVES) |
            bit(VARIANT_FIX_STREAM_END_NOTIFIES); /* of which the end of one is a finding, too */
    assert_int_equal(found_with(dies, both, false, ""), 0);
    assert_int_equal(found_with(late, both, false, ""), 0);
}

/* An orderly run ends in the same way with the fix. */
static void test_fixes_change_nothing_else(void **state)
{
    (void)state;
    const uint64_t fixes = bit(VARIANT_FIX_ITERATORS_IN_USE) | bit(VARIANT_FIX_BUILD_OUTPUT) |
                           bit(VARIANT_FIX_CLOSE_SEND);
    static const char *const paths[] = { "scenarios/races/no-race.json",
        "scenarios/races/deploys-at-once.json", "scenarios/invoke.json" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct scenario *s = scenario_load(paths[i]);
        assert_non_null(s);
        struct lab_options options = { .variants = fixes };
        struct lab *lab = lab_new(s, &options);
        assert_non_null(lab);
        struct subject subject = lab_subject(lab);
        struct run_result result;
        subject.run(subject.self, NULL, NULL, &result);
        assert_int_equal(result.verdict, VERDICT_COMPLETED);
        assert_true(lab_as_expected(lab, &result));
        lab_free(lab);
        scenario_free(s);
    }
}

static void test_build_output(void **state)
{
    (void)state;
    assert_found_and_fixed("scenarios/races/build-fails.json", VARIANT_FIX_BUILD_OUTPUT,
            "race/DockerBuild.stdout/GenerateDockerBuild,docker.attach.copy");
}

/* Not of the peer: both goroutines are the chaincode's. */
static void test_close_send(void **state)
{
    (void)state;
    assert_found_and_fixed("scenarios/races/stream-closes.json", VARIANT_FIX_CLOSE_SEND,
            "race/clientStream.sentLast/chaincode:main,chaincode:shim.serialSendAsync");
}

/* What locks, channels and messages order is no race: not in an orderly run, and not when
 * containers die. */
static void test_ordered(void **state)
{
    (void)state;
    assert_int_equal(found_with("scenarios/races/no-race.json", 0, false, "race/"), 0);
    assert_int_equal(found_with("scenarios/races/deploys-at-once.json", 0, false, "race/"), 0);
    assert_int_equal(found_with("scenarios/die-anywhere.json", 0, true, "race/"), 0);
    assert_int_equal(found_with("scenarios/upgrade-races-invoke.json", 0, true, "race/"), 0);
}

/* An old bug that is a race and hardly ever anything else. */
static void test_old_race(void **state)
{
    (void)state;
    const char *path = "scenarios/two-invokes.json", *id = "race/err/ProcessStream,receiveMessage";
    uint64_t old = bit(VARIANT_SHARED_RECEIVE_ERROR);
    assert_true(found_with(path, old, true, id) > SCHEDULES / 2);
    assert_int_equal(found_with(path, 0, true, id), 0);
    assert_int_equal(found_with(path, old, false, "race/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_requests),
        cmocka_unit_test(test_end_of_stream),
        cmocka_unit_test(test_fixes_change_nothing_else),
        cmocka_unit_test(test_build_output),
        cmocka_unit_test(test_close_send),
        cmocka_unit_test(test_ordered),
        cmocka_unit_test(test_old_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
