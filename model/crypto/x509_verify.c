/* Follows Go's crypto/x509/verify.go: chains from a certificate to the roots of a pool.
 *
 * Errors carry Go's texts without the hint that Go adds in brackets to "unknown authority". */
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"

enum { MAX_SIGNATURE_CHECKS = 100 };
enum certificate_role { LEAF, INTERMEDIATE, ROOT };

struct builder {
    const struct x509_verify_options *options;
    int signature_checks;
    struct x509_chain *chains;
    size_t chain_count, chain_cap;
};

void x509_pool_add(struct x509_pool *pool, const struct x509_certificate *cert)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (rt_str_eq(pool->certs[i]->raw, cert->raw))
            return;
    }
    pool->certs = rt_grow(pool->certs, pool->count, pool->count + 1, sizeof *pool->certs);
    pool->certs[pool->count++] = cert;
}

static bool pool_contains(const struct x509_pool *pool, const struct x509_certificate *cert)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (rt_str_eq(pool->certs[i]->raw, cert->raw))
            return true;
    }
    return false;
}

/* ---- one certificate of a chain ---- */

/* time.RFC3339 in UTC. */
static rt_str rfc3339(int64_t seconds)
{
    struct x509_date d = x509_date_of(seconds);
    return rt_sprintf(
            "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, d.hour, d.minute, d.second);
}

static struct rt_error *check_time(const struct x509_certificate *cert, int64_t now_s)
{
    if (now_s < cert->not_before_s)
        return rt_errorf(
                "x509: certificate has expired or is not yet valid: current time %S is before "
                "%S",
                rfc3339(now_s), rfc3339(cert->not_before_s));
    if (now_s > cert->not_after_s)
        return rt_errorf(
                "x509: certificate has expired or is not yet valid: current time %S is after "
                "%S",
                rfc3339(now_s), rfc3339(cert->not_after_s));
    return NULL;
}

/* Certificate.isValid as the next one of `chain`. */
static struct rt_error *check_valid(const struct x509_certificate *cert, enum certificate_role role,
        const struct x509_chain *chain, int64_t now_s)
{
    if (cert->unhandled_critical_extensions > 0)
        return rt_errorf("x509: unhandled critical extension");
    if (chain->count > 0) {
        const struct x509_certificate *child = chain->certs[chain->count - 1];
        if (!rt_str_eq(child->raw_issuer, cert->raw_subject))
            return rt_errorf("x509: issuer name does not match subject from issuing certificate");
    }
    struct rt_error *err = check_time(cert, now_s);
    if (!err && role != LEAF && cert->has_name_constraints)
        err = x509_check_name_constraints(cert, chain->certs[0]);
    if (err)
        return err;
    if (role == INTERMEDIATE && (!cert->basic_constraints_valid || !cert->is_ca))
        return rt_errorf("x509: certificate is not authorized to sign other certificates");
    if (cert->basic_constraints_valid && cert->max_path_len >= 0 &&
            (int64_t)chain->count - 1 > cert->max_path_len)
        return rt_errorf("x509: too many intermediates for path length constraint");
    return NULL;
}

/* Certificate.CheckSignatureFrom. */
static struct rt_error *check_signature_from(
        const struct x509_certificate *cert, const struct x509_certificate *parent)
{
    if ((parent->version == 3 && !parent->basic_constraints_valid) ||
            (parent->basic_constraints_valid && !parent->is_ca))
        return rt_errorf("x509: invalid signature: parent certificate cannot sign this kind of "
                         "certificate");
    if (parent->key_usage != 0 && !(parent->key_usage & X509_KEY_USAGE_CERT_SIGN))
        return rt_errorf("x509: invalid signature: parent certificate cannot sign this kind of "
                         "certificate");
    if (parent->public_key.type == X509_KEY_UNKNOWN)
        return rt_errorf("x509: cannot verify signature: algorithm unimplemented");
    return x509_check_signature(
            &parent->public_key, cert->signature_algorithm, cert->raw_tbs, cert->signature, false);
}

static bool keys_equal(const struct x509_public_key *a, const struct x509_public_key *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case X509_KEY_ECDSA:
        return a->curve == b->curve && rt_str_eq(a->point, b->point);
    case X509_KEY_RSA:
        return rt_str_eq(a->modulus, b->modulus) && a->exponent == b->exponent;
    case X509_KEY_ED25519:
        return rt_str_eq(a->point, b->point);
    case X509_KEY_DSA:
    case X509_KEY_UNKNOWN:
    default:
        return false;
    }
}

/* alreadyInChain: by subject, key and alternative names, which also keeps a certificate that its
 * authority issued to itself from having a parent. */
