/* Many timers: the order in which they fire, which are offered when several are due, what is left
 * of them when they are stopped or their process dies. */
#include "tests/rt/helper_program.h"

enum { TIMERS = 60 };

struct planned {
    struct rt_timer *timer;
    int64_t when;
    uint64_t set; /* the order in which they were set last */
    bool pending;
    bool victims;
};

static struct planned plan[TIMERS];
static int64_t clock_at;

/* The next timer in order of time and of setting behind `before`, NULL: the first. */
static struct planned *planned_after(const struct planned *before)
{
    struct planned *first = NULL;
    for (int i = 0; i < TIMERS; i++) {
        struct planned *p = &plan[i];
        bool later = !before || p->when > before->when ||
                     (p->when == before->when && p->set > before->set);
        if (p->pending && later &&
                (!first || p->when < first->when ||
                        (p->when == first->when && p->set < first->set)))
            first = p;
    }
    return first;
}

/* Which of those that are due may fire first is a choice of all of them, in order of setting. */
static const struct planned *chosen;

static uint32_t choose_timer(void *rng, const struct rt_choice *c)
{
    assert_int_equal(c->kind, RT_CHOICE_TIMER);
    uint32_t pick = rt_rng_below(rng, c->options), due = 0;
    int64_t when = planned_after(NULL)->when;
    for (const struct planned *p = planned_after(NULL); p && p->when == when;
            p = planned_after(p)) {
        if (due++ == pick)
            chosen = p;
    }
    assert_int_equal(c->options, due);
    return pick;
}

static void rings(void *arg)
{
    struct planned *p = arg;
    assert_ptr_equal(p, chosen ? chosen : planned_after(NULL));
    chosen = NULL;
    assert_int_equal(rt_now_ns(), p->when);
    assert_true(p->when >= clock_at);
    clock_at = p->when;
    p->pending = false;
}

static void set_one(struct planned *p, int64_t duration, uint64_t *set)
{
    p->when = rt_now_ns() + duration;
    p->set = ++*set;
    p->pending = true;
}

static void change_one(struct planned *p, struct rt_rng *rng, uint64_t *set)
{
    if (rt_rng_below(rng, 2)) {
        assert_int_equal(rt_timer_stop(p->timer), p->pending);
        p->pending = false;
    } else {
        int64_t duration = rt_rng_below(rng, 30);
        assert_int_equal(rt_timer_reset(p->timer, duration), p->pending);
        set_one(p, duration, set);
    }
}

/* Timers are set, stopped and set again, and half of them die with a process: the others fire in
 * order of time, and of setting. With timers that race the clock's order is the same. */
static void fire_in_order(struct rt *rt, uint64_t seed)
{
    struct rt_rng rng = { seed };
    uint64_t set = 0;
    struct rt_proc *victims = rt_proc_new("victims");
    clock_at = 0;
    for (int i = 0; i < TIMERS; i++) {
        struct planned *p = &plan[i];
        int64_t duration = rt_rng_below(&rng, 20);
        p->victims = rt_rng_below(&rng, 2);
        p->timer = rt_timer_call(p->victims ? victims : NULL, duration, "t", rings, p);
        set_one(p, duration, &set);
    }
    for (int i = 0; i < 40; i++) {
        change_one(&plan[rt_rng_below(&rng, TIMERS)], &rng, &set);
        assert_int_equal(rt_next_timer_ns(rt), planned_after(NULL)->when);
    }
    assert_int_equal(rt_run_until(rt, 5), RT_BLOCKED);
    rt_proc_exit(victims, 0, NULL);
    for (int i = 0; i < TIMERS; i++)
        plan[i].pending = plan[i].pending && !plan[i].victims;
    for (int i = 0; i < TIMERS; i++)
        if (!plan[i].victims)
            change_one(&plan[i], &rng, &set);
    const struct planned *next = planned_after(NULL);
    assert_int_equal(rt_next_timer_ns(rt), next ? next->when : -1);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_null(planned_after(NULL));
    assert_int_equal(rt_next_timer_ns(rt), -1);
}

static void test_many_timers(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct rt_rng rng = { seed };
        const struct rt_source source = { .self = &rng, .choose = choose_timer };
        rt_begin(rt, &(struct rt_config){ .timers_race = seed % 2, .source = &source });
        fire_in_order(rt, seed);
        rt_end(rt);
    }
    rt_machine_free(rt);
}

/* When the only timers die with their process, or are stopped, goroutines are alone again: nobody
 * is asked whether a timer fires. */
static uint32_t never_asked(void *self, const struct rt_choice *c)
{
    (void)self;
    fail_msg("%s asked", rt_choice_kind_name(c->kind));
    return 0;
}

static void never(void *arg)
{
    (void)arg;
    fail_msg("a timer of a dead process fired");
}

static void yields_after_timers(void *arg)
{
    (void)arg;
    struct rt_proc *victim = rt_proc_new("victim");
    rt_timer_call(victim, 0, "bell", never, NULL);
    rt_proc_exit(victim, 0, NULL);
    rt_yield();
    struct rt_timer *t = rt_timer_new(0, "t");
    rt_timer_stop(t);
    rt_yield();
    rt_timer_new(1, "t");
    rt_yield();
    out("%d", (int)rt_now_ns());
}

static void test_no_timer_no_choice(void **state)
{
    (void)state;
    const struct rt_source source = { .choose = never_asked };
    const struct rt_config config = { .source = &source };
    assert_string_equal(run_program_with(yields_after_timers, &config), "0");
}

/* Who fired last, by a number that is the same in every schedule. */
static void notes_who_fired(void *arg)
{
    *(uint64_t *)arg = rt_timer_fired(rt_current());
}

static void sets_two(void *arg)
{
    uint64_t *ids = arg;
    rt_timer_call(NULL, 1, "a", notes_who_fired, &ids[0]);
    rt_timer_call(NULL, 2, "b", notes_who_fired, &ids[1]);
}

static void test_timers_have_identities(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    uint64_t ids[2][6] = { { 0 } };
    for (int run = 0; run < 2; run++) {
        rt_begin(rt, &(struct rt_config){ 0 });
        assert_int_equal(rt_timer_fired(rt), 0);
        struct rt_proc *p = rt_proc_new("p");
        sets_two(&ids[run][0]);
        /* In the other order of starting the children are others; of running they are not. */
        rt_go_in(p, "first", sets_two, &ids[run][2]);
        if (run)
            (void)rt_run_ready(rt);
        rt_go_in(p, "second", sets_two, &ids[run][4]);
        assert_int_equal(rt_run(rt), RT_IDLE);
        rt_end(rt);
    }
    for (int i = 0; i < 6; i++) {
        assert_true(ids[0][i] != 0);
        assert_true(ids[0][i] == ids[1][i]);
        for (int j = 0; j < i; j++)
            assert_true(ids[0][i] != ids[0][j]);
    }
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_timers),
        cmocka_unit_test(test_no_timer_no_choice),
        cmocka_unit_test(test_timers_have_identities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
