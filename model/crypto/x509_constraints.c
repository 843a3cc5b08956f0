/* Follows Go's crypto/x509/{parser,verify}.go: alternative names and name constraints. */
#include <strings.h>

#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

/* As many comparisons as Go makes before it gives up. */
enum { MAX_CONSTRAINT_COMPARISONS = 250000 };

/* ---- alternative names ---- */

struct x509_san_reader x509_san_begin(rt_bytes extension_value)
{
    struct x509_san_reader reader = { .broken = false };
    reader.broken = !der_read(&extension_value, &reader.left, DER_SEQUENCE);
    return reader;
}

bool x509_san_next(struct x509_san_reader *reader, int *tag, rt_bytes *value)
{
    if (reader->broken || reader->left.len == 0)
        return false;
    uint8_t raw_tag;
    if (!der_read_any(&reader->left, value, &raw_tag, false)) {
        reader->broken = true;
        return false;
    }
    *tag = raw_tag ^ DER_CONTEXT;
    return true;
}

static struct rt_error *parse_alternative_name(int tag, rt_bytes value)
{
    switch (tag) {
    case X509_NAME_EMAIL:
        return x509_is_ia5(value) ? NULL : rt_errorf("x509: SAN rfc822Name is malformed");
    case X509_NAME_DNS:
        return x509_is_ia5(value) ? NULL : rt_errorf("x509: SAN dNSName is malformed");
    case X509_NAME_URI: {
        rt_str host;
        if (!x509_is_ia5(value))
            return rt_errorf("x509: SAN uniformResourceIdentifier is malformed");
        if (!x509_parse_url(value, &host))
            return rt_errorf("x509: cannot parse URI %q", value);
        if (host.len > 0 && !x509_domain_valid(host))
            return rt_errorf("x509: cannot parse URI %q: invalid domain", value);
        return NULL;
    }
    case X509_NAME_IP:
        if (value.len != 4 && value.len != 16)
            return rt_errorf("x509: cannot parse IP address of length %zu", value.len);
        return NULL;
    default:
        return NULL;
    }
}

static bool known_name_type(int tag)
{
    return tag == X509_NAME_EMAIL || tag == X509_NAME_DNS || tag == X509_NAME_URI ||
           tag == X509_NAME_IP;
}

struct rt_error *x509_parse_san(struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    cert->has_san = true;
    cert->san = value;
    struct x509_san_reader reader = x509_san_begin(value);
    if (reader.broken)
        return rt_errorf("x509: invalid subject alternative names");
    bool any = false;
    int tag;
    rt_bytes name;
    while (x509_san_next(&reader, &tag, &name)) {
        struct rt_error *err = parse_alternative_name(tag, name);
        if (err)
            return err;
        any = any || known_name_type(tag);
    }
    if (reader.broken)
        return rt_errorf("x509: invalid subject alternative name");
    *unhandled = !any;
    return NULL;
}

/* ---- reading constraints ---- */

/* A domain that may begin with a period. */
static bool constraint_domain_valid(rt_str domain)
{
    if (domain.len > 0 && domain.data[0] == '.')
        domain = rt_str_slice(domain, 1, domain.len);
    return x509_domain_valid(domain);
}

static bool mask_valid(rt_bytes mask)
{
    bool seen_zero = false;
    for (size_t i = 0; i < mask.len; i++) {
        uint8_t b = mask.data[i];
        if (seen_zero && b != 0)
            return false;
        /* ones, then zeros */
        if ((uint8_t)(~b & (~b + 1)) != 0)
            return false;
        seen_zero = seen_zero || b != 0xff;
    }
    return true;
}

static struct rt_error *check_constraint(uint8_t tag, rt_bytes value)
{
    if (tag == DER_CONTEXT + X509_NAME_IP) {
        if (value.len != 8 && value.len != 32)
            return rt_errorf("x509: IP constraint contained value of length %zu", value.len);
        rt_bytes mask = rt_str_slice(value, value.len / 2, value.len);
        return mask_valid(mask) ? NULL
                                : rt_errorf("x509: IP constraint contained invalid mask %x", mask);
    }
    if (!x509_is_ia5(value))
        return rt_errorf(
                "x509: invalid constraint value: x509: %q cannot be encoded as an IA5String",
                value);
    rt_str local, domain;
    switch (tag) {
    case DER_CONTEXT + X509_NAME_DNS:
        return constraint_domain_valid(value)
                       ? NULL
                       : rt_errorf("x509: failed to parse dnsName constraint %q", value);
    case DER_CONTEXT + X509_NAME_EMAIL:
        if (rt_str_contains(value, RT_STR("@")) ? x509_parse_mailbox(value, &local, &domain)
                                                : constraint_domain_valid(value))
            return NULL;
        return rt_errorf("x509: failed to parse rfc822Name constraint %q", value);
    default:
        if (x509_is_ip(value))
            return rt_errorf(
                    "x509: failed to parse URI constraint %q: cannot be IP address", value);
        return constraint_domain_valid(value)
                       ? NULL
                       : rt_errorf("x509: failed to parse URI constraint %q", value);
    }
}

