/* cclab merge: the result files of shards become the result of the whole. */
#include "harness/base/exit.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/report/merge.h"

struct options {
    struct outputs outputs;
    const char *out;
    bool partial;
};

static int run(const void *opts, const struct operands *operands)
{
    const struct options *o = opts;
    struct merge_options to = {
        .partial = o->partial,
        .json = o->outputs.json,
        .junit = o->outputs.junit,
        .sarif = o->outputs.sarif,
        .out = o->out ? o->out : REPLAYS_FOLDER,
    };
    struct merge m;
    int status = CCLAB_USAGE;
    if (merge_open(&m, operands->items, operands->count, o->partial))
        status = m.files[0].suite ? merge_suites(&m, &to) : merge_explorations(&m, &to);
    merge_close(&m);
    return status;
}

static const struct flag flags[] = {
    REPORT_FLAGS,
    REPLAYS_FLAG,
    BOOL_FLAG("partial", partial, "put together what there is of all parts"),
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
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
