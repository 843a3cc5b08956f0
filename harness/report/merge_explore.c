/* Puts the explorations of shards together and reports them as the whole search would have been. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/exit.h"
#include "harness/explore/replay.h"
#include "harness/report/explored.h"
#include "harness/report/merge.h"
#include "harness/report/outputs.h"
#include "model/rt/arena.h"

/* One member of a result that is being read: everything a report needs. */
struct reading {
    const struct merge_file *file;
    const struct json_node *object;
    bool ok;
};

static const struct json_node *member(struct reading *r, const char *key)
{
    const struct json_node *node = json_member(r->object, key);
    if (!node) {
        diag_at(json_place(r->file->doc, r->object), "member \"%s\" is missing", key);
        r->ok = false;
    }
    return node;
}

static void wrong(struct reading *r, const struct json_node *node, const char *expected)
{
    r->ok = merge_wrong(r->file, node, expected);
}

static uint64_t number(struct reading *r, const char *key, uint64_t most)
{
    const struct json_node *node = member(r, key);
    json_int_t n = node ? json_integer_value(node->value) : 0;
    if (node && (!json_is_integer(node->value) || n < 0 || (uint64_t)n > most)) {
        wrong(r, node, rt_cstr(rt_sprintf("a number from 0 to %llu", (unsigned long long)most)));
        return 0;
    }
    return (uint64_t)n;
}

static const char *text(struct reading *r, const char *key)
{
    const struct json_node *node = member(r, key);
    if (node && !json_is_string(node->value))
        wrong(r, node, "a string");
    const char *s = node ? json_string_value(node->value) : NULL;
    return s ? s : "";
}

static bool truth(struct reading *r, const char *key)
{
    const struct json_node *node = member(r, key);
    if (node && !json_is_boolean(node->value))
        wrong(r, node, "true or false");
    return node && json_is_true(node->value);
}

static uint64_t hash(struct reading *r, const char *key)
{
    const struct json_node *node = member(r, key);
    uint64_t value = 0;
    if (node && !hash_from_json(node->value, &value))
        wrong(r, node, "16 hexadecimal digits");
    return value;
}

/* A list or an object below the present object. */
static struct reading below(struct reading *r, const char *key, bool list)
{
    const struct json_node *node = member(r, key);
    if (node && list != json_is_array(node->value)) {
        wrong(r, node, list ? "an array" : "an object");
        node = NULL;
    }
    if (node && !list && !json_is_object(node->value)) {
        wrong(r, node, "an object");
        node = NULL;
    }
    return (struct reading){ r->file, node, node != NULL };
}

/* ---- one exploration ---- */

static void read_found(struct reading *r, const struct exploration *e, struct found *f)
{
    size_t bad = 0;
    f->id = rt_cstr_malloc(rt_str_from(text(r, "id")));
    f->invariant = rt_cstr_malloc(rt_str_from(text(r, "invariant")));
    f->text = rt_cstr_malloc(rt_str_from(text(r, "text")));
    f->verdict = verdict_from(text(r, "verdict"));
    if (r->ok && f->verdict == VERDICT_COUNT)
        wrong(r, member(r, "verdict"), "a verdict");
    f->count = number(r, "count", INT64_MAX);
    f->first = number(r, "first_schedule", INT64_MAX);
    if (r->ok && (f->first < e->begin || f->first >= e->end))
        wrong(r, member(r, "first_schedule"), "a schedule of this part");
    f->hash = hash(r, "hash");
    const struct json_node *choices = member(r, "choices");
    if (choices && !choices_from_json(choices->value, &f->choices, &bad))
        wrong(r, choices, "choices such as \"F3:1 F2 X2:1\"");
    const char *runs_on = text(r, "runs_on");
    if (r->ok && (strlen(runs_on) != f->choices.count || strspn(runs_on, "01") != f->choices.count))
        wrong(r, member(r, "runs_on"), "0 or 1 for each choice");
    for (size_t i = 0; r->ok && i < f->choices.count; i++)
        f->choices.items[i].runs_on = runs_on[i] == '1';
}

static void read_findings(struct reading *r, struct exploration *e)
{
    struct reading list = below(r, "findings", true);
    r->ok = r->ok && list.ok;
    if (!list.ok)
        return;
    e->found = calloc(json_array_size(list.object->value) + 1, sizeof(*e->found));
    if (!e->found)
        abort();
    for (const struct json_node *n = list.object->child; n; n = n->next) {
        struct reading one = { r->file, n, true };
        if (!json_is_object(n->value))
            wrong(&one, n, "a finding");
        else
            read_found(&one, e, &e->found[e->found_count++]);
        r->ok = r->ok && one.ok;
    }
}

