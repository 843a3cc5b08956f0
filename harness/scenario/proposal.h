/* The SignedProposals of a scenario's steps, made as the command line client makes them.
 *
 * They are made once for a scenario: nonces come from the names of scenario, actor and step, times
 * from the world, signatures are deterministic. So equal runs send equal bytes, and their
 * signatures are checked once. */
#ifndef CCLAB_HARNESS_SCENARIO_PROPOSAL_H
#define CCLAB_HARNESS_SCENARIO_PROPOSAL_H

#include "harness/invariants/check.h"
#include "harness/scenario/scenario.h"
#include "model/msp/msp.h"

/* What a step sends. */
struct step_proposal {
    rt_bytes bytes;
    const struct signing_identity *signer; /* NULL for a file that nobody has to sign on with */
    rt_str channel;
    rt_str refusal; /* what the client says instead of sending it; data == NULL: it sends */
    struct check_call about; /* what invariants look at; to be copied */
};

/* Makes the proposal of a step in the current arena. `number` makes its nonce its own. */
RT_MUST_USE struct rt_error *step_proposal_new(const struct scenario *s,
        const struct scenario_actor *actor, const struct scenario_step *step, size_t number,
        struct step_proposal *out);

#endif
