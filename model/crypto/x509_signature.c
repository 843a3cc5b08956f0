/* Follows Go's crypto/x509/x509.go: which signature algorithms there are, and checking them. */
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

enum hash { HASH_NONE, HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

static const struct {
    rt_bytes oid;
    enum x509_signature_algorithm algorithm;
} algorithm_oids[] = {
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02"), X509_MD2_RSA },
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04"), X509_MD5_RSA },
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"), X509_SHA1_RSA },
    { RT_STR_INIT("\x2b\x0e\x03\x02\x1d"), X509_SHA1_RSA },
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), X509_SHA256_RSA },
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"), X509_SHA384_RSA },
    { RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"), X509_SHA512_RSA },
    { RT_STR_INIT("\x2a\x86\x48\xce\x38\x04\x03"), X509_DSA_SHA1 },
    { RT_STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x03\x02"), X509_DSA_SHA256 },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x04\x01"), X509_ECDSA_SHA1 },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x02"), X509_ECDSA_SHA256 },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x03"), X509_ECDSA_SHA384 },
    { RT_STR_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x04"), X509_ECDSA_SHA512 },
    { RT_STR_INIT("\x2b\x65\x70"), X509_ED25519 },
};

static const struct {
    enum x509_key_type key;
    enum hash hash;
    const char *name;
} algorithms[] = {
    [X509_MD2_RSA] = { X509_KEY_RSA, HASH_NONE, "MD2-RSA" },
    [X509_MD5_RSA] = { X509_KEY_RSA, HASH_MD5, "MD5-RSA" },
    [X509_SHA1_RSA] = { X509_KEY_RSA, HASH_SHA1, "SHA1-RSA" },
    [X509_SHA256_RSA] = { X509_KEY_RSA, HASH_SHA256, "SHA256-RSA" },
    [X509_SHA384_RSA] = { X509_KEY_RSA, HASH_SHA384, "SHA384-RSA" },
    [X509_SHA512_RSA] = { X509_KEY_RSA, HASH_SHA512, "SHA512-RSA" },
    [X509_DSA_SHA1] = { X509_KEY_DSA, HASH_SHA1, "DSA-SHA1" },
    [X509_DSA_SHA256] = { X509_KEY_DSA, HASH_SHA256, "DSA-SHA256" },
    [X509_ECDSA_SHA1] = { X509_KEY_ECDSA, HASH_SHA1, "ECDSA-SHA1" },
    [X509_ECDSA_SHA256] = { X509_KEY_ECDSA, HASH_SHA256, "ECDSA-SHA256" },
    [X509_ECDSA_SHA384] = { X509_KEY_ECDSA, HASH_SHA384, "ECDSA-SHA384" },
    [X509_ECDSA_SHA512] = { X509_KEY_ECDSA, HASH_SHA512, "ECDSA-SHA512" },
    [X509_SHA256_RSAPSS] = { X509_KEY_RSA, HASH_SHA256, "SHA256-RSAPSS" },
    [X509_SHA384_RSAPSS] = { X509_KEY_RSA, HASH_SHA384, "SHA384-RSAPSS" },
    [X509_SHA512_RSAPSS] = { X509_KEY_RSA, HASH_SHA512, "SHA512-RSAPSS" },
    [X509_ED25519] = { X509_KEY_ED25519, HASH_NONE, "Ed25519" },
};

static const rt_bytes null_element = RT_STR_INIT("\x05\x00");

static bool absent_or_null(rt_bytes parameters)
{
    return parameters.len == 0 || rt_str_eq(parameters, null_element);
}

/* An AlgorithmIdentifier in an explicit context tag. */
static bool read_tagged_algorithm(der_string *s, unsigned tag, rt_bytes *oid, rt_bytes *parameters)
{
    der_string wrapped, algorithm;
    return der_read(s, &wrapped, (uint8_t)(DER_CONTEXT + DER_CONSTRUCTED + tag)) &&
           der_read(&wrapped, &algorithm, DER_SEQUENCE) &&
           !x509_parse_algorithm(algorithm, oid, parameters);
}

static enum x509_signature_algorithm pss_algorithm(rt_bytes element)
{
    static const rt_bytes mgf1 = RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08");
    static const struct {
        rt_bytes oid;
        int64_t salt;
        enum x509_signature_algorithm algorithm;
    } hashes[] = {
        { RT_STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), 32, X509_SHA256_RSAPSS },
        { RT_STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), 48, X509_SHA384_RSAPSS },
        { RT_STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), 64, X509_SHA512_RSAPSS },
    };
    der_string s, wrapped, mgf_hash_content;
    rt_bytes hash, hash_parameters, mgf, mgf_parameters, mgf_hash, mgf_hash_parameters;
    int64_t salt, trailer = 1;
    bool present;
    if (!der_read(&element, &s, DER_SEQUENCE) ||
            !read_tagged_algorithm(&s, 0, &hash, &hash_parameters) ||
            !read_tagged_algorithm(&s, 1, &mgf, &mgf_parameters) ||
            !der_read(&s, &wrapped, DER_CONTEXT + DER_CONSTRUCTED + 2) ||
            !der_read_int64(&wrapped, &salt) ||
            !der_read_optional(&s, &wrapped, &present, DER_CONTEXT + DER_CONSTRUCTED + 3) ||
            (present && !der_read_int64(&wrapped, &trailer)) ||
            !der_read(&mgf_parameters, &mgf_hash_content, DER_SEQUENCE) ||
            x509_parse_algorithm(mgf_hash_content, &mgf_hash, &mgf_hash_parameters))
        return X509_UNKNOWN_SIGNATURE;
    if (!absent_or_null(hash_parameters) || !rt_str_eq(mgf, mgf1) || !rt_str_eq(mgf_hash, hash) ||
            !absent_or_null(mgf_hash_parameters) || trailer != 1)
        return X509_UNKNOWN_SIGNATURE;
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        if (rt_str_eq(hash, hashes[i].oid) && salt == hashes[i].salt)
            return hashes[i].algorithm;
    }
    return X509_UNKNOWN_SIGNATURE;
}

