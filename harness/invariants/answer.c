/* answer: what a scenario says about an answer holds in every run, where it says always. */
#include "harness/invariants/all.h"

static void returned(void *self, struct check *c, const struct check_call *call)
{
    (void)self;
    if (call->wrong.data)
        check_fail(c, "answer", call->name, RT_STR("ProcessProposal"), "%S: %S", call->name,
                call->wrong);
}

const struct invariant invariant_answer = {
    .name = "answer",
    .sentence = "an answer is what the scenario says that it always is",
    .call_returned = returned,
};
