/* Source sets and sleep sets: the reduction for runs whose steps choose something on their way,
 * such as a fault (reduction.c). What its two halves share. Internal to explore.
 *
 * A run is a list of events, one a step. source_sets.c follows and replays paths through the tree
 * of choices; source_races.c finds pairs of events whose order should be tried the other way round.
 */
#ifndef CCLAB_HARNESS_EXPLORE_SOURCE_SETS_H
#define CCLAB_HARNESS_EXPLORE_SOURCE_SETS_H

#include "harness/explore/footprint.h"
#include "harness/explore/order.h"
#include "harness/explore/strategy.h"

/* A goroutine and what its next step touches. */
struct source_sleeper {
    uint32_t fiber;
    struct footprint foot;
};

/* One way on from a node. */
struct source_option {
    uint32_t fiber; /* 0: a timer fires */
    bool wanted;    /* is to be explored */
    bool done;      /* has been */
    struct footprint foot;
};

/* A place with something to decide. */
struct source_node {
    bool fibers; /* RT_CHOICE_FIBER; of other kinds all options are explored */
    uint32_t count;
    uint32_t chosen;
    size_t event; /* that it chose, or in which it lies */
    struct source_option *options;
    size_t options_cap;
    struct source_sleeper *sleep; /* need not be explored from here */
    size_t sleep_count;
    size_t sleep_cap;
};

struct source_event {
    uint32_t fiber;
    uint32_t segment; /* counts the times when a timer fired: no order across these can change */
    size_t node;      /* index + 1 of the one that picked it; 0: it was the only one that could */
    size_t parent;    /* index + 1 of the event that started the goroutine, for its first */
    uint64_t label;   /* what happened, without ids that depend on the schedule */
    uint64_t name;    /* goroutine and number of its step */
    struct footprint foot;
};

/* A goroutine that still waited when nothing could run: what it never did may be due to a race,
 * too. */
struct source_blocked {
    size_t at; /* number of events before */
    struct source_event event;
};

struct source_sets {
    struct rt_source source;
    struct source_node *nodes;
    size_t nodes_cap;
    size_t len;
    size_t at;

    struct source_event *events;
    size_t events_cap;
    size_t count;
    size_t fresh; /* events before this one are those of the run before */
    size_t fresh_node;
    bool open; /* the last event's step is not over */
    size_t picked_by;
    uint32_t segment;
    uint64_t timers;    /* which have fired, as a hash */
    size_t *spawned_by; /* by id: index + 1 of the event that started the goroutine */
    size_t spawned_cap;
    uint32_t *taken; /* steps of each goroutine so far, by id */
    size_t taken_cap;
    bool redundant; /* the rest of the run is like one that was explored */

    struct source_sleeper *sleep; /* now */
    size_t sleep_count;
    size_t sleep_cap;

    struct source_waiting {
        bool is;
        struct footprint foot;
    } * waiting; /* by id: for its next operation */
    size_t waiting_cap;
    struct source_blocked *blocked;
    size_t blocked_count;
    size_t blocked_cap;

    uint32_t *clocks; /* a row an event: of each goroutine, how many events happened before it */
    size_t clocks_cap;
    uint32_t *mask; /* scratch: what happened before an event in any order of its races */
    size_t mask_cap;
    size_t width;

    bool started;
    uint64_t runs;
    uint64_t blocked_runs; /* of them, those that were redundant */
    struct order_set seen; /* orders of the others */
    uint64_t hash;         /* of the last run's order */
};

/* Finds races of the run's new events and marks options of nodes as wanted. */
void source_find_races(struct source_sets *d);
/* Hash of the order of the run's events, whose clocks source_find_races() has made. */
uint64_t source_order_hash(const struct source_sets *d);

#endif
