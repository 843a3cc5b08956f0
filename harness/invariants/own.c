/* own: who made an entry of the registry removes it. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

struct own_state {
    struct rt_map *launchers; /* uint32_t: the goroutine that added the launch state */
};

static void *own_begin(struct check *c)
{
    (void)c;
    struct own_state *s = rt_new(struct own_state);
    s->launchers = rt_map_new();
    return s;
}

static void own_observe(void *self, struct check *c, const struct observed *e)
{
    struct own_state *s = self;
    if (e->kind == OBSERVED_LAUNCHING_ADDED) {
        *(uint32_t *)track_object(s->launchers, e->state, sizeof(uint32_t)) = check_self_id();
    } else if (e->kind == OBSERVED_HANDLER_REMOVED && !e->own) {
        check_fail(c, "own", RT_STR("handlers"), check_who_now(c),
                "the handler of %S was removed from the registry by somebody else than its own "
                "stream",
                e->cname);
    } else if (e->kind == OBSERVED_LAUNCHING_REMOVED && !e->own) {
        const uint32_t *launcher = track_find(s->launchers, e->state);
        if (launcher && *launcher != check_self_id())
            check_fail(c, "own", RT_STR("launching"), check_who_now(c),
                    "the launch of %S was removed from the registry by somebody else than the "
                    "goroutine that launches it",
                    e->cname);
    }
}

const struct invariant invariant_own = {
    .name = "own",
    .sentence = "only the handler or launch that made a registry entry removes it",
    .begin = own_begin,
    .observe = own_observe,
};
