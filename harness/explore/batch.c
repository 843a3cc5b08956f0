#include "harness/explore/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/json/json.h"

void batches_init(struct batches *b, const struct subject_maker *maker,
        const struct explore_options *options, double started)
{
    uint64_t schedules = options->schedules;
    *b = (struct batches){ .maker = maker, .options = options };
    b->size = search_is_systematic(options->strategy) ? UINT64_MAX : BATCH_SCHEDULES;
    if (b->size > schedules)
        b->size = schedules;
    uint64_t count = b->size > 0 ? (schedules - 1) / b->size + 1 : 0;
    shard_range(options->shard, count, &b->begin, &b->end);
    b->next = b->begin;
    b->deadline = options->max_ms > 0 ? started + (double)options->max_ms / 1000 : 0;
    progress_begin(&b->progress);
}

static void add_found(struct exploration *e, const char *invariant, rt_str id, rt_str text,
        const struct run_result *result, uint64_t number, const struct choices *made)
{
    for (size_t i = 0; i < e->found_count; i++) {
        if (rt_str_is(id, e->found[i].id)) {
            e->found[i].count++;
            return;
        }
    }
    e->found = realloc(e->found, (e->found_count + 1) * sizeof(*e->found));
    if (!e->found)
        abort();
    struct found *found = &e->found[e->found_count++];
    *found = (struct found){ .count = 1, .first = number, .hash = result->hash };
    found->id = rt_cstr_malloc(id);
    found->invariant = rt_cstr_malloc(rt_str_from(invariant));
    found->text = rt_cstr_malloc(text);
    found->verdict = result->verdict;
    choices_copy(&found->choices, made);
    choices_trim(&found->choices);
}

static void take_result(struct exploration *e, const struct run_result *result, uint64_t number,
        const struct choices *made)
{
    e->schedules++;
    e->steps += result->steps;
    e->choices += made->count;
    e->hashes ^= result->hash;
    e->verdicts[result->verdict]++;
    for (size_t i = 0; i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        add_found(e, f->invariant, f->id, f->text, result, number, made);
    }
    if (result->findings.count == 0 && result->verdict != VERDICT_COMPLETED) {
        const char *name = verdict_name(result->verdict);
        add_found(e, name, rt_str_from(name), result->reason, result, number, made);
    }
}

/* Runs the same choices again: a run that ends with another hash is not deterministic. */
static void repeat(struct exploration *e, const struct subject *subject, const struct choices *made,
        uint64_t hash)
{
    struct player player;
    struct run_result result;
    player_init(&player, made, true);
    subject->run(subject->self, &player.source, NULL, &result);
    e->repeated++;
    e->flaky += result.hash != hash;
}

/* Mixes the seed with the batch's number, so that neighbours have nothing in common. */
static uint64_t batch_seed(uint64_t seed, uint64_t number)
{
    struct rt_rng rng = { seed };
    uint64_t base = rt_rng_next(&rng);
    rng.state = base ^ (number * 0x9e3779b97f4a7c15u);
    return rt_rng_next(&rng);
}

static bool stop_now(const struct batches *b, const struct exploration *e)
{
    const struct explore_options *o = b->options;
    bool first = o->stop_at_first && e->found_count > 0;
    bool enough = o->enough && e->found_count > 0 && o->enough(o->enough_self, e);
    return first || enough || out_interrupted() || (b->deadline > 0 && out_seconds() > b->deadline);
}

/* With an estimate of what there is, of searches that have one. */
static void show_progress(struct batches *b, const struct search *search, uint64_t number,
        const struct exploration *result)
{
    struct search_count count = { 0 };
    char all[48] = "";
    if (search->count)
        search->count(search->self, &count);
    if (count.estimate > 0 && count.error == 0)
        snprintf(all, sizeof(all), ", about %.2g in all", count.estimate);
    progress_show(&b->progress, "%s: %llu of %llu schedules, %zu findings%s", b->options->title,
            (unsigned long long)number, (unsigned long long)b->options->schedules,
            result->found_count, all);
}

void batch_run(struct batches *b, const struct subject *subject, uint64_t number,
        struct exploration *result)
{
    const struct explore_options *o = b->options;
    struct search search;
    struct recorder recorder;
    struct search_options so = { batch_seed(o->seed, number), o->depth };
    uint64_t begin = number * b->size, end = begin + b->size;
    if (end > o->schedules)
        end = o->schedules;
    if (!search_new(o->strategy, &so, &search))
        return;
    recorder_init(&recorder, NULL);
    for (uint64_t i = begin; i < end && !stop_now(b, result); i++) {
        const struct rt_source *source = search.next(search.self);
        struct run_result run;
        if (!source) {
            result->exhausted = true;
            break;
        }
        recorder_reset(&recorder, source);
        subject->run(subject->self, &recorder.source, NULL, &run);
        search.done(search.self, &run);
        take_result(result, &run, i, &recorder.made);
        if (o->repeat_percent > 0 && i % 100 < o->repeat_percent)
            repeat(result, subject, &recorder.made, run.hash);
        if (o->title && (o->jobs <= 1 || search_is_systematic(o->strategy)) &&
                progress_due(&b->progress))
            show_progress(b, &search, i, result);
    }
    if (search.count) {
        struct search_count count;
        search.count(search.self, &count);
        result->estimate = count.estimate;
        result->error = count.error;
        result->blocked = count.blocked;
        result->distinct = count.distinct;
    }
    search.end(search.self);
    recorder_free(&recorder);
}

