/* solicited: nobody registers uninvited. */
#include "harness/invariants/all.h"

static void solicited_observe(void *self, struct check *c, const struct observed *e)
{
    (void)self;
    if (e->kind == OBSERVED_HANDLER_ADDED && !e->state && c->settings && !c->settings->dev_mode)
        check_fail(c, "solicited", RT_STR("HandlerRegistry.Register"), check_who_now(c),
                "%S registered, though nobody launches it and the peer is not in dev mode",
                e->cname);
}

const struct invariant invariant_solicited = {
    .name = "solicited",
    .needs_world = true,
    .sentence = "outside dev mode only chaincodes that are being launched register",
    .observe = solicited_observe,
};
