/* Ustar headers and gzip. */
#include "model/container/tar_package.h"

#include "model/rt/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { BLOCK = 512, NAME = 100, PREFIX = 155 };

static void pad(struct rt_buf *tar)
{
    static const uint8_t zeros[BLOCK];
    if (tar->len % BLOCK != 0)
        rt_buf_put(tar, zeros, BLOCK - tar->len % BLOCK);
}

static void put_octal(uint8_t *field, size_t width, uint64_t value)
{
    for (size_t i = width - 1; i > 0; i--, value >>= 3)
        field[i - 1] = (uint8_t)('0' + (value & 7));
}

static void put_header(struct rt_buf *tar, rt_str name, rt_str prefix, char type, uint64_t size)
{
    uint8_t h[BLOCK] = { 0 };
    unsigned sum = 0;
    memcpy(h, name.data, name.len);
    put_octal(h + 100, 8, 0100644);
    put_octal(h + 108, 8, 0);
    put_octal(h + 116, 8, 0);
    put_octal(h + 124, 12, size);
    put_octal(h + 136, 12, 0);
    h[156] = (uint8_t)type;
    memcpy(h + 257, "ustar\00000", 8);
    put_octal(h + 329, 8, 0);
    put_octal(h + 337, 8, 0);
    if (prefix.len > 0)
        memcpy(h + 345, prefix.data, prefix.len);
    memset(h + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += h[i];
    put_octal(h + 148, 7, sum);
    h[154] = 0;
    rt_buf_put(tar, h, BLOCK);
}

/* Splits a long name at a slash into ustar's prefix and name; false if it does not fit. */
static bool split_name(rt_str *name, rt_str *prefix)
{
    *prefix = (rt_str){ 0 };
    if (name->len <= NAME)
        return true;
    for (size_t i = name->len; i-- > 1;) {
        if (name->data[i] != '/' || i > PREFIX)
            continue;
        if (name->len - i - 1 > NAME || name->len - i - 1 == 0)
            return false;
        *prefix = rt_str_slice(*name, 0, i);
        *name = rt_str_slice(*name, i + 1, name->len);
        return true;
    }
    return false;
}

/* A PAX record: its own length in decimal, then key and value. */
static rt_str pax_record(const char *key, rt_str value)
{
    size_t rest = strlen(key) + value.len + 3;
    size_t len = rest;
    for (size_t next = 0; next != len;) {
        char digits[24];
        next = len;
        len = rest + (size_t)snprintf(digits, sizeof(digits), "%zu", next);
    }
    return rt_sprintf("%zu %s=%S\n", len, key, value);
}

void tar_put_file(struct rt_buf *tar, rt_str name, rt_bytes content)
{
    rt_str prefix;
    rt_str whole = name;
    if (!split_name(&name, &prefix)) {
        rt_str record = pax_record("path", whole);
        put_header(tar, RT_STR("PaxHeaders.0/long"), (rt_str){ 0 }, 'x', record.len);
        rt_buf_put_str(tar, record);
        pad(tar);
        name = rt_str_slice(whole, 0, NAME);
    }
    put_header(tar, name, prefix, '0', content.len);
    rt_buf_put_str(tar, content);
    pad(tar);
}

void tar_end(struct rt_buf *tar)
{
    static const uint8_t zeros[2 * BLOCK];
    rt_buf_put(tar, zeros, sizeof(zeros));
}

rt_bytes gzip_bytes(rt_bytes in)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
            Z_OK) {
        (void)fputs("cclab: zlib: no memory\n", stderr);
        abort();
    }
    uLong bound = deflateBound(&z, (uLong)in.len);
    uint8_t *out = rt_alloc(bound);
    z.next_in = in.data;
    z.avail_in = (uInt)in.len;
    z.next_out = out;
    z.avail_out = (uInt)bound;
    (void)deflate(&z, Z_FINISH);
    (void)deflateEnd(&z);
    return rt_bytes_from(out, z.total_out);
}
