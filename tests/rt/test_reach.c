/* Goroutines that nothing alive can wake, while another one goes on: shapes of GoBench's blocking
 * bugs, and what looks like them and is none. */
#include "model/rt/reach.h"
#include "tests/rt/helper_program.h"

#include <stdio.h>
#include <string.h>

static char found[256];

static void look(void *arg)
{
    struct rt_fiber *stuck[8];
    struct rt_reach reach = { .alive = NULL };
    size_t count = rt_stuck(arg, &reach, stuck, 8), len = 0;
    found[0] = '\0';
    for (size_t i = 0; i < count && i < 8; i++)
        len += (size_t)snprintf(
                found + len, sizeof(found) - len, "%s%s", i ? " " : "", rt_fiber_name(stuck[i]));
}

/* Somebody who has nothing to do with it and lives on. */
static void bystander(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++)
        rt_sleep_ns(RT_SECOND);
}

struct box {
    struct rt_chan *ch;
    struct rt_chan *other;
    struct rt_mutex a;
    struct rt_mutex b;
    struct rt_rwmutex rw;
    struct rt_waitgroup wg;
    struct rt_once once;
};

/* A program, and what is stuck after two and a half seconds, while the bystander still sleeps. */
struct stuck_case {
    rt_fn program;
    const char *expected;
};

static void test_stuck(void **state)
{
    const struct stuck_case *c = *state;
    struct rt_config config = { .track_objects = true };
    struct rt *rt = rt_machine_new();
    for (int run = 0; run < 2; run++) {
        rt_begin(rt, &config);
        struct rt_proc *p = rt_proc_new("p");
        rt_go_in(p, "bystander", bystander, NULL);
        rt_go_in(p, "main", c->program, NULL);
        assert_int_equal(rt_run_until(rt, 5 * RT_SECOND / 2), RT_BLOCKED);
        look(rt);
        assert_string_equal(found, c->expected);
        rt_end(rt);
    }
    rt_machine_free(rt);
}

#define STUCK(program, expected)                                                                   \
    {                                                                                              \
        .name = #program, .test_func = test_stuck, .initial_state = &(struct stuck_case)           \
        {                                                                                          \
            program, expected                                                                      \
        }                                                                                          \
    }

static struct box *box_new(size_t capacity)
{
    struct box *box = rt_new(struct box);
    box->ch = rt_chan_make(capacity, "ch");
    box->other = rt_chan_make(0, "other");
    return box;
}

static void sender(void *arg)
{
    struct box *box = arg;
    rt_send(box->ch, NULL);
}

static void receiver(void *arg)
{
    struct box *box = arg;
    rt_recv(box->ch, NULL);
}

/* The receiver took the timeout, and the sender has nobody left. */
static void abandoned_sender(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("sender", sender, box);
}

/* The one that is stuck ran last. */
static void late_sender(void *arg)
{
    (void)arg;
    rt_sleep_ns(9 * RT_SECOND / 4);
    rt_send(rt_chan_make(0, "ch"), NULL);
}

static void second_of_two_senders(void *arg)
{
    (void)arg;
    struct box *box = box_new(1);
    rt_go("first", sender, box);
    rt_go("second", sender, box);
}

static void lost_wakeup(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("waiter", receiver, box);
    struct rt_case c = RT_SEND(box->other, NULL);
    (void)rt_select_default(&c, 1);
}

/* ---- among each other ---- */

static void locks_ab(void *arg)
{
    struct box *box = arg;
    rt_lock(&box->a);
    rt_sleep_ns(1000);
    rt_lock(&box->b);
}

static void locks_ba(void *arg)
{
    struct box *box = arg;
    rt_lock(&box->b);
    rt_sleep_ns(1000);
    rt_lock(&box->a);
}

/* Somebody else knows the locks, but will not unlock what others have locked. */
static void knows(void *arg)
{
    struct box *box = arg;
    for (int i = 0; i < 5; i++)
        rt_sleep_ns(RT_SECOND);
    rt_chan_len(box->ch);
}

static void circular_locks(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("knows", knows, box);
    rt_go("ab", locks_ab, box);
    rt_go("ba", locks_ba, box);
}

static void sends_under_lock(void *arg)
{
    struct box *box = arg;
    rt_lock(&box->a);
    rt_send(box->ch, NULL);
}

static void locks_then_receives(void *arg)
{
    struct box *box = arg;
    rt_sleep_ns(1000);
    rt_lock(&box->a);
    rt_recv(box->ch, NULL);
}

static void lock_and_channel(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("sender", sends_under_lock, box);
    rt_go("receiver", locks_then_receives, box);
}

static void waits(void *arg)
{
    rt_waitgroup_wait(&((struct box *)arg)->wg);
}

static void missing_done(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_waitgroup_add(&box->wg, 1);
    rt_go("waits", waits, box);
}

static void ends_with_the_lock(void *arg)
{
    rt_lock(&((struct box *)arg)->a);
}

static void never_unlocked(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("ends", ends_with_the_lock, box);
    rt_go("waits", locks_then_receives, box);
}

/* Somebody else knows the lock, but only the one who locked it is known to unlock it. */
static void known_but_never_unlocked(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("knows", knows, box);
    rt_lock(&box->a);
    rt_go("waits", locks_then_receives, box);
    rt_recv(NULL, NULL);
}

static void runs_for_ever(void *arg)
{
    (void)arg;
    rt_recv(rt_chan_make(0, "nobody's"), NULL);
}

static void calls_once(void *arg)
{
    rt_once_do(&((struct box *)arg)->once, runs_for_ever, NULL);
}

/* Who waits for a Once waits for the one who runs it. */
static void once_that_never_ends(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("knows", knows, box);
    rt_go("runs", calls_once, box);
    rt_go("waits", calls_once, box);
}

