/* live: Launch, Execute and ProcessStream return within their configured bounds, and so does every
 * call to the peer. */
#include "harness/invariants/all.h"
#include "harness/invariants/track.h"
#include "model/rt/clock.h"

/* What the bound does not cover: the engine's latencies, stopping a container. */
#define GRACE_NS (60 * RT_SECOND)

enum work_kind { LAUNCH, EXECUTE };

/* A Launch or Execute in progress. */
struct work {
    enum work_kind kind;
    uint32_t fiber;
    rt_str what;
    int64_t until_ns;
    bool done;
    struct work *next;
};

struct stream {
    bool work; /* not one of a system chaincode */
    bool ended;
    uint32_t fiber;
};

struct state {
    struct work *works;
    struct rt_map *streams; /* struct stream by handler */
    int64_t next_ns;        /* the earliest bound of all works */
};

static void *begin(struct check *c)
{
    (void)c;
    struct state *s = rt_new(struct state);
    s->streams = rt_map_new();
    s->next_ns = INT64_MAX;
    return s;
}

static void add(struct state *s, struct check *c, enum work_kind kind, rt_str what)
{
    struct work *w = rt_new(struct work);
    int64_t bound = !c->settings     ? 0
                    : kind == LAUNCH ? c->settings->startup_timeout_ms
                                     : c->settings->execute_timeout_ms;
    *w = (struct work){ kind, check_self_id(), what, rt_now_ns() + bound * RT_MS + GRACE_NS, false,
        s->works };
    s->works = w;
    if (w->until_ns < s->next_ns)
        s->next_ns = w->until_ns;
}

/* Ends the innermost work of this kind of the running goroutine. */
static void end_work(struct state *s, enum work_kind kind)
{
    for (struct work **link = &s->works; *link; link = &(*link)->next) {
        if ((*link)->kind == kind && (*link)->fiber == check_self_id()) {
            *link = (*link)->next;
            return;
        }
    }
}

static void observe(void *self, struct check *c, const struct observed *e)
{
    struct state *s = self;
    switch (e->kind) {
    case OBSERVED_LAUNCH_BEGIN:
        add(s, c, LAUNCH, rt_sprintf("Launch of %S", e->cname));
        break;
    case OBSERVED_LAUNCH_END:
        end_work(s, LAUNCH);
        break;
    case OBSERVED_EXECUTE_BEGIN:
        add(s, c, EXECUTE, RT_STR("Handler.Execute"));
        break;
    case OBSERVED_EXECUTE_END:
        end_work(s, EXECUTE);
        break;
    case OBSERVED_STREAM_BEGIN: {
        struct stream *stream = track_object(s->streams, e->handler, sizeof(*stream));
        stream->work = c->first_fiber > 0;
        stream->fiber = check_self_id();
        break;
    }
    case OBSERVED_STREAM_END:
        ((struct stream *)track_object(s->streams, e->handler, sizeof(struct stream)))->ended =
                true;
        break;
    default:
        break;
    }
}

static void report(struct check *c, const struct work *w, const char *what)
{
    struct rt_fiber *fiber = check_fiber(c, w->fiber);
    check_fail(c, "live", finding_place(fiber), check_who(c, fiber), "%S %s: it stands at %S",
            w->what, what, finding_place(fiber));
}

static void step(void *self, struct check *c)
{
    struct state *s = self;
    if (!s->works || rt_now_ns() <= s->next_ns || !check_peer_lives(c))
        return;
    s->next_ns = INT64_MAX;
    for (struct work *w = s->works; w; w = w->next) {
        if (rt_now_ns() > w->until_ns && !w->done) {
            report(c, w, "has not returned within its bound");
            w->done = true;
        } else if (!w->done && w->until_ns < s->next_ns) {
            s->next_ns = w->until_ns;
        }
    }
}

static void idle(void *self, struct check *c)
{
    struct state *s = self;
    if (!check_peer_lives(c))
        return;
    for (struct work *w = s->works; w; w = w->next)
        report(c, w, "never returns, nothing can run any more");
    for (size_t i = 0; i < c->call_count && !s->works; i++)
        if (!c->calls[i]->returned)
            check_fail(c, "live", RT_STR("ProcessProposal"), RT_STR("ProcessProposal"),
                    "the call %S never returns, nothing can run any more", c->calls[i]->name);
}

static void end(void *self, struct check *c)
{
    struct state *s = self;
    if (!check_peer_lives(c))
        return;
    struct rt_map_entry *entries = rt_map_sorted(s->streams);
    for (size_t i = 0; i < rt_map_len(s->streams); i++) {
        const struct stream *stream = entries[i].value;
        struct rt_fiber *fiber = check_fiber(c, stream->fiber);
        if (stream->work && !stream->ended && fiber)
            check_fail(c, "live", finding_place(fiber), check_who(c, fiber),
                    "ProcessStream has not returned though its chaincode is gone: it stands at %S",
                    finding_place(fiber));
    }
}

const struct invariant invariant_live = {
    .name = "live",
    .sentence = "every Launch, Execute and ProcessStream returns within its configured bound",
    .begin = begin,
    .observe = observe,
    .step = step,
    .idle = idle,
    .end = end,
};
