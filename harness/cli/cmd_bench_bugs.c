/* cclab bench-bugs: how many schedules each strategy needs to each seeded bug. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/explore/search.h"
#include "harness/json/json.h"
#include "harness/seeded/bench.h"
#include "model/lab/variants.h"

#define DEFAULT_FOLDER "scenarios/bugs"

struct options {
    struct flag_list strategies;
    struct flag_list bugs;
    int64_t seeds;
    int64_t schedules;
    int64_t control;
    int64_t jobs;
    const char *json;
    bool markdown;
};

/* Those that were asked for, or all; NULL after a report of one that does not exist. */
static const char **strategies_of(const struct options *o, size_t *count)
{
    size_t all = 0;
    const struct search_info *list = search_list();
    while (list[all].name)
        all++;
    const char **names = mem_new_array(const char *, all + o->strategies.count);
    *count = 0;
    for (size_t i = 0; o->strategies.count == 0 && i < all; i++)
        names[(*count)++] = list[i].name;
    for (size_t i = 0; i < o->strategies.count; i++) {
        struct search search;
        if (!search_new(o->strategies.items[i], &(struct search_options){ 0 }, &search)) {
            free(names);
            return NULL;
        }
        search.end(search.self);
        names[(*count)++] = o->strategies.items[i];
    }
    return names;
}

static bool has_variant(const struct bench_cases *cases, enum variant v)
{
    for (size_t i = 0; i < cases->count; i++)
        if (cases->items[i].scenario ? variant_on(cases->items[i].scenario->variants, v)
                                     : strcmp(cases->items[i].id, variant_describe(v)->id) == 0)
            return true;
    return false;
}

/* The project's own folder has every old bug that there is a variant of: sentences about those that
 * it lacks; malloced. */
static char *missing_bugs(const struct bench_cases *cases)
{
    char *text = NULL;
    size_t size;
    FILE *to = mem_stream(&text, &size);
    for (int v = 0; v < VARIANT_COUNT; v++) {
        if (variant_describe((enum variant)v)->fix || has_variant(cases, (enum variant)v))
            continue;
        fprintf(to, "FAILED: there is no seeded bug of the variant %s\n",
                variant_describe((enum variant)v)->id);
    }
    fclose(to);
    return text;
}

static int bench(const struct options *o, const struct bench_options *bo,
        const struct bench_cases *cases, const char *missing)
{
    struct bench b;
    bench_run(&b, bo, cases);
    bench_print(&b, o->markdown);
    printf("\n%s", missing);
    bool ok = bench_judge(&b) && !*missing;
    int status = ok ? CCLAB_OK : CCLAB_FOUND;
    json_t *value = o->json ? bench_to_json(&b) : NULL;
    if (value && !json_write(o->json, value))
        status = CCLAB_OUTPUT;
    json_decref(value);
    if (!out_interrupted() && !bench_complete(&b) && status < CCLAB_INTERNAL)
        status = CCLAB_INTERNAL;
    bench_free(&b);
    return out_interrupted() ? CCLAB_INTERRUPTED : status;
}

static int run(const void *opts, const struct operands *operands)
{
    const struct options *o = opts;
    const char *const folder = DEFAULT_FOLDER;
    struct bench_options bo = {
        .seeds = (uint64_t)o->seeds,
        .schedules = (uint64_t)o->schedules,
        .control = (uint64_t)(o->control > 0 ? o->control : o->schedules),
        .jobs = (unsigned)o->jobs,
    };
    const char **strategies = strategies_of(o, &bo.strategy_count);
    struct bench_cases cases;
    if (!strategies)
        return CCLAB_USAGE;
    bo.strategies = strategies;
    out_catch_signals();
    bool own = operands->count == 0;
    if (!cases_load(own ? &folder : operands->items, own ? 1 : operands->count, &cases)) {
        free(strategies);
        return CCLAB_USAGE;
    }
    char *missing = own ? missing_bugs(&cases) : mem_string("");
    int status = CCLAB_USAGE;
    if (cases_select(&cases, o->bugs.items, o->bugs.count))
        status = bench(o, &bo, &cases, missing);
    free(missing);
    cases_free(&cases);
    free(strategies);
    return status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    o->seeds = 20;
    o->schedules = 10000;
    o->jobs = flags_cores();
}

static const struct flag flags[] = {
    LIST_FLAG("strategy", strategies, "NAME", "only this one; may be given often (all)"),
    LIST_FLAG(
            "bug", bugs, "ID", "only this bug or kernel, and the canary; may be given often (all)"),
    NUMBER_FLAG("seeds", seeds, "N", "trials, with the seeds 1 to N (20)", 1, 100000),
    NUMBER_FLAG("schedules", schedules, "N", "at most, in a trial (10000)", 1, 1000000000),
    NUMBER_FLAG("control", control, "N",
            "schedules of each control, spread over the seeds (as --schedules)", 1, 1000000000),
    JOBS_FLAG(JOBS_SAME_RESULT),
    JSON_FLAG(json),
    BOOL_FLAG("markdown", markdown, "print tables as Markdown"),
    { 0 },
};

const struct command command_bench_bugs = {
    .name = "bench-bugs",
    .summary = "Measures how many schedules each strategy needs to each seeded bug.",
    .operands = "[SCENARIO...]",
    .details =
            "Bugs are the scenarios in scenarios/bugs, or those given, each with a variant that\n"
            "brings an old bug back, and kernels with a planted bug. Controls run the scenarios\n"
            "without their variants and the kernels' correct twins. Exit status: 0 as promised; 1 "
            "the\n"
            "default strategy misses a bug of a scenario in a trial or needs 100 schedules or more "
            "in\n"
            "the median, a control shows what it must not, or a strategy misses the canary; 2 bad\n"
            "input; 9 a worker died; 130 interrupted.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 0,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
