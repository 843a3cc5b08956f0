/* The virtual clock: a heap of timers by time, then by order of creation. */
#include "model/rt/clock.h"

#include "model/rt/machine.h"

/* Before the time at which no timer races (struct rt). */
#define END_OF_TIME (INT64_MAX - 1)

struct rt_timer {
    struct rt *rt;
    struct rt_proc *owner;
    const char *name;
    struct rt_chan *ch;     /* a timer or ticker, */
    struct rt_fiber *fiber; /* a sleeper, */
    rt_fn fn;               /* or a call */
    void *arg;
    int64_t when;
    int64_t period;
    uint64_t seq;
    uint64_t identity; /* the same whatever the schedule: who made it, as its n-th */
    uint32_t object;
    struct rt_clock *order; /* what was known when it was set */
    uint32_t place;         /* index in the heap + 1; 0 when it is not pending */
};

static struct rt *machine(const char *what)
{
    if (!rt_machine_now)
        rt_die("%s outside a run", what);
    return rt_machine_now;
}

int64_t rt_now_ns(void)
{
    return rt_machine_now ? rt_machine_now->now : 0;
}

int64_t rt_wall_ns(void)
{
    return rt_machine_now ? rt_machine_now->start_time_ms * RT_MS + rt_machine_now->now : 0;
}

/* ---- the heap ---- */

static struct rt_timer *at(const struct rt *rt, uint32_t i)
{
    return rt->timers.items[i];
}

static bool earlier(const struct rt_timer *a, const struct rt_timer *b)
{
    return a->when != b->when ? a->when < b->when : a->seq < b->seq;
}

static void place(struct rt *rt, uint32_t i, struct rt_timer *t)
{
    RT_CHECK(i < rt->timers.count);
    rt->timers.items[i] = t;
    t->place = i + 1;
}

static void sift_up(struct rt *rt, uint32_t i, struct rt_timer *t)
{
    for (; i > 0 && earlier(t, at(rt, (i - 1) / 2)); i = (i - 1) / 2)
        place(rt, i, at(rt, (i - 1) / 2));
    place(rt, i, t);
}

static void sift_down(struct rt *rt, uint32_t i, struct rt_timer *t)
{
    for (uint32_t child; (child = 2 * i + 1) < rt->timers.count; i = child) {
        if (child + 1 < rt->timers.count && earlier(at(rt, child + 1), at(rt, child)))
            child++;
        if (!earlier(at(rt, child), t))
            break;
        place(rt, i, at(rt, child));
    }
    place(rt, i, t);
}

/* The timer is where it says, neither before its parent nor after its children. */
static void check(const struct rt *rt, const struct rt_timer *t)
{
    uint32_t i = t->place - 1;
    RT_CHECK(t->place && i < rt->timers.count && at(rt, i) == t);
    RT_CHECK(i == 0 || !earlier(t, at(rt, (i - 1) / 2)));
    RT_CHECK(2 * i + 1 >= rt->timers.count || !earlier(at(rt, 2 * i + 1), t));
    RT_CHECK(2 * i + 2 >= rt->timers.count || !earlier(at(rt, 2 * i + 2), t));
    (void)i;
}

static void update_race(struct rt *rt)
{
    if (!rt->timers.count)
        rt->race_from = INT64_MAX;
    else
        rt->race_from = rt->timers_race ? 0 : at(rt, 0)->when;
}

static void add(struct rt_timer *t, int64_t duration_ns)
{
    struct rt *rt = t->rt;
    if (t->owner && t->owner->dead)
        return;
    RT_CHECK(!t->place);
    int64_t left = END_OF_TIME - rt->now;
    t->when = rt->now + (duration_ns < 0 ? 0 : duration_ns < left ? duration_ns : left);
    t->seq = ++rt->timer_seq;
    if (rt_ordering(rt->running) && !t->fiber)
        rt_order_release(rt->running, &t->order, RT_OP_TIMER, t->name);
    rt_list_push(&rt->timers, t);
    sift_up(rt, rt->timers.count - 1, t);
    check(rt, t);
    update_race(rt);
}

static bool take_out(struct rt_timer *t)
{
    struct rt *rt = t->rt;
    if (!t->place)
        return false;
    check(rt, t);
    uint32_t i = t->place - 1;
    t->place = 0;
    struct rt_timer *last = at(rt, --rt->timers.count);
    if (last != t) {
        if (i > 0 && earlier(last, at(rt, (i - 1) / 2)))
            sift_up(rt, i, last);
        else
            sift_down(rt, i, last);
        check(rt, last);
    }
    update_race(rt);
    return true;
}

void rt_timers_drop(struct rt *rt, const struct rt_proc *proc)
{
    uint32_t n = rt->timers.count;
    rt->timers.count = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct rt_timer *t = at(rt, i);
        if (t->owner == proc) {
            t->place = 0;
        } else {
            rt->timers.count++;
            sift_up(rt, rt->timers.count - 1, t);
            check(rt, t);
        }
    }
    update_race(rt);
}

/* ---- firing ---- */

static void collect_due(struct rt *rt, uint32_t i)
{
    if (i >= rt->timers.count || at(rt, i)->when != at(rt, 0)->when)
        return;
    struct rt_timer *t = at(rt, i);
    rt_list_push(&rt->options, t);
    uint32_t j = rt->options.count - 1;
    for (; j > 0 && earlier(t, rt->options.items[j - 1]); j--)
        rt->options.items[j] = rt->options.items[j - 1];
    rt->options.items[j] = t;
    collect_due(rt, 2 * i + 1);
    collect_due(rt, 2 * i + 2);
}

