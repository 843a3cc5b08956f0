/* A run that is drawn for people, as its flags say, and traced. */
#ifndef CCLAB_HARNESS_CLI_DRAWING_H
#define CCLAB_HARNESS_CLI_DRAWING_H

#include <stdint.h>
#include <stdio.h>

#include "harness/explore/subject.h"

struct drawing_flags {
    bool quiet; /* draw nothing */
    bool plain;
    bool all_ops;
    int64_t width;     /* in columns; 0: the terminal's */
    const char *trace; /* the file that gets all events; NULL: none */
};

struct drawing {
    const struct drawing_flags *flags;
    FILE *trace;
    char *events; /* for the trace */
    size_t len;
};

/* Begins with no event. drawing_end() writes the trace of all runs; false after a report. */
void drawing_begin(struct drawing *d, const struct drawing_flags *flags);
bool drawing_end(struct drawing *d);

/* Runs the subject and prints its timeline; `source` may be NULL. */
void drawing_run(struct drawing *d, const struct subject *subject, const struct rt_source *source,
        struct run_result *result);

#endif
