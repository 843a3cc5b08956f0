/* Keys with parts, and the check that plain keys are none. Internal to model/shim. */
#ifndef CCLAB_MODEL_SHIM_COMPOSITE_KEY_H
#define CCLAB_MODEL_SHIM_COMPOSITE_KEY_H

#include "model/rt/error.h"

/* createRangeKeysForPartialCompositeKey. */
RT_MUST_USE struct rt_error *shim_range_keys_for_partial_composite_key(rt_str object_type,
        const rt_str *attributes, size_t count, rt_str *start_key, rt_str *end_key);
/* validateSimpleKeys, for one key. */
RT_MUST_USE struct rt_error *shim_validate_simple_key(rt_str key);

#endif
