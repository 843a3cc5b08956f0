/* A program of goroutines as something to be explored.
 *
 * It is made of a first goroutine, which starts the others. It goes wrong when it panics, when
 * something that it claims does not hold, or when goroutines are left that wait for ever: nothing
 * can run any more, and no timer is pending. */
#ifndef CCLAB_HARNESS_EXPLORE_GO_PROGRAM_H
#define CCLAB_HARNESS_EXPLORE_GO_PROGRAM_H

#include "harness/explore/explore.h"

struct go_program {
    const char *name; /* in findings and timelines */
    rt_fn main;       /* the first goroutine */
    /* What main() gets: made for each run, from the run's arena, which is current; without it,
     * `self` is what main() gets. */
    void *(*begin)(void *self);
    void *self;
    uint64_t max_steps; /* 0: 100,000; a run that is not over then is a livelock */
    bool races;         /* accesses to marked fields (rt_shared_read() ...) are steps, and nothing
                         * that orders two of them is a finding, race/FIELD/GOROUTINES */
};

/* Called by the program, in a run only: this must hold. If it does not, that is a finding,
 * assert/CLAIM/GOROUTINE: the goroutine is the one that claims it. */
void go_program_claim(bool holds, const char *claim);

/* Makes subjects of a program, which must outlive it, for explore_run() and shrink_all(). */
struct subject_maker go_program_maker(const struct go_program *program);

/* One subject, to be run, shrunk or replayed by hand; end it with go_program_free(). */
struct subject go_program_subject(const struct go_program *program);
void go_program_free(struct subject *subject);

#endif
