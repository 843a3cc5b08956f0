/* Certificates of tlsgen against those that v1.4.2's tlsgen made with Go's crypto/x509
 * (tlsgen.jsonl: keys, serial numbers and times, and the bytes that were signed), and where their
 * keys come from. */
#include "model/crypto/tlsgen.h"

#include "model/crypto/base64.h"
#include "model/crypto/private_key.h"
#include "model/rt/arena.h"
#include "tests/support/test.h"

static rt_bytes hex(const json_t *v, const char *name)
{
    rt_bytes out;
    assert_true(rt_unhex(rt_str_from(json_string_value(json_object_get(v, name))), &out));
    return out;
}

static struct x509_key key_of(const json_t *v, const char *name)
{
    rt_bytes private_key = hex(v, name);
    return (struct x509_key){ private_key, private_key_point(private_key) };
}

static void issue(void *arg)
{
    const json_t *v = arg;
    const struct x509_key ca_key = key_of(v, "ca_key"), key = key_of(v, "key");
    rt_str host = rt_str_from(json_string_value(json_object_get(v, "host")));
    enum tlsgen_kind kind = (enum tlsgen_kind)json_integer_value(json_object_get(v, "kind"));
    struct tlsgen_pair *ca, *pair;
    assert_null(
            tlsgen_issue(TLSGEN_AUTHORITY, RT_STR(""), &ca_key, hex(v, "ca_serial"), NULL, &ca));
    assert_null(tlsgen_issue(
            kind, host, &key, hex(v, "serial"), kind == TLSGEN_AUTHORITY ? NULL : ca, &pair));
    rt_bytes tbs = hex(v, "tbs");
    assert_int_equal(pair->tls_cert->raw_tbs.len, tbs.len);
    assert_memory_equal(pair->tls_cert->raw_tbs.data, tbs.data, tbs.len);
    assert_true(rt_str_is(pair->key, json_string_value(json_object_get(v, "key_pem"))));
    assert_null(x509_check_signature(&ca->tls_cert->public_key, X509_ECDSA_SHA256,
            pair->tls_cert->raw_tbs, pair->tls_cert->signature, false));
}

static void test_certificates_are_gos(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/msp/tlsgen.jsonl");
    json_t *v;
    while ((v = support_next_vector(&lines))) {
        const struct rt_config config = {
            .start_time_ms = json_integer_value(json_object_get(v, "now")) * 1000,
        };
        support_run(&config, issue, v);
    }
    assert_true(lines.number >= 60);
}

/* ---- keys and serial numbers ---- */

/* The client's certificate that is the n-th to be made from a seed. */
static rt_str nth(const char *seed, unsigned n)
{
    const rt_bytes parts[] = { rt_str_from(seed) };
    struct crypto_rand rand;
    struct tlsgen_ca *ca;
    struct tlsgen_pair *pair;
    crypto_rand_init(&rand, parts, 1);
    assert_null(tlsgen_new_ca(&rand, &ca));
    do
        assert_null(tlsgen_new_client_cert_key_pair(ca, &pair));
    while (n-- > 0);
    return rt_sprintf("%S%S", pair->cert, pair->key);
}

static void equal_seeds_give_equal_bytes(void *arg)
{
    (void)arg;
    rt_str first = nth("seed", 0);
    assert_true(rt_str_eq(first, nth("seed", 0)));
    assert_false(rt_str_eq(first, nth("seed", 1)));
    assert_false(rt_str_eq(first, nth("Seed", 0)));
    /* The same in every process and build: SHA-256 of that of the seed and of a counter. */
    uint8_t bytes[4];
    const rt_bytes parts[] = { RT_STR("seed") };
    struct crypto_rand rand;
    crypto_rand_init(&rand, parts, 1);
    assert_null(crypto_rand_read(&rand, bytes, sizeof bytes));
    assert_memory_equal(bytes, "\xcc\x36\x96\x2c", sizeof bytes);
}

static struct rt_error *third_fails(void *self)
{
    return ++*(unsigned *)self == 3 ? rt_errorf("no entropy") : NULL;
}

static void a_failing_reader_fails_the_certificate(void *arg)
{
    (void)arg;
    unsigned reads = 0;
    struct crypto_rand rand;
    struct tlsgen_ca *ca;
    struct tlsgen_pair *pair;
    crypto_rand_init(&rand, NULL, 0);
    rand.fails = third_fails;
    rand.self = &reads;
    assert_null(tlsgen_new_ca(&rand, &ca));
    struct rt_error *err = tlsgen_new_client_cert_key_pair(ca, &pair);
    assert_true(err && rt_str_is(err->text, "no entropy"));
    assert_null(tlsgen_new_client_cert_key_pair(ca, &pair));
}

/* ---- base64 ---- */

static void test_base64_is_gos(void **state)
{
    (void)state;
    /* Go's answers: what is decoded, or the byte at which it complains. */
    static const struct {
        const char *text, *want;
        int error;
    } cases[] = {
        { "", "", -1 },
        { "YQ==", "a", -1 },
        { "YWI=", "ab", -1 },
        { "YWJj", "abc", -1 },
        { "YW\nJj\r\n", "abc", -1 },
        { "YQ\n=\n=\n", "a", -1 },
        { "YR==", "a", -1 },
        { "YQ=", NULL, 3 },
        { "YQ", NULL, 0 },
        { "YWJjZ", NULL, 4 },
        { "Y===", NULL, 1 },
        { "=", NULL, 0 },
        { "YQ==x", NULL, 4 },
        { "YWI=x", NULL, 4 },
        { "Y Q=", NULL, 1 },
        { "YQ=x", NULL, 2 },
        { "-_==", NULL, 0 },
        { "YWJjZ\n", NULL, 5 },
        { "Y\nQ", NULL, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rt_bytes out;
        struct rt_error *err = base64_decode(rt_str_from(cases[i].text), &out);
        if (cases[i].want)
            assert_true(!err && rt_str_is(out, cases[i].want));
        else
            assert_true(
                    err && rt_str_eq(err->text, rt_sprintf("illegal base64 data at input byte %d",
                                                        cases[i].error)));
    }
    assert_true(rt_str_is(base64_encode(RT_STR("any carnal pleas")), "YW55IGNhcm5hbCBwbGVhcw=="));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                test_certificates_are_gos, support_arena_begin, support_arena_end),
        IN_GOROUTINE(equal_seeds_give_equal_bytes),
        IN_GOROUTINE(a_failing_reader_fails_the_certificate),
        cmocka_unit_test_setup_teardown(test_base64_is_gos, support_arena_begin, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
