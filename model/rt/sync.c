/* sync.Mutex, Once and WaitGroup, and the lists of those who wait for a lock. */
#include "model/rt/sync.h"

#include "model/rt/machine.h"

void rt_lock_refresh(struct rt_fiber *list)
{
    for (struct rt_fiber *f = list; f; f = f->lock_next)
        rt_refresh(f);
}

/* At the end, so that the order is that of arrival. */
void rt_lock_link(struct rt_fiber *f, struct rt_fiber **list)
{
    struct rt_fiber **link = list;
    RT_CHECK(!f->lock_list);
    f->lock_prev = NULL;
    f->lock_next = NULL;
    f->lock_list = list;
    while (*link) {
        f->lock_prev = *link;
        link = &(*link)->lock_next;
    }
    *link = f;
}

void rt_lock_unlink(struct rt_fiber *f)
{
    RT_CHECK(f->lock_list);
    RT_CHECK((f->lock_prev ? f->lock_prev->lock_next : *f->lock_list) == f);
    RT_CHECK(!f->lock_next || f->lock_next->lock_prev == f);
    *(f->lock_prev ? &f->lock_prev->lock_next : f->lock_list) = f->lock_next;
    if (f->lock_next)
        f->lock_next->lock_prev = f->lock_prev;
    f->lock_list = NULL;
}

void rt_fatal(const char *text, const char *name)
{
    if (rt_proc_self())
        rt_proc_exit_at(rt_proc_self(), 2, rt_str_from(text), "unlock", name ? name : "");
    rt_die("fatal error: %s", text);
}

/* ---- Mutex ---- */

static bool mutex_ready(const struct rt_fiber *f)
{
    return !((const struct rt_mutex *)f->object)->locked;
}

static const struct rt_fiber *mutex_holder(const struct rt_fiber *f)
{
    const struct rt_mutex *m = f->object;
    return m->passed ? NULL : m->owner;
}

static const struct rt_wait mutex_wait = { mutex_ready, mutex_holder, rt_lock_unlink };

void rt_mutex_init(struct rt_mutex *m, const char *name)
{
    *m = (struct rt_mutex){ .name = name };
    rt_object_name(&m->object);
}

static void mutex_take(struct rt_mutex *m, struct rt_fiber *f)
{
    RT_CHECK(!m->locked && !m->owner);
    m->locked = true;
    m->owner = f;
    rt_lock_refresh(m->waiters);
    if (rt_ordering(f))
        rt_order_locked(f, m, m->name, m->order, NULL);
}

static void mutex_wait_turn(struct rt_mutex *m, struct rt_fiber *f, const struct rt_wait *wait)
{
    f->object = m;
    rt_lock_link(f, &m->waiters);
    rt_wait_turn(f, wait);
}

void rt_lock_at(struct rt_mutex *m, const char *file, int line)
{
    struct rt_fiber *f = rt_running();
    rt_object_name(&m->object);
    if (!f) {
        if (m->locked)
            rt_die("lock of a locked mutex outside goroutines, at %s:%d", file, line);
    } else {
        rt_publish(f, RT_OP_LOCK, m->object, m->name, file, line);
        if (!m->locked && rt_may_run_on(f->rt))
            rt_take(f->rt, f, -1);
        else
            mutex_wait_turn(m, f, &mutex_wait);
    }
    mutex_take(m, f);
}

static void mutex_leave(struct rt_mutex *m)
{
    m->passed |= m->owner != rt_running();
    m->locked = false;
    m->owner = NULL;
    rt_lock_refresh(m->waiters);
}

void rt_unlock(struct rt_mutex *m)
{
    if (!m->locked)
        rt_fatal("sync: unlock of unlocked mutex", m->name);
    if (rt_machine_now)
        rt_report(rt_machine_now, rt_running(), RT_OP_UNLOCK, m->object, m->name);
    if (rt_ordering(rt_running()))
        rt_order_unlocked(&m->order, RT_OP_UNLOCK, m, m->name);
    mutex_leave(m);
}

/* ---- Once ---- */

static bool once_ready(const struct rt_fiber *f)
{
    const struct rt_once *once = f->object;
    return once->done || !once->mutex.locked;
}

static const struct rt_fiber *once_holder(const struct rt_fiber *f)
{
    return ((const struct rt_once *)f->object)->mutex.owner;
}

static const struct rt_wait once_wait = { once_ready, once_holder, rt_lock_unlink };

