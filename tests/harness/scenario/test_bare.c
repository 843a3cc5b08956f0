/* The launch path alone: small ones are searched to their end and compared with brute force; what
 * old bugs break there is found; all commands' ways through a scenario work on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/order.h"
#include "harness/explore/shrink.h"
#include "harness/scenario/save.h"
#include "tests/support/test.h"

static struct scenario *scenario(const char *bare, const char *actors, const char *variants)
{
    char text[2048];
    (void)snprintf(text, sizeof(text),
            "{\"scenario\": 1, \"name\": \"t\", \"about\": \"a\", \"bare\": %s, \"actors\": [%s], "
            "\"variants\": [%s]}",
            bare, actors, variants);
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    struct scenario *s = scenario_from_json("test", value, ".");
    json_decref(value);
    assert_non_null(s);
    return s;
}

#define LAUNCH "{\"name\": \"a\", \"steps\": [{\"do\": \"launch\", \"chaincode\": \"mycc\"}]}"
#define INVOKE "{\"name\": \"a\", \"steps\": [{\"do\": \"invoke\", \"chaincode\": \"mycc\"}]}"
#define INIT "{\"name\": \"a\", \"steps\": [{\"do\": \"init\", \"chaincode\": \"mycc\"}]}"
#define AND(other) ", {\"name\": \"b\", \"steps\": [" other "]}"

#define LAUNCH_TOO AND("{\"do\": \"launch\", \"chaincode\": \"mycc\"}")

/* ---- against brute force ---- */

/* What a search sees: orders of dependent steps, and how runs end. */
struct seen {
    struct order_set orders;
    struct order_set outcomes;
    struct order_set both;
    uint64_t runs;
    struct search_count count;
};

static void seen_free(struct seen *seen)
{
    order_set_free(&seen->orders);
    order_set_free(&seen->outcomes);
    order_set_free(&seen->both);
}

/* The answers of calls and the findings. */
static uint64_t outcome(const struct lab *lab, const struct run_result *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    lab_print(lab, to);
    fprintf(to, "%d", (int)result->verdict);
    for (size_t i = 0; i < result->findings.count; i++)
        fprintf(to, " %.*s", (int)result->findings.items[i].id.len,
                (const char *)result->findings.items[i].id.data);
    fclose(to);
    uint64_t hash = rt_str_hash(rt_str_from(text));
    free(text);
    return hash;
}

static bool look(struct scenario *s, const char *strategy, uint64_t limit, struct seen *seen)
{
    struct lab_options options = { 0 };
    struct search search;
    struct lab *lab = lab_new(s, &options);
    struct order_watch *watch = order_watch_new();
    const struct rt_source *source;
    assert_non_null(lab);
    assert_true(search_new(strategy, &(struct search_options){ 1, 0 }, &search));
    struct subject subject = lab_subject(lab);
    *seen = (struct seen){ 0 };
    while (seen->runs < limit && (source = search.next(search.self))) {
        struct run_result result;
        subject.run(subject.self, order_watch_begin(watch, source), NULL, &result);
        search.done(search.self, &result);
        uint64_t order = order_watch_end(watch), end = outcome(lab, &result);
        (void)order_set_add(&seen->orders, order);
        (void)order_set_add(&seen->outcomes, end);
        (void)order_set_add(&seen->both, order ^ end * 31);
        seen->runs++;
    }
    if (search.count)
        search.count(search.self, &seen->count);
    search.end(search.self);
    order_watch_free(watch);
    lab_free(lab);
    return seen->runs < limit;
}

/* All members of `a` are in `b`. */
static bool within(const struct order_set *a, struct order_set *b)
{
    size_t count = b->count;
    for (size_t i = 0; i < a->cap; i++)
        if (a->slots[i])
            (void)order_set_add(b, a->slots[i]);
    return b->count == count;
}

