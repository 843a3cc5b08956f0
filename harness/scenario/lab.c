/* One run of a scenario. */
#include "harness/scenario/lab.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/scenario/lab_impl.h"
#include "model/rt/clock.h"

/* ---- making a lab ---- */

struct lab *lab_new(const struct scenario *s, const struct lab_options *options)
{
    const struct lab_kind *kind = s->bare ? &lab_kind_bare : &lab_kind_peer;
    struct lab *lab = mem_alloc(kind->size);
    lab->kind = kind;
    lab->scenario = s;
    lab->options = *options;
    lab->variants = (options->plain_model ? 0 : s->variants) | options->variants;
    lab->arena = rt_arena_new();
    lab->machine = rt_machine_new();
    struct rt_arena *before = rt_arena_use(lab->arena);
    bool ok = kind->make(lab);
    rt_arena_use(before);
    if (ok)
        return lab;
    lab_free(lab);
    return NULL;
}

void lab_free(struct lab *lab)
{
    if (!lab)
        return;
    lab->kind->free(lab);
    rt_machine_free(lab->machine);
    rt_arena_free(lab->arena);
    free(lab);
}

/* ---- the source of choices: silent while the peer boots, and at the end ---- */

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct lab *lab = self;
    return lab->quiet || !lab->from ? 0 : lab->from->choose(lab->from->self, c);
}

static void pass_step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct lab *lab = self;
    if (!lab->quiet)
        lab->from->step(lab->from->self, fiber, op);
}

static void pass_effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct lab *lab = self;
    if (!lab->quiet)
        lab->from->effect(lab->from->self, fiber, op);
}

static void pass_pending(void *self, struct rt_fiber *fiber)
{
    struct lab *lab = self;
    if (!lab->quiet)
        lab->from->pending(lab->from->self, fiber);
}

static void pass_complete(void *self, struct rt_fiber *fiber)
{
    struct lab *lab = self;
    if (!lab->quiet)
        lab->from->complete(lab->from->self, fiber);
}

/* ---- the sink: what happens while the actors act ---- */

static void sink_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    struct lab *lab = self;
    if (!lab->quiet && lab->drawn->step)
        lab->drawn->step(lab->drawn->self, time_ns, fiber, op, choice_index);
}

static void sink_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    struct lab *lab = self;
    if (!lab->quiet && lab->drawn->choice)
        lab->drawn->choice(lab->drawn->self, time_ns, c, chosen);
}

static void sink_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct lab *lab = self;
    if (!lab->quiet && lab->drawn->note)
        lab->drawn->note(lab->drawn->self, time_ns, fiber, text);
}

static void sink_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    struct lab *lab = self;
    if (!lab->quiet && lab->drawn->done)
        lab->drawn->done(lab->drawn->self, time_ns, fiber, op, partner);
}

/* ---- after steps, and when nothing can run ---- */

/* Called after timers, too; one that nobody waits for is no part of what happened. */
static void after_step(void *arg)
{
    struct lab *lab = arg;
    if (!lab->settling && !lab->lull)
        lab->last_ns = rt_now_ns();
    lab->lull = false;
    check_step(&lab->check);
}

/* Only tickers have been pending until each has fired three times: as it went it will go on. */
static bool only_ticks(struct lab *lab)
{
    size_t tickers = rt_tickers_only(lab->machine);
    lab->ticks = tickers > 0 ? lab->ticks + 1 : 0;
    return tickers > 0 && lab->ticks > 3 * tickers;
}

static void in_lull(void *arg)
{
    struct lab *lab = arg;
    lab->lull = true;
    if (!lab->settling && lab->quiet)
        return;
    if (!lab->settling && lab->check.find_stuck) {
        lab->check.root_count = lab->kind->roots(lab, lab->check.roots);
        check_lull(&lab->check);
    }
    if (only_ticks(lab)) {
        lab->ticks = 0;
        lab->ticking = true;
        rt_stop(lab->machine);
    }
}

