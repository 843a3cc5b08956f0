#include "harness/explore/wakeup.h"

#include <stdlib.h>

#include "harness/explore/strategy.h"

/* ---- memory ---- */

struct wakeup_block {
    struct wakeup_block *next;
    struct wakeup nodes[64];
};

struct wakeup *wakeup_new(struct wakeup_pool *pool)
{
    if (!pool->free) {
        struct wakeup_block *block = strategy_alloc(sizeof(*block));
        block->next = pool->blocks;
        pool->blocks = block;
        for (size_t i = 0; i < sizeof(block->nodes) / sizeof(*block->nodes); i++) {
            block->nodes[i].next = pool->free;
            pool->free = &block->nodes[i];
        }
    }
    struct wakeup *node = pool->free;
    pool->free = node->next;
    node->next = NULL;
    node->first = NULL;
    node->who = 0;
    node->pick = (struct wakeup_pick){ 0 };
    node->any = false;
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
        tree->next = pool->free;
        pool->free = tree;
        tree = rest;
    }
}

void wakeup_append(struct wakeup *parent, struct wakeup *child)
{
    struct wakeup **link = &parent->first;
    while (*link)
        link = &(*link)->next;
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
        if (steps[i].gone)
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
        if (!steps[i].gone)
            return true;
    }
    return false;
}

/* The sequence goes on below `at`. */
static enum wakeup_fit put_below(
        struct wakeup_pool *pool, struct wakeup *at, struct wakeup_step *steps, size_t count)
{
    if (!at->first || !any_left(steps, count))
        return WAKEUP_COVERED;
    for (struct wakeup *child = at->first; child; child = child->next) {
        enum wakeup_fit fit = wakeup_put(pool, child, steps, count);
        if (fit != WAKEUP_NONE)
            return fit;
    }
    append_steps(pool, at, steps, count);
    return WAKEUP_PUT;
}

/* The step is the branch's, and the sequence has made the choices from `from` on. */
static enum wakeup_fit put_picks(struct wakeup_pool *pool, struct wakeup *at,
        const struct wakeup_step *step, struct wakeup_step *steps, size_t count)
{
    for (uint32_t i = 0; i < step->pick_count; i++) {
        if (!at->first)
            return WAKEUP_COVERED;
        struct wakeup *child = at->first;
        while (child && child->pick.chosen != step->picks[i].chosen)
            child = child->next;
        if (!child) {
            append_steps(pool, append_picks(pool, at, step, i), steps, count);
            return WAKEUP_PUT;
        }
        at = child;
    }
    if (at->first && at->first->pick.of) {
        /* The sequence leaves open what the branch has chosen. */
        at->any = true;
        return WAKEUP_PUT;
    }
    return put_below(pool, at, steps, count);
}

/* True if the step can come before what is left of the sequence before it. */
static bool may_begin(const struct wakeup_step *steps, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (!steps[i].gone && (steps[i].who == steps[at].partner ||
                                      footprint_wakes(steps[at].foot, steps[i].foot) ||
                                      footprint_releases(steps[i].foot, steps[at].foot)))
            return false;
    }
    return true;
}

enum wakeup_fit wakeup_put(
        struct wakeup_pool *pool, struct wakeup *branch, struct wakeup_step *steps, size_t count)
{
    size_t at = 0;
    while (at < count && (steps[at].gone || steps[at].who != branch->who))
        at++;
    if (at < count) {
        const struct wakeup_pick *has = branch->first ? &branch->first->pick : NULL;
        if (!may_begin(steps, at))
            return WAKEUP_NONE;
        if (steps[at].pick_count && has && has->of != steps[at].picks[0].of)
            return WAKEUP_NONE;
        steps[at].gone = true;
        return put_picks(pool, branch, &steps[at], steps, count);
    }
    if (branch->any || (branch->first && branch->first->pick.of))
        return WAKEUP_NONE;
    for (size_t i = 0; i < count; i++) {
        if (!steps[i].gone && footprint_wakes(&branch->foot, steps[i].foot))
            return WAKEUP_NONE;
    }
    return put_below(pool, branch, steps, count);
}
