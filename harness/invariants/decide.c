/* decide: a launch is decided by those that it is about: who launches, its container, the stream
 * that has registered for it. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"

/* What a goroutine works for; either may be NULL. */
struct worker {
    uint32_t fiber;
    const struct handler *handler;    /* whose stream it serves */
    const struct launch_state *state; /* of the launch that it makes, or whose container it runs */
    struct worker *next;
};

struct decide_state {
    struct worker *workers;
    struct rt_map *registered; /* struct launch_state *: by handler, what it has registered for */
    struct rt_map *names;      /* rt_str: by launch, what is launched */
};

static void *decide_begin(struct check *c)
{
    (void)c;
    struct decide_state *s = rt_new(struct decide_state);
    s->registered = rt_map_new();
    s->names = rt_map_new();
    return s;
}

/* The running goroutine's record. */
static struct worker *worker(struct decide_state *s)
{
    uint32_t fiber = check_self_id();
    struct worker *w = s->workers;
    while (w && w->fiber != fiber)
        w = w->next;
    if (w)
        return w;
    w = rt_new(struct worker);
    *w = (struct worker){ .fiber = fiber, .next = s->workers };
    s->workers = w;
    return w;
}

static void decided(struct decide_state *s, struct check *c, const struct observed *e)
{
    const rt_str *name = track_find(s->names, e->state);
    if (!name)
        return; /* made for a handler that is there: nobody waits for it to be decided */
    const struct worker *w = worker(s);
    const struct launch_state **of_stream =
            w->handler ? track_find(s->registered, w->handler) : NULL;
    bool by_stream = of_stream && *of_stream == e->state;
    if (by_stream || w->state == e->state)
        return;
    check_fail(c, "decide", e->err ? RT_STR("LaunchState failed") : RT_STR("LaunchState ready"),
            check_who_now(c),
            "the launch of %S was decided by %s that has nothing to do with it: %s%v", *name,
            w->handler ? "a stream" : "a launch", e->err ? "" : "ready", e->err);
}

static void decide_observe(void *self, struct check *c, const struct observed *e)
{
    struct decide_state *s = self;
    switch (e->kind) {
    case OBSERVED_STREAM_BEGIN:
        worker(s)->handler = e->handler;
        break;
    case OBSERVED_LAUNCHING_ADDED:
        *(rt_str *)track_object(s->names, e->state, sizeof(rt_str)) = rt_str_dup(e->cname);
        worker(s)->state = e->state;
        break;
    case OBSERVED_RUNTIME_START:
        worker(s)->state = e->state;
        break;
    case OBSERVED_HANDLER_ADDED:
        *(const struct launch_state **)track_object(
                s->registered, e->handler, sizeof(struct launch_state *)) = e->state;
        break;
    case OBSERVED_LAUNCH_NOTIFIED:
        if (e->own)
            decided(s, c, e);
        break;
    default:
        break;
    }
}

const struct invariant invariant_decide = {
    .name = "decide",
    .sentence = "a launch is decided by its own launcher, its container or the stream that has "
                "registered for it",
    .begin = decide_begin,
    .observe = decide_observe,
};
