/* Optimal partial-order reduction: follows a path through the tree of choices, and moves to the
 * next. Of all schedules that differ only in the order of steps that commute, one is run.
 *
 * Steps commute if they touch no common object, or only read it. The sets know operations; what
 * goroutines share without any (fields without a lock) is seen in runs that look for races only. */
#include "harness/explore/dpor.h"

#include <stdlib.h>

#include "harness/base/mem.h"

/* The last step is over: it wakes those it conflicts with. */
static void close_event(struct dpor *d)
{
    const struct event *e = execution_close(&d->execution);
    if (e && !d->execution.stopped)
        dpor_wake(&d->run.sleep, e->fiber, &e->foot);
}

/* The run is sleep-set blocked: the rest of it is like one that was explored. */
static void block(struct dpor *d)
{
    close_event(d);
    execution_stop(&d->execution);
}

/* ---- following a path ---- */

static uint32_t choose_here(struct dpor *d, const struct rt_choice *c)
{
    if (d->run.at == d->path.len && !dpor_begin_node(d, c)) {
        block(d);
        return 0;
    }
    struct dpor_node *n = &d->path.nodes[d->run.at++];
    if (n->fibers) {
        dpor_sleep_at(n, &d->run.sleep);
        d->run.picked_by = d->run.at;
    }
    if (n->chosen >= c->options)
        return 0;
    d->run.tree = n->options[n->chosen].tree;
    return n->chosen;
}

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct dpor *d = self;
    if (c->kind == RT_CHOICE_FIBER || c->kind == RT_CHOICE_TIMER)
        close_event(d);
    if (d->execution.stopped)
        return 0;
    uint32_t chosen = choose_here(d, c);
    execution_choice(&d->execution, c, chosen);
    return chosen;
}

/* ---- what the run does ---- */

/* A step that nobody chose is the next one of the tree, or the tree does not fit. */
static void follow_tree(struct dpor *d, uint64_t who)
{
    struct wakeup *child = d->run.tree ? d->run.tree->first : NULL;
    while (child && (child->pick.of || child->who != who))
        child = child->next;
    d->run.tree = child;
}

/* The node that has picked the event that begins now. */
static size_t picked_by(struct dpor *d)
{
    size_t node = d->run.picked_by;
    d->run.picked_by = 0;
    return node;
}

static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct dpor *d = self;
    close_event(d);
    if (d->execution.stopped)
        return;
    if (!d->run.picked_by) {
        if (d->run.sleep.count && dpor_sleeps(&d->run.sleep, rt_fiber_id(fiber), NULL, 0)) {
            block(d);
            return;
        }
        follow_tree(d, rt_fiber_identity(fiber));
    }
    execution_step(&d->execution, fiber, op, picked_by(d));
}

static void fire(struct dpor *d)
{
    close_event(d);
    if (d->execution.stopped)
        return;
    if (!d->run.picked_by)
        d->run.tree = NULL;
    execution_timer(&d->execution, picked_by(d));
}

static void effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct dpor *d = self;
    (void)fiber;
    if (op->kind == RT_OP_TIMER)
        fire(d);
    else
        execution_effect(&d->execution, op);
}

static void pending(void *self, struct rt_fiber *fiber)
{
    struct dpor *d = self;
    execution_pending(&d->execution, fiber);
}

static void complete(void *self, struct rt_fiber *fiber)
{
    struct dpor *d = self;
    execution_complete(&d->execution, fiber);
}

/* What waits now is looked at before the run's memory goes. */
static void over(void *self)
{
    struct dpor *d = self;
    close_event(d);
    execution_over(&d->execution);
}

/* ---- from one path to the next ---- */

/* The step that the last node belongs to has been explored as it was taken in the last run. */
static void note_way(struct dpor *d)
{
    const struct dpor_node *last = &d->path.nodes[d->path.len - 1];
    struct pick picks[DPOR_PICKS_MAX + 1];
    uint32_t count = 0;
    size_t owner = d->path.len - 1;
    if (last->deeper || last->event >= d->execution.count)
        return;
    if (!last->fibers) {
        count = dpor_picks_so_far(d, owner, picks);
        picks[count++] = (struct pick){ last->count, last->chosen };
        while (owner > 0 && !d->path.nodes[owner].fibers)
            owner--;
    }
    struct dpor_node *n = &d->path.nodes[owner];
    if (n->fibers && n->event == last->event)
        dpor_way_done(&n->options[n->chosen], picks, count, &d->execution.events[n->event].foot);
}

