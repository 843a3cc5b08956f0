/* Follows peer/node/start.go: startChaincodeServer, createChaincodeServer and
 * registerChaincodeSupport, as far as TLS goes.
 *
 * Fabric makes the authority without TLS, too, and uses it for nothing then: here it is not
 * made. */
#include "model/accesscontrol/access.h"
#include "model/chaincode/chaincode_support.h"
#include "model/gostd/hostport.h"
#include "model/lab/go.h"
#include "model/peer/internal.h"
#include "model/rt/arena.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"

struct peer_tls {
    const struct peer_config *config;
    struct crypto_rand rand;
    /* The certificate that is being made; nothing else happens between its begin and its end. */
    enum peer_certificate making;
    rt_str making_for; /* of a chaincode: its name */
    bool asked;        /* whether it fails */
    struct tlsgen_ca *ca;
    struct comm_server_tls server;
    struct authenticator *authenticator;
    struct cert_generator generator;
};

static void begin(struct peer_tls *tls, enum peer_certificate certificate, rt_str chaincode)
{
    tls->making = certificate;
    tls->making_for = chaincode;
    tls->asked = false;
}

/* Whether it fails: at the first of its reads. */
static struct rt_error *fails(void *self)
{
    struct peer_tls *tls = self;
    if (tls->asked)
        return NULL;
    tls->asked = true;
    return tls->config->certificate_fails(
            tls->config->certificate_fails_self, tls->making, tls->making_for);
}

static struct rt_error *generate(
        void *self, rt_str cc_name, const struct cert_and_priv_key_pair **pair)
{
    struct peer_tls *tls = self;
    begin(tls, PEER_CERTIFICATE_CHAINCODE, cc_name);
    return authenticator_generate(tls->authenticator, cc_name, pair);
}

/* What the peer draws is its own, and other at each start. */
static void seed(struct peer_tls *tls, const struct peer *peer)
{
    const struct world_peer *settings = &peer_base_world(peer->config.base)->peer;
    uint32_t start = peer_disk_count_start(peer->config.disk);
    uint8_t bytes[4] = { (uint8_t)start, (uint8_t)(start >> 8), (uint8_t)(start >> 16),
        (uint8_t)(start >> 24) };
    const rt_bytes parts[] = { rt_bytes_from(bytes, sizeof bytes), settings->identity.key_pem,
        settings->id };
    crypto_rand_init(&tls->rand, parts, 3);
    tls->rand.self = tls;
    tls->rand.fails = tls->config->certificate_fails ? fails : NULL;
}

void peer_make_tls(struct peer *peer, rt_str endpoint)
{
    const struct world_peer *settings = &peer_base_world(peer->config.base)->peer;
    if (!settings->tls)
        return;
    struct peer_tls *tls = rt_new(struct peer_tls);
    struct tlsgen_pair *pair;
    peer->tls = tls;
    tls->config = &peer->config;
    seed(tls, peer);
    begin(tls, PEER_CERTIFICATE_AUTHORITY, RT_STR(""));
    struct rt_error *err = tlsgen_new_ca(&tls->rand, &tls->ca);
    if (err)
        rt_panicf("Failed creating authentication layer: %v", err);
    begin(tls, PEER_CERTIFICATE_LISTENER, RT_STR(""));
    rt_str host, port;
    err = net_split_host_port(endpoint, &host, &port);
    if (!err)
        err = tlsgen_new_server_cert_key_pair(tls->ca, host, &pair);
    if (err)
        rt_panicf("Failed generating TLS certificate for chaincode service: +%v", err);
    tls->server.certificate = pair->tls_cert;
    tls->server.go = settings->go_version.len > 0 ? go_minor(settings->go_version) : 0;
    (void)comm_append_certs_from_pem(&tls->server.client_cas, tlsgen_ca_cert_bytes(tls->ca));
    tls->authenticator = authenticator_new_over(tls->ca);
    tls->generator = (struct cert_generator){ tls, generate };
}

rt_bytes peer_tls_ca_cert(const struct peer *peer)
{
    return peer->tls ? tlsgen_ca_cert_bytes(peer->tls->ca) : RT_NIL;
}

const struct cert_generator *peer_tls_cert_generator(const struct peer *peer)
{
    return peer->tls ? &peer->tls->generator : NULL;
}

/* ChaincodeSupport.Register. */
static struct rt_error *serve_stream(void *self, const struct register_stream *stream)
{
    return chaincode_support_handle_chaincode_stream(self, stream->stream);
}

void peer_make_chaincode_server(struct peer *peer)
{
    peer->chaincode_server = (struct register_server){ peer->chaincode_support, serve_stream };
    if (peer->tls)
        peer->chaincode_server =
                authenticator_wrap(peer->tls->authenticator, peer->chaincode_server);
}

/* ---- handshakes ---- */

struct pending_handshake {
    struct peer *peer;
    struct comm_conn conn;
};

/* serverCreds.ServerHandshake. */
static void server_handshake(void *arg)
{
    struct pending_handshake *h = arg;
    rt_recv(h->peer->chaincode_serves, NULL);
    comm_handshake(&h->peer->tls->server, &h->conn);
    if (h->conn.server_err)
        rt_note("TLS handshake failed with error %v server=ChaincodeServer", h->conn.server_err);
    rt_close(h->conn.done);
}

struct comm_conn *peer_chaincode_handshake(struct peer *peer, const struct comm_client_tls *client)
{
    if (!peer_base_world(peer->config.base)->peer.tls)
        return NULL;
    struct pending_handshake *h = rt_new(struct pending_handshake);
    h->peer = peer;
    h->conn.client = client;
    h->conn.done = rt_chan_make(0, "TLS handshake");
    rt_chan_is_message(h->conn.done);
    rt_go_in(peer->proc, "ServerHandshake", server_handshake, h);
    return &h->conn;
}
