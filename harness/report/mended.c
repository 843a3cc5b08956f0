/* Which known findings are gone with the variants that are on. */
#include "harness/report/mended.h"

#include <stdlib.h>

#include "model/lab/variants.h"

static bool is_on(const struct known_finding *k, uint64_t variants)
{
    for (int v = 0; v < VARIANT_COUNT; v++)
        if (variant_on(variants, (enum variant)v) &&
                rt_str_is(k->fix, variant_describe((enum variant)v)->id))
            return true;
    return false;
}

bool mended_finding(const struct baseline *b, uint64_t variants, const char *id)
{
    const struct known_finding *k = baseline_find(b, id);
    return k && is_on(k, variants);
}

bool mended_ids(const struct baseline *b, uint64_t variants, rt_str prefix)
{
    for (size_t i = 0; b && i < b->known.count; i++) {
        const struct known_finding *k = (const struct known_finding *)b->known.items + i;
        for (size_t n = 0; n < k->ids.count && is_on(k, variants); n++)
            if (rt_str_has_prefix(((const rt_str *)k->ids.items)[n], prefix))
                return true;
    }
    return false;
}

bool mended_plain(const struct baseline *b, uint64_t variants, const struct scenario *s)
{
    struct lab_options options = { 0 };
    struct run_result result;
    struct lab *lab = b && variants ? lab_new(s, &options) : NULL;
    if (!lab)
        return false;
    struct subject subject = lab_subject(lab);
    subject.run(subject.self, NULL, NULL, &result);
    bool mended = result.findings.count > 0;
    for (size_t i = 0; i < result.findings.count; i++) {
        char *id = rt_cstr_malloc(result.findings.items[i].id);
        mended = mended && mended_finding(b, variants, id);
        free(id);
    }
    lab_free(lab);
    return mended;
}
