/* Data races: the edges of channels, messages and select in isolation. With the edge the two
 * accesses are ordered, and no schedule shows a race; without it every schedule shows it. */
#include "tests/rt/helper_races.h"

/* ---- channels ---- */

static void g_writes_then_sends(void *arg)
{
    (void)arg;
    write_field();
    rt_send(s->ch, NULL);
}

static void g_sends_then_writes(void *arg)
{
    (void)arg;
    rt_send(s->ch, NULL);
    write_field();
}

static void send_edge(void *arg)
{
    (void)arg;
    rt_go("g", s->edge ? g_writes_then_sends : g_sends_then_writes, NULL);
    rt_recv(s->ch, NULL);
    read_field();
}

static void buffered_send_edge(void *arg)
{
    s->ch = rt_chan_make(3, "ch");
    send_edge(arg);
}

/* The other way: an unbuffered receive comes before the end of its send. */
static void g_reads_then_receives(void *arg)
{
    (void)arg;
    read_field();
    rt_recv(s->ch, NULL);
}

static void receive_edge(void *arg)
{
    (void)arg;
    if (!s->edge)
        s->ch = rt_chan_make(1, "ch");
    rt_go("g", g_reads_then_receives, NULL);
    rt_send(s->ch, NULL);
    write_field();
}

/* A buffer of two as a semaphore: the first receive comes before the end of the third send, not of
 * the second. */
static void capacity_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_go("g", g_reads_then_receives, NULL);
    for (int i = 0; i < (s->edge ? 3 : 2); i++)
        rt_send(s->ch, NULL);
    write_field();
}

static void g_receives_two_then_reads(void *arg)
{
    (void)arg;
    rt_recv(s->ch, NULL);
    if (s->edge)
        rt_recv(s->ch, NULL);
    read_field();
}

/* The k-th receive knows of the k-th send, not of the next one. */
static void kth_send_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_go("g", g_receives_two_then_reads, NULL);
    rt_send(s->ch, NULL);
    write_field();
    rt_send(s->ch, NULL);
}

static void g_receives_until_closed(void *arg)
{
    (void)arg;
    while (rt_recv(s->ch, NULL))
        continue;
    read_field();
}

static void close_edge(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(2, "ch");
    rt_send(s->ch, NULL);
    rt_go("g", g_receives_until_closed, NULL);
    if (s->edge)
        write_field();
    rt_close(s->ch);
    if (!s->edge)
        write_field();
}

/* What was sent before the close does not know of the close. */
static void g_receives_once(void *arg)
{
    (void)arg;
    assert_true(rt_recv(s->ch, NULL));
    read_field();
}

static void element_of_a_closed_channel(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_send(s->ch, NULL);
    rt_go("g", g_receives_once, NULL);
    write_field();
    rt_close(s->ch);
}

static void g_sends(void *arg)
{
    (void)arg;
    rt_send(s->ch, NULL);
}

/* In Go a send and a close that nothing orders are a race, whether or not it panics. */
static void close_and_send(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    if (s->edge) {
        rt_go("g", g_sends, NULL);
        rt_recv(s->ch, NULL);
    } else {
        rt_send(s->ch, NULL);
    }
    rt_close(s->ch);
}

static void g_polls_a_send(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2 && !rt_chan_closed(s->ch); i++) {
        struct rt_case c = RT_SEND(s->ch, NULL);
        (void)rt_select_default(&c, 1);
        rt_send(s->other, NULL);
    }
}

static void close_among_sends(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_chan_is_message(s->other);
    rt_go("g", g_polls_a_send, NULL);
    rt_recv(s->other, NULL);
    rt_recv(s->other, NULL);
    rt_close(s->ch);
}

static void close_in_the_dark(void *arg)
{
    (void)arg;
    s->ch = rt_chan_make(1, "ch");
    rt_go("g", g_sends, NULL);
    rt_sleep_ns(RT_SECOND);
    rt_close(s->ch);
}

static void h_closes(void *arg)
{
    (void)arg;
    rt_sleep_ns(2 * RT_SECOND);
    rt_close(s->ch);
}

/* The same when the receiver completes the send. */
static void close_after_a_rendezvous(void *arg)
{
    (void)arg;
    rt_go("g", g_sends, NULL);
    rt_go("h", h_closes, NULL);
    rt_sleep_ns(RT_SECOND);
    rt_recv(s->ch, NULL);
}

/* ---- messages between processes ---- */

static void g_answers(void *arg)
{
    (void)arg;
    read_field();
    rt_recv(s->ch, NULL);
    if (s->edge)
        rt_send(s->other, NULL);
}

/* A network connection says nothing of the other side until it answers. */
static void message_edge(void *arg)
{
    (void)arg;
    rt_chan_is_message(s->ch);
    rt_chan_is_message(s->other);
    rt_go("g", g_answers, NULL);
    rt_send(s->ch, NULL);
    if (s->edge)
        rt_recv(s->other, NULL);
    write_field();
}

struct queue {
    void *order;
    bool full;
};

static void g_puts(void *arg)
{
    struct queue *q = arg;
    write_field();
    if (s->edge)
        rt_message_sent(&q->order);
    q->full = true;
}

static void queue_edge(void *arg)
{
    (void)arg;
    struct queue *q = rt_new(struct queue);
    rt_go("g", g_puts, q);
    rt_sleep_ns(RT_SECOND);
    assert_true(q->full);
    rt_message_received(&q->order);
    read_field();
}

/* ---- select ---- */

static void select_edge(void *arg)
{
    (void)arg;
    rt_go("g", s->edge ? g_writes_then_sends : g_sends_then_writes, NULL);
    struct rt_case cases[] = { RT_RECV(s->other), RT_RECV(s->ch) };
    assert_int_equal(rt_select(cases, 2), 1);
    read_field();
}

static void g_selects_a_send(void *arg)
{
    (void)arg;
    if (s->edge)
        write_field();
    struct rt_case cases[] = { RT_SEND(s->ch, NULL), RT_RECV(s->other) };
    assert_int_equal(rt_select(cases, 2), 0);
    if (!s->edge)
        write_field();
}

static void select_send_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_selects_a_send, NULL);
    rt_recv(s->ch, NULL);
    read_field();
}

/* The default is no edge. */
static void default_is_no_edge(void *arg)
{
    (void)arg;
    rt_go("g", g_writes, NULL);
    struct rt_case c = RT_RECV(s->ch);
    assert_int_equal(rt_select_default(&c, 1), -1);
    read_field();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDGE(send_edge),
        EDGE(buffered_send_edge),
        EDGE(receive_edge),
        EDGE(capacity_edge),
        EDGE(kth_send_edge),
        EDGE(close_edge),
        RACES(element_of_a_closed_channel, true, "field:g,main"),
        RACES(close_and_send, true, ""),
        RACES(close_and_send, false, ""),
        RACES(close_among_sends, true, ""),
        RACES(close_in_the_dark, true, "ch:g,main"),
        RACES(close_after_a_rendezvous, true, "ch:g,h"),
        EDGE(message_edge),
        EDGE(queue_edge),
        EDGE(select_edge),
        EDGE(select_send_edge),
        RACES(default_is_no_edge, true, "field:g,main"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
