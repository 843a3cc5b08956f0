/* Private keys in PEM: PKCS #8 or SEC 1, on P-256. */
#include "model/crypto/private_key.h"
#include "model/crypto/crypto_internal.h"
#include "model/crypto/der.h"
#include "model/crypto/pem.h"
#include "model/rt/arena.h"

enum { KEY_SIZE = 32, POINT_SIZE = CRYPTO_POINT_SIZE };

/* ECPrivateKey of SEC 1; *curve gets the OID if it names one. */
static bool read_sec1(rt_bytes der, rt_bytes *key, rt_bytes *curve)
{
    der_string s, wrapped;
    int64_t version;
    bool present;
    if (!der_read(&der, &s, DER_SEQUENCE) || !der_read_int64(&s, &version) || version != 1 ||
            !der_read(&s, key, DER_OCTET_STRING) ||
            !der_read_optional(&s, &wrapped, &present, DER_CONTEXT + DER_CONSTRUCTED + 0))
        return false;
    return !present || der_read_oid(&wrapped, curve);
}

static bool read_pkcs8(rt_bytes der, rt_bytes *key, rt_bytes *curve)
{
    static const rt_bytes ec_key = RT_STR_INIT("\x2a\x86\x48\xce\x3d\x02\x01");
    der_string s, algorithm;
    rt_bytes oid, named, inner;
    int64_t version;
    if (!der_read(&der, &s, DER_SEQUENCE) || !der_read_int64(&s, &version) ||
            !der_read(&s, &algorithm, DER_SEQUENCE) || !der_read_oid(&algorithm, &oid) ||
            !rt_str_eq(oid, ec_key) || !der_read_oid(&algorithm, &named) ||
            !der_read(&s, &inner, DER_OCTET_STRING) || !read_sec1(inner, key, curve))
        return false;
    *curve = named;
    return true;
}

static rt_bytes compute_point(rt_bytes key)
{
    EC_GROUP *group = crypto_group(CRYPTO_P256);
    BIGNUM *d = BN_bin2bn(key.data, (int)key.len, NULL);
    EC_POINT *point = EC_POINT_new(group);
    crypto_check(d && point, "EC_POINT_new");
    rt_bytes out = RT_NIL;
    if (!BN_is_zero(d) && BN_cmp(d, EC_GROUP_get0_order(group)) < 0) {
        uint8_t *bytes = rt_alloc(POINT_SIZE);
        crypto_check(EC_POINT_mul(group, point, d, NULL, NULL, crypto_thread()->bn_ctx) &&
                             EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, bytes,
                                     POINT_SIZE, crypto_thread()->bn_ctx) == POINT_SIZE,
                "EC_POINT_mul");
        out = rt_bytes_from(bytes, POINT_SIZE);
    }
    BN_clear_free(d);
    EC_POINT_free(point);
    return out;
}

rt_bytes private_key_point(rt_bytes key)
{
    struct crypto_point_slot *slot = NULL;
    if (key.len == KEY_SIZE) {
        slot = &crypto_thread()->points[key.data[KEY_SIZE - 1] % CRYPTO_POINT_SLOTS];
        if (slot->known && memcmp(slot->key, key.data, KEY_SIZE) == 0)
            return rt_bytes_dup(slot->point, POINT_SIZE);
    }
    rt_bytes point = compute_point(key);
    if (slot && point.data) {
        slot->known = true;
        memcpy(slot->key, key.data, KEY_SIZE);
        memcpy(slot->point, point.data, POINT_SIZE);
    }
    return point;
}

struct rt_error *private_key_from_pem(rt_bytes pem, rt_bytes *key, rt_bytes *point)
{
    static const rt_bytes p256 = RT_STR_INIT("\x2a\x86\x48\xce\x3d\x03\x01\x07");
    struct pem_block block;
    rt_bytes curve = RT_NIL;
    if (!pem_decode(pem, &block, NULL))
        return rt_errorf("failed to decode the PEM of the private key");
    if (!read_pkcs8(block.bytes, key, &curve) && !read_sec1(block.bytes, key, &curve))
        return rt_errorf("the private key is neither a PKCS #8 nor a SEC 1 key");
    if (!rt_str_eq(curve, p256) || key->len != KEY_SIZE)
        return rt_errorf("the private key is not on P-256");
    *point = private_key_point(*key);
    return point->data ? NULL : rt_errorf("the private key is out of range");
}
