/* cclab explore: many schedules of each scenario; what is found, and where its replay is. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/commands.h"
#include "harness/cli/diag.h"
#include "harness/cli/exit.h"
#include "harness/cli/file.h"
#include "harness/cli/out.h"
#include "harness/explore/baseline.h"
#include "harness/explore/shrink.h"
#include "harness/json/json.h"
#include "harness/scenario/save.h"

struct options {
    const char *strategy;
    int64_t schedules;
    int64_t seed;
    int64_t max_ms;
    int64_t jobs;
    int64_t depth;
    struct flag_list variants;
    const char *json;
    const char *out;
    const char *baseline;
    bool races;
    bool first;
    bool no_shrink;
    int64_t repeat;
};

struct session {
    const struct options *options;
    struct lab_options lab;
    struct baseline *baseline;
    json_t *explorations;
    int status;
};

static void worsen(struct session *ss, int status)
{
    if (status > ss->status)
        ss->status = status;
}

/* Makes the finding's choices as few as a little time allows. */
static void shrink_found(struct session *ss, const struct scenario *s, struct found *f)
{
    struct lab *lab = lab_new(s, &ss->lab);
    if (!lab)
        return;
    struct subject subject = lab_subject(lab);
    struct shrink shrink = {
        .subject = &subject,
        .finding = strcmp(f->id, verdict_name(f->verdict)) == 0 ? NULL : f->id,
        .verdict = f->verdict,
        .max_runs = 20000,
        .max_ms = 10000,
        .choices = f->choices,
        .hash = f->hash,
        .found_verdict = f->verdict,
    };
    if (shrink_confirm(&shrink))
        shrink_choices(&shrink);
    f->choices = shrink.choices;
    f->hash = shrink.hash;
    f->verdict = shrink.found_verdict;
    lab_free(lab);
}

static char *save_found(
        struct session *ss, const struct scenario *s, const struct found *f, const char *strategy)
{
    char by[160];
    struct replay replay;
    snprintf(by, sizeof(by), "strategy %s, seed %" PRId64 ", schedule %" PRIu64, strategy,
            ss->options->seed, f->first);
    replay_of_finding(&replay, s, &ss->lab, f, by);
    char *path = replay_save(&replay, s, ss->options->out);
    replay_free(&replay);
    if (!path)
        worsen(ss, CCLAB_OUTPUT);
    return path;
}

static void report_found(struct session *ss, const struct scenario *s, struct found *f,
        const char *strategy, json_t *entry)
{
    const struct known_finding *known = baseline_find(ss->baseline, f->id);
    bool allowed = scenario_allows(s, f->id);
    if (!ss->options->no_shrink && !out_interrupted())
        shrink_found(ss, s, f);
    char *path = save_found(ss, s, f, strategy);
    printf("%s%s\n", f->id, known ? " (known)" : allowed ? " (expected here)" : "");
    printf("    %s\n", f->text);
    if (known)
        printf("    known: %.*s\n", (int)known->sentence.len, (const char *)known->sentence.data);
    printf("    verdict %s, %" PRIu64 " times, first in schedule %" PRIu64
           ", %zu switches, %zu faults\n",
            verdict_name(f->verdict), f->count, f->first, choices_switches(&f->choices),
            choices_faults(&f->choices));
    if (path)
        printf("    replay: %s\n", path);
    json_object_set_new(entry, "known", json_boolean(known != NULL));
    json_object_set_new(entry, "expected", json_boolean(allowed));
    json_object_set_new(entry, "switches", json_integer((json_int_t)choices_switches(&f->choices)));
    if (path)
        json_object_set_new(entry, "replay", json_string(path));
    free(path);
    if (!known && !allowed)
        worsen(ss, CCLAB_FOUND);
}

static void report(struct session *ss, const struct scenario *s, struct exploration *e,
        const struct explore_options *eo)
{
    json_t *value = exploration_to_json(e, eo);
    json_t *findings = json_object_get(value, "findings");
    json_object_set_new(value, "scenario", json_text_value(s->name.data, s->name.len));
    printf("%.*s: %" PRIu64 " schedules%s, strategy %s, %.1f s, %.0f a second, %zu findings\n",
            (int)s->name.len, (const char *)s->name.data, e->schedules,
            e->exhausted ? " (all there are)" : "", eo->strategy, e->seconds,
            e->seconds > 0 ? (double)e->schedules / e->seconds : 0, e->found_count);
    for (size_t i = 0; i < e->found_count; i++)
        report_found(ss, s, &e->found[i], eo->strategy, json_array_get(findings, i));
    if (e->repeated > 0)
        printf("%" PRIu64 " runs repeated, %" PRIu64 " with another trace\n", e->repeated,
                e->flaky);
    if (e->flaky > 0 || e->lost > 0)
        worsen(ss, CCLAB_INTERNAL);
    if (e->schedules == 0) {
        diag("%s: no schedule was run", s->path);
        worsen(ss, CCLAB_USAGE);
    }
    json_array_append_new(ss->explorations, value);
}

static void explore(struct session *ss, const char *path)
{
    const struct options *o = ss->options;
    struct scenario *s = scenario_load(path);
    if (!s) {
        worsen(ss, CCLAB_USAGE);
        return;
    }
    struct explore_options eo = {
        .strategy = o->strategy,
        .schedules = (uint64_t)o->schedules,
        .seed = (uint64_t)o->seed,
        .max_ms = o->max_ms,
        .jobs = (unsigned)o->jobs,
        .depth = (uint64_t)o->depth,
        .stop_at_first = o->first,
        .repeat_percent = (unsigned)o->repeat,
        .title = rt_cstr(s->name),
    };
    struct lab_maker maker;
    struct exploration e;
    if (explore_run(lab_maker_init(&maker, s, &ss->lab), &eo, &e))
        report(ss, s, &e, &eo);
    else
        worsen(ss, CCLAB_USAGE);
    exploration_free(&e);
    scenario_free(s);
}

static bool prepare(struct session *ss)
{
    const struct options *o = ss->options;
    ss->lab.races = o->races;
    for (size_t i = 0; i < o->variants.count; i++) {
        struct diag_place none = { 0 };
        if (!scenario_add_variant(none, rt_str_from(o->variants.items[i]), &ss->lab.variants))
            return false;
    }
    if (o->baseline && !(ss->baseline = baseline_load(o->baseline)))
        return false;
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
    if (!prepare(&ss))
        ss.status = CCLAB_USAGE;
    for (size_t i = 0; ss.status != CCLAB_USAGE && i < operands->count && !out_interrupted(); i++)
        explore(&ss, operands->items[i]);
    if (o->json && json_array_size(ss.explorations) > 0) {
        json_t *value = json_pack("{s:i, s:s, s:O}", "format", 1, "command", "explore",
                "explorations", ss.explorations);
        if (!json_write(o->json, value))
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
    { "baseline", FLAG_TEXT, OPTION(baseline), "FILE", "findings that are known and fail nothing",
            0, 0 },
    { "first", FLAG_BOOL, OPTION(first), NULL, "stop at the first finding", 0, 0 },
    { "no-shrink", FLAG_BOOL, OPTION(no_shrink), NULL, "save replays as they were found", 0, 0 },
    { "repeat", FLAG_NUMBER, OPTION(repeat), "PERCENT",
            "run so many schedules twice and compare (0)", 0, 100 },
    { "out", FLAG_TEXT, OPTION(out), "DIR", "where replays go (reports/out)", 0, 0 },
    { "json", FLAG_TEXT, OPTION(json), "FILE", "write results to this file, - for standard output",
            0, 0 },
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
