/* Follows isPrintable of core/common/ccprovider/ccprovider.go. */
#include "model/ccprovider/package.h"

bool ccprovider_is_printable(rt_str name)
{
    for (size_t at = 0; at < name.len;) {
        uint32_t rune;
        at += rt_utf8_decode(rt_str_slice(name, at, name.len), &rune);
        if (!rt_rune_printable(rune))
            return false;
    }
    return true;
}
