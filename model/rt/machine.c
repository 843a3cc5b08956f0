/* The life of a machine and of a run. */
#include "model/rt/machine.h"

#include <stdlib.h>

enum { STACKS_KEPT = 1024 };

struct rt *rt_machine_new(void)
{
    struct rt *rt = calloc(1, sizeof(*rt));
    if (!rt)
        rt_die("out of memory");
    rt->arena = rt_arena_new();
    return rt;
}

void rt_machine_free(struct rt *rt)
{
    if (!rt)
        return;
    if (rt->begun)
        rt_end(rt);
    rt_stack_trim(&rt->stacks, 0);
    rt_arena_free(rt->arena);
    free(rt->fibers.items);
    free(rt->enabled.items);
    free(rt->options.items);
    free(rt->timers.items);
    free(rt->agents.items);
    free(rt);
}

void rt_begin(struct rt *rt, const struct rt_config *config)
{
    if (rt->begun)
        rt_die("rt_begin: the run before has not ended");
    rt_arena_reset(rt->arena);
    rt->begun = true;
    rt->outer = rt_machine_now;
    rt->outer_arena = rt_arena_use(rt->arena);
    rt->outer_frames = rt_frames_use(NULL);
    rt_machine_now = rt;
    rt->source = config->source ? *config->source : (struct rt_source){ 0 };
    rt->sink = config->sink ? *config->sink : (struct rt_sink){ 0 };
    rt->timers_race = config->timers_race;
    rt->track_races = config->track_races;
    rt->unordered_lock = config->unordered_lock;
    rt->max_steps = config->max_steps ? config->max_steps : 1000000;
    rt->start_time_ms = config->start_time_ms;
    rt->hook = NULL;
    rt->idle_hook = NULL;
    rt->track_objects = config->track_objects;
    if (rt->track_objects) {
        rt_arena_track(rt->arena, true);
        rt_stack_clear(&rt->stacks);
    }
    rt->steps = 0;
    rt->choices = 0;
    rt->hash = 0;
    rt->shown_objects = rt->shown_fibers = (struct rt_shown){ 0 };
    rt->epoch = 1;
    rt->objects = 0;
    rt->roots = 0;
    rt->last_fiber = 0;
    rt->stopping = false;
    rt->run_on = false;
    rt->running = NULL;
    rt->active = NULL;
    rt->last = NULL;
    rt->fibers.count = 0;
    rt->dead_fibers = 0;
    rt->enabled.count = 0;
    rt->timers.count = 0;
    rt->timer_seq = 0;
    rt->root_timers = 0;
    rt->fired = 0;
    rt->now = 0;
    rt->race_from = INT64_MAX;
    rt->fields = NULL;
    rt->fields_mask = 0;
    rt->fields_len = 0;
    rt->agents.count = 0;
    rt->outside = NULL;
    rt->driver = NULL;
    rt->races = NULL;
    rt->race_count = 0;
    rt->race_cap = 0;
    rt_shared_watched = rt->track_races;
}

void rt_end(struct rt *rt)
{
    if (!rt->begun || rt_machine_now != rt || rt->running || rt->in_loop)
        rt_die("rt_end: not the current machine, or called from a run");
    if (rt->source.over)
        rt->source.over(rt->source.self);
    for (uint32_t i = 0; i < rt->fibers.count; i++) {
        struct rt_fiber *f = rt->fibers.items[i];
        if (f->stack)
            rt_stack_give(&rt->stacks, f->stack);
        f->stack = NULL;
    }
    rt_stack_trim(&rt->stacks, STACKS_KEPT);
    rt->begun = false;
    rt_machine_now = rt->outer;
    rt_shared_watched = rt->outer && rt->outer->track_races;
    (void)rt_arena_use(rt->outer_arena);
    (void)rt_frames_use(rt->outer_frames);
}

struct rt *rt_current(void)
{
    return rt_machine_now;
}

struct rt_arena *rt_machine_arena(struct rt *rt)
{
    return rt->arena;
}

uint64_t rt_steps(const struct rt *rt)
{
    return rt->steps;
}

uint64_t rt_choices(const struct rt *rt)
{
    return rt->choices;
}

void rt_on_step(struct rt *rt, void (*hook)(void *arg), void *arg)
{
    rt->hook = hook;
    rt->hook_arg = arg;
    if (hook)
        rt->run_on = false;
    else if (rt->in_loop)
        rt->run_on = !rt->source.pending;
}

struct rt_fiber *rt_ran_last(const struct rt *rt)
{
    return rt->last;
}

void rt_on_idle(struct rt *rt, void (*hook)(void *arg), void *arg)
{
    rt->idle_hook = hook;
    rt->idle_arg = arg;
}

uint32_t rt_object_new(void)
{
    return rt_machine_now ? ++rt_machine_now->objects : 0;
}

uint32_t rt_objects_named(const struct rt *rt)
{
    return rt->objects;
}

void rt_object_name(uint32_t *object)
{
    if (!*object)
        *object = rt_object_new();
}

/* What runs here has no goroutine: operations that cannot go on at once are a mistake. */
bool rt_call_outside(struct rt *rt, rt_fn fn, void *arg, rt_str *panic_text)
{
    struct rt_fiber *running = rt->running;
    struct rt_frames frames = { 0 };
    struct rt_frames *before = rt_frames_use(&frames);
    rt->running = NULL;
    bool panicked = rt_recover(fn, arg, panic_text);
    rt->running = running;
    (void)rt_frames_use(before);
    return !panicked;
}