bool batches_over(const struct batches *b, const struct exploration *so_far)
{
    return b->next >= b->end || so_far->exhausted || stop_now(b, so_far);
}

void batches_take(const struct batches *b, struct exploration *whole, struct exploration *batch)
{
    if (b->options->stop_at_first && whole->found_count > 0)
        exploration_free(batch);
    else
        exploration_merge(whole, batch);
}

bool batches_run_here(struct batches *b, struct exploration *result)
{
    struct subject subject;
    if (!b->maker->make(b->maker->self, &subject))
        return false;
    while (!batches_over(b, result)) {
        struct exploration batch = { 0 };
        batch_run(b, &subject, b->next++, &batch);
        batches_take(b, result, &batch);
    }
    progress_end(&b->progress);
    if (b->maker->end)
        b->maker->end(b->maker->self, &subject);
    return true;
}

/* ---- results as JSON, for the pipe between worker and parent ---- */

json_t *batch_to_json(const struct exploration *e)
{
    json_t *found = json_array();
    for (size_t i = 0; i < e->found_count; i++) {
        const struct found *f = &e->found[i];
        json_t *made = json_array();
        for (size_t k = 0; k < f->choices.count; k++) {
            const struct made *m = &f->choices.items[k];
            json_array_append_new(made, json_integer(m->kind));
            json_array_append_new(made, json_integer(m->options));
            json_array_append_new(made, json_integer(m->chosen));
            json_array_append_new(made, json_integer(m->runs_on));
        }
        json_t *o = json_pack("{s:i, s:I, s:I, s:I, s:o}", "verdict", (int)f->verdict, "count",
                (json_int_t)f->count, "first", (json_int_t)f->first, "hash", (json_int_t)f->hash,
                "made", made);
        json_object_set_new(o, "id", json_text_value(f->id, strlen(f->id)));
        json_object_set_new(o, "invariant", json_string(f->invariant));
        json_object_set_new(o, "text", json_text_value(f->text, strlen(f->text)));
        json_array_append_new(found, o);
    }
    json_t *verdicts = json_array();
    for (int v = 0; v < VERDICT_COUNT; v++)
        json_array_append_new(verdicts, json_integer((json_int_t)e->verdicts[v]));
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:f, s:f, s:o, s:o}",
            "schedules", (json_int_t)e->schedules, "steps", (json_int_t)e->steps, "choices",
            (json_int_t)e->choices, "hashes", (json_int_t)e->hashes, "repeated",
            (json_int_t)e->repeated, "flaky", (json_int_t)e->flaky, "blocked",
            (json_int_t)e->blocked, "distinct", (json_int_t)e->distinct, "exhausted",
            (int)e->exhausted, "estimate", e->estimate, "error", e->error, "verdicts", verdicts,
            "found", found);
}

static uint64_t number(const json_t *value, const char *key)
{
    return (uint64_t)json_integer_of(value, key);
}

static char *text(const json_t *value, const char *key)
{
    const char *s = json_string_of(value, key);
    return rt_cstr_malloc(rt_str_from(s ? s : ""));
}

static void found_from_json(const json_t *value, struct found *f)
{
    *f = (struct found){ .count = number(value, "count"), .first = number(value, "first") };
    f->verdict = (enum verdict)number(value, "verdict");
    f->hash = number(value, "hash");
    f->id = text(value, "id");
    f->invariant = text(value, "invariant");
    f->text = text(value, "text");
    const json_t *made = json_object_get(value, "made");
    for (size_t i = 0; i + 3 < json_array_size(made); i += 4) {
        struct made m = { .kind = (uint8_t)json_integer_value(json_array_get(made, i)) };
        m.options = (uint32_t)json_integer_value(json_array_get(made, i + 1));
        m.runs_on = json_integer_value(json_array_get(made, i + 3)) != 0;
        m.chosen = (uint32_t)json_integer_value(json_array_get(made, i + 2));
        choices_add(&f->choices, m);
    }
}

bool batch_from_json(const json_t *value, struct exploration *e)
{
    if (!json_is_object(value))
        return false;
    *e = (struct exploration){ .schedules = number(value, "schedules") };
    e->steps = number(value, "steps");
    e->choices = number(value, "choices");
    e->hashes = number(value, "hashes");
    e->repeated = number(value, "repeated");
    e->flaky = number(value, "flaky");
    e->blocked = number(value, "blocked");
    e->distinct = number(value, "distinct");
    e->exhausted = json_true_of(value, "exhausted");
    e->estimate = json_real_value(json_object_get(value, "estimate"));
    e->error = json_real_value(json_object_get(value, "error"));
    const json_t *verdicts = json_object_get(value, "verdicts");
    for (size_t v = 0; v < VERDICT_COUNT; v++)
        e->verdicts[v] = (uint64_t)json_integer_value(json_array_get(verdicts, v));
    const json_t *found = json_object_get(value, "found");
    e->found_count = json_array_size(found);
    e->found = calloc(e->found_count + 1, sizeof(*e->found));
    if (!e->found)
        abort();
    for (size_t i = 0; i < e->found_count; i++)
        found_from_json(json_array_get(found, i), &e->found[i]);
    return true;
}
