/* Partial-order reduction against brute force: on many small random programs both must see the same
 * final states, and reduction needs far fewer runs. */
#include "harness/base/mem.h"
#include "harness/explore/order.h"
#include "harness/explore/strategy.h"
#include "tests/harness/explore/helper_programs.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BRUTE_LIMIT = 20000 };

/* ---- final states ---- */

struct states {
    uint64_t *hashes;
    size_t count;
    size_t cap;
    struct order_set orders; /* of dependent steps */
    struct {
        uint64_t order, state;
    } * runs;
    size_t runs_cap;
};

static void states_free(struct states *s)
{
    free(s->hashes);
    free(s->runs);
    order_set_free(&s->orders);
}

static bool has(const struct states *s, uint64_t hash)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->hashes[i] == hash)
            return true;
    }
    return false;
}

static struct search_count last_count;

/* Runs to the end of the search; false if that takes more than `limit` runs. */
static bool collect(void (*make)(const struct search_options *, struct search *), struct states *s,
        uint64_t limit, uint64_t *runs)
{
    struct search search;
    struct search_options options = { 1, 0 };
    struct rt *rt = rt_machine_new();
    struct order_watch *watch = order_watch_new();
    make(&options, &search);
    const struct rt_source *source;
    *runs = 0;
    while (*runs < limit && (source = search.next(search.self))) {
        char text[512];
        struct run_result result = { 0 };
        uint64_t hash = program_run(rt, order_watch_begin(watch, source), text);
        uint64_t order = order_watch_end(watch);
        search.done(search.self, &result);
        mem_reserve(s->runs, s->runs_cap, *runs + 1);
        s->runs[*runs].order = order;
        s->runs[*runs].state = hash;
        ++*runs;
        (void)order_set_add(&s->orders, order);
        if (!has(s, hash)) {
            mem_reserve(s->hashes, s->cap, s->count + 1);
            s->hashes[s->count++] = hash;
        }
    }
    if (search.count)
        search.count(search.self, &last_count);
    order_watch_free(watch);
    search.end(search.self);
    rt_machine_free(rt);
    return *runs < limit;
}

static int by_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Runs with one order of dependent steps end in one state: else something that matters is taken for
 * independent. */
static bool orders_decide(struct states *s, uint64_t runs)
{
    qsort(s->runs, runs, sizeof(*s->runs), by_order);
    for (uint64_t i = 1; i < runs; i++)
        if (s->runs[i].order == s->runs[i - 1].order && s->runs[i].state != s->runs[i - 1].state)
            return false;
    return true;
}

/* True if both searches saw the same. */
static bool compare(uint64_t seed, struct states *brute, uint64_t brute_runs,
        const struct states *reduced, uint64_t dpor_runs)
{
    bool decided = orders_decide(brute, brute_runs);
    bool fewer = program_has_rendezvous();
    bool same = decided && reduced->count == brute->count &&
                (reduced->orders.count == brute->orders.count ||
                        (fewer && reduced->orders.count < brute->orders.count));
    for (size_t i = 0; i < brute->count; i++)
        same = same && has(reduced, brute->hashes[i]);
    if (same)
        return true;
    program_print(seed);
    print_message("dfs: %zu states, %zu orders in %llu runs; dpor: %zu, %zu in %llu%s\n",
            brute->count, brute->orders.count, (unsigned long long)brute_runs, reduced->count,
            reduced->orders.count, (unsigned long long)dpor_runs,
            decided ? "" : "; one order, two states");
    return false;
}

/* No run is like another one. */
static bool is_optimal(uint64_t seed, const struct states *reduced, uint64_t runs)
{
    if (last_count.blocked == 0 && last_count.distinct == runs && reduced->orders.count == runs)
        return true;
    program_print(seed);
    print_message("%llu runs, %llu blocked, %llu distinct\n", (unsigned long long)runs,
            (unsigned long long)last_count.blocked, (unsigned long long)last_count.distinct);
    return false;
}

struct totals {
    int compared;
    uint64_t brute;
    uint64_t reduced;
};

/* Compares the searches of the seed's program, if brute force comes to an end. */
static void try_program(uint64_t seed, bool share, struct totals *totals)
{
    struct rt_rng rng = { seed };
    struct states brute = { 0 };
    struct states reduced = { 0 };
    uint64_t brute_runs;
    uint64_t dpor_runs;
    program_make(&rng);
    if (share)
        program_share();
    if (collect(strategy_dfs, &brute, BRUTE_LIMIT, &brute_runs)) {
        assert_true(collect(strategy_dpor, &reduced, BRUTE_LIMIT, &dpor_runs));
        assert_true(compare(seed, &brute, brute_runs, &reduced, dpor_runs));
        assert_true(is_optimal(seed, &reduced, dpor_runs));
        totals->brute += brute_runs;
        totals->reduced += dpor_runs;
        totals->compared++;
    }
    states_free(&brute);
    states_free(&reduced);
}

