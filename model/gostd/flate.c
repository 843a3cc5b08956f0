/* Follows compress/flate/{inflate,dict_decoder}.go of Go. */
#include "model/gostd/flate.h"

#include "model/rt/arena.h"

enum {
    MAX_CODE_LEN = 16,
    MAX_LITERALS = 286,
    MAX_DISTANCES = 30,
    CODE_LENGTHS = 19,
    END_OF_BLOCK = 256
};
enum { COUNT_MASK = 15, VALUE_SHIFT = 4 };

/* ---- Huffman codes ---- */

static unsigned reverse_bits(unsigned value, unsigned width)
{
    unsigned out = 0;
    for (unsigned i = 0; i < width; i++)
        out |= (value >> i & 1) << (width - 1 - i);
    return out;
}

static void put_code(struct flate_huffman *h, unsigned symbol, unsigned len, unsigned code)
{
    uint16_t chunk = (uint16_t)(symbol << VALUE_SHIFT | len);
    unsigned reverse = reverse_bits(code, len);
    if (len <= FLATE_CHUNK_BITS) {
        for (unsigned i = reverse; i < FLATE_CHUNKS; i += 1u << len)
            h->chunks[i] = chunk;
        return;
    }
    uint16_t *links = h->links[h->chunks[reverse & (FLATE_CHUNKS - 1)] >> VALUE_SHIFT];
    for (unsigned i = reverse >> FLATE_CHUNK_BITS; i <= h->link_mask;
            i += 1u << (len - FLATE_CHUNK_BITS))
        links[i] = chunk;
}

/* False for a set of lengths that is no complete code. An empty one is taken, and fails when
 * used. */
static bool huffman_init(struct flate_huffman *h, const unsigned *lengths, size_t count)
{
    unsigned counts[MAX_CODE_LEN] = { 0 }, next[MAX_CODE_LEN] = { 0 };
    unsigned min = 0, max = 0, code = 0;
    h->min = h->link_mask = 0;
    memset(h->chunks, 0, sizeof h->chunks);
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] == 0) /* NOLINT(clang-analyzer-core.*): all lengths were read before */
            continue;
        min = min == 0 || lengths[i] < min ? lengths[i] : min;
        max = lengths[i] > max ? lengths[i] : max;
        counts[lengths[i]]++;
    }
    if (max == 0)
        return true;
    for (unsigned i = min; i <= max; i++) {
        code <<= 1;
        next[i] = code;
        code += counts[i];
    }
    if (code != 1u << max && !(code == 1 && max == 1))
        return false;
    h->min = min;
    if (max > FLATE_CHUNK_BITS) {
        h->link_mask = (1u << (max - FLATE_CHUNK_BITS)) - 1;
        unsigned first = next[FLATE_CHUNK_BITS + 1] >> 1;
        for (unsigned i = first; i < FLATE_CHUNKS; i++)
            h->chunks[reverse_bits(i, FLATE_CHUNK_BITS)] =
                    (uint16_t)((i - first) << VALUE_SHIFT | (FLATE_CHUNK_BITS + 1));
    }
    for (size_t i = 0; i < count; i++)
        if (lengths[i] != 0)
            put_code(h, (unsigned)i, lengths[i], next[lengths[i]]++);
    return true;
}

static struct flate_huffman fixed_literals;

