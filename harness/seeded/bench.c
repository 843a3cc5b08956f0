/* The jobs of the bench: trials of a case under a strategy, and controls. */
#include "harness/seeded/bench.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "harness/explore/search.h"
#include "harness/json/json.h"

/* ---- one job, in a worker ---- */

struct maker {
    struct subject_maker maker;
    struct bench_subject *subject;
};

static bool give_subject(void *self, struct subject *subject)
{
    *subject = ((struct maker *)self)->subject->subject;
    return true;
}

struct trial {
    const struct bench_case *of;
    struct bench_subject *subject;
    const char *strategy;
    uint64_t seed;
    uint64_t schedules;
    bool control;
};

static bool enough(void *self, const struct exploration *so_far)
{
    const struct trial *t = self;
    if (t->control)
        return case_violation(t->of, so_far) != NULL;
    return case_schedules(t->of, so_far) != STATS_MISSED;
}

static void run_trial(struct trial *t, struct exploration *e)
{
    struct maker maker = { .subject = t->subject };
    maker.maker = (struct subject_maker){ .self = &maker, .make = give_subject };
    struct explore_options options = {
        .strategy = t->strategy,
        .schedules = t->schedules,
        .seed = t->seed,
        .jobs = 1,
        .enough = enough,
        .enough_self = t,
    };
    explore_run(&maker.maker, &options, e);
}

/* A systematic search is the same with every seed. */
static uint64_t trials_of(const struct bench_options *o, const char *strategy)
{
    return search_is_systematic(strategy) ? 1 : o->seeds;
}

static json_t *work_case(const struct bench *b, const struct bench_case *c, const char *strategy)
{
    struct bench_subject subject;
    json_t *numbers = json_array();
    if (!bench_subject_make(&subject, c, false))
        return numbers;
    uint64_t trials = trials_of(b->options, strategy);
    for (uint64_t seed = 1; seed <= trials && !out_interrupted(); seed++) {
        struct trial t = { c, &subject, strategy, seed, b->options->schedules, false };
        struct exploration e;
        run_trial(&t, &e);
        uint64_t schedules = case_schedules(c, &e);
        if (schedules != STATS_MISSED || !out_interrupted())
            json_array_append_new(
                    numbers, json_integer(schedules == STATS_MISSED ? -1 : (json_int_t)schedules));
        exploration_free(&e);
    }
    bench_subject_free(&subject);
    return numbers;
}

static json_t *work_control(const struct bench *b, const struct bench_case *c)
{
    struct bench_subject subject;
    if (!bench_subject_make(&subject, c, true))
        return json_null();
    uint64_t seeds = b->options->seeds, schedules = 0;
    json_t *violation = NULL;
    for (uint64_t seed = 1; seed <= seeds && !violation && !out_interrupted(); seed++) {
        struct trial t = { c, &subject, BENCH_DEFAULT_STRATEGY, seed,
            (b->options->control + seeds - 1) / seeds, true };
        struct exploration e;
        run_trial(&t, &e);
        schedules += e.schedules;
        const struct found *found = case_violation(c, &e);
        if (found)
            violation = json_string(found->id);
        exploration_free(&e);
    }
    bench_subject_free(&subject);
    if (!violation && out_interrupted())
        return json_null();
    return json_pack("{s:I, s:o?}", "schedules", (json_int_t)schedules, "violation", violation);
}

/* ---- all jobs ---- */

struct running {
    struct bench *bench;
    uint64_t jobs;
    uint64_t finished;
    struct progress progress;
};

/* A case's jobs follow one another, its control first. */
static uint64_t per_case(const struct bench *b)
{
    return b->options->strategy_count + 1;
}

static json_t *work(void *self, uint64_t job)
{
    const struct bench *b = ((struct running *)self)->bench;
    const struct bench_case *c = &b->cases->items[job / per_case(b)];
    uint64_t strategy = job % per_case(b);
    return strategy == 0 ? work_control(b, c)
                         : work_case(b, c, b->options->strategies[strategy - 1]);
}

static bool more(void *self, uint64_t job)
{
    return job < ((struct running *)self)->jobs && !out_interrupted();
}

static void take_control(struct bench_control *control, const json_t *answer)
{
    const char *violation = json_string_of(answer, "violation");
    control->done = json_is_object(answer);
    control->schedules = (uint64_t)json_integer_of(answer, "schedules");
    if (violation)
        control->violation = rt_cstr_malloc(rt_str_from(violation));
}

static void take_numbers(struct bench_result *result, const json_t *answer, uint64_t trials)
{
    size_t count = json_array_size(answer);
    uint64_t *schedules = mem_new_array(uint64_t, count);
    for (size_t i = 0; i < count; i++) {
        json_int_t n = json_integer_value(json_array_get(answer, i));
        schedules[i] = n < 0 ? STATS_MISSED : (uint64_t)n;
    }
    result->stats = stats_of(schedules, count);
    result->done = count == trials;
    free(schedules);
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct running *r = self;
    struct bench *b = r->bench;
    uint64_t of_case = job / per_case(b), strategy = job % per_case(b);
    (void)note;
    r->finished++;
    if (strategy == 0)
        take_control(&b->controls[of_case], answer);
    else
        take_numbers(&b->results[of_case * b->options->strategy_count + strategy - 1], answer,
                trials_of(b->options, b->options->strategies[strategy - 1]));
}

static void tick(void *self)
{
    struct running *r = self;
    const struct bench *b = r->bench;
    if (!progress_due(&r->progress) || r->finished >= r->jobs)
        return;
    progress_show(&r->progress, "bench-bugs: %llu of %llu jobs, at %s",
            (unsigned long long)r->finished, (unsigned long long)r->jobs,
            b->cases->items[r->finished / per_case(b)].id);
}

void bench_run(
        struct bench *bench, const struct bench_options *options, const struct bench_cases *cases)
{
    *bench = (struct bench){ .options = options, .cases = cases };
    bench->results = mem_new_array(struct bench_result, cases->count * options->strategy_count);
    bench->controls = mem_new_array(struct bench_control, cases->count);
    struct running r = { .bench = bench, .jobs = cases->count * per_case(bench) };
    struct pool pool = {
        .self = &r,
        .workers = options->jobs,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    progress_begin(&r.progress);
    pool_run(&pool);
    progress_end(&r.progress);
}

const struct bench_result *bench_result(const struct bench *b, size_t of_case, size_t strategy)
{
    return &b->results[of_case * b->options->strategy_count + strategy];
}

bool bench_complete(const struct bench *b)
{
    bool all = true;
    for (size_t i = 0; i < b->cases->count; i++) {
        bool done = b->controls[i].done;
        for (size_t s = 0; s < b->options->strategy_count; s++)
            done = done && bench_result(b, i, s)->done;
        if (!done)
            diag("%s: the process that worked on it died", b->cases->items[i].id);
        all = all && done;
    }
    return all;
}

void bench_free(struct bench *bench)
{
    for (size_t i = 0; bench->controls && i < bench->cases->count; i++)
        free(bench->controls[i].violation);
    free(bench->controls);
    free(bench->results);
}
