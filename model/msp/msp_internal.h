/* Shared by the files of the MSP. */
#ifndef CCLAB_MODEL_MSP_MSP_INTERNAL_H
#define CCLAB_MODEL_MSP_MSP_INTERNAL_H

#include "model/crypto/x509.h"
#include "model/msp/msp.h"

/* bccspmsp. */
struct msp {
    enum msp_version version;
    rt_str name;
    struct identity_deserializer deserializer;
    struct x509_pool roots; /* sanitized */
    struct x509_pool intermediates;
    struct x509_pool internal_nodes; /* authorities that have authorities below them */
    const struct x509_certificate **admins;
    size_t admin_count;
    struct x509_crl **crls;
    size_t crl_count;
    struct ou_identifier *ou_identifiers;
    size_t ou_count;
    bool ou_enforcement;
    struct ou_identifier client_ou;
    struct ou_identifier peer_ou;
    const struct signing_identity *signer;
    int64_t now_ms; /* at setup */
};

/* identity. */
struct identity {
    struct msp_identity base;
    const struct msp *msp; /* NULL: only serializes */
    const struct x509_certificate *cert;
};

/* newIdentity: sanitizes the certificate. */
RT_MUST_USE struct rt_error *identity_new(
        const struct x509_certificate *cert, const struct msp *msp, const struct identity **out);
/* A signing identity around an identity and a P-256 key. */
const struct signing_identity *signing_identity_new(
        const struct identity *identity, rt_bytes private_key);

/* Setup of an MSP that has its name and version. */
RT_MUST_USE struct rt_error *msp_setup(struct msp *msp, const struct msp_config *config);

/* getCertFromPem. */
RT_MUST_USE struct rt_error *msp_cert_from_pem(rt_bytes pem, const struct x509_certificate **out);
/* deserializeIdentityInternal. */
RT_MUST_USE struct rt_error *msp_deserialize_internal(
        const struct msp *msp, rt_bytes id_bytes, const struct identity **out);
RT_MUST_USE struct rt_error *msp_is_well_formed(
        void *self, const Msp__SerializedIdentity *identity);

/* mspimplvalidate.go */
RT_MUST_USE struct rt_error *msp_unique_chain(
        const struct msp *msp, const struct x509_certificate *cert, struct x509_chain *out);
RT_MUST_USE struct rt_error *msp_validation_chain(const struct msp *msp,
        const struct x509_certificate *cert, bool intermediate, struct x509_chain *out);
RT_MUST_USE struct rt_error *msp_validate_ca(
        const struct msp *msp, const struct x509_certificate *cert);
RT_MUST_USE struct rt_error *msp_validate(const struct msp *msp, const struct identity *identity);
RT_MUST_USE struct rt_error *msp_subject_key_id(const struct x509_certificate *cert, rt_bytes *out);
RT_MUST_USE struct rt_error *msp_sanitize_cert(const struct msp *msp,
        const struct x509_certificate *cert, const struct x509_certificate **out);
/* getCertificationChainIdentifierFromChain of chain[from:]. */
rt_bytes msp_chain_identifier(const struct x509_chain *chain, size_t from);
/* GetOrganizationalUnits. */
struct ou_identifier *msp_organizational_units(const struct identity *identity, size_t *count);

/* SatisfiesPrincipal. */
RT_MUST_USE struct rt_error *msp_satisfies_principal(
        const struct identity *identity, const Common__MSPPrincipal *principal);

/* How Go prints a []byte with %v. */
rt_str msp_go_bytes(rt_bytes bytes);

#endif
