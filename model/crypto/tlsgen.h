/* A certificate authority for TLS, made when a peer starts.
 *
 * Follows common/crypto/tlsgen: keys on P-256; a client's certificate is good for 24 hours, those
 * of the authority and of servers for ten years of 365 days; all from 24 hours before now. */
#ifndef CCLAB_MODEL_CRYPTO_TLSGEN_H
#define CCLAB_MODEL_CRYPTO_TLSGEN_H

#include "model/crypto/x509_create.h"

/* CertKeyPair. */
struct tlsgen_pair {
    rt_bytes cert; /* PEM */
    rt_bytes key;  /* PEM of PKCS #8, under the name of SEC 1's, as in Fabric */
    struct x509_key signer;
    const struct x509_certificate *tls_cert;
};

/* CertKeyPair.PubKeyString, PrivKeyString: base64 of the PEM. */
rt_str tlsgen_pub_key_string(const struct tlsgen_pair *pair);
rt_str tlsgen_priv_key_string(const struct tlsgen_pair *pair);

enum tlsgen_kind { TLSGEN_AUTHORITY, TLSGEN_CLIENT, TLSGEN_SERVER };
/* newCertKeyPair without its draws: a certificate for a key and a serial number (16 bytes), good
 * from the run's time, signed by `ca` or by itself (NULL). `host` is a server's. */
RT_MUST_USE struct rt_error *tlsgen_issue(enum tlsgen_kind kind, rt_str host,
        const struct x509_key *key, rt_bytes serial, const struct tlsgen_pair *ca,
        struct tlsgen_pair **pair);

struct tlsgen_ca;

/* NewCA: keys and serial numbers come from `rand`, which it keeps. The time is the run's. */
RT_MUST_USE struct rt_error *tlsgen_new_ca(struct crypto_rand *rand, struct tlsgen_ca **ca);
/* CA.CertBytes: PEM. */
rt_bytes tlsgen_ca_cert_bytes(const struct tlsgen_ca *ca);
/* CA.NewClientCertKeyPair. */
RT_MUST_USE struct rt_error *tlsgen_new_client_cert_key_pair(
        struct tlsgen_ca *ca, struct tlsgen_pair **pair);
/* CA.NewServerCertKeyPair: for a host's name or IP address. */
RT_MUST_USE struct rt_error *tlsgen_new_server_cert_key_pair(
        struct tlsgen_ca *ca, rt_str host, struct tlsgen_pair **pair);

#endif
