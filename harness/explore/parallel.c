/* Batches as jobs of worker processes, merged in their order. */
#include <inttypes.h>
#include <stdlib.h>

#include "harness/base/diag.h"
#include "harness/base/pool.h"
#include "harness/explore/batch.h"

struct parallel {
    struct batches *batches;
    struct exploration *result;
    struct subject subject; /* in a worker */
};

static bool begin(void *self)
{
    struct parallel *p = self;
    return p->batches->maker->make(p->batches->maker->self, &p->subject);
}

static json_t *work(void *self, uint64_t job)
{
    struct parallel *p = self;
    struct exploration batch = { 0 };
    batch_run(p->batches, &p->subject, p->batches->begin + job, &batch);
    json_t *value = exploration_to_json(&batch, true);
    exploration_free(&batch);
    return value;
}

static bool more(void *self, uint64_t job)
{
    struct parallel *p = self;
    p->batches->next = p->batches->begin + job;
    return !batches_over(p->batches, p->result);
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct parallel *p = self;
    struct exploration batch;
    if (answer && exploration_from_json(answer, &batch)) {
        batches_take(p->batches, p->result, &batch);
        return;
    }
    if (p->batches->options->stop_at_first && p->result->found_count > 0)
        return;
    const char *title = p->batches->options->title;
    diag("%s: the process that searched batch %" PRIu64 " %s", title ? title : "explore",
            p->batches->begin + job, note ? note : "gave no answer");
    p->result->lost++;
}

static void tick(void *self)
{
    struct parallel *p = self;
    const struct explore_options *o = p->batches->options;
    if (o->title && progress_due(&p->batches->progress))
        progress_show(&p->batches->progress, "%s: %llu of %llu schedules, %zu findings", o->title,
                (unsigned long long)p->result->schedules, (unsigned long long)o->schedules,
                p->result->found_count);
}

bool batches_run_parallel(struct batches *b, struct exploration *result)
{
    struct parallel p = { .batches = b, .result = result };
    /* Tried here first, so that a mistake is told once and not by each worker. */
    if (!begin(&p))
        return false;
    if (b->maker->end)
        b->maker->end(b->maker->self, &p.subject);
    struct pool pool = {
        .self = &p,
        .workers = b->options->jobs,
        .begin = begin,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    pool_run(&pool);
    progress_end(&b->progress);
    return true;
}
