#include "harness/seeded/kernel.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 100000 };

struct kernel_subject {
    const struct kernel *kernel;
    bool fixed;
    struct rt *machine;
    struct check check;
};

void kernel_assert(struct kernel_world *w, bool holds, const char *claim)
{
    if (!holds && !w->wrong)
        w->wrong = claim;
}

static struct kernel_world *world_new(const struct kernel_subject *s)
{
    struct kernel_world *w = rt_new(struct kernel_world);
    w->fixed = s->fixed;
    w->size = s->kernel->size;
    rt_mutex_init(&w->m1, "m1");
    rt_mutex_init(&w->m2, "m2");
    rt_mutex_init(&w->m3, "m3");
    rt_rwmutex_init(&w->rw, "rw");
    rt_waitgroup_init(&w->group, "group");
    rt_once_init(&w->once, "once");
    return w;
}

/* What is left over waits for ever: nothing can run any more. */
static bool report_left(struct check *c)
{
    uint32_t count;
    bool any = false;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (rt_fiber_is_daemon(fibers[i]))
            continue;
        any = true;
        check_fail(c, "quiesce", check_place(fibers[i]), check_who(c, fibers[i]),
                "the goroutine %s waits for ever at %S", rt_fiber_name(fibers[i]),
                check_place(fibers[i]));
    }
    return any;
}

static enum verdict judge(struct kernel_subject *s, const struct kernel_world *w, enum rt_stop stop)
{
    struct check *c = &s->check;
    rt_str panic = rt_proc_panic(c->peer);
    if (panic.data) {
        check_fail(c, "no-panic", panic, RT_STR("kernel"), "it died of a panic: %S", panic);
        return VERDICT_PANIC;
    }
    if (stop == RT_STEP_LIMIT)
        return VERDICT_LIVELOCK;
    if (w->wrong)
        check_fail(c, "assert", rt_str_from(s->kernel->id), RT_STR("kernel"),
                "it does not hold that %s", w->wrong);
    if (report_left(c))
        return VERDICT_DEADLOCK;
    return w->wrong ? VERDICT_VIOLATED : VERDICT_COMPLETED;
}

static void run(
        void *self, const struct rt_source *source, struct rt_sink *sink, struct run_result *result)
{
    struct kernel_subject *s = self;
    struct rt_config config = { .source = source, .sink = sink, .max_steps = MAX_STEPS };
    rt_begin(s->machine, &config);
    s->check = (struct check){ .rt = s->machine };
    s->check.peer = rt_proc_new("kernel");
    struct kernel_world *w = world_new(s);
    rt_go_in(s->check.peer, "main", s->kernel->main, w);
    enum rt_stop stop = rt_run(s->machine);
    result->verdict = judge(s, w, stop);
    result->reason = s->check.finding_count > 0 ? s->check.findings[0].text : RT_STR("");
    result->finding_count = s->check.finding_count;
    memcpy(result->findings, s->check.findings, sizeof(result->findings));
    result->hash = rt_trace_hash(s->machine);
    result->steps = rt_steps(s->machine);
    result->time_ns = 0;
    rt_end(s->machine);
}

struct kernel_subject *kernel_subject_new(const struct kernel *kernel, bool fixed)
{
    struct kernel_subject *s = calloc(1, sizeof(*s));
    if (!s)
        abort();
    s->kernel = kernel;
    s->fixed = fixed;
    s->machine = rt_machine_new();
    return s;
}

struct subject kernel_subject_get(struct kernel_subject *s)
{
    return (struct subject){ s, run };
}

void kernel_subject_free(struct kernel_subject *s)
{
    if (!s)
        return;
    rt_machine_free(s->machine);
    free(s);
}
