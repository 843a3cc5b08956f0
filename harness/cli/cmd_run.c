/* cclab run: one run of each scenario, drawn. */
#include <inttypes.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/explore/replay.h"
#include "harness/explore/search.h"
#include "harness/scenario/lab.h"

enum { NO_SEED = -1 };

struct options {
    int64_t seed;
    const char *strategy;
    struct flag_list variants;
    const char *json;
    struct drawing_flags drawing;
    bool choices;
    bool metrics;
    bool races;
    bool stuck;
};

/* The file of --json. */
struct results {
    int64_t format;
    int command;
    json_t *runs;
};

static const char *const words[] = { "run", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = words };
static const struct json_spec reports = { .kind = JSON_SPEC_ARRAY, .element = &lab_report_spec };
static const struct json_spec runs = { .kind = JSON_SPEC_VALUE, .element = &reports };
static const struct json_field fields[] = {
    JSON_RESULTS_HEAD(struct results, &command),
    { "runs", &runs, offsetof(struct results, runs), .required = true,
            .about = "The run of each scenario, in order." },
    { 0 },
};
const struct json_spec run_file_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab run saw.",
    .fields = fields,
};

struct session {
    const struct options *options;
    uint64_t variants;
    struct drawing drawing;
    json_t *runs;
    int status;
};

/* Of several runs the highest status counts. */
static void worsen(struct session *ss, int status)
{
    if (status > ss->status)
        ss->status = status;
}

static void print_result(const struct scenario *s, const struct run_result *result)
{
    printf("Verdict: %s%s%s\n", verdict_name(result->verdict), result->reason.len ? ": " : "",
            out_shown(result->reason));
    for (size_t i = 0; i < result->findings.count; i++)
        printf("  finding %s\n    %s\n", out_shown(result->findings.items[i].id),
                out_shown(result->findings.items[i].text));
    printf("Trace: %016" PRIx64 ", %" PRIu64 " steps, %.3f s of virtual time (%s)\n", result->hash,
            result->steps, (double)result->time_ns / 1e9, out_shown(s->name));
}

static void print_choices(const struct choices *made)
{
    json_t *lines = choices_to_json(made);
    size_t i;
    json_t *line;
    printf("Choices: %zu\n", made->count);
    json_array_foreach(lines, i, line) printf("  %s\n", json_string_value(line));
    json_decref(lines);
}

static void print_difference(void *arg, struct diag_place place, const char *difference)
{
    (void)arg;
    printf("  %s:%d:%d: %s\n", place.file, place.line, place.column,
            out_shown(rt_str_from(difference)));
}

/* The status of the run; without choices of its own it has to be as the scenario expects. */
static int judge(const struct lab *lab, const struct run_result *result, bool plain)
{
    bool expected = plain && lab_as_expected(lab, result);
    bool completed = result->verdict == VERDICT_COMPLETED;
    if (expected && !completed)
        printf("This is what the scenario expects.\n");
    if (plain && !expected) {
        printf("The scenario expects something else:\n");
        (void)lab_differences(lab, result, print_difference, NULL);
    }
    if (expected)
        return CCLAB_OK;
    return plain && completed ? CCLAB_FOUND : verdict_exit(result->verdict);
}

static void run_lab(struct session *ss, const struct scenario *s, struct lab *lab,
        const struct rt_source *source)
{
    const struct options *o = ss->options;
    struct recorder recorder;
    struct run_result result;
    struct subject subject = lab_subject(lab);
    recorder_init(&recorder, source);
    bool recorded = source || o->choices || o->json;
    printf("%s: %s\n\n", out_shown(s->name), out_shown(s->about));
    drawing_run(&ss->drawing, &subject, recorded ? &recorder.source : NULL, &result);
    lab_print(lab, stdout);
    if (o->choices)
        print_choices(&recorder.made);
    print_result(s, &result);
    worsen(ss, judge(lab, &result, !source));
    json_array_append_new(ss->runs, lab_report(lab, &result, recorder.made.count));
    recorder_free(&recorder);
}

static void run_scenario(struct session *ss, const char *path)
{
    const struct options *o = ss->options;
    struct scenario *s = scenario_load(path);
    struct lab_options lo = {
        .variants = ss->variants,
        .races = o->races,
        .stuck = o->stuck,
        .metrics = o->metrics,
        .plain = o->seed == NO_SEED,
    };
    struct lab *lab = s ? lab_new(s, &lo) : NULL;
    if (!lab) {
        worsen(ss, CCLAB_USAGE);
        scenario_free(s);
        return;
    }
    struct search search = { 0 };
    const struct rt_source *source = NULL;
    if (o->seed != NO_SEED && search_new(o->strategy ? o->strategy : "random",
                                      &(struct search_options){ (uint64_t)o->seed, 0 }, &search))
        source = search.next(search.self);
    if (o->seed != NO_SEED && !source)
        worsen(ss, CCLAB_USAGE);
    else
        run_lab(ss, s, lab, source);
    if (search.end)
        search.end(search.self);
    lab_free(lab);
    scenario_free(s);
}

static bool check_options(const struct options *o, struct session *ss)
{
    if (o->strategy && o->seed == NO_SEED) {
        diag("run: --strategy %s: needs --seed, without it every choice is the plain one",
                o->strategy);
        return false;
    }
    return scenario_add_variants(o->variants.items, o->variants.count, &ss->variants);
}

static int run(const void *opts, const struct operands *operands)
{
    const struct options *o = opts;
    struct session ss = { .options = o };
    if (!check_options(o, &ss))
        return CCLAB_USAGE;
    ss.runs = json_array();
    drawing_begin(&ss.drawing, &o->drawing);
    for (size_t i = 0; i < operands->count && out_alive(); i++)
        run_scenario(&ss, operands->items[i]);
    if (!drawing_end(&ss.drawing))
        worsen(&ss, CCLAB_OUTPUT);
    if (o->json) {
        const struct results results = { .format = 1, .runs = ss.runs };
        json_t *report = json_make(&run_file_spec, &results, true);
        if (!json_write(o->json, report))
            worsen(&ss, CCLAB_OUTPUT);
        json_decref(report);
    }
    json_decref(ss.runs);
    return ss.status;
}

static void defaults(void *opts)
{
    ((struct options *)opts)->seed = NO_SEED;
}

static const struct flag flags[] = {
    NUMBER_FLAG("seed", seed, "N", "take random choices; without it every choice is the plain one",
            0, INT64_MAX),
    TEXT_FLAG("strategy", strategy, "NAME", "how choices are taken with --seed (random)"),
    VARIANT_FLAG,
    WATCH_FLAGS,
    JSON_FLAG(json),
    BOOL_FLAG("choices", choices, "print all choices"),
    BOOL_FLAG("metrics", metrics, "print the metrics that the peer would export"),
    NUMBER_FLAG("width", drawing.width, "N", "columns to draw in; else the terminal's", 40, 1000),
    DRAWING_FLAGS,
    { 0 },
};

const struct command command_run_scenario = {
    .name = "run",
    .summary = "Runs scenarios once and draws what happened.",
    .operands = "SCENARIO...",
    .details =
            "Exit status: 0 the run ended as the scenario expects (or, with --seed, completed);\n"
            "1 an invariant is violated or an answer is not the expected one; 2 bad input;\n"
            "3 panic; 4 deadlock; 5 a goroutine that nothing can wake; 6 leak; 7 livelock or\n"
            "limit; 9 internal error. Of several runs, the highest.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
