/* Puts the explorations of shards together and reports them as the whole search would have been. */
#include <inttypes.h>

#include "harness/base/exit.h"
#include "harness/report/explored.h"
#include "harness/report/merge.h"
#include "harness/report/outputs.h"
#include "model/rt/arena.h"

/* ---- one exploration ---- */

/* True if a number is at most what it can be; else it is reported. */
static bool at_most(const struct json_doc *doc, const struct json_node *object, const char *key,
        uint64_t number, uint64_t most)
{
    return number <= most ||
           json_wrong(doc, json_member(object, key),
                   rt_cstr(rt_sprintf("a whole number, at most %llu", (unsigned long long)most)));
}

/* Its schedules are those of the file's part of the search. */
static bool check_part(const struct merge_file *f, const struct json_node *node,
        const struct explored_options *o, const struct exploration *e)
{
    uint64_t begin, end;
    struct explore_options shard = o->explore;
    const struct json_node *part = json_need(f->doc, node, "part", "which schedules these are");
    if (!part)
        return false;
    shard.shard = f->shard;
    explore_part(&shard, &begin, &end);
    return (e->begin == begin ||
                   json_wrong(f->doc, json_member(part, "begin"), "where this part begins")) &&
           (e->end == end || json_wrong(f->doc, json_member(part, "end"), "where this part ends"));
}

/* What one number says of another. */
static bool check_numbers(
        const struct json_doc *doc, const struct json_node *node, const struct exploration *e)
{
    bool ok = at_most(doc, node, "schedules", e->schedules, e->end - e->begin) &&
              at_most(doc, node, "repeated", e->repeated, e->schedules) &&
              at_most(doc, node, "flaky", e->flaky, e->repeated);
    const struct json_node *f = json_member(node, "findings")->child;
    for (size_t i = 0; i < e->found_count; i++, f = f->next)
        if (e->found[i].first < e->begin || e->found[i].first >= e->end)
            ok = json_wrong(doc, json_member(f, "first_schedule"), "a schedule of this part");
    return ok;
}

static bool check_ending(const struct json_doc *doc, const struct json_node *node, bool partial,
        const struct exploration *e)
{
    const struct json_node *ended = json_member(node, "ended");
    if (e->ended == ENDING_EXHAUSTED)
        return json_wrong(doc, ended, "how a part ended");
    if (e->ended != ENDING_INTERRUPTED || partial)
        return true;
    diag_at(json_place(doc, ended),
            "this part was interrupted after %" PRIu64 " of %" PRIu64
            " schedules; --partial puts together what there is",
            e->schedules, e->end - e->begin);
    return false;
}

static bool read_exploration(const struct merge_file *f, const struct json_node *node,
        const struct explored_options *o, bool partial, struct exploration *e)
{
    if (!exploration_read(f->doc, node, e))
        return false;
    e->estimate = e->error = 0; /* results of several batches have none, see has_estimate() */
    return check_part(f, node, o, e) && check_numbers(f->doc, node, e) &&
           check_ending(f->doc, node, partial, e);
}

/* ---- all parts of one ---- */

/* The worst of the endings; a first finding ends all. */
static enum ending later_ending(enum ending a, enum ending b)
{
    return a > b ? a : b;
}

static bool add_part(const struct merge_file *f, const struct json_node *node,
        const struct explored_options *o, bool partial, struct exploration *whole)
{
    struct exploration part;
    bool ok = read_exploration(f, node, o, partial, &part);
    bool over = o->explore.stop_at_first && whole->found_count > 0;
    if (!ok || over) {
        exploration_free(&part);
        return ok;
    }
    enum ending ended = later_ending(whole->ended, part.ended);
    double seconds = whole->seconds + part.seconds;
    exploration_merge(whole, &part);
    bool first = o->explore.stop_at_first && whole->found_count > 0;
    whole->ended = first ? ENDING_FIRST : ended;
    whole->seconds = seconds;
    return true;
}

/* Where an exploration is. */
struct search_place {
    const struct merge_file *file;
    const struct json_node *node; /* NULL: nowhere */
};