__attribute__((constructor)) static void init_fixed(void)
{
    unsigned lengths[288];
    for (unsigned i = 0; i < 288; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    (void)huffman_init(&fixed_literals, lengths, 288);
}

/* ---- input ---- */

static struct rt_error *corrupt(const struct flate *f)
{
    return rt_errorf("flate: corrupt input before offset %lld", (long long)f->roffset);
}

/* Makes sure of `count` bits. False: the input ended, and the error is set. */
static bool need(struct flate *f, unsigned count)
{
    while (f->bit_count < count) {
        if (f->p == f->end) {
            f->err = rt_err_unexpected_eof;
            return false;
        }
        f->roffset++;
        f->bits |= (uint32_t)*f->p++ << f->bit_count;
        f->bit_count += 8;
    }
    return true;
}

static unsigned take(struct flate *f, unsigned count)
{
    unsigned value = f->bits & ((1u << count) - 1);
    f->bits >>= count;
    f->bit_count -= count;
    return value;
}

static bool fail(struct flate *f)
{
    f->err = corrupt(f);
    return false;
}

static bool read_symbol(struct flate *f, const struct flate_huffman *h, unsigned *symbol)
{
    unsigned n = h->min;
    for (;;) {
        if (!need(f, n))
            return false;
        unsigned chunk = h->chunks[f->bits & (FLATE_CHUNKS - 1)];
        n = chunk & COUNT_MASK;
        if (n > FLATE_CHUNK_BITS) {
            chunk = h->links[chunk >> VALUE_SHIFT][f->bits >> FLATE_CHUNK_BITS & h->link_mask];
            n = chunk & COUNT_MASK;
        }
        if (n > f->bit_count)
            continue;
        if (n == 0)
            return fail(f);
        (void)take(f, n);
        *symbol = chunk >> VALUE_SHIFT;
        return true;
    }
}

/* ---- the window ---- */

static void flush(struct flate *f)
{
    f->to_read_from = f->history + f->delivered;
    f->to_read = f->written - f->delivered;
    f->delivered = f->written;
    if (f->written == FLATE_WINDOW) {
        f->written = f->delivered = 0;
        f->full = true;
    }
}

/* Copies from history until done or the window is full. */
static void copy_history(struct flate *f)
{
    while (f->copy_length > 0 && f->written < FLATE_WINDOW) {
        size_t from = (f->written - f->copy_distance) & (FLATE_WINDOW - 1);
        size_t n = FLATE_WINDOW - (from > f->written ? from : f->written);
        if (n > f->copy_length)
            n = f->copy_length;
        uint8_t *to = f->history + f->written;
        if (f->copy_distance == 1)
            memset(to, f->history[from], n);
        else if (f->copy_distance >= n)
            memmove(to, f->history + from, n);
        else
            for (size_t i = 0; i < n; i++)
                to[i] = f->history[from + i];
        f->written += n;
        f->copy_length -= n;
    }
}

/* ---- blocks ---- */

static void finish_block(struct flate *f)
{
    if (f->final) {
        if (f->written > f->delivered)
            flush(f);
        f->err = rt_eof;
    }
    f->step = FLATE_NEXT_BLOCK;
}

/* The code of code lengths. */
static bool read_code_lengths(struct flate *f, unsigned count)
{
    static const uint8_t order[CODE_LENGTHS] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13,
        2, 14, 1, 15 };
    unsigned lengths[CODE_LENGTHS] = { 0 };
    for (unsigned i = 0; i < count; i++) {
        if (!need(f, 3))
            return false;
        lengths[order[i]] = take(f, 3);
    }
    return huffman_init(f->h1, lengths, CODE_LENGTHS) || fail(f);
}

/* Code lengths of a block's two codes, with their repetitions. */
static bool read_lengths(struct flate *f, unsigned *lengths, size_t count)
{
    for (size_t i = 0; i < count;) {
        unsigned symbol;
        if (!read_symbol(f, f->h1, &symbol))
            return false;
        if (symbol < 16) {
            lengths[i++] = symbol;
            continue;
        }
        if (symbol == 16 && i == 0)
            return fail(f);
        unsigned extra = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
        unsigned value = symbol == 16 ? lengths[i - 1] : 0;
        if (!need(f, extra))
            return false;
        size_t repeat = (symbol == 18 ? 11 : 3) + take(f, extra);
        if (i + repeat > count)
            return fail(f);
        while (repeat-- > 0)
            lengths[i++] = value;
    }
    return true;
}

static bool read_dynamic_codes(struct flate *f)
{
    unsigned lengths[FLATE_MAX_LENGTHS];
    if (!f->h1) {
        f->h1 = rt_new(struct flate_huffman);
        f->h2 = rt_new(struct flate_huffman);
    }
    if (!need(f, 5 + 5 + 4))
        return false;
    unsigned literals = take(f, 5) + 257;
    if (literals > MAX_LITERALS)
        return fail(f);
    unsigned distances = take(f, 5) + 1;
    if (distances > MAX_DISTANCES)
        return fail(f);
    if (!read_code_lengths(f, take(f, 4) + 4) || !read_lengths(f, lengths, literals + distances))
        return false;
    if (!huffman_init(f->h1, lengths, literals) ||
            !huffman_init(f->h2, lengths + literals, distances))
        return fail(f);
    if (f->h1->min < lengths[END_OF_BLOCK])
        f->h1->min = lengths[END_OF_BLOCK];
    f->literals = f->h1;
    f->distances = f->h2;
    return true;
}

