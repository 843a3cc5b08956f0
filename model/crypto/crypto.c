/* Hashes and signature checks over libcrypto. */
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "model/crypto/crypto_internal.h"
#include "model/crypto/der.h"
#include "model/rt/arena.h"

/* ---- hashes ---- */

void crypto_sha256_into(const rt_bytes *parts, size_t count, uint8_t digest[CRYPTO_SHA256_SIZE])
{
    struct crypto_thread *t = crypto_thread();
    bool ok = EVP_DigestInit_ex2(t->md_ctx, t->sha256, NULL);
    for (size_t i = 0; ok && i < count; i++)
        ok = parts[i].len == 0 || EVP_DigestUpdate(t->md_ctx, parts[i].data, parts[i].len);
    crypto_check(ok && EVP_DigestFinal_ex(t->md_ctx, digest, NULL), "SHA-256");
}

rt_bytes crypto_sha256_parts(const rt_bytes *parts, size_t count)
{
    uint8_t *digest = rt_alloc(CRYPTO_SHA256_SIZE);
    crypto_sha256_into(parts, count, digest);
    return rt_bytes_from(digest, CRYPTO_SHA256_SIZE);
}

rt_bytes crypto_sha256(rt_bytes data)
{
    return crypto_sha256_parts(&data, 1);
}

rt_bytes crypto_digest(const char *hash, rt_bytes data)
{
    if (strcmp(hash, "SHA256") == 0)
        return crypto_sha256(data);
    uint8_t *digest = rt_alloc(EVP_MAX_MD_SIZE);
    size_t len = 0;
    static const uint8_t none[1];
    const uint8_t *bytes = data.data ? data.data : none;
    crypto_check(EVP_Q_digest(NULL, hash, NULL, bytes, data.len, digest, &len), "EVP_Q_digest");
    return rt_bytes_from(digest, len);
}

/* ---- public keys ---- */

static size_t field_size(enum crypto_curve curve)
{
    static const size_t sizes[] = {
        [CRYPTO_P224] = 28, [CRYPTO_P256] = 32, [CRYPTO_P384] = 48, [CRYPTO_P521] = 66
    };
    return sizes[curve];
}

bool crypto_point_valid(enum crypto_curve curve, rt_bytes point)
{
    if (point.len != 1 + 2 * field_size(curve) || point.data[0] != 4)
        return false;
    uint8_t key[CRYPTO_SHA256_SIZE];
    crypto_cache_key((uint8_t)('0' + curve), &point, 1, key);
    bool valid;
    if (crypto_known(key, &valid))
        return valid;
    EC_GROUP *group = crypto_group(curve);
    EC_POINT *p = EC_POINT_new(group);
    crypto_check(p != NULL, "EC_POINT_new");
    valid = EC_POINT_oct2point(group, p, point.data, point.len, crypto_thread()->bn_ctx) == 1;
    EC_POINT_free(p);
    crypto_remember(key, valid);
    return valid;
}

static EVP_PKEY *pkey_from_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
            EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* The key object of a point, kept for the next time; NULL if libcrypto does not take it. */
static EVP_PKEY *ec_pkey(enum crypto_curve curve, rt_bytes point)
{
    uint8_t key[CRYPTO_SHA256_SIZE];
    crypto_cache_key((uint8_t)('a' + curve), &point, 1, key);
    struct crypto_key_slot *slot = &crypto_thread()->keys[key[0] % CRYPTO_KEY_SLOTS];
    if (slot->pkey && memcmp(slot->key, key, sizeof key) == 0)
        return slot->pkey;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(
                OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)crypto_curve_name(curve), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data, point.len),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *pkey = pkey_from_params("EC", params);
    if (!pkey)
        return NULL;
    EVP_PKEY_free(slot->pkey);
    slot->pkey = pkey;
    memcpy(slot->key, key, sizeof key);
    return pkey;
}

/* ---- ECDSA ---- */

static bool ecdsa_verify_uncached(
        enum crypto_curve curve, rt_bytes point, rt_bytes digest, rt_bytes r, rt_bytes s)
{
    /* Numbers longer than the order cannot be below it. */
    size_t limit = field_size(curve);
    if (r.len > limit || s.len > limit)
        return false;
    struct rt_buf content = { 0 }, signature = { 0 };
    der_put_unsigned(&content, r);
    der_put_unsigned(&content, s);
    der_put(&signature, DER_SEQUENCE, rt_buf_str(&content));
    EVP_PKEY *pkey = ec_pkey(curve, point);
    if (!pkey)
        return false;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool valid = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
                 EVP_PKEY_verify(ctx, signature.data, signature.len, digest.data, digest.len) == 1;
    EVP_PKEY_CTX_free(ctx);
    return valid;
}

bool crypto_ecdsa_verify(
        enum crypto_curve curve, rt_bytes point, rt_bytes digest, rt_bytes r, rt_bytes s)
{
    uint8_t key[CRYPTO_SHA256_SIZE];
    rt_bytes parts[] = { point, digest, r, s };
    crypto_cache_key((uint8_t)('A' + curve), parts, 4, key);
    bool valid;
    if (crypto_known(key, &valid))
        return valid;
    valid = ecdsa_verify_uncached(curve, point, digest, r, s);
    crypto_remember(key, valid);
    return valid;
}

/* ---- RSA and Ed25519: signatures of authorities ---- */

static EVP_PKEY *rsa_pkey(rt_bytes modulus, int64_t exponent)
{
    EVP_PKEY *pkey = NULL;
    BIGNUM *n = BN_bin2bn(modulus.data, (int)modulus.len, NULL), *e = BN_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (n && e && builder && BN_set_word(e, (BN_ULONG)exponent) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
        params = OSSL_PARAM_BLD_to_param(builder);
    if (params)
        pkey = pkey_from_params("RSA", params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return pkey;
}

bool crypto_rsa_verify(rt_bytes modulus, int64_t exponent, bool pss, const char *hash,
        rt_bytes digest, rt_bytes signature)
{
    /* crypto/rsa's checkPub, and a bound on what arithmetic is worth. */
    if (exponent < 2 || exponent > INT32_MAX || modulus.len > 2048 || signature.len != modulus.len)
        return false;
    EVP_PKEY *pkey = rsa_pkey(modulus, exponent);
    EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;
    EVP_MD *md = EVP_MD_fetch(NULL, hash, NULL);
    bool valid = ctx && md && EVP_PKEY_verify_init(ctx) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(
                         ctx, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1 &&
                 EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
                 (!pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1) &&
                 EVP_PKEY_verify(ctx, signature.data, signature.len, digest.data, digest.len) == 1;
    EVP_MD_free(md);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return valid;
}

bool crypto_ed25519_verify(rt_bytes key, rt_bytes message, rt_bytes signature)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, key.data, key.len);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool valid =
            pkey && ctx && EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, pkey, NULL) == 1 &&
            EVP_DigestVerify(ctx, signature.data, signature.len, message.data, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return valid;
}
