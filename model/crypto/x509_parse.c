/* Follows Go's crypto/x509/parser.go: certificates. */
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"
#include "model/rt/map.h"

static const struct {
    rt_bytes oid;
    enum x509_key_type type;
} key_types[] = {
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), X509_KEY_RSA },
    { RT_STR_INIT("\x2a\x86\x48\xce\x38\x04\x01"), X509_KEY_DSA },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x02\x01"), X509_KEY_ECDSA },
    { RT_STR_INIT("\x2b\x65\x70"), X509_KEY_ED25519 },
};

static const struct {
    rt_bytes oid;
    enum crypto_curve curve;
} curves[] = {
    { RT_STR_INIT("\x2b\x81\x04\x00\x21"), CRYPTO_P224 },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x03\x01\x07"), CRYPTO_P256 },
    { RT_STR_INIT("\x2b\x81\x04\x00\x22"), CRYPTO_P384 },
    { RT_STR_INIT("\x2b\x81\x04\x00\x23"), CRYPTO_P521 },
};

struct rt_error *x509_parse_algorithm(rt_bytes content, rt_bytes *oid, rt_bytes *parameters)
{
    *parameters = RT_NIL;
    if (!der_read_oid(&content, oid))
        return rt_errorf("x509: malformed OID");
    uint8_t tag;
    if (content.len > 0 && !der_read_any(&content, parameters, &tag, true))
        return rt_errorf("x509: malformed parameters");
    return NULL;
}

/* ---- public keys ---- */

static struct rt_error *parse_rsa_key(
        struct x509_public_key *key, rt_bytes parameters, rt_bytes bits)
{
    static const uint8_t null[] = { 0x05, 0x00 };
    if (!rt_str_eq(parameters, rt_bytes_from(null, sizeof null)))
        return rt_errorf("x509: RSA key missing NULL parameters");
    der_string s;
    if (!der_read(&bits, &s, DER_SEQUENCE))
        return rt_errorf("x509: invalid RSA public key");
    rt_bytes modulus;
    if (!der_read_integer(&s, &modulus))
        return rt_errorf("x509: invalid RSA modulus");
    if (!der_read_int64(&s, &key->exponent))
        return rt_errorf("x509: invalid RSA public exponent");
    if (der_integer_sign(modulus) <= 0)
        return rt_errorf("x509: RSA modulus is not a positive number");
    if (key->exponent <= 0)
        return rt_errorf("x509: RSA public exponent is not a positive number");
    key->modulus = der_integer_magnitude(modulus);
    return NULL;
}

static struct rt_error *parse_ecdsa_key(
        struct x509_public_key *key, rt_bytes parameters, rt_bytes bits)
{
    rt_bytes oid;
    if (!der_read_oid(&parameters, &oid))
        return rt_errorf("x509: invalid ECDSA parameters");
    size_t i = 0;
    while (i < sizeof curves / sizeof curves[0] && !rt_str_eq(oid, curves[i].oid))
        i++;
    if (i == sizeof curves / sizeof curves[0])
        return rt_errorf("x509: unsupported elliptic curve");
    key->curve = curves[i].curve;
    key->point = bits;
    if (!crypto_point_valid(key->curve, bits))
        return rt_errorf("x509: failed to unmarshal elliptic curve point");
    return NULL;
}

static struct rt_error *parse_ed25519_key(
        struct x509_public_key *key, rt_bytes parameters, rt_bytes bits)
{
    if (parameters.len != 0)
        return rt_errorf("x509: Ed25519 key encoded with illegal parameters");
    if (bits.len != 32)
        return rt_errorf("x509: wrong Ed25519 public key size");
    key->point = bits;
    return NULL;
}

static struct rt_error *parse_dsa_key(
        struct x509_public_key *key, rt_bytes parameters, rt_bytes bits)
{
    if (!der_read_integer(&bits, &key->point))
        return rt_errorf("x509: invalid DSA public key");
    der_string s;
    rt_bytes p, q, g;
    if (!der_read(&parameters, &s, DER_SEQUENCE) || !der_read_integer(&s, &p) ||
            !der_read_integer(&s, &q) || !der_read_integer(&s, &g))
        return rt_errorf("x509: invalid DSA parameters");
    if (der_integer_sign(key->point) <= 0 || der_integer_sign(p) <= 0 || der_integer_sign(q) <= 0 ||
            der_integer_sign(g) <= 0)
        return rt_errorf("x509: zero or negative DSA parameter");
    return NULL;
}

