/* Names of faults, which one strikes, and what it does to a request. */
#include "mocks/docker/fault_plan.h"
#include "mocks/docker/internal.h"
#include "model/rt/names.h"

const char *engine_op_name(enum engine_op op)
{
    static const char *const names[] = RT_NAMES(ENGINE_OPS);
    return rt_name(names, op);
}

const char *engine_fault_name(enum engine_fault_kind kind)
{
    static const char *const names[] = RT_NAMES(ENGINE_FAULTS);
    return rt_name(names, kind);
}

/* The only operation at which a kind makes sense; ENGINE_OP_ANY: all do. */
static enum engine_op only_at(enum engine_fault_kind kind)
{
    switch (kind) {
    case ENGINE_FAULT_NO_IMAGE:
    case ENGINE_FAULT_CONFLICT:
        return ENGINE_OP_CREATE;
    case ENGINE_FAULT_BUILD_ERROR:
    case ENGINE_FAULT_BUILD_HIDDEN:
    case ENGINE_FAULT_BUILD_TEXT:
        return ENGINE_OP_BUILD;
    case ENGINE_FAULT_NO_EXEC:
    case ENGINE_FAULT_EXIT:
        return ENGINE_OP_START;
    case ENGINE_FAULT_EARLY_WAIT:
        return ENGINE_OP_WAIT;
    default:
        return ENGINE_OP_ANY;
    }
}

rt_str engine_fault_check(const struct engine_fault *fault)
{
    enum engine_op only = only_at(fault->kind);
    bool status = fault->kind == ENGINE_FAULT_STATUS || fault->kind == ENGINE_FAULT_BODY;
    if (only != ENGINE_OP_ANY && fault->op != only)
        return rt_sprintf("a fault \"%s\" can only happen at \"%s\", not at \"%s\"",
                engine_fault_name(fault->kind), engine_op_name(only), engine_op_name(fault->op));
    if (status && (fault->status < 100 || fault->status > 599))
        return rt_sprintf("a fault \"%s\" needs an HTTP status from 100 to 599, not %d",
                engine_fault_name(fault->kind), fault->status);
    if (fault->after && (only != ENGINE_OP_ANY || fault->kind == ENGINE_FAULT_REFUSED))
        return rt_sprintf("a fault \"%s\" cannot strike after the work is done",
                engine_fault_name(fault->kind));
    if (fault->kind == ENGINE_FAULT_EXIT && fault->ms < 0)
        return RT_STR("a fault \"exit\" needs a time that is not negative");
    return RT_NIL;
}

const struct engine_fault *fault_pick(struct docker_engine *e, enum engine_op op, rt_str name)
{
    for (size_t i = 0; i < e->config.faults.count; i++) {
        const struct engine_fault *f = &e->config.faults.faults[i];
        if (f->op != ENGINE_OP_ANY && f->op != op)
            continue;
        if (f->container.len > 0 && !rt_str_contains(name, f->container))
            continue;
        uint32_t hit = ++e->fault_hits[i];
        uint32_t first = f->first == 0 ? 1 : f->first;
        if (hit < first || (f->count > 0 && hit - first >= f->count))
            continue;
        if (e->config.faults.struck)
            e->config.faults.struck[i]++;
        if (f->maybe && rt_choose(RT_CHOICE_FAULT, 2, engine_fault_name(f->kind)) == 0)
            continue;
        return f;
    }
    return NULL;
}

bool fault_is(const struct exchange *x, enum engine_fault_kind kind)
{
    return x->fault && x->fault->kind == kind;
}

/* Kinds that replace, lose or hold back a whole answer. */
bool fault_spoils_answer(const struct engine_fault *fault)
{
    switch (fault->kind) {
    case ENGINE_FAULT_STATUS:
    case ENGINE_FAULT_BODY:
    case ENGINE_FAULT_EOF:
    case ENGINE_FAULT_HANG:
    case ENGINE_FAULT_DIE:
        return true;
    default:
        return false;
    }
}

/* Waits; does not return when the time is forever. */
static void hang(const struct engine_fault *f)
{
    void *never = NULL;
    if (f->ms < 0)
        rt_recv(NULL, &never);
    else
        rt_sleep_ns(f->ms * RT_MS);
}

/* What a spoiling fault makes of the answer. */
static void spoil(struct exchange *x)
{
    const struct engine_fault *f = x->fault;
    if (f->kind != ENGINE_FAULT_HANG) {
        x->out.count = x->out.from = 0;
        x->out.end = NULL;
    }
    switch (f->kind) {
    case ENGINE_FAULT_STATUS:
        reply_error(x, f->status, "%S", f->message);
        break;
    case ENGINE_FAULT_BODY:
        reply(x, f->status, f->content_type.len > 0 ? rt_cstr(f->content_type) : "application/json",
                f->body);
        break;
    case ENGINE_FAULT_EOF:
        exchange_fail(x, http_closed);
        break;
    case ENGINE_FAULT_HANG:
        hang(f);
        break;
    case ENGINE_FAULT_DIE:
        rt_proc_exit(x->engine->proc, 1, NULL);
        break;
    default:
        break;
    }
}

bool fault_before(struct exchange *x)
{
    const struct engine_fault *f = x->fault;
    if (!f)
        return true;
    if (f->kind == ENGINE_FAULT_CUT)
        x->room = f->bytes;
    if (f->kind == ENGINE_FAULT_EARLY_WAIT) {
        reply_json(x, 200,
                rt_sprintf("{\"Error\":null,\"StatusCode\":%lld}\n", (long long)f->exit_code));
        reply_end(x);
        return false;
    }
    if (f->after || !fault_spoils_answer(f))
        return true;
    spoil(x);
    if (f->kind == ENGINE_FAULT_HANG)
        return true;
    reply_end(x);
    return false;
}

void fault_after(struct exchange *x)
{
    spoil(x);
}
