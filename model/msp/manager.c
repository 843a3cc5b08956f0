/* Follows msp/mspmgrimpl.go and msp/mgmt/mgmt.go. */
#include "model/crypto/pem.h"
#include "model/msp/msp_internal.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct msp_manager {
    struct identity_deserializer deserializer;
    struct rt_map *msps;
};

static struct rt_error *manager_deserialize(
        void *self, rt_bytes serialized, const struct msp_identity **out)
{
    const struct msp_manager *manager = self;
    *out = NULL;
    Msp__SerializedIdentity *sid;
    struct rt_error *err = WIRE_UNMARSHAL(msp__serialized_identity, serialized, &sid);
    if (err)
        return rt_error_wrap(err, "could not deserialize a SerializedIdentity");
    const struct msp *msp = rt_map_get(manager->msps, sid->mspid);
    if (!msp)
        return rt_errorf("MSP %S is unknown", sid->mspid);
    const struct identity *identity;
    err = msp_deserialize_internal(msp, sid->id_bytes, &identity);
    if (!err)
        *out = &identity->base;
    return err;
}

static struct rt_error *manager_is_well_formed(void *self, const Msp__SerializedIdentity *identity)
{
    const struct msp_manager *manager = self;
    if (rt_map_len(manager->msps) > 0 && !msp_is_well_formed(NULL, identity))
        return NULL;
    return rt_errorf("no MSP provider recognizes the identity");
}

struct msp_manager *msp_manager_new(const struct msp *const *msps, size_t count)
{
    struct msp_manager *manager = rt_new(struct msp_manager);
    manager->deserializer.self = manager;
    manager->deserializer.deserialize_identity = manager_deserialize;
    manager->deserializer.is_well_formed = manager_is_well_formed;
    manager->msps = rt_map_new();
    for (size_t i = 0; i < count; i++)
        rt_map_put(manager->msps, msps[i]->name, (void *)(uintptr_t)msps[i]);
    return manager;
}

const struct identity_deserializer *msp_manager_deserializer(const struct msp_manager *manager)
{
    return &manager->deserializer;
}

const struct rt_map *msp_manager_get_msps(const struct msp_manager *manager)
{
    return manager->msps;
}

/* ---- msp/mgmt ---- */

struct msp_mgmt {
    const struct msp *local_msp;
    struct rt_map *managers; /* channel to struct identity_deserializer */
};

static struct rt_error *down_deserialize(
        void *self, rt_bytes serialized, const struct msp_identity **out)
{
    (void)self;
    (void)serialized;
    *out = NULL;
    return rt_errorf("channel doesn't exist");
}

static struct rt_error *down_is_well_formed(void *self, const Msp__SerializedIdentity *identity)
{
    (void)self;
    (void)identity;
    return rt_errorf("no MSP provider recognizes the identity");
}

/* The manager of a channel that was asked for and never set up. */
static const struct identity_deserializer down = { NULL, down_deserialize, down_is_well_formed };

struct msp_mgmt *msp_mgmt_new(const struct msp *local_msp)
{
    struct msp_mgmt *mgmt = rt_new(struct msp_mgmt);
    mgmt->local_msp = local_msp;
    mgmt->managers = rt_map_new();
    return mgmt;
}

void msp_mgmt_set_manager(
        struct msp_mgmt *mgmt, rt_str channel_id, const struct msp_manager *manager)
{
    rt_map_put(mgmt->managers, channel_id, (void *)(uintptr_t)&manager->deserializer);
}

const struct msp *msp_mgmt_get_local_msp(const struct msp_mgmt *mgmt)
{
    return mgmt->local_msp;
}

const struct identity_deserializer *msp_mgmt_get_manager_for_chain(
        struct msp_mgmt *mgmt, rt_str channel_id)
{
    if (!rt_map_has(mgmt->managers, channel_id))
        rt_map_put(mgmt->managers, channel_id, (void *)(uintptr_t)&down);
    return rt_map_get(mgmt->managers, channel_id);
}

const struct identity_deserializer *msp_mgmt_get_identity_deserializer(
        struct msp_mgmt *mgmt, rt_str channel_id)
{
    if (channel_id.len == 0)
        return msp_deserializer(mgmt->local_msp);
    return msp_mgmt_get_manager_for_chain(mgmt, channel_id);
}

/* ---- common/crypto/expiration.go ---- */

bool crypto_expires_at(rt_bytes serialized_identity, int64_t *seconds)
{
    Msp__SerializedIdentity *sid;
    struct pem_block block;
    struct x509_certificate *cert;
    if (WIRE_UNMARSHAL(msp__serialized_identity, serialized_identity, &sid) ||
            !pem_decode(sid->id_bytes, &block, NULL) || x509_parse_certificate(block.bytes, &cert))
        return false;
    *seconds = cert->not_after_s;
    return cert->not_after_s != -62135596800; /* Go's zero time */
}