/* Done also if fn panics. */
static void once_finish(void *arg)
{
    struct rt_once *once = arg;
    RT_CHECK(once->mutex.locked && !once->done);
    once->done = true;
    if (rt_machine_now)
        rt_report(rt_machine_now, rt_running(), RT_OP_UNLOCK, once->mutex.object, once->mutex.name);
    if (rt_ordering(rt_running()))
        rt_order_unlocked(&once->mutex.order, RT_OP_UNLOCK, &once->mutex, once->mutex.name);
    mutex_leave(&once->mutex);
}

void rt_once_init(struct rt_once *once, const char *name)
{
    *once = (struct rt_once){ .mutex.name = name };
    rt_object_name(&once->mutex.object);
}

void rt_once_do(struct rt_once *once, rt_fn fn, void *arg)
{
    struct rt_fiber *f = rt_running();
    rt_object_name(&once->mutex.object);
    if (!f) {
        if (!once->done && once->mutex.locked)
            rt_die("a sync.Once that waits for itself outside goroutines");
    } else {
        rt_publish(f, RT_OP_ONCE, once->mutex.object, once->mutex.name, NULL, 0);
        f->object = once;
        if (once_ready(f) && rt_may_run_on(f->rt)) {
            rt_take(f->rt, f, -1);
        } else {
            rt_lock_link(f, &once->mutex.waiters);
            rt_wait_turn(f, &once_wait);
        }
    }
    if (once->done) {
        if (rt_ordering(f))
            rt_order_acquire(f, once->mutex.order);
        return;
    }
    mutex_take(&once->mutex, f);
    struct rt_defer *mark = rt_defer_mark();
    rt_defer(once_finish, once);
    fn(arg);
    rt_run_deferred(mark);
}

/* ---- WaitGroup ---- */

static bool waitgroup_ready(const struct rt_fiber *f)
{
    return ((const struct rt_waitgroup *)f->object)->count == 0;
}

static const struct rt_wait waitgroup_wait = { waitgroup_ready, NULL, rt_lock_unlink };

/* Told to sources, which reason about orders, and to nobody else. */
static void tell_added(const struct rt_waitgroup *wg, int64_t delta)
{
    struct rt *rt = rt_machine_now;
    if (!rt || !rt->source.effect || !delta)
        return;
    struct rt_op op = { RT_OP_DONE, wg->object, wg->name, NULL, 0 };
    if (delta > 0)
        op.kind = wg->count ? RT_OP_ADD : RT_OP_ADD_FIRST;
    else if (wg->count + delta <= 0)
        op.kind = wg->count + delta < 0 ? RT_OP_DONE_BELOW : RT_OP_DONE_LAST;
    rt->source.effect(rt->source.self, rt->running, &op);
}

void rt_waitgroup_init(struct rt_waitgroup *wg, const char *name)
{
    *wg = (struct rt_waitgroup){ .name = name };
    rt_object_name(&wg->object);
}

void rt_waitgroup_add(struct rt_waitgroup *wg, int64_t delta)
{
    rt_object_name(&wg->object);
    tell_added(wg, delta);
    wg->count += delta;
    if (wg->count < 0) {
        rt_lock_refresh(wg->waiters);
        rt_panicf("sync: negative WaitGroup counter");
    }
    if (rt_ordering(rt_running()))
        rt_order_added(wg, delta);
    while (wg->count == 0 && wg->waiters) {
        RT_CHECK(wg->waiters->op.kind == RT_OP_WAIT && wg->waiters->object == wg);
        if (rt_ordering(wg->waiters))
            rt_order_acquire(wg->waiters, wg->order);
        rt_complete(wg->waiters);
    }
    rt_lock_refresh(wg->waiters);
}

void rt_waitgroup_done(struct rt_waitgroup *wg)
{
    rt_waitgroup_add(wg, -1);
}

void rt_waitgroup_wait(struct rt_waitgroup *wg)
{
    struct rt_fiber *f = rt_running();
    rt_object_name(&wg->object);
    if (!f) {
        if (wg->count)
            rt_die("a wait for goroutines outside goroutines");
        return;
    }
    rt_publish(f, RT_OP_WAIT, wg->object, wg->name, NULL, 0);
    if (wg->count == 0 && rt_may_run_on(f->rt)) {
        rt_take(f->rt, f, -1);
    } else {
        if (wg->count && rt_ordering(f))
            rt_order_waits(wg);
        f->object = wg;
        rt_lock_link(f, &wg->waiters);
        rt_wait_turn(f, &waitgroup_wait);
    }
    if (!f->complete && rt_ordering(f))
        rt_order_acquire(f, wg->order);
}
