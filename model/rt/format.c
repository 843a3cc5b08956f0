/* rt_sprintf, strconv.Quote and the growing buffer. */
#include "model/rt/arena.h"
#include "model/rt/error.h"
#include "model/rt/str.h"

#include <stdio.h>
#include <stdlib.h>

static void bad_format(const char *format, const char *at) __attribute__((noreturn));
static void bad_format(const char *format, const char *at)
{
    (void)fprintf(stderr, "cclab: bad format \"%s\" at \"%s\"\n", format, at);
    abort();
}

void rt_buf_put(struct rt_buf *buf, const void *data, size_t len)
{
    rt_reserve(buf->data, buf->cap, buf->len + len);
    if (len)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

void rt_buf_put_str(struct rt_buf *buf, rt_str s)
{
    rt_buf_put(buf, s.data, s.len);
}

void rt_buf_putz(struct rt_buf *buf, const char *text)
{
    rt_buf_put(buf, text, strlen(text));
}

void rt_buf_put_byte(struct rt_buf *buf, uint8_t byte)
{
    rt_buf_put(buf, &byte, 1);
}

void rt_buf_put_rune(struct rt_buf *buf, uint32_t rune)
{
    if (rune < 0x80) {
        rt_buf_put_byte(buf, (uint8_t)rune);
        return;
    }
    if (rune < 0x800) {
        rt_buf_put_byte(buf, (uint8_t)(0xc0 | rune >> 6));
    } else {
        if (rune < 0x10000) {
            rt_buf_put_byte(buf, (uint8_t)(0xe0 | rune >> 12));
        } else {
            rt_buf_put_byte(buf, (uint8_t)(0xf0 | rune >> 18));
            rt_buf_put_byte(buf, (uint8_t)(0x80 | (rune >> 12 & 0x3f)));
        }
        rt_buf_put_byte(buf, (uint8_t)(0x80 | (rune >> 6 & 0x3f)));
    }
    rt_buf_put_byte(buf, (uint8_t)(0x80 | (rune & 0x3f)));
}

rt_str rt_buf_str(const struct rt_buf *buf)
{
    return (rt_str){ buf->len, buf->data ? buf->data : (uint8_t *)(uintptr_t) "" };
}

static void put_number(struct rt_buf *buf, uint64_t n, bool negative, unsigned base, unsigned width)
{
    char digits[72];
    size_t at = sizeof(digits);
    do {
        digits[--at] = rt_hex_char((unsigned)(n % base));
        n /= base;
    } while (n);
    while (sizeof(digits) - at + negative < width)
        digits[--at] = '0';
    if (negative)
        digits[--at] = '-';
    rt_buf_put(buf, digits + at, sizeof(digits) - at);
}

static void put_escaped(struct rt_buf *buf, uint32_t rune, rt_str bytes)
{
    static const char short_names[] = "abtnvfr"; /* of 7 to 13 */
    if (rune == '"' || rune == '\\') {
        rt_buf_put_byte(buf, '\\');
        rt_buf_put_byte(buf, (uint8_t)rune);
    } else if (rune == RT_RUNE_ERROR && bytes.len == 1) {
        rt_buf_putz(buf, "\\x");
        put_number(buf, bytes.data[0], false, 16, 2);
    } else if (rt_rune_printable(rune)) {
        rt_buf_put_str(buf, bytes);
    } else if (rune >= 7 && rune <= 13) {
        rt_buf_put_byte(buf, '\\');
        rt_buf_put_byte(buf, (uint8_t)short_names[rune - 7]);
    } else if (rune < ' ' || rune == 0x7f) {
        rt_buf_putz(buf, "\\x");
        put_number(buf, rune, false, 16, 2);
    } else {
        rt_buf_putz(buf, rune < 0x10000 ? "\\u" : "\\U");
        put_number(buf, rune, false, 16, rune < 0x10000 ? 4 : 8);
    }
}

static void put_quoted(struct rt_buf *buf, rt_str s)
{
    rt_buf_put_byte(buf, '"');
    for (size_t i = 0; i < s.len;) {
        uint32_t rune;
        size_t size = rt_utf8_decode(rt_str_slice(s, i, s.len), &rune);
        put_escaped(buf, rune, rt_str_slice(s, i, i + size));
        i += size;
    }
    rt_buf_put_byte(buf, '"');
}

rt_str rt_quote(rt_str s)
{
    struct rt_buf buf = { 0 };
    put_quoted(&buf, s);
    return rt_buf_str(&buf);
}

static void put_error(struct rt_buf *buf, const struct rt_error *err)
{
    rt_buf_put_str(buf, err ? err->text : RT_STR("<nil>"));
}

enum length { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE };

static enum length parse_length(const char **at)
{
    if (**at == 'z') {
        (*at)++;
        return LENGTH_SIZE;
    }
    if (**at != 'l')
        return LENGTH_INT;
    (*at)++;
    if (**at != 'l')
        return LENGTH_LONG;
    (*at)++;
    return LENGTH_LONG_LONG;
}

static unsigned parse_width(const char **at)
{
    unsigned width = 0;
    while (**at >= '0' && **at <= '9' && width < 60)
        width = width * 10 + (unsigned)(*(*at)++ - '0');
    return width < 60 ? width : 60;
}

/* va_list as a member, since an array type cannot be passed by address portably. */
struct arguments {
    va_list list;
};

static int64_t next_signed(struct arguments *args, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(args->list, int);
    case LENGTH_LONG:
        return va_arg(args->list, long);
    case LENGTH_LONG_LONG:
        return va_arg(args->list, long long);
    case LENGTH_SIZE:
        break;
    }
    return va_arg(args->list, ssize_t);
}

