/* cclab shrink: a replay with less in it that shows the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/explore/shrink.h"
#include "harness/json/json.h"
#include "harness/scenario/reduce.h"

struct options {
    const char *out;
    int64_t max_ms;
    int64_t max_runs;
    bool keep_scenario;
};

struct size {
    size_t choices, switches, picks, faults;
};

static struct size size_of(const struct choices *c)
{
    return (struct size){ c->count, choices_switches(c), choices_picks(c), choices_faults(c) };
}

static void print_size(const char *what, struct size s)
{
    printf("%s: %zu choices, %zu picks of another goroutine, %zu of them switches, %zu faults\n",
            what, s.choices, s.picks, s.switches, s.faults);
}

/* Shrinks the choices of the replay on its present scenario; false if it does not show the
 * finding. */
static bool shrink_here(
        struct replay *replay, const char *path, const struct options *o, struct shrink *shrink)
{
    struct lab_options lo;
    struct scenario *s = replay_scenario(replay, path, &lo);
    struct lab *lab = s ? lab_new(s, &lo) : NULL;
    bool shown = false;
    if (lab) {
        struct subject subject = lab_subject(lab);
        /* cppcheck-suppress autoVariables ; taken back below */
        shrink->subject = &subject;
        shrink->finding = replay->finding;
        shrink->verdict = replay->verdict;
        shrink->found_verdict = replay->verdict;
        shrink->max_ms = o->max_ms;
        shrink->max_runs = (uint64_t)o->max_runs;
        shrink->choices = replay->choices;
        shown = shrink_confirm(shrink);
        if (shown)
            shrink_choices(shrink);
        replay->choices = shrink->choices;
        replay->hash = shrink->hash;
        replay->verdict = shrink->found_verdict;
        shrink->subject = NULL;
    }
    lab_free(lab);
    scenario_free(s);
    return shown;
}

static bool write_replay(const struct replay *replay, const char *path)
{
    json_t *value = replay_to_json(replay);
    bool ok = json_write(path, value);
    json_decref(value);
    return ok;
}

static int shrink_file(const struct options *o, const char *path)
{
    struct replay replay;
    struct shrink shrink = { 0 };
    if (!replay_load(path, &replay))
        return CCLAB_USAGE;
    print_size("before", size_of(&replay.choices));
    if (!shrink_here(&replay, path, o, &shrink)) {
        diag_at((struct diag_place){ .file = path }, "does not show its finding any more: %s",
                replay.finding ? replay.finding : verdict_name(replay.verdict));
        replay_free(&replay);
        return CCLAB_FOUND;
    }
    struct reduce reduce = { .replay = &replay, .path = path, .tries = 50 };
    if (!o->keep_scenario) {
        reduce.deadline = o->max_ms > 0 ? out_seconds() + (double)o->max_ms / 1000 : 0;
        reduce_scenario(&reduce);
        if (reduce.removed > 0)
            shrink_here(&replay, path, o, &shrink);
    }
    print_size("after", size_of(&replay.choices));
    printf("%" PRIu64 " runs, %u parts of the scenario taken out%s\n", shrink.runs + reduce.runs,
            reduce.removed, shrink.gave_up ? "; gave up at a limit, more may be possible" : "");
    const char *to = o->out ? o->out : path;
    bool ok = write_replay(&replay, to);
    if (ok)
        printf("replay: %s\n", to);
    replay_free(&replay);
    return !ok ? CCLAB_OUTPUT : out_interrupted() ? CCLAB_INTERRUPTED : CCLAB_OK;
}

/* Said before the work, not after it: a pipe has no old replay to replace. */
static int check_replaced(const struct options *o, const char *path)
{
    const char *problem = "it is no regular file";
    int status = CCLAB_USAGE;
    if (o->out || !file_exists(path) || file_is_dir(path))
        return CCLAB_OK;
    if (file_is_regular(path)) {
        problem = file_write_problem(path);
        status = CCLAB_OUTPUT;
    }
    if (!problem)
        return CCLAB_OK;
    diag_at((struct diag_place){ .file = path },
            "cannot be replaced: %s; say with --out where the smaller replay goes", problem);
    return status;
}

static int run(const void *opts, const struct operands *operands)
{
    out_catch_signals();
    int status = check_replaced(opts, operands->items[0]);
    if (status == CCLAB_OK)
        status = shrink_file(opts, operands->items[0]);
    return status;
}

static void defaults(void *opts)
{
    struct options *o = opts;
    o->max_ms = 60000;
    o->max_runs = 20000;
}

static const struct flag flags[] = {
    FILE_FLAG("out", out, "FILE", "where the smaller replay goes; else it replaces the old one"),
    SECONDS_FLAG("time", max_ms, "stop after this time (60s)"),
    NUMBER_FLAG("runs", max_runs, "N", "stop after so many runs (20000)", 1, INT64_MAX),
    BOOL_FLAG("keep-scenario", keep_scenario, "shrink the choices only"),
    { 0 },
};

const struct command command_shrink = {
    .name = "shrink",
    .summary = "Makes a replay smaller: fewer faults and actors, then fewer context switches.",
    .operands = "FILE",
    .details = "Each step is confirmed by a run with the same finding. Exit status: 0 done; 1 the "
               "replay\n"
               "does not show its finding any more; 2 bad input; 130 interrupted, what was reached "
               "is\n"
               "saved.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 1,
    .defaults = defaults,
    .run = run,
};
