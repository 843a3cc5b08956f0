/* Go's functions on strings and byte slices: package strings, unicode/utf8, hex. */
#include "model/rt/str.h"

#include "model/rt/arena.h"
#include <stdlib.h>

int rt_str_cmp(rt_str a, rt_str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.data, b.data, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool rt_str_has_prefix(rt_str s, rt_str prefix)
{
    return s.len >= prefix.len && (!prefix.len || memcmp(s.data, prefix.data, prefix.len) == 0);
}

bool rt_str_has_suffix(rt_str s, rt_str suffix)
{
    if (s.len < suffix.len)
        return false;
    return !suffix.len || memcmp(s.data + (s.len - suffix.len), suffix.data, suffix.len) == 0;
}

ptrdiff_t rt_str_index(rt_str s, rt_str needle)
{
    if (!needle.len)
        return 0;
    if (s.len < needle.len)
        return -1;
    const uint8_t *at = memmem(s.data, s.len, needle.data, needle.len);
    return at ? at - s.data : -1;
}

ptrdiff_t rt_str_last_index(rt_str s, rt_str needle)
{
    if (!needle.len)
        return (ptrdiff_t)s.len;
    if (s.len < needle.len)
        return -1;
    for (size_t i = s.len - needle.len + 1; i-- > 0;) {
        if (memcmp(s.data + i, needle.data, needle.len) == 0)
            return (ptrdiff_t)i;
    }
    return -1;
}

bool rt_str_contains(rt_str s, rt_str needle)
{
    return rt_str_index(s, needle) >= 0;
}

rt_str rt_str_slice(rt_str s, size_t from, size_t to)
{
    return (rt_str){ to - from, s.data ? s.data + from : NULL };
}

bool rt_str_utf8_valid(rt_str s)
{
    for (size_t i = 0; i < s.len;) {
        uint64_t eight;
        if (s.len - i >= sizeof(eight)) { /* most text is ASCII */
            memcpy(&eight, s.data + i, sizeof(eight));
            if (!(eight & 0x8080808080808080u)) {
                i += sizeof(eight);
                continue;
            }
        }
        uint32_t rune;
        size_t size = rt_utf8_decode(rt_str_slice(s, i, s.len), &rune);
        if (rune == RT_RUNE_ERROR && size == 1)
            return false;
        i += size;
    }
    return true;
}

size_t rt_utf8_decode(rt_str s, uint32_t *rune)
{
    *rune = RT_RUNE_ERROR;
    if (!s.len)
        return 0;
    uint8_t lead = s.data[0]; /* NOLINT(clang-analyzer-core.NullDereference): s is not empty */
    if (lead < 0x80) {
        *rune = lead;
        return 1;
    }
    size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || s.len <= more)
        return 1;
    uint32_t r = lead & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((s.data[i] & 0xc0) != 0x80)
            return 1;
        r = r << 6 | (s.data[i] & 0x3fu);
    }
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    if (r < least[more] || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
        return 1;
    *rune = r;
    return more + 1;
}

/* FNV-1a with a last mix, since tables take the low bits. */
uint64_t rt_str_hash(rt_str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ s.data[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

rt_bytes rt_bytes_dup(const void *data, size_t len)
{
    if (!data)
        return RT_NIL;
    uint8_t *copy = rt_alloc(len + 1);
    if (len)
        memcpy(copy, data, len);
    return (rt_bytes){ len, copy };
}

rt_str rt_str_dup(rt_str s)
{
    return rt_bytes_dup(s.data, s.len);
}

char *rt_cstr(rt_str s)
{
    char *copy = rt_alloc(s.len + 1);
    if (s.len)
        memcpy(copy, s.data, s.len);
    return copy;
}

char *rt_cstr_malloc(rt_str s)
{
    char *copy = malloc(s.len + 1);
    if (!copy)
        abort();
    if (s.len)
        memcpy(copy, s.data, s.len);
    copy[s.len] = 0;
    return copy;
}

rt_str rt_str_cat(rt_str a, rt_str b)
{
    rt_str parts[] = { a, b };
    return rt_str_join(parts, 2, RT_STR(""));
}

rt_str rt_str_join(const rt_str *parts, size_t count, rt_str separator)
{
    size_t len = count ? separator.len * (count - 1) : 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    uint8_t *all = rt_alloc(len + 1);
    uint8_t *at = all;
    for (size_t i = 0; i < count; i++) {
        if (i && separator.len)
            at = (uint8_t *)mempcpy(at, separator.data, separator.len);
        if (parts[i].len)
            at = (uint8_t *)mempcpy(at, parts[i].data, parts[i].len);
    }
    return (rt_str){ len, all };
}

rt_str rt_str_lower(rt_str s)
{
    uint8_t *out = rt_alloc(s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        bool ascii = c >= 'A' && c <= 'Z';
        /* U+00C0..U+00DE but for the times sign */
        bool latin = i > 0 && s.data[i - 1] == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97;
        out[i] = ascii || latin ? (uint8_t)(c + 0x20) : c;
    }
    return (rt_str){ s.len, out };
}

rt_str *rt_str_split(rt_str s, rt_str separator, size_t *count)
{
    size_t n = 1;
    ptrdiff_t at;
    rt_str rest = s;
    while (separator.len && (at = rt_str_index(rest, separator)) >= 0) {
        rest = rt_str_slice(rest, (size_t)at + separator.len, rest.len);
        n++;
    }
    rt_str *parts = rt_new_array(rt_str, n);
    rest = s;
    for (size_t i = 0; i + 1 < n; i++) {
        at = rt_str_index(rest, separator);
        parts[i] = rt_str_slice(rest, 0, (size_t)at);
        rest = rt_str_slice(rest, (size_t)at + separator.len, rest.len);
    }
    parts[n - 1] = rest;
    *count = n;
    return parts;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

rt_str rt_str_trim(rt_str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_space(s.data[from]))
        from++;
    while (to > from && is_space(s.data[to - 1]))
        to--;
    return rt_str_slice(s, from, to);
}

rt_str rt_hex(rt_bytes b)
{
    uint8_t *out = rt_alloc(2 * b.len + 1);
    for (size_t i = 0; i < b.len; i++) {
        out[2 * i] = (uint8_t)rt_hex_char(b.data[i] >> 4);
        out[2 * i + 1] = (uint8_t)rt_hex_char(b.data[i] & 15);
    }
    return (rt_str){ 2 * b.len, out };
}

bool rt_unhex(rt_str hex, rt_bytes *out)
{
    *out = RT_NIL;
    if (hex.len % 2)
        return false;
    uint8_t *bytes = rt_alloc(hex.len / 2 + 1);
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = rt_hex_digit(hex.data[i]);
        int low = rt_hex_digit(hex.data[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    *out = (rt_bytes){ hex.len / 2, bytes };
    return true;
}
