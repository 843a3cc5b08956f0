/* Follows core/container/ccintf/ccintf.go. */
#include "model/container/ccintf.h"

rt_str ccid_get_name(struct ccid ccid)
{
    if (ccid.version.len == 0)
        return ccid.name;
    return rt_sprintf("%S%s%S", ccid.name, ccid.distinct ? ":" : "-", ccid.version);
}
