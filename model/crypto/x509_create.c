/* Follows Go's crypto/x509 (CreateCertificate, MarshalPKCS8PrivateKey) and crypto/ecdsa
 * (GenerateKey), as far as certificates for TLS need them. */
#include "model/crypto/x509_create.h"

#include "model/crypto/crypto_internal.h"
#include "model/crypto/private_key.h"
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

enum { KEY_SIZE = 32 };

static const rt_bytes oid_ec_key = RT_STR_INIT("\x2a\x86\x48\xce\x3d\x02\x01");
static const rt_bytes oid_p256 = RT_STR_INIT("\x2a\x86\x48\xce\x3d\x03\x01\x07");
static const rt_bytes oid_ecdsa_sha256 = RT_STR_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x02");
static const rt_bytes oid_serial_number = RT_STR_INIT("\x55\x04\x05");
static const rt_bytes oid_common_name = RT_STR_INIT("\x55\x04\x03");

/* ---- keys ---- */

struct rt_error *x509_generate_key(struct crypto_rand *rand, struct x509_key *key)
{
    uint8_t random[KEY_SIZE + 8];
    struct rt_error *err = crypto_rand_read(rand, random, sizeof random);
    if (err)
        return err;
    BIGNUM *d = BN_bin2bn(random, sizeof random, NULL), *n = BN_new();
    crypto_check(d && n, "BN_bin2bn");
    const BIGNUM *order = EC_GROUP_get0_order(crypto_group(CRYPTO_P256));
    crypto_check(BN_copy(n, order) && BN_sub_word(n, 1) &&
                         BN_nnmod(d, d, n, crypto_thread()->bn_ctx) && BN_add_word(d, 1),
            "BN_nnmod");
    uint8_t *bytes = rt_alloc(KEY_SIZE);
    crypto_check(BN_bn2binpad(d, bytes, KEY_SIZE) == KEY_SIZE, "BN_bn2binpad");
    BN_clear_free(d);
    BN_free(n);
    key->private_key = rt_bytes_from(bytes, KEY_SIZE);
    key->point = private_key_point(key->private_key);
    return NULL;
}

/* ---- DER ---- */

/* An element around what `content` holds, which is emptied. */
static void put_around(struct rt_buf *out, uint8_t tag, struct rt_buf *content)
{
    der_put(out, tag, rt_buf_str(content));
    *content = (struct rt_buf){ 0 };
}

static void put_bit_string(struct rt_buf *out, rt_bytes bytes, uint8_t unused)
{
    struct rt_buf content = { 0 };
    rt_buf_put_byte(&content, unused);
    rt_buf_put_str(&content, bytes);
    put_around(out, DER_BIT_STRING, &content);
}

static void put_small(struct rt_buf *out, uint8_t value)
{
    der_put_unsigned(out, rt_bytes_from(&value, 1));
}

static void put_key_algorithm(struct rt_buf *out)
{
    struct rt_buf algorithm = { 0 };
    der_put(&algorithm, DER_OID, oid_ec_key);
    der_put(&algorithm, DER_OID, oid_p256);
    put_around(out, DER_SEQUENCE, &algorithm);
}

rt_bytes x509_marshal_pkcs8(const struct x509_key *key)
{
    struct rt_buf point = { 0 }, sec1 = { 0 }, wrapped = { 0 }, all = { 0 }, out = { 0 };
    put_bit_string(&point, key->point, 0);
    put_small(&sec1, 1);
    der_put(&sec1, DER_OCTET_STRING, key->private_key);
    put_around(&sec1, DER_CONTEXT + DER_CONSTRUCTED + 1, &point);
    put_around(&wrapped, DER_SEQUENCE, &sec1);
    put_small(&all, 0);
    put_key_algorithm(&all);
    put_around(&all, DER_OCTET_STRING, &wrapped);
    put_around(&out, DER_SEQUENCE, &all);
    return rt_buf_str(&out);
}

/* UTCTime from 1950 to 2049, else GeneralizedTime. */
static void put_time(struct rt_buf *out, int64_t seconds)
{
    struct x509_date d = x509_date_of(seconds);
    bool utc = d.year >= 1950 && d.year < 2050;
    rt_str year = utc ? rt_sprintf("%02d", d.year % 100) : rt_sprintf("%04d", d.year);
    der_put(out, utc ? DER_UTC_TIME : DER_GENERALIZED_TIME,
            rt_sprintf(
                    "%S%02d%02d%02d%02d%02dZ", year, d.month, d.day, d.hour, d.minute, d.second));
}

static rt_bytes subject(const struct x509_template *t)
{
    struct rt_buf attribute = { 0 }, set = { 0 }, name = { 0 }, out = { 0 };
    bool named = t->subject_common_name.len > 0;
    der_put(&attribute, DER_OID, named ? oid_common_name : oid_serial_number);
    der_put(&attribute, named ? DER_UTF8_STRING : DER_PRINTABLE_STRING,
            named ? t->subject_common_name : t->subject_serial_number);
    put_around(&set, DER_SEQUENCE, &attribute);
    put_around(&name, DER_SET, &set);
    put_around(&out, DER_SEQUENCE, &name);
    return rt_buf_str(&out);
}

/* ---- extensions ---- */

static void put_extension(struct rt_buf *out, rt_bytes oid, bool critical, struct rt_buf *value)
{
    struct rt_buf extension = { 0 };
    der_put(&extension, DER_OID, oid);
    if (critical)
        der_put(&extension, DER_BOOLEAN, RT_STR("\xff"));
    put_around(&extension, DER_OCTET_STRING, value);
    put_around(out, DER_SEQUENCE, &extension);
}

