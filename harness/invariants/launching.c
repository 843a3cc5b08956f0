/* launching: the registry keeps no launch that is over. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/chaincode/handler_registry.h"

struct name_entry {
    rt_str cname;
    uint32_t launches;                    /* in progress */
    const struct launch_state *launching; /* launching[cname], or NULL */
    bool handler;                         /* handlers[cname] exists */
    struct name_entry *next;
};

struct launching_state {
    struct rt_map *names;
    struct rt_map *decided; /* rt_str, who said how a launch ended, by launch state */
    struct name_entry *all;
    bool changed;
};

static void *launching_begin(struct check *c)
{
    (void)c;
    struct launching_state *s = rt_new(struct launching_state);
    s->names = rt_map_new();
    s->decided = rt_map_new();
    return s;
}

static struct name_entry *name_entry(struct launching_state *s, rt_str cname)
{
    struct name_entry *entry = track_name(s->names, cname, sizeof(*entry));
    if (!entry->cname.data) {
        entry->cname = rt_str_dup(cname);
        entry->next = s->all;
        s->all = entry;
    }
    return entry;
}

static void launching_observe(void *self, struct check *c, const struct observed *e)
{
    struct launching_state *s = self;
    rt_str *who;
    switch (e->kind) {
    case OBSERVED_LAUNCH_NOTIFIED:
        who = track_object(s->decided, e->state, sizeof(*who));
        if (!who->data)
            *who = check_who_now(c);
        return;
    case OBSERVED_LAUNCH_BEGIN:
        name_entry(s, e->cname)->launches++;
        break;
    case OBSERVED_LAUNCH_END:
        name_entry(s, e->cname)->launches--;
        break;
    case OBSERVED_LAUNCHING_ADDED:
    case OBSERVED_LAUNCHING_REMOVED:
        name_entry(s, e->cname)->launching = e->kind == OBSERVED_LAUNCHING_ADDED ? e->state : NULL;
        break;
    case OBSERVED_HANDLER_ADDED:
    case OBSERVED_HANDLER_REMOVED:
        name_entry(s, e->cname)->handler = e->kind == OBSERVED_HANDLER_ADDED;
        break;
    case OBSERVED_RUNTIME_STARTED:
        break;
    default:
        return;
    }
    s->changed = true;
}

static void launching_step(void *self, struct check *c)
{
    struct launching_state *s = self;
    if (!s->changed)
        return;
    s->changed = false;
    for (const struct name_entry *n = s->all; n; n = n->next) {
        if (n->launches > 0 || !n->launching || n->launching->starting || n->launching->stopping ||
                n->handler)
            continue;
        const rt_str *who = track_find(s->decided, n->launching);
        check_fail(c, "launching", RT_STR("HandlerRegistry"), who ? *who : RT_STR("nobody"),
                "no launch of %S is in progress, launching[%S] exists, handlers[%S] does not: "
                "later launches will %s",
                n->cname, n->cname, n->cname,
                who ? "take it for done" : "wait for one that nobody makes");
    }
}

const struct invariant invariant_launching = {
    .name = "launching",
    .sentence = "when no launch of a chaincode is in progress, launching has it only if handlers "
                "has it",
    .begin = launching_begin,
    .observe = launching_observe,
    .step = launching_step,
};
