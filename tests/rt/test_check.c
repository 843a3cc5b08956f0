/* RT_CHECK() ends the program and says where, or does nothing at all. */
#include "model/rt/check.h"
#include "tests/rt/helper_program.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls it in a process of its own; *status is how that ended, text what it said. */
static void in_child(void (*call)(void), int *status, char text[512])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        call();
        _exit(0);
    }
    (void)close(ends[1]);
    ssize_t len = read(ends[0], text, 511);
    assert_true(len >= 0);
    text[len] = 0;
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, status, 0), child);
}

static int asked;

static int ask(int answer)
{
    asked++;
    return answer;
}

static void holds(void)
{
    RT_CHECK(ask(1) == 1);
}

static void does_not_hold(void)
{
    RT_CHECK(ask(1) == 2);
}

static void test_holds(void **state)
{
    (void)state;
    char text[512];
    int status;
    in_child(holds, &status, text);
    assert_int_equal(status, 0);
    assert_string_equal(text, "");
}

static void test_does_not_hold(void **state)
{
    (void)state;
    char text[512];
    int status;
    in_child(does_not_hold, &status, text);
#ifdef CCLAB_CHECKS
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, "test_check.c:"));
    assert_non_null(strstr(text, "does_not_hold: must hold: ask(1) == 2\n"));
#else
    assert_int_equal(status, 0);
    does_not_hold();
    assert_int_equal(asked, 0);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_does_not_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
