/* A place that no run has been to: its options, and the one to begin with. */
#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

static struct dpor_node *new_node(struct dpor *d, const struct rt_choice *c)
{
    mem_reserve(d->path.nodes, d->path.cap, d->path.len + 1);
    struct dpor_node *n = &d->path.nodes[d->path.len++];
    n->fibers = c->kind == RT_CHOICE_FIBER;
    n->deeper = false;
    n->timer = false;
    n->count = c->options;
    n->chosen = 0;
    n->ranks = 0;
    n->sleep.count = 0;
    mem_reserve(n->options, n->options_cap, c->options);
    for (uint32_t i = 0; i < c->options; i++) {
        struct dpor_option *o = &n->options[i];
        const struct rt_fiber *f = n->fibers ? c->fibers[i] : NULL;
        *o = (struct dpor_option){ .ways = o->ways, .ways_cap = o->ways_cap };
        o->fiber = f ? rt_fiber_id(f) : 0;
        o->who = f ? rt_fiber_identity(f) : 0;
        n->timer |= n->fibers && !f;
    }
    return n;
}

struct dpor_option *dpor_option_of(const struct dpor_node *node, uint32_t fiber)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->options[i].fiber == fiber)
            return &node->options[i];
    }
    return NULL;
}

static struct dpor_option *option_for(struct dpor_node *n, const struct wakeup *tree)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (n->fibers ? n->options[i].who == tree->who : tree->pick.chosen == i)
            return &n->options[i];
    }
    return NULL;
}

/* Gives the branches of the tree that comes next to the options. False if there are none, or they
 * do not fit. */
static bool take_tree(struct dpor *d, struct dpor_node *n)
{
    struct wakeup *child = d->run.tree ? d->run.tree->first : NULL;
    if (!child || child->pick.of != (n->fibers ? 0 : n->count))
        return false;
    d->run.tree->first = NULL;
    for (struct wakeup *next; child; child = next) {
        next = child->next;
        child->next = NULL;
        struct dpor_option *o = option_for(n, child);
        if (!o || o->tree) {
            wakeup_drop(&d->path.pool, child);
            continue;
        }
        o->wanted = true;
        o->rank = ++n->ranks;
        o->tree = child;
    }
    return n->ranks > 0;
}

/* False if there is nothing to choose: the rest of the run is like one that was explored. */
static bool choose_first(struct dpor_node *n)
{
    uint32_t best = n->count;
    for (uint32_t i = n->count; i-- > 0;) {
        const struct dpor_option *o = &n->options[i];
        if (o->wanted && (best == n->count || o->rank <= n->options[best].rank))
            best = i;
    }
    if (best == n->count)
        return false;
    n->chosen = best;
    return true;
}

/* What the tree says, or the first goroutine that does not sleep. */
static bool begin_fibers(struct dpor *d, struct dpor_node *n)
{
    for (size_t i = 0; i < d->run.sleep.count; i++)
        dpor_sleep_add(&n->sleep, d->run.sleep.items[i].fiber, d->run.sleep.items[i].way);
    n->event = d->execution.count;
    if (!take_tree(d, n)) {
        for (uint32_t i = 0; i < n->count && !n->ranks; i++) {
            if (!d->run.sleep.count || !dpor_sleeps(&d->run.sleep, n->options[i].fiber, NULL, 0)) {
                n->options[i].wanted = true;
                n->options[i].rank = ++n->ranks;
            }
        }
    }
    return choose_first(n);
}

uint32_t dpor_picks_so_far(const struct dpor *d, size_t node, struct pick picks[DPOR_PICKS_MAX])
{
    uint32_t count = 0;
    size_t from = node;
    while (from > 0 && !d->path.nodes[from - 1].fibers &&
            d->path.nodes[from - 1].event == d->path.nodes[node].event)
        from--;
    for (; from < node && count < DPOR_PICKS_MAX; from++)
        picks[count++] = (struct pick){ d->path.nodes[from].count, d->path.nodes[from].chosen };
    return count;
}

