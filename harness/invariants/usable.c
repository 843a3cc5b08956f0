/* usable: what was accepted can be used later. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"

/* The plugins that a peer has, see core.yaml's peer.handlers. */
static void call_returned(void *self, struct check *c, const struct check_call *call)
{
    (void)self;
    if (!call->escc.data || !chaincode_accepted(call))
        return;
    if (!rt_str_is(call->escc, "escc"))
        check_fail(c, "usable", RT_STR("endorsement plugin"), rt_sprintf("lscc %S", call->lscc),
                "%S of %S was endorsed with the endorsement plugin \"%S\", which the peer lacks: "
                "no transaction of it will ever be endorsed",
                call->lscc, call->chaincode, call->escc);
    if (!rt_str_is(call->vscc, "vscc"))
        check_fail(c, "usable", RT_STR("validation plugin"), rt_sprintf("lscc %S", call->lscc),
                "%S of %S was endorsed with the validation plugin \"%S\", which the peer lacks: "
                "the first block with a transaction of it stops the channel",
                call->lscc, call->chaincode, call->vscc);
    if (call->bad_policy.data)
        check_fail(c, "usable", RT_STR("endorsement policy"), rt_sprintf("lscc %S", call->lscc),
                "%S of %S was endorsed with a policy that nothing can satisfy: %S", call->lscc,
                call->chaincode, call->bad_policy);
}

const struct invariant invariant_usable = {
    .name = "usable",
    .needs_world = true,
    .sentence = "what lscc accepts can be used: plugins that exist, a policy that can be satisfied",
    .call_returned = call_returned,
};
