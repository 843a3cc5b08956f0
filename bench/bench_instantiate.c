/* How many full instantiates a second one core runs: a peer starts, a package is installed, its
 * container is created and started by the Docker engine, the chaincode registers and runs Init, the
 * response is endorsed. Every step is chosen by a random source, every invariant is checked after
 * every step. Run in the root of the source tree. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "harness/scenario/lab.h"

static uint32_t choose_random(void *self, const struct rt_choice *c)
{
    return rt_rng_below(self, c->options);
}

static double seconds_now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static long peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "json", no_argument, NULL, 'j' },
        { "seconds", required_argument, NULL, 's' }, { NULL, 0, NULL, 0 } };
    double seconds = 2;
    bool json = false;
    for (int c; (c = getopt_long(argc, argv, "js:", options, NULL)) != -1;) {
        if (c == '?')
            return 2;
        json |= c == 'j';
        if (c == 's')
            seconds = strtod(optarg, NULL);
    }
    const char *path = optind < argc ? argv[optind] : "bench/instantiate.json";
    struct scenario *scenario = scenario_load(path);
    if (!scenario)
        return 2;
    const struct lab_options lab_options = { 0 };
    struct lab *lab = lab_new(scenario, &lab_options);
    if (!lab)
        return 2;
    struct subject subject = lab_subject(lab);
    struct rt_rng rng = { 1 };
    const struct rt_source random = { .self = &rng, .choose = choose_random };

    uint64_t runs = 0;
    uint64_t steps = 0;
    long early_kib = 0;
    double start = seconds_now();
    double now;
    do {
        for (int i = 0; i < 20; i++, runs++) {
            struct run_result result = { 0 };
            subject.run(subject.self, &random, NULL, &result);
            steps += result.steps;
        }
        if (early_kib == 0)
            early_kib = peak_kib();
        now = seconds_now();
    } while (now - start < seconds);
    lab_free(lab);
    scenario_free(scenario);

    double rate = (double)runs / (now - start);
    double mean = (double)steps / (double)runs;
    if (json)
        printf("{\"instantiates_per_second\": %.0f, \"steps\": %.1f, \"kib_after_20\": %ld, "
               "\"kib_at_end\": %ld}\n",
                rate, mean, early_kib, peak_kib());
    else
        printf("%.0f instantiates a second, %.1f steps each; peak memory %ld KiB after 20 runs, "
               "%ld KiB after %llu\n",
                rate, mean, early_kib, peak_kib(), (unsigned long long)runs);
    return 0;
}
