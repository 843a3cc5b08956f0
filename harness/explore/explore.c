#include "harness/explore/explore.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/out.h"
#include "harness/explore/batch.h"
#include "harness/explore/replay.h"
#include "harness/json/json.h"

void found_free(struct found *found)
{
    free(found->id);
    free(found->invariant);
    free(found->text);
    choices_free(&found->choices);
}

void exploration_free(struct exploration *e)
{
    for (size_t i = 0; i < e->found_count; i++)
        found_free(&e->found[i]);
    free(e->found);
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
    into->found = realloc(into->found, (into->found_count + 1) * sizeof(*into->found));
    if (!into->found)
        abort();
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
    free(batch->found);
    *batch = (struct exploration){ 0 };
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

/* ---- the report ---- */

static json_t *found_to_json(const struct found *found)
{
    json_t *o = json_object();
    json_object_set_new(o, "id", json_text_value(found->id, strlen(found->id)));
    json_object_set_new(o, "invariant", json_string(found->invariant));
    json_object_set_new(o, "text", json_text_value(found->text, strlen(found->text)));
    json_object_set_new(o, "verdict", json_string(verdict_name(found->verdict)));
    json_object_set_new(o, "count", json_integer((json_int_t)found->count));
    json_object_set_new(o, "first_schedule", json_integer((json_int_t)found->first));
    json_object_set_new(o, "hash", hash_to_json(found->hash));
    json_object_set_new(o, "switches", json_integer((json_int_t)choices_switches(&found->choices)));
    return o;
}

json_t *exploration_to_json(const struct exploration *e, const struct explore_options *options)
{
    json_t *verdicts = json_object();
    for (int v = 0; v < VERDICT_COUNT; v++)
        if (e->verdicts[v] > 0)
            json_object_set_new(verdicts, verdict_name((enum verdict)v),
                    json_integer((json_int_t)e->verdicts[v]));
    json_t *findings = json_array();
    for (size_t i = 0; i < e->found_count; i++)
        json_array_append_new(findings, found_to_json(&e->found[i]));
    json_t *o = json_object();
    json_object_set_new(o, "strategy", json_string(options->strategy));
    json_object_set_new(o, "seed", json_integer((json_int_t)options->seed));
    json_object_set_new(o, "schedules", json_integer((json_int_t)e->schedules));
    json_object_set_new(o, "exhausted", json_boolean(e->exhausted));
    json_object_set_new(o, "ended", json_string(ending_name(e->ended)));
    json_object_set_new(o, "steps", json_integer((json_int_t)e->steps));
    json_object_set_new(o, "choices", json_integer((json_int_t)e->choices));
    json_object_set_new(o, "hashes", hash_to_json(e->hashes));
    json_object_set_new(o, "verdicts", verdicts);
    json_object_set_new(o, "repeated", json_integer((json_int_t)e->repeated));
    json_object_set_new(o, "flaky", json_integer((json_int_t)e->flaky));
    if (e->lost > 0)
        json_object_set_new(o, "lost_batches", json_integer((json_int_t)e->lost));
    if (e->distinct > 0) {
        json_object_set_new(o, "blocked", json_integer((json_int_t)e->blocked));
        json_object_set_new(o, "distinct", json_integer((json_int_t)e->distinct));
    }
    /* Sums of batches' numbers depend a little on their order; results must not. */
    if (e->estimate > 0 && e->error == 0)
        json_object_set_new(o, "estimated_schedules", json_real(e->estimate));
    json_object_set_new(o, "seconds", json_real(e->seconds));
    json_object_set_new(o, "findings", findings);
    return o;
}

/* ---- running ---- */

static uint64_t schedules_before(const struct batches *b, uint64_t batch)
{
    uint64_t number = b->size > 0 && batch > UINT64_MAX / b->size ? UINT64_MAX : batch * b->size;
    return number < b->options->schedules ? number : b->options->schedules;
}

void explore_part(const struct explore_options *options, uint64_t *begin, uint64_t *end)
{
    struct batches batches;
    batches_init(&batches, NULL, options, 0);
    *begin = schedules_before(&batches, batches.begin);
    *end = schedules_before(&batches, batches.end);
}

const char *ending_name(enum ending e)
{
#define ENDING_TEXT(name, text) text,
    static const char *const names[] = { ENDINGS(ENDING_TEXT) };
#undef ENDING_TEXT
    return names[e];
}

static enum ending how_it_ended(const struct batches *b, const struct exploration *e)
{
    if (e->exhausted)
        return ENDING_EXHAUSTED;
    if (b->options->stop_at_first && e->found_count > 0)
        return ENDING_FIRST;
    if (e->schedules >= e->end - e->begin)
        return ENDING_SCHEDULES;
    if (out_interrupted())
        return ENDING_INTERRUPTED;
    return b->deadline > 0 && out_seconds() > b->deadline ? ENDING_TIME : ENDING_SCHEDULES;
}

bool explore_run(const struct subject_maker *maker, const struct explore_options *options,
        struct exploration *result)
{
    struct explore_options o = *options;
    if (!o.strategy)
        o.strategy = "portfolio";
    *result = (struct exploration){ 0 };
    struct search search;
    if (!search_new(o.strategy, &(struct search_options){ o.seed, o.depth }, &search))
        return false;
    if (o.shard.count > 1 && search_is_systematic(o.strategy)) {
        diag("strategy %s cannot be divided: which schedule comes next depends on all before it; "
             "use a random strategy, or divide the scenarios",
                o.strategy);
        search.end(search.self);
        return false;
    }
    search.end(search.self);
    double started = out_seconds();
    struct batches batches;
    batches_init(&batches, maker, &o, started);
    bool ok = o.jobs > 1 && batches.end - batches.begin > 1 ? batches_run_parallel(&batches, result)
                                                            : batches_run_here(&batches, result);
    result->seconds = out_seconds() - started;
    result->begin = schedules_before(&batches, batches.begin);
    result->end = schedules_before(&batches, batches.end);
    result->ended = how_it_ended(&batches, result);
    exploration_sort(result);
    return ok;
}
