/* Follows msp/identities.go and msp/cert.go. */
#include "model/crypto/asn1.h"
#include "model/crypto/pem.h"
#include "model/crypto/private_key.h"
#include "model/msp/msp_internal.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

rt_bytes msp_new_serialized_identity(rt_str mspid, rt_bytes cert_pem)
{
    Msp__SerializedIdentity serialized = MSP__SERIALIZED_IDENTITY__INIT;
    serialized.mspid = mspid;
    serialized.id_bytes = cert_pem;
    return WIRE_MARSHAL_OR_PANIC(&serialized);
}

static rt_bytes identity_serialize(void *self)
{
    const struct identity *identity = self;
    return msp_new_serialized_identity(
            identity->base.identifier.mspid, pem_encode("CERTIFICATE", identity->cert->raw));
}

static struct rt_error *identity_validate(void *self)
{
    const struct identity *identity = self;
    return msp_validate(identity->msp, identity);
}

/* The key is checked as bccsp does: no signature is "not valid", everything else that cannot be
 * checked is an error. */
static struct rt_error *identity_verify(void *self, rt_bytes message, rt_bytes signature)
{
    const struct x509_public_key *key = &((const struct identity *)self)->cert->public_key;
    bool valid = false;
    struct rt_error *err = NULL;
    if (key->type != X509_KEY_ECDSA && key->type != X509_KEY_RSA)
        err = rt_errorf("Invalid Key. It must not be nil.");
    else if (signature.len == 0)
        err = rt_errorf("Invalid signature. Cannot be empty.");
    else if (key->type == X509_KEY_RSA)
        err = rt_errorf("Failed verifing with opts [<nil>]: Invalid options. It must not be nil.");
    if (!err)
        err = rt_error_wrap(crypto_bccsp_verify(key->curve, key->point, signature,
                                    crypto_sha256(message), &valid),
                "Failed verifing with opts [<nil>]");
    if (err)
        return rt_error_wrap(err, "could not determine the validity of the signature");
    return valid ? NULL : rt_errorf("The signature is invalid");
}

static struct rt_error *identity_satisfies_principal(
        void *self, const Common__MSPPrincipal *principal)
{
    return msp_satisfies_principal(self, principal);
}

static struct ou_identifier *identity_organizational_units(void *self, size_t *count)
{
    return msp_organizational_units(self, count);
}

static struct identity *identity_make(
        const struct x509_certificate *cert, const struct msp *msp, rt_str mspid)
{
    struct identity *identity = rt_new(struct identity);
    identity->msp = msp;
    identity->cert = cert;
    identity->base.self = identity;
    identity->base.identifier.mspid = mspid;
    identity->base.identifier.id = rt_hex(crypto_sha256(cert->raw));
    identity->base.serialize = identity_serialize;
    identity->base.validate = identity_validate;
    identity->base.verify = identity_verify;
    identity->base.satisfies_principal = identity_satisfies_principal;
    identity->base.get_organizational_units = identity_organizational_units;
    return identity;
}

struct rt_error *identity_new(
        const struct x509_certificate *cert, const struct msp *msp, const struct identity **out)
{
    *out = NULL;
    const struct x509_certificate *sanitized;
    struct rt_error *err = msp_sanitize_cert(msp, cert, &sanitized);
    if (err)
        return err;
    *out = identity_make(sanitized, msp, msp->name);
    return NULL;
}

/* ---- low-S certificates ---- */

static bool ecdsa_signed(const struct x509_certificate *cert)
{
    return cert->signature_algorithm >= X509_ECDSA_SHA1 &&
           cert->signature_algorithm <= X509_ECDSA_SHA512;
}

/* sanitizeECDSASignedCert. */
static struct rt_error *low_s_cert(const struct x509_certificate *cert,
        const struct x509_certificate *parent, const struct x509_certificate **out)
{
    static const char *const types[] = { [X509_KEY_UNKNOWN] = "nil",
        [X509_KEY_RSA] = "*rsa.PublicKey",
        [X509_KEY_DSA] = "*dsa.PublicKey",
        [X509_KEY_ED25519] = "ed25519.PublicKey" };
    if (parent->public_key.type != X509_KEY_ECDSA)
        rt_panicf("interface conversion: interface {} is %s, not *ecdsa.PublicKey",
                types[parent->public_key.type]);
    *out = cert;
    rt_bytes signature, raw;
    struct rt_error *err =
            crypto_signature_to_low_s(parent->public_key.curve, cert->signature, &signature);
    if (err || rt_str_eq(signature, cert->signature))
        return err;
    err = asn1_replace_signature(cert->raw, signature, &raw);
    if (err)
        return err;
    struct x509_certificate *parsed;
    err = x509_parse_certificate(raw, &parsed);
    *out = parsed;
    return err;
}

struct rt_error *msp_sanitize_cert(const struct msp *msp, const struct x509_certificate *cert,
        const struct x509_certificate **out)
{
    *out = cert;
    if (!ecdsa_signed(cert))
        return NULL;
    struct x509_chain chain;
    struct rt_error *err = msp_unique_chain(msp, cert, &chain);
    if (err)
        return err;
    if (cert->is_ca && chain.count == 1)
        return low_s_cert(cert, cert, out);
    if (chain.count < 2)
        rt_panic_index();
    return low_s_cert(cert, chain.certs[1], out);
}

/* ---- signing identities ---- */

struct signer {
    struct signing_identity base;
    rt_bytes private_key;
};

static struct rt_error *signer_sign(void *self, rt_bytes message, rt_bytes *signature)
{
    const struct signer *signer = self;
    return crypto_sign_p256(signer->private_key, crypto_sha256(message), signature);
}

const struct signing_identity *signing_identity_new(
        const struct identity *identity, rt_bytes private_key)
{
    struct signer *signer = rt_new(struct signer);
    signer->base.identity = &identity->base;
    signer->base.self = signer;
    signer->base.sign = signer_sign;
    signer->private_key = private_key;
    return &signer->base;
}

static struct rt_error *without_msp(void *self)
{
    (void)self;
    return rt_errorf("this identity has no MSP");
}

static struct rt_error *principal_without_msp(void *self, const Common__MSPPrincipal *principal)
{
    (void)principal;
    return without_msp(self);
}

static struct ou_identifier *units_without_msp(void *self, size_t *count)
{
    (void)self;
    *count = 0;
    return NULL;
}

/* Serializes to the PEM that it was given, which need not be in Fabric's form. */
struct plain_identity {
    struct identity identity;
    rt_bytes cert_pem;
};

static rt_bytes plain_serialize(void *self)
{
    const struct plain_identity *plain = self;
    return msp_new_serialized_identity(plain->identity.base.identifier.mspid, plain->cert_pem);
}

struct rt_error *msp_signer_new(
        rt_str mspid, rt_bytes cert_pem, rt_bytes key_pem, const struct signing_identity **out)
{
    *out = NULL;
    const struct x509_certificate *cert;
    rt_bytes key, point;
    struct rt_error *err = msp_cert_from_pem(cert_pem, &cert);
    if (!err)
        err = private_key_from_pem(key_pem, &key, &point);
    if (err)
        return err;
    struct plain_identity *plain = rt_new(struct plain_identity);
    plain->identity = *identity_make(cert, NULL, mspid);
    plain->cert_pem = cert_pem;
    plain->identity.base.self = plain;
    plain->identity.base.serialize = plain_serialize;
    plain->identity.base.validate = without_msp;
    plain->identity.base.satisfies_principal = principal_without_msp;
    plain->identity.base.get_organizational_units = units_without_msp;
    *out = signing_identity_new(&plain->identity, key);
    return NULL;
}
