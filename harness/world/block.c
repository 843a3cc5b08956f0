/* Follows the layers that configtx and channelconfig take off a configuration block. */
#include "harness/world/block.h"

#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/world/spec.h"
#include "model/ledger/block_store.h"
#include "model/wire/wire.h"

#include "proto/configtx.pb-c.h"
#include "proto/configuration.pb-c.h"
#include "proto/msp_config.pb-c.h"
#include "proto/peer_configuration.pb-c.h"

enum { MOST_BYTES = 100 << 20, FABRIC_MSP = 0 };

static bool wrong(const char *path, const char *what, const struct rt_error *err)
{
    diag_at((struct diag_place){ .file = path }, "%s%s%s", what, err ? ": " : "",
            err ? rt_cstr(err->text) : "");
    return false;
}

static const Common__ConfigGroup *group_of(const Common__ConfigGroup *group, const char *name)
{
    for (size_t i = 0; group && i < group->n_groups; i++)
        if (rt_str_is(group->groups[i]->key, name))
            return group->groups[i]->value;
    return NULL;
}

/* The bytes of a value; RT_NIL if it is not there. */
static rt_bytes value_of(const Common__ConfigGroup *group, const char *name)
{
    for (size_t i = 0; i < group->n_values; i++)
        if (rt_str_is(group->values[i]->key, name) && group->values[i]->value)
            return group->values[i]->value->value;
    return RT_NIL;
}

/* ---- organisations ---- */

static struct json_list list_of(const rt_bytes *items, size_t count, size_t from)
{
    bool any = count > from;
    return (struct json_list){ any ? (void *)(uintptr_t)(items + from) : NULL,
        any ? count - from : 0 };
}

static struct msp_text text_of(const Msp__FabricMSPConfig *config)
{
    struct msp_text msp = { .name = config->name };
    const Msp__FabricNodeOUs *units = config->fabric_node_ous;
    if (config->n_root_certs > 0)
        msp.ca = config->root_certs[0];
    if (config->n_admins > 0)
        msp.admin = config->admins[0];
    msp.roots = list_of(config->root_certs, config->n_root_certs, 1);
    msp.admins = list_of(config->admins, config->n_admins, 1);
    msp.intermediates = list_of(config->intermediate_certs, config->n_intermediate_certs, 0);
    msp.crls = list_of(config->revocation_list, config->n_revocation_list, 0);
    if (units && units->enable && units->client_ou_identifier && units->peer_ou_identifier) {
        msp.client_ou = units->client_ou_identifier->organizational_unit_identifier;
        msp.peer_ou = units->peer_ou_identifier->organizational_unit_identifier;
    }
    return msp;
}

/* An organisation's MSP; its id is added to `orgs`. */
static bool add_org(const char *path, const Common__ConfigGroup *group, json_t *orgs, json_t *msps)
{
    Msp__MSPConfig *config;
    Msp__FabricMSPConfig *fabric;
    struct rt_error *err = WIRE_UNMARSHAL(msp__mspconfig, value_of(group, "MSP"), &config);
    if (err)
        return wrong(path, "an organisation has no MSP", err);
    if (config->type != FABRIC_MSP)
        return wrong(path, "an organisation's MSP is none of X.509 certificates", NULL);
    err = WIRE_UNMARSHAL(msp__fabric_mspconfig, config->config, &fabric);
    if (err)
        return wrong(path, "an organisation's MSP cannot be read", err);
    struct msp_text msp = text_of(fabric);
    const char *id = rt_cstr(msp.name);
    if (!json_object_get(msps, id))
        json_object_set_new(msps, id, json_make(&world_msp_spec, &msp, true));
    json_array_append_new(orgs, json_string(id));
    return true;
}

/* ---- the application ---- */

static bool add_capabilities(const char *path, const Common__ConfigGroup *group, json_t *channel)
{
    Common__Capabilities *capabilities;
    json_t *names = json_array();
    struct rt_error *err =
            WIRE_UNMARSHAL(common__capabilities, value_of(group, "Capabilities"), &capabilities);
    json_object_set_new(channel, "application_capabilities", names);
    if (err)
        return wrong(path, "the capabilities cannot be read", err);
    for (size_t i = 0; i < capabilities->n_capabilities; i++)
        json_array_append_new(names, json_string(rt_cstr(capabilities->capabilities[i]->key)));
    return true;
}