static void test_same_states(void **state)
{
    (void)state;
    struct totals totals = { 0 };
    for (uint64_t seed = 0; seed < 300; seed++)
        try_program(seed, false, &totals);
    print_message("%d programs: %llu runs by brute force, %llu reduced\n", totals.compared,
            (unsigned long long)totals.brute, (unsigned long long)totals.reduced);
    assert_true(totals.compared > 250);
    assert_true(totals.reduced * 10 < totals.brute);
}

/* Programs of which runs were missed, or like others, before: the ways to take a step had one
 * footprint, a sequence went below one way only, a sequence that was like others was one that wakes
 * in full, an object's name depended on who came first, several Adds kept
 * a Wait from going on. */
static void test_seeds_that_failed(void **state)
{
    (void)state;
    static const uint64_t seeds[] = { 1219, 1234, 1392, 1459, 5287, 6686, 8198, 9753, 10081 };
    struct totals totals = { 0 };
    for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
        try_program(seeds[i], false, &totals);
    assert_int_equal(totals.compared, sizeof(seeds) / sizeof(*seeds));
}

/* With accesses to shared fields as steps; the last two were missing an order when a field was
 * called after who came first. */
static void test_shared_fields(void **state)
{
    (void)state;
    struct totals totals = { 0 };
    for (uint64_t seed = 0; seed < 100; seed++)
        try_program(seed, true, &totals);
    try_program(3180, true, &totals);
    try_program(6456, true, &totals);
    assert_true(totals.compared > 80);
    assert_true(totals.reduced * 10 < totals.brute);
}

/* ---- numbers that can be worked out by hand ---- */

/* All runs of the program that are not blocked have different orders, and there are so many. */
static void expect_orders(uint64_t wanted)
{
    struct states s = { 0 };
    uint64_t runs;
    assert_true(collect(strategy_dpor, &s, BRUTE_LIMIT, &runs));
    assert_int_equal(s.orders.count, wanted);
    assert_int_equal(last_count.distinct, wanted);
    assert_int_equal(runs - last_count.blocked, wanted);
    states_free(&s);
}

static void test_known_numbers(void **state)
{
    (void)state;
    program_set(2, 1, ADD, false); /* two take one lock once: 2! */
    expect_orders(2);
    program_set(3, 1, ADD, false); /* 3! */
    expect_orders(6);
    program_set(4, 1, ADD, false); /* 4! */
    expect_orders(24);
    program_set(2, 2, ADD, false); /* two take it twice each: 4 over 2 */
    expect_orders(6);
    program_set(2, 3, ADD, false); /* 6 over 3 */
    expect_orders(20);
    program_set(2, 5, ADD, true); /* each has its own lock */
    expect_orders(1);
    program_set(3, 2, RREAD, false); /* readers only */
    expect_orders(1);
    program_set(3, 1, DONE, false); /* no Done matters to another one */
    program.group = 3;
    expect_orders(1);
    program_set(2, 1, GROW, false); /* no Add to another one */
    expect_orders(1);
    program_set(2, 1, SET, false); /* fields that are shared without a lock: which is first */
    program.shares = true;
    expect_orders(2);
    program_set(2, 2, LOOK, false); /* nobody changes them */
    program.shares = true;
    expect_orders(1);
    program_set(2, 1, GROW, false); /* Add before a Wait that would not wait, or after it */
    program.ops[1][0].action = WAIT;
    expect_orders(2);
}

/* Probes of a search at random estimate its size; the search itself tells it. */
static void test_estimates(void **state)
{
    (void)state;
    struct states s = { 0 };
    uint64_t all, probes;
    program_set(3, 2, ADD, false);
    assert_true(collect(strategy_dfs, &s, 1000000, &all));
    assert_true(last_count.estimate > 0.999 * (double)all);
    assert_true(last_count.estimate < 1.001 * (double)all);
    assert_false(collect(strategy_random, &s, 20000, &probes));
    assert_true(last_count.error > 0);
    assert_true(last_count.estimate > (double)all - 5 * last_count.error);
    assert_true(last_count.estimate < (double)all + 5 * last_count.error);
    states_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_states),
        cmocka_unit_test(test_seeds_that_failed),
        cmocka_unit_test(test_shared_fields),
        cmocka_unit_test(test_known_numbers),
        cmocka_unit_test(test_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