static bool already_in_chain(
        const struct x509_certificate *candidate, const struct x509_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        const struct x509_certificate *cert = chain->certs[i];
        if (!rt_str_eq(candidate->raw_subject, cert->raw_subject))
            continue;
        if (candidate->public_key.type == X509_KEY_UNKNOWN)
            rt_panicf("interface conversion: interface is nil, not x509.pubKeyEqual");
        if (candidate->public_key.type == X509_KEY_DSA)
            rt_panicf(
                    "interface conversion: *dsa.PublicKey is not x509.pubKeyEqual: missing method "
                    "Equal");
        if (!keys_equal(&candidate->public_key, &cert->public_key))
            continue;
        if (!candidate->has_san && !cert->has_san)
            return true;
        if (candidate->has_san != cert->has_san)
            return false;
        if (rt_str_eq(candidate->san, cert->san))
            return true;
    }
    return false;
}

/* ---- chains ---- */

static struct rt_error *build_chains(struct builder *builder, const struct x509_certificate *cert,
        const struct x509_chain *chain);

static struct x509_chain extended(
        const struct x509_chain *chain, const struct x509_certificate *cert)
{
    struct x509_chain longer = { .count = chain->count + 1 };
    longer.certs = rt_grow(chain->certs, chain->count, longer.count, sizeof *longer.certs);
    longer.certs[chain->count] = cert;
    return longer;
}

/* considerCandidate: *err is left alone when the candidate is passed over. */
static void consider(struct builder *builder, const struct x509_certificate *cert,
        const struct x509_chain *chain, const struct x509_certificate *candidate,
        enum certificate_role role, struct rt_error **err)
{
    if (already_in_chain(candidate, chain))
        return;
    if (++builder->signature_checks > MAX_SIGNATURE_CHECKS) {
        *err = rt_errorf("x509: signature check attempts limit reached while verifying certificate "
                         "chain");
        return;
    }
    if (check_signature_from(cert, candidate))
        return;
    *err = check_valid(candidate, role, chain, builder->options->current_time_s);
    if (*err)
        return;
    struct x509_chain longer = extended(chain, candidate);
    if (role == INTERMEDIATE) {
        *err = build_chains(builder, candidate, &longer);
        return;
    }
    rt_reserve(builder->chains, builder->chain_cap, builder->chain_count + 1);
    builder->chains[builder->chain_count++] = longer;
}

/* findPotentialParents: 0 for a matching key id, 1 when one of the two is missing, 2 otherwise. */
static int parent_rank(
        const struct x509_certificate *candidate, const struct x509_certificate *cert)
{
    if (rt_str_eq(candidate->subject_key_id, cert->authority_key_id))
        return 0;
    return candidate->subject_key_id.len == 0 || cert->authority_key_id.len == 0 ? 1 : 2;
}

static void consider_pool(struct builder *builder, const struct x509_certificate *cert,
        const struct x509_chain *chain, const struct x509_pool *pool, enum certificate_role role,
        struct rt_error **err)
{
    for (int rank = 0; rank <= 2; rank++) {
        for (size_t i = 0; i < pool->count; i++) {
            const struct x509_certificate *candidate = pool->certs[i];
            if (rt_str_eq(candidate->raw_subject, cert->raw_issuer) &&
                    parent_rank(candidate, cert) == rank)
                consider(builder, cert, chain, candidate, role, err);
        }
    }
}

static struct rt_error *build_chains(struct builder *builder, const struct x509_certificate *cert,
        const struct x509_chain *chain)
{
    struct rt_error *err = NULL;
    size_t before = builder->chain_count;
    consider_pool(builder, cert, chain, builder->options->roots, ROOT, &err);
    consider_pool(builder, cert, chain, builder->options->intermediates, INTERMEDIATE, &err);
    if (builder->chain_count > before)
        return NULL;
    return err ? err : rt_errorf("x509: certificate signed by unknown authority");
}

/* checkChainForKeyUsage for one usage. */
static bool chain_serves(const struct x509_chain *chain, unsigned usage)
{
    for (size_t i = 0; i < chain->count; i++) {
        unsigned usages = chain->certs[i]->ext_key_usages;
        if (usages != 0 && !(usages & (X509_EKU_ANY | usage)))
            return false;
    }
    return true;
}

struct rt_error *x509_verify(const struct x509_certificate *cert,
        const struct x509_verify_options *options, struct x509_chain **chains, size_t *count)
{
    *chains = NULL;
    *count = 0;
    const struct x509_chain none = { 0 };
    struct rt_error *err = check_valid(cert, LEAF, &none, options->current_time_s);
    if (err)
        return err;
    struct x509_chain alone = extended(&none, cert);
    struct builder builder = { .options = options };
    if (pool_contains(options->roots, cert)) {
        builder.chains = &alone;
        builder.chain_count = 1;
    } else {
        err = build_chains(&builder, cert, &alone);
        if (err)
            return err;
    }
    unsigned usage = options->key_usage ? options->key_usage : X509_EKU_SERVER_AUTH;
    struct x509_chain *fit = rt_new_array(struct x509_chain, builder.chain_count);
    for (size_t i = 0; i < builder.chain_count; i++) {
        if (chain_serves(&builder.chains[i], usage))
            fit[(*count)++] = builder.chains[i];
    }
    if (*count == 0)
        return rt_errorf("x509: certificate specifies an incompatible key usage");
    *chains = fit;
    return NULL;
}
