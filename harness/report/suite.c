/* Judging one file of a suite. */
#include "harness/report/suite.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/json/json.h"
#include "harness/report/found.h"
#include "harness/report/mended.h"
#include "harness/scenario/save.h"

/* The judgement of one file, as it is made. */
struct judging {
    const struct suite_options *options;
    struct suite_result r;
    char *messages;
    size_t size;
    FILE *to; /* collects messages, one a line */
};

static void complain(struct judging *j, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
static void complain(struct judging *j, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(j->to, format, args);
    va_end(args);
    fputc('\n', j->to);
}

static void take_report(void *arg, const char *line)
{
    complain(arg, "%s", line);
}

/* Lists a finding that the baseline knows, once. */
static void note_known(struct judging *j, const char *id)
{
    for (size_t i = 0; i < json_array_size(j->r.known); i++)
        if (strcmp(json_string_value(json_array_get(j->r.known, i)), id) == 0)
            return;
    json_array_append_new(j->r.known, json_text_value(id, strlen(id)));
}

/* Runs once more what ended with the trace of this hash. */
static void repeat(struct judging *j, const struct subject *subject, const struct rt_source *source,
        uint64_t hash)
{
    struct run_result again;
    subject->run(subject->self, source, NULL, &again);
    j->r.repeated++;
    if (again.hash != hash) {
        j->r.flaky++;
        complain(j, "the same run ended with two traces: %016" PRIx64 " and %016" PRIx64, hash,
                again.hash);
    }
}

/* ---- scenarios ---- */

static void take_difference(void *arg, struct diag_place place, const char *difference)
{
    complain(arg, "the plain run: %s:%d:%d: %s", place.file, place.line, place.column, difference);
}

/* Of 1.4.2 the scenario expects a bug; a fix of it is on. */
static void judge_mended(struct judging *j, const struct run_result *result)
{
    if (result->verdict != VERDICT_COMPLETED && result->verdict != VERDICT_UNEXPECTED)
        complain(j, "the plain run ends with %s (%.*s), though a fix of what it shows is on",
                verdict_name(result->verdict), (int)result->reason.len,
                (const char *)result->reason.data);
}

static void judge_plain(struct judging *j, const struct scenario *s, struct lab *lab)
{
    struct subject subject = lab_subject(lab);
    struct run_result result;
    subject.run(subject.self, NULL, NULL, &result);
    j->r.runs++;
    if (mended_plain(j->options->baseline, j->options->variants, s))
        judge_mended(j, &result);
    else
        (void)lab_differences(lab, &result, take_difference, j);
    repeat(j, &subject, NULL, result.hash);
}

static void judge_finding(struct judging *j, const struct scenario *s,
        const struct lab_options *options, struct found *f)
{
    found_describe(f, j->options->baseline, s);
    if (f->known)
        note_known(j, f->id);
    if (mended_finding(j->options->baseline, j->options->variants, f->id))
        complain(j, "%s is found though its fix is on", f->id);
    if (f->known || f->expected)
        return;
    complain(j, "new finding %s in schedule %" PRIu64 " (%" PRIu64 " times): %s", f->id, f->first,
            f->count, f->text);
    char by[160];
    snprintf(by, sizeof(by), "suite, strategy %.*s, schedule %" PRIu64,
            (int)s->explore->strategy.len, (const char *)s->explore->strategy.data, f->first);
    f->replay = found_save(f, s, options, by, j->options->out);
    if (f->replay)
        complain(j, "  replay: %s", f->replay);
}

static void judge_found(
        struct judging *j, const struct scenario *s, const struct lab_options *options)
{
    const struct exploration *e = &j->r.e;
    for (size_t i = 0; i < e->found_count; i++)
        judge_finding(j, s, options, &e->found[i]);
    const rt_str *wanted = s->expect.must_find.items;
    for (size_t k = 0; k < s->expect.must_find.count; k++) {
        bool seen = mended_ids(j->options->baseline, j->options->variants, wanted[k]);
        for (size_t i = 0; i < e->found_count; i++)
            seen = seen || rt_str_has_prefix(rt_str_from(e->found[i].id), wanted[k]);
        if (!seen)
            complain(j, "%.*s was not found in %" PRIu64 " schedules", (int)wanted[k].len,
                    (const char *)wanted[k].data, e->schedules);
    }
}

static void judge_explored(
        struct judging *j, const struct scenario *s, const struct lab_options *options)
{
    const struct scenario_explore *x = s->explore;
    char *strategy =
            x->strategy.len > 0 ? rt_cstr_malloc(x->strategy) : rt_cstr_malloc(RT_STR("portfolio"));
    struct explore_options eo = {
        .strategy = strategy,
        .schedules = j->options->schedules ? j->options->schedules : (uint64_t)x->schedules,
        .seed = (uint64_t)x->seed,
        .depth = (uint64_t)x->depth,
        .repeat_percent = j->options->repeat_percent,
        .jobs = 1,
        .title = "suite",
    };
    struct lab_maker maker;
    struct exploration *e = &j->r.e;
    if (explore_run(lab_maker_init(&maker, s, options), &eo, e)) {
        j->r.runs += e->schedules;
        j->r.repeated += e->repeated;
        j->r.flaky += e->flaky;
        if (e->flaky > 0)
            complain(j, "%" PRIu64 " of %" PRIu64 " repeated runs had another trace", e->flaky,
                    e->repeated);
        judge_found(j, s, options);
    }
    free(strategy);
}

static void judge_scenario(struct judging *j, const char *path)
{
    struct lab_options options = { .variants = j->options->variants };
    struct scenario *s = scenario_load(path);
    struct lab *lab = s ? lab_new(s, &options) : NULL;
    if (lab) {
        judge_plain(j, s, lab);
        if (s->explore)
            judge_explored(j, s, &options);
        else if (s->expect.must_find.count > 0)
            complain(j, "the scenario has to find something, but does not say how to explore");
    }
    lab_free(lab);
    scenario_free(s);
}

/* ---- replays ---- */

static void judge_replay_run(
        struct judging *j, const struct replay *replay, const struct scenario *s, struct lab *lab)
{
    struct subject subject = lab_subject(lab);
    struct player player;
    struct run_result result;
    uint64_t variants = j->options->variants;
    bool mended =
            replay->finding && mended_finding(j->options->baseline, variants, replay->finding);
    const char *what = replay->finding ? replay->finding : verdict_name(replay->verdict);
    player_init(&player, &replay->choices, variants == 0);
    subject.run(subject.self, &player.source, NULL, &result);
    j->r.runs++;
    bool shown = run_result_shows(&result, replay->finding, replay->verdict);
    if (player.diverged && variants == 0)
        complain(j, "the replay diverges at choice %zu of %zu", player.diverged_at,
                replay->choices.count);
    else if (mended && shown)
        complain(j, "the replay shows %s though its fix is on", what);
    else if (!mended && !shown)
        complain(j, "the replay does not show %s any more, it ends with %s%s", what,
                verdict_name(result.verdict),
                variants ? ", and no list says that the variants mend it" : "");
    else if (variants == 0 && replay_has_trace(replay, s) && result.hash != replay->hash)
        complain(j,
                "the replay shows its finding, but with the trace %016" PRIx64
                " instead of %016" PRIx64,
                result.hash, replay->hash);
    if (replay->finding && baseline_find(j->options->baseline, replay->finding))
        note_known(j, replay->finding);
    player_init(&player, &replay->choices, variants == 0);
    repeat(j, &subject, &player.source, result.hash);
}

static void judge_replay(struct judging *j, const char *path)
{
    struct replay replay;
    struct lab_options options;
    if (!replay_load(path, &replay))
        return;
    struct scenario *s = replay_scenario(&replay, path, &options);
    options.variants |= j->options->variants;
    struct lab *lab = s ? lab_new(s, &options) : NULL;
    if (lab)
        judge_replay_run(j, &replay, s, lab);
    lab_free(lab);
    scenario_free(s);
    replay_free(&replay);
}

static bool is_replay(const char *path)
{
    size_t len = strlen(path), n = strlen(".replay.json");
    return len > n && strcmp(path + len - n, ".replay.json") == 0;
}

json_t *suite_judge(const char *path, const struct suite_options *options)
{
    struct judging j = { .options = options, .r = { .file = path, .judged = true } };
    double started = out_seconds();
    j.r.kind = is_replay(path);
    j.r.known = json_array();
    j.to = mem_stream(&j.messages, &j.size);
    diag_capture(take_report, &j);
    if (j.r.kind)
        judge_replay(&j, path);
    else
        judge_scenario(&j, path);
    diag_capture(NULL, NULL);
    fclose(j.to);
    j.r.passed = j.size == 0 && j.r.runs > 0;
    j.r.details = j.messages;
    j.r.seconds = out_seconds() - started;
    json_t *value = json_make(&suite_result_spec, &j.r, false);
    suite_result_free(&j.r);
    free(j.messages);
    return value;
}
