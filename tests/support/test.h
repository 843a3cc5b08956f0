/* What test programs begin with: cmocka with what it wants included before it, an arena, a
 * goroutine, and the lines of a file of vectors. */
#ifndef CCLAB_TESTS_SUPPORT_TEST_H
#define CCLAB_TESTS_SUPPORT_TEST_H

#include "model/rt/rt.h"

/* Before cmocka, which uses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>

/* Setup and teardown for cmocka: an arena that is the current one; *state is it. The teardown
 * frees the current arena, whatever *state is by then. */
int support_arena_begin(void **state);
int support_arena_end(void **state);

/* Runs `fn` as a goroutine of a process on a machine of its own until nothing can run. Fails the
 * test if it does not return, panics, or comes to the limit of steps. NULL: the default
 * configuration. */
void support_run(const struct rt_config *config, rt_fn fn, void *arg);

/* A test of cmocka named after a function that runs so, with NULL. */
struct support_goroutine {
    rt_fn fn;
};
void support_test_in_goroutine(void **state);
#define IN_GOROUTINE(fn)                                                                           \
    {                                                                                              \
        .name = #fn, .test_func = support_test_in_goroutine,                                       \
        .initial_state = &(struct support_goroutine)                                               \
        {                                                                                          \
            fn                                                                                     \
        }                                                                                          \
    }

/* A text file that is read line by line. */
struct support_lines {
    FILE *file;
    size_t number; /* of the last line read, from 1 */
    char *line;    /* the last one, without its end; valid until the next one is read */
    size_t capacity;
    json_t *vector; /* that line's, see support_next_vector() */
};

/* Fails the test if the file cannot be opened. */
struct support_lines support_lines_of(const char *path);
/* Reads the next line. At the end of the file frees what it holds, closes it and returns
 * false. */
bool support_next_line(struct support_lines *lines);
/* Reads the next line and its JSON value, which is valid until the next call; NULL at the end, as
 * above. Fails the test if the line is no JSON. */
json_t *support_next_vector(struct support_lines *lines);
/* For who does not read to the end. */
void support_lines_end(struct support_lines *lines);

#endif