static void read_verdicts(struct reading *r, struct exploration *e)
{
    struct reading verdicts = below(r, "verdicts", false);
    r->ok = r->ok && verdicts.ok;
    if (!verdicts.ok)
        return;
    for (int v = 0; v < VERDICT_COUNT; v++)
        if (json_member(verdicts.object, verdict_name((enum verdict)v)))
            e->verdicts[v] = number(&verdicts, verdict_name((enum verdict)v), INT64_MAX);
    r->ok = r->ok && verdicts.ok;
}

static void read_part(
        struct reading *r, const struct explore_options *options, struct exploration *e)
{
    uint64_t begin, end;
    struct explore_options shard = *options;
    struct reading part = below(r, "part", false);
    r->ok = r->ok && part.ok;
    if (!part.ok)
        return;
    e->begin = number(&part, "begin", options->schedules);
    e->end = number(&part, "end", options->schedules);
    shard.shard = r->file->shard;
    explore_part(&shard, &begin, &end);
    if (part.ok && e->begin != begin)
        wrong(&part, member(&part, "begin"), "where this part begins");
    if (part.ok && e->end != end)
        wrong(&part, member(&part, "end"), "where this part ends");
    below(&part, "scenario", false);
    r->ok = r->ok && part.ok;
}

static bool read_exploration(
        struct reading *r, const struct explored_options *o, bool partial, struct exploration *e)
{
    *e = (struct exploration){ 0 };
    if (!json_is_object(r->object->value)) {
        wrong(r, r->object, "an exploration");
        return false;
    }
    read_part(r, &o->explore, e);
    e->schedules = number(r, "schedules", e->end - e->begin);
    e->steps = number(r, "steps", INT64_MAX);
    e->choices = number(r, "choices", INT64_MAX);
    e->hashes = hash(r, "hashes");
    e->repeated = number(r, "repeated", e->schedules);
    e->flaky = number(r, "flaky", e->repeated);
    if (json_member(r->object, "lost_batches"))
        e->lost = number(r, "lost_batches", INT64_MAX);
    const struct json_node *seconds = member(r, "seconds");
    if (seconds && (!json_is_number(seconds->value) || json_number_value(seconds->value) < 0))
        wrong(r, seconds, "a number, at least 0");
    e->seconds = seconds ? json_number_value(seconds->value) : 0;
    const char *ended = text(r, "ended");
    while (e->ended < ENDING_COUNT && strcmp(ended, ending_name(e->ended)) != 0)
        e->ended++;
    if (r->ok && (e->ended == ENDING_COUNT || e->ended == ENDING_EXHAUSTED))
        wrong(r, member(r, "ended"), "how a part ended");
    read_verdicts(r, e);
    read_findings(r, e);
    if (r->ok && e->ended == ENDING_INTERRUPTED && !partial) {
        diag_at(json_place(r->file->doc, member(r, "ended")),
                "this part was interrupted after %" PRIu64 " of %" PRIu64
                " schedules; --partial puts together what there is",
                e->schedules, e->end - e->begin);
        r->ok = false;
    }
    return r->ok;
}

/* ---- all parts of one ---- */

/* The worst of the endings; a first finding ends all. */
static enum ending later_ending(enum ending a, enum ending b)
{
    return a > b ? a : b;
}

