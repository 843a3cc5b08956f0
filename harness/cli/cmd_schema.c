/* cclab schema: the JSON Schema of a kind of file, made from the table that reads it. */
#include <stdio.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/cli/commands.h"
#include "harness/conform/run.h"
#include "harness/explore/replay.h"
#include "harness/report/baseline.h"
#include "harness/report/result.h"
#include "harness/report/timeline.h"
#include "harness/scenario/scenario.h"
#include "harness/seeded/bench.h"
#include "harness/world/spec.h"

struct kind {
    char name[40];
    const struct json_spec *spec;
};

static const struct kind files[] = {
    { "scenario", &scenario_spec },
    { "world", &world_spec },
    { "replay", &replay_spec },
    { "baseline", &baseline_spec },
    { "exploration", &explore_file_spec },
    { "suite", &suite_file_spec },
    { "run", &run_file_spec },
    { "replay-results", &replay_file_spec },
    { "conform", &conform_results_spec },
    { "bench-bugs", &bench_results_spec },
    { "trace", &trace_spec },
};
enum { FILES = sizeof(files) / sizeof(*files), MOST = 64 };

/* The files, and a kind of vectors for each suite; the number of them. */
static size_t all_kinds(struct kind kinds[MOST])
{
    size_t count = FILES;
    memcpy(kinds, files, sizeof(files));
    for (size_t i = 0; conform_suites[i] && count < MOST; i++, count++) {
        kinds[count].spec = conform_suites[i]->vector;
        snprintf(kinds[count].name, sizeof(kinds[count].name), "vectors-%s",
                conform_suites[i]->name);
    }
    return count;
}

static int print_schema(const struct kind *kind)
{
    char id[64], title[64];
    snprintf(id, sizeof(id), "%s.schema.json", kind->name);
    snprintf(title, sizeof(title), "cclab %s", kind->name);
    json_t *schema = json_schema(kind->spec, id, title);
    bool ok = json_write("-", schema);
    json_decref(schema);
    return ok ? CCLAB_OK : CCLAB_OUTPUT;
}

static int run(const void *options, const struct operands *operands)
{
    struct kind kinds[MOST];
    const char *names[MOST + 1] = { NULL };
    size_t count = all_kinds(kinds);
    (void)options;
    if (operands->count == 0)
        return print_schema(&kinds[0]);
    const char *name = operands->items[0];
    for (size_t i = 0; i < count; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return print_schema(&kinds[i]);
        names[i] = kinds[i].name;
    }
    struct diag_hint hint = diag_hint(name, names);
    diag("schema: there is no kind of file \"%s\"%s; see cclab schema --help", name, hint.text);
    return CCLAB_USAGE;
}

const struct command command_schema = {
    .name = "schema",
    .summary = "Prints the JSON Schema of a kind of file, of scenarios for example.",
    .operands = "[KIND]",
    .details =
            "KIND is scenario (as without it), world, replay or baseline; of what commands write\n"
            "exploration, suite, run, replay-results, conform, bench-bugs or, for a line of\n"
            "--trace, trace; for a line of a file of vectors vectors- and the name of its suite,\n"
            "see cclab list suites.",
    .options_size = 1,
    .max_operands = 1,
    .run = run,
};
