/* What a run that has ended came to. */
#include <string.h>

#include "harness/scenario/lab_impl.h"

static bool found(const struct check *c, const char *invariant)
{
    for (size_t i = 0; i < c->findings.count; i++)
        if (strcmp(c->findings.items[i].invariant, invariant) == 0)
            return true;
    return false;
}

/* A peer beside the first that has panicked. */
static const struct check_other *panicked(const struct lab *lab)
{
    for (size_t i = 0; i < lab->check.other_count; i++) {
        const struct rt_proc *proc = lab->check.others[i].proc;
        if (proc && !rt_proc_alive(proc) && rt_proc_panic(proc).data)
            return &lab->check.others[i];
    }
    return NULL;
}

static bool is_peer(const struct lab *lab, const struct rt_proc *proc)
{
    bool is = proc == lab->check.peer;
    for (size_t i = 0; i < lab->check.other_count; i++)
        is = is || proc == lab->check.others[i].proc;
    return is;
}

/* A goroutine of a peer that waits for a lock when nothing can run: nobody will unlock it. */
static const struct rt_fiber *lock_waiter(const struct lab *lab)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(lab->machine, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct rt_op *op = rt_fiber_op(fibers[i]);
        if (is_peer(lab, rt_fiber_proc(fibers[i])) && op &&
                (op->kind == RT_OP_LOCK || op->kind == RT_OP_RLOCK))
            return fibers[i];
    }
    return NULL;
}

static bool call_pending(const struct lab *lab)
{
    for (const struct lab_call *c = lab->calls; c; c = c->next)
        if (!c->check.returned)
            return true;
    return false;
}

/* Who could still run at a limit, and where. */
static rt_str who_goes_on(const struct lab *lab)
{
    struct rt_buf text = { 0 };
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(lab->machine, &count);
    for (uint32_t i = 0; i < count; i++)
        if (rt_fiber_enabled(fibers[i]))
            rt_buf_printf(&text, "%s%s at %S", text.len == 0 ? "; there go on " : ", ",
                    rt_fiber_name(fibers[i]), finding_place(fibers[i]));
    return rt_buf_str(&text);
}

enum verdict lab_judge(struct lab *lab, bool plain)
{
    const struct check *c = &lab->check;
    const struct rt_fiber *waiter = NULL;
    if (!rt_proc_alive(c->peer) && rt_proc_panic(c->peer).data) {
        lab->reason = rt_proc_panic(c->peer);
        return VERDICT_PANIC;
    }
    const struct check_other *other = panicked(lab);
    if (other) {
        lab->reason = rt_sprintf("%S: %S", other->name, rt_proc_panic(other->proc));
        return VERDICT_PANIC;
    }
    if (lab->step_limit || lab->time_limit) {
        lab->reason = rt_sprintf("the limit of %s was reached%S",
                lab->step_limit ? "steps" : "virtual time", who_goes_on(lab));
        return VERDICT_LIVELOCK;
    }
    bool comes_up = lab->up && (!lab->scenario->start_explored || c->first_fiber > 0);
    if (!comes_up && rt_proc_alive(c->peer)) {
        lab->reason = RT_STR("the peer does not come up");
        return VERDICT_DEADLOCK;
    }
    if (c->findings.count > 0)
        lab->reason = c->findings.items[0].text;
    if (lab->stopped) {
        lab->reason = c->findings.items[c->findings.count - 1].text;
        return VERDICT_LIVELOCK;
    }
    if (call_pending(lab))
        return VERDICT_DEADLOCK;
    if ((waiter = lock_waiter(lab))) {
        lab->reason =
                rt_sprintf("%s waits for ever at %S", rt_fiber_name(waiter), finding_place(waiter));
        return VERDICT_STUCK;
    }
    if (found(c, "stuck"))
        return VERDICT_STUCK;
    if (c->findings.count > 0)
        return c->findings.count == 1 && found(c, "quiesce") ? VERDICT_LEAK : VERDICT_VIOLATED;
    for (const struct lab_call *call = lab->calls; call && plain; call = call->next) {
        rt_str wrong = lab_unexpected(call);
        if (wrong.data) {
            lab->reason = rt_sprintf("%S: %S", call->check.name, wrong);
            return VERDICT_UNEXPECTED;
        }
    }
    if (plain && lab->scenario->expect.all_struck && lab->idle_count > 0) {
        lab->reason = lab->idle[0].sentence;
        return VERDICT_UNEXPECTED;
    }
    return VERDICT_COMPLETED;
}
