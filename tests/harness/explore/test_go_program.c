/* Programs of goroutines: what they claim, what they die of, what they share without a lock. */
#include "harness/explore/go_program.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/explore/search.h"
#include "harness/explore/shrink.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static struct exploration explored(const struct go_program *program, const char *strategy)
{
    const struct subject_maker maker = go_program_maker(program);
    const struct explore_options options = { .strategy = strategy, .schedules = 1000 };
    struct exploration e;
    assert_true(explore_run(&maker, &options, &e));
    return e;
}

/* Fails unless exactly these were found, in any order; NULL ends the list. */
static void assert_found(const struct exploration *e, const char *const *ids)
{
    size_t count = 0;
    for (; ids[count]; count++) {
        bool found = false;
        for (size_t i = 0; i < e->found_count; i++)
            found = found || strcmp(e->found[i].id, ids[count]) == 0;
        if (!found)
            fail_msg("%s was not found", ids[count]);
    }
    assert_int_equal(e->found_count, count);
}

static void claims_two(void *arg)
{
    (void)arg;
    go_program_claim(1 + 1 == 3, "1 and 1 are 3");
    go_program_claim(true, "this holds");
    go_program_claim(false, "nothing is true/false");
}

static void test_each_claim_is_a_finding(void **state)
{
    (void)state;
    const struct go_program program = { .name = "two", .main = claims_two };
    struct exploration e = explored(&program, "dfs");
    assert_found(&e, (const char *const[]){ "assert/# and # are #/main",
                             "assert/nothing is true|false/main", NULL });
    exploration_free(&e);
}

/* It panics with another number in every order of the two. */
static void panic_with_order(void *arg)
{
    int *turn = arg;
    int mine = ++*turn;
    rt_yield();
    rt_panicf("turn %d of %d", mine, *turn);
}

static void panics(void *arg)
{
    (void)arg;
    int *turn = rt_new(int);
    rt_go("racer(1)", panic_with_order, turn);
    rt_go("racer(2)", panic_with_order, turn);
}

static void test_numbers_do_not_make_panics_differ(void **state)
{
    (void)state;
    const struct go_program program = { .name = "panics", .main = panics };
    struct exploration e = explored(&program, "dfs");
    assert_found(
            &e, (const char *const[]){
                        "no-panic/turn # of # in test_go_program.c panic_with_order/racer", NULL });
    exploration_free(&e);
}

static void write_field(void *arg)
{
    rt_shared_write(arg, "counter");
    ++*(int *)arg;
}

static void shares(void *arg)
{
    (void)arg;
    int *counter = rt_new(int);
    rt_go("one", write_field, counter);
    rt_go("two", write_field, counter);
}

static void test_races(void **state)
{
    (void)state;
    struct go_program program = { .name = "shares", .main = shares };
    struct exploration e = explored(&program, "dfs");
    assert_int_equal(e.found_count, 0);
    exploration_free(&e);
    program.races = true;
    e = explored(&program, "dfs");
    assert_found(&e, (const char *const[]){ "race/counter/one,two", NULL });
    exploration_free(&e);
}

/* The sentence and a core dump's signal rather than a fault somewhere. */
static void test_claim_without_a_run(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        go_program_claim(true, "I run");
        _exit(0);
    }
    (void)close(ends[1]);
    char text[256] = "";
    size_t len = 0;
    ssize_t some;
    while (len + 1 < sizeof(text) && (some = read(ends[0], text + len, sizeof(text) - 1 - len)) > 0)
        len += (size_t)some; /* what it says may come in pieces */
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_non_null(strstr(text, "go_program_claim(\"I run\"): no program is running"));
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* A switch more than needed is left where no run is left to take it out. */
static void late(void *arg)
{
    int *steps = arg;
    for (int i = 0; i < 4; i++)
        rt_yield();
    go_program_claim(*steps == 0, "nobody steps before it");
}

static void steps(void *arg)
{
    int *count = arg;
    for (int i = 0; i < 4; i++) {
        rt_yield();
        ++*count;
    }
}

static void races_with_steps(void *arg)
{
    (void)arg;
    int *count = rt_new(int);
    rt_go("late", late, count);
    rt_go("steps", steps, count);
}

static void test_limit_of_shrinking(void **state)
{
    (void)state;
    const struct go_program program = { .name = "late", .main = races_with_steps };
    const struct subject_maker maker = go_program_maker(&program);
    size_t switches[2];
    for (int limited = 0; limited < 2; limited++) {
        struct exploration e = explored(&program, "random");
        shrink_all(&maker, &e, 1, limited ? 1 : 0);
        assert_int_equal(e.found_count, 1);
        switches[limited] = choices_switches(&e.found[0].choices);
        exploration_free(&e);
    }
    assert_true(switches[0] < switches[1]);
}

static void test_unknown_strategy(void **state)
{
    (void)state;
    struct search search;
    reports_begin();
    assert_false(search_new("rndom", &(struct search_options){ .seed = 1 }, &search));
    const char *line = reports_end();
    assert_non_null(strstr(line, "there is no strategy \"rndom\" (did you mean \"random\"?)"));
    assert_non_null(strstr(line, "there are portfolio, random, pct"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_claim_is_a_finding),
        cmocka_unit_test(test_numbers_do_not_make_panics_differ),
        cmocka_unit_test(test_races),
        cmocka_unit_test(test_claim_without_a_run),
        cmocka_unit_test(test_limit_of_shrinking),
        cmocka_unit_test(test_unknown_strategy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
