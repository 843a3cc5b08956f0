/* A peer that sends keep-alives has a timer for ever, and its runs end all the same. */
#include "harness/scenario/lab.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

static struct run_result run_plain(struct scenario *s)
{
    struct run_result result;
    struct lab *lab = lab_new(s, &(struct lab_options){ 0 });
    assert_non_null(lab);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    lab_free(lab);
    return result;
}

static struct scenario *bare(const char *behaviour, int64_t keepalive_ms)
{
    json_t *value = json_pack("{s:i, s:s, s:s, s:{s:I, s:i, s:i, s:[o]}, s:[{s:s, s:[{s:s, s:s}, "
                              "{s:s, s:s}]}]}",
            "scenario", 1, "name", "t", "about", "a", "bare", "keepalive_ms",
            (json_int_t)keepalive_ms, "startup_timeout_ms", 5000, "execute_timeout_ms", 5000,
            "containers", json_loads(behaviour, 0, NULL), "actors", "name", "client", "steps", "do",
            "invoke", "chaincode", "mycc", "do", "invoke", "chaincode", "mycc");
    assert_non_null(value);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    assert_non_null(s);
    return s;
}

static void test_bare(void **state)
{
    (void)state;
    struct scenario *with = bare("{}", 1000), *without = bare("{}", 0);
    struct run_result ticking = run_plain(with), quiet = run_plain(without);
    assert_int_equal(quiet.verdict, VERDICT_COMPLETED);
    assert_int_equal(ticking.verdict, VERDICT_COMPLETED);
    assert_true(ticking.time_ns >= 3 * RT_SECOND && ticking.time_ns < 60 * RT_SECOND);
    assert_true(ticking.steps > quiet.steps); /* keep-alives were sent */
    scenario_free(with);
    scenario_free(without);
}

static void test_peer(void **state)
{
    (void)state;
    struct scenario *s = scenario_load("scenarios/keepalive.json");
    assert_non_null(s);
    struct run_result result = run_plain(s);
    assert_int_equal(result.verdict, VERDICT_COMPLETED);
    assert_true(result.time_ns < 60 * RT_SECOND);
    scenario_free(s);
}

/* The second call waits for ever, whatever ticks: a deadlock, and no endless run. */
static void test_call_that_hangs(void **state)
{
    (void)state;
    struct scenario *s = bare("{\"chaincode\": \"mycc\", \"package_error\": \"gone\"}", 1000);
    assert_int_equal(run_plain(s).verdict, VERDICT_DEADLOCK);
    scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bare),
        cmocka_unit_test(test_peer),
        cmocka_unit_test(test_call_that_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
