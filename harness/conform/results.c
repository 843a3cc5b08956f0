/* What became of vectors, for machines: the file of `cclab conform --json`. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/conform/run.h"
#include "model/rt/names.h"

struct failure {
    const char *id;
    int64_t line;
    int verdict;
    const char *note;
    json_t *expected;
    json_t *actual;
};

static const char *const verdicts[] = RT_NAMES(VECTOR_VERDICTS);
static const struct json_spec verdict = { .kind = JSON_SPEC_WORD, .words = verdicts };
static const struct json_spec string = { .kind = JSON_SPEC_STRING };
static const struct json_spec any = { .kind = JSON_SPEC_VALUE };

#define AT(member) offsetof(struct failure, member)
static const struct json_field failure_fields[] = {
    { "id", &string, AT(id), .required = true, .about = "The vector's name." },
    { "line", &json_spec_count, AT(line), .required = true, .about = "Its line in the file." },
    { "verdict", &verdict, AT(verdict), .required = true, .about = "What became of it." },
    { "note", &string, AT(note), .about = "How the model crashed." },
    { "expected", &any, AT(expected), .about = "Of one that failed: what was recorded." },
    { "actual", &any, AT(actual), .about = "Of one that failed: what the model answers." },
    { 0 },
};
#undef AT
static const struct json_spec failure_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "failure",
    .about = "A vector that did not pass.",
    .fields = failure_fields,
    .size = sizeof(struct failure),
};
static const struct json_spec failures_spec = { .kind = JSON_SPEC_ARRAY, .element = &failure_spec };

struct file_results {
    const char *file;
    const char *suite;
    uint64_t passed;
    uint64_t failed;
    struct json_list failures;
};

#define AT(member) offsetof(struct file_results, member)
static const struct json_field file_fields[] = {
    { "file", &string, AT(file), .required = true, .about = "The file." },
    { "suite", &string, AT(suite), .required = true, .about = "The suite that ran it." },
    { "passed", &json_spec_count, AT(passed), .required = true, .about = "Vectors that passed." },
    { "failed", &json_spec_count, AT(failed), .required = true,
            .about = "Lines that did not: vectors, and what is none." },
    { "failures", &failures_spec, AT(failures), .required = true,
            .about = "The vectors that did not pass, in order." },
    { 0 },
};
#undef AT
static const struct json_spec file_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "file",
    .about = "What became of one file's vectors.",
    .fields = file_fields,
    .size = sizeof(struct file_results),
};

struct results {
    int64_t format;
    int command;
    uint64_t passed;
    uint64_t failed;
    json_t *files;
};

static const char *const words[] = { "conform", NULL };
static const struct json_spec command = { .kind = JSON_SPEC_WORD, .words = words };
static const struct json_spec file_list = { .kind = JSON_SPEC_ARRAY, .element = &file_spec };
static const struct json_spec files_spec = { .kind = JSON_SPEC_VALUE, .element = &file_list };

#define AT(member) offsetof(struct results, member)
static const struct json_field fields[] = {
    JSON_RESULTS_HEAD(struct results, &command),
    { "passed", &json_spec_count, AT(passed), .required = true, .about = "Vectors that passed." },
    { "failed", &json_spec_count, AT(failed), .required = true,
            .about = "Lines that did not, also of files that were not run." },
    { "files", &files_spec, AT(files), .required = true,
            .about = "Those that were run, in order." },
    { 0 },
};
#undef AT
const struct json_spec conform_results_spec = {
    .kind = JSON_SPEC_OBJECT,
    .about = "What cclab conform saw.",
    .fields = fields,
};

json_t *conform_file_json(const struct vector_file *file, const struct vector_result *results,
        size_t passed, size_t failed)
{
    struct failure *failures = mem_new_array(struct failure, file->count);
    struct file_results told = { file->path, file->suite->name, passed, failed, { failures, 0 } };
    for (size_t i = 0; i < file->count; i++) {
        const struct vector_result *r = &results[i];
        if (r->verdict != VECTOR_PASSED)
            failures[told.failures.count++] = (struct failure){ vector_name(&file->lines[i]),
                file->lines[i].line, (int)r->verdict, r->note, r->expected, r->actual };
    }
    json_t *value = json_make(&file_spec, &told, true);
    free(failures);
    return value;
}

json_t *conform_results(size_t passed, size_t failed, json_t *files)
{
    const struct results results = { 1, 0, passed, failed, files };
    return json_make(&conform_results_spec, &results, true);
}