static void put_key_usage(struct rt_buf *out, unsigned usage)
{
    uint8_t bits = 0, unused = 7;
    for (unsigned i = 0; i < 8; i++) {
        if (!(usage >> i & 1))
            continue;
        bits |= (uint8_t)(0x80 >> i);
        unused = (uint8_t)(7 - i);
    }
    struct rt_buf value = { 0 };
    put_bit_string(&value, rt_bytes_from(&bits, 1), unused);
    put_extension(out, RT_STR("\x55\x1d\x0f"), true, &value);
}

static void put_ext_key_usage(struct rt_buf *out, const unsigned *usages, size_t count)
{
    struct rt_buf oids = { 0 }, value = { 0 };
    for (size_t i = 0; i < count; i++)
        der_put(&oids, DER_OID,
                usages[i] == X509_EKU_ANY           ? RT_STR("\x55\x1d\x25\x00")
                : usages[i] == X509_EKU_SERVER_AUTH ? RT_STR("\x2b\x06\x01\x05\x05\x07\x03\x01")
                                                    : RT_STR("\x2b\x06\x01\x05\x05\x07\x03\x02"));
    put_around(&value, DER_SEQUENCE, &oids);
    put_extension(out, RT_STR("\x55\x1d\x25"), false, &value);
}

static void put_alternative_name(struct rt_buf *out, const struct x509_template *t)
{
    struct rt_buf names = { 0 }, value = { 0 };
    if (t->dns_name.data)
        der_put(&names, DER_CONTEXT + X509_NAME_DNS, t->dns_name);
    if (t->ip.len > 0)
        der_put(&names, DER_CONTEXT + X509_NAME_IP, t->ip);
    if (names.len == 0)
        return;
    put_around(&value, DER_SEQUENCE, &names);
    put_extension(out, RT_STR("\x55\x1d\x11"), false, &value);
}

/* What Go takes for the id of an authority's key: SHA-1 of its point. */
static rt_bytes key_id(rt_bytes point)
{
    return crypto_digest("SHA1", point);
}

/* buildExtensions. */
static void put_extensions(struct rt_buf *out, const struct x509_template *t,
        const struct x509_certificate *parent, const struct x509_key *key)
{
    struct rt_buf all = { 0 }, list = { 0 }, part = { 0 }, value = { 0 };
    put_key_usage(&all, t->key_usage);
    put_ext_key_usage(&all, t->ext_key_usage, t->ext_key_usage_count);
    if (t->is_ca) {
        der_put(&part, DER_BOOLEAN, RT_STR("\xff"));
        put_around(&value, DER_SEQUENCE, &part);
        put_extension(&all, RT_STR("\x55\x1d\x13"), true, &value);
        der_put(&value, DER_OCTET_STRING, key_id(key->point));
        put_extension(&all, RT_STR("\x55\x1d\x0e"), false, &value);
    }
    if (parent && parent->subject_key_id.len > 0) {
        der_put(&part, DER_CONTEXT + 0, parent->subject_key_id);
        put_around(&value, DER_SEQUENCE, &part);
        put_extension(&all, RT_STR("\x55\x1d\x23"), false, &value);
    }
    put_alternative_name(&all, t);
    put_around(&list, DER_SEQUENCE, &all);
    put_around(out, DER_CONTEXT + DER_CONSTRUCTED + 3, &list);
}

/* ---- the certificate ---- */

static void put_signature_algorithm(struct rt_buf *out)
{
    struct rt_buf algorithm = { 0 };
    der_put(&algorithm, DER_OID, oid_ecdsa_sha256);
    put_around(out, DER_SEQUENCE, &algorithm);
}

static rt_bytes to_be_signed(const struct x509_template *t, const struct x509_certificate *parent,
        const struct x509_key *key)
{
    struct rt_buf tbs = { 0 }, part = { 0 }, out = { 0 };
    put_small(&part, 2);
    put_around(&tbs, DER_CONTEXT + DER_CONSTRUCTED + 0, &part);
    der_put_unsigned(&tbs, t->serial_number);
    put_signature_algorithm(&tbs);
    rt_bytes own_name = subject(t);
    rt_buf_put_str(&tbs, parent ? parent->raw_subject : own_name);
    put_time(&part, t->not_before_s);
    put_time(&part, t->not_after_s);
    put_around(&tbs, DER_SEQUENCE, &part);
    rt_buf_put_str(&tbs, own_name);
    put_key_algorithm(&part);
    put_bit_string(&part, key->point, 0);
    put_around(&tbs, DER_SEQUENCE, &part);
    put_extensions(&tbs, t, parent, key);
    put_around(&out, DER_SEQUENCE, &tbs);
    return rt_buf_str(&out);
}

struct rt_error *x509_create_certificate(const struct x509_template *t,
        const struct x509_certificate *parent, const struct x509_key *key,
        const struct x509_key *signer, rt_bytes *der)
{
    struct rt_buf all = { 0 }, out = { 0 };
    rt_bytes tbs = to_be_signed(t, parent, key), signature;
    struct rt_error *err = crypto_sign_p256(signer->private_key, crypto_sha256(tbs), &signature);
    if (err)
        return err;
    rt_buf_put_str(&all, tbs);
    put_signature_algorithm(&all);
    put_bit_string(&all, signature, 0);
    put_around(&out, DER_SEQUENCE, &all);
    *der = rt_buf_str(&out);
    return NULL;
}
