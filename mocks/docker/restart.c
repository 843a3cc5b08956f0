/* A restart of the engine: what it keeps, and what it finds when it comes up again.
 *
 * Images, containers, the log of requests and the counts of faults are on its disk or belong to
 * whoever watches; connections, waits and attachments are gone. */
#include "mocks/docker/internal.h"

/* An engine without live-restore ends what runs before it goes. */
static void end_containers(struct docker_engine *e)
{
    for (struct container *c = e->containers; c; c = c->next)
        if (c->proc && rt_proc_alive(c->proc))
            rt_proc_exit(c->proc, 137, NULL);
}

/* A removal that was cut off leaves a dead container; a policy brings others up again. */
static void come_up(struct container *c)
{
    c->waiters = NULL;
    c->attachments = NULL;
    c->changed = NULL;
    c->restart_timer = NULL;
    if (c->state == ENGINE_REMOVING)
        c->state = ENGINE_DEAD;
    if (c->state == ENGINE_RESTARTING)
        container_restart_now(c);
}

void docker_engine_restart(struct docker_engine *engine)
{
    end_containers(engine);
    rt_proc_exit(engine->proc, 0, NULL);
    engine->listener_count = 0;
    engine->listeners = NULL;
    engine_begin(engine);
    for (struct container *c = engine->containers; c; c = c->next)
        come_up(c);
}
