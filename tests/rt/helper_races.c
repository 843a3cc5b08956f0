/* Running a program whose goroutines share a field. */
#include "tests/rt/helper_races.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"

enum { SCHEDULES = 60 };

struct shared *s;
const char *unordered_lock;

void write_field(void)
{
    rt_shared_write(s->field, "field");
}

void read_field(void)
{
    rt_shared_read(s->field, "field");
}

char found[1024];

void describe(struct rt *rt)
{
    size_t count;
    const struct rt_race *races = rt_races(rt, &count);
    size_t len = 0;
    found[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *a = races[i].first.goroutine, *b = races[i].second.goroutine;
        bool swap = strcmp(a, b) > 0;
        len += (size_t)snprintf(found + len, sizeof(found) - len, "%s%s:%s,%s", len ? " " : "",
                races[i].field, swap ? b : a, swap ? a : b);
        assert_true(len < sizeof(found));
    }
}

void run_once(struct rt *rt, rt_fn program, bool edge, uint64_t seed, bool timers_race,
        void (*look)(struct rt *rt))
{
    struct rt_rng rng = { seed };
    struct rt_source source = random_source(&rng);
    struct rt_config config = { .source = &source,
        .track_races = true,
        .timers_race = timers_race,
        .unordered_lock = unordered_lock };
    rt_begin(rt, &config);
    s = rt_new(struct shared);
    s->field = rt_new(int);
    s->edge = edge;
    s->ch = rt_chan_make(0, "ch");
    s->other = rt_chan_make(0, "other");
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "main", program, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_null(rt_proc_panic(p).data);
    look(rt);
    rt_end(rt);
}

void g_writes(void *arg)
{
    (void)arg;
    write_field();
}

void g_reads(void *arg)
{
    (void)arg;
    read_field();
}

void assert_races(rt_fn program, bool edge, const char *expected)
{
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= SCHEDULES; seed++) {
        run_once(rt, program, edge, seed, false, describe);
        if (strcmp(found, expected) != 0)
            print_error("schedule %d, edge %d\n", (int)seed, edge);
        assert_string_equal(found, expected);
    }
    rt_machine_free(rt);
}

void test_races(void **state)
{
    const struct races_case *c = *state;
    assert_races(c->program, c->edge, c->expected);
}

void test_edge(void **state)
{
    const struct races_case *c = *state;
    assert_races(c->program, true, "");
    assert_races(c->program, false, "field:g,main");
}
