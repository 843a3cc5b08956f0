/* What a run tells of itself, event by event: which goroutines can go on, in which order they are
 * offered (the one that ran last, then by id, a timer that is due at the end), which operations
 * they take, which case of a select was done and with whom. docs/runtime.md and the headers
 * promise it; replays and searches live on it. */
#include "model/rt/trace.h"
#include "tests/rt/helper_program.h"

#include <string.h>

static const char *picks; /* digits: what is chosen first; then always 0 */

static uint32_t pick(void *self, const struct rt_choice *c)
{
    (void)self;
    uint32_t chosen = *picks ? (uint32_t)(*picks++ - '0') : 0;
    assert_true(chosen < c->options);
    return chosen;
}

static void say_op(const char *verb, const struct rt_fiber *f, const struct rt_op *op)
{
    if (!op->file)
        assert_int_equal(op->line, 0);
    out("%s%s %s", verb, f ? rt_fiber_name(f) : "-", rt_op_kind_name(op->kind));
    if (op->object_name && op->kind != RT_OP_START)
        out(" %s", op->object_name);
}

/* A choice: its kind, the goroutines where it names them, else their number. */
static void told_choice(void *self, int64_t time_ns, const struct rt_choice *c, uint32_t chosen)
{
    (void)self, (void)time_ns, (void)chosen;
    bool runs_on = c->kind == RT_CHOICE_FIBER && c->fibers[0] == rt_ran_last(c->rt);
    assert_int_equal(c->runs_on, runs_on && c->fibers[0]);
    out("%s?", rt_choice_kind_name(c->kind));
    if (!c->fibers)
        out("%u", c->options);
    for (uint32_t i = 0; c->fibers && i < c->options; i++)
        out("%s%s", i ? "," : "", c->fibers[i] ? rt_fiber_name(c->fibers[i]) : "timer");
    out("; ");
}

static void told_step(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        int64_t choice_index)
{
    (void)self;
    assert_true(choice_index >= -1);
    say_op("", fiber, op);
    if (time_ns)
        out(" @%d", (int)time_ns);
    if (choice_index >= 0)
        out(" #%d", (int)choice_index);
    out("; ");
}

static void told_done(void *self, int64_t time_ns, struct rt_fiber *fiber, const struct rt_op *op,
        struct rt_fiber *partner)
{
    (void)self, (void)time_ns;
    say_op("done ", fiber, op);
    if (partner)
        out(" with %s", rt_fiber_name(partner));
    out("; ");
}

static void source_step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    (void)self;
    assert_false(rt_fiber_enabled(fiber)); /* it is pending no more */
    say_op("", fiber, op);
    out("; ");
}

static void source_effect(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    (void)self;
    say_op("effect ", fiber, op);
    out("; ");
}

static void source_pending(void *self, struct rt_fiber *fiber)
{
    (void)self;
    say_op("pending ", fiber, rt_fiber_op(fiber));
    out("; ");
}

static void source_complete(void *self, struct rt_fiber *fiber)
{
    (void)self;
    assert_true(rt_fiber_resumes(fiber));
    out("complete %s; ", rt_fiber_name(fiber));
}

/* A test of cmocka named after a program: what a sink, or a source, hears of its run with these
 * choices. */
struct told_case {
    rt_fn program;
    const char *picks;
    const char *expected;
    bool source;
};

static void test_told(void **state)
{
    const struct told_case *c = *state;
    struct rt_sink sink = { .choice = told_choice, .step = told_step, .done = told_done };
    const struct rt_source quiet = { .choose = pick };
    const struct rt_source telling = { .choose = pick,
        .step = source_step,
        .effect = source_effect,
        .pending = source_pending,
        .complete = source_complete };
    const struct rt_config config = { .sink = c->source ? NULL : &sink,
        .source = c->source ? &telling : &quiet };
    picks = c->picks;
    assert_string_equal(run_program_with(c->program, &config), c->expected);
}

#define TOLD(program, picks, expected)                                                             \
    {                                                                                              \
        .name = #program " " picks, .test_func = test_told, .initial_state = &(struct told_case)   \
        {                                                                                          \
            program, picks, expected, false                                                        \
        }                                                                                          \
    }
#define SOURCE(program, picks, expected)                                                           \
    {                                                                                              \
        .name = #program " " picks " to a source", .test_func = test_told,                         \
        .initial_state = &(struct told_case)                                                       \
        {                                                                                          \
            program, picks, expected, true                                                         \
        }                                                                                          \
    }

static struct rt_chan *ch;
static struct rt_chan *other;
static struct rt_mutex mu;
static struct rt_waitgroup wg;
static struct rt_once once;