static bool read_length(struct flate *f, unsigned symbol)
{
    static const uint16_t base[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35,
        43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
    if (symbol >= MAX_LITERALS)
        return fail(f);
    unsigned index = symbol - 257;
    unsigned extra = index < 8 || index == 28 ? 0 : (index - 4) / 4;
    if (!need(f, extra))
        return false;
    f->copy_length = base[index] + take(f, extra);
    return true;
}

static bool read_distance(struct flate *f)
{
    unsigned code;
    if (!f->distances) {
        if (!need(f, 5))
            return false;
        code = reverse_bits(take(f, 5), 5);
    } else if (!read_symbol(f, f->distances, &code)) {
        return false;
    }
    if (code >= MAX_DISTANCES)
        return fail(f);
    f->copy_distance = code + 1;
    if (code >= 4) {
        unsigned extra = (code - 2) >> 1;
        if (!need(f, extra))
            return false;
        f->copy_distance = (1u << (extra + 1)) + 1 + ((code & 1) << extra | take(f, extra));
    }
    return f->copy_distance <= (f->full ? FLATE_WINDOW : f->written) || fail(f);
}

/* Decodes symbols until the window is full, the block ends or an error comes. */
static void huffman_block(struct flate *f)
{
    for (;;) {
        if (f->step == FLATE_HISTORY) {
            copy_history(f);
            if (f->written == FLATE_WINDOW) {
                flush(f);
                return;
            }
            f->step = FLATE_LITERALS;
        }
        unsigned symbol;
        if (!read_symbol(f, f->literals, &symbol))
            return;
        if (symbol == END_OF_BLOCK) {
            finish_block(f);
            return;
        }
        if (symbol > END_OF_BLOCK) {
            if (!read_length(f, symbol) || !read_distance(f))
                return;
            f->step = FLATE_HISTORY;
            continue;
        }
        f->history[f->written++] = (uint8_t)symbol;
        if (f->written == FLATE_WINDOW) {
            flush(f);
            return;
        }
    }
}

static void copy_stored(struct flate *f)
{
    size_t room = FLATE_WINDOW - f->written;
    size_t want = f->copy_length < room ? f->copy_length : room;
    size_t have = (size_t)(f->end - f->p);
    size_t count = want < have ? want : have;
    if (count > 0)
        memcpy(f->history + f->written, f->p, count);
    f->p += count;
    f->roffset += (int64_t)count;
    f->copy_length -= count;
    f->written += count;
    if (count < want)
        f->err = rt_err_unexpected_eof;
    else if (f->written == FLATE_WINDOW || f->copy_length > 0)
        flush(f);
    else
        finish_block(f);
}

static void stored_block(struct flate *f)
{
    f->bits = 0;
    f->bit_count = 0;
    size_t have = (size_t)(f->end - f->p);
    if (have < 4) {
        f->roffset += (int64_t)have;
        f->p = f->end;
        f->err = rt_err_unexpected_eof;
        return;
    }
    unsigned len = f->p[0] | (unsigned)f->p[1] << 8;
    unsigned complement = f->p[2] | (unsigned)f->p[3] << 8;
    f->p += 4;
    f->roffset += 4;
    if (complement != (~len & 0xffff)) {
        (void)fail(f);
    } else if (len == 0) {
        flush(f);
        finish_block(f);
    } else {
        f->copy_length = len;
        f->step = FLATE_STORED;
        copy_stored(f);
    }
}

static void next_block(struct flate *f)
{
    if (!need(f, 3))
        return;
    f->final = take(f, 1) != 0;
    switch (take(f, 2)) {
    case 0:
        stored_block(f);
        break;
    case 1:
        f->literals = &fixed_literals;
        f->distances = NULL;
        f->step = FLATE_LITERALS;
        huffman_block(f);
        break;
    case 2:
        if (!read_dynamic_codes(f))
            break;
        f->step = FLATE_LITERALS;
        huffman_block(f);
        break;
    default:
        (void)fail(f);
    }
}

/* ---- reading ---- */

void flate_reset(struct flate *f, const uint8_t *p, const uint8_t *end)
{
    struct flate fresh = { .p = p, .end = end, .h1 = f->h1, .h2 = f->h2, .history = f->history };
    if (!fresh.history)
        fresh.history = rt_alloc(FLATE_WINDOW);
    *f = fresh;
}

size_t flate_read(struct flate *f, uint8_t *out, size_t len, struct rt_error **err)
{
    *err = NULL;
    for (;;) {
        if (f->to_read > 0) {
            size_t n = f->to_read < len ? f->to_read : len;
            memcpy(out, f->to_read_from, n);
            f->to_read_from += n;
            f->to_read -= n;
            if (f->to_read == 0)
                *err = f->err;
            return n;
        }
        if (f->err) {
            *err = f->err;
            return 0;
        }
        switch (f->step) {
        case FLATE_NEXT_BLOCK:
            next_block(f);
            break;
        case FLATE_LITERALS:
        case FLATE_HISTORY:
            huffman_block(f);
            break;
        case FLATE_STORED:
            copy_stored(f);
            break;
        }
        if (f->err && f->to_read == 0)
            flush(f);
    }
}
