/* quiesce: nothing is left over. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

struct quiesce_state {
    struct rt_map *open; /* bool, by iterator */
};

static void *quiesce_begin(struct check *c)
{
    (void)c;
    struct quiesce_state *s = rt_new(struct quiesce_state);
    s->open = rt_map_new();
    return s;
}

static void quiesce_observe(void *self, struct check *c, const struct observed *e)
{
    struct quiesce_state *s = self;
    (void)c;
    if (e->kind == OBSERVED_ITERATOR_OPENED || e->kind == OBSERVED_ITERATOR_CLOSED)
        *(bool *)track_object(s->open, e->object, sizeof(bool)) =
                e->kind == OBSERVED_ITERATOR_OPENED;
}

static size_t open_iterators(const struct quiesce_state *s)
{
    size_t open = 0;
    struct rt_map_entry *entries = rt_map_sorted(s->open);
    for (size_t i = 0; i < rt_map_len(s->open); i++)
        open += *(bool *)entries[i].value;
    return open;
}

static void quiesce_end(void *self, struct check *c)
{
    const struct quiesce_state *s = self;
    if (!check_peer_lives(c))
        return;
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    for (uint32_t i = 0; i < count; i++)
        if (check_is_work(c, fibers[i]))
            check_fail(c, "quiesce", finding_place(fibers[i]), check_who(c, fibers[i]),
                    "all streams have ended, but the goroutine %s waits for ever at %S",
                    rt_fiber_name(fibers[i]), finding_place(fibers[i]));
    size_t open = open_iterators(s);
    if (open > 0)
        check_fail(c, "quiesce", RT_STR("iterators"), RT_STR("peer"),
                "all streams have ended, but %zu iterators are open", open);
}

const struct invariant invariant_quiesce = {
    .name = "quiesce",
    .sentence = "when all streams have ended and all calls returned, no goroutine and no iterator "
                "is left",
    .begin = quiesce_begin,
    .observe = quiesce_observe,
    .end = quiesce_end,
};
