/* cclab explore: many schedules of each scenario; what is found, and where its replay is. */

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/explore/shrink.h"
#include "harness/report/explored.h"

struct options {
    const char *strategy;
    int64_t schedules;
    int64_t seed;
    int64_t max_ms;
    int64_t jobs;
    int64_t depth;
    struct flag_list variants;
    struct outputs outputs;
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
            shrink_all(maker, &e, o->explore.jobs, 0);
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
    x->out = o->out ? o->out : REPLAYS_FOLDER;
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
    out_catch_signals();
    ss.explorations = json_array();
    if (!prepare(&ss, operands->count))
        ss.status = CCLAB_USAGE;
    /* Also after an interrupt, which then ends each search at once: results have all scenarios. */
    for (size_t i = 0; ss.status != CCLAB_USAGE && i < operands->count; i++)
        explore(&ss, operands->items[i]);
    if (json_array_size(ss.explorations) > 0) {
        json_t *value = explored_file(&ss.explored, ss.explorations);
        if (!outputs_write(&o->outputs, value))
            worsen(&ss, CCLAB_OUTPUT);
        json_decref(value);
    }
    json_decref(ss.explorations);
    baseline_free(ss.baseline);
    return out_interrupted() ? CCLAB_INTERRUPTED : ss.status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    o->strategy = "portfolio";
    o->schedules = 10000;
    o->seed = 1;
    o->jobs = flags_cores();
    o->shard.index = -1;
}

static const struct flag flags[] = {
    TEXT_FLAG("strategy", strategy, "NAME", "see cclab list strategies (portfolio)"),
    NUMBER_FLAG("schedules", schedules, "N", "how many (10000)", 1, INT64_MAX),
    NUMBER_FLAG("seed", seed, "N", "of the search (1)", 0, INT64_MAX),
    SECONDS_FLAG("time", max_ms, "stop after this time"),
    JOBS_FLAG(JOBS_SAME_RESULT),
    NUMBER_FLAG("depth", depth, "N", "of a bug, for strategies that have it", 1, 100),
    VARIANT_FLAG,
    WATCH_FLAGS,
    BASELINE_FLAG,
    BOOL_FLAG("first", first, "stop at the first finding"),
    BOOL_FLAG("no-shrink", no_shrink, "save replays as they were found"),
    REPEAT_FLAG(0),
    SHARD_FLAGS,
    REPLAYS_FLAG,
    REPORT_FLAGS,
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
