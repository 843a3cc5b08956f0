/* utf8.ValidString, quick for ASCII. */
#ifndef CCLAB_MODEL_WIRE_UTF8_H
#define CCLAB_MODEL_WIRE_UTF8_H

#include "model/rt/str.h"

static inline bool wire_utf8_valid(rt_str s)
{
    size_t i = 0;
    for (; s.len - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.data + i, sizeof eight);
        if (eight & 0x8080808080808080u)
            return rt_str_utf8_valid(rt_str_slice(s, i, s.len));
    }
    for (; i < s.len; i++)
        if (s.data[i] & 0x80)
            return rt_str_utf8_valid(rt_str_slice(s, i, s.len));
    return true;
}

#endif
