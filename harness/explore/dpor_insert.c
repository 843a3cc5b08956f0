/* Where a sequence belongs in the wake-up tree of a place. */
#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

/* True if running the steps leads to what has been explored: one of them sleeps when its turn
 * comes, or a goroutine still sleeps at the end. */
static bool is_redundant(struct dpor_sleepers *list, const struct wakeup_step *steps, size_t count)
{
    for (size_t i = 0; i < count && list->count; i++) {
        if (dpor_sleeps(list, steps[i].fiber, steps[i].picks, steps[i].pick_count))
            return true;
        dpor_wake(list, steps[i].fiber, steps[i].foot);
    }
    return dpor_any_sleeps(list, 0);
}

/* The next option in the order in which they are tried, behind the rank `after`; NULL: none. */
static struct dpor_option *next_wanted(const struct dpor_node *node, uint32_t after)
{
    struct dpor_option *next = NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        struct dpor_option *o = &node->options[i];
        if (o->wanted && !o->done && i != node->chosen && o->rank > after &&
                (!next || o->rank < next->rank))
            next = o;
    }
    return next;
}

bool dpor_insert(struct dpor *d, struct dpor_node *node, struct wakeup_step *steps, size_t count)
{
    RT_CHECK(node->fibers && count > 0);
    dpor_sleep_at(node, &d->scratch.sleep);
    if (is_redundant(&d->scratch.sleep, steps, count))
        return false;
    for (struct dpor_option *o = next_wanted(node, 0); o; o = next_wanted(node, o->rank)) {
        if (o->tree && wakeup_insert(&d->path.pool, o->tree, steps, count) != WAKEUP_NONE)
            return true;
    }
    struct dpor_option *option = dpor_option_of(node, steps[0].fiber);
    if (!option || option == &node->options[node->chosen])
        return true;
    if (option->wanted && !option->done)
        return true;
    option->wanted = true;
    option->done = false;
    option->rank = ++node->ranks;
    option->tree = wakeup_branch(&d->path.pool, steps, count);
    dpor_check_node(node);
    return true;
}

/* ---- what is left of a tree ---- */

/* A path from the option down; its steps lie in scratch. */
struct path {
    struct dpor *d;
    const struct dpor_node *node;
    size_t steps;
    struct pick picks[64];
    uint32_t pick_count;
};

static uint32_t fiber_of(const struct dpor_node *node, uint64_t who)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->options[i].who == who)
            return node->options[i].fiber;
    }
    return UINT32_MAX; /* not there yet: it cannot sleep */
}

static bool push(struct path *p, const struct wakeup *at)
{
    enum { MOST = sizeof(p->picks) / sizeof(*p->picks) };
    struct dpor *d = p->d;
    if (!at->pick.of) {
        mem_reserve(d->scratch.steps, d->scratch.steps_cap, p->steps + 1);
        d->scratch.steps[p->steps++] = (struct wakeup_step){ .fiber = fiber_of(p->node, at->who),
            .foot = &at->foot,
            .picks = p->picks + p->pick_count };
        return true;
    }
    if (p->pick_count == MOST || !p->steps)
        return false;
    p->picks[p->pick_count++] = at->pick;
    d->scratch.steps[p->steps - 1].pick_count++;
    d->scratch.steps[p->steps - 1].foot = &at->foot;
    return true;
}

/* False if nothing is left of the branch: all that it leads to has been explored since. Leaves the
 * path as it was. */
static bool keep(struct path *p, struct wakeup *at)
{
    const size_t steps = p->steps;
    const uint32_t pick_count = p->pick_count;
    const struct wakeup_step last =
            steps ? p->d->scratch.steps[steps - 1] : (struct wakeup_step){ 0 };
    bool any = false;
    if (!push(p, at))
        return true;
    if (!at->first) {
        dpor_sleep_at(p->node, &p->d->scratch.sleep);
        any = !is_redundant(&p->d->scratch.sleep, p->d->scratch.steps, p->steps);
    }
    for (struct wakeup **link = &at->first, *child; (child = *link);) {
        if (keep(p, child)) {
            any = true;
            link = &child->next;
        } else {
            *link = child->next;
            wakeup_drop(&p->d->path.pool, child);
        }
    }
    p->steps = steps;
    p->pick_count = pick_count;
    if (steps)
        p->d->scratch.steps[steps - 1] = last;
    return any;
}

bool dpor_still_wanted(struct dpor *d, const struct dpor_node *node, struct dpor_option *option)
{
    struct path path = { .d = d, .node = node };
    return !option->tree || keep(&path, option->tree);
}
