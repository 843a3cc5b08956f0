/* cclab suite: scenarios and replays in folders, judged by what they declare. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/json/json.h"
#include "harness/report/explored.h"
#include "harness/report/suite.h"
#include "harness/scenario/scenario.h"

struct options {
    struct flag_list variants;
    const char *baseline;
    bool no_baseline;
    int64_t jobs;
    int64_t schedules;
    int64_t repeat;
    int64_t timeout_ms;
    const char *out;
    struct outputs outputs;
    struct shard_flags shard;
};

struct session {
    const struct options *options;
    struct suite_options suite;
    char **files;
    size_t count;
    size_t cap;
    struct shard shard;
    size_t jobs;     /* files of this shard */
    json_t *results; /* in the files' order */
    size_t judged;
    struct progress progress;
};

static void add_file(struct session *ss, const char *path)
{
    mem_reserve(ss->files, ss->cap, ss->count + 1);
    ss->files[ss->count++] = mem_string(path);
}

/* Schemas and lists of known findings lie beside scenarios and are none. */
static bool is_case(const char *path)
{
    const char *base = file_base(path);
    return !strstr(base, ".schema.json") && !baseline_is_list(path);
}

static bool add_path(struct session *ss, const char *path)
{
    char **list = file_list(path, ".json");
    if (!list)
        return false;
    for (char **p = list; *p; p++)
        if (!file_is_dir(path) || is_case(*p))
            add_file(ss, *p);
    file_list_free(list);
    return true;
}

/* The files are dealt out to shards in turn; a job is one of this shard's. */
static size_t file_of(const struct session *ss, uint64_t job)
{
    uint64_t n = ss->shard.count > 0 ? job * ss->shard.count + ss->shard.index - 1 : job;
    return n < ss->count ? (size_t)n : ss->count;
}

static json_t *work(void *self, uint64_t job)
{
    struct session *ss = self;
    json_t *result = suite_judge(ss->files[file_of(ss, job)], &ss->suite);
    if (out_interrupted())
        json_object_set_new(result, "interrupted", json_true());
    return result;
}

static bool more(void *self, uint64_t job)
{
    const struct session *ss = self;
    return file_of(ss, job) < ss->count && !out_interrupted();
}

static json_t *unjudged(const char *path, const char *note)
{
    char details[256];
    snprintf(details, sizeof(details), "the process that judged it %s", note ? note : "died");
    return suite_unjudged(path, details);
}

/* Every file has its result, in its place, also when the suite ends before it. */
static void take_interrupted(struct session *ss, uint64_t job)
{
    json_t *result = suite_missing(ss->files[file_of(ss, job)], "the suite was interrupted");
    json_object_set_new(result, "interrupted", json_true());
    json_array_append_new(ss->results, result);
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct session *ss = self;
    if (json_true_of(answer, "interrupted")) {
        take_interrupted(ss, job);
        return;
    }
    json_t *result = answer ? json_deep_copy(answer) : unjudged(ss->files[file_of(ss, job)], note);
    progress_end(&ss->progress);
    suite_print(result);
    ss->judged++;
    json_array_append_new(ss->results, result);
}

static void tick(void *self)
{
    struct session *ss = self;
    if (progress_due(&ss->progress))
        progress_show(&ss->progress, "suite: %zu of %zu", ss->judged, ss->jobs);
}

static json_t *shard_options(const struct session *ss)
{
    const struct options *o = ss->options;
    const struct baseline *known = ss->suite.baseline;
    const struct suite_shard_options options = {
        .schedules = o->schedules,
        .repeat = o->repeat,
        .timeout_ms = o->timeout_ms,
        .variants = { o->variants.items, o->variants.count },
        .baseline = known ? known->value : NULL,
        .files = { ss->files, ss->count },
    };
    return json_make(&suite_shard_options_spec, &options, true);
}

static int judge_all(struct session *ss)
{
    const struct options *o = ss->options;
    struct pool pool = {
        .self = ss,
        .workers = (unsigned)o->jobs,
        .timeout_ms = o->timeout_ms,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    while (file_of(ss, ss->jobs) < ss->count)
        ss->jobs++;
    progress_begin(&ss->progress);
    pool_run(&pool);
    progress_end(&ss->progress);
    for (uint64_t job = json_array_size(ss->results); job < ss->jobs; job++)
        take_interrupted(ss, job);
    int status = suite_finish(ss->results, &o->outputs, ss->shard,
            ss->shard.count > 0 ? shard_options(ss) : NULL, NULL);
    return out_interrupted() ? CCLAB_INTERRUPTED : status;
}

static bool prepare(struct session *ss, const struct operands *operands)
{
    const struct options *o = ss->options;
    struct baseline *baseline = NULL;
    if (!shard_from_flags("suite", &o->shard, &ss->shard))
        return false;
    if (!scenario_add_variants(o->variants.items, o->variants.count, &ss->suite.variants))
        return false;
    if (o->baseline && o->no_baseline) {
        diag("suite: --baseline and --no-baseline contradict each other");
        return false;
    }
    bool known = o->no_baseline ? true
                 : o->baseline  ? (baseline = baseline_load(o->baseline)) != NULL
                                : baseline_near(operands->items, operands->count, &baseline);
    if (!known)
        return false;
    ss->suite.baseline = baseline;
    ss->suite.repeat_percent = (unsigned)o->repeat;
    ss->suite.out = o->out ? o->out : REPLAYS_FOLDER;
    ss->suite.schedules = (uint64_t)o->schedules;
    for (size_t i = 0; i < operands->count; i++)
        if (!add_path(ss, operands->items[i]))
            return false;
    if (ss->count == 0)
        diag("suite: there is nothing to run");
    return ss->count > 0;
}

static int run(const void *opts, const struct operands *operands)
{
    struct session ss = { .options = opts, .results = json_array() };
    out_catch_signals();
    int status = prepare(&ss, operands) ? judge_all(&ss) : CCLAB_USAGE;
    json_decref(ss.results);
    baseline_free((struct baseline *)(uintptr_t)ss.suite.baseline);
    for (size_t i = 0; i < ss.count; i++)
        free(ss.files[i]);
    free(ss.files);
    return status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    o->jobs = flags_cores();
    o->repeat = 5;
    o->timeout_ms = 600000;
    o->shard.index = -1;
}

static const struct flag flags[] = {
    BASELINE_FLAG,
    BOOL_FLAG("no-baseline", no_baseline, "nothing is known but what scenarios declare"),
    VARIANT_FLAG,
    NUMBER_FLAG("schedules", schedules, "N", "explore so many schedules, whatever scenarios say", 1,
            INT64_MAX),
    REPEAT_FLAG(5),
    JOBS_FLAG("files that are judged at once (one a core)"),
    SECONDS_FLAG("timeout", timeout_ms, "give up on a file after this time (10m; 0: never)"),
    SHARD_FLAGS,
    FOLDER_FLAG("out", out, "where replays of new findings go (" REPLAYS_FOLDER ")"),
    REPORT_FLAGS,
    { 0 },
};

const struct command command_suite = {
    .name = "suite",
    .summary = "Runs folders of scenarios and replays as a regression suite.",
    .operands = "DIR...",
    .details = "A scenario passes if its plain run and its exploration show what it declares; a "
               "replay\n"
               "passes if it shows its finding with the recorded trace. Findings that the lists\n"
               "known-*.json of its folder, or of the one above, know fail nothing; --baseline\n"
               "takes another list. The last line is\n"
               "\"N passed, M failed\". Exit status: 0 all passed; 1 some failed; 2 bad usage or\n"
               "nothing to run.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
