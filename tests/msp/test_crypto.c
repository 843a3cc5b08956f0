/* ECDSA as bccsp does it, and deterministic signing by the test vectors of RFC 6979. */
#include "model/crypto/asn1.h"
#include "model/crypto/crypto.h"
#include "model/crypto/der.h"
#include "model/rt/arena.h"
#include "tests/support/test.h"

static const char key_hex[] = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
static const char point_hex[] = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                                "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
static const char order_hex[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

static rt_bytes hex(const char *text)
{
    rt_bytes out;
    assert_true(rt_unhex(rt_str_from(text), &out));
    return out;
}

/* order - s */
static rt_bytes negate(rt_bytes s)
{
    rt_bytes order = hex(order_hex);
    uint8_t *out = rt_alloc(32);
    int borrow = 0;
    for (size_t i = 32; i-- > 0;) {
        size_t at = i + s.len;
        int digit = order.data[i] - borrow - (at >= 32 ? s.data[at - 32] : 0);
        borrow = digit < 0;
        out[i] = (uint8_t)(digit + 256 * borrow);
    }
    return rt_bytes_from(out, 32);
}

static rt_bytes signature_of(rt_bytes r, rt_bytes s)
{
    struct rt_buf content = { 0 }, whole = { 0 };
    der_put_unsigned(&content, r);
    der_put_unsigned(&content, s);
    der_put(&whole, DER_SEQUENCE, rt_buf_str(&content));
    return rt_buf_str(&whole);
}

static void rfc_6979(void **state)
{
    (void)state;
    /* A.2.5, SHA-256; s is brought into its lower half as Fabric does. */
    static const struct {
        const char *message, *r, *s;
        bool high;
    } cases[] = {
        { "sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", true },
        { "test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083", false },
    };
    for (size_t i = 0; i < 2; i++) {
        rt_bytes digest = crypto_sha256(rt_str_from(cases[i].message)), got, r, s;
        assert_null(crypto_sign_p256(hex(key_hex), digest, &got));
        assert_null(asn1_unmarshal_two_integers(got, &r, &s));
        assert_true(rt_str_eq(der_integer_magnitude(r), hex(cases[i].r)));
        rt_bytes wanted = hex(cases[i].s);
        if (cases[i].high)
            wanted = negate(wanted);
        assert_true(rt_str_eq(got, signature_of(hex(cases[i].r), wanted)));
        bool valid;
        assert_null(crypto_bccsp_verify(CRYPTO_P256, hex(point_hex), got, digest, &valid));
        assert_true(valid);
    }
}

static void high_s_is_refused_and_lowered(void **state)
{
    (void)state;
    rt_bytes digest = crypto_sha256(RT_STR("sample")), low, r, s, lowered;
    assert_null(crypto_sign_p256(hex(key_hex), digest, &low));
    assert_null(asn1_unmarshal_two_integers(low, &r, &s));
    rt_bytes high = signature_of(der_integer_magnitude(r), negate(der_integer_magnitude(s)));
    bool valid;
    struct rt_error *err = crypto_bccsp_verify(CRYPTO_P256, hex(point_hex), high, digest, &valid);
    assert_non_null(err);
    assert_true(rt_str_has_prefix(
            err->text, RT_STR("Invalid S. Must be smaller than half the order [")));
    assert_null(crypto_signature_to_low_s(CRYPTO_P256, high, &lowered));
    assert_true(rt_str_eq(lowered, low));
    assert_null(crypto_signature_to_low_s(CRYPTO_P256, low, &lowered));
    assert_true(rt_str_eq(lowered, low));
}

static void odd_signatures(void **state)
{
    (void)state;
    static const struct {
        const char *signature, *text;
    } cases[] = {
        { "3000", "asn1: syntax error: sequence truncated" },
        { "3080020101020101", "asn1: syntax error: indefinite length found (not DER)" },
        { "3081060201010201", "asn1: structure error: non-minimal length" },
        { "30070201010201", "asn1: syntax error: data truncated" },
        { "30070202000102010100", "asn1: structure error: integer not minimally-encoded" },
        { "3006020100020101", "invalid signature, R must be larger than zero" },
        { "30060201010201ff", "invalid signature, S must be larger than zero" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool valid;
        struct rt_error *err = crypto_bccsp_verify(CRYPTO_P256, hex(point_hex),
                hex(cases[i].signature), crypto_sha256(RT_STR("m")), &valid);
        assert_non_null(err);
        assert_false(valid);
        assert_true(rt_str_contains(err->text, rt_str_from(cases[i].text)));
    }
}

static void equal_work_is_done_once(void **state)
{
    (void)state;
    crypto_cache_clear();
    rt_bytes digest = crypto_sha256(RT_STR("once")), first, again;
    bool valid;
    for (int i = 0; i < 3; i++) {
        assert_null(crypto_sign_p256(hex(key_hex), digest, i ? &again : &first));
        assert_null(crypto_bccsp_verify(CRYPTO_P256, hex(point_hex), first, digest, &valid));
        assert_true(valid);
    }
    assert_true(rt_str_eq(first, again));
    struct crypto_cache_stats stats = crypto_cache_stats();
    assert_int_equal(stats.sign_misses, 1);
    assert_int_equal(stats.sign_hits, 2);
    assert_int_equal(stats.verify_misses, 1);
    assert_int_equal(stats.verify_hits, 2);
}

static int without_arena(void **state)
{
    crypto_cache_clear();
    return support_arena_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_6979),
        cmocka_unit_test(high_s_is_refused_and_lowered),
        cmocka_unit_test(odd_signatures),
        cmocka_unit_test(equal_work_is_done_once),
    };
    return cmocka_run_group_tests(tests, support_arena_begin, without_arena);
}
