/* one: at most one container of a chaincode starts, and lives. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "mocks/docker/engine.h"

struct one_state {
    struct rt_map *starting; /* uint32_t, by chaincode */
    size_t starts;           /* of the engine, when its containers were last compared */
};

static void *one_begin(struct check *c)
{
    (void)c;
    struct one_state *s = rt_new(struct one_state);
    s->starting = rt_map_new();
    return s;
}

static void one_observe(void *self, struct check *c, const struct observed *e)
{
    struct one_state *s = self;
    if (e->kind != OBSERVED_RUNTIME_START && e->kind != OBSERVED_RUNTIME_STARTED)
        return;
    uint32_t *starting = track_name(s->starting, e->cname, sizeof(*starting));
    if (e->kind == OBSERVED_RUNTIME_STARTED) {
        if (*starting > 0)
            (*starting)--;
        return;
    }
    if (++*starting > 1)
        check_fail(c, "one", RT_STR("Runtime.Start"), check_who_now(c),
                "a container of %S is started while %u other starts of it are in progress: the "
                "second start removes the first one's container",
                e->cname, *starting - 1);
}

static bool lives(const struct engine_container_info *c)
{
    return c->chaincode.data && (c->state == ENGINE_RUNNING || c->state == ENGINE_PAUSED);
}

/* Only a start adds a container that lives. */
static void one_step(void *self, struct check *c)
{
    struct one_state *s = self;
    size_t count;
    if (!c->engine || docker_engine_starts(c->engine) == s->starts)
        return;
    s->starts = docker_engine_starts(c->engine);
    const struct engine_container_info *all = docker_engine_containers(c->engine, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count && lives(&all[i]); k++) {
            if (lives(&all[k]) && rt_str_eq(all[i].chaincode, all[k].chaincode) &&
                    check_is_own(c, all[i].name, all[i].chaincode) &&
                    check_is_own(c, all[k].name, all[k].chaincode))
                check_fail(c, "one", RT_STR("container"), RT_STR("DockerVM"),
                        "the containers %S and %S of %S live at the same time", all[i].name,
                        all[k].name, all[i].chaincode);
        }
    }
}

const struct invariant invariant_one = {
    .name = "one",
    .sentence =
            "at most one container start is in progress, and one container lives, for a chaincode",
    .begin = one_begin,
    .observe = one_observe,
    .step = one_step,
};
