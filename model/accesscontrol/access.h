/* Which chaincode may register on a stream: the one for which the stream's certificate was made.
 *
 * Follows core/chaincode/accesscontrol/{access,mapper,interceptor}.go. */
#ifndef CCLAB_MODEL_ACCESSCONTROL_ACCESS_H
#define CCLAB_MODEL_ACCESSCONTROL_ACCESS_H

#include "model/container/ccintf.h"
#include "model/crypto/tlsgen.h"

/* CertAndPrivKeyPair: base64 of PEM. */
struct cert_and_priv_key_pair {
    rt_str cert;
    rt_str key;
};

/* KeyGenFunc: CA.NewClientCertKeyPair. */
struct key_gen_func {
    void *self;
    struct rt_error *(*generate)(void *self, struct tlsgen_pair **pair);
};

/* pb.ChaincodeSupport_RegisterServer: a stream, and what its context knows of the client. */
struct register_stream {
    struct chaincode_stream stream;
    /* DER of TLSInfo.State.PeerCertificates[0]; RT_NIL when the context holds none. */
    rt_bytes client_certificate;
};
/* pb.ChaincodeSupportServer. */
struct register_server {
    void *self;
    /* Register: serves the stream until it ends. */
    struct rt_error *(*register_stream)(void *self, const struct register_stream *stream);
};

struct authenticator;

/* NewAuthenticator. */
struct authenticator *authenticator_new(struct key_gen_func key_gen);
/* The same with a CA of tlsgen. */
struct authenticator *authenticator_new_over(struct tlsgen_ca *ca);
/* Authenticator.Generate: a certificate and its key for a chaincode ("name:version"). For ten
 * minutes a stream with that certificate may register that name. */
RT_MUST_USE struct rt_error *authenticator_generate(
        struct authenticator *auth, rt_str cc_name, const struct cert_and_priv_key_pair **pair);
/* Authenticator.Wrap: looks at a stream's first message before `next` gets it. */
struct register_server authenticator_wrap(struct authenticator *auth, struct register_server next);

#endif
