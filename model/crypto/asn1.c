/* Follows Go's encoding/asn1, for the types of msp/cert.go and bccsp/utils/ecdsa.go. */
#include "model/crypto/asn1.h"

#include "model/crypto/der.h"
#include "model/rt/arena.h"

enum { CLASS_UNIVERSAL = 0 };
enum {
    TAG_BOOLEAN = 1,
    TAG_INTEGER = 2,
    TAG_BIT_STRING = 3,
    TAG_OCTET_STRING = 4,
    TAG_SEQUENCE = 16
};

struct header {
    int class;
    int tag;
    bool compound;
    size_t length;
};

static struct rt_error *syntax(const char *message)
{
    return rt_errorf("asn1: syntax error: %s", message);
}

static struct rt_error *structural(const char *message)
{
    return rt_errorf("asn1: structure error: %s", message);
}

/* A high tag number. */
static struct rt_error *parse_base128(rt_bytes bytes, size_t *at, int *out)
{
    int64_t value = 0;
    for (int shifted = 0; *at < bytes.len; shifted++) {
        if (shifted == 5)
            return structural("base 128 integer too large");
        uint8_t b = bytes.data[*at];
        if (shifted == 0 && b == 0x80)
            return syntax("integer is not minimally encoded");
        value = value << 7 | (b & 0x7f);
        (*at)++;
        if (!(b & 0x80)) {
            *out = (int)value;
            return value > INT32_MAX ? structural("base 128 integer too large") : NULL;
        }
    }
    return syntax("truncated base 128 integer");
}

static struct rt_error *parse_long_length(
        rt_bytes bytes, size_t *at, unsigned count, size_t *length)
{
    if (count == 0)
        return syntax("indefinite length found (not DER)");
    *length = 0;
    for (unsigned i = 0; i < count; i++) {
        if (*at >= bytes.len)
            return syntax("truncated tag or length");
        if (*length >= 1u << 23)
            return structural("length too large");
        *length = *length << 8 | bytes.data[(*at)++];
        if (*length == 0)
            return structural("superfluous leading zeros in length");
    }
    return *length < 0x80 ? structural("non-minimal length") : NULL;
}

/* parseTagAndLength; *at moves behind the header. */
static struct rt_error *parse_header(rt_bytes bytes, size_t *at, struct header *h)
{
    uint8_t b = bytes.data[(*at)++];
    h->class = b >> 6;
    h->compound = (b & 0x20) != 0;
    h->tag = b & 0x1f;
    if (h->tag == 0x1f) {
        struct rt_error *err = parse_base128(bytes, at, &h->tag);
        if (err)
            return err;
        if (h->tag < 0x1f)
            return syntax("non-minimal tag");
    }
    if (*at >= bytes.len)
        return syntax("truncated tag or length");
    b = bytes.data[(*at)++];
    if (b & 0x80)
        return parse_long_length(bytes, at, b & 0x7f, &h->length);
    h->length = b;
    return NULL;
}

static struct rt_error *mismatch(int expected, const struct header *h, const char *type, size_t at)
{
    return rt_errorf(
            "asn1: structure error: tags don't match (%d vs {class:%d tag:%d length:%zu "
            "isCompound:%t}) {optional:false explicit:false application:false private:false "
            "defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false "
            "omitEmpty:false} %s @%zu",
            expected, h->class, h->tag, h->length, h->compound, type, at);
}

/* One element of a universal type that must be there; *at moves behind it. */
static struct rt_error *parse_element(
        rt_bytes bytes, size_t *at, int tag, const char *type, rt_bytes *content)
{
    if (*at == bytes.len)
        return syntax("sequence truncated");
    struct header h = { 0 };
    struct rt_error *err = parse_header(bytes, at, &h);
    if (err)
        return err;
    if (h.class != CLASS_UNIVERSAL || h.tag != tag || h.compound != (tag == TAG_SEQUENCE))
        return mismatch(tag, &h, type, *at);
    if (bytes.len - *at < h.length)
        return syntax("data truncated");
    *content = rt_str_slice(bytes, *at, *at + h.length);
    *at += h.length;
    return NULL;
}

static struct rt_error *parse_integer(rt_bytes bytes, size_t *at, rt_bytes *content)
{
    struct rt_error *err = parse_element(bytes, at, TAG_INTEGER, "", content);
    if (err)
        return err;
    if (content->len == 0)
        return structural("empty integer");
    if (content->len > 1) {
        uint8_t first = content->data[0], second = content->data[1];
        if ((first == 0 && !(second & 0x80)) || (first == 0xff && (second & 0x80)))
            return structural("integer not minimally-encoded");
    }
    return NULL;
}

struct rt_error *asn1_unmarshal_two_integers(rt_bytes raw, rt_bytes *r, rt_bytes *s)
{
    rt_bytes fields;
    size_t at = 0;
    struct rt_error *err = parse_element(raw, &at, TAG_SEQUENCE, "ECDSASignature", &fields);
    if (err)
        return err;
    at = 0;
    err = parse_integer(fields, &at, r);
    if (!err)
        err = parse_integer(fields, &at, s);
    return err;
}

struct rt_error *asn1_unmarshal_octet_string(rt_bytes raw, rt_bytes *out)
{
    size_t at = 0;
    return parse_element(raw, &at, TAG_OCTET_STRING, "", out);
}

/* ---- certificates ---- */

