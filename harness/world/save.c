/* A world as JSON, with all of its files in it. */
#include "harness/world/spec.h"

static json_t *text_of(rt_str s)
{
    return json_text_value(s.data, s.len);
}

static json_t *texts_of(const rt_str *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, text_of(items[i]));
    return array;
}

/* Sets a member whose name is a Go string. */
static void set_named(json_t *object, rt_str name, json_t *value)
{
    json_t *key = text_of(name);
    json_object_set_new(object, json_string_value(key), value);
    json_decref(key);
}

static json_t *peer_to_json(const struct world_peer *peer)
{
    json_t *identity = json_object();
    json_object_set_new(identity, "cert", text_of(peer->identity.cert_pem));
    json_object_set_new(identity, "key", text_of(peer->identity.key_pem));
    json_t *o = json_object();
    json_object_set_new(o, "id", text_of(peer->id));
    json_object_set_new(o, "network_id", text_of(peer->network_id));
    json_object_set_new(o, "mspid", text_of(peer->mspid));
    json_object_set_new(o, "identity", identity);
    json_object_set_new(o, "chaincode_address", text_of(peer->chaincode_address));
    json_object_set_new(o, "chaincode_install_path", text_of(peer->chaincode_install_path));
    json_object_set_new(o, "startup_timeout_ms", json_integer(peer->startup_timeout_ms));
    json_object_set_new(o, "execute_timeout_ms", json_integer(peer->execute_timeout_ms));
    json_object_set_new(o, "keepalive_ms", json_integer(peer->keepalive_ms));
    json_object_set_new(o, "tls", json_boolean(peer->tls));
    json_object_set_new(o, "dev_mode", json_boolean(peer->dev_mode));
    json_object_set_new(o, "attach_stdout", json_boolean(peer->attach_stdout));
    json_object_set_new(o, "system_chaincodes",
            texts_of(peer->system_chaincodes, peer->system_chaincode_count));
    json_object_set_new(o, "system_chaincode_version", text_of(peer->system_chaincode_version));
    return o;
}

static json_t *key_to_json(const struct world_key *key)
{
    json_t *o = json_object();
    json_object_set_new(o, "value", json_hex_value(key->value.data, key->value.len));
    if (key->metadata.data)
        json_object_set_new(o, "metadata", json_hex_value(key->metadata.data, key->metadata.len));
    json_object_set_new(
            o, "version", json_pack("[I,I]", (json_int_t)key->block, (json_int_t)key->tx));
    return o;
}

static json_t *channel_to_json(const struct world_channel *channel)
{
    json_t *o = json_object();
    json_object_set_new(o, "application_capabilities",
            texts_of(channel->capabilities, channel->capability_count));
    json_object_set_new(o, "orgs", texts_of(channel->orgs, channel->org_count));
    json_object_set_new(o, "height", json_integer((json_int_t)channel->height));
    if (channel->current_block_hash.data)
        json_object_set_new(o, "current_block_hash",
                json_hex_value(channel->current_block_hash.data, channel->current_block_hash.len));
    if (channel->previous_block_hash.data)
        json_object_set_new(o, "previous_block_hash",
                json_hex_value(
                        channel->previous_block_hash.data, channel->previous_block_hash.len));
    json_t *acls = json_object();
    for (size_t i = 0; i < channel->acl_count; i++)
        set_named(acls, channel->acls[i].resource,
                json_pack("{s:o}", "policy", text_of(channel->acls[i].policy_ref)));
    json_object_set_new(o, "acls", acls);
    json_t *state = json_object();
    json_t *keys = NULL;
    for (size_t i = 0; i < channel->state_count; i++) {
        const struct world_key *key = &channel->state[i];
        if (i == 0 || !rt_str_eq(key->ns, channel->state[i - 1].ns)) {
            keys = json_object();
            set_named(state, key->ns, keys);
        }
        set_named(keys, key->key, key_to_json(key));
    }
    json_object_set_new(o, "state", state);
    return o;
}

json_t *world_to_json(const struct world *world)
{
    char now[32];
    world_time_text(world->now_ms, now);
    json_t *o = json_pack("{s:i, s:s, s:s}", "format", 1, "fabric", "1.4.2", "now", now);
    json_object_set_new(o, "peer", peer_to_json(&world->peer));
    json_t *identities = json_object();
    for (size_t i = 0; i < world->identity_count; i++) {
        const struct world_identity *id = &world->identities[i];
        set_named(identities, id->name,
                json_pack("{s:o, s:o, s:o}", "mspid", text_of(id->mspid), "cert",
                        text_of(id->cert_pem), "key", text_of(id->key_pem)));
    }
    json_object_set_new(o, "identities", identities);
    json_t *msps = json_object();
    for (size_t i = 0; i < world->msp_count; i++) {
        json_t *msp = json_pack("{s:o}", "ca", text_of(world->msps[i].ca_pem));
        if (world->msps[i].admin_pem.data)
            json_object_set_new(msp, "admin", text_of(world->msps[i].admin_pem));
        set_named(msps, world->msps[i].mspid, msp);
    }
    json_object_set_new(o, "msps", msps);
    json_t *channels = json_object();
    for (size_t i = 0; i < world->channel_count; i++)
        set_named(channels, world->channels[i].name, channel_to_json(&world->channels[i]));
    json_object_set_new(o, "channels", channels);
    json_t *packages = json_object();
    for (size_t i = 0; i < world->package_count; i++)
        set_named(packages, world->packages[i].file_name,
                json_hex_value(world->packages[i].content.data, world->packages[i].content.len));
    json_object_set_new(o, "packages", packages);
    return o;
}
