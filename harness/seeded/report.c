/* The bench's results for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/seeded/bench.h"

enum { CELL = 32 };

static const char *number(char text[CELL], const struct bench *b, uint64_t schedules)
{
    if (schedules == STATS_MISSED)
        snprintf(text, CELL, ">%" PRIu64, b->options->schedules);
    else
        snprintf(text, CELL, "%" PRIu64, schedules);
    return text;
}

static size_t longest_id(const struct bench *b)
{
    size_t longest = 4;
    for (size_t i = 0; i < b->cases->count; i++)
        if (strlen(b->cases->items[i].id) > longest)
            longest = strlen(b->cases->items[i].id);
    return longest;
}

/* ---- rows ---- */

struct table {
    bool markdown;
    int first; /* width of the first column */
    int other; /* and of the others */
};

static void cell(const struct table *t, const char *text, bool first)
{
    if (t->markdown)
        printf("%s %s |", first ? "|" : "", text);
    else if (first)
        printf("%-*s", t->first, text);
    else
        printf(" %*s", t->other, text);
}

static void rule(const struct table *t, size_t columns)
{
    if (!t->markdown)
        return;
    printf("| --- |");
    for (size_t i = 1; i < columns; i++)
        printf(" ---: |");
    printf("\n");
}

static void title(const struct table *t, const char *text)
{
    printf(t->markdown ? "\n%s:\n\n" : "\n%s:\n", text);
}

/* ---- one strategy in full ---- */

static void print_result(const struct bench *b, const struct table *t, size_t i, size_t s)
{
    const struct bench_case *c = &b->cases->items[i];
    const struct bench_result *r = bench_result(b, i, s);
    char text[CELL];
    cell(t, c->id, true);
    cell(t, bench_kind_name(c->kind), false);
    cell(t, c->always ? "every run" : "a schedule", false);
    snprintf(text, sizeof(text), "%zu/%zu", r->stats.found, r->stats.trials);
    cell(t, text, false);
    cell(t, r->stats.trials > 0 ? number(text, b, r->stats.median) : "-", false);
    cell(t, r->stats.trials > 0 ? number(text, b, r->stats.p90) : "-", false);
    cell(t, r->stats.trials > 0 ? number(text, b, r->stats.worst) : "-", false);
    printf("\n");
}

static void print_strategy(const struct bench *b, bool markdown, size_t s)
{
    static const char *const heads[] = { "case", "kind", "shows in", "found", "median", "p90",
        "worst" };
    struct table t = { markdown, (int)longest_id(b), 10 };
    char text[160];
    snprintf(text, sizeof(text), "Schedules to the bug with %s", b->options->strategies[s]);
    title(&t, text);
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        cell(&t, heads[i], i == 0);
    printf("\n");
    rule(&t, sizeof(heads) / sizeof(*heads));
    for (size_t i = 0; i < b->cases->count; i++)
        print_result(b, &t, i, s);
}

/* ---- strategies side by side ---- */

/* The median, with the number of trials that found it if not all did. */
static void median_cell(const struct bench *b, const struct table *t, const struct bench_result *r)
{
    char text[2 * CELL], median[CELL];
    const struct stats *s = &r->stats;
    if (s->trials == 0 || s->found == 0)
        snprintf(text, sizeof(text), "-");
    else if (s->found == s->trials)
        snprintf(text, sizeof(text), "%s", number(median, b, s->median));
    else
        snprintf(text, sizeof(text), "%s (%zu)", number(median, b, s->median), s->found);
    cell(t, text, false);
}

static void print_medians(const struct bench *b, bool markdown)
{
    struct table t = { markdown, (int)longest_id(b), 11 };
    title(&t, "Median schedules to the bug; in brackets the trials that found it, if not all; - "
              "none");
    cell(&t, "case", true);
    for (size_t s = 0; s < b->options->strategy_count; s++)
        cell(&t, b->options->strategies[s], false);
    printf("\n");
    rule(&t, b->options->strategy_count + 1);
    for (size_t i = 0; i < b->cases->count; i++) {
        cell(&t, b->cases->items[i].id, true);
        for (size_t s = 0; s < b->options->strategy_count; s++)
            median_cell(b, &t, bench_result(b, i, s));
        printf("\n");
    }
}

/* What a strategy came to over all cases that need a schedule. */
struct summary {
    size_t cases;
    size_t found_cases; /* in all trials */
    size_t trials;
    size_t found;
    struct stats of_medians; /* over the cases */
    uint64_t worst;
};

static struct summary summarise(const struct bench *b, size_t s, enum bench_kind kind)
{
    struct summary sum = { 0 };
    uint64_t *medians = mem_new_array(uint64_t, b->cases->count);
    for (size_t i = 0; i < b->cases->count; i++) {
        const struct stats *stats = &bench_result(b, i, s)->stats;
        if (b->cases->items[i].kind != kind || b->cases->items[i].always || stats->trials == 0)
            continue;
        medians[sum.cases++] = stats->median;
        sum.found_cases += stats->found == stats->trials;
        sum.trials += stats->trials;
        sum.found += stats->found;
        if (stats->worst > sum.worst)
            sum.worst = stats->worst;
    }
    sum.of_medians = stats_of(medians, sum.cases);
    free(medians);
    return sum;
}

static void print_summary(const struct bench *b, bool markdown, enum bench_kind kind)
{
    static const char *const heads[] = { "strategy", "cases", "trials", "median", "highest",
        "worst" };
    struct table t = { markdown, 10, 9 };
    char text[160];
    snprintf(text, sizeof(text),
            "Over all %ss that need a schedule: cases found in every trial, trials that found, "
            "median and highest of the medians, worst trial",
            bench_kind_name(kind));
    title(&t, text);
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        cell(&t, heads[i], i == 0);
    printf("\n");
    rule(&t, sizeof(heads) / sizeof(*heads));
    for (size_t s = 0; s < b->options->strategy_count; s++) {
        struct summary sum = summarise(b, s, kind);
        cell(&t, b->options->strategies[s], true);
        snprintf(text, CELL, "%zu/%zu", sum.found_cases, sum.cases);
        cell(&t, text, false);
        snprintf(text, CELL, "%zu/%zu", sum.found, sum.trials);
        cell(&t, text, false);
        cell(&t, sum.cases > 0 ? number(text, b, sum.of_medians.median) : "-", false);
        cell(&t, sum.cases > 0 ? number(text, b, sum.of_medians.worst) : "-", false);
        cell(&t, sum.cases > 0 ? number(text, b, sum.worst) : "-", false);
        printf("\n");
    }
}

static bool has_kind(const struct bench *b, enum bench_kind kind)
{
    for (size_t i = 0; i < b->cases->count; i++)
        if (b->cases->items[i].kind == kind && !b->cases->items[i].always)
            return true;
    return false;
}

void bench_print(const struct bench *b, bool markdown)
{
    const struct bench_options *o = b->options;
    printf("%" PRIu64 " seeds, at most %" PRIu64 " schedules a trial\n", o->seeds, o->schedules);
    for (size_t s = 0; s < o->strategy_count; s++)
        if (o->strategy_count == 1 || strcmp(o->strategies[s], BENCH_DEFAULT_STRATEGY) == 0)
            print_strategy(b, markdown, s);
    if (o->strategy_count == 1)
        return;
    print_medians(b, markdown);
    if (has_kind(b, BENCH_BUG))
        print_summary(b, markdown, BENCH_BUG);
    if (has_kind(b, BENCH_KERNEL))
        print_summary(b, markdown, BENCH_KERNEL);
}
