/* Timelines of a small program: whose row is whose, in each of the three ways to draw it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/timeline.h"
#include "model/rt/clock.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "tests/support/test.h"

static void first(void *arg)
{
    (void)arg;
    rt_note("hello");
    rt_note("hello");
    rt_note("a text that is wider than any column here");
}

static void second(void *arg)
{
    (void)arg;
    rt_sleep_ns(2 * RT_MS);
    rt_note("good bye");
}

static void ring(void *arg)
{
    (void)arg;
    rt_note("the bell rings");
}

/* Two goroutines of a process, and after 1 ms a bell that belongs to none. */
static struct timeline *story(void)
{
    struct timeline *t = timeline_new();
    struct rt *rt = rt_machine_new();
    rt_begin(rt, &(struct rt_config){ .sink = timeline_sink(t) });
    struct rt_proc *p = rt_proc_new("p");
    rt_go_in(p, "first", first, NULL);
    rt_go_in(p, "second", second, NULL);
    rt_timer_call(NULL, RT_MS, "bell", ring, NULL);
    (void)rt_run(rt);
    rt_end(rt);
    rt_machine_free(rt);
    return t;
}

/* The story as it is drawn; malloced. */
static char *drawn(const struct timeline_style *style)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    struct timeline *t = story();
    timeline_render(t, to, style);
    timeline_free(t);
    fclose(to);
    return text;
}

/* The first line with this part has the other one, too; if that is NULL, there is no such line. */
static void assert_line(const char *text, const char *part, const char *other)
{
    const char *at = strstr(text, part);
    if (!other) {
        assert_null(at);
        return;
    }
    if (!at)
        fail_msg("no \"%s\" in\n%s", part, text);
    while (at > text && at[-1] != '\n')
        at--;
    char *line = strndup(at, strcspn(at, "\n"));
    if (!strstr(line, other))
        fail_msg("no \"%s\" in \"%s\"", other, line);
    free(line);
}

static void test_plain(void **state)
{
    char *text = drawn(&(struct timeline_style){ .width = 100, .plain = true });
    (void)state;
    assert_line(text, "hello (2 times)", "p/first#");
    assert_line(text, "wider than any column here", "p/first#");
    assert_line(text, "the bell rings", "1.000 ms   clock#0: ");
    assert_line(text, "good bye", "2.000 ms   p/second#");
    free(text);
}

/* 13 characters of time and two columns of 24: the least that are drawn as columns. */
static void test_columns(void **state)
{
    char *text = drawn(&(struct timeline_style){ .width = 13 + 2 * 24 });
    (void)state;
    assert_line(text, "time", "time p/first                 p/second");
    assert_line(text, "hello", "0.000 ms   hello (2 times)       │");
    assert_line(text, "a text", "  a text that is wider  │");
    assert_line(text, "than any", "  than any column here  │");
    assert_line(text, "good bye", "2.000 ms │                         good bye");
    /* A row of nobody who has a column says whose it is. */
    assert_line(text, "clock: ", "1.000 ms   clock: the bell rings");
    free(text);
}

static void test_lanes(void **state)
{
    char *text = drawn(&(struct timeline_style){ .width = 13 + 2 * 24 - 1 });
    (void)state;
    assert_line(text, "hello", "0.000 ms ●   p/first: hello (2 times)");
    assert_line(text, "a text", "…");
    assert_line(text, "the bell", "1.000 ms     clock: the bell rings");
    assert_line(text, "good bye", "2.000 ms ●   p/second: good bye");
    free(text);
}

static void test_a_part_of_the_time(void **state)
{
    struct timeline_style style = {
        .width = 100, .plain = true, .from_ns = RT_MS, .to_ns = RT_MS + 1
    };
    char *text = drawn(&style);
    (void)state;
    assert_line(text, "hello", NULL);
    assert_line(text, "the bell rings", "clock");
    assert_line(text, "good bye", NULL);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_a_part_of_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
