/* Jobs spread over worker processes, which survives the death of a worker.
 *
 * Jobs are numbers from 0. A worker takes one at a time and answers with a JSON value; answers are
 * handed on in the order of the numbers, so that the outcome does not depend on the workers.
 *
 * Workers die with the parent, even if that is killed. SIGINT, SIGTERM and SIGHUP are the
 * parent's: it passes them on once (out_interrupted() then is true in workers), and takes what they
 * answer. If no more processes can be made, fewer workers do the jobs; without any, jobs get no
 * answer. */
#ifndef CCLAB_HARNESS_BASE_POOL_H
#define CCLAB_HARNESS_BASE_POOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What a job's note says for which no process could be made. */
#define POOL_NOT_STARTED "could not be started"

struct pool {
    void *self;
    unsigned workers;
    int64_t timeout_ms; /* for one job; 0: none */
    /* In the worker, once, before its first job; NULL: nothing. False ends the worker. */
    bool (*begin)(void *self);
    /* In the worker: does a job; the result is a new reference. */
    json_t *(*work)(void *self, uint64_t job);
    /* In the parent: false when no further job should begin. */
    bool (*more)(void *self, uint64_t job);
    /* In the parent, in order: `answer` (borrowed) is NULL if the worker died, and `note` says
     * how. */
    void (*done)(void *self, uint64_t job, const json_t *answer, const char *note);
    /* In the parent, now and then; NULL: nothing. */
    void (*tick)(void *self);
};

void pool_run(const struct pool *pool);

#endif
