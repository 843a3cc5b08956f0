/* Partial-order reduction against brute force: on many small random programs both must see the same
 * final states, and reduction needs far fewer runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/explore/order.h"
#include "harness/explore/strategy.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random programs ---- */

enum { MAX_FIBERS = 4, MAX_OPS = 5, MUTEXES = 2, CHANNELS = 2, BRUTE_LIMIT = 20000 };

enum action {
    ADD,    /* lock, change and note a shared number, unlock */
    NESTED, /* hold one mutex over what comes next */
    SEND,
    RECV,
    POLL,   /* select with default: receive */
    OFFER,  /* select with default: send */
    SELECT, /* receive from either channel */
    CLOSE,
    RCHANGE, /* under the write lock */
    RREAD,   /* under the read lock */
    DONE,    /* WaitGroup */
    WAIT,
    GROW,
    SPAWN, /* a goroutine that adds */
    SLEEP,
    PANIC,
    ONCE,    /* sync.Once */
    KILL,    /* ends the second process */
    TIMEOUT, /* receive, or give up after a time */
    CANCEL,  /* a context */
    UNTIL,   /* receive, or the context is done */
    MAYBE,   /* a choice: adds here, adds there, or not */
    ACTIONS
};

struct program {
    int fibers;
    int group; /* the WaitGroup's counter at first */
    int length[MAX_FIBERS];
    struct {
        enum action action;
        int which;
    } ops[MAX_FIBERS][MAX_OPS];
};

struct shared {
    struct rt_mutex mu[MUTEXES];
    struct rt_rwmutex rw;
    struct rt_waitgroup wg;
    struct rt_once once;
    struct rt_proc *second;
    struct rt_mutex cancelling; /* a context: done is closed once */
    bool cancelled;
    struct rt_chan *done;
    struct rt_chan *ch[CHANNELS];
    int number[MUTEXES];
    int protected;
    char log[2 * MAX_FIBERS][64];
    int logs;
};

static struct program program;
static struct shared *sh;

static void note(int fiber, char what, int value)
{
    char *log = sh->log[fiber];
    size_t n = strlen(log);
    (void)snprintf(log + n, sizeof(sh->log[0]) - n, "%c%d", what, value);
}

static void add(int fiber, int which)
{
    rt_lock(&sh->mu[which]);
    sh->number[which] = sh->number[which] * 3 + fiber + 1;
    note(fiber, 'a', sh->number[which]);
    rt_unlock(&sh->mu[which]);
}

static void spawned(void *arg)
{
    add((int)(intptr_t)arg, 0);
}

static void first_of_all(void *arg)
{
    add((int)(intptr_t)arg, 0);
}

static void cancel(void)
{
    rt_lock(&sh->cancelling);
    if (!sh->cancelled)
        rt_close(sh->done);
    sh->cancelled = true;
    rt_unlock(&sh->cancelling);
}

/* Receives from a channel or another one, whichever comes. */
static void receive_or(int fiber, char what, int which, struct rt_chan *other)
{
    struct rt_case cases[] = { RT_RECV(sh->ch[which]), RT_RECV(other) };
    size_t taken = rt_select(cases, 2);
    note(fiber, what, taken == 0 ? (int)(intptr_t)cases[0].value : -1);
}

static void maybe(int fiber)
{
    uint32_t chosen = rt_choose(RT_CHOICE_FAULT, 3, "where");
    note(fiber, 'm', (int)chosen);
    if (chosen < MUTEXES)
        add(fiber, (int)chosen);
}

static void run_special(int fiber, enum action action, int which)
{
    switch (action) {
    case ONCE:
        rt_once_do(&sh->once, first_of_all, (void *)(intptr_t)fiber);
        note(fiber, 'n', 0);
        break;
    case KILL:
        rt_proc_exit(sh->second, 9, NULL);
        break;
    case TIMEOUT:
        receive_or(fiber, 't', which, rt_after(2, "timeout"));
        break;
    case CANCEL:
        cancel();
        break;
    default:
        receive_or(fiber, 'u', which, sh->done);
    }
}

