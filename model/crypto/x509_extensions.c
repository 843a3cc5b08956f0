/* Follows Go's crypto/x509/parser.go: extensions. */
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

static struct rt_error *parse_key_usage(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)unhandled;
    rt_bytes bytes;
    size_t bits;
    if (!der_read_bit_string(&value, &bytes, &bits))
        return rt_errorf("x509: invalid key usage");
    cert->key_usage = 0;
    for (unsigned i = 0; i < 9 && i < bits; i++) {
        if (bytes.data[i / 8] >> (7 - i % 8) & 1)
            cert->key_usage |= 1 << i;
    }
    return NULL;
}

static struct rt_error *parse_basic_constraints(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)unhandled;
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid basic constraints a");
    if (der_peek(s, DER_BOOLEAN) && !der_read_boolean(&s, &cert->is_ca))
        return rt_errorf("x509: invalid basic constraints b");
    if (der_peek(s, DER_INTEGER) && !der_read_int64(&s, &cert->max_path_len))
        return rt_errorf("x509: invalid basic constraints c");
    cert->basic_constraints_valid = true;
    return NULL;
}

static struct rt_error *parse_one_distribution_point(der_string point)
{
    der_string name, full_name;
    bool present;
    const uint8_t tag = DER_CONTEXT + DER_CONSTRUCTED + 0;
    if (!der_read_optional(&point, &name, &present, tag))
        return rt_errorf("x509: invalid CRL distribution point");
    if (!present)
        return NULL;
    if (!der_read(&name, &full_name, tag))
        return rt_errorf("x509: invalid CRL distribution point");
    while (der_peek(full_name, DER_CONTEXT + 6)) {
        rt_bytes uri;
        if (!der_read(&full_name, &uri, DER_CONTEXT + 6))
            return rt_errorf("x509: invalid CRL distribution point");
    }
    return NULL;
}

static struct rt_error *parse_distribution_points(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)cert;
    (void)unhandled;
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid CRL distribution points");
    while (s.len > 0) {
        der_string point;
        if (!der_read(&s, &point, DER_SEQUENCE))
            return rt_errorf("x509: invalid CRL distribution point");
        struct rt_error *err = parse_one_distribution_point(point);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *parse_authority_key_id(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)unhandled;
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid authority key identifier");
    if (der_peek(s, DER_CONTEXT + 0) && !der_read(&s, &cert->authority_key_id, DER_CONTEXT + 0))
        return rt_errorf("x509: invalid authority key identifier");
    return NULL;
}

static struct rt_error *parse_subject_key_id(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)unhandled;
    if (!der_read(&value, &cert->subject_key_id, DER_OCTET_STRING))
        return rt_errorf("x509: invalid subject key identifier");
    return NULL;
}

static struct rt_error *parse_ext_key_usage(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)unhandled;
    static const rt_bytes any = RT_STR_INIT("\x55\x1d\x25\x00");
    static const rt_bytes server_auth = RT_STR_INIT("\x2b\x06\x01\x05\x05\x07\x03\x01");
    static const rt_bytes client_auth = RT_STR_INIT("\x2b\x06\x01\x05\x05\x07\x03\x02");
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid extended key usages");
    while (s.len > 0) {
        rt_bytes oid;
        if (!der_read_oid(&s, &oid))
            return rt_errorf("x509: invalid extended key usages");
        cert->ext_key_usages |= rt_str_eq(oid, any)           ? X509_EKU_ANY
                                : rt_str_eq(oid, server_auth) ? X509_EKU_SERVER_AUTH
                                : rt_str_eq(oid, client_auth) ? X509_EKU_CLIENT_AUTH
                                                              : X509_EKU_OTHER;
    }
    return NULL;
}

static struct rt_error *parse_policies(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)cert;
    (void)unhandled;
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid certificate policies");
    while (s.len > 0) {
        der_string policy;
        rt_bytes oid;
        if (!der_read(&s, &policy, DER_SEQUENCE) || !der_read_oid(&policy, &oid))
            return rt_errorf("x509: invalid certificate policies");
    }
    return NULL;
}

static struct rt_error *parse_authority_info(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    (void)cert;
    (void)unhandled;
    der_string s;
    if (!der_read(&value, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid authority info access");
    while (s.len > 0) {
        der_string access;
        rt_bytes method, location;
        if (!der_read(&s, &access, DER_SEQUENCE) || !der_read_oid(&access, &method))
            return rt_errorf("x509: invalid authority info access");
        if (der_peek(access, DER_CONTEXT + 6) && !der_read(&access, &location, DER_CONTEXT + 6))
            return rt_errorf("x509: invalid authority info access");
    }
    return NULL;
}

static const struct {
    rt_bytes oid;
    struct rt_error *(*parse)(struct x509_certificate *cert, rt_bytes value, bool *unhandled);
} known_extensions[] = {
    { RT_STR_INIT("\x55\x1d\x0f"), parse_key_usage },
    { RT_STR_INIT("\x55\x1d\x13"), parse_basic_constraints },
    { RT_STR_INIT("\x55\x1d\x11"), x509_parse_san },
    { RT_STR_INIT("\x55\x1d\x1e"), x509_parse_name_constraints },
    { RT_STR_INIT("\x55\x1d\x1f"), parse_distribution_points },
    { RT_STR_INIT("\x55\x1d\x23"), parse_authority_key_id },
    { RT_STR_INIT("\x55\x1d\x25"), parse_ext_key_usage },
    { RT_STR_INIT("\x55\x1d\x0e"), parse_subject_key_id },
    { RT_STR_INIT("\x55\x1d\x20"), parse_policies },
    { RT_STR_INIT("\x2b\x06\x01\x05\x05\x07\x01\x01"), parse_authority_info },
};

struct rt_error *x509_process_extensions(struct x509_certificate *cert)
{
    for (size_t i = 0; i < cert->extension_count; i++) {
        const struct x509_extension *extension = &cert->extensions[i];
        size_t known = 0;
        const size_t count = sizeof known_extensions / sizeof known_extensions[0];
        while (known < count && !rt_str_eq(extension->oid, known_extensions[known].oid))
            known++;
        bool unhandled = known == count;
        if (known < count) {
            struct rt_error *err =
                    known_extensions[known].parse(cert, extension->value, &unhandled);
            if (err)
                return err;
        }
        if (extension->critical && unhandled)
            cert->unhandled_critical_extensions++;
    }
    return NULL;
}
