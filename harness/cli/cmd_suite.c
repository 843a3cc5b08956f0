/* cclab suite: scenarios and replays in folders, judged by what they declare. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/commands.h"
#include "harness/cli/diag.h"
#include "harness/cli/exit.h"
#include "harness/cli/file.h"
#include "harness/cli/out.h"
#include "harness/cli/pool.h"
#include "harness/json/json.h"
#include "harness/report/junit.h"
#include "harness/report/suite.h"
#include "harness/scenario/scenario.h"

struct options {
    struct flag_list variants;
    const char *baseline;
    const char *junit;
    const char *json;
    int64_t jobs;
    int64_t schedules;
    int64_t repeat;
    int64_t timeout_ms;
};

struct session {
    const struct options *options;
    struct suite_options suite;
    char **files;
    size_t count;
    size_t cap;
    json_t *results; /* in the files' order */
    size_t passed;
    size_t failed;
    uint64_t runs, repeated, flaky;
    struct progress progress;
};

static void add_file(struct session *ss, const char *path)
{
    if (ss->count == ss->cap) {
        ss->cap = ss->cap * 2 + 64;
        ss->files = realloc(ss->files, ss->cap * sizeof(char *));
        if (!ss->files)
            abort();
    }
    ss->files[ss->count++] = strdup(path);
}

/* Schemas and lists of known findings lie beside scenarios and are none. */
static bool is_case(const char *path)
{
    const char *base = file_base(path);
    return !strstr(base, ".schema.json") && strncmp(base, "known-", 6) != 0;
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

static json_t *work(void *self, uint64_t job)
{
    struct session *ss = self;
    return suite_judge(ss->files[job], &ss->suite);
}

static bool more(void *self, uint64_t job)
{
    const struct session *ss = self;
    return job < ss->count && !out_interrupted();
}

static void print_known(const json_t *known)
{
    if (json_array_size(known) == 0)
        return;
    size_t i;
    json_t *id;
    printf(" (known:");
    json_array_foreach((json_t *)(uintptr_t)known, i, id) printf(" %s", json_string_value(id));
    printf(")");
}

static uint64_t number(const json_t *value, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(value, key));
}

static void done(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct session *ss = self;
    json_t *result = answer ? json_deep_copy(answer)
                            : json_pack("{s:s, s:b, s:s+, s:f}", "file", ss->files[job], "passed",
                                      0, "details", "the process that judged it ",
                                      note ? note : "died", "seconds", 0.0);
    bool passed = json_is_true(json_object_get(result, "passed"));
    const char *details = json_string_value(json_object_get(result, "details"));
    progress_end(&ss->progress);
    printf("%s %s: %" PRIu64 " runs, %.1f s", passed ? "ok  " : "FAIL", ss->files[job],
            number(result, "runs"), json_real_value(json_object_get(result, "seconds")));
    print_known(json_object_get(result, "known"));
    printf("\n");
    if (!passed)
        printf("%s%s", details && *details ? details : "nothing was run\n",
                details && *details && details[strlen(details) - 1] != '\n' ? "\n" : "");
    passed ? ss->passed++ : ss->failed++;
    ss->runs += number(result, "runs");
    ss->repeated += number(result, "repeated");
    ss->flaky += number(result, "flaky");
    json_array_append_new(ss->results, result);
}

static void tick(void *self)
{
    struct session *ss = self;
    if (progress_due(&ss->progress))
        progress_show(&ss->progress, "suite: %zu of %zu", ss->passed + ss->failed, ss->count);
}

/* ---- files ---- */

static bool write_junit(const struct session *ss)
{
    size_t count = json_array_size(ss->results);
    struct junit_case *cases = calloc(count + 1, sizeof(*cases));
    if (!cases)
        abort();
    for (size_t i = 0; i < count; i++) {
        const json_t *r = json_array_get(ss->results, i);
        const char *kind = json_string_value(json_object_get(r, "kind"));
        bool passed = json_is_true(json_object_get(r, "passed"));
        cases[i] = (struct junit_case){
            .class_name = kind && strcmp(kind, "replay") == 0 ? "cclab.replay" : "cclab.scenario",
            .name = json_string_value(json_object_get(r, "file")),
            .seconds = json_real_value(json_object_get(r, "seconds")),
            .kind = passed ? JUNIT_PASSED
                    : kind ? JUNIT_FAILED
                           : JUNIT_ERROR,
            .message = passed ? NULL : "not as declared",
            .details = json_string_value(json_object_get(r, "details")),
        };
    }
    bool ok = junit_write(ss->options->junit, "cclab suite", cases, count);
    free(cases);
    return ok;
}

