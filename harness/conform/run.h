/* Runs the vectors of one file through a suite, in worker processes. */
#ifndef CCLAB_HARNESS_CONFORM_RUN_H
#define CCLAB_HARNESS_CONFORM_RUN_H

#include "harness/conform/conform.h"

/* One line of a vectors file. */
struct vector_line {
    json_t *value; /* of the document */
    int line;
    struct json_doc *doc;
};

/* A vectors file, read. */
struct vector_file {
    char *path;
    struct vector_line *lines;
    size_t count;
    size_t broken; /* lines that were reported and are no vectors */
};

/* Reads all lines; each that is no JSON object is reported and counted as broken. Returns false
 * after a report if the file cannot be read. */
bool vector_file_read(struct vector_file *file, const char *path);
/* Drops lines that are no vectors of the suite: each is reported and counted as broken. */
void vector_file_check(struct vector_file *file, const struct conform_suite *suite);
void vector_file_free(struct vector_file *file);

enum vector_verdict { VECTOR_PASSED, VECTOR_FAILED, VECTOR_BROKEN, VECTOR_CRASHED, VECTOR_NOT_RUN };
const char *vector_verdict_name(enum vector_verdict verdict);

struct vector_result {
    enum vector_verdict verdict;
    json_t *expected; /* of a failed one */
    json_t *actual;
    char *note; /* what is broken, or how it crashed */
};

struct conform_run_options {
    unsigned jobs;
    int64_t timeout_ms; /* for one vector; 0: none */
};

/* Fills results[0..file->count). Returns an exit status: CCLAB_OK; after a report CCLAB_USAGE if
 * the suite could not be opened, CCLAB_INTERNAL if vectors were not run since no process could be
 * made. */
int conform_run_file(const struct conform_suite *suite, const struct conform_env *env,
        const struct vector_file *file, const struct conform_run_options *options,
        struct vector_result *results);
void vector_results_free(struct vector_result *results, size_t count);

#endif
