/* Which keys and variables there are. Internal to core. */
#ifndef CCLAB_HARNESS_CORE_CHECK_H
#define CCLAB_HARNESS_CORE_CHECK_H

#include "harness/core/core.h"

/* Where a node stands, in the file or in the document. */
struct diag_place core_place(const struct core_source *from, const struct json_node *node);

/* Looks at all that is given: a key or variable that nobody knows is a mistake where a person wrote
 * it for cclab, and worth a line in a core.yaml. */
bool core_check(const struct core_source *from);

#endif
