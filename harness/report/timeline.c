/* The rows of a timeline, collected while a run goes on. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/report/timeline_impl.h"

static struct row *add_row(struct timeline *t, int64_t time_ns, uint32_t fiber, char *text)
{
    mem_reserve(t->rows, t->cap, t->count + 1);
    struct row *row = &t->rows[t->count++];
    *row = (struct row){ .time_ns = time_ns, .fiber = fiber, .text = text, .op = RT_OP_YIELD };
    row->weight = ROW_STORY;
    return row;
}

/* Remembers the goroutine's name when it shows up first. */
static uint32_t know(struct timeline *t, struct rt_fiber *fiber)
{
    if (!fiber)
        return 0;
    uint32_t id = rt_fiber_id(fiber);
    mem_reserve(t->owners, t->owner_count, (size_t)id + 1);
    struct lane_owner *owner = &t->owners[id];
    if (!owner->seen) {
        struct rt_proc *proc = rt_fiber_proc(fiber);
        owner->seen = true;
        owner->name = mem_format(
                "%s%s%s", proc ? rt_proc_name(proc) : "", proc ? "/" : "", rt_fiber_name(fiber));
    }
    return id;
}

static bool tells_a_story(const struct rt_op *op)
{
    return op->kind == RT_OP_EXIT || op->kind == RT_OP_KILL;
}

static void on_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    struct timeline *t = self;
    char where[80] = "";
    if (op->file)
        snprintf(where, sizeof(where), " (%.60s:%d)", file_base(op->file), op->line);
    struct row *row = add_row(t, time_ns, know(t, fiber),
            mem_format("%s%s%s%s", rt_op_kind_name(op->kind), op->object_name ? " " : "",
                    op->object_name ? op->object_name : "", where));
    row->op = op->kind;
    row->marked = choice_index >= 0 && t->switched;
    row->weight = tells_a_story(op) || row->marked ? ROW_STORY : ROW_OP;
    t->switched = false;
}

static void on_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    struct timeline *t = self;
    t->switched = c->kind == RT_CHOICE_FIBER && chosen != 0;
    if (c->kind == RT_CHOICE_FIBER)
        return;
    struct rt_fiber *fiber = rt_self();
    struct row *row = add_row(t, time_ns, know(t, fiber),
            mem_format("%s: %s takes %u of 0..%u", rt_choice_kind_name(c->kind),
                    c->label ? c->label : "", chosen, c->options - 1));
    row->marked = chosen != 0;
    row->weight = chosen != 0 || c->kind == RT_CHOICE_FAULT ? ROW_STORY : ROW_OP;
}

static void on_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct timeline *t = self;
    add_row(t, time_ns, know(t, fiber), mem_format("%.*s", (int)text.len, (const char *)text.data));
}

/* Says whom a channel operation met, in the row of the operation. */
static void on_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    struct timeline *t = self;
    struct row *row = t->count > 0 ? &t->rows[t->count - 1] : NULL;
    if (!partner || !fiber || !row || row->fiber != rt_fiber_id(fiber) || row->time_ns != time_ns)
        return;
    uint32_t id = know(t, partner);
    char *text = mem_format("%s %s with %s", rt_op_kind_name(op->kind),
            op->object_name ? op->object_name : "", t->owners[id].name);
    free(row->text);
    row->text = text;
}

struct timeline *timeline_new(void)
{
    struct timeline *t = mem_new(struct timeline);
    t->sink = (struct rt_sink){ t, on_step, on_choice, on_note, on_done };
    return t;
}

struct rt_sink *timeline_sink(struct timeline *t)
{
    return &t->sink;
}

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        free(t->rows[i].text);
    for (size_t i = 0; i < t->owner_count; i++)
        free(t->owners[i].name);
    free(t->owners);
    free(t->rows);
    free(t);
}
