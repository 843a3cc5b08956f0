/* How fast the bare launch path is explored: one launch, one registration, one exit at any time
 * (scenarios/bare/one-launch.json), on one core, through the real explorer with its recorder, its
 * strategies, all invariants and findings; against the same path with every choice 0 and nobody
 * watching. Time is that of the processor.
 *
 *   bench_explore [--json] [--seconds N] [--scenario FILE] [--only STRATEGY] */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/scenario/lab.h"

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* One lab serves all searches: a search is what is measured, not the making of stacks. */
static bool make(void *self, struct subject *subject)
{
    *subject = lab_subject(self);
    return true;
}

static void keep(void *self, struct subject *subject)
{
    (void)self;
    (void)subject;
}

/* Schedules a second of one strategy. A search that has seen everything begins again. */
static double explore(const struct scenario *s, const char *strategy, double seconds)
{
    struct lab_options options = { 0 };
    struct lab *lab = lab_new(s, &options);
    const struct subject_maker maker = { lab, make, keep };
    uint64_t schedules = 0;
    if (!lab)
        exit(1);
    double start = seconds_now(), now;
    do {
        struct explore_options eo = { .strategy = strategy,
            .schedules = 20000,
            .seed = 1 + schedules,
            .jobs = 1,
            .title = "bench" };
        struct exploration e;
        if (!explore_run(&maker, &eo, &e))
            exit(1);
        schedules += e.schedules;
        exploration_free(&e);
        now = seconds_now();
    } while (now - start < seconds);
    lab_free(lab);
    return (double)schedules / (now - start);
}

/* The same path without a search: every choice is 0, nothing is recorded or checked. */
static double baseline(struct scenario *s, double seconds)
{
    struct lab_options options = { 0 };
    uint64_t checked = s->skip;
    s->skip = UINT64_MAX;
    struct lab *lab = lab_new(s, &options);
    if (!lab)
        exit(1);
    struct subject subject = lab_subject(lab);
    struct run_result result;
    uint64_t runs = 0;
    double start = seconds_now(), now;
    do {
        for (int i = 0; i < 1000; i++, runs++)
            subject.run(subject.self, NULL, NULL, &result);
        now = seconds_now();
    } while (now - start < seconds);
    lab_free(lab);
    s->skip = checked;
    return (double)runs / (now - start);
}

int main(int argc, char **argv)
{
    static const char *const strategies[] = { "random", "pct", "pos", "portfolio", "dpor" };
    static const struct option options[] = { { "json", no_argument, NULL, 'j' },
        { "seconds", required_argument, NULL, 's' }, { "scenario", required_argument, NULL, 'f' },
        { "only", required_argument, NULL, 'o' }, { NULL, 0, NULL, 0 } };
    const char *path = "scenarios/bare/one-launch.json";
    const char *only = NULL;
    double seconds = 2;
    bool json = false;
    for (int c; (c = getopt_long(argc, argv, "js:f:o:", options, NULL)) != -1;) {
        if (c == '?')
            return 2;
        json |= c == 'j';
        if (c == 's')
            seconds = strtod(optarg, NULL);
        if (c == 'f')
            path = optarg;
        if (c == 'o')
            only = optarg;
    }
    struct scenario *s = scenario_load(path);
    if (!s)
        return 2;
    double base = baseline(s, seconds);
    if (json)
        printf("{\"baseline\": %.0f", base);
    else
        printf("%-10s %8.0f schedules a second\n", "baseline", base);
    for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++) {
        if (only && strcmp(only, strategies[i]) != 0)
            continue;
        double rate = explore(s, strategies[i], seconds);
        if (json)
            printf(", \"%s\": %.0f", strategies[i], rate);
        else
            printf("%-10s %8.0f schedules a second, %.2f of the baseline\n", strategies[i], rate,
                    rate / base);
    }
    if (json)
        printf("}\n");
    scenario_free(s);
    return 0;
}
