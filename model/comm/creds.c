/* Follows core/comm/creds.go and Go's crypto/tls: handshake_server.go, handshake_client.go,
 * tls.go. */
#include "model/comm/creds.h"

#include "model/crypto/pem.h"
#include "model/crypto/private_key.h"
#include "model/rt/clock.h"

/* What a side says that the other one has sent an alert. */
static struct rt_error *bad_certificate(void)
{
    return rt_errorf("remote error: tls: bad certificate");
}

/* Which Go says when a certificate is or was good, and calls a client's certificate by another
 * name. */
enum { GO_HERE = 19, GO_TELLS_TIMES = 14, GO_CLIENT_CERTIFICATE = 17 };

static unsigned go_of(const struct comm_server_tls *server)
{
    return server->go ? server->go : GO_HERE;
}

static struct rt_error *verify(const struct comm_server_tls *server,
        const struct x509_certificate *cert, const struct x509_pool *roots, unsigned usage)
{
    static const struct x509_pool none;
    const struct x509_verify_options options = {
        .roots = roots,
        .intermediates = &none,
        .current_time_s = rt_wall_ns() / RT_SECOND,
        .key_usage = usage,
    };
    struct x509_chain *chains;
    size_t count;
    struct rt_error *err = x509_verify(cert, &options, &chains, &count);
    ptrdiff_t times = err ? rt_str_index(err->text, RT_STR(": current time ")) : -1;
    if (times >= 0 && go_of(server) < GO_TELLS_TIMES)
        return rt_error_new(rt_str_slice(err->text, 0, (size_t)times));
    return err;
}

/* getClientCertificate: a client keeps what no authority of the server's list has issued. */
static const struct x509_certificate *shown(
        const struct comm_server_tls *server, const struct comm_client_tls *client)
{
    const struct x509_certificate *own = client->certificate;
    if (client->shows_any)
        return own;
    for (size_t i = 0; own && i < server->client_cas.count; i++)
        if (rt_str_eq(server->client_cas.certs[i]->raw_subject, own->raw_issuer))
            return own;
    return NULL;
}

void comm_handshake(const struct comm_server_tls *server, struct comm_conn *conn)
{
    const struct comm_client_tls *client = conn->client;
    if (!client) {
        conn->server_err = rt_errorf("tls: first record does not look like a TLS handshake");
        return;
    }
    if (client->cut) {
        conn->server_err = rt_eof;
        conn->client_err = rt_eof;
        return;
    }
    conn->client_err = verify(server, server->certificate, &client->root_cas, X509_EKU_SERVER_AUTH);
    if (conn->client_err) {
        conn->server_err = bad_certificate();
        return;
    }
    const struct x509_certificate *cert = shown(server, client);
    if (!cert)
        conn->server_err = rt_errorf("tls: client didn't provide a certificate");
    else
        conn->server_err =
                rt_error_wrapf(verify(server, cert, &server->client_cas, X509_EKU_CLIENT_AUTH),
                        "tls: failed to verify %s certificate",
                        go_of(server) < GO_CLIENT_CERTIFICATE ? "client's" : "client");
    if (conn->server_err)
        conn->client_err = bad_certificate();
    else
        conn->client_certificate = cert->raw;
}

/* ---- reading PEM ---- */

bool comm_append_certs_from_pem(struct x509_pool *pool, rt_bytes pem)
{
    struct pem_block block;
    bool any = false;
    while (pem_decode(pem, &block, &pem)) {
        struct x509_certificate *cert;
        if (!rt_str_is(block.type, "CERTIFICATE") || x509_parse_certificate(block.bytes, &cert))
            continue;
        x509_pool_add(pool, cert);
        any = true;
    }
    return any;
}

static bool is_certificate(rt_str type)
{
    return rt_str_is(type, "CERTIFICATE");
}

static bool is_private_key(rt_str type)
{
    return rt_str_is(type, "PRIVATE KEY") || rt_str_has_suffix(type, RT_STR(" PRIVATE KEY"));
}

/* The first block of a fitting type, whole; false with the types of the others: "[A B]". */
static bool find_block(rt_bytes pem, bool (*fits)(rt_str type), struct pem_block *block,
        rt_str *skipped, size_t *count)
{
    struct rt_buf types = { 0 };
    *count = 0;
    while (pem_decode(pem, block, &pem)) {
        if (fits(block->type))
            return true;
        rt_buf_printf(&types, "%s%S", *count > 0 ? " " : "[", block->type);
        ++*count;
    }
    rt_buf_put_byte(&types, ']');
    *skipped = rt_buf_str(&types);
    return false;
}

static struct rt_error *find_certificate(rt_bytes pem, struct pem_block *block)
{
    rt_str skipped;
    size_t count;
    if (find_block(pem, is_certificate, block, &skipped, &count))
        return NULL;
    if (count == 0)
        return rt_errorf("tls: failed to find any PEM data in certificate input");
    if (count == 1 && rt_str_has_suffix(skipped, RT_STR("PRIVATE KEY]")))
        return rt_errorf("tls: failed to find certificate PEM data in certificate input, but did "
                         "find a private key; PEM inputs may have been switched");
    return rt_errorf("tls: failed to find \"CERTIFICATE\" PEM block in certificate input after "
                     "skipping PEM blocks of the following types: %S",
            skipped);
}

static struct rt_error *find_key(rt_bytes pem, struct pem_block *block)
{
    rt_str skipped;
    size_t count;
    if (find_block(pem, is_private_key, block, &skipped, &count))
        return NULL;
    if (count == 0)
        return rt_errorf("tls: failed to find any PEM data in key input");
    if (count == 1 && rt_str_is(skipped, "[CERTIFICATE]"))
        return rt_errorf("tls: found a certificate rather than a key in the PEM for the private "
                         "key");
    return rt_errorf("tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key "
                     "input after skipping PEM blocks of the following types: %S",
            skipped);
}

struct rt_error *comm_x509_key_pair(
        rt_bytes cert_pem, rt_bytes key_pem, const struct x509_certificate **certificate)
{
    struct pem_block cert_block, key_block;
    struct x509_certificate *cert;
    rt_bytes key, point;
    struct rt_error *err = find_certificate(cert_pem, &cert_block);
    if (!err)
        err = find_key(key_pem, &key_block);
    if (!err)
        err = x509_parse_certificate(cert_block.bytes, &cert);
    if (err)
        return err;
    if (private_key_from_pem(pem_encode("PRIVATE KEY", key_block.bytes), &key, &point))
        return rt_errorf("tls: failed to parse private key");
    if (!rt_str_eq(point, cert->public_key.point))
        return rt_errorf("tls: private key does not match public key");
    *certificate = cert;
    return NULL;
}