static bool write_json(const struct session *ss)
{
    json_t *value = json_pack("{s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:O}", "format", 1, "command",
            "suite", "passed", (json_int_t)ss->passed, "failed", (json_int_t)ss->failed, "runs",
            (json_int_t)ss->runs, "repeated", (json_int_t)ss->repeated, "flaky",
            (json_int_t)ss->flaky, "results", ss->results);
    bool ok = json_write(ss->options->json, value);
    json_decref(value);
    return ok;
}

static int judge_all(struct session *ss)
{
    struct pool pool = {
        .self = ss,
        .workers = (unsigned)ss->options->jobs,
        .timeout_ms = ss->options->timeout_ms,
        .work = work,
        .more = more,
        .done = done,
        .tick = tick,
    };
    progress_begin(&ss->progress);
    pool_run(&pool);
    progress_end(&ss->progress);
    int status = ss->failed > 0 ? CCLAB_FOUND : CCLAB_OK;
    if (ss->options->junit && !write_junit(ss))
        status = CCLAB_OUTPUT;
    if (ss->options->json && !write_json(ss))
        status = CCLAB_OUTPUT;
    printf("%" PRIu64 " runs, %" PRIu64 " repeated, %" PRIu64 " with another trace\n", ss->runs,
            ss->repeated, ss->flaky);
    printf("%zu passed, %zu failed\n", ss->passed, ss->failed);
    return out_interrupted() ? CCLAB_INTERRUPTED : status;
}

static bool prepare(struct session *ss, const struct operands *operands)
{
    const struct options *o = ss->options;
    struct baseline *baseline = NULL;
    for (size_t i = 0; i < o->variants.count; i++) {
        struct diag_place none = { 0 };
        if (!scenario_add_variant(none, rt_str_from(o->variants.items[i]), &ss->suite.variants))
            return false;
    }
    if (o->baseline && !(baseline = baseline_load(o->baseline)))
        return false;
    ss->suite.baseline = baseline;
    ss->suite.repeat_percent = (unsigned)o->repeat;
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
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    out_catch_signals();
    int status = prepare(&ss, operands) ? judge_all(&ss) : CCLAB_USAGE;
    json_decref(ss.results);
    baseline_free((struct baseline *)(uintptr_t)ss.suite.baseline);
    for (size_t i = 0; i < ss.count; i++)
        free(ss.files[i]);
    free(ss.files);
    rt_arena_use(before);
    rt_arena_free(arena);
    return status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    o->jobs = cores > 0 && cores < 256 ? cores : 1;
    o->repeat = 5;
    o->timeout_ms = 600000;
}

#define OPTION(member) offsetof(struct options, member)
static const struct flag flags[] = {
    { "junit", FLAG_TEXT, OPTION(junit), "FILE", "write results as JUnit XML", 0, 0 },
    { "json", FLAG_TEXT, OPTION(json), "FILE", "write results to this file, - for standard output",
            0, 0 },
    { "baseline", FLAG_TEXT, OPTION(baseline), "FILE", "findings that are known and fail nothing",
            0, 0 },
    { "variant", FLAG_LIST, OPTION(variants), "ID", "a variant of the model; may be given often", 0,
            0 },
    { "schedules", FLAG_NUMBER, OPTION(schedules), "N",
            "explore so many schedules, whatever scenarios say", 1, INT64_MAX },
    { "repeat", FLAG_NUMBER, OPTION(repeat), "PERCENT",
            "run so many schedules twice and compare (5)", 0, 100 },
    { "jobs", FLAG_NUMBER, OPTION(jobs), "N", "files that are judged at once (one a core)", 1,
            256 },
    { "timeout", FLAG_SECONDS, OPTION(timeout_ms), "TIME",
            "give up on a file after this time (10m)", 0, 0 },
    { 0 },
};

const struct command command_suite = {
    .name = "suite",
    .summary = "Runs folders of scenarios and replays as a regression suite.",
    .operands = "DIR...",
    .details = "A scenario passes if its plain run and its exploration show what it declares; a "
               "replay\n"
               "passes if it shows its finding with the recorded trace. The last line is\n"
               "\"N passed, M failed\". Exit status: 0 all passed; 1 some failed; 2 bad usage or\n"
               "nothing to run.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
