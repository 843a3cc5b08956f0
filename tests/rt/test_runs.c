/* Runs by the million: memory, hashes, machines side by side. */
#include "model/rt/trace.h"
#include "tests/rt/helper_program.h"
#include "tests/support/random.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define WITH_TSAN 1
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITH_TSAN 1
#elif __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

/* ThreadSanitizer needs much time, and memory of its own, for each goroutine. */
#if defined(WITH_TSAN)
enum { RUNS = 500, WARM = 100, SLACK_PAGES = 1 << 20, GOROUTINES = 50, SEEDS = 30 };
#elif defined(WITH_ASAN)
enum { RUNS = 50000, WARM = 5000, SLACK_PAGES = 64, GOROUTINES = 2500, SEEDS = 300 };
#else
enum { RUNS = 1000000, WARM = 10000, SLACK_PAGES = 64, GOROUTINES = 2500, SEEDS = 300 };
#endif

struct shared {
    struct rt_chan *jobs;
    struct rt_chan *results;
    struct rt_mutex mu;
    struct rt_rwmutex rw;
    struct rt_waitgroup wg;
    int64_t sum;
};

static void worker(void *arg)
{
    struct shared *s = arg;
    void *job;
    while (rt_recv(s->jobs, &job)) {
        rt_lock(&s->mu);
        s->sum += of(job);
        rt_unlock(&s->mu);
        rt_rlock(&s->rw);
        struct rt_case cases[] = { RT_SEND(s->results, job), RT_RECV(rt_after(RT_MS, "timeout")) };
        (void)rt_select(cases, 2);
        rt_runlock(&s->rw);
    }
    rt_waitgroup_done(&s->wg);
}

static void collector(void *arg)
{
    struct shared *s = arg;
    while (rt_recv(s->results, NULL))
        rt_yield();
}

static void endless(void *arg)
{
    struct shared *s = arg;
    rt_daemon();
    rt_recv(s->jobs, NULL);
    rt_recv(NULL, NULL);
}

static void everything(void *arg)
{
    (void)arg;
    struct shared *s = rt_new(struct shared);
    s->jobs = rt_chan_make(1, "jobs");
    s->results = rt_chan_make(0, "results");
    rt_waitgroup_add(&s->wg, 3);
    for (int i = 0; i < 3; i++)
        rt_go("worker", worker, s);
    rt_go("collector", collector, s);
    rt_go("endless", endless, s);
    for (int i = 1; i <= 5; i++) {
        rt_send(s->jobs, num(i));
        rt_wlock(&s->rw);
        rt_wunlock(&s->rw);
    }
    rt_close(s->jobs);
    rt_waitgroup_wait(&s->wg);
    rt_close(s->results);
    out("%d ", (int)s->sum);
}

static uint64_t run_seed(struct rt *rt, uint64_t seed)
{
    struct rt_rng rng = { seed };
    struct rt_source source = random_source(&rng);
    struct rt_config config = { .source = &source };
    rt_begin(rt, &config);
    rt_go_in(rt_proc_new("p"), "main", everything, NULL);
    enum rt_stop stop = rt_run(rt);
    assert_int_equal(stop, RT_IDLE);
    uint64_t hash = rt_trace_hash(rt);
    rt_end(rt);
    return hash;
}

static size_t resident_pages(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long size;
    unsigned long resident;
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%lu %lu", &size, &resident), 2);
    (void)fclose(f);
    return resident;
}

static void small(void *arg)
{
    struct rt_mutex *mu = arg;
    rt_lock(mu);
    rt_yield();
    rt_unlock(mu);
    rt_sleep_ns(RT_MS);
}

static void test_memory_stays(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_rng rng = { 3 };
    struct rt_source source = random_source(&rng);
    struct rt_config config = { .source = &source };
    size_t pages = 0;
    size_t used = 0;
    for (int i = 0; i < RUNS; i++) {
        rt_begin(rt, &config);
        struct rt_proc *p = rt_proc_new("p");
        struct rt_mutex *mu = rt_new(struct rt_mutex);
        rt_go_in(p, "a", small, mu);
        rt_go_in(p, "b", small, mu);
        if (i % 3)
            (void)rt_run(rt);
        else
            (void)rt_run_ready(rt); /* dropped where they stand */
        size_t now_used = rt_arena_used(rt_machine_arena(rt));
        used = now_used > used ? now_used : used;
        rt_end(rt);
        if (i == WARM)
            pages = resident_pages();
    }
    assert_true(used < 8192);
    assert_true(resident_pages() < pages + SLACK_PAGES);
    rt_machine_free(rt);
}

