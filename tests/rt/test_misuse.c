/* Mistakes of the caller that no run can contain end the program, and say what was wrong. */
#include "model/rt/trace.h"
#include "tests/rt/helper_program.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing(void *arg)
{
    (void)arg;
}

/* What fn writes to stderr before it aborts, in a process of its own. */
static const char *last_words(rt_fn fn)
{
    static char words[512];
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        fn(NULL);
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    ssize_t n;
    while ((n = read(ends[0], words + len, sizeof(words) - 1 - len)) > 0)
        len += (size_t)n;
    words[len] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        fail_msg("it did not abort, but said \"%s\"", words);
    return words;
}

/* A test of cmocka named after the function that dies, and what it says at least. */
struct dies_case {
    rt_fn fn;
    const char *words;
};

static void test_dies(void **state)
{
    const struct dies_case *c = *state;
    const char *words = last_words(c->fn);
    if (!strstr(words, c->words) || words[strlen(words) - 1] != '\n')
        fail_msg("said \"%s\" instead of \"%s\"", words, c->words);
}

#define DIES(fn, words)                                                                            \
    {                                                                                              \
        .name = #fn, .test_func = test_dies, .initial_state = &(struct dies_case)                  \
        {                                                                                          \
            fn, words                                                                              \
        }                                                                                          \
    }

/* A run that has begun, outside any goroutine. */
static struct rt *begun(void)
{
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ 0 });
    return rt;
}

/* ---- waiting outside goroutines ---- */

static void send_to_full(void *arg)
{
    (void)arg;
    begun();
    struct rt_chan *ch = rt_chan_make(1, "ch");
    rt_send(ch, NULL);
    rt_send(ch, NULL);
}

static void receive_from_empty(void *arg)
{
    (void)arg;
    begun();
    rt_recv(rt_chan_make(1, "ch"), NULL);
}

static void select_nothing(void *arg)
{
    (void)arg;
    begun();
    rt_select(NULL, 0);
}

static void lock_locked(void *arg)
{
    (void)arg;
    struct rt_mutex mu = { 0 };
    rt_lock(&mu);
    rt_lock(&mu);
}

static struct rt_once once;

static void again(void *arg)
{
    rt_once_do(&once, nothing, arg);
}

static void once_in_itself(void *arg)
{
    begun();
    rt_once_do(&once, again, arg);
}

static void wait_for_one(void *arg)
{
    (void)arg;
    struct rt_waitgroup wg = { 0 };
    rt_waitgroup_add(&wg, 1);
    rt_waitgroup_wait(&wg);
}

static void sleep_outside(void *arg)
{
    (void)arg;
    begun();
    rt_sleep_ns(1);
}

/* ---- fatal errors and panics with no process to end ---- */

static void unlock_unlocked(void *arg)
{
    (void)arg;
    struct rt_mutex mu = { 0 };
    rt_unlock(&mu);
}

static void unlock_twice_in_a_run(void *arg)
{
    (void)arg;
    begun();
    struct rt_mutex mu = { .name = "mu" };
    rt_lock(&mu);
    rt_unlock(&mu);
    rt_unlock(&mu);
}

static void breaks(void *arg)
{
    (void)arg;
    rt_panicf("it broke");
}

static void timer_of_nobody_panics(void *arg)
{
    (void)arg;
    struct rt *rt = begun();
    rt_timer_call(NULL, 1, "bell", breaks, NULL);
    rt_run(rt);
}

/* ---- machines ---- */

static void timer_without_a_run(void *arg)
{
    (void)arg;
    rt_timer_new(1, "t");
}

static void run_before_begin(void *arg)
{
    (void)arg;
    rt_run(rt_machine_new());
}

static void run_after_end(void *arg)
{
    (void)arg;
    struct rt *rt = begun();
    rt_end(rt);
    rt_run(rt);
}

static void run_beside_the_current_one(void *arg)
{
    (void)arg;
    struct rt *first = begun();
    begun();
    rt_run(first);
}

static void run_in_a_goroutine(void *arg)
{
    struct rt *rt = arg ? arg : begun();
    if (!arg)
        rt_go_in(rt_proc_new("p"), "main", run_in_a_goroutine, rt);
    rt_run(rt);
}

static void run_in_a_hook(void *arg)
{
    struct rt *rt = arg ? arg : begun();
    if (!arg)
        rt_on_idle(rt, run_in_a_hook, rt);
    rt_run(rt);
}

static void step_before_begin(void *arg)
{
    (void)arg;
    rt_step(rt_machine_new());
}

static void step_in_a_hook(void *arg)
{
    if (arg) {
        rt_step(arg);
        return;
    }
    struct rt *rt = begun();
    rt_on_step(rt, step_in_a_hook, rt);
    rt_go_in(rt_proc_new("p"), "main", nothing, NULL);
    rt_step(rt);
}

static void step_of_a_timer_in_its_hook(void *arg)
{
    if (arg) {
        rt_step(arg);
        return;
    }
    struct rt *rt = begun();
    rt_on_step(rt, step_of_a_timer_in_its_hook, rt);
    rt_timer_call(NULL, 0, "bell", nothing, NULL);
    rt_step(rt);
}

static void run_until_before_time(void *arg)
{
    (void)arg;
    rt_run_until(begun(), -1);
}

static void run_until_the_end_of_time(void *arg)
{
    (void)arg;
    rt_run_until(begun(), INT64_MAX);
}

#define UNUSABLE                                                                                   \
    "cclab: a machine can only run between its begin and end, on the thread where it is current"

int main(void)
{
    const struct CMUnitTest tests[] = {
        DIES(send_to_full, "cclab: send that must wait outside goroutines, at "),
        DIES(receive_from_empty, "cclab: recv that must wait outside goroutines, at "),
        DIES(select_nothing, "cclab: select that must wait outside goroutines, at "),
        DIES(lock_locked, "cclab: lock of a locked mutex outside goroutines, at "),
        DIES(once_in_itself, "cclab: a sync.Once that waits for itself outside goroutines"),
        DIES(wait_for_one, "cclab: a wait for goroutines outside goroutines"),
        DIES(sleep_outside, "cclab: sleep outside goroutines"),
        DIES(unlock_unlocked, "cclab: fatal error: sync: unlock of unlocked mutex"),
        DIES(unlock_twice_in_a_run, "cclab: fatal error: sync: unlock of unlocked mutex"),
        DIES(timer_of_nobody_panics, "cclab: panic in the timer bell: it broke"),
        DIES(timer_without_a_run, "cclab: rt_timer_new outside a run"),
        DIES(run_before_begin, UNUSABLE),
        DIES(run_after_end, UNUSABLE),
        DIES(run_beside_the_current_one, UNUSABLE),
        DIES(run_in_a_goroutine, UNUSABLE),
        DIES(run_in_a_hook, UNUSABLE),
        DIES(step_before_begin, UNUSABLE),
        DIES(step_in_a_hook, UNUSABLE),
        DIES(step_of_a_timer_in_its_hook, UNUSABLE),
        DIES(run_until_before_time, "cclab: rt_run_until: no such time"),
        DIES(run_until_the_end_of_time, "cclab: rt_run_until: no such time"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
