/* Follows msp/mspimplvalidate.go and the chain functions of msp/mspimpl.go. */
#include "model/crypto/asn1.h"
#include "model/msp/msp_internal.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

/* Go's zero time, for which x509 takes the present instead. */
static const int64_t zero_time_s = -62135596800;

rt_str msp_go_bytes(rt_bytes bytes)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, '[');
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_printf(&buf, i ? " %u" : "%u", (unsigned)bytes.data[i]);
    rt_buf_put_byte(&buf, ']');
    return rt_buf_str(&buf);
}

/* getValidityOptsForCert: a certificate is judged one second after its own begin, whatever the
 * clock says, so that an expired one still has a chain. */
static struct x509_verify_options validity_options(
        const struct msp *msp, const struct x509_certificate *cert)
{
    int64_t time_s = cert->not_before_s + 1;
    if (time_s == zero_time_s)
        time_s = rt_current() ? rt_wall_ns() / RT_SECOND : msp->now_ms / 1000;
    return (struct x509_verify_options){ &msp->roots, &msp->intermediates, time_s, 0 };
}

struct rt_error *msp_unique_chain(
        const struct msp *msp, const struct x509_certificate *cert, struct x509_chain *out)
{
    struct x509_verify_options options = validity_options(msp, cert);
    struct x509_chain *chains;
    size_t count;
    struct rt_error *err = x509_verify(cert, &options, &chains, &count);
    if (err)
        return rt_error_wrap(err, "the supplied identity is not valid");
    if (count != 1)
        return rt_errorf("this MSP only supports a single validation chain, got %zu", count);
    *out = chains[0];
    return NULL;
}

static bool is_internal_node(const struct msp *msp, const struct x509_certificate *cert)
{
    for (size_t i = 0; i < msp->internal_nodes.count; i++) {
        if (rt_str_eq(msp->internal_nodes.certs[i]->raw, cert->raw))
            return true;
    }
    return false;
}

struct rt_error *msp_validation_chain(const struct msp *msp, const struct x509_certificate *cert,
        bool intermediate, struct x509_chain *out)
{
    struct rt_error *err = msp_unique_chain(msp, cert, out);
    if (err)
        return rt_error_wrap(err, "failed getting validation chain");
    if (out->count < 2)
        return rt_errorf("expected a chain of length at least 2, got %zu", out->count);
    if (is_internal_node(msp, out->certs[intermediate ? 0 : 1]))
        return rt_errorf("invalid validation chain. Parent certificate should be a leaf of the "
                         "certification tree [%S]",
                msp_go_bytes(cert->raw));
    return NULL;
}

/* getCertificationChainForBCCSPIdentity. */
static struct rt_error *identity_chain(
        const struct msp *msp, const struct x509_certificate *cert, struct x509_chain *out)
{
    if (cert->is_ca)
        return rt_errorf(
                "An X509 certificate with Basic Constraint: Certificate Authority equals true "
                "cannot be used as an identity");
    return msp_validation_chain(msp, cert, false, out);
}

rt_bytes msp_chain_identifier(const struct x509_chain *chain, size_t from)
{
    rt_bytes *parts = rt_new_array(rt_bytes, chain->count);
    for (size_t i = from; i < chain->count; i++)
        parts[i - from] = chain->certs[i]->raw;
    return crypto_sha256_parts(parts, chain->count - from);
}

struct ou_identifier *msp_organizational_units(const struct identity *identity, size_t *count)
{
    *count = 0;
    struct x509_chain chain;
    struct rt_error *err = identity_chain(identity->msp, identity->cert, &chain);
    if (err) {
        rt_note("Failed getting certification chain identifier: %v", err);
        return NULL;
    }
    rt_bytes certifiers = msp_chain_identifier(&chain, 1);
    *count = identity->cert->organizational_unit_count;
    struct ou_identifier *units = rt_new_array(struct ou_identifier, *count);
    for (size_t i = 0; i < *count; i++)
        units[i] = (struct ou_identifier){ certifiers, identity->cert->organizational_units[i] };
    return units;
}

/* ---- revocation ---- */

struct rt_error *msp_subject_key_id(const struct x509_certificate *cert, rt_bytes *out)
{
    static const rt_bytes oid = RT_STR_INIT("\x55\x1d\x0e");
    const struct x509_extension *extension = x509_find_extension(cert, oid);
    if (!extension)
        return rt_errorf("subjectKeyIdentifier not found in certificate");
    return rt_error_wrap(asn1_unmarshal_octet_string(extension->value, out),
            "failed to unmarshal Subject Key Identifier");
}

static bool revoked_by(const struct x509_crl *crl, const struct x509_certificate *cert,
        const struct x509_certificate *authority)
{
    for (size_t i = 0; i < crl->revoked_count; i++) {
        if (!rt_str_eq(crl->revoked[i], cert->serial_number))
            continue;
        struct rt_error *err = x509_check_signature(&authority->public_key,
                crl->signature_algorithm, crl->raw_tbs, crl->signature, true);
        if (!err)
            return true;
        rt_note("Invalid signature over the identified CRL, error %v", err);
    }
    return false;
}