/* Lets the run go on to this time; tickers alone do not keep it going. */
static enum rt_stop run_until(struct lab *lab, int64_t time_ns)
{
    lab->ticking = false;
    enum rt_stop stop = rt_run_until(lab->machine, time_ns);
    return stop == RT_STOPPED && lab->ticking ? RT_IDLE : stop;
}

/* ---- the phases of a run ---- */

static void begin(struct lab *lab, const struct rt_source *source, struct rt_sink *sink)
{
    const struct scenario *s = lab->scenario;
    lab->from = source;
    lab->plain = !source || lab->options.plain;
    lab->quiet = true;
    lab->source = (struct rt_source){ .self = lab, .choose = choose };
    if (source && source->step)
        lab->source.step = pass_step;
    if (source && source->effect)
        lab->source.effect = pass_effect;
    if (source && source->pending)
        lab->source.pending = pass_pending;
    if (source && source->complete)
        lab->source.complete = pass_complete;
    lab->drawn = sink;
    lab->sink = (struct rt_sink){ lab, sink_step, sink_choice, sink_note, sink_done };
    struct rt_config config = {
        .source = &lab->source,
        .sink = sink ? &lab->sink : NULL,
        .max_steps = (uint64_t)s->max_steps,
        .start_time_ms = s->world ? s->world->now_ms : 0,
        .timers_race = s->timers_race,
        .track_objects = s->stuck || lab->options.stuck,
        .track_races = s->races || lab->options.races,
        .unordered_lock = lab->options.unordered_lock,
    };
    rt_begin(lab->machine, &config);
    lab->calls = NULL;
    for (size_t i = 0; i < lab->check.other_count; i++)
        lab->check.others[i].proc = NULL;
    lab->last_call = &lab->calls;
    lab->last_ns = 0;
    lab->settling = false;
    lab->lull = false;
    lab->step_limit = false;
    lab->stopped = false;
    lab->ticks = 0;
    lab->time_limit = false;
    lab->up = false;
    lab->reason = RT_NIL;
    lab->container_count = 0;
    lab_effects_begin(lab);
    lab->request_count = 0;
    lab->metrics = lab->options.metrics ? metrics_new() : NULL;
    lab->observer = (struct observer){ lab, lab_watch };
    lab->check.settings = s->world ? &s->world->peer : &s->bare->settings;
    lab->check.variants = lab->variants;
    lab->check.skip = s->skip;
    check_begin(&lab->check, lab->machine);
    rt_on_step(lab->machine, after_step, lab);
    lab->check.find_stuck = config.track_objects;
    rt_on_idle(lab->machine, in_lull, lab);
}

static uint32_t next_fiber_id(struct lab *lab)
{
    uint32_t count, id = 0;
    struct rt_fiber *const *fibers = rt_fibers(lab->machine, &count);
    for (uint32_t i = 0; i < count; i++)
        if (rt_fiber_id(fibers[i]) > id)
            id = rt_fiber_id(fibers[i]);
    return id + 1;
}

struct lab_call *lab_call_add(
        struct lab *lab, const struct scenario_step *step, const struct check_call *about)
{
    struct lab_call *call = rt_new(struct lab_call);
    call->check = *about;
    call->check.began_ns = rt_now_ns();
    call->lab = lab;
    call->step = step;
    *lab->last_call = call;
    lab->last_call = &call->next;
    if (step->peer_number == 0)
        check_call_add(&lab->check, &call->check);
    return call;
}

/* Waits for one of several times, which a choice takes. */
static void wait_for(struct json_list delays_ms, const char *label)
{
    const int64_t *ms = delays_ms.items;
    if (delays_ms.count == 0)
        return;
    int64_t delay = ms[rt_choose(RT_CHOICE_DELAY, (uint32_t)delays_ms.count, label)];
    if (delay > 0)
        rt_sleep_ns(delay * RT_MS);
}