static struct rt_error *parse_public_key(der_string spki, struct x509_public_key *key)
{
    rt_bytes algorithm, oid, parameters, bits;
    size_t bit_count;
    if (!der_read(&spki, &algorithm, DER_SEQUENCE))
        return rt_errorf("x509: malformed public key algorithm identifier");
    struct rt_error *err = x509_parse_algorithm(algorithm, &oid, &parameters);
    if (err)
        return err;
    if (!der_read_bit_string(&spki, &bits, &bit_count))
        return rt_errorf("x509: malformed subjectPublicKey");
    bits = der_right_align(bits, bit_count);
    for (size_t i = 0; i < sizeof key_types / sizeof key_types[0]; i++) {
        if (rt_str_eq(oid, key_types[i].oid))
            key->type = key_types[i].type;
    }
    switch (key->type) {
    case X509_KEY_RSA:
        return parse_rsa_key(key, parameters, bits);
    case X509_KEY_ECDSA:
        return parse_ecdsa_key(key, parameters, bits);
    case X509_KEY_ED25519:
        return parse_ed25519_key(key, parameters, bits);
    case X509_KEY_DSA:
        return parse_dsa_key(key, parameters, bits);
    case X509_KEY_UNKNOWN:
    default:
        return NULL;
    }
}

/* ---- extensions ---- */

static struct rt_error *parse_extension(der_string s, struct x509_extension *out)
{
    if (!der_read_oid(&s, &out->oid))
        return rt_errorf("x509: malformed extension OID field");
    if (der_peek(s, DER_BOOLEAN) && !der_read_boolean(&s, &out->critical))
        return rt_errorf("x509: malformed extension critical field");
    if (!der_read(&s, &out->value, DER_OCTET_STRING))
        return rt_errorf("x509: malformed extension value field");
    return NULL;
}

static struct rt_error *parse_extensions(struct x509_certificate *cert, der_string *tbs)
{
    der_string wrapped, extensions;
    bool present;
    if (!der_read_optional(tbs, &wrapped, &present, DER_CONTEXT + DER_CONSTRUCTED + 3))
        return rt_errorf("x509: malformed extensions");
    if (!present)
        return NULL;
    if (!der_read(&wrapped, &extensions, DER_SEQUENCE))
        return rt_errorf("x509: malformed extensions");
    size_t cap = 0;
    struct rt_map *seen = rt_map_new();
    while (extensions.len > 0) {
        der_string extension;
        if (!der_read(&extensions, &extension, DER_SEQUENCE))
            return rt_errorf("x509: malformed extension");
        struct x509_extension parsed = { 0 };
        struct rt_error *err = parse_extension(extension, &parsed);
        if (err)
            return err;
        if (rt_map_has(seen, parsed.oid))
            return rt_errorf("x509: certificate contains duplicate extensions");
        rt_map_put(seen, parsed.oid, NULL);
        rt_reserve(cert->extensions, cap, cert->extension_count + 1);
        cert->extensions[cert->extension_count++] = parsed;
    }
    return x509_process_extensions(cert);
}

const struct x509_extension *x509_find_extension(const struct x509_certificate *cert, rt_bytes oid)
{
    for (size_t i = 0; i < cert->extension_count; i++) {
        if (rt_str_eq(cert->extensions[i].oid, oid))
            return &cert->extensions[i];
    }
    return NULL;
}

/* ---- the certificate ---- */

static struct rt_error *parse_version(struct x509_certificate *cert, der_string *tbs)
{
    der_string wrapped;
    bool present;
    int64_t version = 0;
    if (!der_read_optional(tbs, &wrapped, &present, DER_CONTEXT + DER_CONSTRUCTED + 0))
        return rt_errorf("x509: malformed version");
    if (present && (!der_read_int64(&wrapped, &version) || wrapped.len > 0 || version < 0))
        return rt_errorf("x509: malformed version");
    if (version > 2)
        return rt_errorf("x509: invalid version");
    cert->version = (int)version + 1;
    if (!der_read_integer(tbs, &cert->serial_number))
        return rt_errorf("x509: malformed serial number");
    return NULL;
}

