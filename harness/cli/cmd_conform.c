/* cclab conform: vectors in, differences and a count out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"
#include "harness/cli/flag_groups.h"
#include "harness/conform/diff.h"
#include "harness/conform/run.h"
#include "harness/json/json.h"
#include "harness/world/world.h"

struct options {
    const char *world;
    const char *suite;
    int64_t jobs;
    const char *json;
    int64_t max_diffs;
    int64_t timeout_ms;
};

/* A world that was loaded, kept for the files that follow. */
struct loaded {
    char *path;
    struct world *world;
    struct loaded *next;
};

struct session {
    const struct options *options;
    struct loaded *worlds;
    json_t *files; /* the report */
    size_t passed;
    size_t failed;
    size_t shown;
    bool bad_input;
    bool unread;     /* a file could not be read at all */
    bool no_process; /* could be made for some vectors */
};

/* ---- worlds ---- */

static struct world *get_world(struct session *s, char *path)
{
    for (struct loaded *l = s->worlds; l; l = l->next) {
        if (strcmp(l->path, path) == 0) {
            free(path);
            return l->world;
        }
    }
    struct loaded *l = mem_new(struct loaded);
    l->path = path;
    l->world = world_load(path);
    l->next = s->worlds;
    s->worlds = l;
    return l->world;
}

/* The folder of worlds: as told, or beside the vectors, or the recorded one. */
static char *find_world_dir(const struct session *s, const char *vectors)
{
    const char *const near[] = { "world", "../world" };
    if (s->options->world)
        return mem_string(s->options->world);
    for (size_t i = 0; i < 2; i++) {
        char *dir = file_beside(vectors, near[i]);
        if (file_is_dir(dir))
            return dir;
        free(dir);
    }
    return mem_string("corpora/conformance/world");
}

static struct world *find_world(struct session *s, const char *vectors, const char *name)
{
    char *dir = find_world_dir(s, vectors);
    char *path = file_in(dir, name);
    if (!file_exists(path)) {
        diag_at((struct diag_place){ .file = vectors },
                "no world for these vectors: there is no %s; name the folder with --world", path);
        free(path);
        free(dir);
        return NULL;
    }
    free(dir);
    return get_world(s, path);
}

static void free_worlds(struct session *s)
{
    while (s->worlds) {
        struct loaded *l = s->worlds;
        s->worlds = l->next;
        world_free(l->world);
        free(l->path);
        free(l);
    }
}

/* ---- reports ---- */

static void show_failure(struct session *s, const struct vector_file *file,
        const struct vector_line *line, const struct vector_result *result)
{
    if (s->shown++ >= (size_t)s->options->max_diffs)
        return;
    printf("%s %s (%s:%d)\n", vector_verdict_name(result->verdict), vector_name(line), file->path,
            line->line);
    const char *note = json_string_value(json_object_get(line->value, "note"));
    if (note)
        printf("  note: %s\n", note);
    if (result->verdict == VECTOR_FAILED)
        diff_write(stdout, result->expected, result->actual, 2);
    else if (result->verdict == VECTOR_CRASHED)
        printf("  %s\n", result->note);
}

static void count_results(
        struct session *s, const struct vector_file *file, const struct vector_result *results)
{
    size_t passed = 0, failed = file->broken, not_run = 0;
    for (size_t i = 0; i < file->count; i++) {
        const struct vector_result *result = &results[i];
        if (result->verdict == VECTOR_PASSED) {
            passed++;
            continue;
        }
        failed++;
        not_run += result->verdict == VECTOR_NOT_RUN;
        if (result->verdict != VECTOR_NOT_RUN)
            show_failure(s, file, &file->lines[i], result);
    }
    printf("%-14s %s: %zu passed, %zu failed", file->suite->name, file->path, passed, failed);
    if (not_run > 0)
        printf(" (%zu not run)", not_run);
    if (file->broken > 0)
        printf(" (%zu lines are no vectors)", file->broken);
    printf("\n");
    s->passed += passed;
    s->failed += failed;
    json_array_append_new(s->files, conform_file_json(file, results, passed, failed));
}

/* ---- files ---- */

static void run_suite(struct session *s, const char *path, const struct vector_file *file)
{
    const struct conform_suite *suite = file->suite;
    struct conform_env env = { .file = path };
    if (suite->world && !(env.world = find_world(s, path, suite->world))) {
        s->bad_input = true;
        s->failed += file->count + file->broken;
        return;
    }
    struct vector_result *results = mem_new_array(struct vector_result, file->count);
    struct conform_run_options run = { (unsigned)s->options->jobs, s->options->timeout_ms };
    int status = conform_run_file(suite, &env, file, &run, results);
    s->bad_input |= status == CCLAB_USAGE;
    s->no_process |= status == CCLAB_INTERNAL;
    count_results(s, file, results);
    vector_results_free(results, file->count);
}

