/* Puts the results of a suite's shards together, in the order of the whole suite's files. */
#include <string.h>

#include "harness/base/exit.h"
#include "harness/report/merge.h"
#include "harness/report/suite.h"
#include "model/rt/arena.h"

/* Members that the reports read, as they must be. */
static bool check_result(const struct merge_file *f, const struct json_node *r, const char *file)
{
    static const char *const numbers[] = { "runs", "repeated", "flaky" };
    if (!json_is_object(r->value))
        return merge_wrong(f, r, "a result");
    const struct json_node *name = json_member(r, "file");
    if (!name || !json_is_string(name->value) || strcmp(json_string_value(name->value), file) != 0)
        return merge_wrong(f, name ? name : r, rt_cstr(rt_sprintf("the result of %s", file)));
    const struct json_node *passed = json_member(r, "passed");
    if (!passed || !json_is_boolean(passed->value))
        return merge_wrong(f, passed ? passed : r, "a member \"passed\", true or false");
    for (size_t i = 0; i < 3; i++) {
        const struct json_node *n = json_member(r, numbers[i]);
        if (n && (!json_is_integer(n->value) || json_integer_value(n->value) < 0))
            return merge_wrong(f, n, "a number, at least 0");
    }
    const struct json_node *findings = json_member(r, "findings");
    for (const struct json_node *n = findings ? findings->child : NULL; n; n = n->next) {
        const struct json_node *id = json_member(n, "id"), *text = json_member(n, "text"),
                               *invariant = json_member(n, "invariant");
        if (!id || !text || !invariant || !json_is_string(id->value) ||
                !json_is_string(text->value) || !json_is_string(invariant->value))
            return merge_wrong(f, n, "a finding");
    }
    return true;
}

/* The shard's file, or NULL if it is missing. */
static const struct merge_file *file_of(const struct merge *m, uint64_t index)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->files[i].shard.index == index)
            return &m->files[i];
    return NULL;
}

/* The result of the whole suite's n-th file; NULL after a report. */
static json_t *result_of(
        const struct merge *m, const struct merge_options *o, uint64_t n, const char *name)
{
    uint64_t count = m->files[0].shard.count;
    const struct merge_file *f = file_of(m, n % count + 1);
    if (!f)
        return suite_missing(name, "the part of the suite that judges it is missing");
    const struct json_node *r = json_nth(f->list, n / count);
    if (r && json_true_of(r->value, "interrupted"))
        r = NULL;
    if (!r && o->partial)
        return suite_missing(name, "the part of the suite that judges it was cut off");
    if (!r) {
        diag_at(json_place(f->doc, f->list),
                "results: there is none of %s, the run was cut off; --partial puts together what "
                "there is",
                name);
        return NULL;
    }
    return check_result(f, r, name) ? json_incref(r->value) : NULL;
}

static bool gather(const struct merge *m, const struct merge_options *o, json_t *results)
{
    const struct merge_file *first = &m->files[0];
    const struct json_node *files = json_member(first->options, "files");
    if (!files || !json_is_array(files->value))
        return merge_wrong(first, files ? files : first->options, "a list \"files\"");
    uint64_t n = 0;
    for (const struct json_node *file = files->child; file; file = file->next, n++) {
        if (!json_is_string(file->value))
            return merge_wrong(first, file, "a path");
        json_t *result = result_of(m, o, n, json_string_value(file->value));
        if (!result)
            return false;
        json_array_append_new(results, result);
    }
    for (size_t i = 0; i < m->count; i++) {
        uint64_t has = json_array_size(m->files[i].list->value), count = first->shard.count;
        uint64_t most = n / count + (m->files[i].shard.index - 1 < n % count);
        if (has > most)
            return merge_wrong(&m->files[i], m->files[i].list,
                    rt_cstr(rt_sprintf("%llu results", (unsigned long long)most)));
    }
    return true;
}

int merge_suites(const struct merge *m, const struct merge_options *o)
{
    json_t *results = json_array();
    int status = CCLAB_USAGE;
    if (gather(m, o, results)) {
        struct outputs to = { o->json, o->junit, o->sarif };
        for (size_t i = 0; i < json_array_size(results); i++)
            suite_print(json_array_get(results, i));
        status = suite_finish(results, &to, NULL, merge_tell_missing(m));
    }
    json_decref(results);
    return status;
}
