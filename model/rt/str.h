/* Go's strings and byte slices.
 *
 * Both are a length and a pointer: they may hold NUL bytes and are not NUL-terminated. The struct
 * is protobuf-c's, so that decoded messages need no conversion. For a []byte, data == NULL is Go's
 * nil and len == 0 with data != NULL is an empty slice; for a string only the length counts. The
 * bytes are never changed after they were made, so values may share them. */
#ifndef CCLAB_MODEL_RT_STR_H
#define CCLAB_MODEL_RT_STR_H

#include <protobuf-c/protobuf-c.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/rt/check.h"

typedef ProtobufCBinaryData rt_str;
typedef ProtobufCBinaryData rt_bytes;

/* A string from a literal; RT_STR_INIT for static initialisers. */
#define RT_STR_INIT(literal)                                                                       \
    {                                                                                              \
        sizeof(literal) - 1, (uint8_t *)(uintptr_t)(literal)                                       \
    }
#define RT_STR(literal) ((rt_str)RT_STR_INIT(literal))
#define RT_NIL ((rt_bytes){ 0, NULL })

/* Refers to a C string or to memory, without a copy. */
static inline rt_str rt_str_from(const char *text)
{
    return (rt_str){ text ? strlen(text) : 0, (uint8_t *)(uintptr_t)text };
}
static inline rt_bytes rt_bytes_from(const void *data, size_t len)
{
    return (rt_bytes){ len, (uint8_t *)(uintptr_t)data };
}

/* Equal bytes; against a C string. */
static inline bool rt_str_eq(rt_str a, rt_str b)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): data is there if len is */
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
static inline bool rt_str_is(rt_str a, const char *text)
{
    return rt_str_eq(a, rt_str_from(text));
}
/* Order of Go's strings and bytes.Compare: < 0, 0, > 0. */
int rt_str_cmp(rt_str a, rt_str b);
/* strings.HasPrefix, strings.HasSuffix. */
bool rt_str_has_prefix(rt_str s, rt_str prefix);
bool rt_str_has_suffix(rt_str s, rt_str suffix);
/* Index of the first (last) occurrence of `needle`, or -1. An empty needle is found at 0 (at
 * len). */
ptrdiff_t rt_str_index(rt_str s, rt_str needle);
ptrdiff_t rt_str_last_index(rt_str s, rt_str needle);
/* strings.Contains. */
bool rt_str_contains(rt_str s, rt_str needle);
/* s[from:to]; the caller keeps 0 <= from <= to <= len (Go would panic, callers that model that
 * check first). */
rt_str rt_str_slice(rt_str s, size_t from, size_t to);
/* utf8.ValidString: rejects overlong forms, surrogates and code points above U+10FFFF. */
bool rt_str_utf8_valid(rt_str s);
/* utf8.DecodeRune: the size of the first rune; an invalid byte is RT_RUNE_ERROR with size 1, the
 * empty string RT_RUNE_ERROR with size 0. */
#define RT_RUNE_ERROR ((uint32_t)0xfffd)
size_t rt_utf8_decode(rt_str s, uint32_t *rune) RT_NONNULL;
/* strconv.IsPrint, by the Unicode version of Fabric 1.4.2's Go (10.0). */
bool rt_rune_printable(uint32_t rune);
/* The same in every build: for tables and seeds, not for secrets. */
uint64_t rt_str_hash(rt_str s);

/* Everything below allocates its result from the current arena. */

/* Copies; the copy is followed by a NUL byte that is not counted. nil stays nil. */
rt_str rt_str_dup(rt_str s);
rt_bytes rt_bytes_dup(const void *data, size_t len);
/* NUL-terminated copy (bytes after an inner NUL are there but C will not see them). */
char *rt_cstr(rt_str s);
/* The same from malloc(), for what outlives runs; ends the program when there is no memory. */
char *rt_cstr_malloc(rt_str s);
/* a + b. */
rt_str rt_str_cat(rt_str a, rt_str b);
/* strings.Join. */
rt_str rt_str_join(const rt_str *parts, size_t count, rt_str separator);
/* strings.ToLower for ASCII and for the letters Go lowers in the Basic Latin and Latin-1 ranges;
 * other bytes stay. */
rt_str rt_str_lower(rt_str s);
/* strings.Split with a non-empty separator; *count gets the number of parts (at least one). */
rt_str *rt_str_split(rt_str s, rt_str separator, size_t *count) RT_NONNULL;
/* strings.TrimSpace for ASCII space. */
rt_str rt_str_trim(rt_str s);
/* hex.EncodeToString. */
rt_str rt_hex(rt_bytes b);
/* The hex digit of a number below 16. */
static inline char rt_hex_char(unsigned number)
{
    return "0123456789abcdef"[number];
}
/* What a lower- or upper-case hex digit stands for; -1 for another character. */
static inline int rt_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
/* Decodes lower- or upper-case hex; false on an odd length or another character. */
bool rt_unhex(rt_str hex, rt_bytes *out) RT_NONNULL;
/* strconv.Quote. */
rt_str rt_quote(rt_str s);

/* Formats as the subset of fmt and printf that the model needs:
 *   %s const char *      %S rt_str          %q rt_str, as strconv.Quote   %x rt_bytes in hex
 *   %v struct rt_error * (nil prints <nil>) %d int     %u unsigned        %c one byte (int)
 *   %ld %lld %lu %llu %zu as in C; %05d: at least five digits, filled with zeros
 *   %X2 unsigned in lower-case hex, at least two digits (%lX, %llX, %zX for larger types)
 *   %t bool (true/false)   %% a percent sign
 * Anything else ends the program: it is a mistake of the caller. */
rt_str rt_sprintf(const char *format, ...) RT_NONNULL_AT(1);
rt_str rt_vsprintf(const char *format, va_list list) RT_NONNULL_AT(1);

/* A growing byte buffer in the current arena; start from zero. */
struct rt_buf {
    uint8_t *data;
    size_t len;
    size_t cap;
};
/* Each adds at the end: bytes, a string, a C string, one byte, a text as of rt_sprintf(). */
void rt_buf_put(struct rt_buf *buf, const void *data, size_t len) RT_NONNULL_AT(1);
void rt_buf_put_str(struct rt_buf *buf, rt_str s) RT_NONNULL;
void rt_buf_putz(struct rt_buf *buf, const char *text) RT_NONNULL;
void rt_buf_put_byte(struct rt_buf *buf, uint8_t byte) RT_NONNULL;
/* Appends a rune in UTF-8. */
void rt_buf_put_rune(struct rt_buf *buf, uint32_t rune) RT_NONNULL;
void rt_buf_printf(struct rt_buf *buf, const char *format, ...) RT_NONNULL_AT(1, 2);
/* What was put so far; valid until the next put. */
rt_str rt_buf_str(const struct rt_buf *buf) RT_NONNULL;

#endif
