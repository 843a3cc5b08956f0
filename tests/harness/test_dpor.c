/* Partial-order reduction against brute force: on many small random programs both must see the same
 * final states, and reduction needs far fewer runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
    SPAWN, /* a goroutine that adds */
    SLEEP,
    PANIC,
    ACTIONS
};

struct program {
    int fibers;
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
        if (sh->wg.count > 0)
            rt_waitgroup_done(&sh->wg);
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
        SELECT, CLOSE, RCHANGE, RREAD, RREAD, DONE, WAIT, SPAWN, SLEEP, PANIC };
    enum { N = sizeof(often) / sizeof(often[0]) };
    memset(&program, 0, sizeof(program));
    program.fibers = 2 + (int)rt_rng_below(rng, 3);
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
    char first[256]; /* text of the last one added, for messages */
};

static uint64_t run_once(struct rt *rt, const struct rt_source *source, char text[512])
{
    struct rt_config config = { .source = source };
    rt_begin(rt, &config);
    struct rt_proc *p = rt_proc_new("p");
    sh = rt_new(struct shared);
    rt_mutex_init(&sh->mu[0], "m0");
    rt_mutex_init(&sh->mu[1], "m1");
    rt_rwmutex_init(&sh->rw, "rw");
    sh->ch[0] = rt_chan_make(0, "c0");
    sh->ch[1] = rt_chan_make(1, "c1");
    rt_waitgroup_add(&sh->wg, 1);
    for (int f = 0; f < program.fibers; f++)
        rt_go_in(p, "f", run_fiber, (void *)(intptr_t)f);
    (void)rt_run(rt);
    size_t n = 0;
    for (int f = 0; f < 2 * MAX_FIBERS; f++)
        n += (size_t)snprintf(text + n, 512 - n, "%s;", sh->log[f]);
    (void)snprintf(text + n, 512 - n, "%d %d %d %zu %d", sh->number[0], sh->number[1],
            sh->protected, rt_chan_len(sh->ch[1]), rt_proc_status(p));
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

/* Runs to the end of the search; false if that takes more than `limit` runs. */
static bool collect(void (*make)(const struct search_options *, struct search *), struct states *s,
        uint64_t limit, uint64_t *runs)
{
    struct search search;
    struct search_options options = { 1, 0 };
    struct rt *rt = rt_machine_new();
    make(&options, &search);
    const struct rt_source *source;
    *runs = 0;
    while (*runs < limit && (source = search.next(search.self))) {
        char text[512];
        struct run_result result = { 0 };
        uint64_t hash = run_once(rt, source, text);
        search.done(search.self, &result);
        ++*runs;
        if (!has(s, hash)) {
            strategy_reserve(&s->hashes, &s->cap, s->count + 1, sizeof(*s->hashes));
            s->hashes[s->count++] = hash;
        }
    }
    search.end(search.self);
    rt_machine_free(rt);
    return *runs < limit;
}

static void print_program(uint64_t seed)
{
    static const char *const names[] = { "add", "nested", "send", "recv", "poll", "offer", "select",
        "close", "rchange", "rread", "done", "wait", "spawn", "sleep", "panic" };
    print_message("program of seed %llu:\n", (unsigned long long)seed);
    for (int f = 0; f < program.fibers; f++) {
        for (int i = 0; i < program.length[f]; i++)
            print_message(" %s%d", names[program.ops[f][i].action], program.ops[f][i].which);
        print_message("\n");
    }
}

static void test_same_states(void **state)
{
    (void)state;
    uint64_t brute_total = 0;
    uint64_t dpor_total = 0;
    int compared = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct rt_rng rng = { seed };
        struct states brute = { 0 };
        struct states reduced = { 0 };
        uint64_t brute_runs;
        uint64_t dpor_runs;
        make_program(&rng);
        if (collect(strategy_dfs, &brute, BRUTE_LIMIT, &brute_runs)) {
            bool ended = collect(strategy_dpor, &reduced, BRUTE_LIMIT, &dpor_runs);
            if (!ended || reduced.count != brute.count) {
                print_program(seed);
                print_message("dfs: %zu states in %llu runs; dpor: %zu in %llu\n", brute.count,
                        (unsigned long long)brute_runs, reduced.count,
                        (unsigned long long)dpor_runs);
            }
            assert_true(ended);
            assert_int_equal(reduced.count, brute.count);
            for (size_t i = 0; i < brute.count; i++)
                assert_true(has(&reduced, brute.hashes[i]));
            brute_total += brute_runs;
            dpor_total += dpor_runs;
            compared++;
        }
        free(brute.hashes);
        free(reduced.hashes);
    }
    print_message("%d programs: %llu runs by brute force, %llu reduced\n", compared,
            (unsigned long long)brute_total, (unsigned long long)dpor_total);
    assert_true(compared > 200);
    assert_true(dpor_total * 10 < brute_total);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
