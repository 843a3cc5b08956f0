/* X.509 certificates as Go's crypto/x509 (1.19) reads and verifies them.
 *
 * What is accepted and refused, and the texts of errors, are Go's; libcrypto only does the
 * arithmetic. Certificates live in the current arena and share the bytes they were read from. */
#ifndef CCLAB_MODEL_CRYPTO_X509_H
#define CCLAB_MODEL_CRYPTO_X509_H

#include "model/crypto/crypto.h"
#include "model/rt/error.h"
#include "model/rt/str.h"

/* x509.SignatureAlgorithm. */
enum x509_signature_algorithm {
    X509_UNKNOWN_SIGNATURE,
    X509_MD2_RSA,
    X509_MD5_RSA,
    X509_SHA1_RSA,
    X509_SHA256_RSA,
    X509_SHA384_RSA,
    X509_SHA512_RSA,
    X509_DSA_SHA1,
    X509_DSA_SHA256,
    X509_ECDSA_SHA1,
    X509_ECDSA_SHA256,
    X509_ECDSA_SHA384,
    X509_ECDSA_SHA512,
    X509_SHA256_RSAPSS,
    X509_SHA384_RSAPSS,
    X509_SHA512_RSAPSS,
    X509_ED25519,
};

enum x509_key_type {
    X509_KEY_UNKNOWN,
    X509_KEY_RSA,
    X509_KEY_DSA,
    X509_KEY_ECDSA,
    X509_KEY_ED25519
};

struct x509_public_key {
    enum x509_key_type type;
    enum crypto_curve curve; /* of an ECDSA key */
    rt_bytes point;          /* ECDSA: uncompressed; Ed25519: the key; DSA: the INTEGER's content */
    rt_bytes modulus;        /* RSA, without leading zeros */
    int64_t exponent;        /* RSA */
};

struct x509_extension {
    rt_bytes oid; /* content of the OBJECT IDENTIFIER */
    bool critical;
    rt_bytes value;
};

enum {
    X509_KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0,
    X509_KEY_USAGE_KEY_ENCIPHERMENT = 1 << 2,
    X509_KEY_USAGE_CERT_SIGN = 1 << 5,
    X509_KEY_USAGE_CRL_SIGN = 1 << 6,
};

/* Bits of ext_key_usages: what a chain can be asked for, as far as it matters. */
enum {
    X509_EKU_ANY = 1,
    X509_EKU_SERVER_AUTH = 2,
    X509_EKU_OTHER = 4,
    X509_EKU_CLIENT_AUTH = 8,
};

/* Constraints on the names of certificates below a CA. */
struct x509_name_constraint {
    enum { X509_NAME_EMAIL = 1, X509_NAME_DNS = 2, X509_NAME_URI = 6, X509_NAME_IP = 7 } kind;
    bool excluded;
    rt_bytes value; /* IP: address, then mask */
};

struct x509_certificate {
    rt_bytes raw;
    rt_bytes raw_tbs;
    rt_bytes raw_issuer;
    rt_bytes raw_subject;
    rt_bytes signature;
    enum x509_signature_algorithm signature_algorithm;
    struct x509_public_key public_key;
    int version;
    rt_bytes serial_number; /* content of the INTEGER */
    int64_t not_before_s;   /* since 1970 */
    int64_t not_after_s;
    rt_str *organizational_units; /* of the subject */
    size_t organizational_unit_count;
    struct x509_extension *extensions;
    size_t extension_count;
    int key_usage; /* 0: no such extension */
    bool basic_constraints_valid;
    bool is_ca;
    int64_t max_path_len; /* -1: none */
    bool has_san;
    rt_bytes san; /* value of the subject alternative name extension */
    bool has_name_constraints;
    struct x509_name_constraint *name_constraints;
    size_t name_constraint_count;
    unsigned ext_key_usages;
    rt_bytes subject_key_id;
    rt_bytes authority_key_id;
    size_t unhandled_critical_extensions;
};

/* x509.ParseCertificate. *out is NULL on an error. */
RT_MUST_USE struct rt_error *x509_parse_certificate(rt_bytes der, struct x509_certificate **out);

/* The extension with an OID given by its content bytes; NULL if there is none. */
const struct x509_extension *x509_find_extension(const struct x509_certificate *cert, rt_bytes oid);

/* The serial number as Go's big.Int prints it: in decimal, and in lower-case hex without leading
 * zeros; a negative one with "-". In the current arena. */
rt_str x509_serial_decimal(const struct x509_certificate *cert);
rt_str x509_serial_hex(const struct x509_certificate *cert);

/* ---- verifying ---- */

/* x509.CertPool. */
struct x509_pool {
    const struct x509_certificate **certs;
    size_t count;
};
/* AddCert: once for each certificate. */
void x509_pool_add(struct x509_pool *pool, const struct x509_certificate *cert);

/* x509.VerifyOptions. */
struct x509_verify_options {
    const struct x509_pool *roots;
    const struct x509_pool *intermediates;
    int64_t current_time_s;
    /* What chains must allow, one of the bits above; 0 is server authentication, which Go takes
     * when nothing is asked for, as an MSP does. */
    unsigned key_usage;
};

struct x509_chain {
    const struct x509_certificate **certs;
    size_t count;
};
/* Certificate.Verify: all chains from the certificate to a root. */
RT_MUST_USE struct rt_error *x509_verify(const struct x509_certificate *cert,
        const struct x509_verify_options *options, struct x509_chain **chains, size_t *count);

/* Certificate.CheckSignature over `signed_bytes` by the key of `parent`. */
RT_MUST_USE struct rt_error *x509_check_signature(const struct x509_public_key *key,
        enum x509_signature_algorithm algorithm, rt_bytes signed_bytes, rt_bytes signature,
        bool allow_sha1);

/* ---- revocation lists ---- */

struct x509_crl {
    rt_bytes raw_tbs;
    enum x509_signature_algorithm signature_algorithm;
    rt_bytes signature;
    rt_bytes *revoked; /* contents of the serial numbers */
    size_t revoked_count;
    bool has_authority_key_id;
    struct rt_error *authority_key_id_error; /* the extension is there but broken */
    rt_bytes authority_key_id;
};
/* x509.ParseCRL: PEM or DER. */
RT_MUST_USE struct rt_error *x509_parse_crl(rt_bytes in, struct x509_crl **out);

#endif
