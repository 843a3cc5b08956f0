/* Result files of shards, read back and put together. */
#ifndef CCLAB_HARNESS_REPORT_MERGE_H
#define CCLAB_HARNESS_REPORT_MERGE_H

#include "harness/report/result.h"

/* The result of one shard. */
struct merge_file {
    const char *path;
    struct json_doc *doc;
    bool suite; /* else of explore */
    struct shard shard;
    const struct json_node *options; /* member "shard.options" */
    const struct json_node *list;    /* member "explorations" or "results" */
};

struct merge {
    struct merge_file *files; /* by index of the shard */
    size_t count;
    uint64_t missing; /* shards */
};

/* Reads result files and sees that they are parts of one thing: the same command, version, options,
 * and each part once. Parts may be missing if `partial`. Reports every mistake with file and member
 * and returns false. Free with merge_close() in any case. Everything but documents is in the
 * current arena. */
bool merge_open(struct merge *m, const char *const *paths, size_t count, bool partial);
void merge_close(struct merge *m);

/* Prints which shards are missing, and returns their numbers as a JSON array, a new reference; NULL
 * if there are all. */
json_t *merge_tell_missing(const struct merge *m);

/* True if both nodes hold the same value. Otherwise reports the first member that differs, by its
 * path below `member`, and where it is in both files. */
bool merge_same(const struct merge_file *a, const struct json_node *x, const struct merge_file *b,
        const struct json_node *y, const char *member);

struct merge_options {
    bool partial;
    const char *json; /* any may be NULL */
    const char *junit;
    const char *sarif;
    const char *out;
};
/* Put explorations, and suites, together; the exit status. */
int merge_explorations(const struct merge *m, const struct merge_options *o);
int merge_suites(const struct merge *m, const struct merge_options *o);

#endif
