/* Authentication filters in front of the endorser.
 *
 * Follows core/handlers/auth/auth.go and core/handlers/auth/filter/{filter,expiration}.go. The
 * default peer has DefaultAuth, then ExpirationCheck, then the endorser. What a filter refuses is
 * an error of the call (gRPC code Unknown), not a response. */
#ifndef CCLAB_MODEL_ENDORSER_AUTH_FILTER_H
#define CCLAB_MODEL_ENDORSER_AUTH_FILTER_H

#include "model/rt/error.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"

/* peer.EndorserServer. On an error *out is NULL or, as the endorser does for some errors, a
 * response that goes along with it. */
struct endorser_server {
    void *self;
    struct rt_error *(*process_proposal)(void *self, const Protos__SignedProposal *signed_proposal,
            Protos__ProposalResponse **out);
};

/* auth.Filter: an EndorserServer that can be told which one is next. */
struct auth_filter {
    struct endorser_server server;
    void (*init)(void *self, const struct endorser_server *next);
};

/* filter.NewFilter: lets everything through. */
struct auth_filter *auth_filter_new(void);
/* filter.NewExpirationCheckFilter: refuses what cannot be parsed and creators whose certificate has
 * expired by the run's wall clock. */
struct auth_filter *auth_filter_new_expiration_check(void);
/* ChainFilters: the first filter, or `endorser` when there is none. */
const struct endorser_server *auth_chain_filters(
        const struct endorser_server *endorser, struct auth_filter *const *filters, size_t count);

/* The check itself (validateProposal of expiration.go) against a given time, ms since 1970. */
RT_MUST_USE struct rt_error *auth_expiration_check(
        const Protos__SignedProposal *signed_proposal, int64_t now_ms);

#endif
