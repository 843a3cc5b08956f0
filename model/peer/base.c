/* What a world makes of membership and channels: done once, shared by all runs. */
#include <stdlib.h>

#include "model/peer/internal.h"
#include "model/policy/channelconfig.h"

struct peer_base {
    struct rt_arena *arena;
    const struct world *world;
    const struct msp *local_msp;
    const struct signing_identity *signer;
    const struct channel_config **channels; /* as the world's */
    rt_str *incompatible;                   /* likewise; RT_NIL for none */
};

static const struct world_msp *find_msp(const struct world *world, rt_str mspid)
{
    for (size_t i = 0; i < world->msp_count; i++)
        if (rt_str_eq(world->msps[i].mspid, mspid))
            return &world->msps[i];
    return NULL;
}

/* The first one, if there is one, and the others. */
static const rt_bytes *all_of(rt_bytes first, const struct world_pems *others, size_t *count)
{
    rt_bytes *all = rt_new_array(rt_bytes, others->count + 1);
    *count = 0;
    if (first.data)
        all[(*count)++] = first;
    for (size_t i = 0; i < others->count; i++)
        all[(*count)++] = others->items[i];
    return all;
}

static struct rt_error *make_msp(const struct world *world, enum msp_version version, rt_str mspid,
        const struct world_identity *signer, struct msp **msp)
{
    const struct world_msp *from = find_msp(world, mspid);
    if (!from)
        return rt_errorf("there is no MSP %S", mspid);
    struct msp_config *config = rt_new(struct msp_config);
    config->name = mspid;
    config->root_certs = all_of(from->ca_pem, &from->roots, &config->root_cert_count);
    config->intermediate_certs = from->intermediates.items;
    config->intermediate_cert_count = from->intermediates.count;
    config->admins = all_of(from->admin_pem, &from->admins, &config->admin_count);
    config->revocation_list = from->crls.items;
    config->revocation_count = from->crls.count;
    config->node_ous = config->node_ous_enable = from->client_ou.data != NULL;
    config->client_ou.organizational_unit_identifier = from->client_ou;
    config->peer_ou.organizational_unit_identifier = from->peer_ou;
    config->now_ms = world->now_ms;
    if (signer) {
        config->signer_cert = signer->cert_pem;
        config->signer_key = signer->key_pem;
    }
    return rt_error_wrapf(msp_new(version, config, msp), "MSP %S", mspid);
}

/* Capabilities.Supported: what a peer of this release does not know. */
static rt_str unsupported(const struct world_channel *channel)
{
    struct application_capabilities known;
    rt_str unknown;
    return application_capabilities_parse(
                   channel->capabilities, channel->capability_count, &known, &unknown)
                   ? RT_NIL
                   : rt_sprintf("Application capability %S is required but not supported", unknown);
}

/* One whose capabilities are not supported never comes up, and has none. */
static struct rt_error *make_channel(const struct world *world, const struct world_channel *channel,
        bool supported, const struct channel_config **config)
{
    const struct msp **orgs = rt_new_array(const struct msp *, channel->org_count + 1);
    for (size_t i = 0; i < channel->org_count; i++) {
        struct msp *msp;
        struct rt_error *failed = make_msp(world, MSP_V1_3, channel->orgs[i], NULL, &msp);
        if (failed)
            return failed;
        orgs[i] = msp;
    }
    struct channel_acl *acls = rt_new_array(struct channel_acl, channel->acl_count + 1);
    for (size_t i = 0; i < channel->acl_count; i++)
        acls[i] = (struct channel_acl){ channel->acls[i].resource, channel->acls[i].policy_ref };
    const struct config_group *policies;
    struct rt_error *err = peer_channel_policies(channel->config, &policies);
    if (err)
        return rt_error_wrapf(err, "channel %S", channel->name);
    const struct channel_config_params params = {
        .policies = policies,
        .channel_id = channel->name,
        .capabilities = channel->capabilities,
        .capability_count = supported ? channel->capability_count : 0,
        .orgs = orgs,
        .org_count = channel->org_count,
        .acls = acls,
        .acl_count = supported ? channel->acl_count : 0,
    };
    struct channel_config *made;
    err = channel_config_new(&params, &made);
    *config = made;
    return rt_error_wrapf(err, "channel %S", channel->name);
}

static struct rt_error *set_up(struct peer_base *base)
{
    const struct world *world = base->world;
    struct msp *local;
    struct rt_error *err =
            make_msp(world, MSP_V1_0, world->peer.mspid, &world->peer.identity, &local);
    if (err)
        return err;
    base->local_msp = local;
    err = msp_get_default_signing_identity(local, &base->signer);
    if (err)
        return rt_error_wrap(err, "the peer's identity");
    base->channels = rt_new_array(const struct channel_config *, world->channel_count + 1);
    base->incompatible = rt_new_array(rt_str, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++) {
        base->incompatible[i] = unsupported(&world->channels[i]);
        bool supported = !base->incompatible[i].data;
        err = make_channel(world, &world->channels[i], supported, &base->channels[i]);
        if (err)
            return err;
    }
    return NULL;
}

struct peer_base *peer_base_new(const struct world *world, struct rt_error **error)
{
    struct peer_base *base = calloc(1, sizeof *base);
    if (!base)
        abort();
    base->arena = rt_arena_new();
    base->world = world;
    struct rt_arena *before = rt_arena_use(base->arena);
    struct rt_error *err = set_up(base);
    rt_arena_use(before);
    if (!err) {
        *error = NULL;
        return base;
    }
    *error = rt_error_new(rt_str_dup(err->text));
    peer_base_free(base);
    return NULL;
}

void peer_base_free(struct peer_base *base)
{
    if (!base)
        return;
    rt_arena_free(base->arena);
    free(base);
}

const struct world *peer_base_world(const struct peer_base *base)
{
    return base->world;
}

const struct msp *peer_base_local_msp(const struct peer_base *base)
{
    return base->local_msp;
}

const struct signing_identity *peer_base_signer(const struct peer_base *base)
{
    return base->signer;
}

rt_str peer_base_incompatible(const struct peer_base *base, size_t channel)
{
    return base->incompatible[channel];
}

const struct channel_config *peer_base_channel(const struct peer_base *base, rt_str channel)
{
    for (size_t i = 0; i < base->world->channel_count; i++)
        if (rt_str_eq(base->world->channels[i].name, channel))
            return base->channels[i];
    return NULL;
}
