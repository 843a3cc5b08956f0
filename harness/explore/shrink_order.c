/* Shrinking by who runs when, instead of by numbers of options.
 *
 * A number of an option means another goroutine once an earlier choice has changed. So here a run
 * is a list of goroutines, one for each choice among them; a stretch of one goroutine is moved to
 * its neighbour of the same goroutine, and the rest keeps its order. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/shrink.h"
#include "harness/explore/strategy.h"

/* Who was picked at each choice of a goroutine, by identity. */
struct order {
    uint64_t *who;
    size_t count;
    size_t cap;
};

static void order_add(struct order *o, uint64_t who)
{
    mem_reserve(o->who, o->cap, o->count + 1);
    o->who[o->count++] = who;
}

static uint64_t identity(const struct rt_choice *c, uint32_t option)
{
    return c->fibers[option] ? rt_fiber_identity(c->fibers[option]) : 0; /* 0: a timer */
}

/* ---- learning the order of a run ---- */

struct learner {
    struct player player;
    struct order *order;
};

static uint32_t learn(void *self, const struct rt_choice *c)
{
    struct learner *l = self;
    uint32_t chosen = l->player.source.choose(l->player.source.self, c);
    if (c->kind == RT_CHOICE_FIBER)
        order_add(l->order, identity(c, chosen));
    return chosen;
}

static void learn_order(struct shrink *s, struct order *order)
{
    struct learner l = { .order = order };
    struct rt_source source = { .self = &l, .choose = learn };
    struct run_result result;
    order->count = 0;
    player_init(&l.player, &s->choices, false);
    s->subject->run(s->subject->self, &source, NULL, &result);
    s->runs++;
}

/* ---- running in a given order ---- */

/* No choice is held. */
#define NOWHERE SIZE_MAX

/* How far ahead an entry is looked for when the next one cannot run. */
#define LOOK_AHEAD 64

struct conductor {
    const struct order *order;
    bool *used;
    size_t at;
    const struct choices *others; /* for choices other than of goroutines */
    size_t next_other;
    size_t seen;    /* choices of goroutines so far */
    size_t hold_at; /* from this one on the running goroutine goes on for as long as it can */
    struct rt_source source;
};

/* Takes the next entry of this goroutine out, wherever it is. */
static void use_up(struct conductor *d, uint64_t who)
{
    size_t i = d->at;
    while (i < d->order->count && (d->used[i] || d->order->who[i] != who))
        i++;
    if (i < d->order->count)
        d->used[i] = true;
}

static uint32_t conduct_fiber(struct conductor *d, const struct rt_choice *c)
{
    if (d->seen++ >= d->hold_at) {
        if (c->runs_on) {
            use_up(d, identity(c, 0));
            return 0;
        }
        d->hold_at = NOWHERE;
    }
    while (d->at < d->order->count && d->used[d->at])
        d->at++;
    for (size_t i = d->at; i < d->order->count && i < d->at + LOOK_AHEAD; i++) {
        for (uint32_t option = 0; !d->used[i] && option < c->options; option++) {
            if (identity(c, option) == d->order->who[i]) {
                d->used[i] = true;
                return option;
            }
        }
    }
    return 0;
}

static uint32_t conduct(void *self, const struct rt_choice *c)
{
    struct conductor *d = self;
    if (c->kind == RT_CHOICE_FIBER)
        return conduct_fiber(d, c);
    return shrink_same_other(d->others, &d->next_other, c);
}

static bool try_order(struct shrink *s, const struct order *order, size_t hold_at)
{
    struct choices others = { 0 };
    struct conductor d = { .order = order, .others = &others, .hold_at = hold_at };
    choices_copy(&others, &s->choices);
    d.used = mem_new_array(bool, order->count);
    d.source = (struct rt_source){ .self = &d, .choose = conduct };
    bool better = shrink_improve(s, &d.source);
    free(d.used);
    choices_free(&others);
    return better;
}

/* Moves the entries [from, to) so that they stand before `place`, which lies outside. */
static void move(struct order *o, size_t from, size_t to, size_t place)
{
    if (to <= from)
        return;
    size_t n = to - from;
    uint64_t *part = mem_copy(o->who + from, n * sizeof(*part));
    if (place > to) {
        memmove(o->who + from, o->who + to, (place - to) * sizeof(*part));
        memcpy(o->who + place - n, part, n * sizeof(*part));
    } else {
        memmove(o->who + place + n, o->who + place, (from - place) * sizeof(*part));
        memcpy(o->who + place, part, n * sizeof(*part));
    }
    free(part);
}

static size_t stretch_end(const struct order *o, size_t from)
{
    size_t to = from + 1;
    while (to < o->count && o->who[to] == o->who[from])
        to++;
    return to;
}

/* Tries both ways of joining the stretch at `from` with the next one of its goroutine. */
static bool join(struct shrink *s, struct order *o, size_t from)
{
    size_t to = stretch_end(o, from), next = to;
    while (next < o->count && o->who[next] != o->who[from])
        next++;
    if (next == o->count)
        return false;
    uint64_t *who = mem_copy(o->who, o->count * sizeof(*who));
    struct order copy = { who, o->count, o->count };
    move(&copy, next, stretch_end(o, next), to);
    bool better = try_order(s, &copy, NOWHERE);
    if (!better && !shrink_over(s)) {
        memcpy(copy.who, o->who, o->count * sizeof(uint64_t));
        move(&copy, from, to, next);
        better = try_order(s, &copy, NOWHERE);
    }
    free(copy.who);
    return better;
}

/* Lets the running goroutine go on at each place in turn; what it did later comes before. */
static bool hold_pass(struct shrink *s, struct order *order)
{
    bool any = false;
    for (size_t at = 0; at < order->count && !shrink_over(s); at++) {
        if (try_order(s, order, at)) {
            any = true;
            learn_order(s, order);
        }
    }
    return any;
}

/* Leaves goroutines, one after the other, to run when nobody else can. */
static bool drop_pass(struct shrink *s, struct order *order)
{
    bool any = false;
    struct order rest = { 0 };
    for (size_t i = 0; i < order->count && !shrink_over(s); i++) {
        size_t first = 0;
        while (order->who[first] != order->who[i])
            first++;
        if (first < i)
            continue;
        rest.count = 0;
        for (size_t k = 0; k < order->count; k++)
            if (order->who[k] != order->who[i])
                order_add(&rest, order->who[k]);
        if (try_order(s, &rest, NOWHERE)) {
            any = true;
            learn_order(s, order);
        }
    }
    free(rest.who);
    return any;
}

bool shrink_order(struct shrink *s)
{
    struct order order = { 0 };
    bool any = false;
    learn_order(s, &order);
    any = drop_pass(s, &order);
    any = hold_pass(s, &order) || any;
    for (size_t from = 0; from < order.count && !shrink_over(s);) {
        if (join(s, &order, from)) {
            any = true;
            learn_order(s, &order);
        } else {
            from = stretch_end(&order, from);
        }
    }
    free(order.who);
    return any;
}
