/* cclab merge: the result files of shards become the result of the whole. */
#include "harness/base/exit.h"
#include "harness/cli/commands.h"
#include "harness/report/merge.h"
#include "model/rt/arena.h"

static int run(const void *opts, const struct operands *operands)
{
    const struct merge_options *o = opts;
    struct merge m;
    int status = CCLAB_USAGE;
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    if (merge_open(&m, operands->items, operands->count, o->partial))
        status = m.files[0].suite ? merge_suites(&m, o) : merge_explorations(&m, o);
    merge_close(&m);
    rt_arena_use(before);
    rt_arena_free(arena);
    return status;
}

static void defaults(void *opts)
{
    struct merge_options *o = opts;
    o->out = "reports/out";
}

#define OPTION(member) offsetof(struct merge_options, member)
static const struct flag flags[] = {
    { "json", FLAG_FILE, OPTION(json), "FILE", "write results to this file, - for standard output",
            0, 0 },
    { "junit", FLAG_FILE, OPTION(junit), "FILE", "write results as JUnit XML", 0, 0 },
    { "sarif", FLAG_FILE, OPTION(sarif), "FILE", "write results as a SARIF 2.1.0 log", 0, 0 },
    { "out", FLAG_TEXT, OPTION(out), "DIR", "where replays go (reports/out)", 0, 0 },
    { "partial", FLAG_BOOL, OPTION(partial), NULL, "put together what there is of all parts", 0,
            0 },
    { 0 },
};

const struct command command_merge = {
    .name = "merge",
    .summary = "Puts the result files of cclab explore --shard or cclab suite --shard together.",
    .operands = "FILE...",
    .details =
            "The result is that of one run without --shard, times apart. Parts of different runs,\n"
            "parts that are given twice, missing, or cut off are refused. Exit status: that of "
            "the\n"
            "whole run; 2 the files do not belong together.",
    .flags = flags,
    .options_size = sizeof(struct merge_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
