/* Follows core/chaincode/accesscontrol/mapper.go. */
#include "model/accesscontrol/internal.h"
#include "model/crypto/crypto.h"
#include "model/rt/arena.h"
#include "model/rt/choice.h"
#include "model/rt/clock.h"

/* ttl. */
#define CERT_TTL_NS (600 * RT_SECOND) /* ten minutes */

struct registered_cert {
    rt_str name;
    int64_t purged_at_ns;
};

struct cert_mapper *cert_mapper_new(struct key_gen_func key_gen)
{
    struct cert_mapper *mapper = rt_new(struct cert_mapper);
    mapper->key_gen = key_gen;
    mapper->names = rt_map_new();
    rt_rwmutex_init(&mapper->mutex, "certMapper");
    return mapper;
}

/* Whether purge() has been there. Go sets a timer for each certificate; here its time is looked at
 * where it matters, so that no run goes on for ten minutes only to forget certificates. At that
 * very moment either may come first. */
static bool purged(const struct registered_cert *cert)
{
    int64_t now_ns = rt_now_ns();
    if (now_ns != cert->purged_at_ns)
        return now_ns > cert->purged_at_ns;
    return rt_choose(RT_CHOICE_TIMER, 2, "the certificate is forgotten now") == 1;
}

rt_str cert_mapper_lookup(struct cert_mapper *mapper, rt_bytes hash)
{
    rt_rlock(&mapper->mutex);
    const struct registered_cert *cert = rt_map_get(mapper->names, hash);
    rt_str name = cert && !purged(cert) ? cert->name : RT_STR("");
    rt_runlock(&mapper->mutex);
    return name;
}

static void register_cert(struct cert_mapper *mapper, rt_bytes hash, rt_str name)
{
    struct registered_cert *cert = rt_new(struct registered_cert);
    *cert = (struct registered_cert){ name, rt_now_ns() + CERT_TTL_NS };
    rt_wlock(&mapper->mutex);
    rt_map_put(mapper->names, hash, cert);
    rt_wunlock(&mapper->mutex);
}

struct rt_error *cert_mapper_gen_cert(
        struct cert_mapper *mapper, rt_str name, struct tlsgen_pair **pair)
{
    struct rt_error *err = mapper->key_gen.generate(mapper->key_gen.self, pair);
    if (err)
        return err;
    register_cert(mapper, crypto_sha256((*pair)->tls_cert->raw), name);
    return NULL;
}

rt_bytes cert_hash_of_stream(const struct register_stream *stream)
{
    if (stream->client_certificate.len == 0)
        return RT_NIL;
    return crypto_sha256(stream->client_certificate);
}
