/* outcome: what a scenario says about the end of a run holds in every run, where it says always. */
#include "harness/invariants/all.h"

bool check_outcome(struct check *c, const char *member, rt_str text)
{
    for (size_t i = 0; invariants[i]; i++)
        if (invariants[i] == &invariant_outcome && (c->skip >> i & 1))
            return false;
    check_fail(c, "outcome", rt_str_from(member), RT_STR("run"), "%S", text);
    return true;
}

const struct invariant invariant_outcome = {
    .name = "outcome",
    .sentence = "a run ends as the scenario says that it always does",
};
