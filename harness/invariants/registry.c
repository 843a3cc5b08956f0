/* The table of all invariants: to add one, declare it and name it. */
#include "harness/invariants/all.h"

const struct invariant *const invariants[] = {
    &invariant_no_panic,
    &invariant_live,
    &invariant_launching,
    &invariant_result,
    &invariant_own,
    &invariant_one,
    &invariant_order,
    &invariant_once,
    &invariant_reply,
    &invariant_quiesce,
    &invariant_init,
    &invariant_key,
    &invariant_sim,
    &invariant_err,
    &invariant_syscc,
    &invariant_race,
    &invariant_stuck,
    &invariant_livelock,
    &invariant_answer,
    &invariant_outcome,
    &invariant_told,
    &invariant_solicited,
    NULL,
};
_Static_assert(sizeof(invariants) / sizeof(*invariants) - 1 <= CHECK_INVARIANTS_MAX,
        "each has a bit in struct check");