/* A goroutine storm leaves only the stacks that are kept. */
static void storm(void *arg)
{
    for (int i = 0; i < of(arg); i++)
        rt_go("child", storm, num(0));
}

static void test_many_goroutines(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    struct rt_config config = { 0 };
    for (int i = 0; i < 3; i++) {
        rt_begin(rt, &config);
        rt_go_in(rt_proc_new("p"), "main", storm, num(GOROUTINES));
        assert_int_equal(rt_run(rt), RT_IDLE);
        assert_int_equal(rt_steps(rt), GOROUTINES + 1);
        rt_end(rt);
    }
    rt_machine_free(rt);
}

/* The same seeds give the same hashes, whatever ran before and with whatever looks on. */
static void ignore_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    (void)time_ns;
    (void)choice_index;
    assert_true(op->kind < RT_OP_KIND_COUNT);
    if (!fiber)
        assert_true(op->kind == RT_OP_TIMER || op->kind == RT_OP_GO);
    ++*(int *)self;
}

static void ignore_hook(void *arg)
{
    ++*(int *)arg;
}

static void test_equal_choices_equal_hash(void **state)
{
    (void)state;
    struct rt *a = rt_machine_new();
    struct rt *b = rt_machine_new();
    uint64_t last = 0;
    for (uint64_t seed = 0; seed < 2 * SEEDS; seed++) {
        uint64_t hash = run_seed(a, seed);
        assert_true(hash != last);
        last = hash;
        int counts[2] = { 0 };
        struct rt_rng rng = { seed };
        struct rt_source source = random_source(&rng);
        struct rt_sink sink = { .self = &counts[0], .step = ignore_step };
        struct rt_config config = { .source = &source, .sink = &sink };
        rt_begin(b, &config);
        rt_on_step(b, ignore_hook, &counts[1]);
        (void)rt_fibers(b, &(uint32_t){ 0 });
        rt_go_in(rt_proc_new("p"), "main", everything, NULL);
        while (rt_run_ready(b) == RT_BLOCKED)
            (void)rt_run_until(b, rt_next_timer_ns(b));
        assert_true(rt_trace_hash(b) == hash);
        assert_int_equal(counts[1], rt_steps(b));
        assert_true(counts[0] > counts[1]);
        rt_end(b);
    }
    rt_machine_free(a);
    rt_machine_free(b);
}

/* The same with every compiler and at every level of optimisation. */
static void test_known_hashes(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        uint64_t hash;
    } table[] = {
        { 0, 0x1ee006e8e3437b10 },
        { 1, 0x7239c87418d66b39 },
        { 42, 0x5f1eb2b1f5fbd916 },
        { 0xffffffffffffffff, 0xe4b69a4f69dc7580 },
    };
    struct rt *rt = rt_machine_new();
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        uint64_t hash = run_seed(rt, table[i].seed);
        if (hash != table[i].hash)
            print_message("seed %llu: hash 0x%016llx\n", (unsigned long long)table[i].seed,
                    (unsigned long long)hash);
        assert_true(hash == table[i].hash);
    }
    rt_machine_free(rt);
}

static void *run_many(void *arg)
{
    uint64_t *hashes = arg;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        hashes[seed] = run_seed(rt, seed);
    rt_machine_free(rt);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    static uint64_t hashes[2][SEEDS];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_many, hashes[i]), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_memory_equal(hashes[0], hashes[1], sizeof(hashes[0]));
}

/* Uniform without bias: each value about as often as the others. */
static void test_generator(void **state)
{
    (void)state;
    struct rt_rng rng = { 0 };
    assert_true(rt_rng_next(&rng) == 0xe220a8397b1dcdafu); /* splitmix64's published first values */
    assert_true(rt_rng_next(&rng) == 0x6e789e6aa1b965f4u);
    unsigned counts[7] = { 0 };
    for (int i = 0; i < 700000; i++)
        counts[rt_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(counts[i], 98500, 101500); /* five standard deviations */
    assert_int_equal(rt_rng_below(&rng, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_stays),
        cmocka_unit_test(test_many_goroutines),
        cmocka_unit_test(test_equal_choices_equal_hash),
        cmocka_unit_test(test_known_hashes),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_generator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
