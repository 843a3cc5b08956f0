/* sync.RWMutex, as Go's: Lock first keeps out other writers and new readers, then waits for the
 * readers that are there. Unlock lets in every reader that has waited before another writer gets
 * its turn.
 *
 * A writer that waits for readers is `writer` while `waiting_writers` is 1 and `locked` is
 * false. */
#include "model/rt/sync.h"

#include "model/rt/machine.h"

static bool is_open(const struct rt_rwmutex *m)
{
    return !m->locked && !m->waiting_writers;
}

/* Which states a lock can be in: free, held by readers, held by a writer, or held by readers while
 * a writer waits for them. */
static void check(const struct rt_rwmutex *m)
{
    RT_CHECK(!m->locked || (!m->readers && !m->waiting_writers));
    RT_CHECK(m->waiting_writers <= 1);
    RT_CHECK(!m->waiting_writers || (m->readers && m->writer));
    RT_CHECK(m->locked || m->waiting_writers || !m->writer);
    (void)m;
}

static bool open_ready(const struct rt_fiber *f)
{
    return is_open(f->object);
}

static bool never_ready(const struct rt_fiber *f)
{
    (void)f;
    return false;
}

/* A writer that leaves while it waits for readers was killed, or has the lock now. */
static void drain_leave(struct rt_fiber *f)
{
    struct rt_rwmutex *m = f->object;
    m->waiting_writers = 0;
    if (!m->locked)
        m->writer = NULL;
    check(m);
    rt_lock_unlink(f);
    rt_lock_refresh(m->waiters);
}

/* Readers are not known by name. */
static const struct rt_fiber *writing(const struct rt_fiber *f)
{
    const struct rt_rwmutex *m = f->object;
    return m->passed ? NULL : m->writer;
}

static const struct rt_wait open_wait = { open_ready, writing, rt_lock_unlink };
static const struct rt_wait drain_wait = { never_ready, NULL, drain_leave };

void rt_rwmutex_init(struct rt_rwmutex *m, const char *name)
{
    *m = (struct rt_rwmutex){ .name = name };
    rt_object_name(&m->object);
}

static void wait_here(struct rt_rwmutex *m, struct rt_fiber *f, const struct rt_wait *wait)
{
    f->object = m;
    rt_lock_link(f, &m->waiters);
    rt_wait_turn(f, wait);
}

/* Publishes the operation and waits until the lock is open. */
static struct rt_fiber *arrive(
        struct rt_rwmutex *m, enum rt_op_kind kind, const char *file, int line)
{
    struct rt_fiber *f = rt_running();
    rt_object_name(&m->object);
    if (!f) {
        if (!is_open(m) || (kind == RT_OP_LOCK && m->readers))
            rt_die("a lock that must wait outside goroutines, at %s:%d", file, line);
        return NULL;
    }
    rt_publish(f, kind, m->object, m->name, file, line);
    if (is_open(m) && rt_may_run_on(f->rt))
        rt_take(f->rt, f, -1);
    else
        wait_here(m, f, &open_wait);
    return f;
}

void rt_wlock_at(struct rt_rwmutex *m, const char *file, int line)
{
    struct rt_fiber *f = arrive(m, RT_OP_LOCK, file, line);
    m->writer = f;
    if (!m->readers) {
        m->locked = true;
        rt_lock_refresh(m->waiters);
    } else {
        m->waiting_writers = 1;
        rt_lock_refresh(m->waiters);
        wait_here(m, f, &drain_wait);
    }
    check(m);
    RT_CHECK(m->locked && m->writer == f);
    if (rt_ordering(f))
        rt_order_locked(f, m, m->name, m->order, m->readers_order);
}

void rt_wunlock(struct rt_rwmutex *m)
{
    if (!m->locked)
        rt_fatal("sync: Unlock of unlocked RWMutex", m->name);
    struct rt *rt = rt_machine_now;
    if (rt)
        rt_report(rt, rt->running, RT_OP_UNLOCK, m->object, m->name);
    if (rt_ordering(rt_running()))
        rt_order_unlocked(&m->order, RT_OP_UNLOCK, m, m->name);
    m->passed |= m->writer != rt_running();
    m->locked = false;
    m->writer = NULL;
    for (struct rt_fiber *f = m->waiters, *next; f; f = next) {
        next = f->lock_next;
        if (f->op.kind == RT_OP_RLOCK && f->epoch < f->rt->epoch) {
            m->readers++;
            rt_complete(f);
        }
    }
    check(m);
    rt_lock_refresh(m->waiters);
}

void rt_rlock_at(struct rt_rwmutex *m, const char *file, int line)
{
    struct rt_fiber *f = arrive(m, RT_OP_RLOCK, file, line);
    if (!f || !f->complete)
        m->readers++;
    check(m);
    RT_CHECK(!m->locked);
    if (rt_ordering(f))
        rt_order_locked(f, m, m->name, m->order, NULL);
}

void rt_runlock(struct rt_rwmutex *m)
{
    if (!m->readers)
        rt_fatal("sync: RUnlock of unlocked RWMutex", m->name);
    struct rt *rt = rt_machine_now;
    if (rt)
        rt_report(rt, rt->running, RT_OP_RUNLOCK, m->object, m->name);
    if (rt_ordering(rt_running()))
        rt_order_unlocked(&m->readers_order, RT_OP_RUNLOCK, m, m->name);
    m->readers--;
    if (m->readers || !m->waiting_writers)
        return;
    RT_CHECK(!m->locked && m->writer->wait == &drain_wait);
    m->locked = true;
    rt_complete(m->writer);
}
