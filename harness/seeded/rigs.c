/* Old bugs of parts that no scenario reaches, with the parts alone: a system chaincode of a running
 * peer is never stopped. */
#include "harness/seeded/kernel.h"
#include "model/container/inproc_vm.h"
#include "model/lab/variants.h"
#include "model/shim/shim.h"

#include "proto/proposal_response.pb-c.h"

/* ---- a14-inproc-stop-blocks: stopping a system chaincode whose stream has ended ---- */

static Protos__Response never_called(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    (void)stub;
    return shim_success(RT_NIL);
}

/* The peer's side of the stream: it takes one message, and the stream ends. */
static struct rt_error *end_stream(void *self, struct chaincode_stream stream)
{
    struct kernel_world *w = self;
    Protos__ChaincodeMessage *msg;
    struct rt_error *err = stream.recv(stream.self, &msg);
    rt_send(w->done, NULL);
    return err;
}

static void stop_ended(void *arg)
{
    static const struct chaincode system = { NULL, never_called, never_called };
    struct kernel_world *w = arg;
    const struct ccid ccid = { .name = RT_STR("scc"), .version = RT_STR("1") };
    w->done = rt_chan_make(1, "stream ended");
    struct inproc_registry *registry = inproc_registry_new();
    registry->variants = w->fixed ? 0 : (uint64_t)1 << VARIANT_INPROC_STOP_BLOCKS;
    registry->chaincode_support = (struct cc_support){ w, end_stream };
    RT_DROP(inproc_registry_register(registry, &ccid, &system));
    struct vm vm = inproc_vm_new(registry);
    static const rt_str env[] = { RT_STR_INIT("CORE_CHAINCODE_ID_NAME=scc:1") };
    const struct str_slice envs = { env, 1 };
    struct rt_error *err =
            vm.start(vm.self, ccid, (struct str_slice){ 0 }, envs, NULL, (struct builder){ 0 });
    go_program_claim(!err, "a system chaincode starts");
    rt_recv(w->done, NULL);
    err = vm.stop(vm.self, ccid, 0, false, false);
    go_program_claim(!err, "a system chaincode stops");
}

const struct kernel kernels_rig[] = {
    { "a14-inproc-stop-blocks", "stopping a system chaincode that has ended by itself blocks", 0,
            stop_ended },
    { 0 },
};
