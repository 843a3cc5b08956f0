/* Who runs next. The scheduler's loop runs on the thread's own stack and switches to one goroutine
 * for one step; a goroutine that is alone goes on without it. */
#include "model/rt/machine.h"
#include "model/rt/reach.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Thread_local struct rt *rt_machine_now;

void rt_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "cclab: ");
    (void)vfprintf(stderr, format, args);
    (void)fprintf(stderr, "\n");
    va_end(args);
    abort();
}

void rt_list_push(struct rt_list *list, void *item)
{
    if (list->count == list->cap) {
        uint32_t cap = list->cap ? 2 * list->cap : 32;
        void **items = realloc(list->items, cap * sizeof(*items));
        if (!items)
            rt_die("out of memory");
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = item;
}

/* ---- the enabled set ---- */

static void enable(struct rt_fiber *f)
{
    struct rt_list *set = &f->rt->enabled;
    RT_CHECK(!f->enabled && !f->dead);
    rt_list_push(set, f);
    uint32_t i = set->count - 1;
    for (; i > 0 && ((struct rt_fiber *)set->items[i - 1])->id > f->id; i--)
        set->items[i] = set->items[i - 1];
    set->items[i] = f;
    RT_CHECK(i == 0 || ((struct rt_fiber *)set->items[i - 1])->id < f->id);
    f->enabled = true;
}

void rt_disable(struct rt_fiber *f)
{
    struct rt_list *set = &f->rt->enabled;
    uint32_t i = 0;
    RT_CHECK(f->enabled);
    while (set->items[i] != f) {
        i++;
        RT_CHECK(i < set->count);
    }
    for (set->count--; i < set->count; i++)
        set->items[i] = set->items[i + 1];
    f->enabled = false;
}

void rt_refresh(struct rt_fiber *f)
{
    bool ready = f->complete || !f->wait || f->wait->ready(f);
    if (ready && !f->enabled)
        enable(f);
    else if (!ready && f->enabled)
        rt_disable(f);
}

void rt_complete(struct rt_fiber *f)
{
    const struct rt_wait *wait = f->wait;
    RT_CHECK(!f->complete && !f->dead);
    RT_CHECK(f != f->rt->running);
    f->complete = true;
    f->wait = NULL;
    if (wait)
        wait->leave(f);
    rt_refresh(f);
    if (f->rt->source.complete)
        f->rt->source.complete(f->rt->source.self, f);
}

/* ---- steps ---- */

void rt_take(struct rt *rt, struct rt_fiber *f, int64_t choice_index)
{
    rt->steps++;
    rt->last = f;
    rt_hash_op(rt, f, &f->op);
    if (rt->source.step)
        rt->source.step(rt->source.self, f, &f->op);
    if (rt->sink.step)
        rt->sink.step(rt->sink.self, rt->now, f, &f->op, choice_index);
}

static void enter_fiber(struct rt *rt, struct rt_fiber *f)
{
    rt->running = f;
    rt->active = f;
    struct rt_frames *before = rt_frames_use(&f->frames);
    rt_stack_switch(&rt->thread, f->stack);
    while (rt->aside) {
        rt->aside(rt->aside_arg);
        rt_stack_switch(&rt->thread, f->stack);
    }
    (void)rt_frames_use(before);
    rt->running = NULL;
    rt->active = NULL;
    if (f->dead) {
        rt_stack_give(&rt->stacks, f->stack);
        f->stack = NULL;
    }
}

static void fiber_main(void)
{
    struct rt *rt = rt_machine_now;
    struct rt_fiber *f = rt->running;
    rt_stack_entered(f->stack, &rt->thread);
    f->fn(f->arg);
    rt_goexit();
}

void rt_aside(rt_fn fn, void *arg)
{
    struct rt *rt = rt_machine_now;
    if (!rt || !rt->track_objects || rt->aside) {
        fn(arg);
        return;
    }
    rt_arena_track(rt->arena, false);
    rt->aside = fn;
    rt->aside_arg = arg;
    if (rt->active)
        rt_stack_switch(rt->active->stack, &rt->thread);
    else
        fn(arg);
    rt->aside = NULL;
    rt_arena_track(rt->arena, true);
}

void rt_leave_dropped(struct rt *rt)
{
    rt_stack_switch(rt->active->stack, &rt->thread);
    __builtin_unreachable();
}

void rt_wait_turn(struct rt_fiber *f, const struct rt_wait *wait)
{
    struct rt *rt = f->rt;
    RT_CHECK(f == rt->running && f == rt->active && !f->dead);
    RT_CHECK(!f->wait);
    f->wait = wait;
    rt_refresh(f);
    if (rt->source.pending)
        rt->source.pending(rt->source.self, f);
    rt_stack_switch(f->stack, &rt->thread);
}

void rt_point(enum rt_op_kind kind, uint32_t object, const char *name, const char *file, int line)
{
    struct rt_fiber *f = rt_running();
    if (!f)
        return;
    rt_publish(f, kind, object, name, file, line);
    if (rt_may_run_on(f->rt))
        rt_take(f->rt, f, -1);
    else
        rt_wait_turn(f, NULL);
}

/* ---- the loop ---- */

/* Picks among the enabled goroutines; NULL if a timer is to fire. */
static struct rt_fiber *pick(struct rt *rt, int64_t *choice_index)
{
    struct rt_list *set = &rt->enabled;
    bool timer = rt->now >= rt->race_from;
    uint32_t options = set->count + timer;
    *choice_index = -1;
    RT_CHECK(set->count > 0);
    if (options == 1)
        return set->items[0];
    struct rt_list *list = &rt->options;
    list->count = 0;
    struct rt_fiber *first = rt->last && rt->last->enabled ? rt->last : NULL;
    if (first)
        rt_list_push(list, first);
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i] != first)
            rt_list_push(list, set->items[i]);
    }
    if (timer)
        rt_list_push(list, NULL);
    *choice_index = (int64_t)rt->choices;
    struct rt_choice c = { RT_CHOICE_FIBER, options, "next goroutine",
        (struct rt_fiber *const *)list->items, rt, first != NULL };
    return list->items[rt_decide(rt, &c)];
}

