/* key: no two chaincodes share what is named after them. */
#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "harness/invariants/track.h"
#include "model/ccprovider/ccprovider.h"
#include "model/lscc/names.h"

/* A (name, version) pair that was accepted at some time. */
struct key_pair {
    rt_str name;
    rt_str version;
};

struct key_state {
    struct rt_map *owners; /* struct key_pair, by kind of key and key */
};

static void *key_begin(struct check *c)
{
    (void)c;
    struct key_state *s = rt_new(struct key_state);
    s->owners = rt_map_new();
    return s;
}

static void key_check(
        const struct key_state *s, struct check *c, const char *what, rt_str key, struct key_pair p)
{
    struct key_pair *owner = track_name(s->owners, rt_sprintf("%s/%S", what, key), sizeof(*owner));
    if (!owner->name.data)
        *owner = (struct key_pair){ rt_str_dup(p.name), rt_str_dup(p.version) };
    else if (!rt_str_eq(owner->name, p.name) || !rt_str_eq(owner->version, p.version))
        check_fail(c, "key", rt_str_from(what), RT_STR("names"),
                "chaincode %S of version %S and chaincode %S of version %S share the %s %S",
                owner->name, owner->version, p.name, p.version, what, key);
}

/* Compares all that is named after the pair with what earlier ones have; lscc would refuse others
 * than these. */
static void key_accepted(const struct key_state *s, struct check *c, rt_str name, rt_str version)
{
    if (!c->settings || c->first_fiber == 0 || chaincode_is_system(c, name) ||
            lscc_is_valid_chaincode_name(name) || lscc_is_valid_chaincode_version(version))
        return;
    struct key_pair p = { name, version };
    struct ccid ccid = chaincode_ccid(c, name, version);
    rt_str network = c->settings->network_id, peer = c->settings->id, image;
    key_check(s, c, "registry key",
            cc_context_get_canonical_name(&(const struct cc_context){ name, version }), p);
    key_check(s, c, "lock", ccid_get_name(ccid), p);
    key_check(s, c, "container name", docker_vm_get_vm_name(network, peer, ccid), p);
    if (!docker_vm_get_vm_name_for_docker(network, peer, ccid, &image))
        key_check(s, c, "image name", image, p);
}

static void key_observe(void *self, struct check *c, const struct observed *e)
{
    if (e->kind == OBSERVED_LAUNCH_BEGIN || e->kind == OBSERVED_RUNTIME_START ||
            e->kind == OBSERVED_HANDLER_ADDED)
        key_accepted(self, c, track_cc_name(e->cname), track_cc_version(e->cname));
}

static void key_returned(void *self, struct check *c, const struct check_call *call)
{
    if (chaincode_accepted(call))
        key_accepted(self, c, call->chaincode, call->version);
}

const struct invariant invariant_key = {
    .name = "key",
    .needs_world = true,
    .sentence =
            "distinct names and versions have distinct registry keys, locks, containers and images",
    .begin = key_begin,
    .observe = key_observe,
    .call_returned = key_returned,
};
