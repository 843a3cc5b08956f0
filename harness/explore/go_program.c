/* Programs of goroutines, run and judged. */
#include "harness/explore/go_program.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "model/rt/clock.h"
#include "model/rt/machine.h"
#include "model/rt/race.h"

enum { MAX_STEPS = 100000 };

struct runner {
    const struct go_program *program;
    struct rt *machine;
    /* Of the present run. */
    struct rt_proc *proc;
    struct findings findings;
};

static _Thread_local struct runner *running;

void go_program_claim(bool holds, const char *claim)
{
    struct runner *r = running;
    if (!r)
        rt_die("go_program_claim(\"%s\"): no program is running", claim);
    if (!holds)
        findings_add(&r->findings, r->machine, "assert", finding_stable_text(rt_str_from(claim)),
                finding_goroutine(rt_self(), r->proc), "it does not hold that %s", claim);
}

/* What is left over waits for ever: nothing can run any more. */
static bool report_left(struct runner *r)
{
    uint32_t count;
    bool any = false;
    struct rt_fiber *const *fibers = rt_fibers(r->machine, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (rt_fiber_is_daemon(fibers[i]))
            continue;
        any = true;
        rt_str place = finding_place(fibers[i]);
        findings_add(&r->findings, r->machine, "quiesce", place,
                finding_goroutine(fibers[i], r->proc), "the goroutine %s waits for ever at %S",
                rt_fiber_name(fibers[i]), place);
    }
    return any;
}

static void report_races(struct runner *r)
{
    size_t count;
    const struct rt_race *races = rt_races(r->machine, &count);
    for (size_t i = 0; i < count; i++)
        findings_add(&r->findings, r->machine, "race", rt_str_from(races[i].field),
                finding_pair(finding_plain_name(races[i].first.goroutine),
                        finding_plain_name(races[i].second.goroutine)),
                "%S", rt_race_text(&races[i]));
}

static enum verdict judge(struct runner *r, enum rt_stop stop)
{
    rt_str panic = rt_proc_panic(r->proc);
    if (panic.data) {
        rt_str place = rt_proc_panic_place(r->proc);
        const char *fiber = rt_proc_panic_fiber(r->proc);
        findings_add(&r->findings, r->machine, "no-panic",
                rt_sprintf("%S in %S", finding_stable_text(panic), place),
                fiber ? finding_plain_name(fiber) : RT_STR("scheduler"),
                "it died of a panic in %S, goroutine %s: %S", place, fiber ? fiber : "none", panic);
        return VERDICT_PANIC;
    }
    if (r->program->races)
        report_races(r);
    bool violated = r->findings.count > 0;
    if (stop == RT_STEP_LIMIT)
        return VERDICT_LIVELOCK;
    if (report_left(r))
        return VERDICT_DEADLOCK;
    return violated ? VERDICT_VIOLATED : VERDICT_COMPLETED;
}

static void run(
        void *self, const struct rt_source *source, struct rt_sink *sink, struct run_result *result)
{
    struct runner *r = self;
    const struct go_program *p = r->program;
    struct rt_config config = {
        .source = source,
        .sink = sink,
        .max_steps = p->max_steps ? p->max_steps : MAX_STEPS,
        .track_races = p->races,
    };
    rt_begin(r->machine, &config);
    r->findings.count = 0;
    r->proc = rt_proc_new(p->name);
    rt_go_in(r->proc, "main", p->main, p->begin ? p->begin(p->self) : p->self);
    running = r;
    enum rt_stop stop = rt_run(r->machine);
    running = NULL;
    result->verdict = judge(r, stop);
    result->findings = r->findings;
    result->reason = r->findings.count > 0 ? r->findings.items[0].text : RT_STR("");
    result->hash = rt_trace_hash(r->machine);
    result->steps = rt_steps(r->machine);
    result->time_ns = rt_now_ns();
    rt_end(r->machine);
}

struct subject go_program_subject(const struct go_program *program)
{
    struct runner *r = mem_new(struct runner);
    r->program = program;
    r->machine = rt_machine_new();
    return (struct subject){ r, run };
}

void go_program_free(struct subject *subject)
{
    struct runner *r = subject->self;
    if (!r)
        return;
    rt_machine_free(r->machine);
    free(r);
    subject->self = NULL;
}

static bool make(void *self, struct subject *subject)
{
    *subject = go_program_subject(self);
    return true;
}

static void end(void *self, struct subject *subject)
{
    (void)self;
    go_program_free(subject);
}

struct subject_maker go_program_maker(const struct go_program *program)
{
    return (struct subject_maker){ (void *)(uintptr_t)program, make, end };
}
