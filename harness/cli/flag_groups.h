/* Flags that several commands share, with the members of `struct options` that they need. */
#ifndef CCLAB_HARNESS_CLI_FLAG_GROUPS_H
#define CCLAB_HARNESS_CLI_FLAG_GROUPS_H

#include "harness/cli/drawing.h"
#include "harness/cli/flags.h"
#include "harness/explore/shard.h"
#include "harness/report/outputs.h"

/* const char *: any member */
#define JSON_FLAG(member)                                                                          \
    FILE_FLAG("json", member, "FILE", "write results to this file, - for standard output")

/* struct outputs outputs */
#define REPORT_FLAGS                                                                               \
    JSON_FLAG(outputs.json),                                                                       \
            FILE_FLAG("junit", outputs.junit, "FILE", "write results as JUnit XML"),               \
            FILE_FLAG("sarif", outputs.sarif, "FILE", "write results as a SARIF 2.1.0 log")

/* struct flag_list variants */
#define VARIANT_FLAG                                                                               \
    LIST_FLAG("variant", variants, "ID", "a variant of the model; may be given often")

/* bool races, stuck */
#define WATCH_FLAGS                                                                                \
    BOOL_FLAG("races", races, "make fields that are shared without a lock scheduling points"),     \
            BOOL_FLAG("stuck", stuck,                                                              \
                    "look for goroutines that nothing alive can wake while others go on")

/* struct drawing_flags drawing */
#define DRAWING_FLAGS                                                                              \
    BOOL_FLAG("quiet", drawing.quiet, "draw no timeline"),                                         \
            BOOL_FLAG("plain", drawing.plain, "draw plain lines without columns, for logs"),       \
            BOOL_FLAG("ops", drawing.all_ops, "draw every operation on locks and channels"),       \
            FILE_FLAG("trace", drawing.trace, "FILE", "write every event as a line of JSON")

/* const char *baseline */
#define BASELINE_FLAG                                                                              \
    TEXT_FLAG("baseline", baseline, "FILE", "findings that are known and fail nothing")

/* int64_t repeat, whose default is said */
#define REPEAT_FLAG(percent)                                                                       \
    NUMBER_FLAG("repeat", repeat, "PERCENT",                                                       \
            "run so many schedules twice and compare (" #percent ")", 0, 100)

/* const char *out; REPLAYS_FOLDER if it is not given */
#define REPLAYS_FLAG FOLDER_FLAG("out", out, "where replays go (" REPLAYS_FOLDER ")")
#define REPLAYS_FOLDER "reports/out"

/* int64_t jobs, whose default is flags_cores() */
#define JOBS_FLAG(about) NUMBER_FLAG("jobs", jobs, "N", about, 1, FLAGS_MOST_JOBS)
#define JOBS_SAME_RESULT "worker processes (one a core); the result is the same"

/* struct shard_flags shard, whose index is -1 by default */
#define SHARD_FLAGS                                                                                \
    TEXT_FLAG("shard", shard.text, "I/N",                                                          \
            "run the I-th of N parts, 1/N to N/N; cclab merge puts their --json files together"),  \
            NUMBER_FLAG("shard-index", shard.index, "I",                                           \
                    "the same, with --shard-count: 0 to N-1, as batch systems count", 0,           \
                    SHARD_MAX - 1),                                                                \
            NUMBER_FLAG("shard-count", shard.count, "N", "how many parts there are", 1, SHARD_MAX)

#endif
