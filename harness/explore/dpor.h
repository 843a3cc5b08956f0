/* Dynamic partial-order reduction: what its parts share. Internal to explore.
 *
 * A run is a list of events, one a step or a timer that fires. dpor.c follows and replays paths
 * through the tree of choices, dpor_node.c begins new ones, dpor_sleep.c knows what need not be run
 * from a place, dpor_races.c finds pairs of events whose order should be tried the other way round,
 * and dpor_demand.c puts the sequences that do so into the wake-up trees of places. */
#ifndef CCLAB_HARNESS_EXPLORE_DPOR_H
#define CCLAB_HARNESS_EXPLORE_DPOR_H

#include "harness/explore/footprint.h"
#include "harness/explore/order.h"
#include "harness/explore/strategy.h"
#include "harness/explore/wakeup.h"

enum { DPOR_PICKS_MAX = 8 };

/* One way to take a step: what it chose besides goroutines, and what it touches. Beyond the first
 * few choices all ways are one. */
struct dpor_way {
    struct footprint foot;
    uint32_t len;
    struct wakeup_pick picks[DPOR_PICKS_MAX];
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

/* One way on from a node. */
struct dpor_option {
    uint32_t fiber;        /* 0: a timer fires */
    uint64_t who;          /* its identity */
    bool wanted;           /* is to be explored */
    bool done;             /* has been */
    uint32_t turn;         /* of those that are wanted, lower ones come first */
    struct wakeup *tree;   /* how to begin; NULL: anyhow */
    struct dpor_way *ways; /* explored */
    size_t way_count;
    size_t ways_cap;
};

/* A place with something to decide. */
struct dpor_node {
    bool fibers; /* RT_CHOICE_FIBER, else a choice on the way of a step */
    bool deeper; /* the next node lies in the same event */
    bool timer;  /* one of the options is that a timer fires */
    uint32_t count;
    uint32_t chosen;
    uint32_t turns;
    size_t event; /* that it chose, or in which it lies */
    struct dpor_option *options;
    size_t options_cap;
    struct dpor_sleepers sleep; /* at the beginning */
    struct footprint foot;      /* of a choice on the way: what the step had touched before */
};

struct dpor_event {
    uint32_t fiber;   /* 0: a timer */
    uint8_t kind;     /* enum rt_op_kind */
    bool resumes;     /* another event has completed the operation */
    uint64_t who;     /* identity of the goroutine */
    size_t node;      /* index + 1 of the one that picked it; 0: it was the only one that could */
    size_t previous;  /* index + 1 of the goroutine's event before, or of the one that started it */
    size_t arrival;   /* index + 1 of the partner's event before, if it met one that waited */
    size_t completer; /* of one that resumes: index + 1 */
    size_t picks;     /* of its choices in the list of all */
    uint32_t pick_count;
    uint64_t label; /* what happened, without ids that depend on the schedule */
    uint64_t name;  /* goroutine and number of its step */
    struct footprint foot;
};

/* A goroutine that still waited when nothing could run, a timer fired or its process died: what it
 * did not do may be due to a race, too. */
struct dpor_blocked {
    size_t at; /* number of events before */
    bool enabled;
    struct dpor_event event;
};

struct dpor {
    struct rt_source source;
    struct dpor_node *nodes;
    size_t nodes_cap;
    size_t len;
    size_t at;
    struct wakeup_pool pool;
    struct wakeup *tree; /* what is below it comes next; NULL: whatever comes */

    struct dpor_event *events;
    size_t events_cap;
    size_t count;
    size_t fresh;   /* events before this one are those of the run before */
    bool open;      /* the last event's step is not over */
    bool redundant; /* the rest of the run is like one that was explored */
    size_t picked_by;
    size_t timers;             /* that have fired */
    uint64_t outside;          /* hash of what was chosen outside events */
    struct wakeup_pick *picks; /* of all events */
    size_t pick_count;
    size_t picks_cap;
    struct object_names names;

    struct dpor_fiber {
        const struct rt_fiber *fiber; /* NULL: not seen yet */
        bool waiting;                 /* for the operation with this footprint */
        uint8_t kind;
        uint32_t taken;  /* steps so far */
        size_t last;     /* index + 1 of its last event */
        size_t started;  /* index + 1 of the event that started it */
        size_t complete; /* index + 1 of the event that completed its operation */
        struct footprint foot;
    } * fibers; /* by id */
    size_t fibers_cap;
    uint32_t fiber_count; /* highest id + 1 */

