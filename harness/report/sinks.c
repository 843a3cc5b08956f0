/* Sinks of a run: one that feeds two others, and one that writes lines of JSON. */
#include "harness/json/json.h"
#include "harness/report/timeline.h"

static void tee_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    struct sink_tee *tee = self;
    if (tee->a && tee->a->step)
        tee->a->step(tee->a->self, time_ns, fiber, op, choice_index);
    if (tee->b && tee->b->step)
        tee->b->step(tee->b->self, time_ns, fiber, op, choice_index);
}

static void tee_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    struct sink_tee *tee = self;
    if (tee->a && tee->a->choice)
        tee->a->choice(tee->a->self, time_ns, c, chosen);
    if (tee->b && tee->b->choice)
        tee->b->choice(tee->b->self, time_ns, c, chosen);
}

static void tee_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct sink_tee *tee = self;
    if (tee->a && tee->a->note)
        tee->a->note(tee->a->self, time_ns, fiber, text);
    if (tee->b && tee->b->note)
        tee->b->note(tee->b->self, time_ns, fiber, text);
}

static void tee_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    struct sink_tee *tee = self;
    if (tee->a && tee->a->done)
        tee->a->done(tee->a->self, time_ns, fiber, op, partner);
    if (tee->b && tee->b->done)
        tee->b->done(tee->b->self, time_ns, fiber, op, partner);
}

struct rt_sink *sink_tee_init(struct sink_tee *tee, struct rt_sink *a, struct rt_sink *b)
{
    *tee = (struct sink_tee){ .a = a, .b = b };
    tee->sink = (struct rt_sink){ tee, tee_step, tee_choice, tee_note, tee_done };
    return a || b ? &tee->sink : NULL;
}

/* ---- JSON lines ---- */

static void put_line(struct sink_json *s, json_t *o)
{
    char *line = json_line(o);
    fprintf(s->to, "%s\n", line);
    free(line);
    json_decref(o);
}

static json_t *event(const char *kind, int64_t time_ns, struct rt_fiber *fiber)
{
    json_t *o = json_pack("{s:s, s:I}", "event", kind, "time_ns", (json_int_t)time_ns);
    if (fiber) {
        struct rt_proc *proc = rt_fiber_proc(fiber);
        json_object_set_new(o, "goroutine", json_integer(rt_fiber_id(fiber)));
        json_object_set_new(o, "name", json_string(rt_fiber_name(fiber)));
        json_object_set_new(o, "process", json_string(proc ? rt_proc_name(proc) : ""));
    }
    return o;
}

static void json_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    json_t *o = event("step", time_ns, fiber);
    json_object_set_new(o, "op", json_string(rt_op_kind_name(op->kind)));
    if (op->object)
        json_object_set_new(o, "object", json_integer(op->object));
    if (op->object_name)
        json_object_set_new(o, "object_name", json_string(op->object_name));
    if (op->file)
        json_object_set_new(o, "at", json_sprintf("%s:%d", op->file, op->line));
    if (choice_index >= 0)
        json_object_set_new(o, "choice", json_integer(choice_index));
    put_line(self, o);
}

static void json_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    json_t *o = event("choice", time_ns, NULL);
    json_object_set_new(o, "kind", json_string(rt_choice_kind_name(c->kind)));
    json_object_set_new(o, "label", json_string(c->label ? c->label : ""));
    json_object_set_new(o, "options", json_integer(c->options));
    json_object_set_new(o, "chosen", json_integer(chosen));
    put_line(self, o);
}

static void json_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    json_t *o = event("note", time_ns, fiber);
    json_object_set_new(o, "text", json_text_value(text.data, text.len));
    put_line(self, o);
}

static void json_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    json_t *o = event("done", time_ns, fiber);
    json_object_set_new(o, "op", json_string(rt_op_kind_name(op->kind)));
    if (op->object_name)
        json_object_set_new(o, "object_name", json_string(op->object_name));
    if (partner)
        json_object_set_new(o, "partner", json_integer(rt_fiber_id(partner)));
    put_line(self, o);
}

struct rt_sink *sink_json_init(struct sink_json *s, FILE *to)
{
    *s = (struct sink_json){ .to = to };
    s->sink = (struct rt_sink){ s, json_step, json_choice, json_note, json_done };
    return &s->sink;
}
