/* Membership: identities, the MSP that judges them, and the managers that find the MSP.
 *
 * Follows Fabric's msp/{msp,identities,mspimpl,mspimplsetup,mspimplvalidate,mspmgrimpl}.go for the
 * X.509 provider ("bccspmsp"). An MSP is set up once from PEM bytes and never changes afterwards,
 * so one made in a world's arena may be shared by any number of runs and threads. Certificates are
 * read as Go's crypto/x509 reads them (model/crypto/x509.h), whatever libcrypto would say.
 *
 * Expensive work is done once per thread and process: a signature check of equal (key, digest,
 * signature) bytes, and a signing of equal (key, digest) bytes. */
#ifndef CCLAB_MODEL_MSP_MSP_H
#define CCLAB_MODEL_MSP_MSP_H

#include "model/rt/error.h"
#include "model/rt/map.h"
#include "model/rt/str.h"
#include "proto/identities.pb-c.h"
#include "proto/msp_principal.pb-c.h"

struct msp;
struct x509_certificate;

/* msp.MSPVersion: what a channel's capabilities make of its MSPs. The local MSP is always 1.0. */
enum msp_version { MSP_V1_0, MSP_V1_1, MSP_V1_3 };

/* msp.IdentityIdentifier. */
struct identity_identifier {
    rt_str mspid;
    rt_str id; /* hex of the SHA-256 of the (sanitized) certificate */
};

/* msp.OUIdentifier. */
struct ou_identifier {
    rt_bytes certifiers_identifier;
    rt_str organizational_unit_identifier;
};

/* msp.Identity. Made by a deserializer in the current arena. */
struct msp_identity {
    void *self;
    /* GetIdentifier and GetMSPIdentifier. */
    struct identity_identifier identifier;
    /* Serialize without its error: the MSP id and the certificate in PEM, marshalled. */
    rt_bytes (*serialize)(void *self);
    /* Validate: chain, revocation and organisational units; NULL if the MSP accepts it. */
    struct rt_error *(*validate)(void *self);
    /* Verify: `signature` over `message`. */
    struct rt_error *(*verify)(void *self, rt_bytes message, rt_bytes signature);
    /* SatisfiesPrincipal. */
    struct rt_error *(*satisfies_principal)(void *self, const Common__MSPPrincipal *principal);
    /* GetOrganizationalUnits: *count of them; none when the identity has no valid chain. */
    struct ou_identifier *(*get_organizational_units)(void *self, size_t *count);
};

/* msp.SigningIdentity: an identity and its key. */
struct signing_identity {
    const struct msp_identity *identity;
    void *self;
    /* Sign: ECDSA in low-S form over the SHA-256 of `message`. Deterministic (RFC 6979), so that
     * equal runs give equal bytes; the real peer draws a nonce. */
    struct rt_error *(*sign)(void *self, rt_bytes message, rt_bytes *signature);
};

/* msp.IdentityDeserializer. On success *out is an identity in the current arena. */
struct identity_deserializer {
    void *self;
    struct rt_error *(*deserialize_identity)(
            void *self, rt_bytes serialized, const struct msp_identity **out);
    /* IsWellFormed. */
    struct rt_error *(*is_well_formed)(void *self, const Msp__SerializedIdentity *identity);
};

/* ---- one MSP ---- */

struct msp_ou_config {
    rt_bytes certificate_pem; /* RT_NIL: any certifier (node OUs only) */
    rt_str organizational_unit_identifier;
};

