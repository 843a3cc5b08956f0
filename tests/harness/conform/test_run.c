/* What becomes of vectors whose worker dies, hangs, cannot be opened or is interrupted. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/conform/run.h"
#include "tests/harness/support/commands.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

enum { COUNT = 9 };

/* A vector is {"id": N, "do": WORD}; one without a word must give how many the worker had. */
static void run(void *state, const json_t *vector, struct conform_outcome *out)
{
    static json_int_t before;
    const char *what = json_string_value(json_object_get(vector, "do"));
    (void)state;
    if (what && strcmp(what, "die") == 0)
        raise(SIGKILL);
    if (what && strcmp(what, "end") == 0)
        _exit(3);
    if (what && strcmp(what, "interrupt") == 0)
        kill(getppid(), SIGTERM);
    while (what && strcmp(what, "hang") == 0)
        pause();
    out->expected = json_incref(json_object_get(vector, "expect"));
    out->actual = json_integer(before++);
}

static void *open_not(const struct conform_env *env, rt_str *error)
{
    (void)env;
    *error = RT_STR("it is closed");
    return NULL;
}

/* The verdicts' first letters, upper-case for those with the note `note`. */
static const char *verdicts(const struct conform_suite *suite, const char *format, unsigned jobs,
        int64_t timeout_ms, const char *note, int *status)
{
    static char letters[COUNT + 1];
    struct vector_line lines[COUNT];
    struct vector_file file = { .path = (char[]){ "vectors" }, .lines = lines, .count = COUNT };
    struct conform_env env = { .file = file.path };
    struct conform_run_options options = { jobs, timeout_ms };
    struct vector_result *results = mem_new_array(struct vector_result, COUNT);
    for (int i = 0; i < COUNT; i++) {
        const char *const words[] = {
            ['d'] = "die", ['e'] = "end", ['h'] = "hang", ['i'] = "interrupt", ['.'] = "nothing"
        };
        lines[i].value =
                json_pack("{s:s, s:i}", "do", words[(unsigned char)format[i]], "expect", i);
        lines[i].line = i + 1;
    }
    *status = conform_run_file(suite, &env, &file, &options, results);
    for (int i = 0; i < COUNT; i++) {
        char letter = *vector_verdict_name(results[i].verdict);
        bool noted = note && results[i].note && strcmp(results[i].note, note) == 0;
        letters[i] = (char)(noted ? letter - 'a' + 'A' : letter);
        json_decref(lines[i].value);
    }
    vector_results_free(results, COUNT);
    return letters;
}

static const struct conform_suite stateless = { .name = "stateless", .run = run };
static const struct conform_suite stateful = { .name = "stateful", .stateful = true, .run = run };

/* Without state, what a worker had before differs from what is expected after a death. */
static void a_lost_vector_costs_no_other(void **state)
{
    int status;
    (void)state;
    assert_string_equal(
            verdicts(&stateless, "...d.....", 1, 0, "the model crashed: Killed", &status),
            "pppCfffff");
    assert_int_equal(status, CCLAB_OK);
    assert_string_equal(
            verdicts(&stateless, ".......e.", 1, 0, "the model ended with status 3", &status),
            "pppppppCf");
    assert_string_equal(
            verdicts(&stateless, "h........", 1, 100, "the model took too long", &status),
            "Cffffffff");
    assert_int_equal(status, CCLAB_OK);
}

static void a_stateful_file_ends_with_its_worker(void **state)
{
    int status;
    (void)state;
    assert_string_equal(verdicts(&stateful, ".........", 4, 0, NULL, &status), "ppppppppp");
    assert_string_equal(
            verdicts(&stateful, "....d....", 4, 0, "the model crashed: Killed", &status),
            "ppppCnnnn");
    assert_int_equal(status, CCLAB_OK);
}

static void a_suite_that_cannot_be_opened_is_told_once(void **state)
{
    const struct conform_suite closed = { .name = "closed", .open = open_not, .run = run };
    int status;
    (void)state;
    reports_begin();
    assert_string_equal(verdicts(&closed, ".........", 3, 0, NULL, &status), "nnnnnnnnn");
    assert_string_equal(reports_end(), "vectors: suite closed: it is closed\n");
    assert_int_equal(status, CCLAB_USAGE);
}

/* The vector that is at work is finished, and those behind it are not begun. */
static void an_interrupt_ends_the_file(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        int status;
        signal(SIGTERM, SIG_DFL);
        out_catch_signals();
        const char *seen = verdicts(&stateless, "..i......", 1, 0, NULL, &status);
        _exit(strcmp(seen, "pppnnnnnn") == 0 ? 7 : 8);
    }
    assert_int_equal(commands_wait(pid), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_vector_costs_no_other),
        cmocka_unit_test(a_stateful_file_ends_with_its_worker),
        cmocka_unit_test(a_suite_that_cannot_be_opened_is_told_once),
        cmocka_unit_test(an_interrupt_ends_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
