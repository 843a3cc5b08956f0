/* agree: two records of one fact say the same. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "model/chaincode/handler_registry.h"

/* A launch's result is what its state says. */
static void launch_ended(struct check *c, const struct observed *e)
{
    const struct launch_state *state = e->state;
    if (!state || !state->notified || !e->err == !state->err)
        return;
    const char *who = e->own ? "the launch" : "a call that waited for the launch";
    if (e->err)
        check_fail(c, "agree", RT_STR("launch failed, LaunchState ready"), check_who_now(c),
                "%s of %S failed, though the chaincode had registered and was ready: %v", who,
                e->cname, e->err);
    else
        check_fail(c, "agree", RT_STR("launch succeeded, LaunchState failed"), check_who_now(c),
                "%s of %S succeeded, though its state says that it failed: %v", who, e->cname,
                state->err);
}

static void observe(void *self, struct check *c, const struct observed *e)
{
    (void)self;
    if (e->kind == OBSERVED_LAUNCH_END)
        launch_ended(c, e);
}

static void call_returned(void *self, struct check *c, const struct check_call *call)
{
    (void)self;
    if (!call->endorsed)
        return;
    if (call->spec_chaincode.data && !rt_str_eq(call->header_chaincode, call->spec_chaincode))
        check_fail(c, "agree", RT_STR("header's and payload's chaincode"),
                RT_STR("ProcessProposal"),
                "a proposal was endorsed whose header names the chaincode %S and whose payload "
                "names %S",
                call->header_chaincode, call->spec_chaincode);
    if (chaincode_accepted(call) && call->channel_argument.data &&
            !rt_str_eq(call->channel_argument, call->channel))
        check_fail(c, "agree", rt_sprintf("channel of %S", call->lscc), RT_STR("ProcessProposal"),
                "lscc was asked on channel %S to %S on channel %S, and did", call->channel,
                call->lscc, call->channel_argument);
}

const struct invariant invariant_agree = {
    .name = "agree",
    .sentence = "a launch's result is what its state says; header and payload name one chaincode, "
                "header and lscc's argument one channel",
    .observe = observe,
    .call_returned = call_returned,
};