static void test_same_as_brute_force(void **state)
{
    (void)state;
    static const struct {
        const char *bare, *actors;
    } cases[] = {
        { "{\"containers\": [{\"start_error\": \"no\"}]}", LAUNCH },
        { "{\"containers\": [{\"start_error\": \"no\", \"maybe\": true, \"exits\": "
          "\"start\"}]}",
                LAUNCH },
        { "{\"containers\": [{\"exits\": \"start\"}]}",
                LAUNCH AND("{\"do\": \"kill-container\", \"chaincode\": \"mycc\"}") },
        { "{\"containers\": [{\"package_error\": \"no\"}]}", INIT },
        { "{\"containers\": [{\"exits\": \"start\", \"exit_code\": 3}]}", INVOKE },
        { "{}", "{\"name\": \"b\", \"steps\": [{\"do\": \"connect\", \"chaincode\": \"mycc\"}, "
                "{\"do\": \"kill-container\", \"chaincode\": \"mycc\"}]}" },
    };
    uint64_t brute_runs = 0, reduced_runs = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct seen brute, reduced;
        struct scenario *s = scenario(cases[i].bare, cases[i].actors, "");
        assert_true(look(s, "dfs", 60000, &brute));
        assert_true(look(s, "dpor", 60000, &reduced));
        assert_int_equal(brute.both.count, brute.orders.count); /* an order decides the outcome */
        assert_true(within(&brute.outcomes, &reduced.outcomes));
        assert_true(within(&brute.orders, &reduced.orders));
        assert_true(within(&reduced.orders, &brute.orders));
        assert_int_equal(reduced.count.distinct, brute.orders.count);
        assert_true(brute.count.estimate > 0.999 * (double)brute.runs);
        brute_runs += brute.runs;
        reduced_runs += reduced.runs;
        seen_free(&brute);
        seen_free(&reduced);
        scenario_free(s);
    }
    print_message("%llu runs by brute force, %llu reduced\n", (unsigned long long)brute_runs,
            (unsigned long long)reduced_runs);
    assert_true(reduced_runs * 10 < brute_runs);
}

/* One launch, one registration, one exit at any time: what random schedules show is among what the
 * whole search has seen. */
static void test_whole_search_has_seen_all(void **state)
{
    (void)state;
    struct seen all, some;
    struct scenario *s = scenario_load("scenarios/bare/one-launch.json");
    assert_non_null(s);
    assert_true(look(s, "dpor", 100000, &all));
    assert_int_equal(all.count.distinct, all.runs - all.count.blocked);
    static const char *const strategies[] = { "random", "pos", "pct" };
    for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++) {
        assert_false(look(s, strategies[i], 3000, &some));
        print_message(
                "%s: %zu orders of %zu\n", strategies[i], some.orders.count, all.orders.count);
        assert_true(some.orders.count > 20);
        assert_true(within(&some.orders, &all.orders));
        assert_true(within(&some.outcomes, &all.outcomes));
        seen_free(&some);
    }
    seen_free(&all);
    scenario_free(s);
}

/* ---- planted violations ---- */

static void expect_found(struct scenario *s, const char *invariant, bool wanted)
{
    struct lab_options options = { 0 };
    struct lab_maker maker;
    struct exploration e;
    struct explore_options eo = {
        .strategy = "portfolio", .schedules = 8000, .seed = 1, .jobs = 1, .title = "t"
    };
    assert_true(explore_run(lab_maker_init(&maker, s, &options), &eo, &e));
    bool found = false;
    for (size_t i = 0; i < e.found_count; i++)
        found = found || strcmp(e.found[i].invariant, invariant) == 0;
    if (found != wanted)
        fail_msg("%s was %sfound", invariant, found ? "" : "not ");
    exploration_free(&e);
    scenario_free(s);
}

#define EXIT_ANY "{\"containers\": [{\"exits\": \"any-time\", \"exit_code\": 1}]}"
#define AGAIN AND("{\"do\": \"invoke\", \"chaincode\": \"mycc\"}")

#define AGAIN_LATE ", {\"name\": \"c\", \"steps\": [{\"do\": \"invoke\", \"chaincode\": \"mycc\"}]}"

