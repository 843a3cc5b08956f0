/* Goroutines: start, end, and what can be asked about them. */
#include "model/rt/machine.h"

static uint64_t mix(uint64_t a, uint64_t b)
{
    struct rt_rng rng = { a ^ b * 0x9e3779b97f4a7c15u };
    return rt_rng_next(&rng);
}

static void forget_dead(struct rt *rt)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < rt->fibers.count; i++) {
        struct rt_fiber *f = rt->fibers.items[i];
        if (!f->dead)
            rt->fibers.items[n++] = f;
    }
    RT_CHECK(n + rt->dead_fibers == rt->fibers.count);
    rt->fibers.count = n;
    rt->dead_fibers = 0;
}

static struct rt_fiber *start(
        struct rt *rt, struct rt_proc *proc, const char *name, rt_fn fn, void *arg)
{
    struct rt_fiber *f = rt_new(struct rt_fiber);
    struct rt_fiber *parent = rt->running;
    if (rt->track_objects)
        rt_reach_hide_last(rt);
    f->rt = rt;
    f->proc = proc;
    f->name = name;
    f->fn = fn;
    f->arg = arg;
    f->id = ++rt->last_fiber;
    f->parent = parent ? parent->id : 0;
    f->identity = parent ? mix(parent->identity, ++parent->children) : mix(0, ++rt->roots);
    f->waiters = f->inline_waiters;
    f->waiters_cap = RT_INLINE_WAITERS;
    f->op.kind = RT_OP_START;
    f->epoch = rt->epoch;
    f->dead = proc->dead;
    if (rt->track_races)
        rt_order_start(f);
    if (f->dead)
        return f;
    f->proc_next = proc->fibers;
    if (proc->fibers)
        proc->fibers->proc_prev = f;
    proc->fibers = f;
    if (rt->dead_fibers > 64 && rt->dead_fibers > rt->fibers.count / 2)
        forget_dead(rt);
    rt_list_push(&rt->fibers, f);
    rt_refresh(f);
    return f;
}

static void report_go(struct rt_fiber *parent, const char *name, const char *file, int line)
{
    struct rt *rt = rt_machine_now;
    struct rt_op op = { RT_OP_GO, 0, name, file, line };
    rt_report_op(rt, parent, &op);
}

void rt_go_at(const char *name, rt_fn fn, void *arg, const char *file, int line)
{
    struct rt_fiber *parent = rt_running();
    if (!parent)
        rt_die("rt_go(\"%s\") outside a goroutine: use rt_go_in()", name);
    report_go(parent, name, file, line);
    struct rt_fiber *f = start(parent->rt, parent->proc, name, fn, arg);
    f->op.object_name = name;
    f->op.file = file;
    f->op.line = line;
}

struct rt_fiber *rt_go_in(struct rt_proc *proc, const char *name, rt_fn fn, void *arg)
{
    report_go(rt_running(), name, NULL, 0);
    struct rt_fiber *f = start(proc->rt, proc, name, fn, arg);
    f->op.object_name = name;
    return f;
}

void rt_fiber_drop(struct rt_fiber *f)
{
    struct rt *rt = f->rt;
    RT_CHECK(!f->dead);
    RT_CHECK((f->proc_prev ? f->proc_prev->proc_next : f->proc->fibers) == f);
    RT_CHECK(!f->proc_next || f->proc_next->proc_prev == f);
    if (f->wait) {
        const struct rt_wait *wait = f->wait;
        f->wait = NULL;
        wait->leave(f);
    }
    if (f->enabled)
        rt_disable(f);
    f->dead = true;
    rt->dead_fibers++;
    if (f->proc_next)
        f->proc_next->proc_prev = f->proc_prev;
    *(f->proc_prev ? &f->proc_prev->proc_next : &f->proc->fibers) = f->proc_next;
    if (rt->last == f)
        rt->last = NULL;
    if (f->stack && f != rt->active) {
        rt_stack_give(&rt->stacks, f->stack);
        f->stack = NULL;
    }
}

void rt_goexit(void)
{
    struct rt_fiber *f = rt_running();
    if (!f)
        rt_die("rt_goexit outside a goroutine");
    rt_frames_unwind(&f->frames);
    rt_report(f->rt, f, RT_OP_EXIT, 0, f->name);
    rt_fiber_drop(f);
    rt_leave_dropped(f->rt);
}

void rt_daemon(void)
{
    struct rt_fiber *f = rt_running();
    if (f)
        f->daemon = true;
}

void rt_yield_at(const char *file, int line)
{
    rt_point(RT_OP_YIELD, 0, NULL, file, line);
}

struct rt_fiber *rt_self(void)
{
    return rt_running();
}

uint32_t rt_fibers_started(const struct rt *rt)
{
    return rt->last_fiber;
}

uint32_t rt_fiber_id(const struct rt_fiber *fiber)
{
    return fiber->id;
}

uint32_t rt_fiber_parent(const struct rt_fiber *fiber)
{
    return fiber->parent;
}

const char *rt_fiber_name(const struct rt_fiber *fiber)
{
    return fiber->name;
}

struct rt_proc *rt_fiber_proc(const struct rt_fiber *fiber)
{
    return fiber->proc;
}

uint64_t rt_fiber_identity(const struct rt_fiber *fiber)
{
    return fiber->identity;
}

const struct rt_op *rt_fiber_op(const struct rt_fiber *fiber)
{
    return &fiber->op;
}

bool rt_fiber_enabled(const struct rt_fiber *fiber)
{
    return fiber->enabled;
}

bool rt_fiber_resumes(const struct rt_fiber *fiber)
{
    return fiber->complete;
}

bool rt_fiber_is_daemon(const struct rt_fiber *fiber)
{
    return fiber->daemon;
}

const struct rt_case *rt_fiber_cases(const struct rt_fiber *fiber, size_t *count)
{
    bool has = fiber->op.kind == RT_OP_SEND || fiber->op.kind == RT_OP_RECV ||
               fiber->op.kind == RT_OP_SELECT;
    *count = has ? fiber->case_count : 0;
    return has ? fiber->cases : NULL;
}

struct rt_fiber *const *rt_fibers(struct rt *rt, uint32_t *count)
{
    if (rt->dead_fibers)
        forget_dead(rt);
    *count = rt->fibers.count;
    return (struct rt_fiber *const *)rt->fibers.items;
}

const struct rt_chan *rt_fiber_closes(const struct rt_fiber *fiber)
{
    return fiber->op.kind == RT_OP_CLOSE ? fiber->object : NULL;
}

bool rt_fiber_polls(const struct rt_fiber *fiber)
{
    return fiber->op.kind == RT_OP_SELECT && fiber->has_default;
}