static bool add_part(struct reading *r, const struct explored_options *o, bool partial,
        struct exploration *whole)
{
    struct exploration part;
    bool ok = read_exploration(r, o, partial, &part);
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

static bool same_search(const struct reading *a, const struct reading *b, size_t n)
{
    static const char *const members[] = { "scenario", "strategy", "seed" };
    const char *path = rt_cstr(rt_sprintf("explorations[%zu]", n));
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (!merge_same(a->file, json_member(a->object, members[i]), b->file,
                    json_member(b->object, members[i]),
                    rt_cstr(rt_sprintf("%s.%s", path, members[i]))))
            return false;
    return merge_same(a->file, json_member(json_member(a->object, "part"), "scenario"), b->file,
            json_member(json_member(b->object, "part"), "scenario"),
            rt_cstr(rt_sprintf("%s.part.scenario", path)));
}

/* True if the n-th search has what comparing needs. */
static bool has_shape(struct reading *r)
{
    if (!json_is_object(r->object->value)) {
        wrong(r, r->object, "an exploration");
        return false;
    }
    text(r, "scenario");
    text(r, "strategy");
    number(r, "seed", INT64_MAX);
    struct reading part = below(r, "part", false);
    struct reading scenario = part.ok ? below(&part, "scenario", false) : part;
    return r->ok && part.ok && scenario.ok;
}

/* Merges the n-th search of all files; *first is where the first of them has it, and has no object
 * if none has. */
static bool merge_search(const struct merge *m, size_t n, const struct explored_options *o,
        bool partial, struct exploration *whole, struct reading *first)
{
    *first = (struct reading){ 0 };
    for (size_t i = 0; i < m->count; i++) {
        const struct merge_file *f = &m->files[i];
        const struct json_node *node = json_nth(f->list, n);
        if (!node && partial)
            continue;
        if (!node) {
            diag_at(json_place(f->doc, f->list),
                    "explorations: %zu of %zu are there, the run was cut off; --partial puts "
                    "together what there is",
                    json_array_size(f->list->value), o->scenarios);
            return false;
        }
        struct reading r = { f, node, true };
        if (!has_shape(&r) || (first->object && !same_search(first, &r, n)) ||
                !add_part(&r, o, partial, whole))
            return false;
        if (!first->object)
            *first = r;
    }
    exploration_sort(whole);
    whole->end = o->explore.schedules;
    return true;
}

/* ---- options ---- */

static bool read_variants(struct reading *r, uint64_t *set)
{
    struct reading list = below(r, "variants", true);
    for (const struct json_node *n = list.ok ? list.object->child : NULL; n; n = n->next) {
        const char *id = json_string_value(n->value);
        list.ok =
                scenario_add_variant(json_place(r->file->doc, n), rt_str_from(id ? id : ""), set) &&
                list.ok;
    }
    return list.ok;
}

static bool read_options(
        const struct merge_file *f, struct explored_options *o, struct baseline **baseline)
{
    struct reading r = { f, f->options, true };
    o->explore.strategy = text(&r, "strategy");
    o->explore.seed = number(&r, "seed", INT64_MAX);
    o->explore.schedules = number(&r, "schedules", INT64_MAX);
    o->explore.stop_at_first = truth(&r, "first");
    o->lab.races = truth(&r, "races");
    o->lab.stuck = truth(&r, "stuck");
    o->scenarios = number(&r, "scenarios", 1 << 20);
    if (r.ok && o->explore.schedules == 0)
        wrong(&r, member(&r, "schedules"), "at least 1");
    r.ok = read_variants(&r, &o->lab.variants) && r.ok;
    const struct json_node *known = member(&r, "baseline");
    if (r.ok && !json_is_null(known->value)) {
        *baseline = baseline_from_json(f->path, known->value);
        o->baseline = *baseline;
        r.ok = *baseline != NULL;
    }
    return r.ok;
}

/* ---- the whole ---- */

static int report(const struct explored_options *o, const struct reading *from,
        const struct exploration *whole, json_t *explorations)
{
    json_t *scenario = json_object_get(json_object_get(from->object->value, "part"), "scenario");
    struct scenario *s = scenario_from_json(from->file->path, scenario, ".");
    json_t *entry;
    if (!s)
        return CCLAB_USAGE;
    int status = explored_report(o, s, whole, &entry);
    json_array_append_new(explorations, entry);
    scenario_free(s);
    return status;
}

static int merge_all(const struct merge *m, const struct merge_options *mo,
        const struct explored_options *o, json_t *explorations)
{
    int status = CCLAB_OK;
    for (size_t n = 0; n < o->scenarios; n++) {
        struct exploration whole = { 0 };
        struct reading from;
        if (!merge_search(m, n, o, mo->partial, &whole, &from))
            status = CCLAB_USAGE;
        else if (from.object)
            status = explored_worse(status, report(o, &from, &whole, explorations));
        exploration_free(&whole);
        if (status == CCLAB_USAGE)
            break;
    }
    return status;
}

int merge_explorations(const struct merge *m, const struct merge_options *mo)
{
    struct explored_options o = { .out = mo->out };
    struct baseline *baseline = NULL;
    json_t *explorations = json_array();
    int status = CCLAB_USAGE;
    if (read_options(&m->files[0], &o, &baseline))
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
    baseline_free(baseline);
    return status;
}
