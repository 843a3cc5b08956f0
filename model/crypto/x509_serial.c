/* Serial numbers as Go's big.Int prints them. */
#include <openssl/bn.h>

#include "model/crypto/crypto_internal.h"
#include "model/crypto/x509.h"

static BIGNUM *serial_number(const struct x509_certificate *cert)
{
    rt_bytes content = cert->serial_number;
    BIGNUM *n = BN_bin2bn(content.data, (int)content.len, NULL);
    crypto_check(n != NULL, "BN_bin2bn");
    if (content.data[0] & 0x80) {
        BIGNUM *power = BN_new();
        crypto_check(
                power && BN_set_bit(power, (int)content.len * 8) && BN_sub(n, n, power), "BN_sub");
        BN_free(power);
    }
    return n;
}

rt_str x509_serial_decimal(const struct x509_certificate *cert)
{
    return crypto_decimal(serial_number(cert));
}

rt_str x509_serial_hex(const struct x509_certificate *cert)
{
    BIGNUM *n = serial_number(cert);
    char *text = BN_bn2hex(n);
    crypto_check(text != NULL, "BN_bn2hex");
    rt_str hex = rt_str_lower(rt_str_from(text));
    bool negative = hex.len > 0 && hex.data[0] == '-';
    size_t from = negative;
    while (from + 1 < hex.len && hex.data[from] == '0')
        from++;
    rt_str digits = rt_str_dup(rt_str_slice(hex, from, hex.len));
    OPENSSL_free(text);
    BN_free(n);
    return negative ? rt_str_cat(RT_STR("-"), digits) : digits;
}
