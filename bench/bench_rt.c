/* How fast the run time is: steps, switches and whole runs a second, on one core.
 *
 *   bench_rt [--json] [--seconds N] */
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Always somebody else: every step is a switch. */
static uint32_t choose_last(void *self, const struct rt_choice *c)
{
    (void)self;
    return c->options - 1;
}

static uint32_t choose_random(void *rng, const struct rt_choice *c)
{
    return rt_rng_below(rng, c->options);
}

static struct rt_mutex mutex;
static struct rt_chan *chan;

static void lock_and_unlock(void *arg)
{
    (void)arg;
    for (;;) {
        rt_lock(&mutex);
        rt_unlock(&mutex);
    }
}

static void yield(void *arg)
{
    (void)arg;
    for (;;)
        rt_yield();
}

static void send(void *arg)
{
    (void)arg;
    for (;;)
        rt_send(chan, NULL);
}

static void receive(void *arg)
{
    (void)arg;
    for (;;)
        rt_recv(chan, NULL);
}

static void send_and_receive(void *arg)
{
    (void)arg;
    for (;;) {
        rt_send(chan, NULL);
        rt_recv(chan, NULL);
    }
}

static void tick(void *arg)
{
    (void)arg;
    for (;;)
        rt_sleep_ns(1);
}

static void ten_steps(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++) {
        rt_lock(&mutex);
        rt_unlock(&mutex);
        rt_yield();
    }
}

struct result {
    const char *name;
    const char *unit;
    double per_second;
};

/* Steps a second of two goroutines, or of one if `second` is NULL. */
static double steps(
        struct rt *rt, double seconds, const struct rt_source *source, rt_fn first, rt_fn second)
{
    enum { SLICE = 1000000 };
    struct rt_config config = { .source = source, .max_steps = SLICE };
    double begin = seconds_now();
    double end;
    uint64_t total = 0;
    do {
        rt_begin(rt, &config);
        mutex = (struct rt_mutex){ 0 };
        chan = rt_chan_make(first == send_and_receive ? 1 : 0, "chan");
        struct rt_proc *p = rt_proc_new("bench");
        rt_go_in(p, "first", first, NULL);
        if (second)
            rt_go_in(p, "second", second, NULL);
        (void)rt_run(rt);
        total += rt_steps(rt);
        rt_end(rt);
        end = seconds_now();
    } while (end - begin < seconds);
    return (double)total / (end - begin);
}

/* Runs a second, of eight goroutines with eleven steps each. */
static double runs(struct rt *rt, double seconds, const struct rt_source *source)
{
    struct rt_config config = { .source = source };
    double begin = seconds_now();
    double end;
    uint64_t total = 0;
    do {
        for (int i = 0; i < 1000; i++) {
            rt_begin(rt, &config);
            mutex = (struct rt_mutex){ 0 };
            struct rt_proc *p = rt_proc_new("bench");
            for (int k = 0; k < 8; k++)
                rt_go_in(p, "worker", ten_steps, NULL);
            (void)rt_run(rt);
            rt_end(rt);
        }
        total += 1000;
        end = seconds_now();
    } while (end - begin < seconds);
    return (double)total / (end - begin);
}

static void print_text(const struct result *results, size_t n)
{
    printf("%-46s %16s\n", "run time, one core", "a second");
    for (size_t i = 0; i < n; i++)
        printf("%-46s %12.2f M %s\n", results[i].name, results[i].per_second / 1e6,
                results[i].unit);
}

static void print_json(const struct result *results, size_t n)
{
    printf("{\"bench\": \"rt\", \"results\": [");
    for (size_t i = 0; i < n; i++)
        printf("%s\n  {\"name\": \"%s\", \"unit\": \"%s\", \"per_second\": %.0f}", i ? "," : "",
                results[i].name, results[i].unit, results[i].per_second);
    printf("\n]}\n");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, 'j' },
        { "seconds", required_argument, NULL, 's' },
        { NULL, 0, NULL, 0 },
    };
    bool json = false;
    double seconds = 1;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'j') {
            json = true;
        } else if (c == 's' && (seconds = strtod(optarg, NULL)) > 0) {
            continue;
        } else {
            (void)fprintf(stderr, "usage: bench_rt [--json] [--seconds N]\n");
            return 2;
        }
    }
    struct rt *rt = rt_machine_new();
    struct rt_rng rng = { 1 };
    struct rt_source last = { .choose = choose_last };
    struct rt_source random = { .self = &rng, .choose = choose_random };
    struct result results[] = {
        { "lock and unlock, alone", "steps", steps(rt, seconds, NULL, lock_and_unlock, NULL) },
        { "buffered send and receive, alone", "steps",
                steps(rt, seconds, NULL, send_and_receive, NULL) },
        { "yield, two goroutines, first option", "steps", steps(rt, seconds, NULL, yield, yield) },
        { "yield, two goroutines in turn", "switches", steps(rt, seconds, &last, yield, yield) },
        { "rendezvous of two goroutines, random", "steps",
                steps(rt, seconds, &random, send, receive) },
        { "sleep: one timer a step", "steps", steps(rt, seconds, NULL, tick, NULL) },
        { "8 goroutines, 88 steps, first option", "runs", runs(rt, seconds, NULL) },
        { "8 goroutines, 88 steps, random", "runs", runs(rt, seconds, &random) },
    };
    (json ? print_json : print_text)(results, sizeof(results) / sizeof(results[0]));
    rt_machine_free(rt);
    return 0;
}