static void test_planted_violations(void **state)
{
    (void)state;
    /* A nil handler: the launch succeeded and its container has gone since. */
    expect_found(scenario(EXIT_ANY, INVOKE, ""), "no-panic", true);
    expect_found(scenario(EXIT_ANY, INVOKE, "\"fix-handler-gone\""), "no-panic", false);
    /* Nobody tells those who wait for a launch whose package cannot be read. */
    expect_found(scenario("{\"containers\": [{\"package_error\": \"no\"}]}", INVOKE AGAIN, ""),
            "live", true);
    expect_found(scenario("{\"containers\": [{\"package_error\": \"no\"}]}", INVOKE AGAIN,
                         "\"fix-package-error\""),
            "live", false);
    expect_found(scenario("{\"containers\": [{\"package_error\": \"no\"}]}", LAUNCH, ""),
            "launching", true);
    /* A stream that is refused takes the other one's entries with it. */
    expect_found(scenario("{\"containers\": [{\"registers\": \"duplicate\"}]}", INVOKE, ""), "own",
            true);
    expect_found(scenario("{}", INVOKE, ""), "own", false);
    /* A transaction overtakes READY. */
    expect_found(scenario("{}", INVOKE AGAIN, ""), "order", true);
    expect_found(scenario("{}", INVOKE, ""), "order", false);
    /* A sender that nobody reads from any more. */
    expect_found(scenario(EXIT_ANY, INVOKE AGAIN AGAIN_LATE, ""), "quiesce", true);
    expect_found(scenario(EXIT_ANY, INVOKE AGAIN AGAIN_LATE, "\"fix-send-error-leak\""), "quiesce",
            false);
}

#define ASKS "{\"containers\": [{\"requests\": 3}]}"

#define SLOW_START                                                                                 \
    "{\"startup_timeout_ms\": 1000, \"containers\": [{\"launch\": 1, \"start_delay_ms\": "         \
    "100000}]}"

/* Stop waits for the start, which has the container's lock; no second start begins before. */
static void test_a_start_outlives_its_launch(void **state)
{
    (void)state;
    expect_found(scenario(SLOW_START, INVOKE AGAIN AGAIN_LATE, ""), "live", true);
    expect_found(scenario(SLOW_START, INVOKE AGAIN AGAIN_LATE, ""), "one", false);
    expect_found(
            scenario(SLOW_START, INVOKE AGAIN AGAIN_LATE, "\"fix-stop-apart\""), "live", false);
}

static void test_old_bugs(void **state)
{
    (void)state;
    expect_found(scenario("{}", LAUNCH LAUNCH_TOO, "\"a06-two-containers\""), "one", true);
    expect_found(scenario("{}", LAUNCH LAUNCH_TOO, ""), "one", false);
    expect_found(
            scenario("{}", LAUNCH LAUNCH_TOO, "\"a01-half-started-is-running\""), "result", true);
    expect_found(scenario("{}", LAUNCH LAUNCH_TOO, ""), "result", false);
    expect_found(scenario(EXIT_ANY, LAUNCH, "\"a12-double-notify\""), "no-panic", true);
    expect_found(scenario(EXIT_ANY, LAUNCH, ""), "no-panic", false);
    expect_found(scenario(EXIT_ANY, LAUNCH, "\"a12-double-notify\""), "once", true);
    expect_found(scenario(EXIT_ANY, LAUNCH, ""), "once", false);
    expect_found(scenario(EXIT_ANY, INIT, ""), "init", true); /* as in 1.4.2 itself */
    expect_found(scenario(EXIT_ANY, INIT, "\"fix-handler-gone\""), "init", false);
    expect_found(scenario(ASKS, INVOKE, "\"a30-txid-removed-late\""), "reply", true);
    expect_found(scenario(ASKS, INVOKE, ""), "reply", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_brute_force),
        cmocka_unit_test(test_whole_search_has_seen_all),
        cmocka_unit_test(test_planted_violations),
        cmocka_unit_test(test_a_start_outlives_its_launch),
        cmocka_unit_test(test_old_bugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
