/* Follows Go's crypto/x509 (ParseCRL) and getAuthorityKeyIdentifierFromCrl of
 * msp/mspimplvalidate.go. */
#include "model/crypto/pem.h"
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

static struct rt_error *malformed(void)
{
    return rt_errorf("asn1: structure error: malformed certificate revocation list");
}

static bool read_time(der_string *s)
{
    int64_t seconds;
    return !x509_parse_time(s, &seconds);
}

static bool read_revoked(struct x509_crl *crl, der_string revoked)
{
    size_t cap = 0;
    while (revoked.len > 0) {
        der_string entry;
        rt_bytes serial;
        if (!der_read(&revoked, &entry, DER_SEQUENCE) || !der_read_integer(&entry, &serial) ||
                !read_time(&entry))
            return false;
        rt_reserve(crl->revoked, cap, crl->revoked_count + 1);
        crl->revoked[crl->revoked_count++] = serial;
    }
    return true;
}

static void read_authority_key_id(struct x509_crl *crl, rt_bytes value)
{
    der_string s;
    bool present;
    crl->has_authority_key_id = true;
    if (!der_read(&value, &s, DER_SEQUENCE) ||
            !der_read_optional(&s, &crl->authority_key_id, &present, DER_CONTEXT + 0))
        crl->authority_key_id_error = rt_errorf("failed to unmarshal AKI: asn1: structure error");
}

static bool read_extensions(struct x509_crl *crl, der_string extensions)
{
    static const rt_bytes authority_key_id = RT_STR_INIT("\x55\x1d\x23");
    while (extensions.len > 0) {
        der_string extension;
        rt_bytes oid, value;
        bool critical;
        if (!der_read(&extensions, &extension, DER_SEQUENCE) || !der_read_oid(&extension, &oid) ||
                (der_peek(extension, DER_BOOLEAN) && !der_read_boolean(&extension, &critical)) ||
                !der_read(&extension, &value, DER_OCTET_STRING))
            return false;
        if (rt_str_eq(oid, authority_key_id) && !crl->has_authority_key_id)
            read_authority_key_id(crl, value);
    }
    return true;
}

static bool read_tbs(struct x509_crl *crl, der_string tbs)
{
    der_string skipped, revoked, wrapped, extensions;
    int64_t version;
    bool present;
    if ((der_peek(tbs, DER_INTEGER) && !der_read_int64(&tbs, &version)) ||
            !der_read(&tbs, &skipped, DER_SEQUENCE) || !der_read(&tbs, &skipped, DER_SEQUENCE) ||
            !read_time(&tbs))
        return false;
    if ((der_peek(tbs, DER_UTC_TIME) || der_peek(tbs, DER_GENERALIZED_TIME)) && !read_time(&tbs))
        return false;
    if (!der_read_optional(&tbs, &revoked, &present, DER_SEQUENCE) ||
            (present && !read_revoked(crl, revoked)))
        return false;
    if (!der_read_optional(&tbs, &wrapped, &present, DER_CONTEXT + DER_CONSTRUCTED + 0))
        return false;
    return !present ||
           (der_read(&wrapped, &extensions, DER_SEQUENCE) && read_extensions(crl, extensions));
}

struct rt_error *x509_parse_crl(rt_bytes in, struct x509_crl **out)
{
    *out = NULL;
    struct pem_block block;
    if (rt_str_has_prefix(in, RT_STR("-----BEGIN X509 CRL")) && pem_decode(in, &block, NULL) &&
            rt_str_is(block.type, "X509 CRL"))
        in = block.bytes;
    struct x509_crl *crl = rt_new(struct x509_crl);
    der_string list, tbs, algorithm;
    rt_bytes oid, parameters;
    size_t bits;
    if (!der_read(&in, &list, DER_SEQUENCE) ||
            !der_read_element(&list, &crl->raw_tbs, DER_SEQUENCE))
        return malformed();
    rt_bytes whole = crl->raw_tbs;
    if (!der_read(&whole, &tbs, DER_SEQUENCE) || !read_tbs(crl, tbs) ||
            !der_read(&list, &algorithm, DER_SEQUENCE) ||
            x509_parse_algorithm(algorithm, &oid, &parameters) ||
            !der_read_bit_string(&list, &crl->signature, &bits))
        return malformed();
    if (in.len > 0)
        return rt_errorf("x509: trailing data after CRL");
    crl->signature_algorithm = x509_signature_algorithm_of(oid, parameters);
    crl->signature = der_right_align(crl->signature, bits);
    *out = crl;
    return NULL;
}
