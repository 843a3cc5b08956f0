/* Programs with a field that goroutines share: which races they show under many schedules. */
#ifndef CCLAB_TESTS_RT_HELPER_RACES_H
#define CCLAB_TESTS_RT_HELPER_RACES_H

#include "model/rt/race.h"
#include "tests/rt/helper_program.h"

/* What the programs share; in the run's arena. */
struct shared {
    int *field;
    bool edge; /* the operation that orders is there */
    struct rt_chan *ch;
    struct rt_chan *other;
    struct rt_mutex mutex;
    struct rt_rwmutex rwmutex;
    struct rt_once once;
    struct rt_waitgroup wg;
};
extern struct shared *s; /* the present run's */

/* Accesses to s->field, which races call "field"; the last two as goroutines. */
void write_field(void);
void read_field(void);
void g_writes(void *arg);
void g_reads(void *arg);

/* Locks of this name order nothing; NULL, as ever: none. */
extern const char *unordered_lock;

/* Runs the program in a process and calls `look` before the run's memory goes. */
void run_once(struct rt *rt, rt_fn program, bool edge, uint64_t seed, bool timers_race,
        void (*look)(struct rt *rt));
/* Writes the races of the run to `found`: "field:goroutine,goroutine", a space between two. */
void describe(struct rt *rt);
extern char found[1024];

/* The races of the program in every one of many schedules. */
void assert_races(rt_fn program, bool edge, const char *expected);

/* Tests of cmocka named after a program: its races with or without the edge; ordered by the edge,
 * and a race of main and g without it. */
struct races_case {
    rt_fn program;
    bool edge;
    const char *expected;
};
void test_races(void **state);
void test_edge(void **state);
#define RACES(program, edge, expected)                                                             \
    {                                                                                              \
        .name = #program ", edge " #edge, .test_func = test_races,                                 \
        .initial_state = &(struct races_case)                                                      \
        {                                                                                          \
            program, edge, expected                                                                \
        }                                                                                          \
    }
#define EDGE(program)                                                                              \
    {                                                                                              \
        .name = #program, .test_func = test_edge, .initial_state = &(struct races_case)            \
        {                                                                                          \
            program, false, NULL                                                                   \
        }                                                                                          \
    }

#endif
