/* Follows bccsp/utils/ecdsa.go and bccsp/sw/ecdsa.go: signatures as Fabric checks and makes
 * them. */
#include <openssl/hmac.h>

#include "model/crypto/asn1.h"
#include "model/crypto/crypto_internal.h"
#include "model/crypto/der.h"
#include "model/rt/arena.h"

/* utils.UnmarshalECDSASignature: r and s without leading zeros. What follows them is ignored. */
static struct rt_error *unmarshal_signature(rt_bytes raw, rt_bytes *r, rt_bytes *s)
{
    struct rt_error *err = asn1_unmarshal_two_integers(raw, r, s);
    if (err)
        return rt_errorf("failed unmashalling signature [%v]", err);
    if (der_integer_sign(*r) != 1)
        return rt_errorf("invalid signature, R must be larger than zero");
    if (der_integer_sign(*s) != 1)
        return rt_errorf("invalid signature, S must be larger than zero");
    *r = der_integer_magnitude(*r);
    *s = der_integer_magnitude(*s);
    return NULL;
}

/* Half the order of the curve, rounded down. */
static BIGNUM *half_order(enum crypto_curve curve)
{
    BIGNUM *half = BN_new();
    crypto_check(half && BN_rshift1(half, EC_GROUP_get0_order(crypto_group(curve))), "BN_rshift1");
    return half;
}

static BIGNUM *number(rt_bytes bytes)
{
    BIGNUM *n = BN_bin2bn(bytes.data, (int)bytes.len, NULL);
    crypto_check(n != NULL, "BN_bin2bn");
    return n;
}

static bool is_low_s(enum crypto_curve curve, rt_bytes s)
{
    BIGNUM *half = half_order(curve), *n = number(s);
    bool low = BN_cmp(n, half) <= 0;
    BN_free(half);
    BN_free(n);
    return low;
}

static rt_bytes signature_bytes(rt_bytes r, rt_bytes s)
{
    struct rt_buf content = { 0 }, signature = { 0 };
    der_put_unsigned(&content, r);
    der_put_unsigned(&content, s);
    der_put(&signature, DER_SEQUENCE, rt_buf_str(&content));
    return rt_buf_str(&signature);
}

struct rt_error *crypto_bccsp_verify(
        enum crypto_curve curve, rt_bytes point, rt_bytes signature, rt_bytes digest, bool *valid)
{
    *valid = false;
    rt_bytes r, s;
    struct rt_error *err = unmarshal_signature(signature, &r, &s);
    if (err)
        return rt_errorf("Failed unmashalling signature [%v]", err);
    if (!is_low_s(curve, s))
        return rt_errorf("Invalid S. Must be smaller than half the order [%S][%S].",
                crypto_decimal(number(s)), crypto_decimal(half_order(curve)));
    *valid = crypto_ecdsa_verify(curve, point, digest, r, s);
    return NULL;
}

struct rt_error *crypto_signature_to_low_s(
        enum crypto_curve curve, rt_bytes signature, rt_bytes *out)
{
    *out = signature;
    rt_bytes r, s;
    struct rt_error *err = unmarshal_signature(signature, &r, &s);
    if (err || is_low_s(curve, s))
        return err;
    BIGNUM *n = number(s);
    const BIGNUM *order = EC_GROUP_get0_order(crypto_group(curve));
    crypto_check(BN_sub(n, order, n), "BN_sub");
    /* An s above the order would turn negative: asn1.Marshal writes it all the same, but nothing
     * that was verified has one. */
    uint8_t *bytes = rt_alloc((size_t)BN_num_bytes(n) + 1);
    int len = BN_bn2bin(n, bytes);
    BN_free(n);
    *out = signature_bytes(r, rt_bytes_from(bytes, (size_t)len));
    return NULL;
}

/* ---- signing, RFC 6979 with SHA-256 on P-256 ---- */

enum { SIZE = 32 };

