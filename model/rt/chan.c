/* Channels and select. A send or a receive is a select with one case.
 *
 * A goroutine that is pending at a channel operation may, in Go's terms, stand before it or wait in
 * it; for most operations of others that makes no difference. Where it does, the machine's epoch
 * tells: an operation that was pending when nothing could run has surely arrived. Such a receiver
 * gets what is sent to a buffered channel, such a sender's element moves up into a full buffer, and
 * a select with default finds such partners; with others it is a choice. */
#include "model/rt/chan.h"

#include "model/rt/machine.h"

struct rt_chan *rt_chan_make(size_t capacity, const char *name)
{
    struct rt_chan *ch = rt_new(struct rt_chan);
    ch->name = name;
    ch->object = rt_object_new();
    ch->capacity = capacity;
    if (capacity)
        ch->ring = rt_new_array(void *, capacity);
    return ch;
}

size_t rt_chan_len(const struct rt_chan *ch)
{
    return ch ? ch->len : 0;
}

size_t rt_chan_cap(const struct rt_chan *ch)
{
    return ch ? ch->capacity : 0;
}

bool rt_chan_closed(const struct rt_chan *ch)
{
    return ch && ch->closed;
}

void rt_chan_is_message(struct rt_chan *ch)
{
    ch->message = true;
}

uint32_t rt_chan_object(const struct rt_chan *ch)
{
    return ch ? ch->object : 0;
}

const char *rt_chan_name(const struct rt_chan *ch)
{
    return ch ? ch->name : NULL;
}

static void push(struct rt_chan *ch, void *value)
{
    RT_CHECK(ch->len < ch->capacity);
    RT_CHECK(ch->head < ch->capacity);
    size_t at = ch->head + ch->len++;
    ch->ring[at < ch->capacity ? at : at - ch->capacity] = value;
}

static void *pop(struct rt_chan *ch)
{
    RT_CHECK(ch->len > 0 && ch->len <= ch->capacity);
    RT_CHECK(ch->head < ch->capacity);
    void *value = ch->ring[ch->head];
    if (++ch->head == ch->capacity)
        ch->head = 0;
    ch->len--;
    return value;
}

/* ---- who waits ---- */

static void refresh(const struct rt_waiters *list)
{
    for (struct rt_waiter *w = list->first; w; w = w->next)
        rt_refresh(w->fiber);
}

static struct rt_waiters *own_list(const struct rt_case *c)
{
    return c->is_send ? &c->ch->senders : &c->ch->receivers;
}

static struct rt_waiters *partners(const struct rt_case *c)
{
    return c->is_send ? &c->ch->receivers : &c->ch->senders;
}

static bool has_arrived(const struct rt_waiter *w)
{
    return w && w->fiber->epoch < w->fiber->rt->epoch;
}

/* The first waiter that is not a case of the same select. */
static struct rt_waiter *first_other(const struct rt_waiters *list, const struct rt_fiber *self)
{
    struct rt_waiter *w = list->first;
    while (w && w->fiber == self)
        w = w->next;
    return w;
}

static void link_cases(struct rt_fiber *f)
{
    if (f->case_count > f->waiters_cap) {
        f->waiters = rt_new_array(struct rt_waiter, f->case_count);
        f->waiters_cap = f->case_count;
    }
    for (size_t i = 0; i < f->case_count; i++) {
        struct rt_case *c = &f->cases[i];
        if (!c->ch)
            continue;
        struct rt_waiters *list = own_list(c);
        RT_CHECK(!list->first == !list->last);
        RT_CHECK(!list->last || !list->last->next);
        f->waiters[i] = (struct rt_waiter){ .prev = list->last, .fiber = f, .index = i };
        *(list->last ? &list->last->next : &list->first) = &f->waiters[i];
        list->last = &f->waiters[i];
        if (!c->ch->capacity)
            refresh(partners(c));
    }
}

static void unlink_cases(struct rt_fiber *f)
{
    for (size_t i = 0; i < f->case_count; i++) {
        struct rt_case *c = &f->cases[i];
        if (!c->ch)
            continue;
        struct rt_waiters *list = own_list(c);
        struct rt_waiter *w = &f->waiters[i];
        RT_CHECK(w->fiber == f && w->index == i);
        RT_CHECK((w->prev ? w->prev->next : list->first) == w);
        RT_CHECK((w->next ? w->next->prev : list->last) == w);
        *(w->prev ? &w->prev->next : &list->first) = w->next;
        *(w->next ? &w->next->prev : &list->last) = w->prev;
        if (!c->ch->capacity) {
            refresh(list);
            refresh(partners(c));
        }
    }
}

/* ---- what can go on ---- */

/* Without a partner: by what the channel holds. */
static bool ready_alone(const struct rt_case *c)
{
    const struct rt_chan *ch = c->ch;
    return ch->closed || (c->is_send ? ch->len < ch->capacity : ch->len > 0);
}

