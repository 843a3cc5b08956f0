/* cclab run: one run of each scenario, drawn. */
#include <inttypes.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/explore/replay.h"
#include "harness/explore/search.h"
#include "harness/json/json.h"
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

static json_t *result_json(const struct lab *lab, const struct scenario *s,
        const struct run_result *result, const struct choices *made)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        json_array_append_new(
                findings, json_pack("{s:o, s:s, s:o, s:I}", "id",
                                  json_text_value(f->id.data, f->id.len), "invariant", f->invariant,
                                  "text", json_text_value(f->text.data, f->text.len), "time_ns",
                                  (json_int_t)f->time_ns));
    }
    json_t *o = json_object();
    json_object_set_new(o, "scenario", json_text_value(s->name.data, s->name.len));
    json_object_set_new(o, "verdict", json_string(verdict_name(result->verdict)));
    json_object_set_new(o, "reason", json_text_value(result->reason.data, result->reason.len));
    json_object_set_new(o, "hash", json_hash_value(result->hash));
    json_object_set_new(o, "steps", json_integer((json_int_t)result->steps));
    json_object_set_new(o, "virtual_ns", json_integer(result->time_ns));
    json_object_set_new(o, "choices", json_integer((json_int_t)made->count));
    json_object_set_new(o, "findings", findings);
    json_t *report = lab_report(lab);
    json_object_update(o, report);
    json_decref(report);
    return o;
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

/* The status of the run; without choices of its own it has to be as the scenario expects. */
static int judge(const struct scenario *s, const struct lab *lab, const struct run_result *result,
        bool plain)
{
    bool expected = plain && lab_as_expected(lab, result);
    bool completed = result->verdict == VERDICT_COMPLETED;
    if (expected && !completed)
        printf("This is what the scenario expects.\n");
    if (plain && !expected && completed)
        printf("The scenario expects something else: verdict %s.\n",
                verdict_name((enum verdict)s->expect.verdict));
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
    worsen(ss, judge(s, lab, &result, !source));
    json_array_append_new(ss->runs, result_json(lab, s, &result, &recorder.made));
    recorder_free(&recorder);
}

static void run_scenario(struct session *ss, const char *path)
{
    const struct options *o = ss->options;
    struct scenario *s = scenario_load(path);
    struct lab_options lo = {
        .variants = ss->variants, .races = o->races, .stuck = o->stuck, .metrics = o->metrics
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
        json_t *report =
                json_pack("{s:i, s:s, s:O}", "format", 1, "command", "run", "runs", ss.runs);
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
