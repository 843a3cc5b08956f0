/* Follows archive/tar/strconv.go of Go, and the block layout of format.go. */
#include "model/gostd/tar_fields.h"

static struct rt_error header_error = { .text = RT_STR_INIT("archive/tar: invalid tar header"),
    .type = &header_error };
struct rt_error *const tar_err_header = &header_error;

rt_str tar_parse_string(const uint8_t *field, size_t len)
{
    const uint8_t *nul = memchr(field, 0, len);
    return rt_str_dup(rt_bytes_from(field, nul ? (size_t)(nul - field) : len));
}

static int64_t parse_base256(struct tar_parser *p, const uint8_t *field, size_t len)
{
    uint8_t invert = field[0] & 0x40 ? 0xff : 0;
    uint64_t x = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = field[i] ^ invert;
        if (i == 0)
            c &= 0x7f;
        if (x >> 56 > 0) {
            p->err = tar_err_header;
            return 0;
        }
        x = x << 8 | c;
    }
    if (x >> 63 > 0) {
        p->err = tar_err_header;
        return 0;
    }
    return invert ? (int64_t)~x : (int64_t)x;
}

static bool is_filler(uint8_t c)
{
    return c == ' ' || c == 0;
}

int64_t tar_parse_octal(struct tar_parser *p, const uint8_t *field, size_t len)
{
    while (len > 0 && is_filler(field[0])) {
        field++;
        len--;
    }
    while (len > 0 && is_filler(field[len - 1]))
        len--;
    uint64_t x = 0;
    for (size_t i = 0; i < len && field[i] != 0; i++) {
        if (field[i] < '0' || field[i] > '7' || x >> 61 != 0) {
            p->err = tar_err_header;
            /* ParseUint gives the largest number when one is too large. */
            return field[i] < '0' || field[i] > '7' ? 0 : -1;
        }
        x = x << 3 | (uint64_t)(field[i] - '0');
    }
    return (int64_t)x;
}

int64_t tar_parse_numeric(struct tar_parser *p, const uint8_t *field, size_t len)
{
    return field[0] & 0x80 ? parse_base256(p, field, len) : tar_parse_octal(p, field, len);
}

bool tar_parse_int(rt_str s, int64_t *value)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    size_t i = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
    uint64_t x = 0;
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9' || __builtin_mul_overflow(x, 10u, &x) ||
                __builtin_add_overflow(x, (uint64_t)(s.data[i] - '0'), &x))
            return false;
    }
    if (x > (uint64_t)INT64_MAX + negative)
        return false;
    *value = (int64_t)(negative ? 0 - x : x);
    return true;
}

bool tar_parse_pax_time(rt_str s, struct tar_time *time)
{
    ptrdiff_t dot = rt_str_index(s, RT_STR("."));
    rt_str whole = dot < 0 ? s : rt_str_slice(s, 0, (size_t)dot);
    rt_str rest = dot < 0 ? RT_STR("") : rt_str_slice(s, (size_t)dot + 1, s.len);
    *time = (struct tar_time){ .set = true };
    if (!tar_parse_int(whole, &time->seconds))
        return false;
    int64_t nanoseconds = 0;
    for (size_t i = 0; i < rest.len || (rest.len > 0 && i < 9); i++) {
        if (i < rest.len && (rest.data[i] < '0' || rest.data[i] > '9'))
            return false;
        if (i < 9)
            nanoseconds = nanoseconds * 10 + (i < rest.len ? rest.data[i] - '0' : 0);
    }
    if (whole.data[0] == '-' && nanoseconds > 0) {
        nanoseconds = 1000000000 - nanoseconds;
        time->seconds = (int64_t)((uint64_t)time->seconds - 1);
    }
    time->nanoseconds = nanoseconds;
    return true;
}

/* ---- blocks ---- */

bool tar_is_header_only(uint8_t typeflag)
{
    return typeflag >= '1' && typeflag <= '6';
}

int64_t tar_padding(int64_t size)
{
    return (int64_t)(-(uint64_t)size & (TAR_BLOCK - 1));
}

void tar_checksum(const uint8_t *block, int64_t *as_unsigned, int64_t *as_signed)
{
    *as_unsigned = *as_signed = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        uint8_t c = i >= 148 && i < 156 ? ' ' : block[i];
        *as_unsigned += c;
        *as_signed += (int8_t)c;
    }
}

int tar_block_format(const uint8_t *block)
{
    struct tar_parser p = { 0 };
    int64_t value = tar_parse_octal(&p, block + 148, 8);
    int64_t as_unsigned, as_signed;
    tar_checksum(block, &as_unsigned, &as_signed);
    if (p.err || (value != as_unsigned && value != as_signed))
        return TAR_FORMAT_UNKNOWN;
    if (memcmp(block + 257, "ustar", 6) == 0)
        return memcmp(block + 508, "tar", 4) == 0 ? TAR_FORMAT_STAR
                                                  : TAR_FORMAT_USTAR | TAR_FORMAT_PAX;
    if (memcmp(block + 257, "ustar  ", 8) == 0)
        return TAR_FORMAT_GNU;
    return TAR_FORMAT_V7;
}

/* ---- strings ---- */

bool tar_is_ascii(rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] >= 0x80 || s.data[i] == 0)
            return false;
    return true;
}

static bool has_nul(rt_str s)
{
    return s.len > 0 && memchr(s.data, 0, s.len);
}

bool tar_valid_pax_record(rt_str key, rt_str value)
{
    if (key.len == 0 || rt_str_contains(key, RT_STR("=")))
        return false;
    if (rt_str_is(key, "path") || rt_str_is(key, "linkpath") || rt_str_is(key, "uname") ||
            rt_str_is(key, "gname"))
        return !has_nul(value);
    return !has_nul(key);
}
