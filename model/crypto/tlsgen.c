/* Follows common/crypto/tlsgen/{ca,key}.go. */
#include "model/crypto/tlsgen.h"

#include <arpa/inet.h>

#include "model/crypto/base64.h"
#include "model/crypto/crypto_internal.h"
#include "model/crypto/pem.h"
#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"
#include "model/rt/clock.h"

enum { SERIAL_SIZE = 16, DAY_S = 86400, TEN_YEARS_S = 10 * 365 * DAY_S };

struct tlsgen_ca {
    struct crypto_rand *rand;
    struct tlsgen_pair *ca_cert;
};

rt_str tlsgen_pub_key_string(const struct tlsgen_pair *pair)
{
    return base64_encode(pair->cert);
}

rt_str tlsgen_priv_key_string(const struct tlsgen_pair *pair)
{
    return base64_encode(pair->key);
}

/* An IP address in four bytes where that is possible; false for a name. */
static bool read_ip(rt_str host, rt_bytes *ip)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (!x509_is_ip(host))
        return false;
    uint8_t *bytes = rt_alloc(16);
    bool v4 = inet_pton(AF_INET, rt_cstr(host), bytes) == 1;
    if (!v4)
        (void)inet_pton(AF_INET6, rt_cstr(host), bytes);
    bool short_form = !v4 && memcmp(bytes, mapped, sizeof mapped) == 0;
    *ip = short_form ? rt_bytes_from(bytes + 12, 4) : rt_bytes_from(bytes, v4 ? 4 : 16);
    return true;
}

static void make_it_authority(struct x509_template *t, int64_t now_s)
{
    static const unsigned usages[] = { X509_EKU_ANY };
    t->not_after_s = now_s + TEN_YEARS_S;
    t->is_ca = true;
    t->key_usage |= X509_KEY_USAGE_CERT_SIGN | X509_KEY_USAGE_CRL_SIGN;
    t->ext_key_usage = usages;
    t->ext_key_usage_count = 1;
}

static void make_it_client(struct x509_template *t)
{
    static const unsigned usages[] = { X509_EKU_CLIENT_AUTH };
    t->ext_key_usage = usages;
    t->ext_key_usage_count = 1;
}

static void make_it_server(struct x509_template *t, int64_t now_s, rt_str host)
{
    static const unsigned usages[] = { X509_EKU_CLIENT_AUTH, X509_EKU_SERVER_AUTH };
    t->not_after_s = now_s + TEN_YEARS_S;
    t->ext_key_usage = usages;
    t->ext_key_usage_count = 2;
    if (!read_ip(host, &t->ip))
        t->dns_name = host;
}

struct rt_error *tlsgen_issue(enum tlsgen_kind kind, rt_str host, const struct x509_key *key,
        rt_bytes serial, const struct tlsgen_pair *ca, struct tlsgen_pair **out)
{
    int64_t now_s = rt_wall_ns() / RT_SECOND;
    struct x509_template t = {
        .serial_number = serial,
        .subject_serial_number = crypto_decimal(BN_bin2bn(serial.data, (int)serial.len, NULL)),
        .not_before_s = now_s - DAY_S,
        .not_after_s = now_s + DAY_S,
        .key_usage = X509_KEY_USAGE_KEY_ENCIPHERMENT | X509_KEY_USAGE_DIGITAL_SIGNATURE,
    };
    if (kind == TLSGEN_AUTHORITY)
        make_it_authority(&t, now_s);
    else if (kind == TLSGEN_CLIENT)
        make_it_client(&t);
    else
        make_it_server(&t, now_s, host);
    rt_bytes raw;
    struct x509_certificate *parsed;
    struct rt_error *err = x509_create_certificate(
            &t, ca ? ca->tls_cert : NULL, key, ca ? &ca->signer : key, &raw);
    if (!err)
        err = x509_parse_certificate(raw, &parsed);
    if (err)
        return err;
    struct tlsgen_pair *pair = rt_new(struct tlsgen_pair);
    *pair = (struct tlsgen_pair){
        .cert = pem_encode("CERTIFICATE", raw),
        .key = pem_encode("EC PRIVATE KEY", x509_marshal_pkcs8(key)),
        .signer = *key,
        .tls_cert = parsed,
    };
    *out = pair;
    return NULL;
}

/* newCertKeyPair: signed by `ca`, or by itself if that is NULL. */
static struct rt_error *new_cert_key_pair(struct crypto_rand *rand, enum tlsgen_kind kind,
        rt_str host, const struct tlsgen_pair *ca, struct tlsgen_pair **out)
{
    struct x509_key key;
    uint8_t *serial = rt_alloc(SERIAL_SIZE);
    struct rt_error *err = x509_generate_key(rand, &key);
    if (!err)
        err = crypto_rand_read(rand, serial, SERIAL_SIZE);
    if (err)
        return err;
    return tlsgen_issue(kind, host, &key, rt_bytes_from(serial, SERIAL_SIZE), ca, out);
}

struct rt_error *tlsgen_new_ca(struct crypto_rand *rand, struct tlsgen_ca **out)
{
    struct tlsgen_ca *ca = rt_new(struct tlsgen_ca);
    ca->rand = rand;
    *out = ca;
    return new_cert_key_pair(rand, TLSGEN_AUTHORITY, RT_STR(""), NULL, &ca->ca_cert);
}

rt_bytes tlsgen_ca_cert_bytes(const struct tlsgen_ca *ca)
{
    return ca->ca_cert->cert;
}

struct rt_error *tlsgen_new_client_cert_key_pair(struct tlsgen_ca *ca, struct tlsgen_pair **pair)
{
    return new_cert_key_pair(ca->rand, TLSGEN_CLIENT, RT_STR(""), ca->ca_cert, pair);
}

struct rt_error *tlsgen_new_server_cert_key_pair(
        struct tlsgen_ca *ca, rt_str host, struct tlsgen_pair **pair)
{
    return new_cert_key_pair(ca->rand, TLSGEN_SERVER, host, ca->ca_cert, pair);
}
