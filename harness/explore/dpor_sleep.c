/* Sleep sets. A step that was explored from a place sleeps until something happens that it
 * conflicts with: run later, it would lead to what has been seen. What a step chooses on its way is
 * part of it: each way to take it sleeps for itself, and a goroutine sleeps if all ways do. */
#include "harness/base/mem.h"
#include "harness/explore/dpor.h"

void dpor_sleep_add(struct dpor_sleepers *list, uint32_t fiber, const struct dpor_way *way)
{
    RT_CHECK(way->len <= DPOR_PICKS_MAX);
    RT_CHECK(!list->count || list->items[list->count - 1].way != way);
    mem_reserve(list->items, list->cap, list->count + 1);
    list->items[list->count++] = (struct dpor_sleeper){ fiber, way };
}

static bool same_picks(const struct pick *a, const struct pick *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].of != b[i].of || a[i].chosen != b[i].chosen)
            return false;
    }
    return true;
}

/* Ways are leaves of a tree of choices: each is its part of all, if options have equal parts. */
bool dpor_sleeps(
        const struct dpor_sleepers *list, uint32_t fiber, const struct pick *picks, uint32_t count)
{
    double part = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct dpor_way *way = list->items[i].way;
        if (list->items[i].fiber != fiber)
            continue;
        uint32_t common = way->len < count ? way->len : count;
        if (!same_picks(way->picks, picks, common))
            continue;
        double weight = 1;
        for (uint32_t k = common; k < way->len; k++)
            weight /= way->picks[k].of;
        part += weight;
    }
    RT_CHECK(part < 1 + 1e-9);
    return part > 1 - 1e-9;
}

bool dpor_any_sleeps(const struct dpor_sleepers *list, uint32_t except)
{
    for (size_t i = 0; i < list->count; i++) {
        uint32_t fiber = list->items[i].fiber;
        if (fiber != except && (list->items[i].way->len == 0 || dpor_sleeps(list, fiber, NULL, 0)))
            return true;
    }
    return false;
}

void dpor_wake(struct dpor_sleepers *list, uint32_t fiber, const struct footprint *foot)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct dpor_sleeper *s = &list->items[i];
        if (s->fiber == fiber || footprint_wakes(&s->way->foot, foot))
            continue;
        if (kept != i)
            list->items[kept] = *s;
        kept++;
    }
    list->count = kept;
}

void dpor_sleep_at(const struct dpor_node *node, struct dpor_sleepers *list)
{
    list->count = 0;
    for (size_t i = 0; i < node->sleep.count; i++)
        dpor_sleep_add(list, node->sleep.items[i].fiber, node->sleep.items[i].way);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct dpor_option *o = &node->options[i];
        for (size_t k = 0; k < o->way_count; k++)
            dpor_sleep_add(list, o->fiber, &o->ways[k]);
    }
}

void dpor_way_done(struct dpor_option *option, const struct pick *picks, uint32_t count,
        const struct footprint *foot)
{
    uint32_t len = count < DPOR_PICKS_MAX ? count : DPOR_PICKS_MAX;
    for (size_t i = 0; i < option->way_count; i++) {
        struct dpor_way *way = &option->ways[i];
        uint32_t common = way->len < len ? way->len : len;
        if (!same_picks(way->picks, picks, common))
            continue;
        RT_CHECK(way->len == len);
        footprint_merge(&way->foot, foot);
        return;
    }
    mem_reserve(option->ways, option->ways_cap, option->way_count + 1);
    struct dpor_way *way = &option->ways[option->way_count++];
    way->foot = *foot;
    way->len = len;
    for (uint32_t i = 0; i < len; i++)
        way->picks[i] = picks[i];
}
