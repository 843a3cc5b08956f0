/* A sink of a run that feeds two others. */
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
