/* System chaincodes that do not do as they should. */
#include "mocks/chaincode/system.h"

#include "mocks/fault/when.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

#include "proto/proposal_response.pb-c.h"

struct system_chaincodes {
    struct system_plan plan;
    uint32_t *seen; /* occurrences of each */
};

struct wrapped {
    struct chaincode chaincode; /* first */
    struct system_chaincodes *all;
    const struct chaincode *real;
    rt_str name;
};

rt_str system_fault_check(const struct system_fault *f)
{
    bool answers = f->at != SYSTEM_POINT_START;
    if (answers && f->kind == SYSTEM_FAULT_END)
        return RT_STR("a system chaincode can \"end\" at its \"start\" only");
    if (!answers && f->kind == SYSTEM_FAULT_ERROR)
        return RT_STR("there is nothing to answer at the \"start\"; \"end\" says how it fails");
    if (!answers && f->channel.data)
        return RT_STR("a system chaincode starts once, for all channels");
    bool speaks = f->kind == SYSTEM_FAULT_ERROR || f->kind == SYSTEM_FAULT_PANIC ||
                  f->kind == SYSTEM_FAULT_END;
    if (f->message.data && !speaks)
        return RT_STR("\"message\" is what an error, a panic or an end says");
    return RT_NIL;
}

/* ---- whether something happens now ---- */

static const struct system_fault *strikes(struct system_chaincodes *all, rt_str name,
        enum system_point at, const struct chaincode_stub *stub)
{
    for (size_t i = 0; i < all->plan.count; i++) {
        const struct system_fault *f = &all->plan.faults[i];
        if (f->at != at || !rt_str_eq(f->chaincode, name) ||
                (f->channel.data &&
                        (!stub || !rt_str_eq(f->channel, stub->get_channel_id(stub->self)))))
            continue;
        const struct fault_when when = { .first = f->first, .count = f->count, .maybe = f->maybe };
        if (fault_strikes(&when, &all->seen[i], &all->plan.hits[i], "a system chaincode fails"))
            return f;
    }
    return NULL;
}

static void hang(const struct system_fault *f)
{
    if (f->ms < 0) {
        rt_daemon();
        rt_recv(rt_chan_make(0, "for ever"), NULL);
    }
    rt_sleep_ns(f->ms * RT_MS);
}

static rt_str message_of(const struct system_fault *f)
{
    return f->message.data ? f->message : RT_STR("it was told to fail");
}

/* ---- the chaincode ---- */

static Protos__Response call(struct wrapped *w, enum system_point at,
        const struct chaincode_stub *stub,
        Protos__Response (*real)(void *self, const struct chaincode_stub *stub))
{
    const struct system_fault *f = strikes(w->all, w->name, at, stub);
    if (f && f->kind == SYSTEM_FAULT_PANIC)
        rt_panicf("%S", message_of(f));
    if (f && f->kind == SYSTEM_FAULT_ERROR)
        return shim_error(message_of(f));
    if (f)
        hang(f);
    return real(w->real->self, stub);
}

static Protos__Response init(void *self, const struct chaincode_stub *stub)
{
    struct wrapped *w = self;
    return call(w, SYSTEM_POINT_INIT, stub, w->real->init);
}

static Protos__Response invoke(void *self, const struct chaincode_stub *stub)
{
    struct wrapped *w = self;
    return call(w, SYSTEM_POINT_INVOKE, stub, w->real->invoke);
}

struct system_chaincodes *system_chaincodes_new(struct system_plan plan)
{
    struct system_chaincodes *all = rt_new(struct system_chaincodes);
    all->plan = plan;
    all->seen = rt_new_array(uint32_t, plan.count + 1);
    return all;
}

const struct chaincode *system_chaincode_wrap(void *self, rt_str name, const struct chaincode *real)
{
    struct wrapped *w = rt_new(struct wrapped);
    *w = (struct wrapped){ { w, init, invoke }, self, real, name };
    return &w->chaincode;
}

struct rt_error *system_chaincode_start(void *self, const struct chaincode *cc)
{
    const struct wrapped *w = (const struct wrapped *)cc;
    const struct system_fault *f = strikes(self, w->name, SYSTEM_POINT_START, NULL);
    if (!f)
        return NULL;
    if (f->kind == SYSTEM_FAULT_PANIC)
        rt_panicf("%S", message_of(f));
    if (f->kind == SYSTEM_FAULT_END)
        return rt_error_new(message_of(f));
    hang(f);
    return NULL;
}
