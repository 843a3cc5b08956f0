/* A sink of a run that writes lines of JSON, one an event: the file of --trace. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/json/spec.h"
#include "harness/report/timeline.h"
#include "model/rt/names.h"

/* ---- the form ---- */

#define EVENTS(X) X(STEP, "step") X(CHOICE, "choice") X(NOTE, "note") X(DONE, "done")
enum event_kind {
#define EVENT_ENUM(name, text) EVENT_##name,
    EVENTS(EVENT_ENUM)
#undef EVENT_ENUM
};

struct event {
    int kind;
    int64_t time_ns;
    int64_t goroutine; /* 0: none */
    const char *name;
    const char *process;
    int op;
    int64_t object; /* 0: none */
    const char *object_name;
    const char *at;
    int64_t choice; /* negative: none */
    int64_t partner;
    rt_str text;
    int choice_kind;
    const char *label;
    int64_t options;
    int64_t chosen;
};

static bool has_op(const void *object, bool whole)
{
    const struct event *e = object;
    (void)whole;
    return e->kind == EVENT_STEP || e->kind == EVENT_DONE;
}

static bool was_chosen(const void *object, bool whole)
{
    const struct event *e = object;
    (void)whole;
    return e->kind == EVENT_STEP && e->choice >= 0;
}

static bool is_choice(const void *object, bool whole)
{
    (void)whole;
    return ((const struct event *)object)->kind == EVENT_CHOICE;
}

static const char *const events[] = RT_NAMES(EVENTS);
static const char *const ops[] = RT_NAMES(RT_OP_KINDS);
static const char *const choices[] = RT_NAMES(RT_CHOICE_KINDS);
static const struct json_spec event_word = { .kind = JSON_SPEC_WORD, .words = events };
static const struct json_spec op_word = { .kind = JSON_SPEC_WORD, .words = ops };
static const struct json_spec choice_word = { .kind = JSON_SPEC_WORD, .words = choices };
static const struct json_spec string = { .kind = JSON_SPEC_STRING };
static const struct json_spec number = { .kind = JSON_SPEC_INT, .min = 1, .max = INT64_MAX };
static const struct json_form forms[] = {
    { "step", { "op" } },
    { "choice", { "kind", "label", "options", "chosen" } },
    { "note", { "text" } },
    { "done", { "op" } },
    { 0 },
};

#define AT(member) offsetof(struct event, member)
static const struct json_field fields[] = {
    { "event", &event_word, AT(kind), .required = true,
            .about = "A step of a goroutine, timer or killed process, a choice among several, a "
                     "note for readers, or a channel operation that is done." },
    { "time_ns", &json_spec_count, AT(time_ns), .required = true,
            .about = "When, in virtual nanoseconds." },
    { "goroutine", &number, AT(goroutine), .lean = true, .about = "Who: its number." },
    { "name", &string, AT(name), .about = "The goroutine's name." },
    { "process", &string, AT(process), .about = "Its process; empty: none." },
    { "op", &op_word, AT(op), .has = has_op, .about = "step, done: the operation." },
    { "object", &number, AT(object), .lean = true,
            .about = "step: the number of the channel, lock or other thing that it is on." },
    { "object_name", &string, AT(object_name), .about = "step, done: the name of that thing." },
    { "at", &string, AT(at), .about = "step: where in the model, file:line." },
    { "choice", &json_spec_count, AT(choice), .has = was_chosen,
            .about = "step: the number of the choice that picked it; absent: there was none to "
                     "make." },
    { "partner", &number, AT(partner), .lean = true,
            .about = "done: the goroutine whose pending operation this one completed." },
    { "text", &json_spec_text, AT(text), .about = "note: what it says." },
    { "kind", &choice_word, AT(choice_kind), .has = is_choice, .about = "choice: of what." },
    { "label", &string, AT(label), .has = is_choice, .about = "choice: what it is about." },
    { "options", &number, AT(options), .has = is_choice, .about = "choice: how many there were." },
    { "chosen", &json_spec_count, AT(chosen), .has = is_choice,
            .about = "choice: which was taken, from 0." },
    { 0 },
};
#undef AT
const struct json_spec trace_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "An event of a run: a line of the file that --trace writes.",
    .fields = fields,
    .head = "event",
    .forms = forms,
};

/* ---- the sink ---- */

static void put_line(struct sink_json *s, const struct event *e)
{
    json_t *value = json_make(&trace_spec, e, true);
    char *line = json_line(value);
    fprintf(s->to, "%s\n", line);
    free(line);
    json_decref(value);
}

static struct event event_of(enum event_kind kind, int64_t time_ns, struct rt_fiber *fiber)
{
    struct event e = { .kind = (int)kind, .time_ns = time_ns };
    if (fiber) {
        struct rt_proc *proc = rt_fiber_proc(fiber);
        e.goroutine = rt_fiber_id(fiber);
        e.name = rt_fiber_name(fiber);
        e.process = proc ? rt_proc_name(proc) : "";
    }
    return e;
}

static void put_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    char at[256];
    struct event e = event_of(EVENT_STEP, time_ns, fiber);
    snprintf(at, sizeof(at), "%s:%d", op->file ? op->file : "", op->line);
    e.op = (int)op->kind;
    e.object = op->object;
    e.object_name = op->object_name;
    e.at = op->file ? at : NULL;
    e.choice = choice_index;
    put_line(self, &e);
}

static void put_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    struct event e = event_of(EVENT_CHOICE, time_ns, NULL);
    e.choice_kind = (int)c->kind;
    e.label = c->label ? c->label : "";
    e.options = c->options;
    e.chosen = chosen;
    put_line(self, &e);
}

static void put_note(void *self, int64_t time_ns, struct rt_fiber *fiber, rt_str text)
{
    struct event e = event_of(EVENT_NOTE, time_ns, fiber);
    e.text = text.data ? text : RT_STR("");
    put_line(self, &e);
}

static void put_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    struct event e = event_of(EVENT_DONE, time_ns, fiber);
    e.op = (int)op->kind;
    e.object_name = op->object_name;
    e.partner = partner ? rt_fiber_id(partner) : 0;
    put_line(self, &e);
}

struct rt_sink *sink_json_init(struct sink_json *s, FILE *to)
{
    *s = (struct sink_json){ .to = to };
    s->sink = (struct rt_sink){ s, put_step, put_choice, put_note, put_done };
    return &s->sink;
}
