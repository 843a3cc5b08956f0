/* Endorsement by plugins: one plugin a channel, made when it is first needed.
 *
 * Follows core/endorser/plugin_endorser.go; the one plugin that a peer comes with, the default
 * endorsement of core/handlers/endorsement/builtin, is known as "escc". */
#ifndef CCLAB_MODEL_ENDORSER_PLUGIN_ENDORSER_H
#define CCLAB_MODEL_ENDORSER_PLUGIN_ENDORSER_H

#include "model/msp/msp.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/map.h"

/* endorser.Context: everything about an endorsement in flight. */
struct endorsement_context {
    rt_str plugin_name;
    rt_str channel;
    rt_str txid;
    const Protos__Proposal *proposal;
    const Protos__SignedProposal *signed_proposal;
    Protos__Response *response;
    rt_bytes event;
    const Protos__ChaincodeID *chaincode_id;
    rt_bytes sim_res;
};

/* SigningIdentityFetcher. */
struct signing_identity_fetcher {
    void *self;
    struct rt_error *(*signing_identity_for_request)(void *self,
            const Protos__SignedProposal *request, const struct signing_identity **identity);
};

/* ChannelStateRetriever: fails for a channel that does not exist. */
struct channel_state_retriever {
    void *self;
    struct rt_error *(*new_query_creator)(void *self, rt_str channel);
};

/* endorsement.Plugin. */
struct endorsement_plugin {
    void *self;
    struct rt_error *(*init)(void *self, struct signing_identity_fetcher fetcher);
    /* *payload may be changed. */
    struct rt_error *(*endorse)(void *self, rt_bytes *payload,
            const Protos__SignedProposal *signed_proposal, Protos__Endorsement **endorsement);
};

/* endorsement.PluginFactory. */
struct endorsement_plugin_factory {
    const char *name;
    struct endorsement_plugin *(*make)(void);
};

/* The builtin plugin: signs payload and identity with the peer's key. */
extern const struct endorsement_plugin_factory default_endorsement_factory;

struct plugin_endorser;
/* NewPluginEndorser with the factories by name. */
struct plugin_endorser *plugin_endorser_new(const struct endorsement_plugin_factory *factories,
        size_t factory_count, struct channel_state_retriever channel_state,
        struct signing_identity_fetcher fetcher);

/* PluginEndorser.EndorseWithPlugin: a response without endorsement when its status is an error. */
RT_MUST_USE struct rt_error *plugin_endorser_endorse(struct plugin_endorser *pe,
        const struct endorsement_context *ctx, Protos__ProposalResponse **response);

#endif
