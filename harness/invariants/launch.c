/* launching, result, own, once: what the registry says about launches is true. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/chaincode/handler_registry.h"

#include "proto/chaincode_shim.pb-c.h"

/* ---- launching ---- */

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
        if (n->launches > 0 || !n->launching || n->launching->starting || n->handler)
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

/* ---- result ---- */

struct ready_entry {
    rt_str cname;
    const struct handler *handler;
    bool ready;
    uint64_t ended; /* the event's number; 0: alive */
    struct ready_entry *next;
};

struct open_launch {
    rt_str cname;
    uint32_t fiber;
    uint64_t began;
    struct open_launch *next;
};

struct result_state {
    struct rt_map *handlers;
    struct ready_entry *all;
    struct open_launch *launches;
    uint64_t events;
};

static void *result_begin(struct check *c)
{
    (void)c;
    struct result_state *s = rt_new(struct result_state);
    s->handlers = rt_map_new();
    return s;
}

static struct ready_entry *ready_entry(struct result_state *s, const struct handler *handler)
{
    struct ready_entry *entry = track_object(s->handlers, handler, sizeof(*entry));
    if (!entry->handler) {
        entry->handler = handler;
        entry->next = s->all;
        s->all = entry;
    }
    return entry;
}

static void launch_ended(struct result_state *s, struct check *c, const struct observed *e)
{
    uint64_t began = 0;
    for (struct open_launch **link = &s->launches; *link; link = &(*link)->next) {
        if ((*link)->fiber == check_self_id() && rt_str_eq((*link)->cname, e->cname)) {
            began = (*link)->began;
            *link = (*link)->next;
            break;
        }
    }
    if (e->err)
        return;
    for (const struct ready_entry *h = s->all; h; h = h->next)
        if (rt_str_eq(h->cname, e->cname) && h->ready && (h->ended == 0 || h->ended > began))
            return;
    check_fail(c, "result", RT_STR("RuntimeLauncher.Launch"),
            e->own ? RT_STR("launcher") : RT_STR("waiter"),
            "Launch of %S returned without error, but no handler of it was registered, ready and "
            "had a live stream since the call began",
            e->cname);
}

static void result_observe(void *self, struct check *c, const struct observed *e)
{
    struct result_state *s = self;
    s->events++;
    switch (e->kind) {
    case OBSERVED_LAUNCH_BEGIN: {
        struct open_launch *launch = rt_new(struct open_launch);
        *launch = (struct open_launch){ rt_str_dup(e->cname), check_self_id(), s->events,
            s->launches };
        s->launches = launch;
        break;
    }
    case OBSERVED_LAUNCH_END:
        launch_ended(s, c, e);
        break;
    case OBSERVED_HANDLER_ADDED:
        ready_entry(s, e->handler)->cname = rt_str_dup(e->cname);
        break;
    case OBSERVED_SENT:
        if (!e->err && e->msg->type == PROTOS__CHAINCODE_MESSAGE__TYPE__READY)
            ready_entry(s, e->handler)->ready = true;
        break;
    case OBSERVED_STREAM_END:
        ready_entry(s, e->handler)->ended = s->events;
        break;
    default:
        break;
    }
}

const struct invariant invariant_result = {
    .name = "result",
    .sentence = "a Launch without error means a registered, ready handler whose stream was alive "
                "during the call",
    .begin = result_begin,
    .observe = result_observe,
};

/* ---- own ---- */

struct own_state {
    struct rt_map *launchers; /* uint32_t: the goroutine that added the launch state */
};

static void *own_begin(struct check *c)
{
    (void)c;
    struct own_state *s = rt_new(struct own_state);
    s->launchers = rt_map_new();
    return s;
}

static void own_observe(void *self, struct check *c, const struct observed *e)
{
    struct own_state *s = self;
    if (e->kind == OBSERVED_LAUNCHING_ADDED) {
        *(uint32_t *)track_object(s->launchers, e->state, sizeof(uint32_t)) = check_self_id();
    } else if (e->kind == OBSERVED_HANDLER_REMOVED && !e->own) {
        check_fail(c, "own", RT_STR("handlers"), check_who_now(c),
                "the handler of %S was removed from the registry by somebody else than its own "
                "stream",
                e->cname);
    } else if (e->kind == OBSERVED_LAUNCHING_REMOVED && !e->own) {
        const uint32_t *launcher = track_find(s->launchers, e->state);
        if (launcher && *launcher != check_self_id())
            check_fail(c, "own", RT_STR("launching"), check_who_now(c),
                    "the launch of %S was removed from the registry by somebody else than the "
                    "goroutine that launches it",
                    e->cname);
    }
}

const struct invariant invariant_own = {
    .name = "own",
    .sentence = "only the handler or launch that made a registry entry removes it",
    .begin = own_begin,
    .observe = own_observe,
};

/* ---- once ---- */

struct once_entry {
    const struct launch_state *state;
    struct rt_error *err; /* of the first Notify */
    bool reported;
    struct once_entry *next;
};

struct once_state {
    struct rt_map *states;
    struct once_entry *all;
};

static void *once_begin(struct check *c)
{
    (void)c;
    struct once_state *s = rt_new(struct once_state);
    s->states = rt_map_new();
    return s;
}

static void once_observe(void *self, struct check *c, const struct observed *e)
{
    struct once_state *s = self;
    (void)c;
    if (e->kind != OBSERVED_LAUNCH_NOTIFIED || track_find(s->states, e->state))
        return;
    struct once_entry *entry = track_object(s->states, e->state, sizeof(*entry));
    *entry = (struct once_entry){ e->state, e->err, false, s->all };
    s->all = entry;
}

static void once_step(void *self, struct check *c)
{
    struct once_state *s = self;
    for (struct once_entry *entry = s->all; entry; entry = entry->next) {
        if (entry->state->err == entry->err || entry->reported)
            continue;
        entry->reported = true;
        check_fail(c, "once", RT_STR("LaunchState"), check_who_now(c),
                "a launch was done with the error %v, and later its error became %v", entry->err,
                entry->state->err);
    }
}

const struct invariant invariant_once = {
    .name = "once",
    .sentence = "a LaunchState becomes done once, and its error never changes afterwards",
    .begin = once_begin,
    .observe = once_observe,
    .step = once_step,
};
