/* Follows vendor/github.com/golang/protobuf/proto/table_unmarshal.go: decodeVarint, skipField,
 * findEndGroup. */
#include "model/wire/skip.h"

#include "model/wire/tables.h"
#include "model/wire/varint.h"
#include "model/wire/wire.h"

bool wire_varint_long(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
    uint64_t x = 0;
    const uint8_t *at = *p;
    for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
        uint8_t byte = *at++;
        if (shift == 63 && byte > 1)
            return false;
        x |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = x;
            *p = at;
            return true;
        }
    }
    return false;
}

static bool skip_bytes(const uint8_t **p, const uint8_t *end, uint64_t count)
{
    if ((uint64_t)(end - *p) < count)
        return false;
    *p += count;
    return true;
}

static bool skip_simple(const uint8_t **p, const uint8_t *end, unsigned wire)
{
    uint64_t x;
    switch (wire) {
    case WIRE_VARINT:
        return wire_varint_get(p, end, &x);
    case WIRE_FIXED64:
        return skip_bytes(p, end, 8);
    case WIRE_LENGTH:
        return wire_varint_get(p, end, &x) && skip_bytes(p, end, x);
    case WIRE_FIXED32:
        return skip_bytes(p, end, 4);
    default:
        return false;
    }
}

/* Counts depth only: the numbers of groups are not compared. */
static bool skip_group(const uint8_t **p, const uint8_t *end)
{
    for (size_t depth = 1; depth > 0;) {
        uint64_t tag;
        if (!wire_varint_get(p, end, &tag))
            return false;
        unsigned wire = tag & 7;
        if (wire == WIRE_GROUP)
            depth++;
        else if (wire == WIRE_GROUP_END)
            depth--;
        else if (!skip_simple(p, end, wire))
            return false;
    }
    return true;
}

struct rt_error *wire_skip_field(const uint8_t **p, const uint8_t *end, unsigned wire)
{
    bool ok;
    switch (wire) {
    case WIRE_VARINT:
    case WIRE_FIXED64:
    case WIRE_LENGTH:
    case WIRE_FIXED32:
        ok = skip_simple(p, end, wire);
        break;
    case WIRE_GROUP:
        ok = skip_group(p, end);
        break;
    default:
        return rt_errorf("proto: can't skip unknown wire type %u", wire);
    }
    return ok ? NULL : rt_err_unexpected_eof;
}