static void nothing(void *arg)
{
    (void)arg;
}

static void sends(void *arg)
{
    rt_send(ch, arg);
}

static void receives(void *arg)
{
    (void)arg;
    rt_recv(ch, NULL);
}

/* ---- channels ---- */

/* Both partners can go on; the one who goes completes the other. */
static void rendezvous(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("b", sends, NULL);
    rt_recv(ch, NULL);
}

/* Alone, and with room: nobody is asked. */
static void buffered(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_send(ch, NULL);
    rt_recv(ch, NULL);
    rt_close(ch);
    rt_recv(ch, NULL);
}

/* The select offers itself no partner, and shows by its first channel; what it did is the
 * case. */
static void both_ways(void *arg)
{
    (void)arg;
    other = rt_chan_make(0, "other");
    ch = rt_chan_make(0, "ch");
    rt_go("b", sends, NULL);
    struct rt_case cases[] = { RT_RECV(other), RT_SEND(ch, NULL), RT_RECV(ch) };
    (void)rt_select(cases, 3);
}

/* A goroutine is asked again only if it can go on. */
static void two_receivers(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    rt_go("b", receives, NULL);
    rt_go("c", receives, NULL);
    rt_yield();
    rt_send(ch, NULL);
}

/* A sender at a full buffer cannot go on until there is room. */
static void full_buffer(void *arg)
{
    (void)arg;
    ch = rt_chan_make(1, "ch");
    rt_send(ch, NULL);
    rt_go("b", sends, NULL);
    rt_yield();
    rt_recv(ch, NULL);
    rt_yield();
}

/* Of two receivers at an empty buffer either may have come first. */
static void empty_buffer(void *arg)
{
    (void)arg;
    ch = rt_chan_make(2, "ch");
    rt_go("b", receives, NULL);
    rt_go("c", receives, NULL);
    rt_sleep_ns(1);
    rt_send(ch, NULL);
}

/* ---- locks ---- */

static void locks(void *arg)
{
    (void)arg;
    rt_lock(&mu);
    rt_unlock(&mu);
}

static void one_lock(void *arg)
{
    (void)arg;
    rt_mutex_init(&mu, "mu");
    rt_go("b", locks, NULL);
    rt_go("c", locks, NULL);
    rt_lock(&mu);
    rt_yield();
    rt_unlock(&mu);
}

static void first_call(void *arg)
{
    (void)arg;
    rt_yield();
}

static void calls_once(void *arg)
{
    (void)arg;
    rt_once_do(&once, first_call, NULL);
}

static void once_for_two(void *arg)
{
    (void)arg;
    rt_once_init(&once, "once");
    rt_go("b", calls_once, NULL);
    calls_once(NULL);
    calls_once(NULL);
}

static void done(void *arg)
{
    (void)arg;
    rt_waitgroup_done(&wg);
}

static void group(void *arg)
{
    (void)arg;
    rt_waitgroup_init(&wg, "wg");
    rt_waitgroup_add(&wg, 1);
    rt_waitgroup_add(&wg, 1);
    rt_waitgroup_add(&wg, 0);
    rt_go("b", done, NULL);
    rt_waitgroup_done(&wg);
    rt_waitgroup_wait(&wg);
    rt_waitgroup_wait(&wg);
    rt_waitgroup_add(&wg, -1);
}

static void waits(void *arg)
{
    (void)arg;
    rt_waitgroup_wait(&wg);
}

/* They are let go in the order in which they came. */
static void three_wait(void *arg)
{
    (void)arg;
    rt_waitgroup_init(&wg, "wg");
    rt_waitgroup_add(&wg, 2);
    rt_go("b", waits, NULL);
    rt_go("c", waits, NULL);
    rt_go("d", waits, NULL);
    rt_sleep_ns(1);
    rt_waitgroup_add(&wg, -2);
}

/* A case that is ready at once, and one with a partner that can also go first. */
static void ready_and_partner(void *arg)
{
    (void)arg;
    other = rt_chan_make(1, "other");
    ch = rt_chan_make(0, "ch");
    rt_go("b", receives, NULL);
    rt_sleep_ns(1);
    struct rt_case cases[] = { RT_SEND(other, NULL), RT_SEND(ch, NULL) };
    (void)rt_select(cases, 2);
}

/* Alone, a poll is a step like others. */
static void polls(void *arg)
{
    (void)arg;
    ch = rt_chan_make(0, "ch");
    struct rt_case c = RT_RECV(ch);
    (void)rt_select_default(&c, 1);
    rt_close(ch);
    (void)rt_select_default(&c, 1);
}

