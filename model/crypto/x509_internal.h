/* Shared by the files that read certificates. */
#ifndef CCLAB_MODEL_CRYPTO_X509_INTERNAL_H
#define CCLAB_MODEL_CRYPTO_X509_INTERNAL_H

#include "model/crypto/der.h"
#include "model/crypto/x509.h"

/* A Name: checks all of it, collects its organizational units in *out. `raw` is the whole
 * element. */
RT_MUST_USE struct rt_error *x509_parse_name(rt_bytes raw, rt_str **out, size_t *count);
/* UTCTime or GeneralizedTime to seconds since 1970. */
RT_MUST_USE struct rt_error *x509_parse_time(der_string *s, int64_t *seconds);
/* Seconds since 1970 as a date in UTC. */
struct x509_date {
    int year, month, day, hour, minute, second;
};
struct x509_date x509_date_of(int64_t seconds);
/* processExtensions: reads the extensions that Go knows. */
RT_MUST_USE struct rt_error *x509_process_extensions(struct x509_certificate *cert);
/* What the content of an AlgorithmIdentifier says about a signature. */
enum x509_signature_algorithm x509_signature_algorithm_of(rt_bytes oid, rt_bytes parameters);
/* parseAI: the OID and the whole element of the parameters (RT_NIL for none). */
RT_MUST_USE struct rt_error *x509_parse_algorithm(
        rt_bytes content, rt_bytes *oid, rt_bytes *parameters);

/* One GeneralName of a subject alternative name: false at the end or on an error. `tag` is the
 * number of the name's type. */
struct x509_san_reader {
    der_string left;
    bool broken;
};
struct x509_san_reader x509_san_begin(rt_bytes extension_value);
bool x509_san_next(struct x509_san_reader *reader, int *tag, rt_bytes *value);
RT_MUST_USE struct rt_error *x509_parse_san(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled);
RT_MUST_USE struct rt_error *x509_parse_name_constraints(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled);
/* The names of `leaf` against the constraints of `ca`. */
RT_MUST_USE struct rt_error *x509_check_name_constraints(
        const struct x509_certificate *ca, const struct x509_certificate *leaf);

/* isIA5String's test: every byte is ASCII. */
bool x509_is_ia5(rt_bytes s);
/* domainToReverseLabels without the labels. */
bool x509_domain_valid(rt_str domain);
/* parseRFC2821Mailbox; `local` and `domain` get the parts. */
bool x509_parse_mailbox(rt_str in, rt_str *local, rt_str *domain);
/* net.ParseIP: does it read? */
bool x509_is_ip(rt_str text);
/* url.Parse: false when it fails; *host gets URL.Host. */
bool x509_parse_url(rt_str text, rt_str *host);

#endif
