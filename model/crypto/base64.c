/* Follows Go's encoding/base64, StdEncoding. */
#include "model/crypto/base64.h"

#include "model/rt/arena.h"

/* The alphabet, and behind it the padding character. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
enum { PADDING = 64 };

void base64_quantum(const uint8_t *bytes, size_t count, char quantum[4])
{
    uint32_t bits = (uint32_t)bytes[0] << 16;
    if (count > 1)
        bits |= (uint32_t)bytes[1] << 8;
    if (count > 2)
        bits |= bytes[2];
    quantum[0] = alphabet[bits >> 18];
    quantum[1] = alphabet[bits >> 12 & 63];
    quantum[2] = alphabet[count > 1 ? bits >> 6 & 63 : PADDING];
    quantum[3] = alphabet[count > 2 ? bits & 63 : PADDING];
}

rt_str base64_encode(rt_bytes bytes)
{
    char *text = rt_alloc((bytes.len + 2) / 3 * 4 + 1);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i += 3, len += 4)
        base64_quantum(bytes.data + i, bytes.len - i < 3 ? bytes.len - i : 3, text + len);
    return rt_bytes_from(text, len);
}

static int value_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static struct rt_error *corrupt_input(size_t offset)
{
    return rt_errorf("illegal base64 data at input byte %zu", offset);
}

static void skip_newlines(rt_str text, size_t *i)
{
    while (*i < text.len && (text.data[*i] == '\n' || text.data[*i] == '\r'))
        ++*i;
}

/* What may follow the first padding character of a quantum of `have` characters: the second one,
 * if it has two, and then nothing but line ends. */
static struct rt_error *check_padding(rt_str text, size_t at, unsigned have)
{
    size_t i = at + 1;
    if (have < 2)
        return corrupt_input(at);
    skip_newlines(text, &i);
    if (have == 2) {
        if (i == text.len)
            return corrupt_input(i);
        if (text.data[i] != '=')
            return corrupt_input(i - 1);
        i++;
        skip_newlines(text, &i);
    }
    return i < text.len ? corrupt_input(i) : NULL;
}

struct rt_error *base64_decode(rt_str text, rt_bytes *out)
{
    uint8_t *data = rt_alloc(text.len / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned have = 0;
    size_t i = 0;
    for (;; i++) {
        skip_newlines(text, &i);
        if (i == text.len || text.data[i] == '=')
            break;
        int value = value_of(text.data[i]);
        if (value < 0)
            return corrupt_input(i);
        bits = (bits << 6 | (uint32_t)value) & 0xffffff;
        if (++have < 4)
            continue;
        data[len++] = (uint8_t)(bits >> 16);
        data[len++] = (uint8_t)(bits >> 8);
        data[len++] = (uint8_t)bits;
        have = 0;
    }
    if (i == text.len && have > 0)
        return corrupt_input(text.len - have);
    if (i < text.len) {
        struct rt_error *err = check_padding(text, i, have);
        if (err)
            return err;
        bits <<= 6 * (4 - have);
        data[len++] = (uint8_t)(bits >> 16);
        if (have == 3)
            data[len++] = (uint8_t)(bits >> 8);
    }
    *out = rt_bytes_from(data, len);
    return NULL;
}