/* ---- time ---- */

static void sleeps(void *arg)
{
    rt_sleep_ns(of(arg));
}

/* To sleep no time is nothing at all. */
static void sleeps_no_time(void *arg)
{
    (void)arg;
    rt_sleep_ns(0);
    rt_sleep_ns(-1);
}

/* At one time: which timer first, and whether a timer or who can go on already. */
static void two_sleepers(void *arg)
{
    (void)arg;
    rt_go("b", sleeps, num(5));
    rt_go("c", sleeps, num(5));
    rt_sleep_ns(9);
}

/* A timer that fires at once is a choice against going on. */
static void due_now(void *arg)
{
    (void)arg;
    rt_timer_call(NULL, 0, "bell", nothing, NULL);
    rt_yield();
    rt_yield();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOLD(rendezvous, "",
                "- go main; main start; main go b; b start; fiber?b,main; b send ch #0; "
                "done b send ch with main; b exit b; main recv ch; main exit main; "),
        TOLD(rendezvous, "1",
                "- go main; main start; main go b; b start; fiber?b,main; main recv ch #0; "
                "done main recv ch with b; main exit main; b send ch; b exit b; "),
        TOLD(buffered, "",
                "- go main; main start; main send ch; done main send ch; main recv ch; "
                "done main recv ch; main close ch; main recv ch; done main recv ch; "
                "main exit main; "),
        TOLD(both_ways, "",
                "- go main; main start; main go b; b start; fiber?b,main; b send ch #0; "
                "done b send ch with main; b exit b; main select other; main exit main; "),
        TOLD(both_ways, "1",
                "- go main; main start; main go b; b start; fiber?b,main; main select other #0; "
                "done main recv ch with b; main exit main; b send ch; b exit b; "),
        TOLD(two_receivers, "",
                "- go main; main start; main go b; main go c; fiber?main,b,c; main yield #0; "
                "fiber?b,c; b start #1; fiber?b,main,c; b recv ch #2; done b recv ch with main; "
                "b exit b; fiber?main,c; main send ch #3; main exit main; c start;  blocked(1)"),
        TOLD(two_receivers, "1111",
                "- go main; main start; main go b; main go c; fiber?main,b,c; b start #0; "
                "fiber?main,c; c start #1; main yield; fiber?main,b,c; b recv ch #2; "
                "done b recv ch with main; b exit b; main send ch; main exit main;  blocked(1)"),
        TOLD(two_receivers, "1101",
                "- go main; main start; main go b; main go c; fiber?main,b,c; b start #0; "
                "fiber?main,c; c start #1; main yield; fiber?main,b,c; main send ch #2; "
                "waiter?b,c; "
                "done main send ch with c; main exit main; c recv ch; c exit c;  blocked(1)"),
        TOLD(full_buffer, "1",
                "- go main; main start; main send ch; done main send ch; main go b; "
                "fiber?main,b; b start #0; main yield; main recv ch; done main recv ch; "
                "fiber?main,b; main yield #1; main exit main; b send ch; done b send ch; b exit "
                "b; "),
        TOLD(empty_buffer, "",
                "- go main; main start; main go b; main go c; fiber?b,c; b start #0; c start; "
                "- timer sleep @1; main sleep sleep @1; main send ch @1; waiter?b,c; "
                "done main send ch with b; main exit main @1; b recv ch @1; b exit b @1;  "
                "blocked(1)"),
        TOLD(one_lock, "",
                "- go main; main start; main go b; main go c; fiber?main,b,c; main lock mu #0; "
                "fiber?main,b,c; main yield #1; main unlock mu; main exit main; fiber?b,c; "
                "b start #2; fiber?b,c; b lock mu #3; b unlock mu; b exit b; c start; c lock mu; "
                "c unlock mu; c exit c; "),
        TOLD(one_lock, "011",
                "- go main; main start; main go b; main go c; fiber?main,b,c; main lock mu #0; "
                "fiber?main,b,c; b start #1; fiber?main,c; c start #2; main yield; "
                "main unlock mu; main exit main; fiber?b,c; b lock mu #3; "
                "b unlock mu; b exit b; c lock mu; c unlock mu; c exit c; "),
        TOLD(once_for_two, "",
                "- go main; main start; main go b; fiber?main,b; main once once #0; fiber?main,b; "
                "main yield #1; main unlock once; fiber?main,b; main once once #2; "
                "main exit main; b start; b once once; b exit b; "),
        TOLD(once_for_two, "01",
                "- go main; main start; main go b; fiber?main,b; main once once #0; fiber?main,b; "
                "b start #1; main yield; main unlock once; fiber?main,b; main once once #2; "
                "main exit main; b once once; b exit b; "),
        TOLD(group, "",
                "- go main; main start; main go b; b start; b exit b; main wait wg; main wait wg; "
                "main kill p;  panic(sync: negative WaitGroup counter)"),
        TOLD(polls, "",
                "- go main; main start; main select ch; main close ch; main select ch; "
                "done main recv ch; main exit main; "),
        SOURCE(three_wait, "",
                "effect - go main; main start; effect main add first wg; effect main go b; "
                "effect main go c; effect main go d; pending main sleep sleep; b start; "
                "pending b wait wg; c start; pending c wait wg; d start; pending d wait wg; "
                "effect - timer sleep; complete main; main sleep sleep; "
                "effect main done last wg; complete b; complete c; complete d; "
                "effect main exit main; b wait wg; effect b exit b; c wait wg; effect c exit c; "
                "d wait wg; effect d exit d; "),
        TOLD(ready_and_partner, "",
                "- go main; main start; main go b; b start; - timer sleep @1; main sleep sleep @1; "
                "fiber?main,b; main select other @1 #0; select?2; done main send other; "
                "main exit main @1;  blocked(1)"),
        TOLD(ready_and_partner, "1",
                "- go main; main start; main go b; b start; - timer sleep @1; main sleep sleep @1; "
                "fiber?main,b; b recv ch @1 #0; done b recv ch with main; b exit b @1; "
                "main select other @1; main exit main @1; "),
        TOLD(ready_and_partner, "01",
                "- go main; main start; main go b; b start; - timer sleep @1; main sleep sleep @1; "
                "fiber?main,b; main select other @1 #0; select?2; done main send ch with b; "
                "main exit main @1; b recv ch @1; b exit b @1; "),
        TOLD(sleeps_no_time, "", "- go main; main start; main exit main; "),
        TOLD(two_sleepers, "",
                "- go main; main start; main go b; main go c; fiber?b,c; b start #0; c start; "
                "timer?2; - timer sleep @5; fiber?b,timer; b sleep sleep @5 #2; b exit b @5; "
                "- timer sleep @5; c sleep sleep @5; c exit c @5; - timer sleep @9; "
                "main sleep sleep @9; main exit main @9; "),
        TOLD(two_sleepers, "011",
                "- go main; main start; main go b; main go c; fiber?b,c; b start #0; c start; "
                "timer?2; - timer sleep @5; fiber?c,timer; - timer sleep @5; fiber?c,b; "
                "c sleep sleep @5 #3; c exit c @5; b sleep sleep @5; b exit b @5; - timer sleep "
                "@9; "
                "main sleep sleep @9; main exit main @9; "),
        TOLD(due_now, "",
                "- go main; main start; fiber?main,timer; main yield #0; fiber?main,timer; "
                "main yield #1; main exit main; - timer bell; "),
        TOLD(due_now, "1",
                "- go main; main start; fiber?main,timer; - timer bell; main yield; main yield; "
                "main exit main; "),
        SOURCE(rendezvous, "",
                "effect - go main; main start; effect main go b; pending main recv ch; b start; "
                "pending b send ch; b send ch; complete main; effect b exit b; main recv ch; "
                "effect main exit main; "),
        SOURCE(one_lock, "",
                "effect - go main; main start; effect main go b; effect main go c; "
                "pending main lock mu; main lock mu; pending main yield; main yield; "
                "effect main unlock mu; effect main exit main; b start; pending b lock mu; "
                "b lock mu; effect b unlock mu; effect b exit b; c start; pending c lock mu; "
                "c lock mu; effect c unlock mu; effect c exit c; "),
        SOURCE(group, "",
                "effect - go main; main start; effect main add first wg; effect main add wg; "
                "effect main go b; effect main done wg; pending main wait wg; b start; "
                "effect b done last wg; complete main; effect b exit b; main wait wg; "
                "pending main wait wg; main wait wg; effect main done below wg; "
                "effect main kill p;  panic(sync: negative WaitGroup counter)"),
        SOURCE(two_sleepers, "",
                "effect - go main; main start; effect main go b; effect main go c; "
                "pending main sleep sleep; b start; pending b sleep sleep; c start; "
                "pending c sleep sleep; effect - timer sleep; complete b; b sleep sleep; "
                "effect b exit b; effect - timer sleep; complete c; c sleep sleep; "
                "effect c exit c; effect - timer sleep; complete main; main sleep sleep; "
                "effect main exit main; "),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
