/* Goroutines that nothing alive can wake: the known one is seen while others go on, and in all
 * scenarios nothing is reported that is not left when everything has ended. */
#include <stdio.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/scenario/lab.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#define SENDER "handler_send.c send errChan/serialSendAsync"
#define ANSWERS "handler_send.c send TransactionContext.ResponseNotifier/ProcessStream"

static void run_seed(struct lab *lab, uint64_t seed, struct run_result *result)
{
    struct rt_rng rng = { seed };
    struct rt_source source = random_source(&rng);
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, &source, NULL, result);
}

/* In some run the goroutine is seen before all else has ended. */
static void expect_early(const char *path, struct lab_options options, const char *id)
{
    char stuck_id[128], left_id[128];
    struct scenario *s = scenario_load(path);
    assert_non_null(s);
    snprintf(stuck_id, sizeof(stuck_id), "stuck/%s", id);
    snprintf(left_id, sizeof(left_id), "quiesce/%s", id);
    struct lab *lab = lab_new(s, &options);
    assert_non_null(lab);
    unsigned seen = 0;
    for (uint64_t seed = 1; seed <= 1000 && !seen; seed++) {
        struct run_result result;
        run_seed(lab, seed, &result);
        const struct finding *stuck = run_result_find(&result, stuck_id);
        const struct finding *left = run_result_find(&result, left_id);
        if (!stuck)
            continue;
        seen++;
        assert_non_null(left);
        assert_true(stuck->time_ns <= left->time_ns && stuck->step < left->step);
        assert_int_equal(result.verdict, VERDICT_STUCK);
    }
    assert_int_equal(seen, 1);
    lab_free(lab);
    scenario_free(s);
}

static void test_early(void **state)
{
    (void)state;
    expect_early("scenarios/stuck/stuck-sender.json", (struct lab_options){ 0 }, SENDER);
    expect_early("scenarios/bad-messages.json", (struct lab_options){ .stuck = true }, ANSWERS);
}

/* Nobody looks unless asked. */
static void test_only_if_asked(void **state)
{
    (void)state;
    struct scenario *s = scenario_load("scenarios/bad-messages.json");
    struct lab *lab = lab_new(s, &(struct lab_options){ 0 });
    unsigned left = 0;
    assert_non_null(lab);
    for (uint64_t seed = 1; seed <= 1000 && !left; seed++) {
        struct run_result result;
        run_seed(lab, seed, &result);
        left += run_result_find(&result, "quiesce/" ANSWERS) != NULL;
        assert_null(run_result_find(&result, "stuck/" ANSWERS));
    }
    assert_true(left > 0);
    lab_free(lab);
    scenario_free(s);
}

/* Whoever is reported stuck is there at the end, too, unless the run was cut short. Returns how
 * many there were. */
static unsigned check_sound(const char *path)
{
    struct scenario *s = scenario_load(path);
    struct lab_options options = { .stuck = true };
    assert_non_null(s);
    struct lab *lab = lab_new(s, &options);
    unsigned looked_at = 0;
    assert_non_null(lab);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct run_result result;
        run_seed(lab, seed, &result);
        bool whole = result.verdict == VERDICT_STUCK || result.verdict == VERDICT_VIOLATED;
        for (size_t i = 0; i < result.findings.count && whole; i++) {
            rt_str id = result.findings.items[i].id;
            if (!rt_str_has_prefix(id, RT_STR("stuck/")))
                continue;
            bool left = false;
            looked_at++;
            for (size_t k = 0; k < result.findings.count; k++) {
                rt_str other = result.findings.items[k].id;
                left |= rt_str_has_prefix(other, RT_STR("quiesce/")) &&
                        rt_str_eq(rt_str_slice(other, 8, other.len), rt_str_slice(id, 6, id.len));
            }
            if (!left)
                fail_msg("%s, seed %d: %.*s", path, (int)seed, (int)id.len, (const char *)id.data);
        }
    }
    lab_free(lab);
    scenario_free(s);
    return looked_at;
}

static void test_all_scenarios(void **state)
{
    (void)state;
    char **list = file_list("scenarios", ".json");
    size_t count = 0;
    unsigned looked_at = 0;
    assert_non_null(list);
    for (char **p = list; *p; p++) {
        if (strstr(*p, "known") || strstr(*p, "schema") || strstr(*p, ".replay.") ||
                strstr(*p, "captured-commands"))
            continue;
        looked_at += check_sound(*p);
        count++;
    }
    file_list_free(list);
    assert_true(count >= 12);
    assert_true(looked_at > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_early),
        cmocka_unit_test(test_only_if_asked),
        cmocka_unit_test(test_all_scenarios),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
