/* A finding in result files. */
#include "harness/report/found.h"

#include <stdlib.h>

#include "harness/scenario/save.h"

char *found_save(const struct found *f, const struct scenario *s, const struct lab_options *options,
        const char *found_by, const char *folder)
{
    struct replay replay;
    replay_of_finding(&replay, s, options, f, found_by);
    char *path = replay_save(&replay, s, folder);
    replay_free(&replay);
    return path;
}

void found_describe(struct found *f, const struct baseline *baseline, const struct scenario *s)
{
    const struct known_finding *known = baseline_find(baseline, f->id);
    free(f->known_as);
    free(f->replay);
    f->replay = NULL;
    f->known = known != NULL;
    f->known_as = known ? rt_cstr_malloc(known->sentence) : NULL;
    f->expected = scenario_allows(s, f->id);
}
