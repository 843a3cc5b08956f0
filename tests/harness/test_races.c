/* Data races of the peer: what the scenarios in scenarios/races show, and that a fix ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/scenario/lab.h"
#include "model/chaincode/variants.h"

enum { SCHEDULES = 150 };

static uint32_t choose_random(void *rng, const struct rt_choice *c)
{
    return rt_rng_below(rng, c->options);
}

/* How many of the schedules show a finding whose id begins like this. */
static unsigned schedules_with(const char *path, uint64_t variants, bool races, const char *id)
{
    struct scenario *s = scenario_load(path);
    assert_non_null(s);
    struct lab_options options = { .variants = variants, .races = races };
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    unsigned with = 0;
    for (uint64_t seed = 1; seed <= SCHEDULES; seed++) {
        struct rt_rng rng = { seed };
        struct rt_source source = { .self = &rng, .choose = choose_random };
        struct run_result result;
        subject.run(subject.self, &source, NULL, &result);
        bool has = false;
        for (size_t i = 0; i < result.finding_count; i++)
            has |= rt_str_has_prefix(result.findings[i].id, rt_str_from(id));
        with += has;
    }
    lab_free(lab);
    scenario_free(s);
    return with;
}

static uint64_t bit(enum variant v)
{
    return (uint64_t)1 << v;
}

static void assert_found_and_fixed(const char *path, enum variant fix, const char *id)
{
    assert_true(schedules_with(path, 0, false, id) > 0);
    assert_int_equal(schedules_with(path, bit(fix), false, id), 0);
}

static void test_late_requests(void **state)
{
    (void)state;
    assert_found_and_fixed("scenarios/races/parallel-requests.json", VARIANT_FIX_REQUEST_OUTLIVES,
            "race/queryHelper.doneInvoked/HandleTransaction,ProcessProposal");
    assert_found_and_fixed("scenarios/races/parallel-requests.json", VARIANT_FIX_REQUEST_OUTLIVES,
            "race/RWSetBuilder/HandleTransaction,ProcessProposal");
}

/* The end of the stream is another matter: the fix of late requests leaves it. */
static void test_end_of_stream(void **state)
{
    (void)state;
    const char *id = "race/resultsItr/HandleTransaction,ProcessStream";
    assert_true(schedules_with("scenarios/races/dies-in-range.json", 0, false, id) > 0);
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
    assert_int_equal(schedules_with("scenarios/races/no-race.json", 0, false, "race/"), 0);
    assert_int_equal(schedules_with("scenarios/races/deploys-at-once.json", 0, false, "race/"), 0);
    assert_int_equal(schedules_with("scenarios/die-anywhere.json", 0, true, "race/"), 0);
    assert_int_equal(schedules_with("scenarios/upgrade-races-invoke.json", 0, true, "race/"), 0);
}

/* An old bug that is a race and hardly ever anything else. */
static void test_old_race(void **state)
{
    (void)state;
    const char *path = "scenarios/two-invokes.json", *id = "race/err/ProcessStream,receiveMessage";
    uint64_t old = bit(VARIANT_SHARED_RECEIVE_ERROR);
    assert_true(schedules_with(path, old, true, id) > SCHEDULES / 2);
    assert_int_equal(schedules_with(path, 0, true, id), 0);
    assert_int_equal(schedules_with(path, old, false, "race/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_requests),
        cmocka_unit_test(test_end_of_stream),
        cmocka_unit_test(test_build_output),
        cmocka_unit_test(test_close_send),
        cmocka_unit_test(test_ordered),
        cmocka_unit_test(test_old_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