static void call(struct rt_timer *t)
{
    rt_str text;
    if (rt_call_outside(t->rt, t->fn, t->arg, &text))
        return;
    if (!t->owner)
        rt_die("panic in the timer %s: %.*s", t->name, (int)text.len, (const char *)text.data);
    rt_proc_exit_at(t->owner, 2, text, "timer", t->name);
}

void rt_timer_fire_next(struct rt *rt)
{
    rt->options.count = 0;
    collect_due(rt, 0);
    struct rt_timer *t = rt->options.items[0];
    if (rt->options.count > 1) {
        struct rt_choice c = { RT_CHOICE_TIMER, rt->options.count, "which timer", NULL, rt, false };
        t = rt->options.items[rt_decide(rt, &c)];
    }
    RT_CHECK(t->when == at(rt, 0)->when);
    RT_CHECK(!t->owner || !t->owner->dead);
    if (t->when > rt->now)
        rt->now = t->when;
    take_out(t);
    rt->fired = t->identity;
    rt->steps++;
    rt_hash_time(rt);
    rt_report(rt, NULL, RT_OP_TIMER, t->object, t->name);
    if (rt->track_races)
        rt_order_timer_begins(rt, t->name, t->order);
    if (t->period)
        add(t, t->period);
    if (t->fiber) {
        rt_complete(t->fiber);
    } else if (t->fn) {
        call(t);
    } else {
        struct rt_case c = RT_SEND(t->ch, NULL);
        (void)rt_select_default(&c, 1);
    }
    if (rt->track_races)
        rt_order_timer_ends(rt);
}

uint64_t rt_timer_fired(const struct rt *rt)
{
    return rt->fired;
}

void rt_timers_each(struct rt *rt,
        void (*look)(void *arg, const void *timer, struct rt_fiber *sleeper, const void *fn_arg),
        void *arg)
{
    for (uint32_t i = 0; i < rt->timers.count; i++)
        look(arg, at(rt, i), at(rt, i)->fiber, at(rt, i)->arg);
}

int64_t rt_next_timer_ns(struct rt *rt)
{
    return rt->timers.count ? at(rt, 0)->when : -1;
}

size_t rt_tickers_only(struct rt *rt)
{
    for (uint32_t i = 0; i < rt->timers.count; i++)
        if (at(rt, i)->period == 0)
            return 0;
    return rt->timers.count;
}

/* ---- timers, tickers, sleep ---- */

static struct rt_timer *new_timer(const char *what, struct rt_proc *owner, const char *name)
{
    struct rt *rt = machine(what);
    struct rt_timer *t = rt_new(struct rt_timer);
    t->rt = rt;
    t->owner = owner;
    t->name = name;
    t->object = rt_object_new();
    t->identity = rt->running ? rt->running->identity + ++rt->running->timers : ++rt->root_timers;
    return t;
}

struct rt_timer *rt_timer_new(int64_t duration_ns, const char *name)
{
    struct rt_timer *t = new_timer("rt_timer_new", rt_proc_self(), name);
    t->ch = rt_chan_make(1, name);
    add(t, duration_ns);
    return t;
}

struct rt_chan *rt_timer_chan(struct rt_timer *timer)
{
    return timer->ch;
}

bool rt_timer_stop(struct rt_timer *timer)
{
    return take_out(timer);
}

bool rt_timer_reset(struct rt_timer *timer, int64_t duration_ns)
{
    bool was_pending = take_out(timer);
    add(timer, duration_ns);
    return was_pending;
}

struct rt_chan *rt_after(int64_t duration_ns, const char *name)
{
    return rt_timer_new(duration_ns, name)->ch;
}

struct rt_timer *rt_ticker_new(int64_t period_ns, const char *name)
{
    if (period_ns <= 0)
        rt_panicf("non-positive interval for NewTicker");
    struct rt_timer *t = new_timer("rt_ticker_new", rt_proc_self(), name);
    t->ch = rt_chan_make(1, name);
    t->period = period_ns;
    add(t, period_ns);
    return t;
}

struct rt_timer *rt_timer_call(
        struct rt_proc *owner, int64_t duration_ns, const char *name, rt_fn fn, void *arg)
{
    struct rt_timer *t = new_timer("rt_timer_call", owner, name);
    t->fn = fn;
    t->arg = arg;
    add(t, duration_ns);
    return t;
}

static bool never_ready(const struct rt_fiber *f)
{
    (void)f;
    return false;
}

static void sleep_leave(struct rt_fiber *f)
{
    (void)take_out(f->object);
}

static const struct rt_wait sleep_wait = { never_ready, NULL, sleep_leave };

void rt_sleep_ns(int64_t duration_ns)
{
    struct rt_fiber *f = rt_running();
    if (!f)
        rt_die("sleep outside goroutines");
    if (duration_ns <= 0)
        return;
    struct rt_timer *t = f->sleeper;
    if (!t) {
        t = new_timer("rt_sleep_ns", f->proc, "sleep");
        t->fiber = f;
        f->sleeper = t;
    }
    add(t, duration_ns);
    rt_publish(f, RT_OP_SLEEP, t->object, t->name, NULL, 0);
    f->object = t;
    rt_wait_turn(f, &sleep_wait);
}
