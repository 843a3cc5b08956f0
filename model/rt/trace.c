/* Hashing and reporting what a run does. */
#include "model/rt/trace.h"

#include <string.h>

#include "model/rt/machine.h"
#include "model/rt/names.h"

const char *rt_op_kind_name(enum rt_op_kind kind)
{
    static const char *const names[] = RT_NAMES(RT_OP_KINDS);
    return rt_name(names, kind);
}

/* The hash takes small numbers only (ids, kinds, times): nothing that differs between builds. */
static void put(struct rt *rt, uint64_t word)
{
    uint64_t h = (rt->hash ^ word) * 0x9e3779b97f4a7c15u;
    rt->hash = h ^ h >> 29;
}

/* The number under which the hash knows something: its id, or, once the trace has begun anew, its
 * place among those that have shown since. */
static uint32_t shown(struct rt_shown *s, uint32_t id)
{
    if (id == 0 || !s->begun)
        return id;
    if (id >= s->cap) {
        size_t had = s->cap;
        rt_reserve(s->numbers, s->cap, (size_t)id + 1);
        memset(s->numbers + had, 0, (s->cap - had) * sizeof(*s->numbers));
    }
    if (s->numbers[id] == 0)
        s->numbers[id] = ++s->count;
    return s->numbers[id];
}

void rt_trace_begin(struct rt *rt)
{
    rt->hash = 0;
    rt->shown_objects = rt->shown_fibers = (struct rt_shown){ .begun = true };
}

void rt_hash_op(struct rt *rt, const struct rt_fiber *f, const struct rt_op *op)
{
    uint64_t fiber = f ? shown(&rt->shown_fibers, f->id) : 0;
    put(rt, fiber << 32 | shown(&rt->shown_objects, op->object));
    put(rt, (uint64_t)op->kind << 1 | 1);
}

void rt_hash_choice(struct rt *rt, enum rt_choice_kind kind, uint32_t options, uint32_t chosen)
{
    put(rt, (uint64_t)options << 32 | chosen);
    put(rt, (uint64_t)kind << 1);
}

void rt_hash_time(struct rt *rt)
{
    put(rt, (uint64_t)rt->now);
}

const char *rt_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

rt_str rt_op_place(const struct rt_op *op)
{
    return rt_sprintf("%s%s%s%s%s", op->file ? rt_file_name(op->file) : "", op->file ? " " : "",
            rt_op_kind_name(op->kind), op->object_name ? " " : "",
            op->object_name ? op->object_name : "");
}

void rt_report_op(struct rt *rt, struct rt_fiber *f, const struct rt_op *op)
{
    rt_hash_op(rt, f, op);
    if (rt->source.effect)
        rt->source.effect(rt->source.self, f, op);
    if (rt->sink.step)
        rt->sink.step(rt->sink.self, rt->now, f, op, -1);
}

void rt_report(
        struct rt *rt, struct rt_fiber *f, enum rt_op_kind kind, uint32_t object, const char *name)
{
    struct rt_op op = { kind, object, name, NULL, 0 };
    rt_report_op(rt, f, &op);
}

void rt_report_done(struct rt *rt, struct rt_fiber *f, enum rt_op_kind kind,
        const struct rt_chan *ch, struct rt_fiber *partner)
{
    if (!rt || !rt->sink.done)
        return;
    struct rt_op op = { kind, ch->object, ch->name, f ? f->op.file : NULL, f ? f->op.line : 0 };
    rt->sink.done(rt->sink.self, rt->now, f, &op, partner);
}

uint64_t rt_trace_hash(const struct rt *rt)
{
    return rt->hash;
}

bool rt_tracing(void)
{
    return rt_machine_now && rt_machine_now->sink.note;
}

void rt_note_write(const char *format, ...)
{
    struct rt *rt = rt_machine_now;
    if (!rt_tracing())
        return;
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    rt->sink.note(rt->sink.self, rt->now, rt->running, text);
}