static void hmac(uint8_t key[SIZE], const rt_bytes *parts, size_t count, uint8_t out[SIZE])
{
    uint8_t block[512];
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(block + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    unsigned out_len = 0;
    crypto_check(HMAC(EVP_sha256(), key, SIZE, block, len, out, &out_len) != NULL, "HMAC");
}

/* The generator of nonces: K and V of the RFC. */
struct nonce_source {
    uint8_t k[SIZE];
    uint8_t v[SIZE];
};

static void mix(struct nonce_source *n, uint8_t separator, const rt_bytes *seed, size_t count)
{
    rt_bytes parts[4] = { rt_bytes_from(n->v, SIZE), rt_bytes_from(&separator, 1) };
    for (size_t i = 0; i < count; i++)
        parts[2 + i] = seed[i];
    hmac(n->k, parts, 2 + count, n->k);
    rt_bytes v = rt_bytes_from(n->v, SIZE);
    hmac(n->k, &v, 1, n->v);
}

static void next_nonce(struct nonce_source *n)
{
    rt_bytes v = rt_bytes_from(n->v, SIZE);
    hmac(n->k, &v, 1, n->v);
}

/* One attempt with nonce k: r and s, both zero if the nonce is of no use. */
static bool sign_with_nonce(const BIGNUM *d, const BIGNUM *z, const BIGNUM *k, BIGNUM *r, BIGNUM *s)
{
    BN_CTX *ctx = crypto_thread()->bn_ctx;
    EC_GROUP *group = crypto_group(CRYPTO_P256);
    const BIGNUM *order = EC_GROUP_get0_order(group);
    if (BN_is_zero(k) || BN_cmp(k, order) >= 0)
        return false;
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *x = BN_new(), *inverse = BN_new();
    crypto_check(point && x && inverse && EC_POINT_mul(group, point, k, NULL, NULL, ctx) &&
                         EC_POINT_get_affine_coordinates(group, point, x, NULL, ctx) &&
                         BN_nnmod(r, x, order, ctx) && BN_mod_inverse(inverse, k, order, ctx) &&
                         BN_mod_mul(s, r, d, order, ctx) && BN_mod_add(s, s, z, order, ctx) &&
                         BN_mod_mul(s, s, inverse, order, ctx),
            "ECDSA");
    EC_POINT_free(point);
    BN_clear_free(inverse);
    BN_free(x);
    return !BN_is_zero(r) && !BN_is_zero(s);
}

static rt_bytes sign_deterministic(rt_bytes private_key, rt_bytes digest)
{
    const BIGNUM *order = EC_GROUP_get0_order(crypto_group(CRYPTO_P256));
    BN_CTX *ctx = crypto_thread()->bn_ctx;
    BIGNUM *d = number(private_key), *z = number(digest), *k = BN_new(), *r = BN_new(),
           *s = BN_new();
    crypto_check(k && r && s && BN_nnmod(z, z, order, ctx), "BN_nnmod");
    uint8_t z_bytes[SIZE];
    crypto_check(BN_bn2binpad(z, z_bytes, SIZE) == SIZE, "BN_bn2binpad");
    struct nonce_source source;
    memset(source.k, 0, SIZE);
    memset(source.v, 1, SIZE);
    rt_bytes seed[] = { private_key, rt_bytes_from(z_bytes, SIZE) };
    mix(&source, 0, seed, 2);
    mix(&source, 1, seed, 2);
    for (;;) {
        next_nonce(&source);
        crypto_check(BN_bin2bn(source.v, SIZE, k) != NULL, "BN_bin2bn");
        if (sign_with_nonce(d, z, k, r, s))
            break;
        mix(&source, 0, NULL, 0);
    }
    uint8_t r_bytes[SIZE], s_bytes[SIZE];
    crypto_check(BN_bn2binpad(r, r_bytes, SIZE) == SIZE && BN_bn2binpad(s, s_bytes, SIZE) == SIZE,
            "BN_bn2binpad");
    rt_bytes raw = signature_bytes(rt_bytes_from(r_bytes, SIZE), rt_bytes_from(s_bytes, SIZE));
    BN_clear_free(d);
    BN_clear_free(k);
    BN_free(z);
    BN_free(r);
    BN_free(s);
    return raw;
}

struct rt_error *crypto_sign_p256(rt_bytes private_key, rt_bytes digest, rt_bytes *signature)
{
    *signature = RT_NIL;
    if (private_key.len != SIZE || digest.len != SIZE)
        return rt_errorf("a P-256 key and a SHA-256 digest have %d bytes", SIZE);
    struct crypto_thread *t = crypto_thread();
    uint8_t key[CRYPTO_SHA256_SIZE];
    rt_bytes parts[] = { private_key, digest };
    crypto_cache_key('S', parts, 2, key);
    uint32_t index;
    memcpy(&index, key, sizeof index);
    struct crypto_sign_slot *slot = &t->signed_digests[index % CRYPTO_SIGN_SLOTS];
    if (slot->len > 0 && memcmp(slot->key, key, sizeof key) == 0) {
        t->stats.sign_hits++;
        *signature = rt_bytes_dup(slot->signature, slot->len);
        return NULL;
    }
    t->stats.sign_misses++;
    struct rt_error *err = crypto_signature_to_low_s(
            CRYPTO_P256, sign_deterministic(private_key, digest), signature);
    if (err)
        return err;
    memcpy(slot->key, key, sizeof key);
    slot->len = (uint8_t)signature->len;
    memcpy(slot->signature, signature->data, signature->len);
    return NULL;
}
