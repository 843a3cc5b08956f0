/* How handshakes end: what v1.4.2's GRPCServer logs, and what a client with the shim's settings is
 * told, as seen with Go 1.19 (an expired certificate and a wrong authority included). */
#include "model/comm/creds.h"

#include "model/crypto/pem.h"
#include "model/crypto/tlsgen.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

#define HOUR_NS (3600 * RT_SECOND)

struct fixture {
    struct crypto_rand rand;
    struct tlsgen_ca *ca, *other;
    struct comm_server_tls server;
    struct tlsgen_pair *own, *foreign;
};

static struct x509_pool pool_of(const struct tlsgen_ca *ca)
{
    struct x509_pool pool = { 0 };
    assert_true(comm_append_certs_from_pem(&pool, tlsgen_ca_cert_bytes(ca)));
    return pool;
}

static struct fixture *make(void)
{
    struct fixture *f = rt_new(struct fixture);
    struct tlsgen_pair *server;
    crypto_rand_init(&f->rand, NULL, 0);
    assert_null(tlsgen_new_ca(&f->rand, &f->ca));
    assert_null(tlsgen_new_ca(&f->rand, &f->other));
    assert_null(tlsgen_new_server_cert_key_pair(f->ca, RT_STR("peer0"), &server));
    assert_null(tlsgen_new_client_cert_key_pair(f->ca, &f->own));
    assert_null(tlsgen_new_client_cert_key_pair(f->other, &f->foreign));
    f->server = (struct comm_server_tls){ server->tls_cert, pool_of(f->ca), 0 };
    return f;
}

/* Both sides of a handshake: "-" for no error. */
static void expect(const struct fixture *f, const struct comm_client_tls *client,
        const char *server_says, const char *client_says)
{
    struct comm_conn conn = { .client = client };
    comm_handshake(&f->server, &conn);
    const char *server = conn.server_err ? rt_cstr(conn.server_err->text) : "-";
    const char *told = conn.client_err ? rt_cstr(conn.client_err->text) : "-";
    assert_string_equal(server, server_says);
    assert_string_equal(told, client_says);
    assert_int_equal(conn.client_certificate.len > 0, !conn.server_err);
}

#define BAD "remote error: tls: bad certificate"

static void handshakes(void *arg)
{
    (void)arg;
    struct fixture *f = make();
    struct comm_client_tls client = { f->own->tls_cert, pool_of(f->ca), false, false };
    expect(f, &client, "-", "-");
    client.certificate = NULL;
    expect(f, &client, "tls: client didn't provide a certificate", BAD);
    /* Go's clients keep what the server's authorities have not issued. */
    client.certificate = f->foreign->tls_cert;
    expect(f, &client, "tls: client didn't provide a certificate", BAD);
    client.shows_any = true;
    expect(f, &client,
            "tls: failed to verify client certificate: x509: certificate signed by unknown "
            "authority",
            BAD);
    client = (struct comm_client_tls){ f->own->tls_cert, pool_of(f->other), false, false };
    expect(f, &client, BAD, "x509: certificate signed by unknown authority");
    expect(f, NULL, "tls: first record does not look like a TLS handshake", "-");
    client.root_cas = pool_of(f->ca);
    client.cut = true;
    expect(f, &client, "EOF", "EOF");
    client.cut = false;
    rt_sleep_ns(24 * HOUR_NS);
    expect(f, &client, "-", "-");
    rt_sleep_ns(RT_SECOND);
    expect(f, &client,
            "tls: failed to verify client certificate: x509: certificate has expired or is not yet "
            "valid: current time 2020-09-14T12:26:41Z is after 2020-09-14T12:26:40Z",
            BAD);
    f->server.go = 11;
    expect(f, &client,
            "tls: failed to verify client's certificate: x509: certificate has expired or is not "
            "yet valid",
            BAD);
    f->server.go = 0;
    /* The server's own lasts ten years. */
    assert_null(tlsgen_new_client_cert_key_pair(f->ca, &f->own));
    client.certificate = f->own->tls_cert;
    expect(f, &client, "-", "-");
    rt_sleep_ns((int64_t)24 * 365 * 10 * HOUR_NS);
    expect(f, &client, BAD,
            "x509: certificate has expired or is not yet valid: current time "
            "2030-09-12T12:26:41Z is after 2030-09-11T12:26:40Z");
}

static void test_handshakes(void **state)
{
    (void)state;
    const struct rt_config config = { .start_time_ms = 1600000000000 };
    support_run(&config, handshakes, NULL);
}

/* ---- reading PEM ---- */

static void key_pairs(void *arg)
{
    (void)arg;
    const struct fixture *f = make();
    const struct x509_certificate *cert = NULL;
    const struct {
        rt_bytes cert, key;
        const char *error;
    } cases[] = {
        { f->own->cert, f->own->key, NULL },
        { f->own->cert, f->foreign->key, "tls: private key does not match public key" },
        { RT_STR(""), f->own->key, "tls: failed to find any PEM data in certificate input" },
        { f->own->cert, RT_STR("x"), "tls: failed to find any PEM data in key input" },
        { f->own->key, f->own->key,
                "tls: failed to find certificate PEM data in certificate input, but did find a "
                "private key; PEM inputs may have been switched" },
        { f->own->cert, f->own->cert,
                "tls: found a certificate rather than a key in the PEM for the private key" },
        { rt_str_cat(f->own->key, f->own->key), f->own->key,
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after "
                "skipping PEM blocks of the following types: [EC PRIVATE KEY EC PRIVATE KEY]" },
        { f->own->cert, pem_encode("EC PRIVATE KEY", RT_STR("x")),
                "tls: failed to parse private key" },
        { pem_encode("CERTIFICATE", RT_STR("x")), f->own->key, "x509: malformed certificate" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_error *err = comm_x509_key_pair(cases[i].cert, cases[i].key, &cert);
        assert_string_equal(err ? rt_cstr(err->text) : "-", cases[i].error ? cases[i].error : "-");
    }
    assert_true(rt_str_eq(cert->raw, f->own->tls_cert->raw));
    struct x509_pool pool = { 0 };
    assert_false(comm_append_certs_from_pem(&pool, f->own->key));
    assert_true(comm_append_certs_from_pem(
            &pool, rt_sprintf("%S%S%S", f->own->key, f->own->cert, f->foreign->cert)));
    assert_int_equal(pool.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshakes),
        IN_GOROUTINE(key_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
