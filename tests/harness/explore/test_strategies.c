/* Strategies on kernels of known depth: how often each must find the bug is worked out on paper. */
#include "harness/explore/strategy.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/sync.h"
#include "tests/support/test.h"

/* ---- kernels: `bug` is set when the schedule shows it ---- */

static bool bug;
static int size;
static int a;
static int b;
static struct rt_mutex m1;
static struct rt_mutex m2;
static struct rt_chan *ch;
static struct rt_chan *ch2;

/* reorder_N: N setters write a, then b; the checker fails if it sees exactly one of them changed.
 * All the setters' first writes before the checker and the second ones behind it, or any one of
 * them. */
static void setter(void *arg)
{
    (void)arg;
    a = 1;
    rt_yield();
    b = -1;
}

static void checker(void *arg)
{
    (void)arg;
    if (a != 0 && b == 0)
        bug = true;
}

static void reorder(struct rt_proc *p)
{
    a = 0;
    b = 0;
    for (int i = 0; i < size; i++)
        rt_go_in(p, "setter", setter, NULL);
    rt_go_in(p, "checker", checker, NULL);
}

/* twostage_N: a writer changes two variables under two locks; N readers take the locks in the same
 * order, and one may come between. */
static void stage_writer(void *arg)
{
    (void)arg;
    rt_lock(&m1);
    a = 1;
    rt_unlock(&m1);
    rt_lock(&m2);
    b = a + 1;
    rt_unlock(&m2);
}

static void stage_reader(void *arg)
{
    (void)arg;
    rt_lock(&m1);
    int first = a;
    rt_unlock(&m1);
    rt_lock(&m2);
    if (first && b != first + 1)
        bug = true;
    rt_unlock(&m2);
}

static void twostage(struct rt_proc *p)
{
    a = 0;
    b = 0;
    rt_mutex_init(&m1, "m1");
    rt_mutex_init(&m2, "m2");
    rt_go_in(p, "writer", stage_writer, NULL);
    for (int i = 0; i < size; i++)
        rt_go_in(p, "reader", stage_reader, NULL);
}

/* Blocking bugs, of the shapes of GoBench: they show as goroutines that are left. */
static void lock_first(void *arg)
{
    (void)arg;
    rt_lock(&m1);
    rt_lock(&m2);
    rt_unlock(&m2);
    rt_unlock(&m1);
}

static void lock_second(void *arg)
{
    (void)arg;
    rt_lock(&m2);
    rt_lock(&m1);
    rt_unlock(&m1);
    rt_unlock(&m2);
}

static void abba(struct rt_proc *p)
{
    rt_mutex_init(&m1, "m1");
    rt_mutex_init(&m2, "m2");
    rt_go_in(p, "first", lock_first, NULL);
    rt_go_in(p, "second", lock_second, NULL);
}

/* A result is sent to a caller that has taken the timeout. */
static void late_sender(void *arg)
{
    (void)arg;
    rt_send(ch, NULL);
}

static void impatient(void *arg)
{
    (void)arg;
    struct rt_case cases[] = { RT_RECV(ch), RT_RECV(ch2) };
    (void)rt_select(cases, 2);
}

static void orphaned_send(struct rt_proc *p)
{
    ch = rt_chan_make(0, "result");
    ch2 = rt_chan_make(1, "timeout");
    rt_send(ch2, NULL);
    rt_go_in(p, "sender", late_sender, NULL);
    rt_go_in(p, "caller", impatient, NULL);
}

/* A lock is held at a rendezvous with one who wants the lock first. */
static void send_locked(void *arg)
{
    (void)arg;
    rt_lock(&m1);
    rt_send(ch, NULL);
    rt_unlock(&m1);
}

static void lock_then_recv(void *arg)
{
    (void)arg;
    rt_lock(&m1);
    rt_unlock(&m1);
    rt_recv(ch, NULL);
}

static void lock_and_channel(struct rt_proc *p)
{
    rt_mutex_init(&m1, "m1");
    ch = rt_chan_make(0, "ch");
    rt_go_in(p, "sender", send_locked, NULL);
    rt_go_in(p, "receiver", lock_then_recv, NULL);
}

/* ---- running ---- */

struct kernel {
    const char *name;
    void (*start)(struct rt_proc *p);
    int size;
};

static bool shows(struct rt *rt, const struct kernel *k, const struct rt_source *source)
{
    struct rt_config config = { .source = source };
    uint32_t left;
    rt_begin(rt, &config);
    bug = false;
    size = k->size;
    k->start(rt_proc_new("kernel"));
    (void)rt_run(rt);
    (void)rt_fibers(rt, &left);
    bool found = bug || left > 0;
    rt_end(rt);
    return found;
}

typedef void (*maker)(const struct search_options *options, struct search *search);

