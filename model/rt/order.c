/* Who knows of whom: how each operation passes vector clocks on. */
#include "model/rt/order.h"

#include "model/rt/sync.h"

#include <string.h>

/* ---- agents ---- */

static struct rt_agent *agent_new(const char *name)
{
    struct rt_agent *a = rt_new(struct rt_agent);
    a->name = name;
    return a;
}

uint32_t rt_order_slot(struct rt *rt, struct rt_agent *a)
{
    if (!a->slot) {
        rt_list_push(&rt->agents, a);
        a->slot = rt->agents.count;
        rt_clock_set(&a->clock, a->slot, 1);
    }
    return a->slot;
}

/* The agent's time goes on, so that what it does now is not what it has passed on. */
static void tick(struct rt_agent *a, enum rt_op_kind kind, const char *name)
{
    if (!a->slot)
        return;
    rt_reserve(a->releases, a->release_cap, a->release_count + 1);
    a->releases[a->release_count++] = (struct rt_release){ kind, name };
    a->clock.at[a->slot]++;
}

static void release(struct rt_agent *a, struct rt_clock *to, enum rt_op_kind kind, const char *name)
{
    rt_clock_join(to, &a->clock);
    tick(a, kind, name);
}

/* Code outside the loop acts between phases of a run: it knows of all that was done. */
static struct rt_agent *driver(struct rt *rt)
{
    if (!rt->driver)
        rt->driver = agent_new("driver");
    for (uint32_t i = 0; i < rt->agents.count; i++) {
        struct rt_agent *a = rt->agents.items[i];
        if (a != rt->driver)
            release(a, &rt->driver->clock, RT_OP_YIELD, "the end of a phase");
    }
    return rt->driver;
}

struct rt_agent *rt_order_agent(struct rt *rt)
{
    if (rt->running)
        return rt->running->agent;
    if (rt->outside)
        return rt->outside;
    return rt->active ? rt->active->agent : driver(rt);
}

static struct rt_agent *agent_of(struct rt_fiber *f)
{
    return f ? f->agent : rt_order_agent(rt_machine_now);
}

static struct rt_clock *clock_at(struct rt_clock **place)
{
    if (!*place)
        *place = rt_new(struct rt_clock);
    return *place;
}

void rt_order_acquire(struct rt_fiber *f, const struct rt_clock *from)
{
    if (from)
        rt_clock_join(&agent_of(f)->clock, from);
}

void rt_order_release(
        struct rt_fiber *f, struct rt_clock **to, enum rt_op_kind kind, const char *name)
{
    release(agent_of(f), clock_at(to), kind, name);
}

/* ---- goroutines and processes ---- */

void rt_order_start(struct rt_fiber *child)
{
    struct rt *rt = child->rt;
    struct rt_agent *parent = rt_order_agent(rt);
    struct rt_agent *a = agent_new(child->name);
    a->fiber = child->id;
    a->proc = child->proc;
    rt_clock_copy(&a->clock, &parent->clock);
    tick(parent, RT_OP_GO, child->name);
    (void)rt_order_slot(rt, a);
    child->agent = a;
}

/* The world sees a process end after all that its goroutines did. */
void rt_order_exit(struct rt_proc *proc)
{
    struct rt_agent *by = rt_order_agent(proc->rt);
    for (struct rt_fiber *f = proc->fibers; f; f = f->proc_next) {
        if (f->agent != by)
            release(f->agent, &by->clock, RT_OP_KILL, proc->name);
    }
}

/* ---- timers ---- */

void rt_order_timer_begins(struct rt *rt, const char *name, const struct rt_clock *set)
{
    struct rt_agent *a = agent_new(name);
    if (set)
        rt_clock_copy(&a->clock, set);
    rt->outside = a;
}

void rt_order_timer_ends(struct rt *rt)
{
    rt->outside = NULL;
}

/* ---- channels ---- */

static struct rt_chan_order *chan_order(struct rt_chan *ch)
{
    if (!ch->order)
        ch->order = rt_alloc(sizeof(*ch->order) + ch->capacity * sizeof(struct rt_clock));
    return ch->order;
}

/* In Go a send reads the channel, a close writes it: they must be ordered. */
static void access_chan(struct rt_agent *a, const struct rt_chan *ch, bool closes)
{
    if (ch->message)
        return;
    struct rt_fiber *f = rt_running();
    rt_order_access(rt_machine_now, a, ch, ch->name, closes, f ? f->op.file : NULL, NULL,
            f ? f->op.line : 0);
}

void rt_order_sends(struct rt_fiber *f, const struct rt_chan *ch)
{
    access_chan(agent_of(f), ch, false);
}

void rt_order_closes(struct rt_chan *ch)
{
    struct rt_agent *a = rt_order_agent(rt_machine_now);
    access_chan(a, ch, true);
    release(a, &chan_order(ch)->closed, RT_OP_CLOSE, ch->name);
}

