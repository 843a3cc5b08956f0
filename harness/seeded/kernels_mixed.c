/* Kernels of channels together with locks, WaitGroups, Once and contexts. */
#include "harness/seeded/kernel.h"

/* ---- a lock is held at a rendezvous with one who wants the lock first ---- */

static void send_locked(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    if (w->fixed)
        rt_unlock(&w->m1);
    rt_send(w->ch, NULL);
    if (!w->fixed)
        rt_unlock(&w->m1);
}

static void lock_then_receive(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    rt_unlock(&w->m1);
    rt_recv(w->ch, NULL);
}

static void lock_and_channel(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(0, "ch");
    rt_go("sender", send_locked, w);
    rt_go("receiver", lock_then_receive, w);
}

/* ---- a bounded queue is filled under the lock that its reader needs for each item ---- */

static void fill_queue(void *arg)
{
    struct kernel_world *w = arg;
    for (int i = 0; i < 2; i++) {
        rt_lock(&w->m1);
        if (w->fixed)
            rt_unlock(&w->m1);
        rt_send(w->ch, NULL);
        if (!w->fixed)
            rt_unlock(&w->m1);
    }
}

static void drain_queue(void *arg)
{
    struct kernel_world *w = arg;
    for (int i = 0; i < 4; i++) {
        rt_recv(w->ch, NULL);
        rt_lock(&w->m1);
        w->count++;
        rt_unlock(&w->m1);
    }
}

static void full_queue(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(1, "queue");
    rt_go("producer", fill_queue, w);
    rt_go("producer", fill_queue, w);
    rt_go("consumer", drain_queue, w);
}

/* ---- WaitGroup: a worker that is cancelled returns without Done ---- */

static void work_unless_cancelled(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case poll = RT_RECV(w->done);
    if (rt_select_default(&poll, 1) == 0 && !w->fixed)
        return;
    rt_waitgroup_done(&w->group);
}

static void cancel(void *arg)
{
    rt_close(((struct kernel_world *)arg)->done);
}

static void missing_done(void *arg)
{
    struct kernel_world *w = arg;
    w->done = rt_chan_make(0, "cancelled");
    rt_waitgroup_add(&w->group, 1);
    rt_go("worker", work_unless_cancelled, w);
    rt_go("canceller", cancel, w);
    rt_waitgroup_wait(&w->group);
}

/* ---- WaitGroup: Add in the goroutine that is waited for ---- */

static void add_and_work(void *arg)
{
    struct kernel_world *w = arg;
    if (!w->fixed)
        rt_waitgroup_add(&w->group, 1);
    rt_yield();
    w->count++;
    rt_waitgroup_done(&w->group);
}

static void late_add(void *arg)
{
    struct kernel_world *w = arg;
    for (int i = 0; i < 2; i++) {
        if (w->fixed)
            rt_waitgroup_add(&w->group, 1);
        rt_go("worker", add_and_work, w);
    }
    rt_waitgroup_wait(&w->group);
    go_program_claim(w->count == 2, "Wait returns when all work is done");
}

/* ---- WaitGroup: waiting under the lock that the workers need ---- */

static void work_locked(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    w->count++;
    rt_unlock(&w->m1);
    rt_waitgroup_done(&w->group);
}

static void wait_locked(void *arg)
{
    struct kernel_world *w = arg;
    rt_waitgroup_add(&w->group, 2);
    rt_go("worker", work_locked, w);
    rt_go("worker", work_locked, w);
    rt_yield();
    rt_lock(&w->m1);
    bool empty = w->count == 0;
    if (w->fixed || empty)
        rt_unlock(&w->m1);
    rt_waitgroup_wait(&w->group);
    if (!w->fixed && !empty)
        rt_unlock(&w->m1);
}

/* ---- Once: its function waits for one who calls the same Once before it sends ---- */

static void wait_for_other(void *arg)
{
    struct kernel_world *w = arg;
    rt_recv(w->ch, NULL);
}

static void do_nothing(void *arg)
{
    (void)arg;
}

static void call_waiting(void *arg)
{
    struct kernel_world *w = arg;
    rt_once_do(&w->once, wait_for_other, w);
}

