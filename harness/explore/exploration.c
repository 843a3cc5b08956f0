/* What a search came to: kept, put together, and as JSON, for files and between processes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/batch.h"
#include "harness/explore/replay.h"
#include "model/rt/arena.h"

void found_free(struct found *found)
{
    free(found->id);
    free(found->invariant);
    free(found->text);
    free(found->known_as);
    free(found->replay);
    choices_free(&found->choices);
}

void exploration_free(struct exploration *e)
{
    for (size_t i = 0; i < e->found_count; i++)
        found_free(&e->found[i]);
    free(e->found);
    free(e->scenario);
    free(e->strategy);
    json_decref(e->subject);
    *e = (struct exploration){ 0 };
}

const struct found *exploration_find(const struct exploration *e, const char *id)
{
    for (size_t i = 0; i < e->found_count; i++)
        if (strcmp(e->found[i].id, id) == 0)
            return &e->found[i];
    return NULL;
}

/* ---- merging ---- */

/* Takes over `found`, or adds it to what is known under its id. */
static void merge_found(struct exploration *into, struct found *found)
{
    for (size_t i = 0; i < into->found_count; i++) {
        struct found *known = &into->found[i];
        if (strcmp(known->id, found->id) != 0)
            continue;
        uint64_t count = known->count + found->count;
        if (found->first < known->first) {
            struct found other = *known;
            *known = *found;
            *found = other;
        }
        known->count = count;
        found_free(found);
        return;
    }
    mem_reserve(into->found, into->found_cap, into->found_count + 1);
    into->found[into->found_count++] = *found;
}

/* Estimates of the same number from batches of their own: their mean, weighted by their runs.
 * Called before the schedules are added. */
static void merge_estimate(struct exploration *into, const struct exploration *batch)
{
    double a = (double)into->schedules, b = (double)batch->schedules;
    if (a + b == 0)
        return;
    double ea = a / (a + b) * into->error, eb = b / (a + b) * batch->error;
    into->estimate = (a * into->estimate + b * batch->estimate) / (a + b);
    into->error = sqrt(ea * ea + eb * eb);
}

void exploration_merge(struct exploration *into, struct exploration *batch)
{
    into->steps += batch->steps;
    into->choices += batch->choices;
    into->hashes ^= batch->hashes;
    into->repeated += batch->repeated;
    into->flaky += batch->flaky;
    into->lost += batch->lost;
    into->exhausted |= batch->exhausted;
    into->blocked += batch->blocked;
    into->distinct += batch->distinct;
    merge_estimate(into, batch);
    into->schedules += batch->schedules;
    for (int v = 0; v < VERDICT_COUNT; v++)
        into->verdicts[v] += batch->verdicts[v];
    for (size_t i = 0; i < batch->found_count; i++)
        merge_found(into, &batch->found[i]);
    batch->found_count = 0; /* they have moved */
    exploration_free(batch);
}

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : strcmp(x->id, y->id);
}

void exploration_sort(struct exploration *e)
{
    if (e->found_count > 0)
        qsort(e->found, e->found_count, sizeof(*e->found), compare_found);
}

/* ---- as JSON ---- */

/* Sums of batches' numbers depend a little on their order; results must not. */
static bool has_estimate(const void *object, bool whole)
{
    const struct exploration *e = object;
    return e->estimate > 0 && (whole || e->error == 0);
}

static bool has_error(const void *object, bool whole)
{
    return whole && ((const struct exploration *)object)->error > 0;
}

static bool has_distinct(const void *object, bool whole)
{
    (void)whole;
    return ((const struct exploration *)object)->distinct > 0;
}

static bool is_part(const void *object, bool whole)
{
    (void)whole;
    return ((const struct exploration *)object)->subject != NULL;
}

static bool if_whole(const void *object, bool whole)
{
    (void)object;
    return whole;
}

#define AT(member) offsetof(struct found, member)
static const struct json_field found_fields[] = {
    { "id", &json_spec_string, AT(id), .required = true,
            .about = "What it is: its invariant, what is wrong, and where." },
    { "invariant", &json_spec_string, AT(invariant), .required = true,
            .about = "The invariant, or the verdict of a run that ended badly without one." },
    { "text", &json_spec_string, AT(text), .required = true, .about = "The finding in words." },
    { "verdict", &verdict_spec, AT(verdict), .required = true,
            .about = "How the first run that shows it ended." },
    { "count", &json_spec_count, AT(count), .required = true, .about = "Runs that show it." },
    { "first_schedule", &json_spec_count, AT(first), .required = true,
            .about = "The first of them, from 0." },
    { "hash", &json_spec_hash, AT(hash), .required = true, .about = "The hash of its trace." },
    { "switches", &switches_spec, AT(choices), .required = true,
            .about = "Context switches in it." },
    { "faults", &faults_spec, AT(choices), .required = true,
            .about = "Faults that happened in it." },
    { "known", &json_spec_flag, AT(known), .required = true,
            .about = "Whether the list of known findings has it." },
    { "known_as", &json_spec_string, AT(known_as), .about = "What that list says of it." },
    { "expected", &json_spec_flag, AT(expected), .required = true,
            .about = "Whether the scenario allows it." },
    { "replay", &json_spec_string, AT(replay), .about = "The file with its replay." },
    { "choices", &choices_exact_spec, AT(choices), .has = if_whole,
            .about = "In a part of a search: all choices of the first run." },
    { 0 },
};
const struct json_spec found_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "finding",
    .about = "All runs that show the same.",
    .fields = found_fields,
    .size = sizeof(struct found),
};
const struct json_spec founds_spec = {
    .kind = JSON_SPEC_ARRAY,
    .element = &found_spec,
    .owned = true,
};
#undef AT

