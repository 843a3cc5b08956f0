/* What test programs share. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

int support_arena_begin(void **state)
{
    *state = rt_arena_new();
    rt_arena_use(*state);
    return 0;
}

int support_arena_end(void **state)
{
    (void)state;
    rt_arena_free(rt_arena_use(NULL));
    return 0;
}

/* A goroutine, and whether it came to its end. */
struct running {
    rt_fn fn;
    void *arg;
    bool returned;
};

static void run_to_the_end(void *arg)
{
    struct running *running = arg;
    running->fn(running->arg);
    running->returned = true;
}

void support_run(const struct rt_config *config, rt_fn fn, void *arg)
{
    struct running running = { .fn = fn, .arg = arg };
    struct rt *rt = rt_machine_new();
    rt_begin(rt, config ? config : &(struct rt_config){ 0 });
    struct rt_proc *proc = rt_proc_new("test");
    rt_go_in(proc, "main", run_to_the_end, &running);
    assert_int_equal(rt_run(rt), RT_IDLE);
    if (rt_proc_panic(proc).data)
        fail_msg("panic: %s", rt_cstr(rt_proc_panic(proc)));
    if (!running.returned)
        fail_msg("the goroutine waits for ever");
    rt_end(rt);
    rt_machine_free(rt);
}

void support_test_in_goroutine(void **state)
{
    const struct support_goroutine *goroutine = *state;
    support_run(NULL, goroutine->fn, NULL);
}

struct support_lines support_lines_of(const char *path)
{
    struct support_lines lines = { .file = fopen(path, "r") };
    if (!lines.file)
        fail_msg("cannot open %s", path);
    return lines;
}

void support_lines_end(struct support_lines *lines)
{
    json_decref(lines->vector);
    free(lines->line);
    fclose(lines->file);
}

bool support_next_line(struct support_lines *lines)
{
    ssize_t len = getline(&lines->line, &lines->capacity, lines->file);
    if (len < 0) {
        support_lines_end(lines);
        return false;
    }
    lines->line[strcspn(lines->line, "\n")] = '\0';
    lines->number++;
    return true;
}

json_t *support_next_vector(struct support_lines *lines)
{
    if (!support_next_line(lines))
        return NULL;
    json_decref(lines->vector);
    json_error_t error;
    lines->vector = json_loads(lines->line, JSON_ALLOW_NUL, &error);
    if (!lines->vector)
        fail_msg("line %zu: %s", lines->number, error.text);
    return lines->vector;
}
