/* The checking of one run: every invariant hears of what happens, and tells what it finds. */
#include "harness/invariants/check.h"

#include <stdarg.h>
#include <string.h>

#include "harness/invariants/all.h"
#include "harness/invariants/chaincodes.h"
#include "harness/invariants/track.h"
#include "model/rt/reach.h"

/* Calls this member of every invariant that is checked and has it. */
#define TELL(c, member, ...)                                                                       \
    do {                                                                                           \
        for (size_t i = 0; invariants[i]; i++)                                                     \
            if (invariants[i]->member && !((c)->skip >> i & 1))                                    \
                invariants[i]->member((c)->states[i], (c), ##__VA_ARGS__);                         \
    } while (0)

/* Invariants are told aside: what they know, no goroutine that tells them does. */
struct telling {
    struct check *c;
    const struct observed *event;
    const struct check_call *call;
};

static void tell_event(void *arg)
{
    const struct telling *t = arg;
    TELL(t->c, observe, t->event);
}

static void observe(void *self, const struct observed *event)
{
    rt_aside(tell_event, &(struct telling){ .c = self, .event = event });
}

/* All of them: what is not checked may be said later. */
static void begin_all(void *arg)
{
    struct check *c = arg;
    for (size_t i = 0; invariants[i]; i++)
        c->states[i] = invariants[i]->begin ? invariants[i]->begin(c) : NULL;
}

void check_begin(struct check *c, struct rt *rt)
{
    c->rt = rt;
    c->findings.count = 0;
    c->call_count = 0;
    c->calls = NULL;
    c->call_cap = 0;
    c->first_fiber = 0;
    c->peers = 0;
    c->observer = (struct observer){ c, observe };
    rt_aside(begin_all, c);
}

void check_restart(struct check *c)
{
    c->first_fiber = 0;
    c->call_count = 0;
    c->peers++;
    rt_aside(begin_all, c);
}

void check_step(struct check *c)
{
    TELL(c, step);
}

void check_lull(struct check *c)
{
    TELL(c, lull);
}

void check_idle(struct check *c)
{
    TELL(c, idle);
}

void check_end(struct check *c)
{
    TELL(c, end);
}

void check_call_add(struct check *c, struct check_call *call)
{
    rt_reserve(c->calls, c->call_cap, c->call_count + 1);
    c->calls[c->call_count++] = call;
    call->peer = c->peers;
}

static void tell_returned(void *arg)
{
    const struct telling *t = arg;
    TELL(t->c, call_returned, t->call);
}

void check_call_returned(struct check *c, struct check_call *call)
{
    call->returned = true;
    rt_aside(tell_returned, &(struct telling){ .c = c, .call = call });
}

static void tell_elsewhere(void *arg)
{
    const struct telling *t = arg;
    for (size_t i = 0; invariants[i]; i++)
        if (invariants[i] == &invariant_answer && !(t->c->skip >> i & 1))
            invariants[i]->call_returned(t->c->states[i], t->c, t->call);
}

void check_call_elsewhere(struct check *c, struct check_call *call)
{
    call->returned = true;
    rt_aside(tell_elsewhere, &(struct telling){ .c = c, .call = call });
}

static rt_str container_name(const struct check *c, const struct world_peer *settings, rt_str cname)
{
    return docker_vm_get_vm_name(settings->network_id, settings->id,
            chaincode_ccid(c, track_cc_name(cname), track_cc_version(cname)));
}

bool check_shares(const struct check *c, rt_str cname)
{
    for (size_t i = 0; i < c->other_count; i++)
        if (rt_str_eq(container_name(c, c->settings, cname),
                    container_name(c, c->others[i].settings, cname)))
            return true;
    return false;
}

bool check_is_own(const struct check *c, rt_str container, rt_str cname)
{
    return c->other_count == 0 ||
           (rt_str_eq(container, container_name(c, c->settings, cname)) && !check_shares(c, cname));
}

void check_fail(struct check *c, const char *invariant, rt_str place, rt_str goroutines,
        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    findings_add_v(&c->findings, c->rt, invariant, place, goroutines, format, args);
    va_end(args);
}

rt_str check_who(const struct check *c, const struct rt_fiber *fiber)
{
    return finding_goroutine(fiber, c->peer);
}

bool check_is_work(const struct check *c, const struct rt_fiber *fiber)
{
    return c->first_fiber > 0 && rt_fiber_proc(fiber) == c->peer && !rt_fiber_is_daemon(fiber) &&
           rt_fiber_id(fiber) >= c->first_fiber;
}

struct rt_fiber *check_fiber(const struct check *c, uint32_t id)
{
    uint32_t count;
    struct rt_fiber *const *fibers = rt_fibers(c->rt, &count);
    for (uint32_t i = 0; i < count; i++)
        if (rt_fiber_id(fibers[i]) == id)
            return fibers[i];
    return NULL;
}

rt_str check_who_now(const struct check *c)
{
    return check_who(c, rt_self());
}

uint32_t check_self_id(void)
{
    return rt_self() ? rt_fiber_id(rt_self()) : 0;
}

bool check_peer_lives(const struct check *c)
{
    return !c->peer || rt_proc_alive(c->peer);
}

const struct invariant *invariant_find(const char *name)
{
    for (size_t i = 0; invariants[i]; i++)
        if (strcmp(invariants[i]->name, name) == 0)
            return invariants[i];
    return NULL;
}
