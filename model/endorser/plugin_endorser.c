/* Follows core/endorser/plugin_endorser.go and
 * core/handlers/endorsement/builtin/default_endorsement.go. */
#include "model/endorser/plugin_endorser.h"

#include "model/rt/sync.h"
#include "model/shim/shim.h"
#include "model/wire/wire.h"

/* pluginsByChannel: one plugin instance for each channel. */
struct plugins_by_channel {
    struct rt_rwmutex lock;
    const struct endorsement_plugin_factory *factory;
    struct rt_map *channels_to_plugins;
    struct plugin_endorser *endorser;
};

struct plugin_endorser {
    struct rt_mutex lock;
    const struct endorsement_plugin_factory *factories;
    size_t factory_count;
    struct rt_map *plugin_channel_mapping;
    struct channel_state_retriever channel_state;
    struct signing_identity_fetcher fetcher;
};

struct plugin_endorser *plugin_endorser_new(const struct endorsement_plugin_factory *factories,
        size_t factory_count, struct channel_state_retriever channel_state,
        struct signing_identity_fetcher fetcher)
{
    struct plugin_endorser *endorser = rt_new(struct plugin_endorser);
    rt_mutex_init(&endorser->lock, "pluginEndorser");
    endorser->factories = factories;
    endorser->factory_count = factory_count;
    endorser->plugin_channel_mapping = rt_map_new();
    endorser->channel_state = channel_state;
    endorser->fetcher = fetcher;
    return endorser;
}

/* initPlugin. */
static struct rt_error *init_plugin(
        struct plugins_by_channel *pbc, struct endorsement_plugin *plugin, rt_str channel)
{
    struct plugin_endorser *pe = pbc->endorser;
    if (channel.len != 0) {
        struct rt_error *err = pe->channel_state.new_query_creator(pe->channel_state.self, channel);
        if (err)
            return rt_error_wrap(err, "failed obtaining channel state");
    }
    return plugin->init(plugin->self, pe->fetcher);
}

/* createPluginIfAbsent. */
static struct rt_error *create_plugin_if_absent(
        struct plugins_by_channel *pbc, rt_str channel, struct endorsement_plugin **plugin)
{
    rt_rlock(&pbc->lock);
    rt_shared_read(pbc->channels_to_plugins, "pluginsByChannel.channels2Plugins");
    *plugin = rt_map_get(pbc->channels_to_plugins, channel);
    rt_runlock(&pbc->lock);
    if (*plugin)
        return NULL;

    rt_wlock(&pbc->lock);
    struct rt_error *err = NULL;
    *plugin = rt_map_get(pbc->channels_to_plugins, channel);
    if (!*plugin) {
        struct endorsement_plugin *made = pbc->factory->make();
        err = init_plugin(pbc, made, channel);
        if (!err) {
            rt_shared_write(pbc->channels_to_plugins, "pluginsByChannel.channels2Plugins");
            rt_map_put(pbc->channels_to_plugins, channel, made);
            *plugin = made;
        }
    }
    rt_wunlock(&pbc->lock);
    return err;
}

/* getOrCreatePluginChannelMapping. */
static struct plugins_by_channel *get_or_create_plugin_channel_mapping(
        struct plugin_endorser *pe, rt_str plugin, const struct endorsement_plugin_factory *factory)
{
    rt_lock(&pe->lock);
    rt_shared_read(pe->plugin_channel_mapping, "PluginEndorser.pluginChannelMapping");
    struct plugins_by_channel *mapping = rt_map_get(pe->plugin_channel_mapping, plugin);
    if (!mapping) {
        mapping = rt_new(struct plugins_by_channel);
        rt_rwmutex_init(&mapping->lock, "pluginsByChannel");
        mapping->factory = factory;
        mapping->channels_to_plugins = rt_map_new();
        mapping->endorser = pe;
        rt_shared_write(pe->plugin_channel_mapping, "PluginEndorser.pluginChannelMapping");
        rt_map_put(pe->plugin_channel_mapping, plugin, mapping);
    }
    rt_unlock(&pe->lock);
    return mapping;
}