static void run_op(int fiber, enum action action, int which)
{
    struct rt_chan *ch = sh->ch[which];
    struct rt_case both[] = { RT_RECV(sh->ch[0]), RT_RECV(sh->ch[1]) };
    struct rt_case offer = RT_SEND(ch, (void *)(intptr_t)(fiber + 1));
    void *v;
    switch (action) {
    case ADD:
        add(fiber, which);
        break;
    case SEND:
        rt_send(ch, (void *)(intptr_t)(fiber + 1));
        break;
    case RECV:
        rt_recv(ch, &v);
        note(fiber, 'r', (int)(intptr_t)v);
        break;
    case POLL:
        note(fiber, 'p',
                rt_select_default(&both[which], 1) < 0 ? -1 : (int)(intptr_t)both[which].value);
        break;
    case OFFER:
        note(fiber, 'o', rt_select_default(&offer, 1));
        break;
    case SELECT:
        which = (int)rt_select(both, 2);
        note(fiber, 's', which * 10 + (int)(intptr_t)both[which].value);
        break;
    case CLOSE:
        rt_close(ch);
        break;
    case RCHANGE:
        rt_wlock(&sh->rw);
        sh->protected = sh->protected * 3 + fiber + 1;
        rt_wunlock(&sh->rw);
        break;
    case RREAD:
        rt_rlock(&sh->rw);
        note(fiber, 'R', sh->protected);
        rt_runlock(&sh->rw);
        break;
    case DONE:
        rt_waitgroup_done(&sh->wg);
        break;
    case GROW:
        rt_waitgroup_add(&sh->wg, 1);
        break;
    case WAIT:
        rt_waitgroup_wait(&sh->wg);
        break;
    case SPAWN:
        rt_go("spawned", spawned, (void *)(intptr_t)(MAX_FIBERS + fiber));
        break;
    case SLEEP:
        rt_sleep_ns(1 + which);
        break;
    case PANIC:
        rt_panicf("panic");
    case ONCE:
    case KILL:
    case TIMEOUT:
    case CANCEL:
    case UNTIL:
        run_special(fiber, action, which);
        break;
    case MAYBE:
        maybe(fiber);
        break;
    case NESTED:
    case ACTIONS:
        break;
    }
}

static void run_fiber(void *arg)
{
    int fiber = (int)(intptr_t)arg;
    int held = -1;
    for (int i = 0; i < program.length[fiber]; i++) {
        int which = program.ops[fiber][i].which;
        enum action action = program.ops[fiber][i].action;
        if (held >= 0 && action == ADD && which == held)
            continue;
        if (action == NESTED && held < 0) {
            rt_lock(&sh->mu[which]);
            sh->number[which] = sh->number[which] * 3 + fiber + 1;
            held = which;
            continue;
        }
        run_op(fiber, action, which);
        if (held >= 0)
            rt_unlock(&sh->mu[held]);
        held = -1;
    }
    note(fiber, '.', 0);
}

static void make_program(struct rt_rng *rng)
{
    static const enum action often[] = { ADD, ADD, NESTED, SEND, SEND, RECV, RECV, POLL, OFFER,
        SELECT, CLOSE, RCHANGE, RREAD, RREAD, DONE, WAIT, GROW, SPAWN, SLEEP, PANIC, ONCE, KILL,
        TIMEOUT, CANCEL, UNTIL, MAYBE, MAYBE };
    enum { N = sizeof(often) / sizeof(often[0]) };
    memset(&program, 0, sizeof(program));
    program.fibers = 2 + (int)rt_rng_below(rng, 3);
    program.group = (int)rt_rng_below(rng, 4);
    int most = program.fibers == 2 ? 5 : program.fibers == 3 ? 3 : 2;
    for (int f = 0; f < program.fibers; f++) {
        program.length[f] = 1 + (int)rt_rng_below(rng, (uint32_t)most);
        for (int i = 0; i < program.length[f]; i++) {
            enum action a = often[rt_rng_below(rng, N)];
            if (a == PANIC && rt_rng_below(rng, 3))
                a = ADD;
            program.ops[f][i].action = a;
            program.ops[f][i].which = (int)rt_rng_below(rng, 2);
        }
    }
}

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