/* True if another one surely waits longer for the same partners: he meets them first. */
static bool is_behind(const struct rt_fiber *f, const struct rt_case *c)
{
    const struct rt_waiter *w = first_other(own_list(c), f);
    return f && w && w->fiber->epoch < f->epoch && first_other(partners(c), w->fiber);
}

static bool case_ready(const struct rt_fiber *f, const struct rt_case *c)
{
    if (!c->ch || ready_alone(c))
        return c->ch;
    return !c->ch->capacity && first_other(partners(c), f) && !is_behind(f, c);
}

/* True if a select with default finds this case ready for sure. */
static bool case_certain(const struct rt_fiber *f, const struct rt_case *c)
{
    return case_ready(f, c) && (ready_alone(c) || has_arrived(first_other(partners(c), f)));
}

static bool cases_ready(const struct rt_fiber *f)
{
    for (size_t i = 0; i < f->case_count; i++) {
        if (case_ready(f, &f->cases[i]))
            return true;
    }
    return false;
}

static const struct rt_wait cases_wait = { cases_ready, NULL, unlink_cases };

/* True if the goroutine's arrival lets a partner go on, so that there is a decision to make. */
static bool meets_partner(const struct rt_fiber *f)
{
    for (size_t i = 0; i < f->case_count; i++) {
        const struct rt_case *c = &f->cases[i];
        if (c->ch && !c->ch->capacity && partners(c)->first)
            return true;
    }
    return false;
}

/* ---- doing it ---- */

/* Waiters are served in the order in which they arrived, as far as that is certain. */
static struct rt_waiter *choose_partner(
        const struct rt_waiters *list, const struct rt_fiber *self, const char *label)
{
    struct rt_waiter *first = first_other(list, self);
    RT_CHECK(first);
    struct rt *rt = first->fiber->rt;
    rt->options.count = 0;
    for (struct rt_waiter *w = first; w && w->fiber->epoch == first->fiber->epoch; w = w->next) {
        RT_CHECK(!w->next || w->next->fiber->epoch >= w->fiber->epoch);
        if (w->fiber != self)
            rt_list_push(&rt->options, w->fiber);
    }
    struct rt_choice c = { RT_CHOICE_WAITER, rt->options.count, label,
        (struct rt_fiber *const *)rt->options.items, rt, false };
    uint32_t chosen = c.options > 1 ? rt_decide(rt, &c) : 0;
    struct rt_waiter *w = first;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many are there as were counted */
    for (; chosen || w->fiber == self; w = w->next)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many are there as were counted */
        chosen -= w->fiber != self;
    RT_CHECK(w->fiber->epoch == first->fiber->epoch);
    RT_CHECK(!w->fiber->complete && !w->fiber->dead);
    return w;
}

/* The waiter's case is done. */
static void complete(const struct rt_waiter *w)
{
    struct rt_fiber *f = w->fiber;
    RT_CHECK(w->index < f->case_count);
    f->chosen = w->index;
    rt_complete(f);
}

static struct rt_fiber *do_send(struct rt_fiber *f, struct rt_case *c)
{
    struct rt_chan *ch = c->ch;
    bool ordering = rt_ordering(f);
    if (ordering)
        rt_order_sends(f, ch);
    if (ch->closed)
        rt_panicf_at(NULL, NULL, "send on closed channel");
    if (ch->capacity && !(ch->len == 0 && has_arrived(ch->receivers.first))) {
        push(ch, c->value);
        if (ordering)
            rt_order_sent(f, ch);
        refresh(&ch->receivers);
        refresh(&ch->senders);
        return NULL;
    }
    struct rt_waiter *w = choose_partner(&ch->receivers, f, "which receiver");
    struct rt_fiber *partner = w->fiber;
    partner->cases[w->index].value = c->value;
    partner->cases[w->index].ok = true;
    if (ordering && ch->capacity) {
        rt_order_sent(f, ch);
        rt_order_received(partner, ch);
    } else if (ordering) {
        rt_order_met(f, partner, ch);
    }
    complete(w);
    return partner;
}

static void order_with_sender(struct rt_fiber *f, struct rt_fiber *sender, struct rt_chan *ch)
{
    rt_order_sends(sender, ch);
    if (ch->capacity)
        rt_order_sent(sender, ch);
    else
        rt_order_met(sender, f, ch);
}