static struct rt_error *read_subtrees(struct x509_certificate *cert, der_string subtrees,
        bool excluded, size_t *cap, bool *unhandled)
{
    while (subtrees.len > 0) {
        der_string subtree;
        rt_bytes value;
        uint8_t tag;
        if (!der_read(&subtrees, &subtree, DER_SEQUENCE) ||
                !der_read_any(&subtree, &value, &tag, false))
            return rt_errorf("x509: invalid NameConstraints extension");
        if (tag < DER_CONTEXT || !known_name_type(tag ^ DER_CONTEXT)) {
            *unhandled = true;
            continue;
        }
        struct rt_error *err = check_constraint(tag, value);
        if (err)
            return err;
        rt_reserve(cert->name_constraints, *cap, cert->name_constraint_count + 1);
        struct x509_name_constraint *constraint =
                &cert->name_constraints[cert->name_constraint_count++];
        constraint->kind = tag ^ DER_CONTEXT;
        constraint->excluded = excluded;
        constraint->value = value;
    }
    return NULL;
}

struct rt_error *x509_parse_name_constraints(
        struct x509_certificate *cert, rt_bytes value, bool *unhandled)
{
    cert->has_name_constraints = true;
    der_string s, permitted = RT_NIL, excluded = RT_NIL;
    bool have_permitted, have_excluded;
    if (!der_read(&value, &s, DER_SEQUENCE) || value.len > 0 ||
            !der_read_optional(
                    &s, &permitted, &have_permitted, DER_CONTEXT + DER_CONSTRUCTED + 0) ||
            !der_read_optional(&s, &excluded, &have_excluded, DER_CONTEXT + DER_CONSTRUCTED + 1) ||
            s.len > 0)
        return rt_errorf("x509: invalid NameConstraints extension");
    if (permitted.len == 0 && excluded.len == 0)
        return rt_errorf("x509: empty name constraints extension");
    size_t cap = 0;
    struct rt_error *err = read_subtrees(cert, permitted, false, &cap, unhandled);
    if (!err)
        err = read_subtrees(cert, excluded, true, &cap, unhandled);
    return err;
}

/* ---- checking names ---- */

/* The last label of *domain, which loses it; false when there is none left. */
static bool pop_label(rt_str *domain, rt_str *label)
{
    if (domain->len == 0)
        return false;
    ptrdiff_t dot = rt_str_last_index(*domain, RT_STR("."));
    *label = rt_str_slice(*domain, (size_t)(dot + 1), domain->len);
    *domain = rt_str_slice(*domain, 0, dot < 0 ? 0 : (size_t)dot);
    return true;
}

static bool equal_fold(rt_str a, rt_str b)
{
    return a.len == b.len &&
           (a.len == 0 || strncasecmp((const char *)a.data, (const char *)b.data, a.len) == 0);
}

/* matchDomainConstraint; false in *ok when the domain cannot be read. */
static bool match_domain(rt_str domain, rt_str constraint, bool *ok)
{
    if (constraint.len == 0)
        return true;
    if (!x509_domain_valid(domain)) {
        *ok = false;
        return false;
    }
    bool needs_subdomain = constraint.data[0] == '.';
    if (needs_subdomain)
        constraint = rt_str_slice(constraint, 1, constraint.len);
    rt_str wanted, label;
    while (pop_label(&constraint, &wanted)) {
        if (!pop_label(&domain, &label) || !equal_fold(wanted, label))
            return false;
    }
    return !needs_subdomain || domain.len > 0;
}

static bool match_email(rt_str name, rt_str constraint, bool *ok)
{
    rt_str local, domain, wanted_local, wanted_domain;
    if (!x509_parse_mailbox(name, &local, &domain)) {
        *ok = false;
        return false;
    }
    if (!rt_str_contains(constraint, RT_STR("@")))
        return match_domain(domain, constraint, ok);
    *ok = x509_parse_mailbox(constraint, &wanted_local, &wanted_domain);
    return *ok && rt_str_eq(local, wanted_local) && equal_fold(domain, wanted_domain);
}

