/* The results of a suite as lines for people and as files. */
#include <inttypes.h>
#include <string.h>

#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/json/json.h"
#include "harness/report/suite.h"

json_t *suite_missing(const char *path, const char *why)
{
    return json_pack("{s:o, s:b, s:b, s:s, s:f, s:i, s:i, s:i}", "file",
            json_text_value(path, strlen(path)), "passed", 0, "missing", 1, "details", why,
            "seconds", 0.0, "runs", 0, "repeated", 0, "flaky", 0);
}

static void print_known(const json_t *known)
{
    if (json_array_size(known) == 0)
        return;
    printf(" (known:");
    for (size_t i = 0; i < json_array_size(known); i++) {
        const char *id = json_string_value(json_array_get(known, i));
        printf(" %s", id ? out_shown(rt_str_from(id)) : "?");
    }
    printf(")");
}

static void print_lines(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        printf("%s\n", out_shown(rt_bytes_from(text, len)));
        text += len + (text[len] == '\n');
    }
}

void suite_print(const json_t *result)
{
    const char *details = json_string_of(result, "details");
    bool passed = json_true_of(result, "passed");
    bool missing = json_true_of(result, "missing");
    printf("%s %s: %" PRId64 " runs, %.1f s",
            passed    ? "ok  "
            : missing ? "miss"
                      : "FAIL",
            out_shown(rt_str_from(json_string_of(result, "file"))),
            (int64_t)json_integer_of(result, "runs"),
            json_real_value(json_object_get(result, "seconds")));
    print_known(json_object_get(result, "known"));
    printf("\n");
    if (!passed)
        print_lines(details && *details ? details : "nothing was run");
}

int suite_finish(const json_t *results, const struct outputs *to, json_t *shard, json_t *missing)
{
    json_int_t passed = 0, failed = 0, absent = 0, runs = 0, repeated = 0, flaky = 0;
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *r = json_array_get(results, i);
        bool ok = json_true_of(r, "passed");
        bool lacks = json_true_of(r, "missing");
        passed += ok;
        absent += lacks;
        failed += !ok && !lacks;
        runs += json_integer_of(r, "runs");
        repeated += json_integer_of(r, "repeated");
        flaky += json_integer_of(r, "flaky");
    }
    json_t *value = json_pack("{s:i, s:s}", "format", 1, "command", "suite");
    if (shard)
        json_object_set_new(value, "shard", shard);
    if (missing)
        json_object_set_new(value, "missing_shards", missing);
    json_object_set_new(value, "passed", json_integer(passed));
    json_object_set_new(value, "failed", json_integer(failed));
    json_object_set_new(value, "runs", json_integer(runs));
    json_object_set_new(value, "repeated", json_integer(repeated));
    json_object_set_new(value, "flaky", json_integer(flaky));
    json_object_set(value, "results", (json_t *)(uintptr_t)results);
    bool written = outputs_write(to, value);
    json_decref(value);
    printf("%" PRId64 " runs, %" PRId64 " repeated, %" PRId64 " with another trace\n",
            (int64_t)runs, (int64_t)repeated, (int64_t)flaky);
    printf("%" PRId64 " passed, %" PRId64 " failed", (int64_t)passed, (int64_t)failed);
    if (absent > 0)
        printf(", %" PRId64 " missing", (int64_t)absent);
    printf("\n");
    return !written ? CCLAB_OUTPUT : failed > 0 ? CCLAB_FOUND : CCLAB_OK;
}
