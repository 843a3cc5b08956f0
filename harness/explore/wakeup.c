/* Wake-up trees: their memory, and where in one a sequence belongs. */
#include "harness/explore/wakeup.h"

#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

/* ---- memory ---- */

struct wakeup_block {
    struct wakeup_block *next;
    struct wakeup nodes[64];
};

struct wakeup *wakeup_new(struct wakeup_pool *pool)
{
    if (!pool->free) {
        struct wakeup_block *block = mem_new(struct wakeup_block);
        block->next = pool->blocks;
        pool->blocks = block;
        for (size_t i = 0; i < sizeof(block->nodes) / sizeof(*block->nodes); i++) {
            block->nodes[i].next = pool->free;
            pool->free = &block->nodes[i];
        }
    }
    struct wakeup *node = pool->free;
    pool->free = node->next;
    pool->used++;
    node->next = NULL;
    node->first = NULL;
    node->who = 0;
    node->pick = (struct pick){ 0 };
    node->unknown = false;
    return node;
}

/* Without recursion: a node's children are put before its siblings. */
void wakeup_drop(struct wakeup_pool *pool, struct wakeup *tree)
{
    if (!tree)
        return;
    tree->next = NULL;
    while (tree) {
        struct wakeup *rest = tree->next;
        if (tree->first) {
            struct wakeup *last = tree->first;
            while (last->next)
                last = last->next;
            last->next = rest;
            rest = tree->first;
        }
        RT_CHECK(pool->used > 0 && tree != pool->free);
        pool->used--;
        tree->next = pool->free;
        pool->free = tree;
        tree = rest;
    }
}

void wakeup_append(struct wakeup *parent, struct wakeup *child)
{
    RT_CHECK(!child->next);
    RT_CHECK(!child->pick.of || child->pick.chosen < child->pick.of);
    RT_CHECK(!child->pick.of || child->who == parent->who);
    struct wakeup **link = &parent->first;
    for (; *link; link = &(*link)->next) {
        RT_CHECK(!child->pick.of || (*link)->pick.of != child->pick.of ||
                 (*link)->pick.chosen != child->pick.chosen);
    }
    *link = child;
    child->next = NULL;
}

void wakeup_pool_free(struct wakeup_pool *pool)
{
    for (struct wakeup_block *b = pool->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *pool = (struct wakeup_pool){ 0 };
}

/* ---- sequences ---- */

static struct wakeup *step_node(struct wakeup_pool *pool, const struct wakeup_step *step)
{
    struct wakeup *node = wakeup_new(pool);
    node->who = step->who;
    node->foot = *step->foot;
    return node;
}

/* Appends the step's choices from `from` on; returns the last node. */
static struct wakeup *append_picks(
        struct wakeup_pool *pool, struct wakeup *at, const struct wakeup_step *step, uint32_t from)
{
    for (uint32_t i = from; i < step->pick_count; i++) {
        struct wakeup *node = step_node(pool, step);
        node->pick = step->picks[i];
        wakeup_append(at, node);
        at = node;
    }
    return at;
}

static void append_steps(
        struct wakeup_pool *pool, struct wakeup *at, const struct wakeup_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].removed)
            continue;
        struct wakeup *node = step_node(pool, &steps[i]);
        wakeup_append(at, node);
        at = append_picks(pool, node, &steps[i], 0);
    }
}

struct wakeup *wakeup_branch(
        struct wakeup_pool *pool, const struct wakeup_step *steps, size_t count)
{
    struct wakeup root = { 0 };
    append_steps(pool, &root, steps, count);
    return root.first;
}

static bool any_left(const struct wakeup_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!steps[i].removed)
            return true;
    }
    return false;
}

static bool has_picks(const struct wakeup *at)
{
    return at->first && at->first->pick.of;
}

static struct wakeup *picked(const struct wakeup *at, struct pick pick)
{
    struct wakeup *child = at->first;
    while (child && (child->pick.of != pick.of || child->pick.chosen != pick.chosen))
        child = child->next;
    return child;
}

/* The sequence goes on below `at`. */
static enum wakeup_fit insert_below(
        struct wakeup_pool *pool, struct wakeup *at, struct wakeup_step *steps, size_t count)
{
    if (!at->first || !any_left(steps, count))
        return WAKEUP_COVERED;
    for (struct wakeup *child = at->first; child; child = child->next) {
        enum wakeup_fit fit = wakeup_insert(pool, child, steps, count);
        if (fit != WAKEUP_NONE)
            return fit;
    }
    append_steps(pool, at, steps, count);
    return WAKEUP_INSERTED;
}