static void run_file(struct session *s, const char *path)
{
    struct vector_file file;
    const char *only = s->options->suite;
    if (!vector_file_read(&file, path, only)) {
        s->bad_input = s->unread = true;
        return;
    }
    s->bad_input |= file.broken > 0;
    if (file.suite && only && strcmp(file.suite->name, only) != 0) {
        printf("%-14s %s: left out, --suite %s\n", file.suite->name, file.path, only);
    } else if (file.suite) {
        run_suite(s, path, &file);
    } else {
        if (file.count > 0 || file.broken == 0)
            diag_at((struct diag_place){ file.path, 1, 1 },
                    file.count > 0 ? "no suite knows such vectors; see cclab list suites"
                                   : "holds no vector");
        s->bad_input = true;
        s->failed += file.count + file.broken;
    }
    vector_file_free(&file);
}

static bool run_path(struct session *s, const char *path)
{
    if (!file_is_dir(path)) {
        run_file(s, path);
        return true;
    }
    char **list = file_list(path, ".jsonl");
    if (!list)
        return false;
    if (!list[0])
        diag_at((struct diag_place){ .file = path }, "holds no file that ends in .jsonl");
    bool ok = list[0] != NULL;
    for (char **p = list; *p; p++)
        run_file(s, *p);
    file_list_free(list);
    return ok;
}

static bool known_suite(const char *name)
{
    const char *names[64] = { NULL };
    size_t count = 0;
    for (size_t i = 0; conform_suites[i] && count < 63; i++) {
        if (strcmp(conform_suites[i]->name, name) == 0)
            return true;
        names[count++] = conform_suites[i]->name;
    }
    struct diag_hint hint = diag_hint(name, names);
    diag("conform: there is no suite \"%s\"%s; see cclab list suites", name, hint.text);
    return false;
}

static int finish(struct session *s)
{
    const struct options *options = s->options;
    if (s->shown > (size_t)options->max_diffs)
        printf("%zu more failures are not shown; see --max-diffs and --json\n",
                s->shown - (size_t)options->max_diffs);
    int status = s->no_process   ? CCLAB_INTERNAL
                 : s->bad_input  ? CCLAB_USAGE
                 : s->failed > 0 ? CCLAB_FOUND
                                 : CCLAB_OK;
    if (s->passed + s->failed == 0 && (status == CCLAB_OK || s->unread)) {
        diag("conform: no vector was run");
        status = status == CCLAB_OK ? CCLAB_USAGE : status;
    }
    if (options->json) {
        json_t *report = conform_results(s->passed, s->failed, s->files);
        if (!json_write(options->json, report))
            status = CCLAB_OUTPUT;
        json_decref(report);
    }
    printf("%zu passed, %zu failed\n", s->passed, s->failed);
    return status;
}

static int run(const void *opts, const struct operands *operands)
{
    const struct options *options = opts;
    if (options->suite && !known_suite(options->suite))
        return CCLAB_USAGE;
    if (options->world && !file_is_dir(options->world)) {
        diag_at((struct diag_place){ .file = options->world }, "is not a folder");
        return CCLAB_USAGE;
    }
    struct session session = { .options = options, .files = json_array() };
    out_catch_signals();
    for (size_t i = 0; i < operands->count; i++)
        if (!run_path(&session, operands->items[i]))
            session.bad_input = true;
    int status = finish(&session);
    json_decref(session.files);
    free_worlds(&session);
    return out_interrupted() ? CCLAB_INTERRUPTED : status;
}

static void defaults(void *opts)
{
    struct options *options = opts;
    options->jobs = flags_cores();
    options->max_diffs = 10;
    options->timeout_ms = 60000;
}

static const struct flag flags[] = {
    TEXT_FLAG("world", world, "DIR",
            "the folder with world.json and flow-world.json; else the folder \"world\" beside the "
            "vectors or above them, else corpora/conformance/world"),
    TEXT_FLAG("suite", suite, "NAME", "run only files of this suite"),
    JOBS_FLAG("worker processes (one a core); files whose vectors depend on each other use one"),
    NUMBER_FLAG("max-diffs", max_diffs, "N", "show at most this many failures (10)", 0, INT64_MAX),
    SECONDS_FLAG("timeout", timeout_ms, "give up on a vector after this time (60s; 0: never)"),
    FILE_FLAG("json", json, "FILE", "write all results to this file, - for standard output"),
    { 0 },
};

const struct command command_conform = {
    .name = "conform",
    .summary = "Compares the model's answers with vectors recorded from a real 1.4.2 peer.",
    .operands = "VECTORS...",
    .details =
            "VECTORS are files of one JSON object a line, or folders of *.jsonl files. Each "
            "failing\n"
            "vector is shown with what was expected and what came. The last line is\n"
            "\"N passed, M failed\". Exit status: 0 all passed, 1 some failed, 2 bad input or no\n"
            "vector at all, 9 no process could be made for some, 130 interrupted.",
    .flags = flags,
    .options_size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run,
};
