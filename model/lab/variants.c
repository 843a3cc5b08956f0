/* Variants by number and by id. */
#include "model/lab/variants.h"

#include <string.h>

static const struct variant_info infos[] = {
#define VARIANT_BUG(name, id, issue, sentence) { id, issue, sentence, false },
#define VARIANT_FIX(name, id, issue, sentence) { id, issue, sentence, true },
    VARIANTS_BUGS(VARIANT_BUG) VARIANTS_FIXES(VARIANT_FIX)
};

_Static_assert(VARIANT_COUNT <= 64, "a set of variants is 64 bits");

const struct variant_info *variant_describe(enum variant v)
{
    return &infos[v];
}

bool variant_find(const char *id, enum variant *v)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        if (strcmp(infos[i].id, id) == 0) {
            *v = (enum variant)i;
            return true;
        }
    }
    return false;
}