/* Of `runs` schedules with one search, how many show the bug. */
static unsigned hits(maker make, uint64_t depth, const struct kernel *k, unsigned runs)
{
    struct search search;
    struct search_options options = { 12345, depth };
    struct rt *rt = rt_machine_new();
    unsigned found = 0;
    make(&options, &search);
    for (unsigned i = 0; i < runs; i++) {
        struct run_result result = { 0 };
        const struct rt_source *source = search.next(search.self);
        assert_non_null(source);
        found += shows(rt, k, source);
        search.done(search.self, &result);
    }
    search.end(search.self);
    rt_machine_free(rt);
    return found;
}

/* Asserts a probability within five standard deviations. */
static void assert_rate(maker make, uint64_t depth, const struct kernel *k, double expected)
{
    enum { RUNS = 20000 };
    double rate = hits(make, depth, k, RUNS) / (double)RUNS;
    double off = rate - expected;
    bool close = off * off <= 25 * expected * (1 - expected) / RUNS;
    if (!close)
        print_message("%s: %.4f instead of %.4f\n", k->name, rate, expected);
    assert_true(close);
}

static void assert_at_least(maker make, uint64_t depth, const struct kernel *k, double expected)
{
    enum { RUNS = 20000 };
    double rate = hits(make, depth, k, RUNS) / (double)RUNS;
    double off = expected - rate;
    bool enough = off <= 0 || off * off <= 25 * expected * (1 - expected) / RUNS;
    if (!enough)
        print_message("%s: %.4f, less than %.4f\n", k->name, rate, expected);
    assert_true(enough);
}

static const struct kernel reorder_1 = { "reorder_1", reorder, 1 };
static const struct kernel reorder_3 = { "reorder_3", reorder, 3 };
static const struct kernel twostage_1 = { "twostage_1", twostage, 1 };
static const struct kernel twostage_4 = { "twostage_4", twostage, 4 };
static const struct kernel deadlock = { "abba", abba, 0 };
static const struct kernel orphan = { "orphaned send", orphaned_send, 0 };
static const struct kernel held = { "lock and channel", lock_and_channel, 0 };

static void test_random(void **state)
{
    (void)state;
    /* reorder_1: steps S1 S2 of the setter (its start, its yield) and C of the checker. S1 first
     * 1/2, then C before S2 1/2. */
    assert_rate(strategy_random, 0, &reorder_1, 0.25);
    /* reorder_3: n setters that have not started, checker pending. It fails if the checker goes
     * when one or more have started and none has gone on. From k started of 3: P(k) = P(checker
     * next | k >= 1) + P(start next) P(k+1), each of the 4 goroutines with 1/4: the started ones'
     * second steps end it. P(3) = 1/4; P(2) = 1/4 + 1/4 P(3) = 5/16; P(1) = 1/4 + 2/4 P(2) = 13/32;
     * P(0) = 3/4 P(1). */
    assert_rate(strategy_random, 0, &reorder_3, 39.0 / 128);
    /* abba: each starts (a free step), then takes its first lock, then waits for its second. The
     * states are how far each is: it deadlocks if both have one lock. By symmetry let x be the
     * first to hold a lock. Of the orders of the four steps A0 A1 B0 B1 drawn evenly among those
     * who can: x holds one and y has not started: x takes the second with 1/2, y starts with 1/2;
     * then y's lock and x's second with 1/2 each. P(x holds, y not started) = P(A0 A1 or B0 B1) =
     * 1/2, P(both started, then one locks) = 1/2. In the first case the deadlock has 1/2 * 1/2 =
     * 1/4, in the second 1/2. */
    assert_rate(strategy_random, 0, &deadlock, 3.0 / 8);
}

static void test_pct(void **state)
{
    (void)state;
    /* abba is of depth 2: n = 2 goroutines, and there is something to decide at up to k = 6 places
     * (two starts and two locks each). The guarantee is 1/(n k) = 1/12. */
    assert_at_least(strategy_pct, 2, &deadlock, 1.0 / 12);
    /* reorder_1 has depth 2: n = 2, k <= 3: 1/6. */
    assert_at_least(strategy_pct, 2, &reorder_1, 1.0 / 6);
    /* twostage_1: depth 2, n = 2, 3 steps each: 1/12. With 4 readers n = 5, k <= 15: 1/75. */
    assert_at_least(strategy_pct, 2, &twostage_1, 1.0 / 12);
    assert_at_least(strategy_pct, 2, &twostage_4, 1.0 / 75);
    /* Of depth 1, priorities alone, they never show: no goroutine is left in the middle. */
    assert_int_equal(hits(strategy_pct, 1, &reorder_1, 1000), 0);
    assert_int_equal(hits(strategy_pct, 1, &deadlock, 1000), 0);
}

static void test_pos(void **state)
{
    (void)state;
    /* reorder_1: S1 has a higher priority than C: 1/2. Then S2 draws anew against C's, which lost:
     * the density of the lower of two is 2(1-c), so C > S2 with the integral of 2(1-c)c = 1/3.
     * Starts and yields race with nothing, so C keeps its priority: 1/2 * 1/3. */
    assert_rate(strategy_pos, 0, &reorder_1, 1.0 / 6);
}

