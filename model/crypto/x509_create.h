/* Making X.509 certificates as Go's crypto/x509 (1.19) does. */
#ifndef CCLAB_MODEL_CRYPTO_X509_CREATE_H
#define CCLAB_MODEL_CRYPTO_X509_CREATE_H

#include "model/crypto/rand.h"
#include "model/crypto/x509.h"

/* A key pair on P-256: 32 bytes, and the uncompressed point. */
struct x509_key {
    rt_bytes private_key;
    rt_bytes point;
};
/* ecdsa.GenerateKey on P-256. */
RT_MUST_USE struct rt_error *x509_generate_key(struct crypto_rand *rand, struct x509_key *key);
/* MarshalPKCS8PrivateKey. */
rt_bytes x509_marshal_pkcs8(const struct x509_key *key);

/* The members of a certificate that tlsgen sets. */
struct x509_template {
    rt_bytes serial_number;       /* big-endian, without a sign */
    rt_str subject_serial_number; /* the subject's only attribute, unless it has a name */
    rt_str subject_common_name;   /* RT_NIL and empty for none; stands alone then */
    int64_t not_before_s;         /* since 1970 */
    int64_t not_after_s;
    unsigned key_usage;            /* bits X509_KEY_USAGE_* */
    const unsigned *ext_key_usage; /* X509_EKU_*, in order */
    size_t ext_key_usage_count;
    bool is_ca;      /* with basic constraints */
    rt_str dns_name; /* alternative names; RT_NIL and empty for none */
    rt_bytes ip;     /* 4 or 16 bytes */
};
/* CreateCertificate: signed by `signer`, whose certificate is `parent`; NULL signs itself. The
 * nonce is RFC 6979's, so that equal certificates have equal bytes. */
RT_MUST_USE struct rt_error *x509_create_certificate(const struct x509_template *t,
        const struct x509_certificate *parent, const struct x509_key *key,
        const struct x509_key *signer, rt_bytes *der);

#endif