/* getOrCreatePlugin. */
static struct rt_error *get_or_create_plugin(
        struct plugin_endorser *pe, rt_str name, rt_str channel, struct endorsement_plugin **plugin)
{
    for (size_t i = 0; i < pe->factory_count; i++) {
        if (rt_str_is(name, pe->factories[i].name)) {
            struct plugins_by_channel *mapping =
                    get_or_create_plugin_channel_mapping(pe, name, &pe->factories[i]);
            return create_plugin_if_absent(mapping, channel, plugin);
        }
    }
    return rt_errorf("plugin with name %S wasn't found", name);
}

/* proposalResponsePayloadFromContext. */
static struct rt_error *proposal_response_payload(
        const struct endorsement_context *ctx, rt_bytes *payload)
{
    Common__Header *hdr;
    struct rt_error *err = protoutil_get_header(ctx->proposal->header, &hdr);
    if (err)
        return rt_error_wrap(err, "failed parsing header");
    rt_bytes hash;
    err = protoutil_get_proposal_hash1(hdr, ctx->proposal->payload, &hash);
    if (err)
        return rt_error_wrap(err, "could not compute proposal hash");
    err = protoutil_get_bytes_proposal_response_payload(
            hash, ctx->response, ctx->sim_res, ctx->event, ctx->chaincode_id, payload);
    if (err)
        return rt_errorf("failure while marshaling the ProposalResponsePayload");
    return NULL;
}

struct rt_error *plugin_endorser_endorse(struct plugin_endorser *pe,
        const struct endorsement_context *ctx, Protos__ProposalResponse **response)
{
    if (!ctx->response)
        return rt_errorf("response is nil");

    Protos__ProposalResponse *made = WIRE_NEW(protos__proposal_response);
    made->response = ctx->response;
    if (ctx->response->status >= SHIM_ERRORTHRESHOLD) {
        *response = made;
        return NULL;
    }

    struct endorsement_plugin *plugin;
    struct rt_error *err = get_or_create_plugin(pe, ctx->plugin_name, ctx->channel, &plugin);
    if (err)
        return rt_errorf("plugin with name %S could not be used: %v", ctx->plugin_name, err);

    rt_bytes payload;
    err = proposal_response_payload(ctx, &payload);
    if (err)
        return rt_error_wrap(err, "failed assembling proposal response payload");

    err = plugin->endorse(plugin->self, &payload, ctx->signed_proposal, &made->endorsement);
    if (err)
        return err;
    made->version = 1;
    made->payload = payload;
    *response = made;
    return NULL;
}

/* ---- the default endorsement ---- */

struct default_endorsement {
    struct endorsement_plugin plugin;
    struct signing_identity_fetcher fetcher;
};

static struct rt_error *default_init(void *self, struct signing_identity_fetcher fetcher)
{
    ((struct default_endorsement *)self)->fetcher = fetcher;
    return NULL;
}

/* DefaultEndorsement.Endorse. */
static struct rt_error *default_endorse(void *self, rt_bytes *payload,
        const Protos__SignedProposal *signed_proposal, Protos__Endorsement **endorsement)
{
    struct default_endorsement *e = self;
    const struct signing_identity *signer;
    struct rt_error *err =
            e->fetcher.signing_identity_for_request(e->fetcher.self, signed_proposal, &signer);
    if (err)
        return rt_error_wrap(err, "failed fetching signing identity");
    rt_bytes identity = signer->identity->serialize(signer->identity->self);
    rt_bytes signature;
    err = signer->sign(signer->self, rt_str_cat(*payload, identity), &signature);
    if (err)
        return rt_error_wrap(err, "could not sign the proposal response payload");
    Protos__Endorsement *made = WIRE_NEW(protos__endorsement);
    made->signature = signature;
    made->endorser = identity;
    *endorsement = made;
    return NULL;
}

static struct endorsement_plugin *default_make(void)
{
    struct default_endorsement *e = rt_new(struct default_endorsement);
    e->plugin = (struct endorsement_plugin){ e, default_init, default_endorse };
    return &e->plugin;
}

const struct endorsement_plugin_factory default_endorsement_factory = { "escc", default_make };
