/* Shrinks all that a search has found, one finding a job, in worker processes. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "harness/explore/batch.h"
#include "harness/explore/shrink.h"

/* Limits of one finding: of runs and of steps in them, not of time, so that equal findings shrink
 * to equal replays on any machine. */
enum { MOST_RUNS = 20000, LEAST_RUNS = 100, MOST_STEPS = 20000000 };

struct shrinking {
    const struct subject_maker *maker;
    struct exploration *e;
    uint64_t max_runs;
    size_t done;
    struct subject subject;
    struct progress progress;
};

static uint64_t runs_for(const struct subject *subject, const struct found *f)
{
    struct player player;
    struct run_result result;
    player_init(&player, &f->choices, true);
    subject->run(subject->self, &player.source, NULL, &result);
    uint64_t runs = MOST_STEPS / (result.steps + 1);
    return runs > MOST_RUNS ? MOST_RUNS : runs < LEAST_RUNS ? LEAST_RUNS : runs;
}

static void shrink_one(const struct subject *subject, struct found *f, uint64_t max_runs)
{
    struct shrink shrink = {
        .subject = subject,
        .finding = strcmp(f->id, verdict_name(f->verdict)) == 0 ? NULL : f->id,
        .verdict = f->verdict,
        .max_runs = max_runs ? max_runs : runs_for(subject, f),
        .choices = f->choices,
        .hash = f->hash,
        .found_verdict = f->verdict,
    };
    if (shrink_confirm(&shrink))
        shrink_choices(&shrink);
    f->choices = shrink.choices;
    f->hash = shrink.hash;
    f->verdict = shrink.found_verdict;
}

static bool begin(void *self)
{
    struct shrinking *s = self;
    return s->maker->make(s->maker->self, &s->subject);
}

static json_t *work(void *self, uint64_t job)
{
    struct shrinking *s = self;
    struct exploration one = *s->e;
    one.found += job;
    one.found_count = 1;
    shrink_one(&s->subject, one.found, s->max_runs);
    return exploration_to_json(&one, true);
}

static bool more(void *self, uint64_t job)
{
    const struct shrinking *s = self;
    return job < s->e->found_count && !out_interrupted();
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct shrinking *s = self;
    struct exploration one;
    struct found *f = &s->e->found[job];
    s->done++;
    if (!answer || !exploration_from_json(answer, &one) || one.found_count != 1) {
        diag("the process that shrank %s %s; its replay is as it was found", f->id,
                note ? note : "gave no answer");
        return;
    }
    struct choices larger = f->choices;
    f->choices = one.found[0].choices;
    f->hash = one.found[0].hash;
    f->verdict = one.found[0].verdict;
    one.found[0].choices = larger;
    exploration_free(&one);
}

static void tick(void *self)
{
    struct shrinking *s = self;
    if (progress_due(&s->progress))
        progress_show(&s->progress, "shrinking: %zu of %zu findings", s->done, s->e->found_count);
}

void shrink_all(
        const struct subject_maker *maker, struct exploration *e, unsigned jobs, uint64_t max_runs)
{
    struct shrinking s = { .maker = maker, .e = e, .max_runs = max_runs };
    struct pool pool = {
        .self = &s,
        .workers = jobs < e->found_count ? jobs : (unsigned)e->found_count,
        .begin = begin,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    if (e->found_count == 0)
        return;
    progress_begin(&s.progress);
    pool_run(&pool);
    progress_end(&s.progress);
}
