/* TLS between a chaincode and the listener of its peer.
 *
 * Follows core/comm/{server,creds}.go and, for how a handshake ends, Go's crypto/tls with both
 * sides at TLS 1.2. A handshake is one step here: who shows which certificate, who believes
 * it, and what either side says if it does not. */
#ifndef CCLAB_MODEL_COMM_CREDS_H
#define CCLAB_MODEL_COMM_CREDS_H

#include "model/crypto/x509.h"
#include "model/rt/chan.h"

/* The tls.Config of a server that requires and verifies the certificates of its clients. */
struct comm_server_tls {
    const struct x509_certificate *certificate;
    struct x509_pool client_cas;
    unsigned go; /* minor version of the Go that built both sides; 0: 1.19 */
};

/* The tls.Config of a client. */
struct comm_client_tls {
    const struct x509_certificate *certificate; /* NULL: it has none */
    struct x509_pool root_cas;
    bool shows_any; /* also a certificate that the server does not ask for, as no Go client does */
    bool cut;       /* the connection is closed before either side has sent a byte */
};

/* A connection, and how its handshake ended: with an error of either side, or with the certificate
 * that the client has shown (tls.ConnectionState.PeerCertificates[0], DER). */
struct comm_conn {
    const struct comm_client_tls *client; /* NULL: it does not speak TLS */
    struct rt_chan *done;                 /* closed when it has ended; not when the peer dies */
    struct rt_error *server_err;
    struct rt_error *client_err; /* NULL for a client without TLS, which waits for an answer */
    rt_bytes client_certificate;
};

/* conn.Handshake() of both sides at the present time; `done` is left to the caller. */
void comm_handshake(const struct comm_server_tls *server, struct comm_conn *conn);

/* CertPool.AppendCertsFromPEM: whether any was added; what cannot be read is passed over. */
bool comm_append_certs_from_pem(struct x509_pool *pool, rt_bytes pem);
/* The certificate of tls.X509KeyPair: an error unless certificate and key are there and belong
 * together. */
RT_MUST_USE struct rt_error *comm_x509_key_pair(
        rt_bytes cert_pem, rt_bytes key_pem, const struct x509_certificate **certificate);

#endif
