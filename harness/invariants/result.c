/* result: a launch that has succeeded had a handler that was ready. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

#include "proto/chaincode_shim.pb-c.h"

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
