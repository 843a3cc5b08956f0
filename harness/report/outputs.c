/* A command's results as JUnit cases, and in all files that were asked for. */
#include "harness/report/outputs.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/json/json.h"
#include "harness/report/junit.h"

/* ---- cases of a suite ---- */

static void judge_result(const json_t *r, struct junit_case *to)
{
    const char *kind = json_string_of(r, "kind");
    bool replay = kind && strcmp(kind, "replay") == 0;
    *to = (struct junit_case){
        .class_name = replay ? "cclab.replay" : "cclab.scenario",
        .name = json_string_of(r, "file"),
        .seconds = json_real_value(json_object_get(r, "seconds")),
        .kind = JUNIT_ERROR,
        .details = json_string_of(r, "details"),
    };
    if (json_true_of(r, "passed"))
        to->kind = JUNIT_PASSED;
    else if (json_true_of(r, "interrupted"))
        to->message = "was not judged";
    else if (json_true_of(r, "missing")) {
        to->kind = JUNIT_SKIPPED;
        to->message = to->details;
    } else if (!kind)
        to->message = "was not judged to its end";
    else if (json_integer_of(r, "flaky") > 0)
        to->message = "is not deterministic";
    else if (json_integer_of(r, "runs") == 0)
        to->message = "could not be run";
    else {
        to->kind = JUNIT_FAILED;
        to->message = "is not as declared";
    }
}

/* ---- cases of an exploration ---- */

static void print_findings(FILE *to, const json_t *findings, size_t *count)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *f = json_array_get(findings, i);
        if (json_true_of(f, "known") || json_true_of(f, "expected"))
            continue;
        const char *replay = json_string_of(f, "replay");
        fprintf(to, "%s: %s (%lld times, first in schedule %lld)%s%s\n", json_string_of(f, "id"),
                json_string_of(f, "text"), (long long)json_integer_of(f, "count"),
                (long long)json_integer_of(f, "first_schedule"), replay ? ", replay " : "",
                replay ? replay : "");
        ++*count;
    }
}

/* `*details` is malloced. */
static void judge_exploration(const json_t *e, struct junit_case *to, char **details)
{
    size_t size, found = 0;
    FILE *lines = mem_stream(details, &size);
    const char *ended = json_string_of(e, "ended");
    json_int_t flaky = json_integer_of(e, "flaky"), lost = json_integer_of(e, "lost_batches");
    bool interrupted = ended && strcmp(ended, "interrupted") == 0;
    bool part = json_object_get(e, "part") != NULL;
    print_findings(lines, json_object_get(e, "findings"), &found);
    if (flaky > 0)
        fprintf(lines, "%lld repeated runs had another trace\n", (long long)flaky);
    if (lost > 0)
        fprintf(lines, "%lld batches were lost with their workers\n", (long long)lost);
    if (interrupted)
        fprintf(lines, "interrupted after %lld schedules\n",
                (long long)json_integer_of(e, "schedules"));
    if (json_integer_of(e, "schedules") == 0 && !part)
        fprintf(lines, "no schedule was run\n");
    fclose(lines);
    *to = (struct junit_case){
        .class_name = "cclab.explore",
        .name = json_string_of(e, "scenario"),
        .seconds = json_real_value(json_object_get(e, "seconds")),
        .kind = size == 0 ? JUNIT_PASSED : JUNIT_FAILED,
        .message = "something new was found",
        .details = *details,
    };
    if (size > 0 && (found == 0 || flaky > 0 || lost > 0)) {
        to->kind = JUNIT_ERROR;
        to->message = "was not searched as it should";
    }
}

bool outputs_junit(const char *path, const json_t *results)
{
    const json_t *list = json_object_get(results, "explorations");
    bool suite = !list;
    if (suite)
        list = json_object_get(results, "results");
    size_t count = json_array_size(list);
    struct junit_case *cases = mem_new_array(struct junit_case, count);
    char **details = mem_new_array(char *, count);
    for (size_t i = 0; i < count; i++) {
        if (suite)
            judge_result(json_array_get(list, i), &cases[i]);
        else
            judge_exploration(json_array_get(list, i), &cases[i], &details[i]);
    }
    bool ok = junit_write(path, suite ? "cclab suite" : "cclab explore", cases, count);
    for (size_t i = 0; i < count; i++)
        free(details[i]);
    free(details);
    free(cases);
    return ok;
}

bool outputs_write(const struct outputs *o, const json_t *results)
{
    bool ok = true;
    if (o->junit)
        ok = outputs_junit(o->junit, results) && ok;
    if (o->sarif) {
        json_t *log = sarif_log(results);
        ok = json_write(o->sarif, log) && ok;
        json_decref(log);
    }
    if (o->json)
        ok = json_write(o->json, results) && ok;
    return ok;
}