/* True if the step and what is left of the sequence do not commute. */
static bool dependent(const struct footprint *foot, const struct wakeup_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!steps[i].removed && footprint_wakes(foot, steps[i].foot))
            return true;
    }
    return false;
}

static uint32_t removed_so_far(const struct wakeup_step *steps, size_t count)
{
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = steps[i].removed > most ? steps[i].removed : most;
    return most;
}

/* A choice that no run has made, at the end of those that some have. */
static struct wakeup *unknown_way(struct wakeup *at, struct pick pick, struct wakeup_pool *pool)
{
    struct wakeup *child = wakeup_new(pool);
    child->who = at->who;
    child->pick = pick;
    child->unknown = true;
    footprint_all(&child->foot);
    wakeup_append(at, child);
    return child;
}

/* The sequence goes on below each way to choose on, but, if it does not follow from the step, for
 * those that do not commute with it: false if there are some. */
static bool insert_below_each(struct wakeup_pool *pool, struct wakeup *at, bool follows,
        struct wakeup_step *steps, size_t count)
{
    const struct footprint operation = footprint_operation(&at->foot);
    struct pick pick = at->first->pick;
    uint32_t removed = removed_so_far(steps, count);
    bool all = true;
    for (pick.chosen = 0; pick.chosen < pick.of; pick.chosen++) {
        struct wakeup *child = picked(at, pick);
        bool known = child && !child->unknown;
        if (child && has_picks(child)) {
            all = insert_below_each(pool, child, follows, steps, count) && all;
        } else if (!follows && dependent(known ? &child->foot : &operation, steps, count)) {
            all = false;
        } else if (child) {
            (void)insert_below(pool, child, steps, count);
        } else {
            child = unknown_way(at, pick, pool);
            append_steps(pool, child, steps, count);
        }
        for (size_t i = 0; i < count; i++)
            steps[i].removed = steps[i].removed > removed ? 0 : steps[i].removed;
    }
    return all;
}

/* The step is the branch's, and the sequence has made its choices. */
static enum wakeup_fit insert_picks(struct wakeup_pool *pool, struct wakeup *at,
        const struct wakeup_step *step, struct wakeup_step *steps, size_t count)
{
    for (uint32_t i = 0; i < step->pick_count; i++) {
        if (!at->first)
            return WAKEUP_COVERED;
        struct wakeup *child = picked(at, step->picks[i]);
        if (!child) {
            append_steps(pool, append_picks(pool, at, step, i), steps, count);
            return WAKEUP_INSERTED;
        }
        at = child;
    }
    if (!has_picks(at))
        return insert_below(pool, at, steps, count);
    (void)insert_below_each(pool, at, true, steps, count);
    return WAKEUP_INSERTED;
}

/* True if the step can come before what is left of the sequence before it. */
static bool is_initial(const struct wakeup_step *steps, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (!steps[i].removed && (steps[i].who == steps[at].partner ||
                                         footprint_wakes(steps[at].foot, steps[i].foot) ||
                                         footprint_releases(steps[i].foot, steps[at].foot)))
            return false;
    }
    return true;
}

enum wakeup_fit wakeup_insert(
        struct wakeup_pool *pool, struct wakeup *branch, struct wakeup_step *steps, size_t count)
{
    RT_CHECK(!branch->pick.of);
    size_t at = 0;
    while (at < count && (steps[at].removed || steps[at].who != branch->who))
        at++;
    if (at < count) {
        const struct pick *has = branch->first ? &branch->first->pick : NULL;
        if (!is_initial(steps, at))
            return WAKEUP_NONE;
        if (steps[at].pick_count && has && has->of != steps[at].picks[0].of)
            return WAKEUP_NONE;
        steps[at].removed = removed_so_far(steps, count) + 1;
        return insert_picks(pool, branch, &steps[at], steps, count);
    }
    if (has_picks(branch))
        return insert_below_each(pool, branch, false, steps, count) ? WAKEUP_INSERTED : WAKEUP_NONE;
    return dependent(&branch->foot, steps, count) ? WAKEUP_NONE
                                                  : insert_below(pool, branch, steps, count);
}
