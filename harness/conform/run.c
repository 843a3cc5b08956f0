/* The vectors of a file as jobs of worker processes, and what becomes of each. */
#include "harness/conform/run.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "harness/json/json.h"
#include "model/rt/arena.h"
#include "model/rt/names.h"

struct conform_run {
    const struct conform_suite *suite;
    const struct conform_env *env;
    const struct vector_file *file;
    struct vector_result *results;
    size_t done;
    bool over; /* no further vector can be run */
    int status;
    struct progress progress;
    /* In a worker. */
    void *state;
    rt_str open_error;
    struct rt_arena *arena; /* of the vectors */
};

const char *vector_verdict_name(enum vector_verdict verdict)
{
    static const char *const names[] = RT_NAMES(VECTOR_VERDICTS);
    return rt_name(names, verdict);
}

/* ---- in a worker ---- */

static bool begin(void *self)
{
    struct conform_run *r = self;
    struct rt_arena *shared = rt_arena_new();
    r->arena = r->suite->stateful ? shared : rt_arena_new();
    rt_arena_use(shared);
    if (r->suite->open)
        r->state = r->suite->open(r->env, &r->open_error);
    return true;
}

/* true: passed; else an object: "expected" and "actual", or "closed", which says why the suite
 * could not be opened. */
static json_t *outcome_to_json(struct conform_outcome *out)
{
    bool passed = out->expected && out->actual && json_equal(out->expected, out->actual);
    json_t *value =
            passed ? json_true()
                   : json_pack("{s:O*, s:O*}", "expected", out->expected, "actual", out->actual);
    json_decref(out->expected);
    json_decref(out->actual);
    return value;
}

static json_t *work(void *self, uint64_t job)
{
    struct conform_run *r = self;
    if (r->open_error.data)
        return json_pack("{s:o}", "closed", conform_text(r->open_error));
    struct conform_outcome out = { 0 };
    rt_arena_use(r->arena);
    r->suite->run(r->state, r->file->lines[job].value, &out);
    rt_arena_use(r->arena);
    json_t *value = outcome_to_json(&out);
    if (!r->suite->stateful)
        rt_arena_reset(r->arena);
    return value;
}

/* ---- in the parent ---- */

static bool more(void *self, uint64_t job)
{
    const struct conform_run *r = self;
    return job < r->file->count && !r->over && !out_interrupted();
}

/* Vectors that depend on a lost one cannot be run. */
static void take_death(struct conform_run *r, struct vector_result *result, const char *note)
{
    if (strcmp(note, POOL_NOT_STARTED) == 0) {
        r->status = CCLAB_INTERNAL;
        return;
    }
    result->verdict = VECTOR_CRASHED;
    result->note = mem_format("the model %s", note);
    r->over = r->over || r->suite->stateful;
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct conform_run *r = self;
    struct vector_result *result = &r->results[job];
    const char *closed = json_string_of(answer, "closed");
    r->done++;
    if (!answer) {
        take_death(r, result, note);
    } else if (closed) {
        if (!r->over)
            diag_at((struct diag_place){ .file = r->file->path }, "suite %s: %s", r->suite->name,
                    closed);
        r->over = true;
        r->status = CCLAB_USAGE;
    } else {
        result->verdict = json_is_true(answer) ? VECTOR_PASSED : VECTOR_FAILED;
        result->expected = json_incref(json_object_get(answer, "expected"));
        result->actual = json_incref(json_object_get(answer, "actual"));
    }
}

static void tick(void *self)
{
    struct conform_run *r = self;
    if (progress_due(&r->progress))
        progress_show(
                &r->progress, "%s: %zu of %zu vectors", r->suite->name, r->done, r->file->count);
}

int conform_run_file(const struct conform_suite *suite, const struct conform_env *env,
        const struct vector_file *file, const struct conform_run_options *options,
        struct vector_result *results)
{
    struct conform_run r = { .suite = suite, .env = env, .file = file, .results = results };
    struct pool pool = {
        .self = &r,
        .workers = suite->stateful               ? 1
                   : file->count < options->jobs ? (unsigned)file->count
                                                 : options->jobs,
        .timeout_ms = options->timeout_ms,
        .begin = begin,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    for (size_t i = 0; i < file->count; i++)
        results[i].verdict = VECTOR_NOT_RUN;
    progress_begin(&r.progress);
    pool_run(&pool);
    progress_end(&r.progress);
    return r.status;
}

void vector_results_free(struct vector_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_decref(results[i].expected);
        json_decref(results[i].actual);
        free(results[i].note);
    }
    free(results);
}
