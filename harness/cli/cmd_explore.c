/* cclab explore: many schedules of each scenario; what is found, and where its replay is. */
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/explore/shrink.h"
#include "harness/report/explored.h"
#include "harness/report/outputs.h"

struct options {
    const char *strategy;
    int64_t schedules;
    int64_t seed;
    int64_t max_ms;
    int64_t jobs;
    int64_t depth;
    struct flag_list variants;
    const char *json;
    const char *junit;
    const char *sarif;
    const char *out;
    const char *baseline;
    bool races;
    bool stuck;
    bool first;
    bool no_shrink;
    int64_t repeat;
    struct shard_flags shard;
};

struct session {
    const struct options *options;
    struct explored_options explored;
    struct baseline *baseline;
    json_t *explorations;
    int status;
};

static void worsen(struct session *ss, int status)
{
    ss->status = explored_worse(ss->status, status);
}

static void explore(struct session *ss, const char *path)
{
    struct explored_options *o = &ss->explored;
    struct scenario *s = scenario_load(path);
    if (!s) {
        worsen(ss, CCLAB_USAGE);
        return;
    }
    struct lab_maker lab;
    struct exploration e;
    const struct subject_maker *maker = lab_maker_init(&lab, s, &o->lab);
    o->explore.title = rt_cstr(s->name);
    if (explore_run(maker, &o->explore, &e)) {
        json_t *entry;
        if (o->shrink && !out_interrupted())
            shrink_all(maker, &e, o->explore.jobs);
        worsen(ss, explored_report(o, s, &e, &entry));
        json_array_append_new(ss->explorations, entry);
    } else {
        worsen(ss, CCLAB_USAGE);
    }
    exploration_free(&e);
    scenario_free(s);
}

static bool prepare(struct session *ss, size_t scenarios)
{
    const struct options *o = ss->options;
    struct explored_options *x = &ss->explored;
    x->explore = (struct explore_options){
        .strategy = o->strategy,
        .schedules = (uint64_t)o->schedules,
        .seed = (uint64_t)o->seed,
        .max_ms = o->max_ms,
        .jobs = (unsigned)o->jobs,
        .depth = (uint64_t)o->depth,
        .stop_at_first = o->first,
        .repeat_percent = (unsigned)o->repeat,
    };
    x->lab.races = o->races;
    x->lab.stuck = o->stuck;
    x->shrink = !o->no_shrink;
    x->scenarios = scenarios;
    x->out = o->out;
    if (!shard_from_flags("explore", &o->shard, &x->explore.shard))
        return false;
    if (!scenario_add_variants(o->variants.items, o->variants.count, &x->lab.variants))
        return false;
    if (o->baseline && !(ss->baseline = baseline_load(o->baseline)))
        return false;
    x->baseline = ss->baseline;
    return true;
}

static int run(const void *opts, const struct operands *operands)
{
    const struct options *o = opts;
    struct session ss = { .options = o };
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    out_catch_signals();
    ss.explorations = json_array();
    if (!prepare(&ss, operands->count))
        ss.status = CCLAB_USAGE;
    /* Also after an interrupt, which then ends each search at once: results have all scenarios. */
    for (size_t i = 0; ss.status != CCLAB_USAGE && i < operands->count; i++)
        explore(&ss, operands->items[i]);
    if (json_array_size(ss.explorations) > 0) {
        json_t *value = explored_file(&ss.explored, ss.explorations);
        struct outputs to = { o->json, o->junit, o->sarif };
        if (!outputs_write(&to, value))
            worsen(&ss, CCLAB_OUTPUT);
        json_decref(value);
    }
    json_decref(ss.explorations);
    baseline_free(ss.baseline);
    rt_arena_use(before);
    rt_arena_free(arena);
    return out_interrupted() ? CCLAB_INTERRUPTED : ss.status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    o->strategy = "portfolio";
    o->schedules = 10000;
    o->seed = 1;
    o->jobs = cores > 0 && cores < 256 ? cores : 1;
    o->out = "reports/out";
    o->shard.index = -1;
}

#define OPTION(member) offsetof(struct options, member)
static const struct flag flags[] = {
    { "strategy", FLAG_TEXT, OPTION(strategy), "NAME", "see cclab list strategies (portfolio)", 0,
            0 },
    { "schedules", FLAG_NUMBER, OPTION(schedules), "N", "how many (10000)", 1, INT64_MAX },
    { "seed", FLAG_NUMBER, OPTION(seed), "N", "of the search (1)", 0, INT64_MAX },
    { "time", FLAG_SECONDS, OPTION(max_ms), "TIME", "stop after this time", 0, 0 },
    { "jobs", FLAG_NUMBER, OPTION(jobs), "N",
            "worker processes (one a core); the result is the same", 1, 256 },
    { "depth", FLAG_NUMBER, OPTION(depth), "N", "of a bug, for strategies that have it", 1, 100 },
    { "variant", FLAG_LIST, OPTION(variants), "ID", "a variant of the model; may be given often", 0,
            0 },
    { "races", FLAG_BOOL, OPTION(races), NULL,
            "make fields that are shared without a lock scheduling points", 0, 0 },
    { "stuck", FLAG_BOOL, OPTION(stuck), NULL,
            "look for goroutines that nothing alive can wake while others go on", 0, 0 },
    { "baseline", FLAG_TEXT, OPTION(baseline), "FILE", "findings that are known and fail nothing",
            0, 0 },
    { "first", FLAG_BOOL, OPTION(first), NULL, "stop at the first finding", 0, 0 },
    { "no-shrink", FLAG_BOOL, OPTION(no_shrink), NULL, "save replays as they were found", 0, 0 },
    { "repeat", FLAG_NUMBER, OPTION(repeat), "PERCENT",
            "run so many schedules twice and compare (0)", 0, 100 },
    { "shard", FLAG_TEXT, OPTION(shard.text), "I/N",
            "run the I-th of N parts, 1/N to N/N; cclab merge puts their --json files together", 0,
            0 },
    { "shard-index", FLAG_NUMBER, OPTION(shard.index), "I",
            "the same, with --shard-count: 0 to N-1, as batch systems count", 0, SHARD_MAX - 1 },
    { "shard-count", FLAG_NUMBER, OPTION(shard.count), "N", "how many parts there are", 1,
            SHARD_MAX },
    { "out", FLAG_TEXT, OPTION(out), "DIR", "where replays go (reports/out)", 0, 0 },
    { "json", FLAG_FILE, OPTION(json), "FILE", "write results to this file, - for standard output",
            0, 0 },
    { "junit", FLAG_FILE, OPTION(junit), "FILE", "write results as JUnit XML", 0, 0 },
    { "sarif", FLAG_FILE, OPTION(sarif), "FILE", "write results as a SARIF 2.1.0 log", 0, 0 },
    { 0 },
};

const struct command command_explore = {
    .name = "explore",
    .summary = "Runs scenarios under many schedules and saves a replay of every finding.",
    .operands = "SCENARIO...",
    .details =
            "Equal findings are counted, not repeated. Exit status: 0 nothing found, or only what\n"
            "the baseline or the scenario knows; 1 something else; 2 bad input; 9 a run was not\n"
            "deterministic or a worker died; 130 interrupted, what was found is saved.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