#define AT(member) offsetof(struct exploration, member)
static const struct json_field verdict_fields[] = {
#define VERDICT_FIELD(name, text, status)                                                          \
    { text, &json_spec_count, AT(verdicts) + VERDICT_##name * sizeof(uint64_t), .lean = true,      \
        .about = "Runs that ended so.", .otherwise = "0" },
    VERDICTS(VERDICT_FIELD)
#undef VERDICT_FIELD
            { 0 },
};
static const struct json_spec verdicts = { .kind = JSON_SPEC_OBJECT, .fields = verdict_fields };

static const struct json_spec subject = { .kind = JSON_SPEC_VALUE,
    .schema_file = "../../scenarios/scenario.schema.json" };
static const struct json_field part_fields[] = {
    { "begin", &json_spec_count, AT(begin), .about = "Its first schedule.", .required = true },
    { "end", &json_spec_count, AT(end), .about = "The one behind its last.", .required = true },
    { "scenario", &subject, AT(subject), .about = "What was searched, with its whole world.",
            .required = true },
    { 0 },
};
static const struct json_spec part = { .kind = JSON_SPEC_OBJECT, .fields = part_fields };

static const char *const endings[] = {
#define ENDING_TEXT(name, text) text,
    ENDINGS(ENDING_TEXT)
#undef ENDING_TEXT
            NULL
};
static const struct json_spec ending = { .kind = JSON_SPEC_WORD, .words = endings };
static const struct json_spec real = { .kind = JSON_SPEC_REAL };

static const struct json_field fields[] = {
    { "scenario", &json_spec_string, AT(scenario), .required = true, .about = "Its name." },
    { "strategy", &json_spec_string, AT(strategy), .required = true,
            .about = "How schedules were chosen." },
    { "seed", &json_spec_count, AT(seed), .required = true, .about = "What chance began with." },
    { "schedules", &json_spec_count, AT(schedules), .required = true, .about = "That were run." },
    { "exhausted", &json_spec_flag, AT(exhausted), .required = true,
            .about = "Whether these are all there are." },
    { "ended", &ending, AT(ended), .required = true, .about = "Why the search ended." },
    { "steps", &json_spec_count, AT(steps), .required = true, .about = "Of all runs." },
    { "choices", &json_spec_count, AT(choices), .required = true, .about = "Of all runs." },
    { "hashes", &json_spec_hash, AT(hashes), .required = true,
            .about = "The hashes of all traces, xored: equal searches have equal ones." },
    { "verdicts", &verdicts, 0, .required = true, .about = "How runs ended, and how many." },
    { "repeated", &json_spec_count, AT(repeated), .required = true,
            .about = "Runs that were run twice." },
    { "flaky", &json_spec_count, AT(flaky), .required = true,
            .about = "Of them, those with another trace." },
    { "lost_batches", &json_spec_count, AT(lost), .lean = true, .otherwise = "0",
            .about = "Batches of schedules whose worker died." },
    { "blocked", &json_spec_count, AT(blocked), .has = has_distinct,
            .about = "Runs that turned out to be like others, with strategies that can tell." },
    { "distinct", &json_spec_count, AT(distinct), .has = has_distinct,
            .about = "Orders of dependent steps among the other runs." },
    { "estimated_schedules", &real, AT(estimate), .has = has_estimate,
            .about = "How many schedules there are in all, as far as the strategy can tell." },
    { "estimated_error", &real, AT(error), .has = has_error,
            .about = "In a part of a search: one standard deviation of that." },
    { "seconds", &real, AT(seconds), .required = true, .about = "Of real time." },
    { "findings", &founds_spec, AT(found), .required = true, .about = "What was found." },
    { "part", &part, 0, .has = is_part,
            .about = "Which part of the search this is, in the result of one with --shard." },
    { 0 },
};
const struct json_spec exploration_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "exploration",
    .about = "What a search of one scenario came to.",
    .fields = fields,
    .size = sizeof(struct exploration),
};

_Static_assert(AT(found_count) == AT(found) + sizeof(void *), "a list is a pointer and a count");

const char *ending_name(enum ending e)
{
    return endings[e];
}

void exploration_label(struct exploration *e, const struct explore_options *options)
{
    free(e->scenario);
    free(e->strategy);
    e->scenario = mem_string(options->title ? options->title : "");
    e->strategy = mem_string(options->strategy);
    e->seed = options->seed;
}

json_t *exploration_to_json(const struct exploration *e, bool whole)
{
    return json_make(&exploration_spec, e, whole);
}

bool exploration_read(
        const struct json_doc *doc, const struct json_node *node, struct exploration *e)
{
    *e = (struct exploration){ 0 };
    bool ok = json_read(doc, node, &exploration_spec, e);
    const struct json_node *findings = ok ? json_member(node, "findings") : NULL;
    for (const struct json_node *f = findings ? findings->child : NULL; f; f = f->next)
        ok = json_need(doc, f, "choices", "the choices of its first run") && ok;
    if (!ok)
        exploration_free(e);
    return ok;
}

bool exploration_from_json(const json_t *value, struct exploration *e)
{
    struct json_doc *doc = json_doc_wrap("worker", value);
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    bool ok = doc && exploration_read(doc, doc->root, e);
    rt_arena_use(before);
    rt_arena_free(arena);
    json_doc_free(doc);
    return ok;
}
