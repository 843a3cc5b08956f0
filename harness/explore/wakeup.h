/* Wake-up trees: sequences of steps that a search has to begin with at some place, kept as a tree
 * whose branches are tried in the order in which they came. Internal to explore.
 *
 * A step is a goroutine, named by its identity, and behind it what the step chooses besides
 * goroutines, one node each. */
#ifndef CCLAB_HARNESS_EXPLORE_WAKEUP_H
#define CCLAB_HARNESS_EXPLORE_WAKEUP_H

#include "harness/explore/execution.h"

struct wakeup {
    struct wakeup *next;   /* beside it, later */
    struct wakeup *first;  /* what comes then; NULL: whatever comes */
    uint64_t who;          /* identity of the goroutine; 0: a timer */
    struct pick pick;      /* of 0: this node is a goroutine's step */
    bool unknown;          /* no run has chosen this: nobody knows what the step touches then */
    struct footprint foot; /* of the step */
};

/* Memory for nodes, which are used again. */
struct wakeup_pool {
    struct wakeup *free;
    size_t used; /* nodes that are in trees */
    struct wakeup_block *blocks;
};
/* An empty one, which is in no tree yet. */
struct wakeup *wakeup_new(struct wakeup_pool *pool) RT_NONNULL;
/* Gives the node back, with all below it; NULL is fine. */
void wakeup_drop(struct wakeup_pool *pool, struct wakeup *tree) RT_NONNULL_AT(1);
/* Puts it behind all others below the parent. */
void wakeup_append(struct wakeup *parent, struct wakeup *child) RT_NONNULL;
/* Frees all nodes, in trees or not. */
void wakeup_pool_free(struct wakeup_pool *pool) RT_NONNULL;

/* A step that is to be put into a tree. */
struct wakeup_step {
    uint64_t who;
    uint32_t fiber; /* id */
    const struct footprint *foot;
    const struct pick *picks;
    uint32_t pick_count;
    size_t event;     /* of the run it is taken from */
    uint64_t partner; /* identity of the one it met, whose last step lets it go on; or 0 */
    uint32_t removed; /* scratch: 0, or as which step it has been found in a tree */
};

/* What there is to be done with a sequence at one branch. */
enum wakeup_fit {
    WAKEUP_NONE,     /* it does not belong there: the branch is no weak initial of it */
    WAKEUP_COVERED,  /* the branch leads to it */
    WAKEUP_INSERTED, /* it has become part of the branch */
};
/* Inserts the sequence into the branch, if the branch's step could come first in it. */
enum wakeup_fit wakeup_insert(struct wakeup_pool *pool, struct wakeup *branch,
        struct wakeup_step *steps, size_t count) RT_NONNULL;
/* A new branch with the sequence, less the steps that are removed. NULL: nothing is left. */
struct wakeup *wakeup_branch(
        struct wakeup_pool *pool, const struct wakeup_step *steps, size_t count) RT_NONNULL;

#endif
