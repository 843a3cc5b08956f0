/* Processes: goroutines that live and die together. */
#include "model/rt/machine.h"

struct rt_exit_hook {
    struct rt_exit_hook *next;
    void (*fn)(void *arg, struct rt_proc *proc);
    void *arg;
    struct rt_proc *proc;
};

struct rt_proc *rt_proc_new(const char *name)
{
    struct rt *rt = rt_machine_now;
    if (!rt)
        rt_die("rt_proc_new(\"%s\") outside a run", name);
    struct rt_proc *proc = rt_new(struct rt_proc);
    proc->rt = rt;
    proc->name = name;
    proc->object = rt_object_new();
    return proc;
}

const char *rt_proc_name(const struct rt_proc *proc)
{
    return proc->name;
}

bool rt_proc_alive(const struct rt_proc *proc)
{
    return !proc->dead;
}

struct rt_proc *rt_proc_self(void)
{
    struct rt_fiber *f = rt_running();
    return f ? f->proc : NULL;
}

int rt_proc_status(const struct rt_proc *proc)
{
    return proc->status;
}

rt_str rt_proc_panic(const struct rt_proc *proc)
{
    return proc->panic;
}

rt_str rt_proc_panic_place(const struct rt_proc *proc)
{
    return proc->panic_place;
}

const char *rt_proc_panic_fiber(const struct rt_proc *proc)
{
    return proc->panic_fiber;
}

void rt_proc_on_exit(struct rt_proc *proc, void (*hook)(void *arg, struct rt_proc *proc), void *arg)
{
    struct rt_exit_hook *h = rt_new(struct rt_exit_hook);
    *h = (struct rt_exit_hook){ .fn = hook, .arg = arg, .proc = proc };
    struct rt_exit_hook **link = &proc->hooks;
    while (*link)
        link = &(*link)->next;
    *link = h;
}

static void run_hook(void *arg)
{
    struct rt_exit_hook *h = arg;
    h->fn(h->arg, h->proc);
}

static void run_hooks(struct rt_proc *proc)
{
    for (struct rt_exit_hook *h = proc->hooks; h; h = h->next) {
        rt_str text;
        if (!rt_call_outside(proc->rt, run_hook, h, &text))
            rt_die("panic in an exit hook of process %s: %.*s", proc->name, (int)text.len,
                    (const char *)text.data);
    }
}

static void note_panic(struct rt_proc *proc, rt_str text, const char *file, const char *function)
{
    const struct rt_fiber *f = proc->rt->running;
    proc->panic = rt_str_dup(text);
    proc->panic_fiber = f ? f->name : NULL;
    if (file)
        proc->panic_place = rt_sprintf("%s %s", rt_file_name(file), function);
    else if (f)
        proc->panic_place = rt_op_place(&f->op);
}

void rt_proc_exit_at(
        struct rt_proc *proc, int status, rt_str panic_text, const char *file, const char *function)
{
    if (proc->dead)
        return;
    struct rt *rt = proc->rt;
    struct rt_fiber *self = rt->running && rt->running->proc == proc ? rt->running : NULL;
    proc->dead = true;
    proc->status = status;
    if (panic_text.data)
        note_panic(proc, panic_text, file, function);
    rt_report(rt, self, RT_OP_KILL, proc->object, proc->name);
    if (rt->track_races)
        rt_order_exit(proc);
    while (proc->fibers)
        rt_fiber_drop(proc->fibers);
    rt_timers_drop(rt, proc);
    run_hooks(proc);
    /* A hook may have ended the running goroutine's process, too. */
    if (rt->running && rt->running->dead)
        rt_leave_dropped(rt);
}