static void step(struct rt *rt)
{
    int64_t choice_index;
    struct rt_fiber *f = pick(rt, &choice_index);
    if (!f) {
        rt_timer_fire_next(rt);
    } else {
        RT_CHECK(f->complete || !f->wait || f->wait->ready(f));
        rt_disable(f);
        rt_take(rt, f, choice_index);
        if (f->wait) {
            const struct rt_wait *wait = f->wait;
            f->wait = NULL;
            wait->leave(f);
        }
        if (!f->stack)
            f->stack = rt_stack_take(&rt->stacks, fiber_main);
        enter_fiber(rt, f);
    }
    if (rt->hook)
        rt->hook(rt->hook_arg);
}

static void check_usable(struct rt *rt)
{
    if (!rt->begun || rt_machine_now != rt || rt->running || rt->in_loop)
        rt_die("a machine can only run between its begin and end, on the thread where it is "
               "current");
}

enum { RUN_READY = -1 };

/* Runs until nothing can run at `until` or before; RUN_READY: at the present time. */
static enum rt_stop run(struct rt *rt, int64_t until)
{
    check_usable(rt);
    rt_stack_of_thread(&rt->thread);
    rt->in_loop = true;
    rt->stopping = false;
    rt->run_on = !rt->hook && !rt->source.pending;
    enum rt_stop stop = RT_IDLE;
    for (;;) {
        if (rt->stopping) {
            stop = RT_STOPPED;
            break;
        }
        if (rt->steps >= rt->max_steps) {
            stop = RT_STEP_LIMIT;
            break;
        }
        if (rt->enabled.count) {
            step(rt);
            continue;
        }
        rt->epoch++;
        if (rt->idle_hook)
            rt->idle_hook(rt->idle_arg);
        if (rt->stopping)
            continue;
        int64_t next = rt_next_timer_ns(rt);
        if (next < 0)
            break;
        if (next > (until == RUN_READY ? rt->now : until)) {
            stop = RT_BLOCKED;
            break;
        }
        rt_timer_fire_next(rt);
        if (rt->hook)
            rt->hook(rt->hook_arg);
    }
    rt->run_on = false;
    rt->in_loop = false;
    return stop;
}

enum rt_stop rt_run(struct rt *rt)
{
    return run(rt, INT64_MAX);
}

enum rt_stop rt_run_ready(struct rt *rt)
{
    return run(rt, RUN_READY);
}

enum rt_stop rt_run_until(struct rt *rt, int64_t time_ns)
{
    if (time_ns < 0 || time_ns == INT64_MAX)
        rt_die("rt_run_until: no such time");
    enum rt_stop stop = run(rt, time_ns);
    if ((stop == RT_IDLE || stop == RT_BLOCKED) && time_ns > rt->now) {
        rt->now = time_ns;
        rt_hash_time(rt);
    }
    return stop;
}

bool rt_step(struct rt *rt)
{
    check_usable(rt);
    rt_stack_of_thread(&rt->thread);
    bool can = rt->enabled.count > 0;
    if (!can) {
        rt->epoch++;
        int64_t next = rt_next_timer_ns(rt);
        if (next < 0 || next > rt->now)
            return false;
    }
    rt->in_loop = true;
    if (can) {
        step(rt);
    } else {
        rt_timer_fire_next(rt);
        if (rt->hook)
            rt->hook(rt->hook_arg);
    }
    rt->in_loop = false;
    return true;
}

void rt_stop(struct rt *rt)
{
    rt->stopping = true;
    rt->run_on = false;
}
