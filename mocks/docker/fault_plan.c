/* Names of faults, which one strikes, and what it does to a request. */
#include "mocks/docker/fault_plan.h"
#include "mocks/docker/internal.h"
#include "mocks/fault/when.h"
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

const char *engine_reason_name(enum engine_reason reason)
{
    static const char *const names[] = RT_NAMES(ENGINE_REASONS);
    return rt_name(names, reason);
}

/* What is known of a reason. */
static const struct {
    const char *text;
    const char *where;
    bool addressed;
    int64_t seconds;
} reasons[] = {
#define REASON(name, word, text, where, addressed, seconds) { text, where, addressed, seconds },
    ENGINE_REASONS(REASON)
#undef REASON
};

bool engine_reason_fits(enum engine_reason reason, char where)
{
    return strchr(reasons[reason].where, where) != NULL;
}

/* The members that kinds look at, apart from those that say where and when. */
static const struct {
    const char *member;
    uint32_t kinds; /* bits */
} members[] = {
#define KIND(name) (1u << ENGINE_FAULT_##name)
    { "status", KIND(STATUS) | KIND(BODY) | KIND(BUILD_ERROR) | KIND(BUILD_TEXT) },
    { "message", KIND(STATUS) | KIND(BUILD_ERROR) | KIND(BUILD_HIDDEN) | KIND(BUILD_TEXT) |
                         KIND(UNREACHABLE) | KIND(RESET) | KIND(BROKEN_PIPE) },
    { "body", KIND(BODY) },
    { "content_type", KIND(BODY) },
    { "ms", KIND(HANG) | KIND(EXIT) },
    { "exit_code", KIND(EXIT) | KIND(EARLY_WAIT) },
    { "bytes", KIND(CUT) },
    { "output", KIND(EXIT) | KIND(BUILD_ERROR) | KIND(BUILD_HIDDEN) | KIND(BUILD_TEXT) },
    { "reason", KIND(UNREACHABLE) },
    { "breaks", KIND(DIE) },
#undef KIND
};

bool engine_fault_uses(enum engine_fault_kind kind, const char *member)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (strcmp(members[i].member, member) == 0)
            return members[i].kinds & 1u << kind;
    return true;
}

bool engine_op_has_name(enum engine_op op)
{
    switch (op) {
    case ENGINE_OP_PING:
    case ENGINE_OP_VERSION:
    case ENGINE_OP_INFO:
    case ENGINE_OP_EVENTS:
    case ENGINE_OP_LIST:
    case ENGINE_OP_IMAGE_LIST:
        return false;
    default:
        return true;
    }
}

/* Whether a client writes a body to it that does not fit into a socket's buffer. */
static bool op_has_body(enum engine_op op)
{
    return op == ENGINE_OP_BUILD || op == ENGINE_OP_UPLOAD;
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
    bool writing = fault->kind == ENGINE_FAULT_BROKEN_PIPE ||
                   (fault->kind == ENGINE_FAULT_DIE && fault->breaks == ENGINE_BREAK_BROKEN_PIPE);
    if (writing && !op_has_body(fault->op))
        return rt_sprintf("a pipe can only break at \"build\" or \"upload\", where the client "
                          "writes much, not at \"%s\"",
                engine_op_name(fault->op));
    bool early = fault->kind == ENGINE_FAULT_REFUSED || fault->kind == ENGINE_FAULT_UNREACHABLE ||
                 fault->kind == ENGINE_FAULT_RESET || writing ||
                 (fault->kind == ENGINE_FAULT_DIE && fault->breaks == ENGINE_BREAK_RESET);
    if (fault->after && (!fault_spoils_answer(fault) || early))
        return rt_sprintf("a fault \"%s\" cannot strike after the work is done",
                engine_fault_name(fault->kind));
    if (fault->kind == ENGINE_FAULT_EXIT && fault->ms < 0)
        return RT_STR("a fault \"exit\" needs a time that is not negative");
    return RT_NIL;
}

/* A fault's container: part of the name in the request, or of the image of the container that it
 * names. */
static bool fault_means(const struct docker_engine *e, const struct engine_fault *f, rt_str name)
{
    if (f->container.len == 0 || rt_str_contains(name, f->container))
        return true;
    const struct container *c = container_find(e, name);
    return c &&
           (rt_str_contains(c->name, f->container) || rt_str_contains(c->image_name, f->container));
}

const struct engine_fault *fault_pick(struct docker_engine *e, enum engine_op op, rt_str name)
{
    for (size_t i = 0; i < e->config.faults.count; i++) {
        const struct engine_fault *f = &e->config.faults.faults[i];
        if (f->op != ENGINE_OP_ANY && f->op != op)
            continue;
        if (!fault_means(e, f, name))
            continue;
        const struct fault_when when = { .first = f->first, .count = f->count, .maybe = f->maybe };
        uint32_t *struck = e->config.faults.struck ? &e->config.faults.struck[i] : NULL;
        if (fault_strikes(&when, &e->fault_hits[i], struck, engine_fault_name(f->kind)))
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
    case ENGINE_FAULT_RESET:
    case ENGINE_FAULT_BROKEN_PIPE:
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

struct rt_error *fault_no_connection(const struct engine_fault *f)
{
    enum engine_reason reason =
            f && f->kind == ENGINE_FAULT_UNREACHABLE ? f->reason : ENGINE_REASON_REFUSED;
    if (f && f->kind == ENGINE_FAULT_UNREACHABLE && f->message.len > 0)
        return rt_error_new(f->message);
    if (reasons[reason].seconds > 0)
        rt_sleep_ns(reasons[reason].seconds * RT_SECOND);
    rt_str text = rt_str_from(reasons[reason].text);
    return reasons[reason].addressed ? rt_error_typed(&http_no_connection, NULL, text)
                                     : rt_error_new(text);
}

/* The connection of a request breaks. */
static void break_connection(struct exchange *x, enum engine_break how)
{
    const struct engine_fault *f = x->fault;
    rt_bytes some = RT_NIL;
    if (how == ENGINE_BREAK_BROKEN_PIPE) /* once the client has begun to write the body */
        RT_DROP(stream_reader(&x->in).read(&x->in, &some));
    if (f->kind != ENGINE_FAULT_DIE && f->message.len > 0)
        exchange_fail(x, rt_error_new(f->message));
    else if (how == ENGINE_BREAK_EOF)
        exchange_fail(x, http_closed);
    else if (how == ENGINE_BREAK_RESET)
        exchange_fail(
                x, rt_error_typed(&http_reset, NULL, RT_STR("read: connection reset by peer")));
    else
        exchange_fail(x, http_pipe_broken());
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
        break_connection(x, ENGINE_BREAK_EOF);
        break;
    case ENGINE_FAULT_RESET:
        break_connection(x, ENGINE_BREAK_RESET);
        break;
    case ENGINE_FAULT_BROKEN_PIPE:
        break_connection(x, ENGINE_BREAK_BROKEN_PIPE);
        break;
    case ENGINE_FAULT_HANG:
        hang(f);
        break;
    case ENGINE_FAULT_DIE:
        if (f->breaks != ENGINE_BREAK_EOF)
            break_connection(x, f->breaks);
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
