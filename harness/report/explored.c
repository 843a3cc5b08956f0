/* Explorations as lines for people, and the form of result files of explore. */
#include "harness/report/explored.h"

#include <inttypes.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/report/found.h"
#include "harness/report/result.h"

int explored_worse(int a, int b)
{
    return a > b ? a : b;
}

/* ---- findings ---- */

static void print_found(const struct found *f)
{
    printf("%s%s\n", out_shown(rt_str_from(f->id)),
            f->known      ? " (known)"
            : f->expected ? " (expected here)"
                          : "");
    printf("    %s\n", out_shown(rt_str_from(f->text)));
    if (f->known)
        printf("    known: %s\n", out_shown(rt_str_from(f->known_as)));
    printf("    verdict %s, %" PRIu64 " times, first in schedule %" PRIu64
           ", %zu switches, %zu faults\n",
            verdict_name(f->verdict), f->count, f->first, choices_switches(&f->choices),
            choices_faults(&f->choices));
    if (f->replay)
        printf("    replay: %s\n", f->replay);
}

static int report_found(const struct explored_options *o, const struct scenario *s, struct found *f)
{
    char by[160];
    snprintf(by, sizeof(by), "strategy %s, seed %" PRIu64 ", schedule %" PRIu64,
            o->explore.strategy, o->explore.seed, f->first);
    found_describe(f, o->baseline, s);
    f->replay = found_save(f, s, &o->lab, by, o->out);
    print_found(f);
    int status = f->known || f->expected ? CCLAB_OK : CCLAB_FOUND;
    return explored_worse(status, f->replay ? CCLAB_OK : CCLAB_OUTPUT);
}

/* ---- a search ---- */

static void print_search(
        const struct explored_options *o, const struct scenario *s, const struct exploration *e)
{
    char part[64] = "";
    if (o->explore.shard.count > 0)
        snprintf(part, sizeof(part), " (part %" PRIu64 " of %" PRIu64 ")", o->explore.shard.index,
                o->explore.shard.count);
    printf("%s: %" PRIu64 " schedules%s%s, strategy %s, %.1f s, %.0f a second, %zu findings\n",
            out_shown(s->name), e->schedules, part, e->exhausted ? " (all there are)" : "",
            o->explore.strategy, e->seconds, e->seconds > 0 ? (double)e->schedules / e->seconds : 0,
            e->found_count);
    if (e->distinct > 0)
        printf("    %" PRIu64 " executions, %" PRIu64 " of them blocked, %" PRIu64
               " distinct orders, %" PRIu64 " steps\n",
                e->schedules, e->blocked, e->distinct, e->steps);
    if (e->estimate > 0 && !e->exhausted && e->error > 0)
        printf("    about %.2g schedules in all (an estimate; its standard error is %.1g)\n",
                e->estimate, e->error);
    else if (e->estimate > 0 && !e->exhausted)
        printf("    about %.2g schedules in all (an estimate)\n", e->estimate);
}

int explored_report(const struct explored_options *o, const struct scenario *s,
        struct exploration *e, json_t **entry)
{
    int status = CCLAB_OK;
    bool part = o->explore.shard.count > 0;
    print_search(o, s, e);
    for (size_t i = 0; i < e->found_count; i++)
        status = explored_worse(status, report_found(o, s, &e->found[i]));
    if (e->repeated > 0)
        printf("%" PRIu64 " runs repeated, %" PRIu64 " with another trace\n", e->repeated,
                e->flaky);
    if (e->lost > 0)
        printf("%" PRIu64 " batches were lost with their workers\n", e->lost);
    if (e->flaky > 0 || e->lost > 0)
        status = explored_worse(status, CCLAB_INTERNAL);
    if (e->schedules == 0 && e->end > e->begin && e->ended != ENDING_INTERRUPTED) {
        diag("%s: no schedule was run", s->path);
        status = explored_worse(status, CCLAB_USAGE);
    }
    e->subject = part ? scenario_to_json(s) : NULL;
    *entry = exploration_to_json(e, part);
    return status;
}

/* ---- the file ---- */

static json_t *write_variants(const void *in)
{
    return variants_to_json(*(const uint64_t *)in);
}