/* Element k of the buffer is there: the sender knows of the receive that made its place free. */
void rt_order_sent(struct rt_fiber *f, struct rt_chan *ch)
{
    struct rt_chan_order *o = chan_order(ch);
    struct rt_clock *place = &o->places[o->sends++ % ch->capacity];
    struct rt_agent *a = agent_of(f);
    if (ch->message)
        place->len = 0;
    else
        rt_clock_join(&a->clock, place);
    release(a, place, RT_OP_SEND, ch->name);
}

void rt_order_received(struct rt_fiber *f, struct rt_chan *ch)
{
    struct rt_chan_order *o = chan_order(ch);
    struct rt_clock *place = &o->places[o->receives++ % ch->capacity];
    struct rt_agent *a = agent_of(f);
    rt_clock_join(&a->clock, place);
    if (!ch->message)
        release(a, place, RT_OP_RECV, ch->name);
}

void rt_order_saw_closed(struct rt_fiber *f, struct rt_chan *ch)
{
    rt_clock_join(&agent_of(f)->clock, &chan_order(ch)->closed);
}

/* An unbuffered send and its receive: each knows of the other when it has ended. */
void rt_order_met(struct rt_fiber *sender, struct rt_fiber *receiver, const struct rt_chan *ch)
{
    struct rt_agent *s = agent_of(sender), *r = agent_of(receiver);
    rt_clock_join(&r->clock, &s->clock);
    if (!ch->message) {
        rt_clock_join(&s->clock, &r->clock);
        tick(r, RT_OP_RECV, ch->name);
    }
    tick(s, RT_OP_SEND, ch->name);
}

/* ---- locks ---- */

static void hold(struct rt_agent *a, const void *key, const char *name)
{
    rt_reserve(a->locks, a->lock_cap, a->lock_count + 1);
    a->locks[a->lock_count++] = (struct rt_held){ key, name };
}

static bool let_go(struct rt_agent *a, const void *key)
{
    for (uint32_t i = a->lock_count; i-- > 0;) {
        if (a->locks[i].key != key)
            continue;
        for (a->lock_count--; i < a->lock_count; i++)
            a->locks[i] = a->locks[i + 1];
        return true;
    }
    return false;
}

static bool orders(const char *lock)
{
    const char *unordered = rt_machine_now->unordered_lock;
    return !unordered || !lock || strcmp(lock, unordered) != 0;
}

void rt_order_locked(struct rt_fiber *f, const void *key, const char *name,
        const struct rt_clock *unlocked, const struct rt_clock *readers)
{
    struct rt_agent *a = agent_of(f);
    if (!orders(name))
        return;
    if (unlocked)
        rt_clock_join(&a->clock, unlocked);
    if (readers)
        rt_clock_join(&a->clock, readers);
    hold(a, key, name);
}

void rt_order_unlocked(
        struct rt_clock **to, enum rt_op_kind kind, const void *key, const char *name)
{
    struct rt *rt = rt_machine_now;
    struct rt_agent *a = rt_order_agent(rt);
    if (!orders(name))
        return;
    bool own = let_go(a, key);
    for (uint32_t i = 0; i < rt->agents.count && !own; i++)
        own = let_go(rt->agents.items[i], key);
    release(a, clock_at(to), kind, name);
}

/* ---- WaitGroup: a first Add and a Wait must be ordered, as Go's own detector has it ---- */

static void access_waitgroup(const struct rt_waitgroup *wg, bool waits)
{
    struct rt_fiber *f = rt_running();
    rt_order_access(rt_machine_now, rt_order_agent(rt_machine_now), wg,
            wg->name ? wg->name : "WaitGroup", waits, f && waits ? f->op.file : NULL, NULL,
            f && waits ? f->op.line : 0);
}

void rt_order_added(struct rt_waitgroup *wg, int64_t delta)
{
    if (delta < 0)
        rt_order_release(rt_running(), &wg->order, RT_OP_WAIT, wg->name);
    else if (wg->count == delta)
        access_waitgroup(wg, false);
}

void rt_order_waits(const struct rt_waitgroup *wg)
{
    if (!wg->waiters)
        access_waitgroup(wg, true);
}

/* ---- messages that pass through a queue of the model's own ---- */

void rt_message_sent(void **queue)
{
    struct rt *rt = rt_machine_now;
    if (!rt || !rt->track_races)
        return;
    struct rt_clock *c = *queue;
    rt_order_release(rt->running, &c, RT_OP_SEND, "a message");
    *queue = c;
}

void rt_message_received(void *const *queue)
{
    struct rt *rt = rt_machine_now;
    if (rt && rt->track_races)
        rt_order_acquire(rt->running, *queue);
}