/* net.SplitHostPort's host; false when it fails. */
static bool split_host_port(rt_str text, rt_str *host)
{
    ptrdiff_t colon = rt_str_last_index(text, RT_STR(":"));
    if (colon < 0)
        return false;
    *host = rt_str_slice(text, 0, (size_t)colon);
    return !rt_str_contains(*host, RT_STR(":")) && !rt_str_contains(text, RT_STR("[")) &&
           !rt_str_contains(text, RT_STR("]"));
}

static bool match_uri(rt_str name, rt_str constraint, bool *ok)
{
    rt_str host;
    *ok = x509_parse_url(name, &host) && host.len > 0;
    if (*ok && rt_str_contains(host, RT_STR(":")) && !rt_str_has_suffix(host, RT_STR("]")))
        *ok = split_host_port(host, &host);
    if (!*ok)
        return false;
    bool bracketed = rt_str_has_prefix(host, RT_STR("[")) && rt_str_has_suffix(host, RT_STR("]"));
    if (bracketed || x509_is_ip(host)) {
        *ok = false;
        return false;
    }
    return match_domain(host, constraint, ok);
}

static bool match_ip(rt_bytes ip, rt_bytes constraint)
{
    if (ip.len * 2 != constraint.len)
        return false;
    for (size_t i = 0; i < ip.len; i++) {
        uint8_t mask = constraint.data[ip.len + i];
        if ((ip.data[i] & mask) != (constraint.data[i] & mask))
            return false;
    }
    return true;
}

static bool match_constraint(int tag, rt_bytes name, rt_bytes constraint, bool *ok)
{
    switch (tag) {
    case X509_NAME_EMAIL:
        return match_email(name, constraint, ok);
    case X509_NAME_DNS:
        return match_domain(name, constraint, ok);
    case X509_NAME_URI:
        return match_uri(name, constraint, ok);
    default:
        return match_ip(name, constraint);
    }
}

/* checkNameConstraints of one name. */
static struct rt_error *check_name(
        const struct x509_certificate *ca, int tag, rt_bytes name, size_t *comparisons)
{
    bool any_permitted = false, permitted = false;
    for (int excluded = 1; excluded >= 0; excluded--) {
        for (size_t i = 0; i < ca->name_constraint_count; i++) {
            const struct x509_name_constraint *c = &ca->name_constraints[i];
            if ((int)c->kind != tag || c->excluded != (excluded == 1))
                continue;
            if (++*comparisons > MAX_CONSTRAINT_COMPARISONS)
                return rt_errorf("x509: too many constraints");
            any_permitted = any_permitted || !c->excluded;
            if (permitted)
                continue; /* counted, but Go no longer looks */
            bool ok = true;
            bool match = match_constraint(tag, name, c->value, &ok);
            if (!ok || (match && c->excluded))
                return rt_errorf(
                        "x509: a root or intermediate certificate is not authorized to sign "
                        "for this name");
            permitted = match;
        }
    }
    if (any_permitted && !permitted)
        return rt_errorf(
                "x509: a root or intermediate certificate is not authorized to sign for this name");
    return NULL;
}

static struct rt_error *check_names_of(const struct x509_certificate *ca,
        const struct x509_certificate *named, size_t *comparisons)
{
    struct x509_san_reader reader = x509_san_begin(named->san);
    int tag;
    rt_bytes name;
    while (x509_san_next(&reader, &tag, &name)) {
        rt_str local, domain;
        if (tag == X509_NAME_EMAIL && !x509_parse_mailbox(name, &local, &domain))
            return rt_errorf("x509: cannot parse rfc822Name {\"\" \"\"}");
        if (tag == X509_NAME_DNS && !x509_domain_valid(name))
            return rt_errorf("x509: cannot parse dnsName %q", name);
        struct rt_error *err = known_name_type(tag) ? check_name(ca, tag, name, comparisons) : NULL;
        if (err)
            return err;
    }
    return NULL;
}

struct rt_error *x509_check_name_constraints(
        const struct x509_certificate *ca, const struct x509_certificate *leaf)
{
    size_t comparisons = 0;
    struct rt_error *err = NULL;
    if (leaf->has_san)
        err = check_names_of(ca, leaf, &comparisons);
    if (!err && ca->has_san)
        err = check_names_of(ca, ca, &comparisons);
    return err;
}
