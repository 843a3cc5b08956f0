/* Kernels: small concurrent programs with one planted bug each, for measuring searches.
 *
 * Every kernel has a correct twin, the same program with the bug repaired, on which nothing may be
 * found. A kernel's bug shows as a claim that does not hold, as a panic, or as goroutines that are
 * left over when nothing can run any more (explore/go_program.h). */
#ifndef CCLAB_HARNESS_SEEDED_KERNEL_H
#define CCLAB_HARNESS_SEEDED_KERNEL_H

#include "harness/explore/go_program.h"
#include "model/rt/chan.h"
#include "model/rt/rt.h"
#include "model/rt/sync.h"

/* What the goroutines of one run share; made zero, with the locks named and no channels. */
struct kernel_world {
    bool fixed; /* the correct twin runs */
    int size;   /* the kernel's */
    struct rt_mutex m1, m2, m3;
    struct rt_rwmutex rw;
    struct rt_waitgroup group;
    struct rt_once once;
    struct rt_chan *ch, *ch2, *done;
    int a, b, count;
    bool flag;
};

struct kernel {
    const char *id;
    const char *about; /* the bug, in a sentence */
    int size;
    rt_fn main; /* of the first goroutine; its argument is the struct kernel_world */
};

/* Tables that end with a NULL id. */
extern const struct kernel kernels_order[];   /* of known depth: reorder_N, twostage_N */
extern const struct kernel kernels_lock[];    /* locks alone */
extern const struct kernel kernels_channel[]; /* channels and select */
extern const struct kernel kernels_mixed[];   /* channels with locks, groups, Once, contexts */
extern const struct kernel kernels_rig[];     /* old bugs, in parts of the model alone */
/* Shows in every schedule: a search that does not find it at once sees nothing at all. */
extern const struct kernel kernel_canary;

/* A kernel, or its twin, as something to be explored. */
struct kernel_subject;
struct kernel_subject *kernel_subject_new(const struct kernel *kernel, bool fixed);
struct subject kernel_subject_get(struct kernel_subject *s);
void kernel_subject_free(struct kernel_subject *s);

#endif
