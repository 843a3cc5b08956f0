/* Kernels of locks alone, of the shapes that blocking bugs of Go programs have. */
#include "harness/seeded/kernel.h"

static void lock_and_leave(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    rt_unlock(&w->m1);
}

/* ---- double lock: the path for a closed connection takes the lock that its caller holds ---- */

static void close_connection(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    w->flag = true;
    rt_unlock(&w->m1);
}

static void use_connection(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    bool closed = w->flag;
    if (closed && w->fixed) {
        rt_unlock(&w->m1);
        close_connection(w);
        return;
    }
    if (closed)
        close_connection(w);
    rt_unlock(&w->m1);
}

static void double_lock(void *arg)
{
    rt_go("user", use_connection, arg);
    rt_go("closer", close_connection, arg);
}

/* ---- AB-BA ---- */

static void first_then_second(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    rt_lock(&w->m2);
    rt_unlock(&w->m2);
    rt_unlock(&w->m1);
}

static void second_then_first(void *arg)
{
    struct kernel_world *w = arg;
    if (w->fixed) {
        first_then_second(w);
        return;
    }
    rt_lock(&w->m2);
    rt_lock(&w->m1);
    rt_unlock(&w->m1);
    rt_unlock(&w->m2);
}

static void abba(void *arg)
{
    rt_go("first", first_then_second, arg);
    rt_go("second", second_then_first, arg);
}

/* ---- RWR: a writer comes between two read locks of one goroutine ---- */

static void read_twice(void *arg)
{
    struct kernel_world *w = arg;
    rt_rlock(&w->rw);
    if (!w->fixed) {
        rt_rlock(&w->rw);
        rt_runlock(&w->rw);
    }
    rt_runlock(&w->rw);
}

static void write_once(void *arg)
{
    struct kernel_world *w = arg;
    rt_wlock(&w->rw);
    rt_wunlock(&w->rw);
}

static void rwr(void *arg)
{
    rt_go("reader", read_twice, arg);
    rt_go("writer", write_once, arg);
}

/* ---- a reader asks another one for help, and a writer waits between them ---- */

static void helper(void *arg)
{
    struct kernel_world *w = arg;
    rt_rlock(&w->rw);
    rt_runlock(&w->rw);
    rt_send(w->ch, NULL);
}

static void read_with_help(void *arg)
{
    struct kernel_world *w = arg;
    if (!w->fixed)
        rt_rlock(&w->rw);
    rt_go("helper", helper, w);
    rt_recv(w->ch, NULL);
    if (!w->fixed)
        rt_runlock(&w->rw);
}

static void rwr_helper(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(0, "help");
    rt_go("reader", read_with_help, w);
    rt_go("writer", write_once, w);
}

/* ---- missing unlock: an early return forgets the lock ---- */

static void return_early(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    if (w->flag && !w->fixed)
        return;
    rt_unlock(&w->m1);
}

static void missing_unlock(void *arg)
{
    rt_go("closer", close_connection, arg);
    rt_go("early", return_early, arg);
    rt_go("later", lock_and_leave, arg);
}

/* ---- check, then act: two goroutines that each see that nothing is there yet ---- */

static void make_if_missing(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    bool there = w->flag;
    if (!w->fixed) {
        rt_unlock(&w->m1);
        rt_lock(&w->m1);
    }
    if (!there) {
        w->flag = true;
        w->count++;
    }
    go_program_claim(w->count <= 1, "the thing is made once");
    rt_unlock(&w->m1);
}

static void check_then_act(void *arg)
{
    rt_go("maker", make_if_missing, arg);
    rt_go("maker", make_if_missing, arg);
}

/* ---- three philosophers in a circle ---- */

static void eat(struct rt_mutex *left, struct rt_mutex *right)
{
    rt_lock(left);
    rt_lock(right);
    rt_unlock(right);
    rt_unlock(left);
}

static void eat_first(void *arg)
{
    struct kernel_world *w = arg;
    eat(&w->m1, &w->m2);
}

static void eat_second(void *arg)
{
    struct kernel_world *w = arg;
    eat(&w->m2, &w->m3);
}

static void eat_third(void *arg)
{
    struct kernel_world *w = arg;
    if (w->fixed)
        eat(&w->m1, &w->m3);
    else
        eat(&w->m3, &w->m1);
}

static void philosophers(void *arg)
{
    rt_go("first", eat_first, arg);
    rt_go("second", eat_second, arg);
    rt_go("third", eat_third, arg);
}

const struct kernel kernels_lock[] = {
    { "double-lock", "the path for a closed connection locks again what is locked", 0,
            double_lock },
    { "ab-ba", "two goroutines take two locks in opposite orders", 0, abba },
    { "three-locks", "three goroutines take three locks in a circle", 0, philosophers },
    { "rwr", "a writer waits between two read locks of one goroutine", 0, rwr },
    { "rwr-helper", "a reader waits for another one behind a waiting writer", 0, rwr_helper },
    { "missing-unlock", "an early return keeps the lock", 0, missing_unlock },
    { "check-then-act", "a check and its act are two critical sections", 0, check_then_act },
    { 0 },
};
