/* The bench's results, for machines: the file of `cclab bench-bugs --json`. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/seeded/bench.h"
#include "model/rt/names.h"

/* ---- one strategy on one case ---- */

struct strategy_results {
    const char *strategy;
    struct bench_result result;
};

static bool was_tried(const void *object, bool whole)
{
    (void)whole;
    return ((const struct strategy_results *)object)->result.stats.trials > 0;
}

static json_t *write_schedules(const void *in)
{
    uint64_t schedules = *(const uint64_t *)in;
    return schedules == STATS_MISSED ? NULL : json_integer((json_int_t)schedules);
}

static const struct json_spec string = { .kind = JSON_SPEC_STRING, .min = 1 };
static const struct json_spec schedules = { .kind = JSON_SPEC_OWN,
    .element = &json_spec_count,
    .size = sizeof(uint64_t),
    .write = write_schedules };

#define AT(member) offsetof(struct strategy_results, member)
#define STATISTIC(member, part)                                                                    \
    {                                                                                              \
#member, &schedules, AT(result.stats.member),                                              \
                .has = was_tried, .null = true,                                                    \
                .about = "Schedules within which " part " of the trials had found the bug; null: " \
                         "fewer did."                                                              \
    }
static const struct json_field strategy_fields[] = {
    { "strategy", &string, AT(strategy), .required = true, .about = "Its name." },
    { "complete", &json_spec_flag, AT(result.done), .required = true,
            .about = "Whether all trials were made." },
    { "trials", &json_spec_count, AT(result.stats.trials), .required = true,
            .about = "How many were." },
    { "found", &json_spec_count, AT(result.stats.found), .required = true,
            .about = "Of them, those that found the bug." },
    STATISTIC(median, "half"),
    STATISTIC(p90, "nine tenths"),
    STATISTIC(worst, "all"),
    { 0 },
};
#undef STATISTIC
#undef AT
static const struct json_spec strategy_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "result",
    .about = "What one strategy came to.",
    .fields = strategy_fields,
    .size = sizeof(struct strategy_results),
};
static const struct json_spec strategies_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &strategy_spec };

/* ---- a case ---- */

#define AT(member) offsetof(struct bench_control, member)
static const struct json_field control_fields[] = {
    { "complete", &json_spec_flag, AT(done), .required = true, .about = "Whether it was made." },
    { "schedules", &json_spec_count, AT(schedules), .required = true, .about = "That were run." },
    { "violation", &string, AT(violation), .required = true, .null = true,
            .about = "The finding that must not show and did; null: none." },
    { 0 },
};
#undef AT
static const struct json_spec control = {
    .kind = JSON_SPEC_OBJECT,
    .fields = control_fields,
    .size = sizeof(struct bench_control),
};

struct case_results {
    const char *id;
    int kind;
    bool needs_schedule;
    struct bench_control control;
    struct json_list results;
};

static const char *const kinds[] = RT_NAMES(BENCH_KINDS);
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };

#define AT(member) offsetof(struct case_results, member)
static const struct json_field case_fields[] = {
    { "id", &string, AT(id), .required = true, .about = "Its name." },
    { "kind", &kind, AT(kind), .required = true, .about = "What it is." },
    { "needs_schedule", &json_spec_flag, AT(needs_schedule), .required = true,
            .about = "Whether some schedules do not show it." },
    { "control", &control, AT(control), .required = true,
            .about = "The search where there is no bug." },
    { "results", &strategies_spec, AT(results), .required = true, .about = "Of each strategy." },
    { 0 },
};
#undef AT
static const struct json_spec case_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "case",
    .about = "A seeded bug.",
    .fields = case_fields,
    .size = sizeof(struct case_results),
};
static const struct json_spec cases_spec = { .kind = JSON_SPEC_ARRAY, .element = &case_spec };

/* ---- the file ---- */

struct results {
    int64_t format;
    int command;
    uint64_t seeds;
    uint64_t schedules;
    struct json_list cases;
};

static const char *const words[] = { "bench-bugs", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = words };

#define AT(member) offsetof(struct results, member)
static const struct json_field fields[] = {
    JSON_RESULTS_HEAD(struct results, &command),
    { "seeds", &json_spec_count, AT(seeds), .required = true,
            .about = "Trials of each case with each strategy that looks at seeds." },
    { "schedules", &json_spec_count, AT(schedules), .required = true,
            .about = "At most, in a trial." },
    { "cases", &cases_spec, AT(cases), .required = true, .about = "The canary, bugs and kernels." },
    { 0 },
};
#undef AT
const struct json_spec bench_results_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab bench-bugs measured.",
    .fields = fields,
};

json_t *bench_to_json(const struct bench *b)
{
    size_t count = b->cases->count, strategies = b->options->strategy_count;
    struct case_results *cases = mem_new_array(struct case_results, count);
    struct strategy_results *all = mem_new_array(struct strategy_results, count * strategies);
    for (size_t i = 0; i < count; i++) {
        const struct bench_case *c = &b->cases->items[i];
        struct strategy_results *of_case = all + i * strategies;
        for (size_t s = 0; s < strategies; s++)
            of_case[s] =
                    (struct strategy_results){ b->options->strategies[s], *bench_result(b, i, s) };
        cases[i] = (struct case_results){ c->id, (int)c->kind, !c->always, b->controls[i],
            { of_case, strategies } };
    }
    const struct results results = { 1, 0, b->options->seeds, b->options->schedules,
        { cases, count } };
    json_t *value = json_make(&bench_results_spec, &results, true);
    free(all);
    free(cases);
    return value;
}