static struct rt_fiber *do_recv(struct rt_fiber *f, struct rt_case *c)
{
    struct rt_chan *ch = c->ch;
    c->value = NULL;
    c->ok = ch->len > 0 || !ch->closed;
    bool ordering = rt_ordering(f);
    if (!c->ok) {
        if (ordering)
            rt_order_saw_closed(f, ch);
        return NULL;
    }
    if (ch->len > 0) {
        c->value = pop(ch);
        if (ordering)
            rt_order_received(f, ch);
    }
    struct rt_fiber *partner = NULL;
    if (!ch->capacity || (!ch->closed && has_arrived(ch->senders.first))) {
        struct rt_waiter *w = choose_partner(&ch->senders, f, "which sender");
        partner = w->fiber;
        void *value = partner->cases[w->index].value;
        if (ch->capacity)
            push(ch, value);
        else
            c->value = value;
        if (ordering)
            order_with_sender(f, partner, ch);
        complete(w);
    }
    if (ch->capacity) {
        refresh(&ch->senders);
        refresh(&ch->receivers);
    }
    return partner;
}

static void do_case(struct rt_fiber *f, struct rt_case *c)
{
    struct rt_fiber *partner = c->is_send ? do_send(f, c) : do_recv(f, c);
    rt_report_done(rt_machine_now, f, c->is_send ? RT_OP_SEND : RT_OP_RECV, c->ch, partner);
}

/* Takes one of the ready cases; -1 if there is none, or the default is chosen before partners that
 * may not have arrived. */
static int take_case(struct rt_fiber *f, struct rt_case *cases, size_t count, bool has_default)
{
    uint32_t ready = 0;
    bool certain = false;
    for (size_t i = 0; i < count; i++) {
        ready += case_ready(f, &cases[i]);
        certain = certain || (has_default && case_certain(f, &cases[i]));
    }
    if (!ready)
        return -1;
    uint32_t options = ready + (has_default && !certain);
    uint32_t chosen = rt_choose(RT_CHOICE_SELECT, options, "select");
    if (chosen == ready)
        return -1;
    size_t i = 0;
    for (;; i++) {
        if (case_ready(f, &cases[i]) && chosen-- == 0)
            break;
    }
    do_case(f, &cases[i]);
    return (int)i;
}

/* The name and id shown for a select are those of its first channel. */
static void publish(struct rt_fiber *f, enum rt_op_kind kind, struct rt_case *cases, size_t count,
        const char *file, int line)
{
    const struct rt_chan *ch = count ? cases[0].ch : NULL;
    rt_publish(f, kind, rt_chan_object(ch), rt_chan_name(ch), file, line);
    f->cases = cases;
    f->case_count = count;
}

static int run_cases(enum rt_op_kind kind, struct rt_case *cases, size_t count, bool has_default,
        const char *file, int line)
{
    struct rt_fiber *f = rt_running();
    if (!f) {
        int taken = take_case(NULL, cases, count, has_default);
        if (taken < 0 && !has_default)
            rt_die("%s that must wait outside goroutines, at %s:%d", rt_op_kind_name(kind), file,
                    line);
        return taken;
    }
    publish(f, kind, cases, count, file, line);
    f->has_default = has_default;
    bool alone = rt_may_run_on(f->rt);
    if (has_default) {
        if (alone)
            rt_take(f->rt, f, -1);
        else
            rt_wait_turn(f, NULL);
    } else if (alone && cases_ready(f) && !meets_partner(f)) {
        rt_take(f->rt, f, -1);
    } else {
        link_cases(f);
        rt_wait_turn(f, &cases_wait);
        if (f->complete)
            return (int)f->chosen;
    }
    return take_case(f, cases, count, has_default);
}

void rt_send_at(struct rt_chan *ch, void *value, const char *file, int line)
{
    struct rt_case c = RT_SEND(ch, value);
    (void)run_cases(RT_OP_SEND, &c, 1, false, file, line);
}

bool rt_recv_at(struct rt_chan *ch, void **value, const char *file, int line)
{
    struct rt_case c = RT_RECV(ch);
    (void)run_cases(RT_OP_RECV, &c, 1, false, file, line);
    if (value)
        *value = c.value;
    return c.ok;
}

size_t rt_select_at(struct rt_case *cases, size_t count, const char *file, int line)
{
    return (size_t)run_cases(RT_OP_SELECT, cases, count, false, file, line);
}

int rt_select_default_at(struct rt_case *cases, size_t count, const char *file, int line)
{
    return run_cases(RT_OP_SELECT, cases, count, true, file, line);
}

void rt_close_at(struct rt_chan *ch, const char *file, int line)
{
    struct rt_fiber *f = rt_running();
    if (f)
        f->object = ch;
    rt_point(RT_OP_CLOSE, rt_chan_object(ch), rt_chan_name(ch), file, line);
    if (!ch)
        rt_panicf_at(NULL, NULL, "close of nil channel");
    if (rt_ordering(rt_running()))
        rt_order_closes(ch);
    if (ch->closed)
        rt_panicf_at(NULL, NULL, "close of closed channel");
    ch->closed = true;
    refresh(&ch->receivers);
    refresh(&ch->senders);
}
