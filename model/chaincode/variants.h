/* Variants of chaincode support: old bugs brought back, and fixes for what 1.4.2 gets wrong.
 *
 * A variant is one bit of a peer's configuration. Without any bit the model is Fabric 1.4.2.
 * Model code asks `variant_on(set, VARIANT_X)` at the place where the old, or the repaired, code
 * differs.
 */
#ifndef CCLAB_MODEL_CHAINCODE_VARIANTS_H
#define CCLAB_MODEL_CHAINCODE_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(enum suffix, id, Fabric issue, sentence). Bugs first, then fixes; ids are stable. */
#define VARIANTS_BUGS(X)                                                                           \
    X(HALF_STARTED_IS_RUNNING, "a01-half-started-is-running", "FAB-1475",                          \
            "a launch that finds another one in progress returns at once as if it had succeeded")  \
    X(READY_OVERTAKEN, "a02-ready-overtaken", "FAB-2203",                                          \
            "READY is sent by its own goroutine, so an INIT or TRANSACTION can be sent before it")

#define VARIANTS_FIXES(X)                                                                          \
    X(FIX_SEND_ERROR_LEAK, "fix-send-error-leak", "",                                              \
            "a failed send does not block forever when the stream's handler has already ended")

enum variant {
#define VARIANT_ENUM(name, id, issue, sentence) VARIANT_##name,
    VARIANTS_BUGS(VARIANT_ENUM) VARIANTS_FIXES(VARIANT_ENUM)
#undef VARIANT_ENUM
            VARIANT_COUNT
};

static inline bool variant_on(uint64_t set, enum variant v)
{
    return (set >> (unsigned)v) & 1;
}

struct variant_info {
    const char *id;
    const char *issue; /* "" for a fix that has no number */
    const char *sentence;
    bool fix;
};
const struct variant_info *variant_describe(enum variant v);
/* The variant with this id; false if there is none. */
bool variant_find(const char *id, enum variant *v);

#endif
