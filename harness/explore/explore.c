/* A search from its options to its result. */
#include "harness/explore/explore.h"

#include "harness/base/diag.h"
#include "harness/base/out.h"
#include "harness/explore/batch.h"

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
    exploration_label(result, &o);
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
