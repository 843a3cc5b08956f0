/* A peer that answers one input and is then as it was. */
#include "fuzz/peer_once.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/world/world.h"
#include "mocks/docker/engine.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"

struct peer_once {
    struct world *world;
    struct peer_base *base;
    struct rt *machine;
};

static const struct engine_fault no_containers = {
    .kind = ENGINE_FAULT_STATUS,
    .op = ENGINE_OP_CREATE,
    .status = 500,
    .message = RT_STR_INIT("create refused"),
};
static const struct engine_config engine_config = {
    .faults = { .faults = &no_containers, .count = 1 },
    .all_images = true,
};

struct peer_once *peer_once_new(const char *world_path)
{
    struct peer_once *once = mem_new(struct peer_once);
    once->world = world_load(world_path);
    if (!once->world) {
        fprintf(stderr, "fuzz: cannot load %s\n", world_path);
        exit(2);
    }
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct rt_error *err = NULL;
    once->base = peer_base_new(once->world, &err);
    if (!once->base) {
        fprintf(stderr, "fuzz: %s: %s\n", world_path, rt_cstr(err->text));
        exit(2);
    }
    rt_arena_use(before);
    rt_arena_free(arena);
    once->machine = rt_machine_new();
    return once;
}

void peer_once_free(struct peer_once *once)
{
    rt_machine_free(once->machine);
    peer_base_free(once->base);
    world_free(once->world);
    free(once);
}

const struct world *peer_once_world(const struct peer_once *once)
{
    return once->world;
}

void peer_once_begin(struct peer_once *once)
{
    const struct rt_config config = { .start_time_ms = once->world->now_ms };
    rt_begin(once->machine, &config);
}

/* The peer's goroutines that wait although no server's loop and no chaincode stream asks them
 * to. */
static uint32_t count_blocked(struct rt *machine, const struct peer *peer)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(machine, &count);
    uint32_t blocked = 0;
    for (uint32_t i = 0; i < count; i++)
        blocked += rt_fiber_proc(fibers[i]) == peer_proc(peer) && !rt_fiber_is_daemon(fibers[i]);
    return blocked;
}

struct peer_once_result peer_once_propose(struct peer_once *once, rt_bytes signed_proposal)
{
    struct peer_once_result result = { .disk = peer_disk_new(once->base) };
    const struct peer_config config = {
        .base = once->base,
        .disk = result.disk,
        .docker = docker_engine_transport(docker_engine_new(&engine_config)),
    };
    result.peer = peer_start(&config);
    rt_run(once->machine);
    uint32_t blocked_before = count_blocked(once->machine, result.peer);
    const struct peer_call *call =
            peer_process_proposal(result.peer, "ProcessProposal", signed_proposal);
    rt_run(once->machine);

    if (!rt_proc_alive(peer_proc(result.peer))) {
        result.end = PEER_ONCE_PANIC;
        result.text = rt_proc_panic(peer_proc(result.peer));
        return result;
    }
    result.blocked = count_blocked(once->machine, result.peer) - blocked_before;
    if (!call->done) {
        result.end = PEER_ONCE_STUCK;
    } else if (call->error) {
        result.end = PEER_ONCE_ERROR;
        result.text = call->error->text;
    } else {
        result.end = PEER_ONCE_RESPONSE;
        result.response = call->response;
    }
    return result;
}

void peer_once_end(struct peer_once *once)
{
    rt_end(once->machine);
}
