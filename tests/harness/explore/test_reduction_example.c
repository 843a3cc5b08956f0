/* The example of docs/internals/reduction.md: what it says of each run is what the search does. */
#include "harness/explore/dpor.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 8192 };
static char text[TEXT_MAX];

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...)
{
    size_t len = strlen(text);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(text + len, TEXT_MAX - len, format, args);
    va_end(args);
    assert_true(more >= 0 && len + (size_t)more < TEXT_MAX);
}

/* ---- the program ---- */

struct field {
    int value;
};

static void writes(void *arg)
{
    struct field *x = arg;
    rt_shared_write(&x->value, "x");
    x->value = 1;
}

static void reads(void *arg)
{
    struct field *x = arg;
    rt_shared_read(&x->value, "x");
}

static void run(struct rt *rt, const struct rt_source *source)
{
    struct rt_config config = { .source = source, .track_races = true };
    rt_begin(rt, &config);
    struct rt_proc *proc = rt_proc_new("example");
    struct field *x = rt_new(struct field);
    (void)rt_go_in(proc, "p", writes, x);
    (void)rt_go_in(proc, "q", reads, x);
    (void)rt_go_in(proc, "r", reads, x);
    (void)rt_run(rt);
    rt_end(rt);
}

/* ---- the state of the search, in the words of the page ---- */

static char letter(uint32_t fiber)
{
    return (char)('p' + fiber - 1);
}

static uint32_t fiber_of(const struct dpor *d, uint64_t who)
{
    for (size_t i = 0; i < d->execution.count; i++) {
        if (d->execution.events[i].who == who)
            return d->execution.events[i].fiber;
    }
    fail_msg("a goroutine that took no step");
    return 0;
}

/* A first step touches nothing. */
static void add_step(const char *before, uint32_t fiber, const struct footprint *foot)
{
    const char *what = !foot->count                         ? "start"
                       : foot->touches[0].how & TOUCH_WRITE ? "write"
                                                            : "read";
    add("%s%c.%s", before, letter(fiber), what);
}

static void add_tree(const struct dpor *d, const struct wakeup *tree)
{
    for (; tree; tree = tree->first) {
        assert_null(tree->next);
        add_step(" ", fiber_of(d, tree->who), &tree->foot);
    }
}

static void add_node(const struct dpor *d, const struct dpor_node *node)
{
    struct dpor_sleepers sleep = { 0 };
    dpor_sleep_at(node, &sleep);
    add("  before %zu: sleep {", node->event);
    for (size_t i = 0; i < sleep.count; i++)
        add_step(i ? " " : "", sleep.items[i].fiber, &sleep.items[i].way->foot);
    add("}, now %c", letter(node->options[node->chosen].fiber));
    for (uint32_t i = 0; i < node->count; i++) {
        const struct dpor_option *o = &node->options[i];
        if (!o->wanted || o->done || i == node->chosen)
            continue;
        add(", then");
        add_tree(d, o->tree);
    }
    add("\n");
    free(sleep.items);
}

static void add_run(const struct dpor *d)
{
    add("run %llu:", (unsigned long long)d->totals.runs);
    for (size_t i = 0; i < d->execution.count; i++)
        add_step(" ", d->execution.events[i].fiber, &d->execution.events[i].foot);
    add("\n");
    for (size_t i = 0; i < d->path.len; i++)
        add_node(d, &d->path.nodes[i]);
}

static void search_all(struct search_count *count)
{
    struct search search;
    struct rt *rt = rt_machine_new();
    const struct rt_source *source;
    strategy_dpor(&(struct search_options){ 0 }, &search);
    while ((source = search.next(search.self))) {
        run(rt, source);
        search.done(search.self, &(struct run_result){ 0 });
        add_run(search.self);
    }
    search.count(search.self, count);
    search.end(search.self);
    rt_machine_free(rt);
}

/* ---- the page ---- */

/* The block of the page that begins with "run 1:". */
static void read_page(char page[TEXT_MAX])
{
    FILE *file = fopen("docs/internals/reduction.md", "r");
    char line[256];
    bool inside = false;
    assert_non_null(file);
    page[0] = 0;
    while (fgets(line, sizeof(line), file)) {
        inside = (inside || strncmp(line, "run 1:", 6) == 0) && strcmp(line, "```\n") != 0;
        if (inside) {
            assert_true(strlen(page) + strlen(line) < TEXT_MAX);
            strcat(page, line);
        }
    }
    (void)fclose(file);
}

static void test_page(void **state)
{
    (void)state;
    char page[TEXT_MAX];
    struct search_count count;
    read_page(page);
    search_all(&count);
    assert_string_equal(text, page);
    assert_int_equal(count.blocked, 0);
    assert_int_equal(count.distinct, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
