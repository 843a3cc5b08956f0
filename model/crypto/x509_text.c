/* Follows Go's crypto/x509/verify.go (domains and mailboxes) and net/url: what such texts must look
 * like. */
#include <arpa/inet.h>

#include "model/crypto/x509_internal.h"
#include "model/rt/arena.h"

bool x509_domain_valid(rt_str domain)
{
    bool label_empty = true;
    for (size_t i = 0; i < domain.len; i++) {
        uint8_t c = domain.data[i];
        if (c == '.') {
            /* A leading period ends the walk over labels, which goes from the end: it is fine. */
            if (label_empty && i > 0)
                return false;
            label_empty = true;
        } else if (c < 33 || c > 126) {
            return false;
        } else {
            label_empty = false;
        }
    }
    return domain.len == 0 || !label_empty;
}

bool x509_is_ip(rt_str text)
{
    uint8_t address[16];
    if (text.len > 0 && memchr(text.data, 0, text.len))
        return false;
    const char *s = rt_cstr(text);
    return inet_pton(AF_INET, s, address) == 1 || inet_pton(AF_INET6, s, address) == 1;
}

/* ---- mailboxes ---- */

static bool quotable(uint8_t c)
{
    return c == 11 || c == 12 || (c >= 1 && c <= 9) || (c >= 14 && c <= 127);
}

static bool quoted_text(uint8_t c)
{
    return c == 11 || c == 12 || c == 32 || c == 33 || c == 127 || (c >= 1 && c <= 8) ||
           (c >= 14 && c <= 31) || (c >= 35 && c <= 91) || (c >= 93 && c <= 126);
}

static bool atom_text(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

/* A local part in quotes; *at is behind the opening one. */
static bool read_quoted(rt_str in, size_t *at, struct rt_buf *local)
{
    for (;;) {
        if (*at == in.len)
            return false;
        uint8_t c = in.data[(*at)++];
        if (c == '"')
            return true;
        if (c == '\\') {
            if (*at == in.len || !quotable(in.data[*at]))
                return false;
            c = in.data[(*at)++];
        } else if (!quoted_text(c)) {
            return false;
        }
        rt_buf_put_byte(local, c);
    }
}

static bool read_atoms(rt_str in, size_t *at, struct rt_buf *local)
{
    while (*at < in.len) {
        uint8_t c = in.data[*at];
        if (c == '\\') {
            if (++*at == in.len)
                return false;
        } else if (!atom_text(c)) {
            break;
        }
        rt_buf_put_byte(local, in.data[(*at)++]);
    }
    rt_str s = rt_buf_str(local);
    return s.len > 0 && s.data[0] != '.' && s.data[s.len - 1] != '.' &&
           !rt_str_contains(s, RT_STR(".."));
}

bool x509_parse_mailbox(rt_str in, rt_str *local, rt_str *domain)
{
    if (in.len == 0)
        return false;
    struct rt_buf buf = { 0 };
    size_t at = in.data[0] == '"' ? 1 : 0;
    bool ok = at == 1 ? read_quoted(in, &at, &buf) : read_atoms(in, &at, &buf);
    if (!ok || at == in.len || in.data[at] != '@')
        return false;
    *local = rt_buf_str(&buf);
    *domain = rt_str_slice(in, at + 1, in.len);
    return x509_domain_valid(*domain);
}

/* ---- URLs ---- */

enum escape_mode { ESCAPE_OTHER, ESCAPE_HOST, ESCAPE_ZONE };

static bool alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* May the byte stand in a host as it is? */
static bool host_byte(uint8_t c)
{
    return alphanumeric(c) || (c != 0 && strchr("!$&'()*+,;=:[]<>\"-_.~", c));
}

/* unescape: false on a bad escape or a byte that must not be there. */
static bool unescape(rt_str s, enum escape_mode mode, struct rt_buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (c != '%') {
            if (mode != ESCAPE_OTHER && c < 0x80 && !host_byte(c))
                return false;
            rt_buf_put_byte(out, c);
            continue;
        }
        if (i + 2 >= s.len)
            return false;
        int high = rt_hex_digit(s.data[i + 1]), low = rt_hex_digit(s.data[i + 2]);
        if (high < 0 || low < 0)
            return false;
        uint8_t value = (uint8_t)(high << 4 | low);
        bool percent = high == 2 && low == 5;
        if (mode == ESCAPE_HOST && high < 8 && !percent)
            return false;
        if (mode == ESCAPE_ZONE && !percent && value != ' ' && !host_byte(value))
            return false;
        rt_buf_put_byte(out, value);
        i += 2;
    }
    return true;
}

