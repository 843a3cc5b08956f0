/* syscc: nobody deploys or starts a system chaincode in a container. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "mocks/docker/engine.h"

struct syscc_state {
    size_t seen; /* requests to the engine */
};

static void *syscc_begin(struct check *c)
{
    (void)c;
    return rt_new(struct syscc_state);
}

static void syscc_step(void *self, struct check *c)
{
    struct syscc_state *s = self;
    size_t count = 0;
    const struct engine_request *requests =
            c->engine ? docker_engine_requests(c->engine, &count) : NULL;
    for (; s->seen < count; s->seen++) {
        const struct engine_request *request = &requests[s->seen];
        if (request->op != ENGINE_OP_CREATE)
            continue;
        for (size_t i = 0; chaincode_system_names[i]; i++) {
            rt_str name = rt_str_from(chaincode_system_names[i]);
            struct ccid ccid = { .name = name };
            rt_str container =
                    docker_vm_get_vm_name(c->settings->network_id, c->settings->id, ccid);
            if (rt_str_contains(request->uri, rt_sprintf("name=%S-", container)))
                check_fail(c, "syscc", RT_STR("container"), RT_STR("DockerVM"),
                        "a container is made for the system chaincode %S", name);
        }
    }
}

static void syscc_returned(void *self, struct check *c, const struct check_call *call)
{
    (void)self;
    if (chaincode_accepted(call) && chaincode_is_system(c, call->chaincode))
        check_fail(c, "syscc", rt_sprintf("lscc %S", call->lscc), RT_STR("ProcessProposal"),
                "%S of the system chaincode's name %S was accepted", call->lscc, call->chaincode);
}

const struct invariant invariant_syscc = {
    .name = "syscc",
    .needs_world = true,
    .sentence =
            "no proposal deploys, upgrades, installs or starts a container for a system chaincode",
    .begin = syscc_begin,
    .step = syscc_step,
    .call_returned = syscc_returned,
};
