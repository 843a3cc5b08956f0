/* Follows msp/mspimplsetup.go. */
#include "model/crypto/private_key.h"
#include "model/msp/msp_internal.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* ---- authorities ---- */

static struct rt_error *pool_from_pem(const rt_bytes *pems, size_t count, struct x509_pool *pool)
{
    for (size_t i = 0; i < count; i++) {
        const struct x509_certificate *cert;
        struct rt_error *err = msp_cert_from_pem(pems[i], &cert);
        if (err)
            return err;
        x509_pool_add(pool, cert);
    }
    return NULL;
}

/* getIdentityFromConf, its sanitized certificate. */
static struct rt_error *cert_from_config(
        const struct msp *msp, rt_bytes pem, const struct x509_certificate **out)
{
    const struct x509_certificate *cert;
    struct rt_error *err = msp_cert_from_pem(pem, &cert);
    return err ? err : msp_sanitize_cert(msp, cert, out);
}

static struct rt_error *sanitized_pool(
        const struct msp *msp, const rt_bytes *pems, size_t count, struct x509_pool *pool)
{
    for (size_t i = 0; i < count; i++) {
        const struct x509_certificate *cert;
        struct rt_error *err = cert_from_config(msp, pems[i], &cert);
        if (err)
            return err;
        x509_pool_add(pool, cert);
    }
    return NULL;
}

static struct rt_error *setup_cas(struct msp *msp, const struct msp_config *config)
{
    if (config->root_cert_count == 0)
        return rt_errorf("expected at least one CA certificate");
    /* The certificates as they are serve to sanitize them, then the sanitized ones take over. */
    struct rt_error *err = pool_from_pem(config->root_certs, config->root_cert_count, &msp->roots);
    if (!err)
        err = pool_from_pem(
                config->intermediate_certs, config->intermediate_cert_count, &msp->intermediates);
    struct x509_pool roots = { 0 }, intermediates = { 0 };
    if (!err)
        err = sanitized_pool(msp, config->root_certs, config->root_cert_count, &roots);
    if (!err)
        err = sanitized_pool(
                msp, config->intermediate_certs, config->intermediate_cert_count, &intermediates);
    msp->roots = roots;
    msp->intermediates = intermediates;
    return err;
}

static struct rt_error *check_ca(const struct msp *msp, const struct x509_certificate *cert)
{
    if (!cert->is_ca)
        return rt_errorf(
                "CA Certificate did not have the CA attribute, (SN: %S)", x509_serial_hex(cert));
    rt_bytes key_id;
    struct rt_error *err = msp_subject_key_id(cert, &key_id);
    if (err)
        return rt_error_wrapf(err,
                "CA Certificate problem with Subject Key Identifier extension, (SN: %S)",
                x509_serial_hex(cert));
    return rt_error_wrapf(msp_validate_ca(msp, cert), "CA Certificate is not valid, (SN: %S)",
            x509_serial_decimal(cert));
}

static struct rt_error *finalize_setup_cas(struct msp *msp)
{
    for (size_t i = 0; i < msp->roots.count + msp->intermediates.count; i++) {
        struct rt_error *err = check_ca(
                msp, i < msp->roots.count ? msp->roots.certs[i]
                                          : msp->intermediates.certs[i - msp->roots.count]);
        if (err)
            return err;
    }
    for (size_t i = 0; i < msp->intermediates.count; i++) {
        struct x509_chain chain;
        struct rt_error *err = msp_unique_chain(msp, msp->intermediates.certs[i], &chain);
        if (err)
            return rt_error_wrapf(err, "failed getting validation chain, (SN: %S)",
                    x509_serial_decimal(msp->intermediates.certs[i]));
        for (size_t j = 1; j < chain.count; j++)
            x509_pool_add(&msp->internal_nodes, chain.certs[j]);
    }
    return NULL;
}

/* ---- administrators, revocation ---- */

static struct rt_error *setup_admins(struct msp *msp, const struct msp_config *config)
{
    msp->admins = rt_new_array(const struct x509_certificate *, config->admin_count);
    msp->admin_count = config->admin_count;
    for (size_t i = 0; i < config->admin_count; i++) {
        struct rt_error *err = cert_from_config(msp, config->admins[i], &msp->admins[i]);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *setup_crls(struct msp *msp, const struct msp_config *config)
{
    msp->crls = rt_new_array(struct x509_crl *, config->revocation_count);
    msp->crl_count = config->revocation_count;
    for (size_t i = 0; i < config->revocation_count; i++) {
        struct rt_error *err = x509_parse_crl(config->revocation_list[i], &msp->crls[i]);
        if (err)
            return rt_error_wrap(err, "could not parse RevocationList");
    }
    return NULL;
}

/* ---- the signing identity ---- */

/* time.Duration.String for a time that has gone by. */
static rt_str duration_text(int64_t ms)
{
    int64_t hours = ms / 3600000, minutes = ms / 60000 % 60, seconds = ms / 1000 % 60;
    struct rt_buf buf = { 0 };
    if (hours)
        rt_buf_printf(&buf, "%lldh", (long long)hours);
    if (hours || minutes)
        rt_buf_printf(&buf, "%lldm", (long long)minutes);
    rt_buf_printf(&buf, "%lld", (long long)seconds);
    if (ms % 1000) {
        rt_str fraction = rt_sprintf("%03d", (int)(ms % 1000));
        while (fraction.data[fraction.len - 1] == '0')
            fraction.len--;
        rt_buf_printf(&buf, ".%S", fraction);
    }
    rt_buf_putz(&buf, "s");
    return rt_buf_str(&buf);
}

static struct rt_error *setup_signing_identity(struct msp *msp, const struct msp_config *config)
{
    if (!config->signer_cert.data)
        return NULL;
    const struct x509_certificate *cert;
    struct rt_error *err = msp_cert_from_pem(config->signer_cert, &cert);
    const struct identity *identity;
    if (!err)
        err = identity_new(cert, msp, &identity);
    if (err)
        return err;
    rt_bytes key, point;
    if (!config->signer_key.data)
        return rt_errorf("KeyMaterial not found in SigningIdentityInfo");
    err = private_key_from_pem(config->signer_key, &key, &point);
    if (err)
        return rt_error_wrap(err, "getIdentityFromBytes error: Failed to import EC private key");
    if (cert->public_key.type != X509_KEY_ECDSA || !rt_str_eq(cert->public_key.point, point))
        return rt_errorf("KeyMaterial not found in SigningIdentityInfo");
    int64_t expired_s = config->now_ms / 1000 - cert->not_after_s;
    if (expired_s >= 0 && cert->not_after_s != -62135596800)
        return rt_errorf("signing identity expired %S ago",
                duration_text(config->now_ms - cert->not_after_s * 1000));
    msp->signer = signing_identity_new(identity, key);
    return NULL;
}

/* ---- organizational units ---- */

static const struct x509_certificate *find_cert(
        const struct x509_pool *pool, const struct x509_certificate *cert)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (rt_str_eq(pool->certs[i]->raw, cert->raw))
            return pool->certs[i];
    }
    return NULL;
}

