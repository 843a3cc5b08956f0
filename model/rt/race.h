/* Data races: accesses to marked fields that nothing orders (runs with track_races).
 *
 * Go's memory model decides what orders: the go statement, channels (also the rule that the k-th
 * receive comes before the end of the (k+C)-th send), close, locks, Once, WaitGroup, timers. Every
 * goroutine has a vector clock; each of those operations passes one on. An access is compared with
 * the last read and the last write of every other goroutine, so that a race is found however far
 * apart a schedule shows its two accesses, and whatever the schedule. */
#ifndef CCLAB_MODEL_RT_RACE_H
#define CCLAB_MODEL_RT_RACE_H

#include "model/rt/rt.h"

enum { RT_RACE_LOCKS = 4 };

/* One access to a field. */
struct rt_access {
    bool write;
    const char *file;
    const char *function; /* NULL for an operation on a channel or a WaitGroup */
    int line;
    const char *goroutine; /* "timer" or the like for code outside goroutines */
    uint32_t fiber;        /* its id; 0 outside goroutines */
    struct rt_proc *proc;  /* NULL outside goroutines */
    /* Names of the first locks that it holds; NULL behind the last. */
    const char *locks[RT_RACE_LOCKS];
};

/* Two accesses, one of them a write at least, that nothing orders; `first` came first here. */
struct rt_race {
    const char *field;
    struct rt_access first;
    struct rt_access second;
    /* Why nothing orders them: what `first` did next that could have ordered them, and the last
     * such operation of the first goroutine that the second one knows of. Kinds are
     * RT_OP_KIND_COUNT if there is none; names may be NULL. */
    enum rt_op_kind next_kind;
    const char *next_name;
    enum rt_op_kind known_kind;
    const char *known_name;
};

/* The races of this run so far, one for each field and pair of goroutines' names, in the order in
 * which they were found: *count of them, in the run's arena, valid until the next step. */
const struct rt_race *rt_races(const struct rt *rt, size_t *count) RT_NONNULL;
/* A sentence: both accesses and why nothing orders them; in the current arena. */
rt_str rt_race_text(const struct rt_race *race) RT_NONNULL;

#endif
