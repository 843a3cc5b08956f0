/* Follows compress/gzip/gunzip.go of Go. */
#include "model/gostd/gzip.h"

#include "model/rt/arena.h"
#include "model/rt/rt.h"

#include <zlib.h>

enum { HEADER_SIZE = 10, TRAILER_SIZE = 8, STRING_LIMIT = 512 };
enum { FLAG_HEADER_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16 };

static struct rt_error header_error = { .text = RT_STR_INIT("gzip: invalid header"),
    .type = &header_error };
static struct rt_error checksum_error = { .text = RT_STR_INIT("gzip: invalid checksum"),
    .type = &checksum_error };

static uint32_t update(uint32_t digest, const uint8_t *data, size_t len)
{
    return (uint32_t)crc32_z(digest, data, len);
}

static uint32_t little_endian(const uint8_t *p, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value |= (uint32_t)p[i] << 8 * i;
    return value;
}

/* io.ReadFull: the next bytes, NULL if there are too few. */
static const uint8_t *take(struct gzip_reader *z, size_t count)
{
    const uint8_t *p = z->flate.p;
    if ((size_t)(z->flate.end - p) < count) {
        z->flate.p = z->flate.end;
        return NULL;
    }
    z->flate.p += count;
    return p;
}

static struct rt_error *skip_extra(struct gzip_reader *z)
{
    const uint8_t *p = take(z, 2);
    if (!p)
        return rt_err_unexpected_eof;
    z->digest = update(z->digest, p, 2);
    size_t len = little_endian(p, 2);
    p = take(z, len);
    if (!p)
        return rt_err_unexpected_eof;
    z->digest = update(z->digest, p, len);
    return NULL;
}

static struct rt_error *skip_string(struct gzip_reader *z)
{
    const uint8_t *p = z->flate.p;
    size_t have = (size_t)(z->flate.end - p);
    for (size_t i = 0; i < STRING_LIMIT; i++) {
        if (i == have)
            return rt_err_unexpected_eof;
        if (p[i] == 0) {
            z->digest = update(z->digest, p, i + 1);
            z->flate.p += i + 1;
            return NULL;
        }
    }
    return &header_error;
}

/* io.EOF when nothing is left: Go takes a file of no members. */
static struct rt_error *read_header(struct gzip_reader *z)
{
    bool nothing = z->flate.p == z->flate.end;
    const uint8_t *p = take(z, HEADER_SIZE);
    if (!p)
        return nothing ? rt_eof : rt_err_unexpected_eof;
    if (p[0] != 0x1f || p[1] != 0x8b || p[2] != 8)
        return &header_error;
    unsigned flags = p[3];
    struct rt_error *err = NULL;
    z->digest = update(0, p, HEADER_SIZE);
    if (flags & FLAG_EXTRA)
        err = skip_extra(z);
    if (!err && (flags & FLAG_NAME))
        err = skip_string(z);
    if (!err && (flags & FLAG_COMMENT))
        err = skip_string(z);
    if (!err && (flags & FLAG_HEADER_CRC)) {
        p = take(z, 2);
        if (!p)
            err = rt_err_unexpected_eof;
        else if (little_endian(p, 2) != (z->digest & 0xffff))
            err = &header_error;
    }
    if (err)
        return err;
    z->digest = 0;
    flate_reset(&z->flate, z->flate.p, z->flate.end);
    return NULL;
}

struct rt_error *gzip_reader_open(struct gzip_reader *z, rt_bytes in)
{
    *z = (struct gzip_reader){ .flate.p = in.data };
    z->flate.end = in.len > 0 ? in.data + in.len : in.data;
    z->err = read_header(z);
    return z->err;
}

static struct rt_error *read_trailer(struct gzip_reader *z)
{
    const uint8_t *p = take(z, TRAILER_SIZE);
    if (!p)
        return rt_err_unexpected_eof;
    if (little_endian(p, 4) != z->digest || little_endian(p + 4, 4) != z->size)
        return &checksum_error;
    z->digest = z->size = 0;
    return NULL;
}

size_t gzip_read(struct gzip_reader *z, uint8_t *out, size_t len, struct rt_error **err)
{
    size_t n = 0;
    while (!z->err && n == 0) {
        n = flate_read(&z->flate, out, len, &z->err);
        z->digest = update(z->digest, out, n);
        z->size += (uint32_t)n;
        if (z->err != rt_eof)
            break;
        z->err = read_trailer(z);
        if (!z->err)
            z->err = read_header(z);
        if (z->err)
            break;
    }
    *err = z->err;
    return n;
}

rt_bytes gzip_compress(rt_bytes in)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, MAX_MEM_LEVEL,
                Z_DEFAULT_STRATEGY) != Z_OK)
        rt_panicf("out of memory");
    struct rt_buf out = { 0 };
    uint8_t block[16384];
    int status = Z_OK;
    stream.next_in = in.data;
    for (size_t left = in.len; status != Z_STREAM_END;) {
        uInt chunk = left > 1u << 30 ? 1u << 30 : (uInt)left;
        stream.avail_in = chunk;
        do {
            stream.next_out = block;
            stream.avail_out = sizeof block;
            status = deflate(&stream, left == chunk ? Z_FINISH : Z_NO_FLUSH);
            rt_buf_put(&out, block, sizeof block - stream.avail_out);
        } while (stream.avail_out == 0);
        left -= chunk - stream.avail_in;
    }
    (void)deflateEnd(&stream);
    return rt_buf_str(&out);
}

/* ---- without compression ---- */

enum { BLOCK_HEAD = 5, BLOCK_MAX = 65535 };

static void put_le(uint8_t *to, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

rt_bytes gzip_store(rt_bytes in, size_t extra)
{
    if (in.len > BLOCK_MAX)
        rt_panicf("gzip_store: too much for one block");
    size_t len = HEADER_SIZE + BLOCK_HEAD + in.len + extra + TRAILER_SIZE;
    size_t body = len - HEADER_SIZE - TRAILER_SIZE;
    size_t blocks = (body + BLOCK_HEAD + BLOCK_MAX - 1) / (BLOCK_HEAD + BLOCK_MAX);
    size_t left = body - blocks * BLOCK_HEAD, size = left;
    uint8_t *out = rt_alloc(len), *at = out + HEADER_SIZE;
    uint32_t digest = 0;
    memcpy(out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", HEADER_SIZE);
    for (size_t i = 0; i < blocks; i++) {
        uint32_t n = (uint32_t)(left > BLOCK_MAX ? BLOCK_MAX : left);
        at[0] = i + 1 == blocks;
        put_le(at + 1, n, 2);
        put_le(at + 3, ~n, 2);
        if (i == 0)
            memcpy(at + BLOCK_HEAD, in.data, in.len);
        digest = update(digest, at + BLOCK_HEAD, n);
        at += BLOCK_HEAD + n;
        left -= n;
    }
    put_le(at, digest, 4);
    put_le(at + 4, (uint32_t)size, 4);
    return rt_bytes_from(out, len);
}