enum x509_signature_algorithm x509_signature_algorithm_of(rt_bytes oid, rt_bytes parameters)
{
    static const rt_bytes pss = RT_STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");
    if (rt_str_eq(oid, pss))
        return pss_algorithm(parameters);
    for (size_t i = 0; i < sizeof algorithm_oids / sizeof algorithm_oids[0]; i++) {
        if (!rt_str_eq(oid, algorithm_oids[i].oid))
            continue;
        if (algorithm_oids[i].algorithm == X509_ED25519 && parameters.len != 0)
            return X509_UNKNOWN_SIGNATURE;
        return algorithm_oids[i].algorithm;
    }
    return X509_UNKNOWN_SIGNATURE;
}

/* ecdsa.VerifyASN1: exactly a sequence of two positive integers. */
static bool verify_ecdsa(const struct x509_public_key *key, rt_bytes digest, rt_bytes signature)
{
    der_string s;
    rt_bytes r, t;
    if (!der_read(&signature, &s, DER_SEQUENCE) || signature.len > 0 || !der_read_integer(&s, &r) ||
            !der_read_integer(&s, &t) || s.len > 0 || der_integer_sign(r) <= 0 ||
            der_integer_sign(t) <= 0)
        return false;
    return crypto_ecdsa_verify(
            key->curve, key->point, digest, der_integer_magnitude(r), der_integer_magnitude(t));
}

static struct rt_error *verify_by_key(const struct x509_public_key *key,
        enum x509_signature_algorithm algorithm, const char *hash_name, rt_bytes signed_bytes,
        rt_bytes signature)
{
    switch (key->type) {
    case X509_KEY_RSA:
        return crypto_rsa_verify(key->modulus, key->exponent, algorithm >= X509_SHA256_RSAPSS,
                       hash_name, crypto_digest(hash_name, signed_bytes), signature)
                       ? NULL
                       : rt_errorf("crypto/rsa: verification error");
    case X509_KEY_ECDSA:
        return verify_ecdsa(key, crypto_digest(hash_name, signed_bytes), signature)
                       ? NULL
                       : rt_errorf("x509: ECDSA verification failure");
    case X509_KEY_ED25519:
        return crypto_ed25519_verify(key->point, signed_bytes, signature)
                       ? NULL
                       : rt_errorf("x509: Ed25519 verification failure");
    case X509_KEY_DSA:
    case X509_KEY_UNKNOWN:
    default:
        return rt_errorf("x509: cannot verify signature: algorithm unimplemented");
    }
}

struct rt_error *x509_check_signature(const struct x509_public_key *key,
        enum x509_signature_algorithm algorithm, rt_bytes signed_bytes, rt_bytes signature,
        bool allow_sha1)
{
    static const char *const hash_names[] = { [HASH_MD5] = "MD5",
        [HASH_SHA1] = "SHA1",
        [HASH_SHA256] = "SHA256",
        [HASH_SHA384] = "SHA384",
        [HASH_SHA512] = "SHA512",
        [HASH_NONE] = NULL };
    static const char *const key_names[] = { [X509_KEY_UNKNOWN] = "0",
        [X509_KEY_RSA] = "RSA",
        [X509_KEY_DSA] = "DSA",
        [X509_KEY_ECDSA] = "ECDSA",
        [X509_KEY_ED25519] = "Ed25519" };
    enum hash hash = algorithms[algorithm].hash;
    enum x509_key_type wanted = algorithms[algorithm].key;
    if (hash == HASH_NONE && wanted != X509_KEY_ED25519)
        return rt_errorf("x509: cannot verify signature: algorithm unimplemented");
    if (hash == HASH_MD5 || (hash == HASH_SHA1 && !allow_sha1))
        return rt_errorf(
                "x509: cannot verify signature: insecure algorithm %s", algorithms[algorithm].name);
    bool checkable = key->type != X509_KEY_DSA && key->type != X509_KEY_UNKNOWN;
    if (checkable && key->type != wanted)
        return rt_errorf(
                "x509: signature algorithm specifies an %s public key, but have public key of "
                "another type",
                key_names[wanted]);
    return verify_by_key(key, algorithm, hash_names[hash], signed_bytes, signature);
}
