/* once: how a launch ended is said once. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/chaincode/handler_registry.h"

struct once_entry {
    const struct launch_state *state;
    struct rt_error *err; /* of the first Notify */
    bool reported;
    struct once_entry *next;
};

struct once_state {
    struct rt_map *states;
    struct once_entry *all;
};

static void *once_begin(struct check *c)
{
    (void)c;
    struct once_state *s = rt_new(struct once_state);
    s->states = rt_map_new();
    return s;
}

static void once_observe(void *self, struct check *c, const struct observed *e)
{
    struct once_state *s = self;
    (void)c;
    if (e->kind != OBSERVED_LAUNCH_NOTIFIED || track_find(s->states, e->state))
        return;
    struct once_entry *entry = track_object(s->states, e->state, sizeof(*entry));
    *entry = (struct once_entry){ e->state, e->err, false, s->all };
    s->all = entry;
}

static void once_step(void *self, struct check *c)
{
    struct once_state *s = self;
    for (struct once_entry *entry = s->all; entry; entry = entry->next) {
        if (entry->state->err == entry->err || entry->reported)
            continue;
        entry->reported = true;
        check_fail(c, "once", RT_STR("LaunchState"), check_who_now(c),
                "a launch was done with the error %v, and later its error became %v", entry->err,
                entry->state->err);
    }
}

const struct invariant invariant_once = {
    .name = "once",
    .sentence = "a LaunchState becomes done once, and its error never changes afterwards",
    .begin = once_begin,
    .observe = once_observe,
    .step = once_step,
};
