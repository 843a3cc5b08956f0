/* left: a launch that has failed leaves no container running. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "mocks/docker/engine.h"

struct left_entry {
    uint32_t launches; /* in progress */
    uint32_t handlers;
    bool failed;      /* the last one that ended */
    bool stop_failed; /* its Runtime.Stop has, and said so */
    bool orphan;      /* its handler was taken away, which is a finding of own */
};

struct left_state {
    struct rt_map *names; /* struct left_entry, by chaincode */
};

static void *left_begin(struct check *c)
{
    (void)c;
    struct left_state *s = rt_new(struct left_state);
    s->names = rt_map_new();
    return s;
}

static void left_observe(void *self, struct check *c, const struct observed *e)
{
    struct left_state *s = self;
    (void)c;
    if (!e->cname.data)
        return;
    struct left_entry *entry = track_name(s->names, e->cname, sizeof(*entry));
    switch (e->kind) {
    case OBSERVED_LAUNCH_BEGIN:
        entry->launches++;
        break;
    case OBSERVED_RUNTIME_STOPPED:
        entry->stop_failed = e->err != NULL;
        break;
    case OBSERVED_LAUNCH_END:
        entry->launches -= entry->launches > 0;
        if (e->own)
            entry->failed = e->err != NULL;
        break;
    case OBSERVED_HANDLER_ADDED:
        entry->handlers++;
        entry->orphan = false;
        break;
    case OBSERVED_HANDLER_REMOVED:
        entry->handlers -= entry->handlers > 0;
        entry->orphan = !e->own;
        break;
    default:
        break;
    }
}

/* Nothing will happen any more by itself: what runs now goes on running. */
static void left_idle(void *self, struct check *c)
{
    const struct left_state *s = self;
    size_t count;
    if (!c->engine || !check_peer_lives(c))
        return;
    const struct engine_container_info *all = docker_engine_containers(c->engine, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].state != ENGINE_RUNNING || !all[i].chaincode.data ||
                !check_is_own(c, all[i].name, all[i].chaincode))
            continue;
        const struct left_entry *entry =
                track_name(s->names, all[i].chaincode, sizeof(struct left_entry));
        if (entry->failed && !entry->stop_failed && !entry->orphan && entry->launches == 0 &&
                entry->handlers == 0)
            check_fail(c, "left", RT_STR("container"), RT_STR("RuntimeLauncher.Launch"),
                    "the launch of %S has failed, and its container %S runs on: no handler knows "
                    "it, and nothing will stop it",
                    all[i].chaincode, all[i].name);
    }
}

const struct invariant invariant_left = {
    .name = "left",
    .needs_world = true,
    .sentence = "a launch that has failed leaves no container running",
    .begin = left_begin,
    .observe = left_observe,
    .idle = left_idle,
};