/* What an MSP is set up from: msp.FabricMSPConfig with PEM bytes. All arrays may be empty. */
struct msp_config {
    rt_str name;
    const rt_bytes *root_certs;
    size_t root_cert_count;
    const rt_bytes *intermediate_certs;
    size_t intermediate_cert_count;
    const rt_bytes *admins;
    size_t admin_count;
    const rt_bytes *revocation_list; /* PEM or DER */
    size_t revocation_count;
    const struct msp_ou_config *organizational_unit_identifiers;
    size_t ou_count;
    /* Node OUs, from version 1.1 on. */
    bool node_ous; /* FabricNodeOus is there */
    bool node_ous_enable;
    struct msp_ou_config client_ou;
    struct msp_ou_config peer_ou;
    /* The signing identity; cert RT_NIL for none. */
    rt_bytes signer_cert;
    rt_bytes signer_key; /* PEM: PKCS#8 or SEC 1 */
    /* time.Now at setup, ms since 1970: an expired signing identity is refused. */
    int64_t now_ms;
};

/* New + Setup: makes an MSP in the current arena. The bytes of `config` must live as long. *out is
 * NULL on an error, whose texts are Setup's. */
RT_MUST_USE struct rt_error *msp_new(
        enum msp_version version, const struct msp_config *config, struct msp **out);
/* GetIdentifier. */
rt_str msp_get_identifier(const struct msp *msp);
/* The MSP as a deserializer; lives as long as the MSP. */
const struct identity_deserializer *msp_deserializer(const struct msp *msp);
/* GetDefaultSigningIdentity. */
RT_MUST_USE struct rt_error *msp_get_default_signing_identity(
        const struct msp *msp, const struct signing_identity **out);

/* NewSerializedIdentity: marshalled SerializedIdentity{mspid, pem}. */
rt_bytes msp_new_serialized_identity(rt_str mspid, rt_bytes cert_pem);

/* ---- signing without an MSP: clients of scenarios, fuzzers that repair their input ---- */

/* A signing identity from PEM; `identity` only serializes (validate and the rest refuse). `*out` is
 * in the current arena. */
RT_MUST_USE struct rt_error *msp_signer_new(
        rt_str mspid, rt_bytes cert_pem, rt_bytes key_pem, const struct signing_identity **out);

/* ---- MSP managers ---- */

/* mspManagerImpl. */
struct msp_manager;
/* NewMSPManager + Setup, in the current arena; of two MSPs of one name the later one counts. */
struct msp_manager *msp_manager_new(const struct msp *const *msps, size_t count);
const struct identity_deserializer *msp_manager_deserializer(const struct msp_manager *manager);
/* GetMSPs: name to const struct msp. */
const struct rt_map *msp_manager_get_msps(const struct msp_manager *manager);

/* ---- msp/mgmt: the local MSP and the channels' managers ---- */

struct msp_mgmt;
/* Knows the local MSP and no channel. */
struct msp_mgmt *msp_mgmt_new(const struct msp *local_msp);
/* XXXSetMSPManager: a channel is (re)configured. */
void msp_mgmt_set_manager(
        struct msp_mgmt *mgmt, rt_str channel_id, const struct msp_manager *manager);
const struct msp *msp_mgmt_get_local_msp(const struct msp_mgmt *mgmt);
/* GetManagerForChain: never NULL; for a channel nobody knows, and for "", one that says "channel
 * doesn't exist" (and is remembered from then on, as in Fabric). */
const struct identity_deserializer *msp_mgmt_get_manager_for_chain(
        struct msp_mgmt *mgmt, rt_str channel_id);
/* GetIdentityDeserializer: the local MSP for "", else GetManagerForChain. */
const struct identity_deserializer *msp_mgmt_get_identity_deserializer(
        struct msp_mgmt *mgmt, rt_str channel_id);

/* localMSPPrincipalGetter.Get: role "Admins" or "Members" of the local MSP. */
RT_MUST_USE struct rt_error *msp_local_principal_get(
        const struct msp *local_msp, rt_str role, Common__MSPPrincipal **out);

/* common/crypto.ExpiresAt: NotAfter of the certificate in a serialized identity, seconds since
 * 1970; false (Go's zero time) when there is none to be read. */
bool crypto_expires_at(rt_bytes serialized_identity, int64_t *seconds);

#endif
