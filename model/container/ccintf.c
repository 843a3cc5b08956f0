/* Follows core/container/ccintf/ccintf.go. */
#include "model/container/ccintf.h"

rt_str ccid_get_name(struct ccid ccid)
{
    if (ccid.version.len == 0)
        return ccid.name;
    if (ccid.distinct) /* the variant FIX_NAMES_DISTINCT, see container_runtime.c */
        return rt_sprintf("%S:%S", ccid.name, ccid.version);
    return rt_sprintf("%S-%S", ccid.name, ccid.version);
}
