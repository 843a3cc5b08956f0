/* quiesce, sim: nothing is left over, nothing is used after its end. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

/* ---- quiesce ---- */

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
    if (c->peer && !rt_proc_alive(c->peer))
        return;
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    for (uint32_t i = 0; i < count; i++)
        if (check_is_work(c, fibers[i]))
            check_fail(c, "quiesce", check_place(fibers[i]), check_who(c, fibers[i]),
                    "all streams have ended, but the goroutine %s waits for ever at %S",
                    rt_fiber_name(fibers[i]), check_place(fibers[i]));
    size_t open = open_iterators(s);
    if (open > 0)
        check_fail(c, "quiesce", RT_STR("iterators"), RT_STR("peer"),
                "all streams have ended, but %zu iterators are open", open);
}

const struct invariant invariant_quiesce = {
    .name = "quiesce",
    .sentence =
            "when all streams have ended and all calls returned, no goroutine, lock or iterator is "
            "left",
    .begin = quiesce_begin,
    .observe = quiesce_observe,
    .end = quiesce_end,
};

/* ---- sim ---- */

struct sim_state {
    struct rt_map *closed; /* bool, by iterator or simulator */
};

static void *sim_begin(struct check *c)
{
    (void)c;
    struct sim_state *s = rt_new(struct sim_state);
    s->closed = rt_map_new();
    return s;
}

static void sim_observe(void *self, struct check *c, const struct observed *e)
{
    struct sim_state *s = self;
    bool *closed;
    switch (e->kind) {
    case OBSERVED_ITERATOR_OPENED:
        *(bool *)track_object(s->closed, e->object, sizeof(bool)) = false;
        break;
    case OBSERVED_ITERATOR_CLOSED:
        *(bool *)track_object(s->closed, e->object, sizeof(bool)) = true;
        break;
    case OBSERVED_ITERATOR_USED:
    case OBSERVED_SIMULATOR_USED:
        closed = track_find(s->closed, e->object);
        if (closed && *closed)
            check_fail(c, "sim",
                    e->kind == OBSERVED_ITERATOR_USED ? RT_STR("iterator") : RT_STR("simulator"),
                    check_who_now(c), "%s is used after its end",
                    e->kind == OBSERVED_ITERATOR_USED ? "an iterator" : "a simulator");
        break;
    default:
        break;
    }
}

const struct invariant invariant_sim = {
    .name = "sim",
    .needs_world = true,
    .sentence = "no simulator or iterator is used after Done or Close",
    .begin = sim_begin,
    .observe = sim_observe,
};
