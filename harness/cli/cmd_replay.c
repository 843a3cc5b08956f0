/* cclab replay: runs a saved finding again, and says where it diverges. */
#include <inttypes.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/scenario/save.h"

struct options {
    bool lenient;
    struct drawing_flags drawing;
    const char *json;
    struct flag_list variants;
};

/* What a replay came to. */
struct outcome {
    const char *file;
    struct run_result result;
    bool diverged;
    bool shown; /* the expected finding, or verdict */
    bool same_trace;
    bool old_trace; /* it cannot be compared */
    int status;
};

#define AT(member) offsetof(struct outcome, member)
static const struct json_spec path_spec = { .kind = JSON_SPEC_STRING, .min = 1 };
static const struct json_field outcome_fields[] = {
    { "file", &path_spec, AT(file), .required = true, .about = "The replay." },
    { "reproduced", &json_spec_flag, AT(shown), .required = true,
            .about = "Whether the run shows what was found." },
    { "diverged", &json_spec_flag, AT(diverged), .required = true,
            .about = "Whether the run asks other choices than were recorded." },
    { "same_trace", &json_spec_flag, AT(same_trace), .required = true,
            .about = "Whether its trace has the recorded hash." },
    { "old_trace", &json_spec_flag, AT(old_trace), .required = true,
            .about = "The recorded hash is of form 1 and counts the start, too: it is not "
                     "compared." },
    { "verdict", &verdict_spec, AT(result.verdict), .required = true,
            .about = "How the run ended." },
    { "hash", &json_spec_hash, AT(result.hash), .required = true,
            .about = "The hash of its trace." },
    { 0 },
};
#undef AT
static const struct json_spec outcome_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "outcome",
    .about = "What a replay came to.",
    .fields = outcome_fields,
    .size = sizeof(struct outcome),
};

/* The file of --json. */
struct results {
    int64_t format;
    int command;
    json_t *replays;
};

static const char *const words[] = { "replay", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = words };
static const struct json_spec outcomes = { .kind = JSON_SPEC_ARRAY, .element = &outcome_spec };
static const struct json_spec replays_spec = { .kind = JSON_SPEC_VALUE, .element = &outcomes };
static const struct json_field fields[] = {
    JSON_RESULTS_HEAD(struct results, &command),
    { "replays", &replays_spec, offsetof(struct results, replays), .required = true,
            .about = "What each replay came to, in order." },
    { 0 },
};
const struct json_spec replay_file_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab replay saw.",
    .fields = fields,
};

static const char *kind_name(const struct made *made)
{
    return rt_choice_kind_name((enum rt_choice_kind)made->kind);
}

static void explain_divergence(const struct player *p)
{
    const struct made *had = &p->list->items[p->diverged_at];
    printf("Diverged at choice %zu of %zu: recorded was a %s choice among %u, the run asks a %s "
           "choice among %u",
            p->diverged_at, p->list->count, kind_name(had), had->options, kind_name(&p->asked),
            p->asked.options);
    if (p->asked_label)
        printf(" (%s)", out_shown(rt_str_from(p->asked_label)));
    printf(".\nThe code, the scenario or the variants are not those of the recording; with "
           "--lenient the\n"
           "recorded choices are taken as far as they fit.\n");
}

static void print_outcome(const struct replay *replay, const struct outcome *out)
{
    const struct run_result *r = &out->result;
    printf("Verdict: %s%s%s\n", verdict_name(r->verdict), r->reason.len ? ": " : "",
            out_shown(r->reason));
    for (size_t i = 0; i < r->findings.count; i++)
        printf("  finding %s\n", out_shown(r->findings.items[i].id));
    printf("Trace: %016" PRIx64 ", %s\n", r->hash,
            out->same_trace  ? "as recorded"
            : out->old_trace ? "recorded in form 1, which cannot be compared: cclab shrink records "
                               "it again"
                             : "not as recorded");
    const char *expected = replay->finding ? replay->finding : verdict_name(replay->verdict);
    printf("%s: %s\n", out->shown ? "Reproduced" : "Not reproduced",
            out_shown(rt_str_from(expected)));
}

static void play(const struct options *o, struct drawing *drawing, const struct replay *replay,
        const struct scenario *s, struct lab *lab, struct outcome *out)
{
    struct player player;
    struct subject subject = lab_subject(lab);
    player_init(&player, &replay->choices, !o->lenient);
    drawing_run(drawing, &subject, &player.source, &out->result);
    out->diverged = player.diverged;
    out->old_trace = !replay_has_trace(replay, s);
    out->same_trace = !out->old_trace && out->result.hash == replay->hash;
    out->shown =
            !player.diverged && run_result_shows(&out->result, replay->finding, replay->verdict);
    if (!o->drawing.quiet)
        lab_print(lab, stdout);
    if (player.diverged)
        explain_divergence(&player);
    print_outcome(replay, out);
    out->status = player.diverged ? CCLAB_DIVERGED : out->shown ? CCLAB_OK : CCLAB_FOUND;
}

static int replay_file(
        const struct options *o, const char *path, struct drawing *drawing, json_t *replays)
{
    struct replay replay;
    struct lab_options lo;
    struct outcome out = { .file = path, .status = CCLAB_USAGE };
    if (!replay_load(path, &replay))
        return CCLAB_USAGE;
    struct scenario *s = replay_scenario(&replay, path, &lo);
    bool known = scenario_add_variants(o->variants.items, o->variants.count, &lo.variants);
    struct lab *lab = s && known ? lab_new(s, &lo) : NULL;
    if (lab) {
        play(o, drawing, &replay, s, lab, &out);
        json_array_append_new(replays, json_make(&outcome_spec, &out, true));
    }
    lab_free(lab);
    scenario_free(s);
    replay_free(&replay);
    return out.status;
}

static int run(const void *opts, const struct operands *operands)
{
    const struct options *o = opts;
    int status = CCLAB_OK;
    json_t *replays = json_array();
    struct drawing drawing;
    drawing_begin(&drawing, &o->drawing);
    for (size_t i = 0; i < operands->count && out_alive(); i++) {
        int one = replay_file(o, operands->items[i], &drawing, replays);
        status = one > status ? one : status;
    }
    if (!drawing_end(&drawing))
        status = CCLAB_OUTPUT;
    if (o->json) {
        const struct results results = { .format = 1, .replays = replays };
        json_t *value = json_make(&replay_file_spec, &results, true);
        if (!json_write(o->json, value))
            status = CCLAB_OUTPUT;
        json_decref(value);
    }
    json_decref(replays);
    return status;
}

static const struct flag flags[] = {
    BOOL_FLAG("lenient", lenient, "take recorded choices as far as they fit"),
    LIST_FLAG("variant", variants, "ID", "a variant besides the recorded ones: a fix, say"),
    DRAWING_FLAGS,
    JSON_FLAG(json),
    { 0 },
};

const struct command command_replay = {
    .name = "replay",
    .summary = "Runs saved findings again and draws them.",
    .operands = "FILE...",
    .details = "Exit status: 0 each showed what was found; 1 one did not (it may be fixed); 2 bad "
               "input;\n"
               "8 the run asks other choices than were recorded.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