/* The OID at the begin of an AlgorithmIdentifier or an extension; *s moves behind it. Arcs with
 * padding, which crypto/x509 reads over, are refused. */
static struct rt_error *check_leading_oid(der_string *s)
{
    der_string raw = *s;
    rt_bytes content, minimal;
    if (!der_read_oid(s, &minimal) || !der_read(&raw, &content, DER_OID))
        return structural("tags don't match");
    return rt_str_eq(content, minimal) ? NULL : syntax("integer is not minimally encoded");
}

static struct rt_error *check_unique_id(der_string *tbs, unsigned number)
{
    if (!der_peek(*tbs, (uint8_t)(DER_CONTEXT + number)))
        return NULL;
    rt_bytes content, bits;
    size_t count;
    if (!der_read(tbs, &content, (uint8_t)(DER_CONTEXT + number)))
        return syntax("data truncated");
    if (content.len == 0)
        return syntax("zero length BIT STRING");
    struct rt_buf element = { 0 };
    der_put(&element, DER_BIT_STRING, content);
    der_string again = rt_buf_str(&element);
    return der_read_bit_string(&again, &bits, &count)
                   ? NULL
                   : syntax("invalid padding bits in BIT STRING");
}

static struct rt_error *check_extension(der_string extension)
{
    struct rt_error *err = check_leading_oid(&extension);
    if (err)
        return err;
    bool critical;
    rt_bytes value;
    if (der_peek(extension, DER_BOOLEAN) && !der_read_boolean(&extension, &critical))
        return syntax("invalid boolean");
    return der_read(&extension, &value, DER_OCTET_STRING) ? NULL : structural("tags don't match");
}

/* Extensions of any version, where crypto/x509 looks at those of version 3 alone. */
static struct rt_error *check_extensions(der_string tbs)
{
    if (!der_peek(tbs, DER_CONTEXT + DER_CONSTRUCTED + 3))
        return NULL;
    der_string wrapped, extensions;
    if (!der_read(&tbs, &wrapped, DER_CONTEXT + DER_CONSTRUCTED + 3))
        return syntax("data truncated");
    if (wrapped.len == 0)
        return structural("zero length explicit tag was not an asn1.Flag");
    if (!der_peek(wrapped, DER_SEQUENCE))
        return NULL; /* optional */
    if (!der_read(&wrapped, &extensions, DER_SEQUENCE))
        return syntax("data truncated");
    while (extensions.len > 0) {
        der_string extension;
        if (!der_read(&extensions, &extension, DER_SEQUENCE))
            return structural("sequence tag mismatch");
        struct rt_error *err = check_extension(extension);
        if (err)
            return err;
    }
    return NULL;
}

/* What encoding/asn1 refuses in the signed part of a certificate that crypto/x509 has read. */
static struct rt_error *check_tbs(der_string tbs)
{
    rt_bytes skipped;
    bool present;
    uint8_t tag;
    der_string algorithm, key;
    der_read_optional(&tbs, &skipped, &present, DER_CONTEXT + DER_CONSTRUCTED + 0);
    der_read(&tbs, &skipped, DER_INTEGER);
    der_read(&tbs, &algorithm, DER_SEQUENCE);
    struct rt_error *err = check_leading_oid(&algorithm);
    for (int i = 0; i < 3; i++) /* issuer, validity, subject */
        der_read_any(&tbs, &skipped, &tag, false);
    der_read(&tbs, &key, DER_SEQUENCE);
    der_read(&key, &algorithm, DER_SEQUENCE);
    if (!err)
        err = check_leading_oid(&algorithm);
    if (!err)
        err = check_unique_id(&tbs, 1);
    if (!err)
        err = check_unique_id(&tbs, 2);
    return err ? err : check_extensions(tbs);
}

struct rt_error *asn1_replace_signature(rt_bytes certificate, rt_bytes signature, rt_bytes *out)
{
    *out = RT_NIL;
    der_string outer, tbs, algorithm;
    rt_bytes tbs_element, parameters = RT_NIL;
    uint8_t tag;
    der_read(&certificate, &outer, DER_SEQUENCE);
    der_read_element(&outer, &tbs_element, DER_SEQUENCE);
    rt_bytes whole = tbs_element;
    der_read(&whole, &tbs, DER_SEQUENCE);
    struct rt_error *err = check_tbs(tbs);
    if (err)
        return rt_error_wrap(err, "unmarshalling of the certificate failed");

    der_read(&outer, &algorithm, DER_SEQUENCE);
    rt_bytes oid;
    der_read_element(&algorithm, &oid, DER_OID);
    if (algorithm.len > 0)
        der_read_any(&algorithm, &parameters, &tag, true);
    struct rt_buf algorithm_buf = { 0 }, bits = { 0 }, content = { 0 }, made = { 0 };
    rt_buf_put_str(&algorithm_buf, oid);
    rt_buf_put_str(&algorithm_buf, parameters);
    rt_buf_put_byte(&bits, 0);
    rt_buf_put_str(&bits, signature);
    rt_buf_put_str(&content, tbs_element);
    der_put(&content, DER_SEQUENCE, rt_buf_str(&algorithm_buf));
    der_put(&content, DER_BIT_STRING, rt_buf_str(&bits));
    der_put(&made, DER_SEQUENCE, rt_buf_str(&content));
    *out = rt_buf_str(&made);
    return NULL;
}
