/* Worker processes: order, death, time, interrupts, and that none is left behind. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "tests/harness/support/commands.h"
#include "tests/support/test.h"

struct jobs {
    uint64_t count;
    uint64_t next; /* that done() must get */
    uint64_t sum;
    uint64_t dead;
    uint64_t dies; /* the job that kills its worker */
    char note[64];
    int pipe;
};

static bool more(void *self, uint64_t job)
{
    return job < ((struct jobs *)self)->count;
}

static json_t *square(void *self, uint64_t job)
{
    if (job == ((struct jobs *)self)->dies)
        raise(SIGKILL);
    return json_integer((json_int_t)(job * job));
}

static void add_up(void *self, uint64_t job, const json_t *answer, const char *note)
{
    struct jobs *j = self;
    assert_true(job == j->next);
    j->next++;
    if (answer)
        j->sum += (uint64_t)json_integer_value(answer);
    else
        j->dead++;
    if (note)
        strncpy(j->note, note, sizeof(j->note) - 1);
}

static void assert_no_child(void)
{
    assert_true(waitpid(-1, NULL, WNOHANG) == -1);
}

static void test_order_and_death(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 5; workers += 2) {
        struct jobs j = { .count = 40, .dies = 17 };
        pool_run(&(struct pool){
                .self = &j, .workers = workers, .work = square, .more = more, .done = add_up });
        assert_true(j.next == 40 && j.dead == 1);
        assert_true(j.sum == 20540 - 17 * 17);
        assert_string_equal(j.note, "crashed: Killed");
        assert_no_child();
    }
}

static json_t *with_nul(void *self, uint64_t job)
{
    (void)self;
    (void)job;
    return json_stringn("a\0b", 3);
}

static void take_text(void *self, uint64_t job, const json_t *answer, const char *note)
{
    (void)job;
    (void)note;
    assert_int_equal(json_string_length(answer), 3);
    assert_memory_equal(json_string_value(answer), "a\0b", 3);
    ((struct jobs *)self)->sum++;
}

/* Texts of a run may hold any byte: a panic names what a client has sent. */
static void test_answer_with_nul(void **state)
{
    (void)state;
    struct jobs j = { .count = 2, .dies = UINT64_MAX };
    pool_run(&(struct pool){
            .self = &j, .workers = 1, .work = with_nul, .more = more, .done = take_text });
    assert_int_equal(j.sum, 2);
}

static json_t *never_ends(void *self, uint64_t job)
{
    (void)self;
    while (job == 1)
        pause();
    return json_integer(1);
}

static void test_time(void **state)
{
    struct jobs j = { .count = 3 };
    (void)state;
    pool_run(&(struct pool){ .self = &j,
            .workers = 2,
            .timeout_ms = 100,
            .work = never_ends,
            .more = more,
            .done = add_up });
    assert_true(j.next == 3 && j.dead == 1 && j.sum == 2);
    assert_string_equal(j.note, "took too long");
    assert_no_child();
}

static void drop(void *arg, const char *line)
{
    (void)arg;
    (void)line;
}

/* No processes, no descriptors: jobs get no answer, nothing hangs. */
static void test_no_worker_can_start(void **state)
{
    struct rlimit old, none;
    struct jobs j = { .count = 5, .dies = UINT64_MAX };
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    none = old;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    diag_capture(drop, NULL);
    size_t before = diag_count();
    pool_run(&(struct pool){
            .self = &j, .workers = 2, .work = square, .more = more, .done = add_up });
    diag_capture(NULL, NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_true(j.next == 5 && j.dead == 5 && diag_count() == before + 1);
}

/* Says that it runs and waits; holds the writing end of a pipe while it lives. */
static json_t *wait_for_ever(void *self, uint64_t job)
{
    (void)job;
    if (write(((struct jobs *)self)->pipe, "x", 1) != 1)
        abort();
    for (;;)
        pause();
}

static void test_workers_die_with_the_parent(void **state)
{
    int fds[2];
    char byte;
    (void)state;
    assert_int_equal(pipe(fds), 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct jobs j = { .count = 2, .pipe = fds[1] };
        pool_run(&(struct pool){
                .self = &j, .workers = 2, .work = wait_for_ever, .more = more, .done = add_up });
        _exit(0);
    }
    close(fds[1]);
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(read(fds[0], &byte, 1), 1);
    kill(parent, SIGKILL);
    assert_int_equal(read(fds[0], &byte, 1), 0); /* nobody holds the other end any more */
    close(fds[0]);
    waitpid(parent, NULL, 0);
}

static json_t *until_interrupted(void *self, uint64_t job)
{
    (void)job;
    if (write(((struct jobs *)self)->pipe, "x", 1) != 1)
        abort();
    while (!out_interrupted())
        usleep(1000);
    return json_integer(21);
}

static bool more_unless_interrupted(void *self, uint64_t job)
{
    return more(self, job) && !out_interrupted();
}

/* A signal to the parent alone ends the workers' jobs, and their answers count. */
static void interrupt_with(int number)
{
    int fds[2];
    char byte;
    assert_int_equal(pipe(fds), 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct jobs j = { .count = 100, .pipe = fds[1] };
        signal(number, SIG_DFL); /* it may be ignored where tests run in the background */
        out_catch_signals();
        pool_run(&(struct pool){ .self = &j,
                .workers = 2,
                .work = until_interrupted,
                .more = more_unless_interrupted,
                .done = add_up });
        _exit(j.sum == 42 && j.dead == 0 ? 7 : 8);
    }
    close(fds[1]);
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(read(fds[0], &byte, 1), 1);
    kill(parent, number);
    assert_int_equal(commands_wait(parent), 7);
    close(fds[0]);
}

static void test_interrupt(void **state)
{
    (void)state;
    interrupt_with(SIGTERM);
    interrupt_with(SIGINT);
    interrupt_with(SIGHUP);
}

static json_t *signalled(void *self, uint64_t job)
{
    (void)self;
    for (int i = 0; i < 2; i++)
        if (raise(SIGTERM) != 0 || raise(SIGINT) != 0 || raise(SIGHUP) != 0)
            abort();
    return json_integer(out_interrupted() ? 0 : (json_int_t)job);
}

/* Signals to a worker that are not its parent's neither end it nor cut its job short. */
static void test_signal_to_a_worker(void **state)
{
    (void)state;
    pid_t parent = fork();
    if (parent == 0) {
        struct jobs j = { .count = 5 };
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        pool_run(&(struct pool){
                .self = &j, .workers = 2, .work = signalled, .more = more, .done = add_up });
        _exit(j.sum == 10 && j.dead == 0 ? 7 : 8);
    }
    assert_int_equal(commands_wait(parent), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_death),
        cmocka_unit_test(test_answer_with_nul),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_no_worker_can_start),
        cmocka_unit_test(test_workers_die_with_the_parent),
        cmocka_unit_test(test_interrupt),
        cmocka_unit_test(test_signal_to_a_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