/* All options, but those that sleep. If a goroutine sleeps that the step does not wake, only what
 * the tree says: all that is not like what was run where it went to sleep is in trees. */
static bool begin_pick(struct dpor *d, struct dpor_node *n)
{
    struct pick picks[DPOR_PICKS_MAX + 1];
    uint32_t fiber = d->execution.open ? execution_last(&d->execution)->fiber : 0;
    uint32_t count = d->execution.open ? dpor_picks_so_far(d, d->path.len - 1, picks) : 0;
    bool any = !d->run.tree || count == DPOR_PICKS_MAX;
    any = !take_tree(d, n) || any || !dpor_any_sleeps(&d->run.sleep, fiber);
    for (uint32_t i = 0; i < n->count; i++) {
        struct dpor_option *o = &n->options[i];
        picks[count] = (struct pick){ n->count, i };
        bool sleeps = d->execution.open && d->run.sleep.count && count < DPOR_PICKS_MAX &&
                      dpor_sleeps(&d->run.sleep, fiber, picks, count + 1);
        if (any && !o->wanted && !sleeps)
            o->rank = ++n->ranks;
        o->wanted = (any || o->wanted) && !sleeps;
    }
    return choose_first(n);
}

static bool begin(struct dpor *d, struct dpor_node *n, const struct rt_choice *c)
{
    if (n->fibers)
        return begin_fibers(d, n);
    n->event = c->kind == RT_CHOICE_TIMER || !d->execution.count ? d->execution.count
                                                                 : d->execution.count - 1;
    if (d->path.len > 1 && d->path.nodes[d->path.len - 2].event == n->event)
        d->path.nodes[d->path.len - 2].deeper = true;
    if (d->execution.open)
        n->foot = execution_last(&d->execution)->foot;
    else
        footprint_all(&n->foot);
    return begin_pick(d, n);
}

/* Checks that the last node lies behind the one before it. */
static void check_order(const struct dpor *d)
{
    const struct dpor_node *last = &d->path.nodes[d->path.len - 1];
    RT_CHECK(last->event <= d->execution.count);
    RT_CHECK(!last->fibers || last->event == d->execution.count);
    if (d->path.len < 2)
        return;
    RT_CHECK(last[-1].event <= last->event);
    RT_CHECK(!last->fibers || !last[-1].fibers || last[-1].event < last->event);
    (void)last;
}

/* Checks an option, which is the index-th, by itself. */
static void check_option(const struct dpor_node *node, uint32_t index)
{
    const struct dpor_option *o = &node->options[index];
    RT_CHECK(!o->wanted || (o->rank >= 1 && o->rank <= node->ranks));
    RT_CHECK(!o->done || (o->wanted && !o->tree));
    RT_CHECK(o->wanted || (!o->tree && !o->way_count));
    if (!o->tree)
        return;
    RT_CHECK(node->fibers ? !o->tree->pick.of && o->tree->who == o->who
                          : o->tree->pick.of == node->count && o->tree->pick.chosen == index);
}

void dpor_check_node(const struct dpor_node *node)
{
    RT_CHECK(node->chosen < node->count);
    const struct dpor_option *chosen = &node->options[node->chosen];
    RT_CHECK(chosen->wanted && !chosen->done);
    for (uint32_t i = 0; i < node->count; i++) {
        check_option(node, i);
        for (uint32_t k = 0; k < i; k++)
            RT_CHECK(!node->options[i].wanted || !node->options[k].wanted ||
                     node->options[i].rank != node->options[k].rank);
    }
    (void)chosen;
}

bool dpor_begin_node(struct dpor *d, const struct rt_choice *c)
{
    if (!begin(d, new_node(d, c), c)) {
        d->path.len--;
        return false;
    }
    check_order(d);
    dpor_check_node(&d->path.nodes[d->path.len - 1]);
    return true;
}