static uint64_t next_unsigned(struct arguments *args, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(args->list, unsigned);
    case LENGTH_LONG:
        return va_arg(args->list, unsigned long);
    case LENGTH_LONG_LONG:
        return va_arg(args->list, unsigned long long);
    case LENGTH_SIZE:
        break;
    }
    return va_arg(args->list, size_t);
}

/* Formats the number verb at `at`; false if it is none. Moves `at` behind it. */
static bool put_number_verb(struct rt_buf *buf, const char **at, struct arguments *args)
{
    const char *p = *at;
    unsigned width = *p == '0' ? parse_width(&p) : 0;
    enum length length = parse_length(&p);
    if (*p == 'd') {
        int64_t n = next_signed(args, length);
        put_number(buf, n < 0 ? -(uint64_t)n : (uint64_t)n, n < 0, 10, width);
    } else if (*p == 'u') {
        put_number(buf, next_unsigned(args, length), false, 10, width);
    } else if (*p == 'X' && !width) {
        p++;
        width = parse_width(&p);
        put_number(buf, next_unsigned(args, length), false, 16, width);
        *at = p;
        return true;
    } else {
        return false;
    }
    *at = p + 1;
    return true;
}

static bool put_verb(struct rt_buf *buf, char verb, struct arguments *args)
{
    switch (verb) {
    case 's': {
        const char *text = va_arg(args->list, const char *);
        rt_buf_putz(buf, text ? text : "");
        return true;
    }
    case 'S':
        rt_buf_put_str(buf, va_arg(args->list, rt_str));
        return true;
    case 'q':
        put_quoted(buf, va_arg(args->list, rt_str));
        return true;
    case 'x':
        rt_buf_put_str(buf, rt_hex(va_arg(args->list, rt_bytes)));
        return true;
    case 'v':
        put_error(buf, va_arg(args->list, struct rt_error *));
        return true;
    case 'c':
        rt_buf_put_byte(buf, (uint8_t)va_arg(args->list, int));
        return true;
    case 't':
        rt_buf_putz(buf, va_arg(args->list, int) ? "true" : "false");
        return true;
    case '%':
        rt_buf_put_byte(buf, '%');
        return true;
    default:
        return false;
    }
}

static void vprint(struct rt_buf *buf, const char *format, struct arguments *args)
{
    for (const char *at = format; *at;) {
        size_t plain = strcspn(at, "%");
        rt_buf_put(buf, at, plain);
        at += plain;
        if (!*at)
            break;
        const char *verb = at++;
        if (put_number_verb(buf, &at, args))
            continue;
        if (!put_verb(buf, *at, args))
            bad_format(format, verb);
        at++;
    }
}

rt_str rt_vsprintf(const char *format, va_list list)
{
    struct rt_buf buf = { 0 };
    struct arguments args;
    va_copy(args.list, list);
    vprint(&buf, format, &args);
    va_end(args.list);
    return rt_buf_str(&buf);
}

rt_str rt_sprintf(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    rt_str s = rt_vsprintf(format, list);
    va_end(list);
    return s;
}

void rt_buf_printf(struct rt_buf *buf, const char *format, ...)
{
    struct arguments args;
    va_start(args.list, format);
    vprint(buf, format, &args);
    va_end(args.list);
}
