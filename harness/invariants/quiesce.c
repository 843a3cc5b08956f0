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

struct sim_iterator {
    const void *simulator; /* whose it is, or NULL */
    bool closed;
};

struct sim_state {
    struct rt_map *iterators; /* struct sim_iterator, by iterator */
    struct rt_map *done;      /* bool, by simulator */
};

static void *sim_begin(struct check *c)
{
    (void)c;
    struct sim_state *s = rt_new(struct sim_state);
    s->iterators = rt_map_new();
    s->done = rt_map_new();
    return s;
}

static void sim_iterator_used(const struct sim_state *s, struct check *c, const void *iterator)
{
    const struct sim_iterator *i = track_find(s->iterators, iterator);
    if (i && i->closed)
        check_fail(c, "sim", RT_STR("iterator"), check_who_now(c),
                "an iterator is used after its Close");
    else if (i && i->simulator && track_find(s->done, i->simulator))
        check_fail(c, "sim", RT_STR("iterator of a simulator"), check_who_now(c),
                "an iterator is used after its simulator's Done, which has closed it");
}

static void sim_observe(void *self, struct check *c, const struct observed *e)
{
    struct sim_state *s = self;
    struct sim_iterator *iterator;
    switch (e->kind) {
    case OBSERVED_ITERATOR_OPENED:
        iterator = track_object(s->iterators, e->object, sizeof(*iterator));
        *iterator = (struct sim_iterator){ .simulator = e->simulator };
        break;
    case OBSERVED_ITERATOR_CLOSED:
        iterator = track_object(s->iterators, e->object, sizeof(*iterator));
        iterator->closed = true;
        break;
    case OBSERVED_ITERATOR_USED:
        sim_iterator_used(s, c, e->object);
        break;
    case OBSERVED_SIMULATOR_DONE:
        track_object(s->done, e->simulator, sizeof(bool));
        break;
    case OBSERVED_SIMULATOR_USED:
        if (track_find(s->done, e->simulator))
            check_fail(c, "sim", rt_str_from(e->place), check_who_now(c),
                    "a transaction's simulator is used at %s after its Done", e->place);
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
