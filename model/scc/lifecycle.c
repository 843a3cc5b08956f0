/* Follows core/chaincode/lifecycle/scc.go. Only the name and the checks of Invoke: no peer with the
 * sample configuration ever starts it, since chaincode.system does not name it. */
#include "model/scc/provider.h"

#include "model/rt/rt.h"
#include "model/shim/shim.h"

#include "proto/proposal_response.pb-c.h"

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    (void)stub;
    return shim_success(RT_NIL);
}

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    (void)self;
    size_t count;
    const rt_bytes *args = stub->get_args(stub->self, &count);
    if (count == 0)
        return shim_error(RT_STR("lifecycle scc must be invoked with arguments"));
    if (count != 2)
        return shim_error(rt_sprintf("lifecycle scc operations require exactly two arguments but "
                                     "received %zu",
                count));
    if (rt_str_is(args[0], "InstallChaincode") || rt_str_is(args[0], "QueryInstalledChaincode"))
        return shim_error(rt_sprintf("cclab does not model %S", args[0]));
    return shim_error(rt_sprintf("unknown lifecycle function: %S", args[0]));
}

const struct self_describing_sys_cc *scc_lifecycle_new(void)
{
    static const struct chaincode chaincode = { .init = init, .invoke = invoke };
    static const struct self_describing_sys_cc scc = {
        .name = RT_STR_INIT("+lifecycle"),
        .path = RT_STR_INIT("github.com/hyperledger/fabric/core/chaincode/lifecycle"),
        .chaincode = &chaincode,
        .invokable_external = true,
        .invokable_cc2cc = true,
        .enabled = true,
    };
    return &scc;
}
