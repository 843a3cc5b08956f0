/* Runs a subject under many schedules and gathers what is found.
 *
 * Schedules are split into batches; each batch is searched by a fresh strategy that is seeded with
 * the seed and the batch's number. So the result depends on the seed and the number of schedules,
 * not on how many worker processes share the batches. Ten thousand hits of one bug are one finding
 * with a count; its first hit, by number of the schedule, is kept with all its choices. A search
 * that stops at its first finding ends with the first batch that has one, whatever other workers
 * have done meanwhile; only a limit of real time makes results depend on the machine. */
#ifndef CCLAB_HARNESS_EXPLORE_EXPLORE_H
#define CCLAB_HARNESS_EXPLORE_EXPLORE_H

#include <jansson.h>

#include "harness/explore/record.h"
#include "harness/explore/shard.h"
#include "harness/explore/subject.h"
#include "harness/json/spec.h"

struct found {
    char *id; /* of a finding, or the verdict's name for a run that ended badly without one */
    char *invariant;
    char *text;
    enum verdict verdict;
    uint64_t count;
    uint64_t first; /* number of the schedule, from 0 */
    uint64_t hash;
    struct choices choices;
    /* What is said of it when it is reported. */
    bool known;
    char *known_as; /* NULL: it is not known */
    bool expected;
    char *replay; /* a path; NULL: none was saved */
};

/* Why a search ended. */
#define ENDINGS(X)                                                                                 \
    X(SCHEDULES, "schedules") /* all that were asked for were run, or were lost with a worker */   \
    X(EXHAUSTED, "exhausted") /* the strategy has seen every schedule */                           \
    X(FIRST, "first")         /* something was found, and no more was wanted */                    \
    X(TIME, "time")           /* the time was over */                                              \
    X(INTERRUPTED, "interrupted")

enum ending {
#define ENDING_ENUM(name, text) ENDING_##name,
    ENDINGS(ENDING_ENUM)
#undef ENDING_ENUM
            ENDING_COUNT
};
const char *ending_name(enum ending e);

struct exploration {
    struct found *found; /* by first schedule */
    size_t found_count;
    size_t found_cap;
    uint64_t schedules;
    uint64_t steps;
    uint64_t choices;
    uint64_t hashes; /* xor of all trace hashes: equal searches have equal ones */
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t repeated; /* runs that were run twice */
    uint64_t flaky;    /* of them, those with another hash */
    uint64_t lost;     /* batches whose worker died */
    bool exhausted;    /* the strategy has seen every schedule */
    enum ending ended;
    uint64_t begin;  /* schedules of this part of the search: from here */
    uint64_t end;    /* up to here */
    double seconds;  /* of real time */
    double estimate; /* of the number of all schedules, if the strategy has one; else 0 */
    double error;    /* of the estimate: one standard deviation; 0: not known */
    /* Of strategies that leave out equivalent schedules (struct search_count); else 0. */
    uint64_t blocked;
    uint64_t distinct;
    /* What it is called in results. */
    char *scenario;
    char *strategy;
    uint64_t seed;
    json_t *subject; /* what was searched, in the result of a part; NULL: this is no part */
};

struct explore_options {
    const char *strategy; /* NULL: portfolio */
    uint64_t schedules;
    uint64_t seed;
    int64_t max_ms; /* of real time; 0: no limit */
    unsigned jobs;  /* worker processes; 0 and 1: none but this one */
    uint64_t depth; /* for strategies that have one; 0: their own */
    bool stop_at_first;
    uint64_t repeat_percent; /* of the runs, to see that they are deterministic */
    struct shard shard;      /* only this part of the batches; {0, 0}: all */
    const char *title;       /* for progress and reports; NULL: no progress is shown */
    /* NULL, or true when what was found so far, in all or in a batch, is enough: the search
     * ends. */
    bool (*enough)(void *self, const struct exploration *so_far);
    void *enough_self;
};

/* Makes the subject in the process that runs it: workers have their own. */
struct subject_maker {
    void *self;
    bool (*make)(void *self, struct subject *subject);
    void (*end)(void *self, struct subject *subject);
};

/* False after a report if the strategy or the subject cannot be made, or if a strategy that must
 * see all schedules in turn is to run a part of them. */
bool explore_run(const struct subject_maker *maker, const struct explore_options *options,
        struct exploration *result);
/* Which schedules a search with these options, and this shard of it, is to run: from *begin up to
 * but without *end. */
void explore_part(const struct explore_options *options, uint64_t *begin, uint64_t *end);
/* Adds a batch's or a part's result to the whole; takes its content. */
void exploration_merge(struct exploration *into, struct exploration *batch);
/* Puts what was found in the order of first schedules. */
void exploration_sort(struct exploration *e);
void exploration_free(struct exploration *e);
/* The found one with this id, or NULL. */
const struct found *exploration_find(const struct exploration *e, const char *id);
/* Names it after the options, for results. */
void exploration_label(struct exploration *e, const struct explore_options *options);

extern const struct json_spec exploration_spec;
extern const struct json_spec found_spec;
extern const struct json_spec founds_spec; /* a pointer to struct found, and a count */
/* `whole`: with the choices of all findings and what else merging needs. */
json_t *exploration_to_json(const struct exploration *e, bool whole);
/* Reads a whole one back; reports what is wrong and returns false. Uses the current arena. */
bool exploration_read(
        const struct json_doc *doc, const struct json_node *node, struct exploration *e);
/* The same of what another process sent. */
bool exploration_from_json(const json_t *value, struct exploration *e);

#endif
