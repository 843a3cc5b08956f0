/* Puts the results of a suite's shards together, in the order of the whole suite's files. */
#include <string.h>

#include "harness/base/exit.h"
#include "harness/report/merge.h"
#include "harness/report/suite.h"
#include "model/rt/arena.h"

static bool check_result(const struct merge_file *f, const struct json_node *node, const char *file)
{
    struct suite_result r = { 0 };
    bool ok = json_read(f->doc, node, &suite_result_spec, &r);
    if (ok && strcmp(r.file, file) != 0)
        ok = json_wrong(f->doc, json_member(node, "file"), rt_cstr(rt_sprintf("\"%s\"", file)));
    suite_result_free(&r);
    return ok;
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
    struct suite_shard_options options = { 0 };
    if (!json_read(first->doc, first->options, &suite_shard_options_spec, &options))
        return false;
    struct json_list files = options.files;
    for (size_t n = 0; n < files.count; n++) {
        json_t *result = result_of(m, o, n, ((char *const *)files.items)[n]);
        if (!result)
            return false;
        json_array_append_new(results, result);
    }
    for (size_t i = 0; i < m->count; i++) {
        uint64_t has = json_array_size(m->files[i].list->value), count = first->shard.count;
        uint64_t most = files.count / count + (m->files[i].shard.index - 1 < files.count % count);
        if (has > most)
            return json_wrong(m->files[i].doc, m->files[i].list,
                    rt_cstr(rt_sprintf("at most %llu elements", (unsigned long long)most)));
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
        status = suite_finish(results, &to, (struct shard){ 0 }, NULL, merge_tell_missing(m));
    }
    json_decref(results);
    return status;
}
