/* Follows msp/mspimpl.go: finding identities. */
#include "model/crypto/pem.h"
#include "model/msp/msp_internal.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

struct rt_error *msp_cert_from_pem(rt_bytes pem, const struct x509_certificate **out)
{
    *out = NULL;
    if (!pem.data)
        return rt_errorf("getCertFromPem error: nil idBytes");
    struct pem_block block;
    if (!pem_decode(pem, &block, NULL))
        return rt_errorf(
                "getCertFromPem error: could not decode pem bytes [%S]", msp_go_bytes(pem));
    struct x509_certificate *cert;
    struct rt_error *err = x509_parse_certificate(block.bytes, &cert);
    *out = cert;
    return rt_error_wrap(err, "getCertFromPem error: failed to parse x509 cert");
}

struct rt_error *msp_deserialize_internal(
        const struct msp *msp, rt_bytes id_bytes, const struct identity **out)
{
    *out = NULL;
    struct pem_block block;
    if (!pem_decode(id_bytes, &block, NULL))
        return rt_errorf("could not decode the PEM structure");
    struct x509_certificate *cert;
    struct rt_error *err = x509_parse_certificate(block.bytes, &cert);
    if (err)
        return rt_error_wrap(err, "parseCertificate failed");
    if (cert->public_key.type != X509_KEY_ECDSA && cert->public_key.type != X509_KEY_RSA)
        return rt_errorf("failed to import certificate's public key: Failed importing key with "
                         "opts [&{true}]: Certificate's public key type not "
                         "recognized. Supported keys: [ECDSA, RSA]");
    return identity_new(cert, msp, out);
}

static struct rt_error *deserialize_identity(
        void *self, rt_bytes serialized, const struct msp_identity **out)
{
    const struct msp *msp = self;
    *out = NULL;
    Msp__SerializedIdentity *sid;
    struct rt_error *err = WIRE_UNMARSHAL(msp__serialized_identity, serialized, &sid);
    if (err)
        return rt_error_wrap(err, "could not deserialize a SerializedIdentity");
    if (!rt_str_eq(sid->mspid, msp->name))
        return rt_errorf("expected MSP ID %S, received %S", msp->name, sid->mspid);
    const struct identity *identity;
    err = msp_deserialize_internal(msp, sid->id_bytes, &identity);
    if (!err)
        *out = &identity->base;
    return err;
}

struct rt_error *msp_is_well_formed(void *self, const Msp__SerializedIdentity *identity)
{
    (void)self;
    struct pem_block block;
    if (!pem_decode(identity->id_bytes, &block, NULL))
        return rt_errorf("PEM decoding resulted in an empty block");
    if (block.type.len > 0 && !rt_str_is(block.type, "CERTIFICATE"))
        return rt_errorf("pem type is %S, should be 'CERTIFICATE' or missing", block.type);
    struct x509_certificate *cert;
    return x509_parse_certificate(block.bytes, &cert);
}

rt_str msp_get_identifier(const struct msp *msp)
{
    return msp->name;
}

const struct identity_deserializer *msp_deserializer(const struct msp *msp)
{
    return &msp->deserializer;
}

struct rt_error *msp_get_default_signing_identity(
        const struct msp *msp, const struct signing_identity **out)
{
    *out = msp->signer;
    return msp->signer ? NULL
                       : rt_errorf("this MSP does not possess a valid default signing identity");
}

/* The MSP itself; Setup fills it. */
static struct msp *msp_make(enum msp_version version, rt_str name, int64_t now_ms)
{
    struct msp *msp = rt_new(struct msp);
    msp->version = version;
    msp->name = name;
    msp->now_ms = now_ms;
    msp->deserializer.self = msp;
    msp->deserializer.deserialize_identity = deserialize_identity;
    msp->deserializer.is_well_formed = msp_is_well_formed;
    return msp;
}

struct rt_error *msp_new(
        enum msp_version version, const struct msp_config *config, struct msp **out)
{
    *out = NULL;
    struct msp *msp = msp_make(version, config->name, config->now_ms);
    struct rt_error *err = msp_setup(msp, config);
    if (!err)
        *out = msp;
    return err;
}
