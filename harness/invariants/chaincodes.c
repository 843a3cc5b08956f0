/* What invariants ask about chaincodes. */
#include "harness/invariants/chaincodes.h"
#include "model/lab/variants.h"

const char *const chaincode_system_names[] = { "lscc", "cscc", "qscc", "escc", "vscc", "+lifecycle",
    NULL };

bool chaincode_is_system(const struct check *c, rt_str name)
{
    for (size_t i = 0; c->settings && chaincode_system_names[i]; i++)
        if (rt_str_is(name, chaincode_system_names[i]))
            return true;
    return false;
}

struct ccid chaincode_ccid(const struct check *c, rt_str name, rt_str version)
{
    return (struct ccid){ name, version, variant_on(c->variants, VARIANT_FIX_NAMES_DISTINCT) };
}

bool chaincode_accepted(const struct check_call *call)
{
    /* An install belongs to no channel: its answer has no endorsement. */
    return call->lscc.len > 0 && (call->endorsed || rt_str_is(call->lscc, "install")) &&
           call->status > 0 && call->status < 400;
}
