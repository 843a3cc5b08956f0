/* Running a program under one schedule, or under all. */
#include "tests/rt/helper_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local char said[4096];
static _Thread_local size_t said_len;

void out(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(said + said_len, sizeof(said) - said_len, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(said) - said_len);
    said_len += (size_t)n;
}

static void run_on(struct rt *rt, rt_fn program, const struct rt_config *config)
{
    said_len = 0;
    said[0] = '\0';
    rt_begin(rt, config);
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "main", program, NULL);
    enum rt_stop stop = rt_run(rt);
    if (stop == RT_STEP_LIMIT)
        out(" limit");
    uint32_t left;
    (void)rt_fibers(rt, &left);
    rt_str panic = rt_proc_panic(p);
    if (panic.data)
        out(" panic(%.*s)", (int)panic.len, (const char *)panic.data);
    if (left)
        out(" blocked(%u)", left);
    rt_end(rt);
}

const char *run_program_with(rt_fn program, const struct rt_config *config)
{
    struct rt *rt = rt_machine_new();
    run_on(rt, program, config);
    rt_machine_free(rt);
    return said;
}

const char *run_program(rt_fn program)
{
    struct rt_config config = { 0 };
    return run_program_with(program, &config);
}

/* A depth-first source: follows `path`, then takes first options, and can be moved to the next
 * path. */
struct dfs {
    struct {
        uint32_t options;
        uint32_t chosen;
    } path[512];
    size_t len;
    size_t at;
};

static uint32_t dfs_choose(void *self, const struct rt_choice *c)
{
    struct dfs *d = self;
    if (d->at == d->len) {
        assert_true(d->len < sizeof(d->path) / sizeof(d->path[0]));
        d->path[d->len].options = c->options;
        d->path[d->len++].chosen = 0;
    }
    assert_int_equal(d->path[d->at].options, c->options);
    return d->path[d->at++].chosen;
}

static bool dfs_next(struct dfs *d)
{
    assert_int_equal(d->at, d->len);
    d->at = 0;
    while (d->len && d->path[d->len - 1].chosen + 1 == d->path[d->len - 1].options)
        d->len--;
    if (!d->len)
        return false;
    d->path[d->len - 1].chosen++;
    return true;
}

static char *outcomes[4096];
static size_t outcome_count;
static unsigned long runs;
static char joined[1 << 16];

static void add_outcome(const char *text)
{
    size_t i = 0;
    while (i < outcome_count && strcmp(outcomes[i], text) < 0)
        i++;
    if (i < outcome_count && strcmp(outcomes[i], text) == 0)
        return;
    assert_true(outcome_count < sizeof(outcomes) / sizeof(outcomes[0]));
    memmove(&outcomes[i + 1], &outcomes[i], (outcome_count - i) * sizeof(outcomes[0]));
    outcomes[i] = strdup(text);
    outcome_count++;
}

static const char *join_outcomes(void)
{
    joined[0] = '\0';
    for (size_t i = 0; i < outcome_count; i++) {
        if (i)
            strcat(joined, " | ");
        assert_true(strlen(joined) + strlen(outcomes[i]) + 4 < sizeof(joined));
        strcat(joined, outcomes[i]);
        free(outcomes[i]);
    }
    outcome_count = 0;
    return joined;
}

const char *all_outcomes_with(rt_fn program, const struct rt_config *given)
{
    struct dfs d = { 0 };
    struct rt_source source = { .self = &d, .choose = dfs_choose };
    struct rt_config config = *given;
    config.source = &source;
    struct rt *rt = rt_machine_new();
    runs = 0;
    do {
        run_on(rt, program, &config);
        add_outcome(said[0] == ' ' ? said + 1 : said);
        assert_true(++runs <= 1000000);
    } while (dfs_next(&d));
    rt_machine_free(rt);
    return join_outcomes();
}

const char *all_outcomes(rt_fn program)
{
    struct rt_config config = { 0 };
    return all_outcomes_with(program, &config);
}

unsigned long outcome_runs(void)
{
    return runs;
}

void test_outcomes(void **state)
{
    const struct outcomes_case *c = *state;
    assert_string_equal(all_outcomes(c->program), c->expected);
}
