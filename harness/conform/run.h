/* Runs the vectors of one file through a suite, in worker processes. */
#ifndef CCLAB_HARNESS_CONFORM_RUN_H
#define CCLAB_HARNESS_CONFORM_RUN_H

#include "harness/conform/conform.h"

/* One line of a vectors file. */
struct vector_line {
    json_t *value; /* owned */
    int line;
};

/* A vectors file, read. */
struct vector_file {
    char *path;
    const struct conform_suite *suite; /* that claims its first vector; NULL: none */
    struct vector_line *lines;
    size_t count;
    size_t cap;
    size_t broken; /* lines that were reported and are no vectors */
};

/* Reads all lines. Each that is no vector of the suite is reported and counted as broken; if the
 * suite is not called `only` (NULL: any), or there is none, any object is taken for a vector.
 * Returns false after a report if the file cannot be read. */
bool vector_file_read(struct vector_file *file, const char *path, const char *only);
void vector_file_free(struct vector_file *file);
/* The vector's id, or "vector". */
const char *vector_name(const struct vector_line *line);

#define VECTOR_VERDICTS(X)                                                                         \
    X(PASSED, "passed") X(FAILED, "failed") X(CRASHED, "crashed") X(NOT_RUN, "not-run")

enum vector_verdict {
#define VECTOR_VERDICT_ENUM(name, text) VECTOR_##name,
    VECTOR_VERDICTS(VECTOR_VERDICT_ENUM)
#undef VECTOR_VERDICT_ENUM
};
const char *vector_verdict_name(enum vector_verdict verdict);

struct vector_result {
    enum vector_verdict verdict;
    json_t *expected; /* of a failed one */
    json_t *actual;
    char *note; /* how it crashed */
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

/* results.c: the entry of a file whose vectors were run, and the file of `cclab conform --json`
 * with these entries; new references. */
json_t *conform_file_json(const struct vector_file *file, const struct vector_result *results,
        size_t passed, size_t failed);
json_t *conform_results(size_t passed, size_t failed, json_t *files);
extern const struct json_spec conform_results_spec;

#endif