/* getCertifiersIdentifier. */
static struct rt_error *certifiers_identifier(const struct msp *msp, rt_bytes pem, rt_bytes *out)
{
    const struct x509_certificate *cert;
    struct rt_error *err = msp_cert_from_pem(pem, &cert);
    if (err)
        return rt_errorf("Failed getting certificate for [%S]: [%v]", msp_go_bytes(pem), err);
    err = msp_sanitize_cert(msp, cert, &cert);
    if (err)
        return rt_errorf("sanitizeCert failed %v", err);
    struct x509_chain chain = { .certs = &cert, .count = 1 };
    if (!find_cert(&msp->roots, cert)) {
        if (!find_cert(&msp->intermediates, cert))
            return rt_errorf(
                    "Failed adding OU. Certificate [%S] not in root or intermediate certs.",
                    x509_serial_decimal(cert));
        err = msp_validation_chain(msp, cert, true, &chain);
        if (err)
            return rt_errorf("Failed computing validation chain for [%S]. [%v]",
                    x509_serial_decimal(cert), err);
    }
    *out = msp_chain_identifier(&chain, 0);
    return NULL;
}

static struct rt_error *setup_ous(struct msp *msp, const struct msp_config *config)
{
    msp->ou_identifiers = rt_new_array(struct ou_identifier, config->ou_count);
    for (size_t i = 0; i < config->ou_count; i++) {
        const struct msp_ou_config *ou = &config->organizational_unit_identifiers[i];
        struct ou_identifier *made = &msp->ou_identifiers[msp->ou_count];
        struct rt_error *err =
                certifiers_identifier(msp, ou->certificate_pem, &made->certifiers_identifier);
        if (err)
            return rt_error_wrapf(
                    err, "failed getting certificate for [%S]", ou->organizational_unit_identifier);
        made->organizational_unit_identifier = ou->organizational_unit_identifier;
        msp->ou_count++;
    }
    return NULL;
}

static struct rt_error *setup_node_ou(
        const struct msp *msp, const struct msp_ou_config *config, struct ou_identifier *out)
{
    out->organizational_unit_identifier = config->organizational_unit_identifier;
    if (config->certificate_pem.len == 0)
        return NULL;
    return certifiers_identifier(msp, config->certificate_pem, &out->certifiers_identifier);
}

static struct rt_error *setup_node_ous(struct msp *msp, const struct msp_config *config)
{
    if (msp->version < MSP_V1_1 || !config->node_ous)
        return NULL;
    msp->ou_enforcement = config->node_ous_enable;
    struct rt_error *err = setup_node_ou(msp, &config->client_ou, &msp->client_ou);
    return err ? err : setup_node_ou(msp, &config->peer_ou, &msp->peer_ou);
}

/* ---- all of it ---- */

/* postSetupV1 and postSetupV11: administrators are valid, and clients where units are enforced. */
static struct rt_error *check_admins(const struct msp *msp)
{
    Common__MSPRole role = COMMON__MSPROLE__INIT;
    role.role = COMMON__MSPROLE__MSPROLE_TYPE__CLIENT;
    role.msp_identifier = msp->name;
    Common__MSPPrincipal client = COMMON__MSPPRINCIPAL__INIT;
    client.principal_classification = COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE;
    client.principal = WIRE_MARSHAL_OR_PANIC(&role);
    for (size_t i = 0; i < msp->admin_count; i++) {
        const struct identity *admin;
        struct rt_error *err = identity_new(msp->admins[i], msp, &admin);
        if (!err)
            err = msp->ou_enforcement ? msp_satisfies_principal(admin, &client)
                                      : msp_validate(msp, admin);
        if (err)
            return rt_error_wrapf(err, "admin %zu is invalid", i);
    }
    return NULL;
}

struct rt_error *msp_setup(struct msp *msp, const struct msp_config *config)
{
    struct rt_error *err = setup_cas(msp, config);
    if (!err)
        err = setup_admins(msp, config);
    if (!err)
        err = setup_crls(msp, config);
    if (!err)
        err = finalize_setup_cas(msp);
    if (!err)
        err = setup_signing_identity(msp, config);
    if (!err)
        err = setup_ous(msp, config);
    if (!err)
        err = setup_node_ous(msp, config);
    return err ? err : check_admins(msp);
}