static void test_urw(void **state)
{
    (void)state;
    /* Once it has learnt that the setter takes 2 steps and the checker 1, the 3 orders are equally
     * likely, and one of them shows the bug. */
    assert_rate(strategy_urw, 0, &reorder_1, 1.0 / 3);
    /* reorder_3: of the 7!/(2!2!2!1!) = 630 orders, those with at least one first step and no
     * second one before the checker: sum over j = 1..3 first steps of C(3,j) j! orders before it,
     * times the orders of the other 6 - j steps: those of 3 - j pairs and j singles,
     * (6-j)!/2^(3-j). So 3 * 120/4 + 6 * 24/2 + 6 * 6 = 90 + 72 + 36 = 198 of 630. */
    assert_rate(strategy_urw, 0, &reorder_3, 198.0 / 630);
}

/* Every strategy finds every kernel within a thousand schedules (the worst expected rate, from the
 * above, is over 1/75: missing it a thousand times has probability below 2e-6). */
static void test_all_find(void **state)
{
    (void)state;
    static const maker makers[] = { strategy_random, strategy_pct, strategy_pos, strategy_urw,
        strategy_surw, strategy_feedback, strategy_few, strategy_portfolio };
    static const struct kernel *const kernels[] = { &reorder_1, &reorder_3, &twostage_1,
        &twostage_4, &deadlock, &orphan, &held };
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++) {
            unsigned found = hits(makers[i], 0, kernels[k], 1000);
            if (!found)
                print_message("strategy %zu misses %s\n", i, kernels[k]->name);
            assert_true(found > 0);
        }
    }
}

/* ---- systematic ones: numbers of schedules ---- */

static uint64_t all_runs(maker make, uint64_t depth, const struct kernel *k, uint64_t *first)
{
    struct search search;
    struct search_options options = { 1, depth };
    struct rt *rt = rt_machine_new();
    const struct rt_source *source;
    uint64_t runs = 0;
    *first = 0;
    make(&options, &search);
    while ((source = search.next(search.self))) {
        struct run_result result = { 0 };
        bool found = shows(rt, k, source);
        search.done(search.self, &result);
        assert_true(++runs < 1000000);
        if (found && !*first)
            *first = runs;
    }
    search.end(search.self);
    rt_machine_free(rt);
    return runs;
}

static void test_systematic(void **state)
{
    (void)state;
    uint64_t first;
    /* The orders counted above. */
    assert_int_equal(all_runs(strategy_dfs, 0, &reorder_1, &first), 3);
    assert_true(first > 0);
    assert_int_equal(all_runs(strategy_dfs, 0, &reorder_3, &first), 630);
    static const struct kernel *const kernels[] = { &twostage_1, &deadlock, &orphan, &held };
    for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++) {
        uint64_t plain = all_runs(strategy_dfs, 0, kernels[k], &first);
        assert_true(first > 0);
        uint64_t reduced = all_runs(strategy_dpor, 0, kernels[k], &first);
        assert_true(first > 0);
        assert_true(reduced < plain);
        /* Bounded search ends, and meets the bug while the bound is small. */
        (void)all_runs(strategy_preempt, 0, kernels[k], &first);
        assert_in_range(first, 1, 50);
        (void)all_runs(strategy_delay, 0, kernels[k], &first);
        assert_in_range(first, 1, 50);
    }
    /* abba: two locks each, and classes differ in the order of the two at each lock. The first
     * one's pair before the second's, the other way round, and the deadlock: 3 classes. Sleep sets
     * may meet a class once more before they see that it is one. */
    assert_in_range(all_runs(strategy_dpor, 0, &deadlock, &first), 3, 4);
}

/* Equal seeds, equal schedules; other seeds, others. */
static void test_deterministic(void **state)
{
    (void)state;
    for (const struct search_info *info = search_list(); info->name; info++) {
        uint64_t hashes[3] = { 0 };
        for (int i = 0; i < 3; i++) {
            struct search search;
            struct search_options options = { i == 2 ? 8 : 7, 0 };
            struct rt *rt = rt_machine_new();
            assert_true(search_new(info->name, &options, &search));
            for (int run = 0; run < 100; run++) {
                struct run_result result = { 0 };
                const struct rt_source *source = search.next(search.self);
                if (!source)
                    break;
                (void)shows(rt, &twostage_4, source);
                search.done(search.self, &result);
                hashes[i] = hashes[i] * 31 + rt_trace_hash(rt);
            }
            search.end(search.self);
            rt_machine_free(rt);
        }
        assert_true(hashes[0] == hashes[1]);
        if (!search_is_systematic(info->name))
            assert_true(hashes[0] != hashes[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_pct),
        cmocka_unit_test(test_pos),
        cmocka_unit_test(test_urw),
        cmocka_unit_test(test_all_find),
        cmocka_unit_test(test_systematic),
        cmocka_unit_test(test_deterministic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
