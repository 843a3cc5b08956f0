/* Something that can be run under a schedule, and what a run comes to.
 *
 * Scenarios are subjects (harness/scenario/lab.h); so is anything else with one run on a machine of
 * model/rt: the kernels of tests and benchmarks. Exploring, replaying and shrinking know no
 * more. */
#ifndef CCLAB_HARNESS_EXPLORE_SUBJECT_H
#define CCLAB_HARNESS_EXPLORE_SUBJECT_H

#include "harness/base/exit.h"
#include "harness/explore/finding.h"
#include "model/rt/rt.h"

/* How a run can end; the names are those of scenario files and reports. */
#define VERDICTS(X)                                                                                \
    VERDICTS_OF_RUNS(X)                                                                            \
    X(DIVERGED, "diverged", CCLAB_DIVERGED) /* a replay does not fit the code */                   \
    X(INTERNAL, "internal error", CCLAB_INTERNAL)
/* Those that a scenario can expect. */
#define VERDICTS_OF_RUNS(X)                                                                        \
    X(COMPLETED, "completed", CCLAB_OK)      /* all is well */                                     \
    X(VIOLATED, "violated", CCLAB_FOUND)     /* an invariant does not hold */                      \
    X(PANIC, "panic", CCLAB_PANIC)           /* the peer died of a panic */                        \
    X(DEADLOCK, "deadlock", CCLAB_DEADLOCK)  /* nothing can run, and a call has not returned */    \
    X(STUCK, "stuck", CCLAB_STUCK)           /* a goroutine that nothing alive can wake */         \
    X(LEAK, "leak", CCLAB_LEAK)              /* something is left over at quiescence */            \
    X(LIVELOCK, "livelock", CCLAB_LIVELOCK)  /* the limit of steps or time was reached */          \
    X(UNEXPECTED, "unexpected", CCLAB_FOUND) /* an answer was not the expected one */

enum verdict {
#define VERDICT_ENUM(name, text, status) VERDICT_##name,
    VERDICTS(VERDICT_ENUM)
#undef VERDICT_ENUM
            VERDICT_COUNT
};
const char *verdict_name(enum verdict v);
int verdict_exit(enum verdict v);
/* The verdict with this name, or VERDICT_COUNT. */
enum verdict verdict_from(const char *name);

/* What a run came to. Its texts live in the subject's machine until the next run. */
struct run_result {
    enum verdict verdict;
    rt_str reason; /* of a verdict other than completed, in a sentence */
    struct findings findings;
    uint64_t hash; /* of the trace */
    uint64_t steps;
    int64_t time_ns; /* virtual */
};

struct subject {
    void *self;
    /* Runs once with choices from `source` (NULL: all 0); `sink` may be NULL. */
    void (*run)(void *self, const struct rt_source *source, struct rt_sink *sink,
            struct run_result *result);
};

/* The finding with this id, or NULL. */
const struct finding *run_result_find(const struct run_result *result, const char *id) RT_NONNULL;
/* True if the run shows what is looked for: the finding, or the verdict if `finding` is NULL. */
bool run_result_shows(const struct run_result *result, const char *finding, enum verdict verdict)
        RT_NONNULL_AT(1);

#endif