/* validateCertAgainstChain. */
static struct rt_error *check_revocation(
        const struct msp *msp, const struct x509_certificate *cert, const struct x509_chain *chain)
{
    rt_bytes key_id;
    struct rt_error *err = msp_subject_key_id(chain->certs[1], &key_id);
    if (err)
        return rt_error_wrap(err, "could not obtain Subject Key Identifier for signer cert");
    for (size_t i = 0; i < msp->crl_count; i++) {
        const struct x509_crl *crl = msp->crls[i];
        err = crl->authority_key_id_error;
        if (!err && !crl->has_authority_key_id)
            err = rt_errorf("authorityKeyIdentifier not found in certificate");
        if (err)
            return rt_error_wrap(err, "could not obtain Authority Key Identifier for crl");
        if (rt_str_eq(crl->authority_key_id, key_id) && revoked_by(crl, cert, chain->certs[1]))
            return rt_errorf("The certificate has been revoked");
    }
    return NULL;
}

struct rt_error *msp_validate_ca(const struct msp *msp, const struct x509_certificate *cert)
{
    if (!cert->is_ca)
        return rt_errorf("Only CA identities can be validated");
    struct x509_chain chain;
    struct rt_error *err = msp_unique_chain(msp, cert, &chain);
    if (err)
        return rt_error_wrap(err, "could not obtain certification chain");
    return chain.count == 1 ? NULL : check_revocation(msp, cert, &chain);
}

/* ---- organizational units ---- */

static rt_str units_text(const struct ou_identifier *units, size_t count)
{
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < count; i++)
        rt_buf_printf(&buf, i ? " %S" : "%S", units[i].organizational_unit_identifier);
    return rt_buf_str(&buf);
}

static bool unit_listed(const struct msp *msp, const struct ou_identifier *unit)
{
    for (size_t i = 0; i < msp->ou_count; i++) {
        if (rt_str_eq(msp->ou_identifiers[i].organizational_unit_identifier,
                    unit->organizational_unit_identifier) &&
                rt_str_eq(
                        msp->ou_identifiers[i].certifiers_identifier, unit->certifiers_identifier))
            return true;
    }
    return false;
}

/* validateIdentityOUsV1. Fabric prints the units as pointers; here they are names. */
static struct rt_error *check_listed_units(const struct msp *msp, const struct identity *identity)
{
    if (msp->ou_count == 0)
        return NULL;
    size_t count;
    const struct ou_identifier *units = msp_organizational_units(identity, &count);
    for (size_t i = 0; i < count; i++) {
        if (unit_listed(msp, &units[i]))
            return NULL;
    }
    if (count == 0)
        return rt_errorf("the identity certificate does not contain an Organizational Unit (OU)");
    return rt_errorf("none of the identity's organizational units [[%S]] are in MSP %S",
            units_text(units, count), msp->name);
}

/* The rest of validateIdentityOUsV11: exactly one of the node units. */
static struct rt_error *check_node_unit(const struct msp *msp, const struct identity *identity)
{
    size_t count;
    const struct ou_identifier *units = msp_organizational_units(identity, &count);
    int found = 0;
    for (size_t i = 0; i < count && found <= 1; i++) {
        rt_str name = units[i].organizational_unit_identifier;
        const struct ou_identifier *node;
        if (rt_str_eq(name, msp->client_ou.organizational_unit_identifier))
            node = &msp->client_ou;
        else if (rt_str_eq(name, msp->peer_ou.organizational_unit_identifier))
            node = &msp->peer_ou;
        else
            continue;
        if (node->certifiers_identifier.len != 0 &&
                !rt_str_eq(node->certifiers_identifier, units[i].certifiers_identifier))
            return rt_errorf("certifiersIdentifier does not match: [[%S]], MSP: [%S]",
                    units_text(units, count), msp->name);
        found++;
    }
    if (found != 1)
        return rt_errorf(
                "the identity must be a client, a peer or an orderer identity to be valid, not "
                "a combination of them. OUs: [[%S]], MSP: [%S]",
                units_text(units, count), msp->name);
    return NULL;
}

static struct rt_error *check_units(const struct msp *msp, const struct identity *identity)
{
    struct rt_error *err = check_listed_units(msp, identity);
    if (!err && msp->version >= MSP_V1_1 && msp->ou_enforcement)
        err = check_node_unit(msp, identity);
    return err;
}

/* validateIdentity. */
struct rt_error *msp_validate(const struct msp *msp, const struct identity *identity)
{
    struct x509_chain chain;
    struct rt_error *err = identity_chain(msp, identity->cert, &chain);
    if (err)
        return rt_error_wrap(err, "could not obtain certification chain");
    err = check_revocation(msp, identity->cert, &chain);
    if (err)
        return rt_error_wrap(err, "could not validate identity against certification chain");
    return rt_error_wrap(check_units(msp, identity), "could not validate identity's OUs");
}