static bool unescapes(rt_str s)
{
    struct rt_buf unused = { 0 };
    return unescape(s, ESCAPE_OTHER, &unused);
}

static bool optional_port_valid(rt_str port)
{
    if (port.len == 0)
        return true;
    if (port.data[0] != ':')
        return false;
    for (size_t i = 1; i < port.len; i++) {
        if (port.data[i] < '0' || port.data[i] > '9')
            return false;
    }
    return true;
}

static bool parse_host(rt_str text, rt_str *host)
{
    struct rt_buf out = { 0 };
    if (rt_str_has_prefix(text, RT_STR("["))) {
        ptrdiff_t close = rt_str_last_index(text, RT_STR("]"));
        if (close < 0 || !optional_port_valid(rt_str_slice(text, (size_t)close + 1, text.len)))
            return false;
        rt_str inner = rt_str_slice(text, 0, (size_t)close);
        ptrdiff_t zone = rt_str_index(inner, RT_STR("%25"));
        if (zone >= 0) {
            if (!unescape(rt_str_slice(text, 0, (size_t)zone), ESCAPE_HOST, &out) ||
                    !unescape(rt_str_slice(text, (size_t)zone, (size_t)close), ESCAPE_ZONE, &out) ||
                    !unescape(rt_str_slice(text, (size_t)close, text.len), ESCAPE_HOST, &out))
                return false;
            *host = rt_buf_str(&out);
            return true;
        }
    } else {
        ptrdiff_t colon = rt_str_last_index(text, RT_STR(":"));
        if (colon >= 0 && !optional_port_valid(rt_str_slice(text, (size_t)colon, text.len)))
            return false;
    }
    bool ok = unescape(text, ESCAPE_HOST, &out);
    *host = rt_buf_str(&out);
    return ok;
}

static bool parse_authority(rt_str text, rt_str *host)
{
    ptrdiff_t at = rt_str_last_index(text, RT_STR("@"));
    if (!parse_host(rt_str_slice(text, (size_t)(at + 1), text.len), host))
        return false;
    if (at < 0)
        return true;
    rt_str user = rt_str_slice(text, 0, (size_t)at);
    for (size_t i = 0; i < user.len; i++) {
        if (!alphanumeric(user.data[i]) &&
                (user.data[i] == 0 || !strchr("-._:~!$&'()*+,;=%@", user.data[i])))
            return false;
    }
    ptrdiff_t colon = rt_str_index(user, RT_STR(":"));
    if (colon < 0)
        return unescapes(user);
    return unescapes(rt_str_slice(user, 0, (size_t)colon)) &&
           unescapes(rt_str_slice(user, (size_t)colon + 1, user.len));
}

/* Takes the scheme off *rest; false when the text begins with a colon. */
static bool take_scheme(rt_str *rest, bool *has_scheme)
{
    *has_scheme = false;
    for (size_t i = 0; i < rest->len; i++) {
        uint8_t c = rest->data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            continue;
        if (c != ':')
            return true;
        if (i == 0)
            return false;
        *has_scheme = true;
        *rest = rt_str_slice(*rest, i + 1, rest->len);
        return true;
    }
    return true;
}

static rt_str before(rt_str s, const char *separator)
{
    ptrdiff_t i = rt_str_index(s, rt_str_from(separator));
    return i < 0 ? s : rt_str_slice(s, 0, (size_t)i);
}

bool x509_parse_url(rt_str text, rt_str *host)
{
    *host = RT_STR("");
    rt_str rest = before(text, "#");
    rt_str fragment = rest.len < text.len ? rt_str_slice(text, rest.len + 1, text.len) : RT_STR("");
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.data[i] < ' ' || rest.data[i] == 0x7f)
            return false;
    }
    bool has_scheme = false;
    if (!rt_str_is(rest, "*")) {
        if (!take_scheme(&rest, &has_scheme))
            return false;
        rest = before(rest, "?");
        if (!rt_str_has_prefix(rest, RT_STR("/"))) {
            if (has_scheme)
                return unescapes(fragment); /* opaque */
            if (rt_str_contains(before(rest, "/"), RT_STR(":")))
                return false;
        }
        if ((has_scheme || !rt_str_has_prefix(rest, RT_STR("///"))) &&
                rt_str_has_prefix(rest, RT_STR("//"))) {
            rest = rt_str_slice(rest, 2, rest.len);
            rt_str authority = before(rest, "/");
            rest = rt_str_slice(rest, authority.len, rest.len);
            if (!parse_authority(authority, host))
                return false;
        }
        if (!unescapes(rest))
            return false;
    }
    return unescapes(fragment);
}
