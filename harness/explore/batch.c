/* One batch: its schedules are run, and what they come to is gathered. */
#include "harness/explore/batch.h"

#include <stdio.h>

#include "harness/base/mem.h"

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
    mem_reserve(e->found, e->found_cap, e->found_count + 1);
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
    exploration_label(result, o);
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