static bool same_search(struct search_place a, struct search_place b, size_t n)
{
    static const char *const members[] = { "scenario", "strategy", "seed" };
    const char *path = rt_cstr(rt_sprintf("explorations[%zu]", n));
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (!merge_same(a.file, json_member(a.node, members[i]), b.file,
                    json_member(b.node, members[i]),
                    rt_cstr(rt_sprintf("%s.%s", path, members[i]))))
            return false;
    return merge_same(a.file, json_member(json_member(a.node, "part"), "scenario"), b.file,
            json_member(json_member(b.node, "part"), "scenario"),
            rt_cstr(rt_sprintf("%s.part.scenario", path)));
}

/* Merges the n-th search of all files; *first is where the first of them has it. */
static bool merge_search(const struct merge *m, size_t n, const struct explored_options *o,
        bool partial, struct exploration *whole, struct search_place *first)
{
    *first = (struct search_place){ 0 };
    for (size_t i = 0; i < m->count; i++) {
        const struct merge_file *f = &m->files[i];
        struct search_place here = { f, json_nth(f->list, n) };
        if (!here.node && partial)
            continue;
        if (!here.node) {
            diag_at(json_place(f->doc, f->list),
                    "explorations: %zu of %zu are there, the run was cut off; --partial puts "
                    "together what there is",
                    json_array_size(f->list->value), o->scenarios);
            return false;
        }
        if (!add_part(f, here.node, o, partial, whole) ||
                (first->node && !same_search(*first, here, n)))
            return false;
        if (!first->node)
            *first = here;
    }
    exploration_sort(whole);
    whole->end = o->explore.schedules;
    return true;
}

/* ---- the whole ---- */

static int report(struct explored_options *o, struct search_place from, struct exploration *whole,
        json_t *explorations)
{
    const struct json_doc *doc = from.file->doc;
    const struct json_node *scenario = json_member(json_member(from.node, "part"), "scenario");
    struct scenario *s = scenario_from_doc(json_doc_part(doc, scenario), ".");
    json_t *entry;
    if (!s)
        return CCLAB_USAGE;
    o->explore.title = rt_cstr(s->name);
    exploration_label(whole, &o->explore);
    int status = explored_report(o, s, whole, &entry);
    json_array_append_new(explorations, entry);
    scenario_free(s);
    return status;
}

/* Reports a file with more searches than scenarios were named. */
static bool check_lengths(const struct merge *m, const struct explored_options *o)
{
    bool ok = true;
    for (size_t i = 0; i < m->count; i++)
        if (json_array_size(m->files[i].list->value) > o->scenarios)
            ok = json_wrong(m->files[i].doc, m->files[i].list,
                    rt_cstr(rt_sprintf("at most %d element%s", (int)o->scenarios,
                            o->scenarios == 1 ? "" : "s")));
    return ok;
}

static int merge_all(const struct merge *m, const struct merge_options *mo,
        struct explored_options *o, json_t *explorations)
{
    int status = check_lengths(m, o) ? CCLAB_OK : CCLAB_USAGE;
    for (size_t n = 0; status != CCLAB_USAGE && n < o->scenarios; n++) {
        struct exploration whole = { 0 };
        struct search_place from;
        if (!merge_search(m, n, o, mo->partial, &whole, &from))
            status = CCLAB_USAGE;
        else if (from.node)
            status = explored_worse(status, report(o, from, &whole, explorations));
        exploration_free(&whole);
    }
    return status;
}

int merge_explorations(const struct merge *m, const struct merge_options *mo)
{
    struct explored_options o = { .out = mo->out };
    json_t *explorations = json_array();
    int status = CCLAB_USAGE;
    if (json_read(m->files[0].doc, m->files[0].options, &explored_options_spec, &o))
        status = merge_all(m, mo, &o, explorations);
    if (status != CCLAB_USAGE) {
        o.missing = merge_tell_missing(m);
        json_t *file = explored_file(&o, explorations);
        struct outputs to = { mo->json, mo->junit, mo->sarif };
        if (!outputs_write(&to, file))
            status = CCLAB_OUTPUT;
        json_decref(file);
    }
    json_decref(o.missing);
    json_decref(explorations);
    baseline_free((struct baseline *)(uintptr_t)o.baseline);
    return status;
}
