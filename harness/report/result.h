/* The outer form of result files, of explore and of suite alike: whose they are, and of which part
 * of the whole. */
#ifndef CCLAB_HARNESS_REPORT_RESULT_H
#define CCLAB_HARNESS_REPORT_RESULT_H

#include "harness/explore/shard.h"
#include "harness/json/spec.h"

struct result_shard {
    struct shard shard;
    const char *cclab; /* its version */
    const struct json_node *options;
};

struct result_file {
    int64_t format;                                 /* 1 */
    int command;                                    /* index of the only word that the form has */
    struct result_shard *shard;                     /* NULL: the result of a whole run */
    const struct json_node *missing;                /* numbers of shards; NULL: none */
    uint64_t passed, failed, runs, repeated, flaky; /* of a suite */
    const struct json_node *list;                   /* of explorations, of results */
};

extern const struct json_spec explore_file_spec;
extern const struct json_spec suite_file_spec;

/* The head of either table, and the table of a shard. */
#define RESULT_FIELDS(its_command, its_shard)                                                      \
    JSON_RESULTS_HEAD(struct result_file, its_command),                                            \
            { "shard", its_shard, offsetof(struct result_file, shard), .pointer = true,            \
                .about = "Of which part, if not of the whole." },                                  \
    {                                                                                              \
        "missing_shards", &result_any_spec, offsetof(struct result_file, missing),                 \
                .schema = &result_numbers_spec, .about = "Parts that were not there to merge."     \
    }
#define RESULT_SHARD_FIELDS(its_options)                                                           \
    { "index", &result_number_spec, offsetof(struct result_shard, shard.index), .required = true,  \
        .about = "Which part of the whole this is, from 1." },                                     \
            { "count", &result_number_spec, offsetof(struct result_shard, shard.count),            \
                .required = true, .about = "How many parts there are." },                          \
            { "cclab", &result_string_spec, offsetof(struct result_shard, cclab),                  \
                .required = true, .about = "The version of cclab." },                              \
    {                                                                                              \
        "options", &result_any_spec, offsetof(struct result_shard, options),                       \
                .required = true, .schema = its_options, .about = "What the part was run with."    \
    }

extern const struct json_spec result_number_spec;
extern const struct json_spec result_numbers_spec;
extern const struct json_spec result_string_spec;
extern const struct json_spec result_any_spec;
extern const struct json_spec result_names_spec;

/* The file's value, a new reference. Takes `options` (NULL: this is no part) and `missing` (NULL:
 * there is none), but not `list`. */
json_t *result_make(const struct json_spec *spec, struct result_file *file, struct shard shard,
        json_t *options, json_t *missing, json_t *list);

#endif