static bool read_variants(const struct json_doc *doc, const struct json_node *node, void *out)
{
    bool ok = json_is_array(node->value) || json_wrong(doc, node, "an array");
    for (const struct json_node *n = node->child; ok && n; n = n->next) {
        const char *id = json_string_value(n->value);
        ok = id ? scenario_add_variant(json_place(doc, n), rt_str_from(id), out)
                : json_wrong(doc, n, "a string");
    }
    return ok;
}

static json_t *write_baseline(const void *in)
{
    const struct baseline *b = *(const struct baseline *const *)in;
    return b ? json_incref(b->value) : NULL;
}

static bool read_baseline(const struct json_doc *doc, const struct json_node *node, void *out)
{
    const struct baseline *b = baseline_part(doc, node);
    *(const struct baseline **)out = b;
    return b != NULL;
}

static const struct json_spec strategy = { .kind = JSON_SPEC_STRING, .min = 1 };
static const struct json_spec schedules = { .kind = JSON_SPEC_INT, .min = 1, .max = INT64_MAX };
static const struct json_spec scenarios = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 << 20 };
static const struct json_spec percent = { .kind = JSON_SPEC_INT, .max = 100 };
static const struct json_spec variants = { .kind = JSON_SPEC_OWN,
    .element = &result_names_spec,
    .read = read_variants,
    .write = write_variants };
static const struct json_spec baseline = {
    .kind = JSON_SPEC_OWN, .element = &baseline_spec, .read = read_baseline, .write = write_baseline
};

#define AT(member) offsetof(struct explored_options, member)
static const struct json_field option_fields[] = {
    { "strategy", &strategy, AT(explore.strategy), .about = "--strategy", .required = true },
    { "seed", &json_spec_count, AT(explore.seed), .about = "--seed", .required = true },
    { "schedules", &schedules, AT(explore.schedules), .about = "--schedules", .required = true },
    { "time_ms", &json_spec_count, AT(explore.max_ms), .about = "--time", .required = true },
    { "depth", &json_spec_count, AT(explore.depth), .about = "--depth", .required = true },
    { "first", &json_spec_flag, AT(explore.stop_at_first), .about = "--first", .required = true },
    { "repeat", &percent, AT(explore.repeat_percent), .about = "--repeat", .required = true },
    { "shrink", &json_spec_flag, AT(shrink), .about = "Without --no-shrink.", .required = true },
    { "races", &json_spec_flag, AT(lab.races), .about = "--races", .required = true },
    { "stuck", &json_spec_flag, AT(lab.stuck), .about = "--stuck", .required = true },
    { "scenarios", &scenarios, AT(scenarios), .about = "That were named.", .required = true },
    { "variants", &variants, AT(lab.variants), .about = "--variant", .required = true },
    { "baseline", &baseline, AT(baseline), .about = "The content of --baseline.", .required = true,
            .null = true },
    { 0 },
};
#undef AT
const struct json_spec explored_options_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "options",
    .about = "What the part was run with.",
    .fields = option_fields,
    .size = sizeof(struct explored_options),
};

static const struct json_field shard_fields[] = {
    RESULT_SHARD_FIELDS(&explored_options_spec),
    { 0 },
};
static const struct json_spec shard = {
    .kind = JSON_SPEC_OBJECT, .fields = shard_fields, .size = sizeof(struct result_shard)
};
static const char *const commands[] = { "explore", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = commands };
static const struct json_spec explorations = { .kind = JSON_SPEC_ARRAY,
    .element = &exploration_spec };
static const struct json_field fields[] = {
    RESULT_FIELDS(&command, &shard),
    { "explorations", &result_any_spec, offsetof(struct result_file, list), .required = true,
            .schema = &explorations, .about = "What the search of each scenario came to." },
    { 0 },
};
const struct json_spec explore_file_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab explore, or cclab merge, found.",
    .fields = fields,
    .head = "format",
    .document = "result of cclab explore",
};

json_t *explored_file(const struct explored_options *o, json_t *entries)
{
    json_t *options =
            o->explore.shard.count > 0 ? json_make(&explored_options_spec, o, true) : NULL;
    return result_make(&explore_file_spec, &(struct result_file){ 0 }, o->explore.shard, options,
            json_incref(o->missing), entries);
}