    struct dpor_sleepers sleep; /* now */
    struct dpor_sleepers scratch;
    struct dpor_blocked *blocked;
    size_t blocked_count;
    size_t blocked_cap;

    uint32_t *clocks; /* a row an event: of each goroutine, how many events happened before it */
    size_t clocks_cap;
    uint32_t *mask; /* scratch: what happened before an event in any order of its races */
    size_t mask_cap;
    size_t width;
    struct wakeup_step *steps; /* scratch: a sequence */
    size_t steps_cap;

    bool started;
    uint64_t runs;
    uint64_t blocked_runs;          /* of them, those that were redundant */
    struct order_set seen;          /* orders of the others */
    uint64_t hash;                  /* of the last run's order */
    const struct rt_source *follow; /* it decides instead, and nothing is searched (order.h) */
};

/* Clocks count events by their index + 1, so that 0 is none. */
static inline uint32_t *dpor_clock(const struct dpor *d, size_t event)
{
    return d->clocks + event * d->width;
}

static inline bool dpor_before(const struct dpor *d, size_t a, size_t b)
{
    return dpor_clock(d, b)[d->events[a].fiber] >= a + 1;
}

static inline struct dpor_event *dpor_last_event(const struct dpor *d)
{
    return &d->events[d->count - 1];
}

/* ---- dpor_node.c ---- */

/* Adds a node for the choice and chooses. False if nothing is left to choose: the rest of the run
 * is like one that was explored. */
bool dpor_begin_node(struct dpor *d, const struct rt_choice *c);
/* The choices that the step has made before the node; returns how many. */
uint32_t dpor_picks_so_far(
        const struct dpor *d, size_t node, struct wakeup_pick picks[DPOR_PICKS_MAX]);

/* ---- dpor_sleep.c ---- */

void dpor_sleep_add(struct dpor_sleepers *list, uint32_t fiber, const struct dpor_way *way);
/* True if each way to take the goroutine's next step that begins with these choices sleeps. */
bool dpor_sleeps(const struct dpor_sleepers *list, uint32_t fiber, const struct wakeup_pick *picks,
        uint32_t count);
/* True if a goroutine sleeps altogether; but for `except`, if it is not 0. */
bool dpor_any_sleeps(const struct dpor_sleepers *list, uint32_t except);
/* A step of the goroutine wakes what it conflicts with. */
void dpor_wake(struct dpor_sleepers *list, uint32_t fiber, const struct footprint *foot);
/* What sleeps at a node of goroutines now, with what was explored from there. */
void dpor_sleep_at(const struct dpor_node *node, struct dpor_sleepers *list);
/* The step has been explored this way. */
void dpor_way_done(struct dpor_option *option, const struct wakeup_pick *picks, uint32_t count,
        const struct footprint *foot);

/* ---- dpor_demand.c ---- */

/* A run is to begin with these steps at the node, if none has and none will. False if what they
 * lead to is like what was explored. */
bool dpor_demand(struct dpor *d, struct dpor_node *node, struct wakeup_step *steps, size_t count);
/* True if what the option is to begin with is not like what was explored; else less is left of it,
 * or nothing. */
bool dpor_still_wanted(struct dpor *d, const struct dpor_node *node, struct dpor_option *option);
/* The option of the node for the goroutine, or NULL. */
struct dpor_option *dpor_option_of(const struct dpor_node *node, uint32_t fiber);

/* ---- dpor_ready.c ---- */

/* True if event j, or what a goroutine would have done there, can be taken when of the events from
 * i on only `steps` were: their `event` in order, of all but the last, which is j itself. */
bool dpor_ready(const struct dpor *d, size_t i, size_t j, const struct dpor_blocked *blocked,
        const struct wakeup_step *steps, size_t count);

/* ---- dpor_races.c ---- */

/* Finds races of the run's new events and demands the other orders. */
void dpor_find_races(struct dpor *d);
/* Hash of the order of the run's events, whose clocks dpor_find_races() has made. */
uint64_t dpor_order_hash(const struct dpor *d);

#endif
