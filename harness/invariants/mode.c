/* mode: what a peer's mode leaves to others, the peer does not do. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "harness/invariants/track.h"

static void observe(void *self, struct check *c, const struct observed *e)
{
    (void)self;
    if (e->kind == OBSERVED_RUNTIME_START && c->settings && c->settings->dev_mode &&
            c->first_fiber > 0 && !chaincode_is_system(c, track_cc_name(e->cname)))
        check_fail(c, "mode", RT_STR("Runtime.Start in dev mode"), check_who_now(c),
                "the peer starts a container of %S, though in dev mode chaincodes are run by hand",
                e->cname);
}

const struct invariant invariant_mode = {
    .name = "mode",
    .sentence = "in dev mode, where chaincodes are run by hand, the peer starts no container",
    .observe = observe,
};