static uint64_t run_once(struct rt *rt, const struct rt_source *source, char text[512])
{
    struct rt_config config = { .source = source };
    rt_begin(rt, &config);
    struct rt_proc *p = rt_proc_new("p");
    sh = rt_new(struct shared);
    rt_mutex_init(&sh->mu[0], "m0");
    rt_mutex_init(&sh->mu[1], "m1");
    rt_rwmutex_init(&sh->rw, "rw");
    rt_mutex_init(&sh->cancelling, "context");
    sh->done = rt_chan_make(0, "done");
    sh->second = rt_proc_new("q");
    sh->ch[0] = rt_chan_make(0, "c0");
    sh->ch[1] = rt_chan_make(1, "c1");
    rt_waitgroup_add(&sh->wg, program.group);
    for (int f = 0; f < program.fibers; f++)
        rt_go_in(f % 2 ? sh->second : p, "f", run_fiber, (void *)(intptr_t)f);
    (void)rt_run(rt);
    size_t n = 0;
    for (int f = 0; f < 2 * MAX_FIBERS; f++)
        n += (size_t)snprintf(text + n, 512 - n, "%s;", sh->log[f]);
    (void)snprintf(text + n, 512 - n, "%d %d %d %zu %d %d", sh->number[0], sh->number[1],
            sh->protected, rt_chan_len(sh->ch[1]), rt_proc_status(p), rt_proc_status(sh->second));
    uint64_t hash = rt_str_hash(rt_str_from(text));
    rt_end(rt);
    return hash;
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
        uint64_t hash = run_once(rt, order_watch_begin(watch, source), text);
        uint64_t order = order_watch_end(watch);
        search.done(search.self, &result);
        strategy_reserve(&s->runs, &s->runs_cap, *runs + 1, sizeof(*s->runs));
        s->runs[*runs].order = order;
        s->runs[*runs].state = hash;
        ++*runs;
        (void)order_set_add(&s->orders, order);
        if (!has(s, hash)) {
            strategy_reserve(&s->hashes, &s->cap, s->count + 1, sizeof(*s->hashes));
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

static void print_program(uint64_t seed)
{
    static const char *const names[] = { "add", "nested", "send", "recv", "poll", "offer", "select",
        "close", "rchange", "rread", "done", "wait", "grow", "spawn", "sleep", "panic", "once",
        "kill", "timeout", "cancel", "until", "maybe" };
    print_message("program of seed %llu, group %d:\n", (unsigned long long)seed, program.group);
    for (int f = 0; f < program.fibers; f++) {
        for (int i = 0; i < program.length[f]; i++)
            print_message(" %s%d", names[program.ops[f][i].action], program.ops[f][i].which);
        print_message("\n");
    }
}

/* At a rendezvous it makes no difference who comes first, and both orders need not be run. */
static bool has_rendezvous(void)
{
    for (int f = 0; f < program.fibers; f++)
        for (int i = 0; i < program.length[f]; i++)
            if (program.ops[f][i].action == SEND && program.ops[f][i].which == 0)
                return true;
    return false;
}

/* True if the search is optimal: no step chooses something on its way, and the WaitGroup's counter
 * stays at 0 or above. */
static bool is_plain(void)
{
    int done = 0;
    for (int f = 0; f < program.fibers; f++) {
        for (int i = 0; i < program.length[f]; i++) {
            done += program.ops[f][i].action == DONE;
            if (program.ops[f][i].action == MAYBE)
                return false;
        }
    }
    return done <= program.group;
}

/* True if both searches saw the same. */
static bool compare(uint64_t seed, struct states *brute, uint64_t brute_runs,
        const struct states *reduced, uint64_t dpor_runs)
{
    bool decided = orders_decide(brute, brute_runs);
    bool fewer = has_rendezvous() || !is_plain();
    bool same = decided && reduced->count == brute->count &&
                (reduced->orders.count == brute->orders.count ||
                        (fewer && reduced->orders.count < brute->orders.count));
    for (size_t i = 0; i < brute->count; i++)
        same = same && has(reduced, brute->hashes[i]);
    if (same)
        return true;
    print_program(seed);
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
    print_program(seed);
    print_message("%llu runs, %llu blocked, %llu distinct\n", (unsigned long long)runs,
            (unsigned long long)last_count.blocked, (unsigned long long)last_count.distinct);
    return false;
}

static void test_same_states(void **state)
{
    (void)state;
    uint64_t brute_total = 0;
    uint64_t dpor_total = 0;
    int compared = 0, plain = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct rt_rng rng = { seed };
        struct states brute = { 0 };
        struct states reduced = { 0 };
        uint64_t brute_runs;
        uint64_t dpor_runs;
        make_program(&rng);
        if (collect(strategy_dfs, &brute, BRUTE_LIMIT, &brute_runs)) {
            assert_true(collect(strategy_dpor, &reduced, BRUTE_LIMIT, &dpor_runs));
            assert_true(compare(seed, &brute, brute_runs, &reduced, dpor_runs));
            if (is_plain()) {
                assert_true(is_optimal(seed, &reduced, dpor_runs));
                plain++;
            }
            brute_total += brute_runs;
            dpor_total += dpor_runs;
            compared++;
        }
        states_free(&brute);
        states_free(&reduced);
    }
    print_message("%d programs, %d of them plain: %llu runs by brute force, %llu reduced\n",
            compared, plain, (unsigned long long)brute_total, (unsigned long long)dpor_total);
    assert_true(compared > 250);
    assert_true(plain > 150);
    assert_true(dpor_total * 10 < brute_total);
}

/* ---- numbers that can be worked out by hand ---- */

static void set_program(int fibers, int length, enum action action, bool own)
{
    memset(&program, 0, sizeof(program));
    program.fibers = fibers;
    for (int f = 0; f < fibers; f++) {
        program.length[f] = length;
        for (int i = 0; i < length; i++) {
            program.ops[f][i].action = action;
            program.ops[f][i].which = own ? f : 0;
        }
    }
}

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
    set_program(2, 1, ADD, false); /* two take one lock once: 2! */
    expect_orders(2);
    set_program(3, 1, ADD, false); /* 3! */
    expect_orders(6);
    set_program(4, 1, ADD, false); /* 4! */
    expect_orders(24);
    set_program(2, 2, ADD, false); /* two take it twice each: 4 over 2 */
    expect_orders(6);
    set_program(2, 3, ADD, false); /* 6 over 3 */
    expect_orders(20);
    set_program(2, 5, ADD, true); /* each has its own lock */
    expect_orders(1);
    set_program(3, 2, RREAD, false); /* readers only */
    expect_orders(1);
    set_program(3, 1, DONE, false); /* no Done matters to another one */
    program.group = 3;
    expect_orders(1);
    set_program(2, 1, GROW, false); /* no Add to another one */
    expect_orders(1);
    set_program(2, 1, GROW, false); /* Add before a Wait that would not wait, or after it */
    program.ops[1][0].action = WAIT;
    expect_orders(2);
}

/* Probes of a search at random estimate its size; the search itself tells it. */
static void test_estimates(void **state)
{
    (void)state;
    struct states s = { 0 };
    uint64_t all, probes;
    set_program(3, 2, ADD, false);
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
        cmocka_unit_test(test_known_numbers),
        cmocka_unit_test(test_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
