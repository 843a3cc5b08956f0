/* The results of a suite as lines for people and as files. */
#include <inttypes.h>
#include <string.h>

#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/json/json.h"
#include "harness/report/suite.h"

/* ---- the form ---- */

static bool was_judged(const void *object, bool whole)
{
    (void)whole;
    return ((const struct suite_result *)object)->judged;
}

static const char *const kinds[] = { "scenario", "replay", NULL };
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };
static const struct json_spec real = { .kind = JSON_SPEC_REAL };
static const struct json_spec path = { .kind = JSON_SPEC_STRING, .min = 1 };
static const struct json_spec string = { .kind = JSON_SPEC_STRING };
static const struct json_spec known = { .kind = JSON_SPEC_VALUE, .element = &result_names_spec };

#define AT(member) offsetof(struct suite_result, member)
static const struct json_field result_fields[] = {
    { "file", &path, AT(file), .about = "The scenario or replay.", .required = true },
    { "kind", &kind, AT(kind), .about = "Which of them; absent: it was not judged to its end.",
            .has = was_judged },
    { "passed", &json_spec_flag, AT(passed), .about = "Whether it is as it declares.",
            .required = true },
    { "missing", &json_spec_flag, AT(missing), .about = "Whether nothing is known of it.",
            .lean = true, .otherwise = "false" },
    { "interrupted", &json_spec_flag, AT(interrupted),
            .about = "Whether the suite ended before it did.", .lean = true, .otherwise = "false" },
    { "details", &string, AT(details), .about = "A line for each complaint.", .required = true },
    { "seconds", &real, AT(seconds), .about = "Of real time.", .required = true },
    { "runs", &json_spec_count, AT(runs), .about = "Schedules that were run.", .required = true },
    { "repeated", &json_spec_count, AT(repeated), .about = "Runs that were run twice.",
            .required = true },
    { "flaky", &json_spec_count, AT(flaky), .about = "Of them, those with another trace.",
            .required = true },
    { "known", &known, AT(known), .about = "Ids of known findings that were seen." },
    { "findings", &founds_spec, AT(e.found), .about = "What its exploration found.",
            .has = was_judged },
    { 0 },
};
const struct json_spec suite_result_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "result",
    .about = "The judgement of one file.",
    .fields = result_fields,
    .size = sizeof(struct suite_result),
};
#undef AT

static const struct json_spec paths = { .kind = JSON_SPEC_ARRAY, .element = &path };
static json_t *write_value(const void *in)
{
    return json_incref(*(json_t *const *)in);
}
/* It is read to be compared, by its text. */
static const struct json_spec baseline = {
    .kind = JSON_SPEC_OWN, .element = &baseline_spec, .size = sizeof(json_t *), .write = write_value
};

#define AT(member) offsetof(struct suite_shard_options, member)
static const struct json_field option_fields[] = {
    { "schedules", &json_spec_count, AT(schedules), .about = "--schedules", .required = true },
    { "repeat", &json_spec_count, AT(repeat), .about = "--repeat", .required = true },
    { "timeout_ms", &json_spec_count, AT(timeout_ms), .about = "--timeout", .required = true },
    { "variants", &paths, AT(variants), .about = "--variant", .required = true },
    { "baseline", &baseline, AT(baseline), .about = "The content of --baseline.", .null = true,
            .required = true },
    { "files", &paths, AT(files), .about = "All files of the suite, in order.", .required = true },
    { 0 },
};
#undef AT
const struct json_spec suite_shard_options_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "options",
    .about = "What the part was run with.",
    .fields = option_fields,
    .size = sizeof(struct suite_shard_options),
};

static const struct json_field shard_fields[] = {
    RESULT_SHARD_FIELDS(&suite_shard_options_spec),
    { 0 },
};
static const struct json_spec shard_spec = {
    .kind = JSON_SPEC_OBJECT, .fields = shard_fields, .size = sizeof(struct result_shard)
};
static const char *const commands[] = { "suite", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = commands };
static const struct json_spec results_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &suite_result_spec };

#define AT(member) offsetof(struct result_file, member)
static const struct json_field fields[] = {
    RESULT_FIELDS(&command, &shard_spec),
    { "passed", &json_spec_count, AT(passed), .about = "Files that passed.", .required = true },
    { "failed", &json_spec_count, AT(failed), .about = "Files that did not.", .required = true },
    { "runs", &json_spec_count, AT(runs), .about = "Schedules that were run.", .required = true },
    { "repeated", &json_spec_count, AT(repeated), .about = "Runs that were run twice.",
            .required = true },
    { "flaky", &json_spec_count, AT(flaky), .about = "Of them, those with another trace.",
            .required = true },
    { "results", &result_any_spec, AT(list), .about = "Of each file, in order.", .required = true,
            .schema = &results_spec },
    { 0 },
};
#undef AT
const struct json_spec suite_file_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab suite, or cclab merge, judged.",
    .fields = fields,
    .head = "format",
    .document = "result of cclab suite",
};

void suite_result_free(struct suite_result *result)
{
    json_decref(result->known);
    exploration_free(&result->e);
}

json_t *suite_unjudged(const char *file, const char *why)
{
    return json_make(
            &suite_result_spec, &(struct suite_result){ .file = file, .details = why }, true);
}

json_t *suite_missing(const char *file, const char *why)
{
    struct suite_result r = { .file = file, .details = why, .missing = true };
    return json_make(&suite_result_spec, &r, true);
}

/* ---- lines and files ---- */

static void print_known(const json_t *ids)
{
    if (json_array_size(ids) == 0)
        return;
    printf(" (known:");
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
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

int suite_finish(json_t *results, const struct outputs *to, struct shard shard, json_t *options,
        json_t *missing)
{
    struct result_file file = { 0 };
    uint64_t absent = 0;
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *r = json_array_get(results, i);
        bool ok = json_true_of(r, "passed");
        bool lacks = json_true_of(r, "missing");
        file.passed += ok;
        absent += lacks;
        file.failed += !ok && !lacks;
        file.runs += (uint64_t)json_integer_of(r, "runs");
        file.repeated += (uint64_t)json_integer_of(r, "repeated");
        file.flaky += (uint64_t)json_integer_of(r, "flaky");
    }
    json_t *value = result_make(&suite_file_spec, &file, shard, options, missing, results);
    bool written = outputs_write(to, value);
    json_decref(value);
    printf("%" PRIu64 " runs, %" PRIu64 " repeated, %" PRIu64 " with another trace\n", file.runs,
            file.repeated, file.flaky);
    printf("%" PRIu64 " passed, %" PRIu64 " failed", file.passed, file.failed);
    if (absent > 0)
        printf(", %" PRIu64 " missing", absent);
    printf("\n");
    return !written ? CCLAB_OUTPUT : file.failed > 0 ? CCLAB_FOUND : CCLAB_OK;
}
