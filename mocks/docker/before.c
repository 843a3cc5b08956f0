/* What an engine has from before: containers that somebody made, and images that hold other code
 * than their names say. */
#include "mocks/docker/internal.h"

/* Ignores TERM, does nothing. */
static void idle(void *self, struct engine_process *process)
{
    void *never = NULL;
    (void)self;
    (void)process;
    rt_daemon();
    rt_recv(NULL, &never);
}

static void run_idle(struct container *c)
{
    c->process = (struct engine_process){
        .engine = c->engine,
        .id = c->id,
        .name = c->name,
        .image = c->image_name,
        .env = c->env,
    };
    c->program = (struct engine_program){ NULL, idle, -1 };
    container_run(c);
}

void docker_engine_add_container(
        struct docker_engine *engine, const struct engine_old_container *old)
{
    struct container *c = container_add(engine, old->name);
    c->image_name = old->image;
    c->image = image_find(engine, old->image);
    c->stop_timeout = -1;
    if (old->chaincode.len > 0)
        c->env = str_slice_append(c->env, rt_sprintf("CORE_CHAINCODE_ID_NAME=%S", old->chaincode));
    if (old->state == ENGINE_RUNNING || old->state == ENGINE_PAUSED) {
        run_idle(c);
    } else if (old->state != ENGINE_CREATED) {
        c->exit_code = old->exit_code;
        c->started_ns = c->finished_ns = c->created_ns;
    }
    c->state = old->state;
}

void docker_engine_image_holds(struct docker_engine *engine, rt_str reference, rt_str code)
{
    struct image *i = image_find(engine, reference);
    if (i)
        i->code = code;
}
