/* Varints as golang/protobuf reads and writes them. */
#ifndef CCLAB_MODEL_WIRE_VARINT_H
#define CCLAB_MODEL_WIRE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_VARINT_MAX = 10 };

/* Reads a varint that takes more than one byte, or none at all. */
bool wire_varint_long(const uint8_t **p, const uint8_t *end, uint64_t *value);

/* decodeVarint: up to ten bytes, the tenth 0 or 1; *p moves behind it. False: unexpected EOF. */
static inline bool wire_varint_get(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
    if (*p < end && **p < 0x80) {
        *value = *(*p)++;
        return true;
    }
    return wire_varint_long(p, end, value);
}

static inline size_t wire_varint_size(uint64_t value)
{
    return (63 - (size_t)__builtin_clzll(value | 1)) / 7 + 1;
}

/* Writes wire_varint_size(value) bytes and returns the place behind them. */
static inline uint8_t *wire_varint_put(uint8_t *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *out++ = (uint8_t)(value | 0x80);
    *out++ = (uint8_t)value;
    return out;
}

#endif
