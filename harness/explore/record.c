/* Choices written down as they are made, and made again. */
#include "harness/explore/record.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

void choices_add(struct choices *list, struct made made)
{
    mem_reserve(list->items, list->cap, list->count + 1);
    list->items[list->count++] = made;
}

void choices_copy(struct choices *to, const struct choices *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        choices_add(to, from->items[i]);
}

void choices_free(struct choices *list)
{
    free(list->items);
    *list = (struct choices){ 0 };
}

void choices_trim(struct choices *list)
{
    while (list->count > 0 && list->items[list->count - 1].chosen == 0)
        list->count--;
}

static size_t count_kind(const struct choices *list, enum rt_choice_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].kind == kind && list->items[i].chosen != 0;
    return count;
}

size_t choices_switches(const struct choices *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].runs_on && list->items[i].chosen != 0;
    return count;
}

size_t choices_picks(const struct choices *list)
{
    return count_kind(list, RT_CHOICE_FIBER);
}

size_t choices_faults(const struct choices *list)
{
    return count_kind(list, RT_CHOICE_FAULT);
}

/* ---- recording ---- */

static uint32_t record_choose(void *self, const struct rt_choice *c)
{
    struct recorder *r = self;
    uint32_t chosen = r->from ? r->from->choose(r->from->self, c) : 0;
    choices_add(&r->made, (struct made){ c->options, chosen, (uint8_t)c->kind, c->runs_on });
    return chosen;
}

static void record_step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct recorder *r = self;
    r->from->step(r->from->self, fiber, op);
}

static void record_effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct recorder *r = self;
    r->from->effect(r->from->self, fiber, op);
}

static void record_pending(void *self, struct rt_fiber *fiber)
{
    struct recorder *r = self;
    r->from->pending(r->from->self, fiber);
}

static void record_complete(void *self, struct rt_fiber *fiber)
{
    struct recorder *r = self;
    r->from->complete(r->from->self, fiber);
}

static void record_over(void *self)
{
    struct recorder *r = self;
    r->from->over(r->from->self);
}

void recorder_init(struct recorder *r, const struct rt_source *from)
{
    *r = (struct recorder){ 0 };
    recorder_reset(r, from);
}

void recorder_reset(struct recorder *r, const struct rt_source *from)
{
    r->from = from;
    r->made.count = 0;
    r->source = (struct rt_source){ .self = r, .choose = record_choose };
    if (from && from->step)
        r->source.step = record_step;
    if (from && from->effect)
        r->source.effect = record_effect;
    if (from && from->pending)
        r->source.pending = record_pending;
    if (from && from->complete)
        r->source.complete = record_complete;
    if (from && from->over)
        r->source.over = record_over;
}

void recorder_free(struct recorder *r)
{
    choices_free(&r->made);
}

/* ---- giving again ---- */

static uint32_t play_choose(void *self, const struct rt_choice *c)
{
    struct player *p = self;
    if (p->diverged || p->next >= p->list->count)
        return 0;
    const struct made *made = &p->list->items[p->next++];
    if (p->strict && (made->kind != c->kind || made->options != c->options)) {
        p->diverged = true;
        p->diverged_at = p->next - 1;
        p->asked = (struct made){ c->options, 0, (uint8_t)c->kind, c->runs_on };
        p->asked_label = c->label;
        return 0;
    }
    return made->chosen < c->options ? made->chosen : 0;
}

void player_init(struct player *p, const struct choices *list, bool strict)
{
    *p = (struct player){ .list = list, .strict = strict };
    p->source = (struct rt_source){ .self = p, .choose = play_choose };
}