void lab_follow(const struct scenario_actor *actor, void (*act)(void *arg, size_t step), void *arg)
{
    const struct scenario_step *steps = actor->steps.items;
    wait_for(actor->start_ms, "when an actor begins");
    if (actor->maybe && rt_choose(RT_CHOICE_FAULT, 2, "whether an actor acts") == 0)
        return;
    for (size_t i = 0; i < actor->steps.count; i++) {
        wait_for(steps[i].after_ms, "when a step happens");
        if (!steps[i].maybe || rt_choose(RT_CHOICE_FAULT, 2, "whether a step happens") == 1)
            act(arg, i);
    }
}

bool step_means(const struct scenario_step *step, rt_str cname)
{
    if (step->version.data)
        return rt_str_eq(cname, rt_sprintf("%S:%S", step->chaincode, step->version));
    return rt_str_has_prefix(cname, rt_sprintf("%S:", step->chaincode));
}

static bool cut_short(const struct lab *lab)
{
    return lab->step_limit || lab->time_limit || lab->stopped;
}

/* The actors act until nothing can happen any more, or a limit is reached. */
static void act(struct lab *lab)
{
    const struct scenario *s = lab->scenario;
    lab->check.first_fiber = s->start_explored ? 0 : next_fiber_id(lab);
    lab->quiet = false;
    lab->kind->act(lab);
    enum rt_stop stop = run_until(lab, s->max_ms * RT_MS);
    lab->step_limit = stop == RT_STEP_LIMIT;
    lab->time_limit = stop == RT_BLOCKED && rt_next_timer_ns(lab->machine) >= 0;
    lab->stopped = stop == RT_STOPPED;
    lab->quiet = true;
    if (lab->from && lab->from->over)
        lab->from->over(lab->from->self);
    if (cut_short(lab))
        return;
    lab->check.root_count = lab->kind->roots(lab, lab->check.roots);
    check_idle(&lab->check);
}

/* The containers end; afterwards the peer has nothing to do. */
static void settle(struct lab *lab)
{
    if (cut_short(lab))
        return;
    lab->settling = true;
    lab->kind->stop_containers(lab);
    enum rt_stop stop = run_until(lab, lab->scenario->max_ms * RT_MS * 2);
    lab->step_limit = stop == RT_STEP_LIMIT;
    lab->stopped = stop == RT_STOPPED;
    if (stop == RT_IDLE)
        check_end(&lab->check);
}

static void run(
        void *self, const struct rt_source *source, struct rt_sink *sink, struct run_result *result)
{
    struct lab *lab = self;
    begin(lab, source, sink);
    lab->up = lab->kind->boot(lab);
    if (lab->up)
        act(lab);
    lab->kind->look(lab);
    if (lab->up)
        lab_effects_end(lab);
    if (lab->up)
        settle(lab);
    lab_hold_always(lab);
    result->verdict = lab_hold_verdict(lab, lab_judge(lab, lab->plain));
    result->reason = lab->reason;
    result->findings = lab->check.findings;
    result->hash = rt_trace_hash(lab->machine);
    result->steps = rt_steps(lab->machine);
    result->time_ns = lab->last_ns;
    rt_end(lab->machine);
}

struct subject lab_subject(struct lab *lab)
{
    return (struct subject){ lab, run };
}

/* ---- for exploring ---- */

static bool maker_make(void *self, struct subject *subject)
{
    struct lab_maker *m = self;
    m->lab = lab_new(m->scenario, &m->options);
    if (m->lab)
        *subject = lab_subject(m->lab);
    return m->lab != NULL;
}

static void maker_end(void *self, struct subject *subject)
{
    struct lab_maker *m = self;
    (void)subject;
    lab_free(m->lab);
    m->lab = NULL;
}

const struct subject_maker *lab_maker_init(
        struct lab_maker *m, const struct scenario *s, const struct lab_options *options)
{
    *m = (struct lab_maker){ .scenario = s, .options = *options };
    m->maker = (struct subject_maker){ m, maker_make, maker_end };
    return &m->maker;
}
