/* What the bench promises of the default strategy, and what it demands of itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/seeded/bench.h"

/* The promise for a seeded bug: found in every trial, half of them within fewer schedules. */
enum { PROMISED_MEDIAN = 100 };

static bool judge_canary(
        const struct bench_case *c, const struct bench_result *r, const char *strategy)
{
    if (!r->done || (r->stats.found == r->stats.trials && r->stats.worst == 1))
        return true;
    printf("FAILED: %s does not find %s in the first schedule, so nothing it says counts\n",
            strategy, c->id);
    return false;
}

static bool judge_promise(
        const struct bench *b, const struct bench_case *c, const struct bench_result *r)
{
    const struct stats *s = &r->stats;
    bool ok = true;
    if (!r->done)
        return true;
    if (s->found < s->trials) {
        printf("FAILED: %s finds %s in %zu of %zu trials of %" PRIu64
               " schedules; all are promised\n",
                BENCH_DEFAULT_STRATEGY, c->id, s->found, s->trials, b->options->schedules);
        ok = false;
    }
    if (s->median >= PROMISED_MEDIAN && s->found * 2 >= s->trials) {
        printf("FAILED: %s needs %" PRIu64 " schedules for %s in the median; fewer than %d are "
               "promised\n",
                BENCH_DEFAULT_STRATEGY, s->median, c->id, PROMISED_MEDIAN);
        ok = false;
    }
    return ok;
}

static bool judge_control(const struct bench_case *c, const struct bench_control *control)
{
    if (control->violation)
        printf("FAILED: %s shows %s %s\n", c->id, control->violation,
                c->scenario ? "without its variant, too" : "in its correct twin, too");
    return !control->violation;
}

bool bench_judge(const struct bench *b)
{
    bool ok = true;
    for (size_t i = 0; i < b->cases->count; i++) {
        const struct bench_case *c = &b->cases->items[i];
        ok = judge_control(c, &b->controls[i]) && ok;
        for (size_t s = 0; s < b->options->strategy_count; s++) {
            const struct bench_result *r = bench_result(b, i, s);
            const char *strategy = b->options->strategies[s];
            if (c->kind == BENCH_CANARY)
                ok = judge_canary(c, r, strategy) && ok;
            else if (c->kind == BENCH_BUG && strcmp(strategy, BENCH_DEFAULT_STRATEGY) == 0)
                ok = judge_promise(b, c, r) && ok;
        }
    }
    return ok;
}
