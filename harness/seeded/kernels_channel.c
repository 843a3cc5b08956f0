/* Kernels of channels and select. */
#include "harness/seeded/kernel.h"
#include "model/rt/clock.h"

/* ---- a leak at an early return: the caller has taken the timeout, and nobody receives ---- */

static void send_result(void *arg)
{
    struct kernel_world *w = arg;
    rt_send(w->ch, NULL);
}

static void give_up(void *arg)
{
    struct kernel_world *w = arg;
    rt_send(w->ch2, NULL);
}

static void early_return(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(w->fixed ? 1 : 0, "result");
    w->ch2 = rt_chan_make(1, "cancelled");
    rt_go("worker", send_result, w);
    rt_go("canceller", give_up, w);
    struct rt_case cases[] = { RT_RECV(w->ch), RT_RECV(w->ch2) };
    rt_select(cases, 2);
}

/* ---- two workers, and the first error ends the caller ---- */

static void first_error(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(w->fixed ? 2 : 0, "errors");
    rt_go("worker", send_result, w);
    rt_go("worker", send_result, w);
    struct rt_case poll = RT_RECV(w->ch);
    rt_yield();
    if (rt_select_default(&poll, 1) == 0)
        return;
    rt_recv(w->ch, NULL);
    rt_recv(w->ch, NULL);
}

/* ---- a signal that is lost because nobody waits for it yet ---- */

static void signal_maybe(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case send = RT_SEND(w->ch, NULL);
    rt_select_default(&send, 1);
}

static void wait_for_signal(void *arg)
{
    struct kernel_world *w = arg;
    rt_recv(w->ch, NULL);
}

static void lost_signal(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(w->fixed ? 1 : 0, "signal");
    rt_go("waiter", wait_for_signal, w);
    rt_go("signaller", signal_maybe, w);
}

/* ---- an item that is ready is dropped when the stop is ready, too ---- */

static void produce(void *arg)
{
    struct kernel_world *w = arg;
    rt_send(w->ch, w);
    rt_close(w->done);
}

static void consume(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case cases[] = { RT_RECV(w->ch), RT_RECV(w->done) };
    bool stopped = rt_select(cases, 2) == 1;
    if (stopped && w->fixed)
        stopped = rt_select_default(cases, 1) < 0;
    go_program_claim(!stopped, "what was sent before the stop is received");
}

static void dropped_item(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(1, "items");
    w->done = rt_chan_make(0, "done");
    rt_go("producer", produce, w);
    rt_go("consumer", consume, w);
}

/* ---- closed twice ---- */

static void close_it(void *arg)
{
    rt_close(((struct kernel_world *)arg)->done);
}

static void close_if_open(void *arg)
{
    struct kernel_world *w = arg;
    if (w->fixed) {
        rt_once_do(&w->once, close_it, w);
        return;
    }
    struct rt_case poll = RT_RECV(w->done);
    if (rt_select_default(&poll, 1) < 0)
        rt_close(w->done);
}

static void close_twice(void *arg)
{
    struct kernel_world *w = arg;
    w->done = rt_chan_make(0, "done");
    rt_go("closer", close_if_open, w);
    rt_go("closer", close_if_open, w);
}

/* ---- a send on a channel that its reader closes ---- */

static void send_unless_done(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case cases[] = { RT_SEND(w->ch, NULL), RT_RECV(w->done) };
    for (int i = 0; i < 2; i++)
        rt_select(cases, 2);
}

static void read_one_and_close(void *arg)
{
    struct kernel_world *w = arg;
    rt_recv(w->ch, NULL);
    rt_close(w->done);
    if (!w->fixed)
        rt_close(w->ch);
}

static void send_on_closed(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(1, "items");
    w->done = rt_chan_make(0, "done");
    rt_go("sender", send_unless_done, w);
    rt_go("reader", read_one_and_close, w);
}

/* ---- a range over a channel that is closed only if the producer was not stopped ---- */

static void produce_until_stopped(void *arg)
{
    struct kernel_world *w = arg;
    struct rt_case stop = RT_RECV(w->done);
    for (int i = 0; i < 2; i++) {
        if (rt_select_default(&stop, 1) == 0) {
            if (w->fixed)
                rt_close(w->ch);
            return;
        }
        rt_send(w->ch, NULL);
    }
    rt_close(w->ch);
}

static void range_over(void *arg)
{
    struct kernel_world *w = arg;
    while (rt_recv(w->ch, NULL))
        continue;
}

static void unclosed_range(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(2, "items");
    w->done = rt_chan_make(0, "stop");
    rt_go("producer", produce_until_stopped, w);
    rt_go("consumer", range_over, w);
    rt_close(w->done);
}

/* ---- a timeout and its answer at one time: the late answer is taken for the next one's ---- */

static void answer_late(void *arg)
{
    struct kernel_world *w = arg;
    rt_sleep_ns(RT_SECOND);
    rt_send(w->ch, w);
}

static void stale_answer(void *arg)
{
    struct kernel_world *w = arg;
    w->ch = rt_chan_make(1, "answer");
    rt_go("server", answer_late, w);
    struct rt_case cases[] = { RT_RECV(w->ch), RT_RECV(rt_after(RT_SECOND, "timeout")) };
    if (rt_select(cases, 2) == 0)
        return;
    struct rt_chan *next = w->fixed ? rt_chan_make(1, "next answer") : w->ch;
    rt_yield();
    struct rt_case poll = RT_RECV(next);
    go_program_claim(rt_select_default(&poll, 1) < 0, "there is no answer before the question");
}

const struct kernel kernels_channel[] = {
    { "early-return", "a caller that was cancelled leaves its worker at the send", 0,
            early_return },
    { "first-error", "a caller that returns at the first error leaves the second at the send", 0,
            first_error },
    { "lost-signal", "a signal is sent with a default before the waiter waits", 0, lost_signal },
    { "dropped-item", "select takes the stop though an item is ready", 0, dropped_item },
    { "close-twice", "two goroutines close a channel that each found open", 0, close_twice },
    { "send-on-closed", "the reader closes a channel that is still sent on", 0, send_on_closed },
    { "unclosed-range", "a stopped producer does not close what is ranged over", 0,
            unclosed_range },
    { "stale-answer", "an answer that comes with the timeout is taken for the next one", 0,
            stale_answer },
    { 0 },
};