/* ---- alive ---- */

static void unlocks_for_others(void *arg)
{
    rt_unlock(&((struct box *)arg)->a);
}

/* A lock that was once unlocked by another one may be so again, by anybody who knows it. */
static void lock_that_others_unlock(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("knows", knows, box);
    rt_lock(&box->a);
    rt_go("unlocks", unlocks_for_others, box);
    rt_lock(&box->a);
    rt_go("waits", locks_then_receives, box);
    rt_recv(NULL, NULL);
}

static void sleeps_then_sends(void *arg)
{
    struct box *box = arg;
    rt_sleep_ns(4 * RT_SECOND);
    rt_send(box->ch, NULL);
}

static void sender_sleeps(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("sender", sleeps_then_sends, box);
    rt_go("receiver", receiver, box);
}

static void on_timer(void *arg)
{
    rt_close(((struct box *)arg)->ch);
}

static void timer_closes(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_timer_call(NULL, 4 * RT_SECOND, "closes", on_timer, box);
    rt_go("receiver", receiver, box);
}

static void has_timeout(void *arg)
{
    struct box *box = arg;
    struct rt_case cases[] = { RT_RECV(box->ch), RT_RECV(rt_after(4 * RT_SECOND, "timeout")) };
    (void)rt_select(cases, 2);
}

static void timeout(void *arg)
{
    (void)arg;
    rt_go("receiver", has_timeout, box_new(0));
}

/* A chain: the sleeper wakes one, who wakes the next. */
static void passes_on(void *arg)
{
    struct box *box = arg;
    rt_recv(box->ch, NULL);
    rt_close(box->other);
}

static void last_of_chain(void *arg)
{
    rt_recv(((struct box *)arg)->other, NULL);
}

static void chain(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("last", last_of_chain, box);
    rt_go("passes", passes_on, box);
    rt_go("sender", sleeps_then_sends, box);
}

/* The channel itself travels through a channel. */
static void gets_a_channel(void *arg)
{
    void *ch;
    rt_recv(arg, &ch);
    rt_sleep_ns(4 * RT_SECOND);
    rt_close(ch);
}

static void channel_in_a_channel(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    struct rt_chan *carrier = rt_chan_make(1, "carrier");
    rt_send(carrier, box->ch);
    rt_go("gets", gets_a_channel, carrier);
    rt_go("receiver", receiver, box);
}

static void holds_and_sleeps(void *arg)
{
    struct box *box = arg;
    rt_lock(&box->a);
    rt_sleep_ns(4 * RT_SECOND);
    rt_unlock(&box->a);
}

static void lock_held_by_a_sleeper(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("holds", holds_and_sleeps, box);
    rt_go("waits", ends_with_the_lock, box);
}

/* ---- who watches is no part of it ---- */

enum { WORDS = 512 };

struct diary {
    void *entry;
};

/* The memory that a watcher takes, and every word of the stack that it uses. */
static struct diary *diary_open;

static void open_diary(void *arg)
{
    diary_open = rt_new(struct diary);
    diary_open->entry = arg;
}

__attribute__((noinline)) static void scribble(void *arg)
{
    void *volatile words[WORDS];
    for (int i = 0; i < WORDS; i++)
        words[i] = ((const struct diary *)arg)->entry;
    (void)words[0];
}

__attribute__((noinline)) static void sleeps_on_what_was_left(void)
{
    void *words[WORDS];
    __asm__ volatile("" : : "r"(words) : "memory");
    rt_sleep_ns(4 * RT_SECOND);
    __asm__ volatile("" : : "r"(words) : "memory");
}

static void has_the_diary(void *arg)
{
    const struct diary *diary = arg;
    rt_sleep_ns(4 * RT_SECOND);
    assert_non_null(diary->entry);
}

static void told_of_what_it_knows(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("sender", sender, box);
    rt_aside(open_diary, box);
    rt_go("has the diary", has_the_diary, diary_open);
}

static void lets_scribble(void *arg)
{
    rt_aside(scribble, arg);
    sleeps_on_what_was_left();
}

static void scribbled_on(void *arg)
{
    (void)arg;
    struct box *box = box_new(0);
    rt_go("sender", sender, box);
    rt_aside(open_diary, box);
    rt_go("lets scribble", lets_scribble, diary_open);
}

/* What the program itself takes afterwards is its own again. */
static void takes_memory_afterwards(void *arg)
{
    (void)arg;
    struct rt_chan *ch = rt_chan_make(0, "ch");
    rt_aside(open_diary, NULL);
    struct box *box = rt_new(struct box);
    box->ch = ch;
    rt_go("sender", sleeps_then_sends, box);
    rt_go("receiver", receiver, box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STUCK(abandoned_sender, "sender"),
        STUCK(late_sender, "main"),
        STUCK(second_of_two_senders, "second"),
        STUCK(lost_wakeup, "waiter"),
        STUCK(circular_locks, "ab ba"),
        STUCK(lock_and_channel, "sender receiver"),
        STUCK(missing_done, "waits"),
        STUCK(never_unlocked, "waits"),
        STUCK(known_but_never_unlocked, "main waits"),
        STUCK(once_that_never_ends, "runs waits"),
        STUCK(lock_that_others_unlock, "main"),
        STUCK(sender_sleeps, ""),
        STUCK(timer_closes, ""),
        STUCK(timeout, ""),
        STUCK(chain, ""),
        STUCK(channel_in_a_channel, ""),
        STUCK(lock_held_by_a_sleeper, ""),
        STUCK(takes_memory_afterwards, ""),
        STUCK(told_of_what_it_knows, "sender"),
        STUCK(scribbled_on, "sender"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