static void call_then_send(void *arg)
{
    struct kernel_world *w = arg;
    if (w->fixed)
        rt_send(w->ch, NULL);
    rt_once_do(&w->once, do_nothing, w);
    if (!w->fixed)
        rt_send(w->ch, NULL);
}

static void once_cycle(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(1, "ch");
    rt_go("sender", call_then_send, w);
    rt_go("waiter", call_waiting, w);
}

/* ---- a context: a child that attaches itself while its parent is cancelled is never told ---- */

static void cancel_parent(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    w->flag = true;
    if (w->a)
        rt_close(w->done);
    rt_unlock(&w->m1);
}

static void attach_child(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    bool cancelled = w->flag;
    if (!w->fixed) {
        rt_unlock(&w->m1);
        rt_lock(&w->m1);
    }
    if (!cancelled)
        w->a = 1;
    rt_unlock(&w->m1);
    if (!cancelled)
        rt_recv(w->done, NULL);
}

static void late_child(void *arg)
{
    struct kernel_world *w = arg;
    w->done = rt_chan_make(0, "child.Done");
    rt_go("canceller", cancel_parent, w);
    rt_go("child", attach_child, w);
}

/* ---- a context: a value is sent to one who may have been cancelled, with no eye on Done ---- */

static void serve_until_cancelled(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case cases[] = { RT_RECV(w->ch), RT_RECV(w->done) };
    while (rt_select(cases, 2) == 0)
        continue;
}

static void ask_twice(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case cases[] = { RT_SEND(w->ch, NULL), RT_RECV(w->done) };
    for (int i = 0; i < 2; i++)
        rt_select(cases, w->fixed ? 2 : 1);
}

static void cancelled_server(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(0, "questions");
    w->done = rt_chan_make(0, "ctx.Done");
    rt_go("server", serve_until_cancelled, w);
    rt_go("client", ask_twice, w);
    rt_go("canceller", cancel, w);
}

/* ---- a semaphore that is taken twice by each of two ---- */

static void take_twice(void *arg)
{
    struct kernel_world *w = arg;
    rt_send(w->ch, NULL);
    if (!w->fixed)
        rt_send(w->ch, NULL);
    if (!w->fixed)
        rt_recv(w->ch, NULL);
    rt_recv(w->ch, NULL);
}

static void nested_semaphore(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(2, "semaphore");
    rt_go("first", take_twice, w);
    rt_go("second", take_twice, w);
}

/* ---- used before it was made ---- */

static void make_thing(void *arg)
{
    struct kernel_world *w = arg;
    rt_yield();
    w->ch2 = rt_chan_make(1, "thing");
    if (w->fixed)
        rt_close(w->done);
}

static void use_thing(void *arg)
{
    struct kernel_world *w = arg;
    if (w->fixed)
        rt_recv(w->done, NULL);
    (void)RT_DEREF(w->ch2);
}

static void used_too_early(void *arg)
{
    struct kernel_world *w = arg;
    w->done = rt_chan_make(0, "made");
    rt_go("maker", make_thing, w);
    rt_go("user", use_thing, w);
}

const struct kernel kernels_mixed[] = {
    { "lock-and-channel", "a lock is held at a send whose receiver wants it first", 0,
            lock_and_channel },
    { "full-queue", "a bounded queue is filled under the lock that its reader needs", 0,
            full_queue },
    { "missing-done", "a cancelled worker returns without Done", 0, missing_done },
    { "late-add", "Add is called by the goroutine that is waited for", 0, late_add },
    { "wait-locked", "Wait is called under the lock that the workers need", 0, wait_locked },
    { "once-cycle", "the function of a Once waits for one who calls the same Once", 0, once_cycle },
    { "late-child", "a child attaches itself to a context that was cancelled meanwhile", 0,
            late_child },
    { "cancelled-server", "a client sends to a server that was cancelled", 0, cancelled_server },
    { "nested-semaphore", "two goroutines take a semaphore of two twice", 0, nested_semaphore },
    { "used-too-early", "a goroutine uses what another one has not made yet", 0, used_too_early },
    { 0 },
};
