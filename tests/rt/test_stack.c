/* What a goroutine keeps through a switch, and where its stack ends. */
#include "tests/rt/helper_program.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- registers ---- */

enum { INTEGERS = 10, DOUBLES = 8 };

struct values {
    uint64_t i[INTEGERS];
    double d[DOUBLES];
};
static volatile struct values given[2];

/* Holds as many values as any machine's calls preserve in registers. */
static void holds(void *arg)
{
    volatile const struct values *from = arg;
    uint64_t a = from->i[0], b = from->i[1], c = from->i[2], d = from->i[3], e = from->i[4];
    uint64_t f = from->i[5], g = from->i[6], h = from->i[7], i = from->i[8], j = from->i[9];
    double p = from->d[0], q = from->d[1], r = from->d[2], s = from->d[3];
    double t = from->d[4], u = from->d[5], v = from->d[6], w = from->d[7];
    rt_yield();
    if (a != from->i[0] || b != from->i[1] || c != from->i[2] || d != from->i[3] ||
            e != from->i[4] || f != from->i[5] || g != from->i[6] || h != from->i[7] ||
            i != from->i[8] || j != from->i[9])
        out("integers lost ");
    if (p < from->d[0] || q < from->d[1] || r < from->d[2] || s < from->d[3] || t < from->d[4] ||
            u < from->d[5] || v < from->d[6] || w < from->d[7])
        out("doubles lost ");
    out("done ");
}

static void two_hold(void *arg)
{
    (void)arg;
    rt_go("less", holds, (void *)(uintptr_t)&given[0]);
    rt_go("more", holds, (void *)(uintptr_t)&given[1]);
}

static int fill_given(void **state)
{
    (void)state;
    for (int n = 0; n < 2; n++) {
        for (int k = 0; k < INTEGERS; k++)
            given[n].i[k] = (uint64_t)(n * 100 + k);
        for (int k = 0; k < DOUBLES; k++)
            given[n].d[k] = n * 100 + k;
    }
    return 0;
}

/* ---- the stack's ends ---- */

static void looks_around(void *arg)
{
    (void)arg;
    _Alignas(16) char block[16];
    volatile uintptr_t at = (uintptr_t)block;
    void *frames[64];
    rt_yield();
    int depth = backtrace(frames, 64);
    out("%s, unwinding %s", at % 16 ? "crooked" : "aligned",
            depth < 2    ? "fails"
            : depth < 10 ? "ends"
                         : "goes on");
}

static void test_top(void **state)
{
    (void)state;
    assert_string_equal(run_program(looks_around), "aligned, unwinding ends");
}

enum { STACK = 256 * 1024, GUARD = 64 * 1024, NEAR_TOP = 16 * 1024, IN_GUARD = 7, ELSEWHERE = 8 };
static uintptr_t top;

static void fault(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    uintptr_t below = top - (uintptr_t)info->si_addr;
    _exit(below > STACK - NEAR_TOP && below < STACK + GUARD ? IN_GUARD : ELSEWHERE);
}

static int deeper(volatile char *above)
{
    volatile char here[1024];
    here[0] = *above;
    return here[0] ? 0 : deeper(here) + here[0];
}

static void overflows(void *arg)
{
    (void)arg;
    volatile char here = 0;
    top = (uintptr_t)__builtin_frame_address(0);
    (void)deeper(&here);
}

static void test_bottom(void **state)
{
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        static char own[64 * 1024];
        stack_t aside = { .ss_sp = own, .ss_size = sizeof(own) };
        struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
        (void)sigaltstack(&aside, NULL);
        (void)sigaction(SIGSEGV, &action, NULL);
        (void)run_program(overflows);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), IN_GUARD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTCOMES(two_hold, "done done "),
        cmocka_unit_test(test_top),
        cmocka_unit_test(test_bottom),
    };
    return cmocka_run_group_tests(tests, fill_given, NULL);
}
