/* compress/flate's decompressor over bytes in memory.
 *
 * zlib would do for good streams; this one agrees with Go on bad ones too: how much comes out
 * before the error, which error, and the offset that its text names. */
#ifndef CCLAB_MODEL_GOSTD_FLATE_H
#define CCLAB_MODEL_GOSTD_FLATE_H

#include "model/rt/error.h"
#include "model/rt/str.h"

enum {
    FLATE_WINDOW = 32768,
    FLATE_CHUNK_BITS = 9,
    FLATE_CHUNKS = 1 << FLATE_CHUNK_BITS,
    FLATE_MAX_LENGTHS = 320,
    FLATE_MAX_LINKS = FLATE_MAX_LENGTHS / 2, /* a complete code has two symbols below each */
    FLATE_LINK_SIZE = 64,
};

/* A Huffman code as a table of 9-bit chunks with overflow links, as Go builds it: which bits are
 * read before an error depends on the tables. */
struct flate_huffman {
    unsigned min;
    unsigned link_mask;
    uint16_t chunks[FLATE_CHUNKS];
    uint16_t links[FLATE_MAX_LINKS][FLATE_LINK_SIZE];
};

struct flate {
    const uint8_t *p; /* the input; moves, also past the end of the stream's last byte */
    const uint8_t *end;
    int64_t roffset;
    uint32_t bits;
    unsigned bit_count;
    struct flate_huffman *h1, *h2;
    const struct flate_huffman *literals, *distances; /* of the block; NULL distances: fixed code */
    uint8_t *history;
    size_t written;   /* in the window */
    size_t delivered; /* up to here, of what was written */
    bool full;        /* a window's worth was written */
    size_t to_read;   /* bytes that wait at `delivered - to_read` */
    const uint8_t *to_read_from;
    enum { FLATE_NEXT_BLOCK, FLATE_LITERALS, FLATE_HISTORY, FLATE_STORED } step;
    bool final;
    size_t copy_length;
    size_t copy_distance;
    struct rt_error *err; /* rt_eof at the end */
};

/* Starts a stream at `p`; may be called again on the same object for a new one. */
void flate_reset(struct flate *f, const uint8_t *p, const uint8_t *end);
/* Read: up to `len` bytes; *err may come together with bytes. */
size_t flate_read(struct flate *f, uint8_t *out, size_t len, struct rt_error **err);

#endif