/* The algorithm of the signature, inside and outside of the signed part. */
static struct rt_error *parse_signature_algorithm(
        struct x509_certificate *cert, der_string *tbs, der_string *outer)
{
    rt_bytes inside, outside, oid, parameters;
    if (!der_read(tbs, &inside, DER_SEQUENCE))
        return rt_errorf("x509: malformed signature algorithm identifier");
    if (!der_read(outer, &outside, DER_SEQUENCE))
        return rt_errorf("x509: malformed algorithm identifier");
    if (!rt_str_eq(inside, outside))
        return rt_errorf("x509: inner and outer signature algorithm identifiers don't match");
    struct rt_error *err = x509_parse_algorithm(inside, &oid, &parameters);
    if (!err)
        cert->signature_algorithm = x509_signature_algorithm_of(oid, parameters);
    return err;
}

static struct rt_error *parse_names_and_validity(struct x509_certificate *cert, der_string *tbs)
{
    if (!der_read_element(tbs, &cert->raw_issuer, DER_SEQUENCE))
        return rt_errorf("x509: malformed issuer");
    rt_str *units;
    size_t count;
    struct rt_error *err = x509_parse_name(cert->raw_issuer, &units, &count);
    if (err)
        return err;
    der_string validity;
    if (!der_read(tbs, &validity, DER_SEQUENCE))
        return rt_errorf("x509: malformed validity");
    err = x509_parse_time(&validity, &cert->not_before_s);
    if (!err)
        err = x509_parse_time(&validity, &cert->not_after_s);
    if (err)
        return err;
    if (!der_read_element(tbs, &cert->raw_subject, DER_SEQUENCE))
        return rt_errorf("x509: malformed issuer");
    return x509_parse_name(
            cert->raw_subject, &cert->organizational_units, &cert->organizational_unit_count);
}

static struct rt_error *parse_unique_ids(der_string *tbs)
{
    rt_bytes unused;
    bool present;
    if (!der_read_optional(tbs, &unused, &present, DER_CONTEXT + 1))
        return rt_errorf("x509: malformed issuerUniqueID");
    if (!der_read_optional(tbs, &unused, &present, DER_CONTEXT + 2))
        return rt_errorf("x509: malformed subjectUniqueID");
    return NULL;
}

static struct rt_error *parse(struct x509_certificate *cert, der_string input)
{
    der_string outer, tbs, spki;
    if (!der_read_element(&input, &cert->raw, DER_SEQUENCE))
        return rt_errorf("x509: malformed certificate");
    rt_bytes whole = cert->raw;
    der_read(&whole, &outer, DER_SEQUENCE);
    if (!der_read_element(&outer, &cert->raw_tbs, DER_SEQUENCE))
        return rt_errorf("x509: malformed tbs certificate");
    whole = cert->raw_tbs;
    der_read(&whole, &tbs, DER_SEQUENCE);

    struct rt_error *err = parse_version(cert, &tbs);
    if (!err)
        err = parse_signature_algorithm(cert, &tbs, &outer);
    if (!err)
        err = parse_names_and_validity(cert, &tbs);
    if (err)
        return err;
    if (!der_read(&tbs, &spki, DER_SEQUENCE))
        return rt_errorf("x509: malformed spki");
    err = parse_public_key(spki, &cert->public_key);
    if (!err && cert->version > 1)
        err = parse_unique_ids(&tbs);
    if (!err && cert->version == 3)
        err = parse_extensions(cert, &tbs);
    if (err)
        return err;
    size_t bits;
    if (!der_read_bit_string(&outer, &cert->signature, &bits))
        return rt_errorf("x509: malformed signature");
    cert->signature = der_right_align(cert->signature, bits);
    return NULL;
}

struct rt_error *x509_parse_certificate(rt_bytes der, struct x509_certificate **out)
{
    *out = NULL;
    struct x509_certificate *cert = rt_new(struct x509_certificate);
    cert->max_path_len = -1;
    struct rt_error *err = parse(cert, der);
    if (err)
        return err;
    if (der.len != cert->raw.len)
        return rt_errorf("x509: trailing data");
    *out = cert;
    return NULL;
}
