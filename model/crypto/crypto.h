/* Hashes and ECDSA as bccsp's software provider does them, over libcrypto.
 *
 * Verification results and signatures are kept in bounded tables, one set a thread, so that
 * exploring thousands of schedules does not repeat crypto over equal bytes. */
#ifndef CCLAB_MODEL_CRYPTO_CRYPTO_H
#define CCLAB_MODEL_CRYPTO_CRYPTO_H

#include "model/rt/error.h"
#include "model/rt/str.h"

enum { CRYPTO_SHA256_SIZE = 32 };

/* SHA-256 of the concatenated parts, in the current arena. */
rt_bytes crypto_sha256(rt_bytes data);
rt_bytes crypto_sha256_parts(const rt_bytes *parts, size_t count);
void crypto_sha256_into(const rt_bytes *parts, size_t count, uint8_t digest[CRYPTO_SHA256_SIZE]);

/* Named curves that Go's crypto/x509 knows. */
enum crypto_curve { CRYPTO_P224, CRYPTO_P256, CRYPTO_P384, CRYPTO_P521 };

/* Is this an uncompressed point of the curve, as elliptic.Unmarshal wants it? */
bool crypto_point_valid(enum crypto_curve curve, rt_bytes point);

/* ecdsa.Verify of a DER signature that bccsp's or x509's own checks have taken apart: r and s are
 * big-endian, unsigned. `point` is the uncompressed public key. */
bool crypto_ecdsa_verify(
        enum crypto_curve curve, rt_bytes point, rt_bytes digest, rt_bytes r, rt_bytes s);

/* bccsp/sw.verifyECDSA: *valid, or an error on a malformed or high-S signature. */
RT_MUST_USE struct rt_error *crypto_bccsp_verify(
        enum crypto_curve curve, rt_bytes point, rt_bytes signature, rt_bytes digest, bool *valid);

/* bccsp/utils.SignatureToLowS: the signature in low-S form, marshalled again when it had to
 * change. */
RT_MUST_USE struct rt_error *crypto_signature_to_low_s(
        enum crypto_curve curve, rt_bytes signature, rt_bytes *out);

/* The digest with the named hash (SHA1, SHA256, SHA384, SHA512). */
rt_bytes crypto_digest(const char *hash, rt_bytes data);
/* RSA PKCS #1 v1.5, or PSS with a salt as long as the hash. */
bool crypto_rsa_verify(rt_bytes modulus, int64_t exponent, bool pss, const char *hash,
        rt_bytes digest, rt_bytes signature);
bool crypto_ed25519_verify(rt_bytes key, rt_bytes message, rt_bytes signature);

/* Signs a SHA-256 digest with a P-256 private key (32 bytes, big-endian); RFC 6979 nonce, low-S,
 * DER. */
RT_MUST_USE struct rt_error *crypto_sign_p256(
        rt_bytes private_key, rt_bytes digest, rt_bytes *signature);

/* The tables of this thread, for tests and reports. */
struct crypto_cache_stats {
    uint64_t verify_hits, verify_misses, sign_hits, sign_misses;
};
struct crypto_cache_stats crypto_cache_stats(void);
/* Frees this thread's tables; they come back when needed. Ending a thread does so too. */
void crypto_cache_clear(void);

#endif
