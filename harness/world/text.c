/* From a world to its text: what the tables write, and what changes start from. */
#include <string.h>

#include "harness/world/spec.h"
#include "harness/world/world.h"

static struct json_list list_of(const void *items, size_t count)
{
    return (struct json_list){ (void *)(uintptr_t)items, count };
}

static struct identity_text identity_text_of(const struct world_identity *identity)
{
    return (struct identity_text){ .name = identity->name,
        .mspid = identity->mspid,
        .cert = identity->cert_pem,
        .key = identity->key_pem };
}

static struct json_list identities_of(const struct world *world)
{
    struct identity_text *texts = rt_new_array(struct identity_text, world->identity_count + 1);
    for (size_t i = 0; i < world->identity_count; i++)
        texts[i] = identity_text_of(&world->identities[i]);
    return list_of(texts, world->identity_count);
}

static struct msp_text msp_text_of(const struct world_msp *msp)
{
    return (struct msp_text){ .name = msp->mspid,
        .ca = msp->ca_pem,
        .admin = msp->admin_pem,
        .roots = list_of(msp->roots.items, msp->roots.count),
        .intermediates = list_of(msp->intermediates.items, msp->intermediates.count),
        .admins = list_of(msp->admins.items, msp->admins.count),
        .crls = list_of(msp->crls.items, msp->crls.count),
        .client_ou = msp->client_ou,
        .peer_ou = msp->peer_ou };
}

static struct json_list msps_of(const struct world *world)
{
    struct msp_text *texts = rt_new_array(struct msp_text, world->msp_count + 1);
    for (size_t i = 0; i < world->msp_count; i++)
        texts[i] = msp_text_of(&world->msps[i]);
    return list_of(texts, world->msp_count);
}

static struct key_text key_text_of(const struct world_key *key)
{
    int64_t *version = rt_new_array(int64_t, 2);
    version[0] = (int64_t)key->block;
    version[1] = (int64_t)key->tx;
    return (struct key_text){
        .name = key->key, .value = key->value, .metadata = key->metadata, .version = { version, 2 }
    };
}

/* The keys are in the order of their namespaces. */
static struct json_list state_of(const struct world_channel *channel)
{
    size_t count = 0;
    struct namespace_text *texts = rt_new_array(struct namespace_text, channel->state_count + 1);
    struct key_text *keys = rt_new_array(struct key_text, channel->state_count + 1);
    for (size_t i = 0; i < channel->state_count; i++) {
        const struct world_key *key = &channel->state[i];
        if (i == 0 || !rt_str_eq(key->ns, key[-1].ns))
            texts[count++] = (struct namespace_text){ .name = key->ns, .keys = { &keys[i], 0 } };
        keys[i] = key_text_of(key);
        texts[count - 1].keys.count++;
    }
    return list_of(texts, count);
}

static struct json_list channels_of(const struct world *world)
{
    struct channel_text *texts = rt_new_array(struct channel_text, world->channel_count + 1);
    for (size_t i = 0; i < world->channel_count; i++) {
        const struct world_channel *channel = &world->channels[i];
        texts[i] = (struct channel_text){ .name = channel->name,
            .capabilities = list_of(channel->capabilities, channel->capability_count),
            .orgs = list_of(channel->orgs, channel->org_count),
            .height = (int64_t)channel->height,
            .current_block_hash = channel->current_block_hash,
            .previous_block_hash = channel->previous_block_hash,
            .config = channel->config,
            .acls = list_of(channel->acls, channel->acl_count),
            .state = state_of(channel) };
    }
    return list_of(texts, world->channel_count);
}

struct world_text world_text_of(const struct world *world)
{
    char now[32];
    struct world_text text = { .format = 1 };
    world_time_text(world->now_ms, now);
    text.now = rt_str_dup(rt_str_from(now));
    text.peer.settings = world->peer;
    text.peer.identity = rt_new(struct identity_text);
    *text.peer.identity = identity_text_of(&world->peer.identity);
    text.peer.identity->mspid = RT_NIL; /* it is the peer's own */
    text.identities = identities_of(world);
    text.msps = msps_of(world);
    text.channels = channels_of(world);
    text.packages = list_of(world->packages, world->package_count);
    return text;
}

json_t *world_to_json(const struct world *world)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct world_text text = world_text_of(world);
    json_t *value = json_make(&world_spec, &text, true);
    rt_arena_use(before);
    rt_arena_free(arena);
    return value;
}
