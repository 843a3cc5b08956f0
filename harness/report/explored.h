/* What one exploration of a scenario came to, for people and for programs.
 *
 * `cclab explore` and `cclab merge` both end here, so that the parts of a search, put together, are
 * reported as the whole would have been. */
#ifndef CCLAB_HARNESS_REPORT_EXPLORED_H
#define CCLAB_HARNESS_REPORT_EXPLORED_H

#include "harness/report/baseline.h"
#include "harness/scenario/lab.h"

/* Everything that results depend on, as the command line gave it. */
struct explored_options {
    struct explore_options explore;
    struct lab_options lab;
    const struct baseline *baseline; /* borrowed; may be NULL */
    bool shrink;
    size_t scenarios; /* that were named */
    const char *out;  /* where replays go */
    json_t *missing;  /* shards that were not there to merge; NULL: none */
};

/* Prints the exploration of `s`, saves a replay of each finding, notes in it what is known of it,
 * and makes its entry for a result file (a new reference). The entry of a shard also has what
 * merging needs: the scenario and every finding's choices. Returns the exit status that it asks
 * for. */
int explored_report(const struct explored_options *o, const struct scenario *s,
        struct exploration *e, json_t **entry);

/* Of what a part was run with. */
extern const struct json_spec explored_options_spec;
/* A result file with these explorations (a new reference). */
json_t *explored_file(const struct explored_options *o, json_t *entries);

/* The worse of two exit statuses of a search. */
int explored_worse(int a, int b);

#endif