static bool add_acls(const char *path, const Common__ConfigGroup *group, json_t *channel)
{
    Protos__ACLs *acls;
    json_t *list = json_object();
    struct rt_error *err = WIRE_UNMARSHAL(protos__acls, value_of(group, "ACLs"), &acls);
    json_object_set_new(channel, "acls", list);
    if (err)
        return wrong(path, "the ACLs cannot be read", err);
    for (size_t i = 0; i < acls->n_acls; i++) {
        rt_str policy = acls->acls[i]->value ? acls->acls[i]->value->policy_ref : RT_STR("");
        json_object_set_new(
                list, rt_cstr(acls->acls[i]->key), json_pack("{s:s}", "policy", rt_cstr(policy)));
    }
    return true;
}

static bool add_application(
        const char *path, const Common__ConfigGroup *root, json_t *channel, json_t *msps)
{
    const Common__ConfigGroup *application = group_of(root, "Application");
    json_t *orgs = json_array();
    json_object_set_new(channel, "orgs", orgs);
    if (!application)
        return wrong(path, "is no block of a channel that peers join: it has no Application", NULL);
    for (size_t i = 0; i < application->n_groups; i++)
        if (!application->groups[i]->value ||
                !add_org(path, application->groups[i]->value, orgs, msps))
            return false;
    return add_capabilities(path, application, channel) && add_acls(path, application, channel);
}

/* ---- the layers of a block ---- */

struct layers {
    Common__Block *block;
    Common__Envelope *envelope;
    Common__Payload *payload;
    Common__ChannelHeader *header;
    Common__ConfigEnvelope *config;
};

static bool take_apart(const char *path, rt_bytes bytes, struct layers *l)
{
    struct rt_error *err = WIRE_UNMARSHAL(common__block, bytes, &l->block);
    if (err || !l->block->header || !l->block->data || l->block->data->n_data != 1)
        return wrong(path, "is no configuration block", err);
    err = WIRE_UNMARSHAL(common__envelope, l->block->data->data[0], &l->envelope);
    if (!err)
        err = WIRE_UNMARSHAL(common__payload, l->envelope->payload, &l->payload);
    if (err || !l->payload->header)
        return wrong(path, "is no configuration block", err);
    err = WIRE_UNMARSHAL(common__channel_header, l->payload->header->channel_header, &l->header);
    if (!err)
        err = WIRE_UNMARSHAL(common__config_envelope, l->payload->data, &l->config);
    if (err || !l->config->config || !l->config->config->channel_group)
        return wrong(path, "is no configuration block", err);
    return true;
}

static bool add_channel(const char *path, const struct layers *l, json_t *channels, json_t *msps)
{
    const Common__ConfigGroup *root = l->config->config->channel_group;
    const Common__BlockHeader *header = l->block->header;
    rt_bytes config, hash = block_header_hash(header);
    const char *name = rt_cstr(l->header->channel_id);
    json_t *channel = json_object();
    if (!*name || json_object_get(channels, name))
        return wrong(path, "its channel has no name, or is there twice", NULL);
    json_object_set_new(channels, name, channel);
    struct rt_error *err = wire_marshal(&root->base, &config);
    if (err)
        return wrong(path, "its configuration cannot be written", err);
    json_object_set_new(channel, "height", json_integer((json_int_t)header->number + 1));
    json_object_set_new(channel, "current_block_hash", json_hex_value(hash.data, hash.len));
    if (header->previous_hash.len > 0)
        json_object_set_new(channel, "previous_block_hash",
                json_hex_value(header->previous_hash.data, header->previous_hash.len));
    json_object_set_new(channel, "config", json_hex_value(config.data, config.len));
    return add_application(path, root, channel, msps);
}

bool block_read(const char *path, json_t *channels, json_t *msps)
{
    size_t len;
    struct layers l;
    char *text = file_read(path, MOST_BYTES, &len);
    if (!text)
        return false;
    rt_bytes bytes = rt_bytes_dup(text, len);
    free(text);
    return take_apart(path, bytes, &l) && add_channel(path, &l, channels, msps);
}
