/* sim: simulators, query executors and iterators end, and are not used afterwards. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

struct sim_iterator {
    const void *simulator; /* whose it is, or NULL */
    bool closed;
};

/* A simulator or a query executor. */
struct sim_executor {
    const void *self;
    bool done;
    bool reported;
    const char *what;
    rt_str who;     /* who opened it; data == NULL: nobody said so */
    uint32_t fiber; /* the goroutine */
    struct sim_executor *next;
};

struct sim_state {
    struct rt_map *iterators; /* struct sim_iterator, by iterator */
    struct rt_map *executors; /* struct sim_executor, by simulator */
    struct sim_executor *first;
    struct sim_executor **last;
};

static void *sim_begin(struct check *c)
{
    (void)c;
    struct sim_state *s = rt_new(struct sim_state);
    s->iterators = rt_map_new();
    s->executors = rt_map_new();
    s->last = &s->first;
    return s;
}

static struct sim_executor *executor_of(struct sim_state *s, const void *self)
{
    return track_object(s->executors, self, sizeof(struct sim_executor));
}

static bool is_done(const struct sim_state *s, const void *self)
{
    const struct sim_executor *e = track_find(s->executors, self);
    return e && e->done;
}

static void opened(struct sim_state *s, const struct check *c, const struct observed *event)
{
    struct sim_executor *e = executor_of(s, event->simulator);
    *e = (struct sim_executor){ .self = event->simulator,
        .what = event->place,
        .who = check_who_now(c),
        .fiber = check_self_id() };
    *s->last = e;
    s->last = &e->next;
}

static void iterator_used(const struct sim_state *s, struct check *c, const void *iterator)
{
    const struct sim_iterator *i = track_find(s->iterators, iterator);
    if (i && i->closed)
        check_fail(c, "sim", RT_STR("iterator"), check_who_now(c),
                "an iterator is used after its Close");
    else if (i && i->simulator && is_done(s, i->simulator))
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
        iterator_used(s, c, e->object);
        break;
    case OBSERVED_SIMULATOR_OPENED:
        opened(s, c, e);
        break;
    case OBSERVED_SIMULATOR_DONE:
        executor_of(s, e->simulator)->done = true;
        break;
    case OBSERVED_SIMULATOR_USED:
        if (is_done(s, e->simulator))
            check_fail(c, "sim", rt_str_from(e->place), check_who_now(c),
                    "a transaction's simulator is used at %s after its Done", e->place);
        break;
    default:
        break;
    }
}

/* Whoever opened it may still be at work with it; if that waits for ever, others say so. */
static bool in_use(const struct check *c, const struct sim_executor *e)
{
    const struct rt_fiber *fiber = e->fiber ? check_fiber(c, e->fiber) : NULL;
    return fiber && check_is_work(c, fiber);
}

/* Nothing can run: what is open now stays open. */
static void sim_idle(void *self, struct check *c)
{
    struct sim_state *s = self;
    if (!check_peer_lives(c))
        return;
    for (struct sim_executor *e = s->first; e; e = e->next) {
        if (e->done || e->reported || in_use(c, e))
            continue;
        e->reported = true;
        check_fail(c, "sim", rt_sprintf("open %s", e->what), e->who,
                "a %s that %S opened is never done: it holds the commit lock, so the channel's "
                "next block waits for ever",
                e->what, e->who);
    }
}

const struct invariant invariant_sim = {
    .name = "sim",
    .needs_world = true,
    .sentence = "every simulator and query executor gets its Done, and no simulator or iterator is "
                "used after Done or Close",
    .begin = sim_begin,
    .observe = sim_observe,
    .idle = sim_idle,
    .end = sim_idle,
};
