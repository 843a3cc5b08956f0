/* Dynamic partial-order reduction: what its parts share. Internal to explore.
 *
 * The algorithm is Optimal-DPOR of Parosh Aziz Abdulla, Stavros Aronis, Bengt Jonsson and
 * Konstantinos Sagonas: "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction",
 * Journal of the ACM 64(4), article 25, 2017 (first: "Optimal Dynamic Partial Order Reduction",
 * POPL 2014). docs/internals/reduction.md has a glossary from the paper's words to those of the
 * code, the invariants, and an example step by step.
 *
 * Who does what, and with which part of struct dpor:
 *   dpor.c         follows and replays paths, backtracks                 all
 *   dpor_node.c    begins new nodes                                      path, run
 *   dpor_sleep.c   sleep sets: what need not be run from a node          none
 *   dpor_races.c   finds races of the last run and sequences that        execution, scratch
 *                  reverse them
 *   dpor_ready.c   whether such a sequence can be taken                  execution, path
 *   dpor_insert.c  puts it into the wake-up tree of a node               path, scratch */
#ifndef CCLAB_HARNESS_EXPLORE_DPOR_H
#define CCLAB_HARNESS_EXPLORE_DPOR_H

#include "harness/explore/execution.h"
#include "harness/explore/order.h"
#include "harness/explore/strategy.h"
#include "harness/explore/wakeup.h"

enum { DPOR_PICKS_MAX = 8 };

/* One way to take a step: what it picked, and what it touches then. Beyond the first few picks all
 * ways are one. */
struct dpor_way {
    struct footprint foot;
    uint32_t len;
    struct pick picks[DPOR_PICKS_MAX];
};

/* A goroutine whose next step, taken this way, need not be run. */
struct dpor_sleeper {
    uint32_t fiber;
    const struct dpor_way *way; /* of an option of this node or one before it */
};
struct dpor_sleepers {
    struct dpor_sleeper *items;
    size_t count;
    size_t cap;
};

/* One way on from a node: a branch of its wake-up tree, if it is wanted and not done. */
struct dpor_option {
    uint32_t fiber;        /* 0: a timer fires */
    uint64_t who;          /* its identity */
    bool wanted;           /* is, or has been, to be explored */
    bool done;             /* has been explored, or nothing was left of it */
    uint32_t rank;         /* of those that are wanted, lower ones come first */
    struct wakeup *tree;   /* its root is this option's step; NULL: whatever comes behind it */
    struct dpor_way *ways; /* that have been explored: they sleep */
    size_t way_count;
    size_t ways_cap;
};

/* A place in the run where something was decided. */
struct dpor_node {
    bool fibers; /* who goes next (RT_CHOICE_FIBER); else a pick of a step */
    bool deeper; /* the next node lies in the same event */
    bool timer;  /* one of the options is that a timer fires */
    uint32_t count;
    uint32_t chosen;
    uint32_t ranks; /* that have been given */
    size_t event;   /* that it chose, or in which it lies */
    struct dpor_option *options;
    size_t options_cap;
    struct dpor_sleepers sleep; /* at the beginning */
    struct footprint foot;      /* of a pick: what the step had touched before */
};

struct dpor {
    struct rt_source source;

    /* From run to run: the nodes that the next run goes through. */
    struct dpor_path {
        struct dpor_node *nodes;
        size_t cap; /* each keeps its memory */
        size_t len;
        struct wakeup_pool pool; /* of all trees */
        bool begun;
    } path;

    /* Of one run: where it is. */
    struct dpor_run {
        size_t at;                  /* nodes that it has passed */
        size_t picked_by;           /* index + 1 of the node that picked the next event, or 0 */
        struct wakeup *tree;        /* what is below it comes next; NULL: whatever comes */
        struct dpor_sleepers sleep; /* the sleep set here */
    } run;
    struct execution execution; /* and what it did; stopped when the run is sleep-set blocked */

    /* Memory that is used again; what is in it means nothing between two calls. */
    struct dpor_scratch {
        struct dpor_sleepers sleep;
        struct wakeup_step *steps; /* a sequence */
        size_t steps_cap;
        uint32_t *past; /* a clock: what happened before an event by other ways than a race */
        size_t past_cap;
    } scratch;

    /* Of all runs. */
    struct dpor_totals {
        uint64_t runs;
        uint64_t blocked;      /* of them, those that were sleep-set blocked */
        struct order_set seen; /* orders of the others */
    } totals;
};

/* ---- dpor_node.c ---- */

/* Adds a node for the choice and chooses. False if nothing is left to choose: the run is sleep-set
 * blocked. */
bool dpor_begin_node(struct dpor *d, const struct rt_choice *c);
/* The picks that the step has made before the node; returns how many. */
uint32_t dpor_picks_so_far(const struct dpor *d, size_t node, struct pick picks[DPOR_PICKS_MAX]);
/* The option of the node for the goroutine, or NULL. */
struct dpor_option *dpor_option_of(const struct dpor_node *node, uint32_t fiber);
/* Checks a node that is on the path: docs/internals/reduction.md says what must hold of it. */
void dpor_check_node(const struct dpor_node *node);

/* ---- dpor_sleep.c ---- */

/* Adds to the list. */
void dpor_sleep_add(struct dpor_sleepers *list, uint32_t fiber, const struct dpor_way *way);
/* True if each way to take the goroutine's next step that begins with these picks sleeps. */
bool dpor_sleeps(
        const struct dpor_sleepers *list, uint32_t fiber, const struct pick *picks, uint32_t count);
/* True if a goroutine sleeps altogether; but for `except`, if it is not 0. */
bool dpor_any_sleeps(const struct dpor_sleepers *list, uint32_t except);
/* A step of the goroutine wakes what it conflicts with. */
void dpor_wake(struct dpor_sleepers *list, uint32_t fiber, const struct footprint *foot);
/* What sleeps at a node of goroutines now, with what was explored from there. */
void dpor_sleep_at(const struct dpor_node *node, struct dpor_sleepers *list);
/* The step has been explored this way. */
void dpor_way_done(struct dpor_option *option, const struct pick *picks, uint32_t count,
        const struct footprint *foot);

/* ---- dpor_insert.c ---- */

/* A run is to begin with these steps at the node, if none has and none will: inserts them into its
 * wake-up tree. False if what they lead to is like what was explored. */
bool dpor_insert(struct dpor *d, struct dpor_node *node, struct wakeup_step *steps, size_t count);
/* True if what the option is to begin with is not like what was explored; else less is left of it,
 * or nothing. */
bool dpor_still_wanted(struct dpor *d, const struct dpor_node *node, struct dpor_option *option);

/* ---- dpor_ready.c ---- */

/* True if event j can be taken when of the events from i on only `steps` were: their `event` in
 * order, of all but the last, which is j itself. With `unfinished`, j stands for what a goroutine
 * would have done there. */
bool dpor_ready(const struct execution *x, const struct dpor_path *path, size_t i, size_t j,
        const struct unfinished *unfinished, const struct wakeup_step *steps, size_t count);

/* ---- dpor_races.c ---- */

/* Finds races of the run's new events and inserts sequences that reverse them. */
void dpor_find_races(struct dpor *d);

#endif
