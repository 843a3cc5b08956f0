/* Kernels whose bug needs a known number of steps in a certain order. */
#include "harness/seeded/kernel.h"

/* ---- reorder_N: N setters change two variables; a checker must see both changes or none ---- */

static void lock_if_fixed(struct kernel_world *w)
{
    if (w->fixed)
        rt_lock(&w->m1);
}

static void unlock_if_fixed(struct kernel_world *w)
{
    if (w->fixed)
        rt_unlock(&w->m1);
}

static void setter(void *arg)
{
    struct kernel_world *w = arg;
    lock_if_fixed(w);
    w->a = 1;
    rt_yield();
    w->b = -1;
    unlock_if_fixed(w);
}

static void checker(void *arg)
{
    struct kernel_world *w = arg;
    lock_if_fixed(w);
    go_program_claim((w->a == 0) == (w->b == 0), "both variables are changed, or none is");
    unlock_if_fixed(w);
}

static void reorder(void *arg)
{
    struct kernel_world *w = arg;
    for (int i = 0; i < w->size; i++)
        rt_go("setter", setter, w);
    rt_go("checker", checker, w);
}

/* ---- twostage_N: N writers change two variables, each under its own lock; a reader that comes
 * between the two stages of the first sees one change alone ---- */

static void stage_writer(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    w->a = 1;
    if (!w->fixed)
        rt_unlock(&w->m1);
    rt_lock(&w->m2);
    w->b = w->a + 1;
    rt_unlock(&w->m2);
    unlock_if_fixed(w);
}

static void stage_reader(void *arg)
{
    struct kernel_world *w = arg;
    rt_lock(&w->m1);
    int first = w->a;
    if (!w->fixed)
        rt_unlock(&w->m1);
    rt_lock(&w->m2);
    go_program_claim(first == 0 || w->b == first + 1, "the second stage follows the first");
    rt_unlock(&w->m2);
    unlock_if_fixed(w);
}

static void twostage(void *arg)
{
    struct kernel_world *w = arg;
    for (int i = 0; i < w->size; i++)
        rt_go("writer", stage_writer, w);
    rt_go("reader", stage_reader, w);
}

#define REORDER(n)                                                                                 \
    {                                                                                              \
        "reorder_" #n, "a checker sees one of two changes that " #n " setters make", n, reorder    \
    }
#define TWOSTAGE(n)                                                                                \
    {                                                                                              \
        "twostage_" #n, "a reader comes between the two locked stages of " #n " writers", n,       \
                twostage                                                                           \
    }

const struct kernel kernels_order[] = {
    REORDER(1),
    REORDER(3),
    REORDER(5),
    REORDER(10),
    REORDER(20),
    TWOSTAGE(1),
    TWOSTAGE(3),
    TWOSTAGE(5),
    TWOSTAGE(10),
    TWOSTAGE(20),
    { 0 },
};

/* ---- the canary ---- */

static void wait_for_nobody(void *arg)
{
    struct kernel_world *w = arg;
    if (!w->fixed)
        rt_recv(w->ch, NULL);
}

static void canary(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(0, "nobody");
    rt_go("waiter", wait_for_nobody, w);
    rt_go("other", wait_for_nobody, w);
}

const struct kernel kernel_canary = { "canary", "goroutines wait for ever in every schedule", 0,
    canary };
