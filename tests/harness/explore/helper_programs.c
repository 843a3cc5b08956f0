/* Random programs, and running them. */
#include "tests/harness/explore/helper_programs.h"

#include <stdio.h>
#include <string.h>

#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/sync.h"
#include "tests/support/test.h"

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
    int bare[MUTEXES];
    char log[2 * MAX_FIBERS][64];
    int logs;
};

struct program program;
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
    case SET:
        rt_shared_write(&sh->bare[which], which ? "bare1" : "bare0");
        sh->bare[which] = sh->bare[which] * 3 + fiber + 1;
        break;
    case LOOK:
        rt_shared_read(&sh->bare[which], which ? "bare1" : "bare0");
        note(fiber, 'l', sh->bare[which]);
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

void program_make(struct rt_rng *rng)
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

void program_share(void)
{
    program.shares = true;
    for (int f = 0; f < program.fibers; f++) {
        for (int i = 0; i < program.length[f]; i++) {
            enum action *a = &program.ops[f][i].action;
            *a = *a == ADD || *a == RCHANGE ? SET : *a == NESTED || *a == RREAD ? LOOK : *a;
        }
    }
}

uint64_t program_run(struct rt *rt, const struct rt_source *source, char text[512])
{
    struct rt_config config = { .source = source, .track_races = program.shares };
    rt_begin(rt, &config);
    struct rt_proc *p = rt_proc_new("p");
    sh = rt_new(struct shared);
    rt_mutex_init(&sh->mu[0], "m0");
    rt_mutex_init(&sh->mu[1], "m1");
    rt_rwmutex_init(&sh->rw, "rw");
    rt_once_init(&sh->once, "once");
    rt_waitgroup_init(&sh->wg, "wg");
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
    (void)snprintf(text + n, 512 - n, "%d %d %d %d %d %zu %d %d", sh->number[0], sh->number[1],
            sh->protected, sh->bare[0], sh->bare[1], rt_chan_len(sh->ch[1]), rt_proc_status(p),
            rt_proc_status(sh->second));
    uint64_t hash = rt_str_hash(rt_str_from(text));
    rt_end(rt);
    return hash;
}

void program_print(uint64_t seed)
{
    static const char *const names[] = { "add", "nested", "send", "recv", "poll", "offer", "select",
        "close", "rchange", "rread", "done", "wait", "grow", "spawn", "sleep", "panic", "once",
        "kill", "timeout", "cancel", "until", "maybe", "set", "look" };
    print_message("program of seed %llu, group %d:\n", (unsigned long long)seed, program.group);
    for (int f = 0; f < program.fibers; f++) {
        for (int i = 0; i < program.length[f]; i++)
            print_message(" %s%d", names[program.ops[f][i].action], program.ops[f][i].which);
        print_message("\n");
    }
}

bool program_has_rendezvous(void)
{
    for (int f = 0; f < program.fibers; f++)
        for (int i = 0; i < program.length[f]; i++)
            if (program.ops[f][i].action == SEND && program.ops[f][i].which == 0)
                return true;
    return false;
}

void program_set(int fibers, int length, enum action action, bool own)
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
