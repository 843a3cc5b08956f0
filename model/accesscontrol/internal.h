/* Shared by the files of access control. */
#ifndef CCLAB_MODEL_ACCESSCONTROL_INTERNAL_H
#define CCLAB_MODEL_ACCESSCONTROL_INTERNAL_H

#include "model/accesscontrol/access.h"
#include "model/rt/map.h"
#include "model/rt/sync.h"

#include "proto/chaincode_shim.pb-c.h"

/* certMapper: which chaincode a certificate was made for. */
struct cert_mapper {
    struct key_gen_func key_gen;
    struct rt_rwmutex mutex;
    struct rt_map *names; /* by hash; struct registered_cert */
};
struct cert_mapper *cert_mapper_new(struct key_gen_func key_gen);
/* The name, empty for an unknown hash. */
rt_str cert_mapper_lookup(struct cert_mapper *mapper, rt_bytes hash);
/* genCert. */
RT_MUST_USE struct rt_error *cert_mapper_gen_cert(
        struct cert_mapper *mapper, rt_str name, struct tlsgen_pair **pair);
/* extractCertificateHashFromContext: empty when there is no certificate. */
rt_bytes cert_hash_of_stream(const struct register_stream *stream);

struct authenticator {
    struct cert_mapper *mapper;
};
/* Authenticator.authenticate. */
RT_MUST_USE struct rt_error *authenticate(struct authenticator *auth,
        const Protos__ChaincodeMessage *msg, const struct register_stream *stream);

/* fmt.Errorf(text) without arguments: what Go writes where the text has verbs. */
rt_str format_without_arguments(rt_str text);

#endif
