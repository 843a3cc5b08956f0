/* Small programs for tests: run one under chosen, or under all, choices and look at what it
 * said. */
#ifndef CCLAB_TESTS_RT_HELPER_PROGRAM_H
#define CCLAB_TESTS_RT_HELPER_PROGRAM_H

#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"
#include "tests/support/test.h"

/* Adds to the text of the present run. */
void out(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Runs the program as goroutine "main" of process "p" with the default choices, and returns what it
 * said, followed by how it ended if it did not just end: " blocked(n)" with the number of
 * goroutines left, " panic(text)" when its process died of one. Valid until the next run. */
const char *run_program(rt_fn program);
/* The same with other configuration or a source. */
const char *run_program_with(rt_fn program, const struct rt_config *config);

/* Runs the program under every sequence of choices and returns the set of what it said, sorted and
 * joined by " | ". Fails the test beyond a million runs. */
const char *all_outcomes(rt_fn program);
const char *all_outcomes_with(rt_fn program, const struct rt_config *config);
/* Number of runs of the last all_outcomes(). */
unsigned long outcome_runs(void);

/* A test of cmocka named after a program: its outcomes are exactly these. */
struct outcomes_case {
    rt_fn program;
    const char *expected;
};
void test_outcomes(void **state);
#define OUTCOMES(program, expected)                                                                \
    {                                                                                              \
        .name = #program, .test_func = test_outcomes, .initial_state = &(struct outcomes_case)     \
        {                                                                                          \
            program, expected                                                                      \
        }                                                                                          \
    }

/* Elements of channels. */
static inline void *num(intptr_t n)
{
    return (void *)n;
}
static inline int of(void *element)
{
    return (int)(intptr_t)element;
}

#endif
