/* Follows core/handlers/auth/auth.go and core/handlers/auth/filter/{filter,expiration}.go. */
#include "model/endorser/auth_filter.h"

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"

struct filter {
    struct auth_filter base;
    const struct endorser_server *next;
};

static void filter_init(void *self, const struct endorser_server *next)
{
    ((struct filter *)self)->next = next;
}

static struct rt_error *forward(const struct filter *filter,
        const Protos__SignedProposal *signed_proposal, Protos__ProposalResponse **out)
{
    return RT_DEREF(filter->next)->process_proposal(filter->next->self, signed_proposal, out);
}

static struct rt_error *filter_process(
        void *self, const Protos__SignedProposal *signed_proposal, Protos__ProposalResponse **out)
{
    return forward(self, signed_proposal, out);
}

struct rt_error *auth_expiration_check(
        const Protos__SignedProposal *signed_proposal, int64_t now_ms)
{
    Protos__Proposal *proposal;
    struct rt_error *err =
            protoutil_get_proposal(RT_DEREF(signed_proposal)->proposal_bytes, &proposal);
    if (err)
        return rt_error_wrap(err, "failed parsing proposal");
    Common__Header *header;
    err = protoutil_get_header(proposal->header, &header);
    if (err)
        return rt_error_wrap(err, "failed parsing header");
    Common__SignatureHeader *signature_header;
    err = protoutil_get_signature_header(header->signature_header, &signature_header);
    if (err)
        return rt_error_wrap(err, "failed parsing signature header");
    int64_t expires_s;
    if (!crypto_expires_at(signature_header->creator, &expires_s))
        return NULL;
    /* now > expiration, without overflow in the far ends of certificates' time */
    int64_t now_s = now_ms / 1000;
    bool later = now_s > expires_s || (now_s == expires_s && now_ms % 1000 > 0);
    return later ? rt_errorf("identity expired") : NULL;
}

static struct rt_error *expiration_process(
        void *self, const Protos__SignedProposal *signed_proposal, Protos__ProposalResponse **out)
{
    *out = NULL;
    struct rt_error *err = auth_expiration_check(signed_proposal, rt_wall_ns() / RT_MS);
    if (err)
        return err;
    return forward(self, signed_proposal, out);
}

static struct auth_filter *filter_make(struct rt_error *(*process)(
        void *, const Protos__SignedProposal *, Protos__ProposalResponse **))
{
    struct filter *filter = rt_new(struct filter);
    filter->base.server.self = filter;
    filter->base.server.process_proposal = process;
    filter->base.init = filter_init;
    return &filter->base;
}

struct auth_filter *auth_filter_new(void)
{
    return filter_make(filter_process);
}

struct auth_filter *auth_filter_new_expiration_check(void)
{
    return filter_make(expiration_process);
}

const struct endorser_server *auth_chain_filters(
        const struct endorser_server *endorser, struct auth_filter *const *filters, size_t count)
{
    if (count == 0)
        return endorser;
    for (size_t i = 0; i + 1 < count; i++)
        filters[i]->init(filters[i]->server.self, &filters[i + 1]->server);
    filters[count - 1]->init(filters[count - 1]->server.self, endorser);
    return &filters[0]->server;
}
