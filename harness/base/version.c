/* The version, with the digest of the code that results depend on. */
#include "harness/base/version.h"

#include "source_id.h"

const char *version_text(void)
{
    return CCLAB_VERSION "+" CCLAB_SOURCE_ID;
}
