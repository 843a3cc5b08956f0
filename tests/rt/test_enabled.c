/* Random programs, looked at after every step: the enabled set holds exactly the goroutines that
 * can go on, in order of id; lists of waiters are the same in both directions. So whoever changes
 * an object re-evaluates all who are pending there. */
#include "model/rt/machine.h"
#include "model/rt/sync.h"
#include "tests/rt/helper_program.h"
#include "tests/support/random.h"

#include <stdlib.h>

/* ThreadSanitizer needs much time for each goroutine. */
#if defined(__SANITIZE_THREAD__)
enum { PROGRAMS = 100 };
#else
enum { PROGRAMS = 5000 };
#endif
enum { FIBERS = 5, OPS = 8, CHANS = 4 };

struct objects {
    struct rt_chan *chans[CHANS]; /* two without a buffer, one of 1, one of 2 */
    struct rt_mutex mutex;
    struct rt_rwmutex rw;
    struct rt_once once;
    struct rt_waitgroup wg;
    struct rt_timer *timer;
    struct rt_proc *victims;
};

/* ---- what must hold ---- */

static bool can_go_on(const struct rt_fiber *f)
{
    return f->complete || !f->wait || f->wait->ready(f);
}

static void check_waiters(const struct rt_waiters *list)
{
    const struct rt_waiter *before = NULL;
    for (const struct rt_waiter *w = list->first; w; w = w->next) {
        assert_ptr_equal(w->prev, before);
        if (before)
            assert_true(before->fiber->epoch <= w->fiber->epoch);
        assert_false(w->fiber->dead);
        before = w;
    }
    assert_ptr_equal(list->last, before);
}

static void check_locks(const struct rt_fiber *first)
{
    const struct rt_fiber *before = NULL;
    for (const struct rt_fiber *f = first; f; f = f->lock_next) {
        assert_ptr_equal(f->lock_prev, before);
        assert_false(f->dead);
        before = f;
    }
}

static struct objects *now; /* of the present program; NULL before it is made */

static void check_machine(void *arg)
{
    struct rt *rt = arg;
    uint32_t count, last = 0, enabled = 0;
    struct rt_fiber *const *fibers = rt_fibers(rt, &count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(fibers[i]->enabled, can_go_on(fibers[i]));
        enabled += fibers[i]->enabled;
    }
    assert_int_equal(rt->enabled.count, enabled);
    for (uint32_t i = 0; i < rt->enabled.count; i++) {
        const struct rt_fiber *f = rt->enabled.items[i];
        assert_true(f->enabled && f->id > last);
        last = f->id;
    }
    for (size_t i = 0; now && i < CHANS; i++) {
        check_waiters(&now->chans[i]->senders);
        check_waiters(&now->chans[i]->receivers);
        assert_true(rt_chan_len(now->chans[i]) <= rt_chan_cap(now->chans[i]));
    }
    if (now) {
        check_locks(now->mutex.waiters);
        check_locks(now->rw.waiters);
        check_locks(now->once.mutex.waiters);
        check_locks(now->wg.waiters);
    }
}

/* ---- programs ---- */

static void selects(struct objects *o)
{
    struct rt_case cases[5];
    size_t count = 1 + rt_choose(RT_CHOICE_DATA, 5, "cases");
    for (size_t i = 0; i < count; i++) {
        struct rt_chan *ch = o->chans[rt_choose(RT_CHOICE_DATA, CHANS, "channel")];
        cases[i] = (struct rt_case){ .ch = ch, .is_send = rt_choose(RT_CHOICE_DATA, 2, "send") };
    }
    if (rt_choose(RT_CHOICE_DATA, 3, "default") == 0)
        (void)rt_select_default(cases, count);
    else
        (void)rt_select(cases, count);
}

static void takes_a_nap(void *arg)
{
    (void)arg;
    rt_sleep_ns(1);
}

static void locks(struct objects *o, uint32_t which)
{
    switch (which) {
    case 0:
        rt_lock(&o->mutex);
        rt_yield();
        rt_unlock(&o->mutex);
        break;
    case 1:
        rt_wlock(&o->rw);
        rt_yield();
        rt_wunlock(&o->rw);
        break;
    case 2:
        rt_rlock(&o->rw);
        rt_yield();
        rt_runlock(&o->rw);
        break;
    default:
        rt_once_do(&o->once, takes_a_nap, NULL);
    }
}

static void group(struct objects *o)
{
    rt_waitgroup_add(&o->wg, 1);
    rt_yield();
    rt_waitgroup_done(&o->wg);
    if (rt_choose(RT_CHOICE_DATA, 2, "wait") == 0)
        rt_waitgroup_wait(&o->wg);
}

static void anything(void *arg)
{
    struct objects *o = arg;
    for (int i = 0; i < OPS; i++) {
        uint32_t what = rt_choose(RT_CHOICE_DATA, 10, "operation");
        struct rt_chan *ch = o->chans[rt_choose(RT_CHOICE_DATA, CHANS, "channel")];
        switch (what) {
        case 0:
            rt_send(ch, NULL);
            break;
        case 1:
            rt_recv(ch, NULL);
            break;
        case 2:
        case 3:
            selects(o);
            break;
        case 4:
            locks(o, rt_choose(RT_CHOICE_DATA, 4, "lock"));
            break;
        case 5:
            group(o);
            break;
        case 6:
            rt_sleep_ns(1 + rt_choose(RT_CHOICE_DATA, 3, "time"));
            break;
        case 7:
            (void)rt_timer_reset(o->timer, rt_choose(RT_CHOICE_DATA, 3, "time"));
            break;
        case 8:
            rt_yield();
            break;
        default:
            if (rt_choose(RT_CHOICE_DATA, 8, "kill") == 0)
                rt_proc_exit(o->victims, 1, NULL);
            else if (rt_choose(RT_CHOICE_DATA, 4, "close") == 0 && !rt_chan_closed(ch))
                rt_close(ch);
        }
    }
}

static void program(void *arg)
{
    (void)arg;
    struct objects *o = rt_new(struct objects);
    static const size_t capacities[CHANS] = { 0, 0, 1, 2 };
    for (size_t i = 0; i < CHANS; i++)
        o->chans[i] = rt_chan_make(capacities[i], "ch");
    o->timer = rt_timer_new(2, "timer");
    o->victims = rt_proc_new("victims");
    now = o;
    for (int i = 0; i < FIBERS; i++) {
        if (i % 2)
            rt_go_in(o->victims, "victim", anything, o);
        else
            rt_go("fiber", anything, o);
    }
}

static void run_programs(bool timers_race)
{
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct rt_rng rng = { seed };
        struct rt_source source = random_source(&rng);
        const struct rt_config config = { .source = &source, .timers_race = timers_race };
        now = NULL;
        rt_begin(rt, &config);
        rt_on_step(rt, check_machine, rt);
        rt_go_in(rt_proc_new("p"), "main", program, NULL);
        assert_int_equal(rt_run(rt), RT_IDLE);
        check_machine(rt);
        assert_int_equal(rt->enabled.count, 0);
        rt_end(rt);
    }
    rt_machine_free(rt);
}

static void test_random_programs(void **state)
{
    (void)state;
    run_programs(false);
}

static void test_racing_timers(void **state)
{
    (void)state;
    run_programs(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_programs),
        cmocka_unit_test(test_racing_timers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
