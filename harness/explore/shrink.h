/* Makes a list of choices smaller while the same finding shows: fewer faults and delays, then fewer
 * context switches, then smaller numbers. Each step is confirmed by a run; what is kept is what
 * that run really chose. */
#ifndef CCLAB_HARNESS_EXPLORE_SHRINK_H
#define CCLAB_HARNESS_EXPLORE_SHRINK_H

#include "harness/explore/explore.h"
#include "harness/explore/record.h"
#include "harness/explore/subject.h"

struct shrink {
    const struct subject *subject;
    const char *finding; /* its id; NULL: the verdict is kept instead */
    enum verdict verdict;
    uint64_t max_runs;
    int64_t max_ms; /* of real time; 0: no limit */

    /* The best so far: set by the caller to what was found, replaced by what is smaller. */
    struct choices choices;
    uint64_t hash;
    enum verdict found_verdict;

    uint64_t runs;
    double deadline;
    bool gave_up; /* a limit was reached before nothing smaller was left */
};

/* Confirms that `choices` shows the finding; false if it does not. */
bool shrink_confirm(struct shrink *s) RT_NONNULL;
/* Shrinks `choices` as far as possible. */
void shrink_choices(struct shrink *s) RT_NONNULL;

/* ---- between the files of shrinking ---- */

/* True when a limit was reached. */
bool shrink_over(struct shrink *s) RT_NONNULL;
/* Runs with a source; what was chosen is kept if the finding shows and the list is smaller. */
bool shrink_improve(struct shrink *s, const struct rt_source *source) RT_NONNULL;
/* What was chosen at the next choice of `others` that is not among goroutines, if it is of the kind
 * of `c`; else 0. *next is where to look, and moves on. */
uint32_t shrink_same_other(
        const struct choices *others, size_t *next, const struct rt_choice *c) RT_NONNULL;
/* Looks for the finding in runs near the plain one: with fewer switches than now, what else was
 * chosen as it is. */
bool shrink_near(struct shrink *s) RT_NONNULL;
/* Takes out context switches by moving what a goroutine does next to what it did before. */
bool shrink_order(struct shrink *s) RT_NONNULL;

/* Shrinks every finding of an exploration, in up to `jobs` worker processes, with up to `max_runs`
 * runs each; 0: 20,000, fewer where runs are long. The limits are numbers of runs and steps, not of
 * time: equal findings become equal, on any machine. A finding whose worker died stays
 * as it was, after a report. */
void shrink_all(const struct subject_maker *maker, struct exploration *e, unsigned jobs,
        uint64_t max_runs) RT_NONNULL;

#endif