/* Moves the last node to its next option. */
static bool next_option(struct dpor *d)
{
    struct dpor_node *n = &d->path.nodes[d->path.len - 1];
    struct dpor_option *was = &n->options[n->chosen];
    dpor_check_node(n);
    note_way(d);
    was->done = true;
    wakeup_drop(&d->path.pool, was->tree);
    was->tree = NULL;
    n->deeper = false;
    for (;;) {
        struct dpor_option *best = NULL;
        for (uint32_t i = 0; i < n->count; i++) {
            struct dpor_option *o = &n->options[i];
            if (o->wanted && !o->done && (!best || o->rank < best->rank))
                best = o;
        }
        if (!best)
            return false;
        n->chosen = (uint32_t)(best - n->options);
        if (!n->fibers || dpor_still_wanted(d, n, best)) {
            dpor_check_node(n);
            return true;
        }
        best->done = true;
        wakeup_drop(&d->path.pool, best->tree);
        best->tree = NULL;
    }
}

/* Moves to the next path; *kept is how many events it has in common with the last one. */
static bool advance(struct dpor *d, size_t *kept)
{
    for (; d->path.len; d->path.len--) {
        if (next_option(d)) {
            *kept = d->path.nodes[d->path.len - 1].event;
            return true;
        }
    }
    return false;
}

/* Only memory is carried over from the last run. */
static const struct rt_source *next(void *self)
{
    struct dpor *d = self;
    size_t kept = 0;
    if (d->path.begun && !advance(d, &kept)) {
        RT_CHECK(d->path.pool.used == 0);
        return NULL;
    }
    d->path.begun = true;
    struct dpor_sleepers *sleep = &d->run.sleep;
    d->run = (struct dpor_run){ .sleep = { .items = sleep->items, .cap = sleep->cap } };
    execution_begin(&d->execution, kept);
    return &d->source;
}

static void done(void *self, const struct run_result *result)
{
    struct dpor *d = self;
    (void)result;
    close_event(d);
    d->path.len = d->run.at;
    dpor_find_races(d);
    d->totals.runs++;
    if (d->execution.stopped)
        d->totals.blocked++;
    else
        (void)order_set_add(&d->totals.seen, execution_hash(&d->execution));
}

/* The part of the tree that has been searched, if at each node all options that are wanted so far
 * lead to equal parts of it. */
static double searched(const struct dpor *d)
{
    double part = 0, weight = 1;
    for (size_t i = 0; i < d->path.len; i++) {
        const struct dpor_node *n = &d->path.nodes[i];
        uint32_t wanted = 0, over = 0;
        for (uint32_t k = 0; k < n->count; k++) {
            wanted += n->options[k].wanted;
            over += n->options[k].done;
        }
        weight /= wanted;
        part += weight * over;
    }
    return part + weight;
}

static void count(void *self, struct search_count *c)
{
    const struct dpor *d = self;
    double runs = (double)d->totals.runs;
    *c = (struct search_count){ .blocked = d->totals.blocked, .distinct = d->totals.seen.count };
    c->estimate = d->path.len ? runs / searched(d) : runs;
}

static void free_node(struct dpor_node *n)
{
    for (size_t i = 0; i < n->options_cap; i++)
        free(n->options[i].ways);
    free(n->options);
    free(n->sleep.items);
}

static void end(void *self)
{
    struct dpor *d = self;
    for (size_t i = 0; i < d->path.cap; i++)
        free_node(&d->path.nodes[i]);
    free(d->path.nodes);
    wakeup_pool_free(&d->path.pool);
    free(d->run.sleep.items);
    execution_free(&d->execution);
    free(d->scratch.sleep.items);
    free(d->scratch.steps);
    free(d->scratch.past);
    order_set_free(&d->totals.seen);
    free(d);
}

void strategy_dpor(const struct search_options *options, struct search *search)
{
    struct dpor *d = mem_new(struct dpor);
    (void)options;
    d->source = (struct rt_source){ d, choose, step, effect, pending, complete, over };
    *search = (struct search){ d, next, done, end, count };
}
