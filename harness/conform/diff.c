/* Shows where two JSON values differ, member by member. */
#include "harness/conform/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/json/json.h"

/* Around a difference, this many bytes are shown before and after it. */
#define SHOWN_BEFORE 32
#define SHOWN_AFTER 48

struct differ {
    FILE *to;
    int indent;
    char path[512];
};

static void put_path(struct differ *d)
{
    fprintf(d->to, "%*s%s\n", d->indent, "", *d->path ? d->path : "(the whole value)");
}

static void put_side(struct differ *d, const char *side, const json_t *value)
{
    char *text = value ? json_line(value) : mem_string("nothing");
    fprintf(d->to, "%*s  %-9s %.400s%s\n", d->indent, "", side, text,
            strlen(text) > 400 ? "..." : "");
    free(text);
}

/* A window of a string from `from`, quoted as JSON, with marks where it was cut. */
static void put_window(struct differ *d, const char *side, const json_t *value, size_t from)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    size_t end = from + SHOWN_BEFORE + SHOWN_AFTER;
    if (end > len)
        end = len;
    if (from > len)
        from = len;
    json_t *part = json_text_value(text + from, end - from);
    char *quoted = json_line(part);
    fprintf(d->to, "%*s  %-9s %s%s%s\n", d->indent, "", side, from > 0 ? "..." : "", quoted,
            end < len ? "..." : "");
    free(quoted);
    json_decref(part);
}

static void differ_strings(struct differ *d, const json_t *expected, const json_t *actual)
{
    const char *a = json_string_value(expected), *b = json_string_value(actual);
    size_t la = json_string_length(expected), lb = json_string_length(actual);
    size_t same = 0;
    while (same < la && same < lb && a[same] == b[same])
        same++;
    if (la <= SHOWN_BEFORE + SHOWN_AFTER && lb <= SHOWN_BEFORE + SHOWN_AFTER) {
        put_side(d, "expected", expected);
        put_side(d, "actual", actual);
        return;
    }
    size_t from = same > SHOWN_BEFORE ? same - SHOWN_BEFORE : 0;
    fprintf(d->to, "%*s  first difference at byte %zu of %zu (actual: %zu)\n", d->indent, "", same,
            la, lb);
    put_window(d, "expected", expected, from);
    put_window(d, "actual", actual, from);
}

static void differ_values(struct differ *d, const json_t *expected, const json_t *actual);

/* Goes one step down: appends to the path, compares, and takes the step back. */
static void differ_member(
        struct differ *d, const char *step, const json_t *expected, const json_t *actual)
{
    size_t len = strlen(d->path);
    snprintf(
            d->path + len, sizeof(d->path) - len, "%s%s", len > 0 && *step != '[' ? "." : "", step);
    differ_values(d, expected, actual);
    d->path[len] = 0;
}

static void differ_objects(struct differ *d, const json_t *expected, const json_t *actual)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)expected, key, value)
            differ_member(d, key, value, json_object_get(actual, key));
    json_object_foreach((json_t *)(uintptr_t)actual, key,
            value) if (!json_object_get(expected, key)) differ_member(d, key, NULL, value);
}

static void differ_arrays(struct differ *d, const json_t *expected, const json_t *actual)
{
    size_t ne = json_array_size(expected), na = json_array_size(actual);
    for (size_t i = 0; i < ne || i < na; i++) {
        char step[32];
        snprintf(step, sizeof(step), "[%zu]", i);
        differ_member(d, step, json_array_get(expected, i), json_array_get(actual, i));
    }
}

static void differ_values(struct differ *d, const json_t *expected, const json_t *actual)
{
    if (expected == actual || (expected && actual && json_equal(expected, actual)))
        return;
    if (json_is_object(expected) && json_is_object(actual)) {
        differ_objects(d, expected, actual);
        return;
    }
    if (json_is_array(expected) && json_is_array(actual)) {
        differ_arrays(d, expected, actual);
        return;
    }
    put_path(d);
    if (json_is_string(expected) && json_is_string(actual)) {
        differ_strings(d, expected, actual);
        return;
    }
    put_side(d, "expected", expected);
    put_side(d, "actual", actual);
}

void diff_write(FILE *to, const json_t *expected, const json_t *actual, int indent)
{
    struct differ d = { .to = to, .indent = indent };
    differ_values(&d, expected, actual);
}
