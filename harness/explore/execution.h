/* An execution sequence: what one run did, as events, and which of them happened before which.
 * Internal to explore.
 *
 * An event is a step of a goroutine, or a timer that fires. It has a footprint: what the step
 * touched (footprint.h). Events of one goroutine are in order; so are those whose footprints
 * conflict, a goroutine's first and the one that started it, and whoever lets go of something and
 * whoever waits for it. Happened-before is what follows from these; each event has a row of clocks
 * that says it.
 *
 * The owner is a source (struct rt_source) and passes on what it is told. What a run has in common
 * with the one before is not recorded again. */
#ifndef CCLAB_HARNESS_EXPLORE_EXECUTION_H
#define CCLAB_HARNESS_EXPLORE_EXECUTION_H

#include "harness/explore/footprint.h"
#include "model/rt/check.h"

/* A choice that a step makes on its way: a select's case, a partner, a fault. */
struct pick {
    uint32_t of; /* options; 0: none */
    uint32_t chosen;
};

struct event {
    uint32_t fiber;   /* 0: a timer */
    uint8_t kind;     /* enum rt_op_kind */
    bool resumes;     /* another event has completed the operation */
    uint64_t who;     /* identity of the goroutine */
    size_t node;      /* index + 1 of the owner's node that picked it; 0: nothing else could be */
    size_t previous;  /* index + 1 of the goroutine's event before, or of the one that started it */
    size_t arrival;   /* index + 1 of the partner's event before, if it met one that waited */
    size_t completer; /* of one that resumes: index + 1 */
    size_t picks;     /* of its picks in the list of all */
    uint32_t pick_count;
    uint64_t label; /* what happened, without ids that depend on the schedule */
    uint64_t name;  /* goroutine and number of its step */
    struct footprint foot;
};

/* A goroutine that still waited when nothing could run, a timer fired or its process died: what it
 * did not do may be due to a race, too. */
struct unfinished {
    size_t at; /* number of events before */
    bool enabled;
    struct event event; /* as if it were taken */
};

/* What is known of a goroutine so far. */
struct execution_fiber {
    const struct rt_fiber *fiber; /* NULL: not seen yet */
    bool waiting;
    uint8_t kind;    /* of the operation that it waits with */
    uint32_t taken;  /* steps so far */
    size_t last;     /* index + 1 of its last event */
    size_t started;  /* index + 1 of the event that started it */
    size_t complete; /* index + 1 of the event that completed its operation */
};

struct execution {
    struct event *events;
    size_t events_cap;
    size_t count;
    size_t kept;  /* events before this one are those of the run before */
    bool open;    /* the last event's step is not over */
    bool stopped; /* nothing more is recorded */

    struct pick *picks; /* of all events */
    size_t pick_count;
    size_t picks_cap;
    struct unfinished *unfinished;
    size_t unfinished_count;
    size_t unfinished_cap;

    uint32_t *clocks; /* a row an event: of each goroutine, how many events happened before it */
    size_t clocks_cap;
    size_t width; /* of a row */

    struct execution_fiber *fibers; /* by id; 0 stands for timers */
    size_t fibers_cap;
    uint32_t fiber_count; /* highest id + 1 */

    struct object_names names;
    uint64_t timers;  /* that have fired */
    uint64_t outside; /* hash of what was chosen outside events */
};

/* ---- recording ---- */

/* A run begins, whose first `kept` events will be the last run's. */
void execution_begin(struct execution *x, size_t kept) RT_NONNULL;
void execution_free(struct execution *x) RT_NONNULL;
/* The last step is over, and all that it touched is known: returns it, or NULL if it was over. */
const struct event *execution_close(struct execution *x) RT_NONNULL;
/* Nothing more is recorded of this run. */
void execution_stop(struct execution *x) RT_NONNULL;
/* A choice was made. */
void execution_choice(struct execution *x, const struct rt_choice *c, uint32_t chosen) RT_NONNULL;
/* A goroutine takes its step, a timer fires; `node` as in struct event. The last step is over. */
void execution_step(struct execution *x, const struct rt_fiber *fiber, const struct rt_op *op,
        size_t node) RT_NONNULL;
void execution_timer(struct execution *x, size_t node) RT_NONNULL;
/* As the hooks of struct rt_source; but timers are for execution_timer(). */
void execution_effect(struct execution *x, const struct rt_op *op) RT_NONNULL;
void execution_pending(struct execution *x, const struct rt_fiber *fiber) RT_NONNULL;
void execution_complete(struct execution *x, const struct rt_fiber *fiber) RT_NONNULL;
/* The run is over, but its memory is still there. */
void execution_over(struct execution *x) RT_NONNULL;

/* ---- what has been recorded ---- */

/* True if the last event is one of the run before: then everything about it is known. */
static inline bool execution_is_kept(const struct execution *x)
{
    return x->count <= x->kept;
}

static inline struct event *execution_last(const struct execution *x)
{
    RT_CHECK(x->count > 0);
    return &x->events[x->count - 1];
}

/* Makes the clocks of all events that are new. If the number of goroutines has grown, all are, and
 * `kept` is 0. There is room for two rows, and one event, more. */
void execution_order(struct execution *x) RT_NONNULL;
/* Makes the clock of one event, from those before it. */
void execution_make_clock(struct execution *x, size_t event) RT_NONNULL;

/* Clocks count events by their index + 1, so that 0 is none. */
static inline uint32_t *execution_clock(const struct execution *x, size_t event)
{
    return x->clocks + event * x->width;
}
/* The clock becomes the later of both, goroutine by goroutine. */
void execution_join(const struct execution *x, uint32_t *clock, size_t event) RT_NONNULL;

/* True if event a happened before event b, or is b. */
static inline bool execution_before(const struct execution *x, size_t a, size_t b)
{
    return execution_clock(x, b)[x->events[a].fiber] >= a + 1;
}

/* True if the order of the two events matters. */
static inline bool events_conflict(const struct event *a, const struct event *b)
{
    return (a->foot.all || b->foot.all || footprint_may_meet(&a->foot, &b->foot)) &&
           footprint_conflict(&a->foot, &b->foot);
}

/* Hash of the events and of what happened before what, whatever the order of the list; never 0.
 * After execution_order(). */
uint64_t execution_hash(const struct execution *x) RT_NONNULL;

#endif
