/* What the merging of either kind needs: the files, and whether they are parts of one thing. */
#include "harness/report/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/rt/arena.h"

/* ---- comparing ---- */

static const char *value_text(const struct json_node *node, char *buf, size_t size)
{
    return node ? json_describe(node->value, buf, size) : "missing";
}

static bool differ(const struct merge_file *a, const struct json_node *x,
        const struct merge_file *b, const struct json_node *y, const struct json_node *place,
        const char *member)
{
    char first[96], second[96];
    diag_at(json_place(b->doc, y ? y : place),
            "%s is %s, but %s in %s: these are not parts of one run", member,
            value_text(y, second, sizeof(second)), value_text(x, first, sizeof(first)), a->path);
    return false;
}

static bool same_members(const struct merge_file *a, const struct json_node *x,
        const struct merge_file *b, const struct json_node *y, const char *member)
{
    for (const struct json_node *child = x->child; child; child = child->next) {
        const char *path = rt_cstr(rt_sprintf("%s.%s", member, child->key));
        const struct json_node *other = json_member(y, child->key);
        if (!other)
            return differ(a, child, b, NULL, y, path);
        if (!merge_same(a, child, b, other, path))
            return false;
    }
    for (const struct json_node *child = y->child; child; child = child->next)
        if (!json_member(x, child->key))
            return differ(a, NULL, b, child, y, rt_cstr(rt_sprintf("%s.%s", member, child->key)));
    return true;
}

static bool same_elements(const struct merge_file *a, const struct json_node *x,
        const struct merge_file *b, const struct json_node *y, const char *member)
{
    const struct json_node *p = x->child, *q = y->child;
    for (int i = 0; p || q; i++, p = p ? p->next : NULL, q = q ? q->next : NULL) {
        const char *path = rt_cstr(rt_sprintf("%s[%d]", member, i));
        if (!p || !q)
            return differ(a, p, b, q, y, path);
        if (!merge_same(a, p, b, q, path))
            return false;
    }
    return true;
}

bool merge_same(const struct merge_file *a, const struct json_node *x, const struct merge_file *b,
        const struct json_node *y, const char *member)
{
    if (json_equal(x->value, y->value))
        return true;
    if (json_is_object(x->value) && json_is_object(y->value))
        return same_members(a, x, b, y, member);
    if (json_is_array(x->value) && json_is_array(y->value))
        return same_elements(a, x, b, y, member);
    return differ(a, x, b, y, y, member);
}

/* ---- reading ---- */

/* Which of the two forms it is; NULL after a report. */
static const struct json_spec *form_of(const struct json_doc *doc, bool *suite)
{
    const struct json_node *command = json_member(doc->root, "command");
    const char *name = command ? json_string_value(command->value) : NULL;
    *suite = name && strcmp(name, "suite") == 0;
    if (*suite)
        return &suite_file_spec;
    if (!json_member(doc->root, "format") || !command || (name && strcmp(name, "explore") == 0))
        return &explore_file_spec;
    json_wrong(doc, command, "\"explore\" or \"suite\"");
    return NULL;
}

static bool read_head(struct merge_file *f)
{
    struct result_file r = { 0 };
    const struct json_spec *form = form_of(f->doc, &f->suite);
    if (!form || !json_read(f->doc, f->doc->root, form, &r))
        return false;
    const struct json_node *shard = json_need(f->doc, f->doc->root, "shard",
            "this is the result of a whole run, not of one with --shard");
    if (!shard)
        return false;
    f->shard = r.shard->shard;
    f->options = r.shard->options;
    f->list = r.list;
    if (!json_is_array(f->list->value))
        return json_wrong(f->doc, f->list, "an array");
    if (f->shard.index > f->shard.count)
        return json_wrong(f->doc, json_member(shard, "index"),
                rt_cstr(rt_sprintf(
                        "a whole number from 1 to %llu", (unsigned long long)f->shard.count)));
    return true;
}

/* ---- what is missing ---- */

/* Calls with the first and last number of each gap. */
static void each_gap(
        const struct merge *m, void (*gap)(void *arg, uint64_t first, uint64_t last), void *arg)
{
    uint64_t next = 1;
    for (size_t i = 0; i < m->count; i++) {
        if (m->files[i].shard.index > next)
            gap(arg, next, m->files[i].shard.index - 1);
        next = m->files[i].shard.index + 1;
    }
    if (next <= m->files[0].shard.count)
        gap(arg, next, m->files[0].shard.count);
}

static void gap_text(void *arg, uint64_t first, uint64_t last)
{
    rt_str *text = arg;
    const char *comma = text->len > 0 ? ", " : "";
    *text = first == last ? rt_sprintf("%S%s%llu", *text, comma, (unsigned long long)first)
                          : rt_sprintf("%S%s%llu-%llu", *text, comma, (unsigned long long)first,
                                    (unsigned long long)last);
}

/* "2, 5-7, 9", in the current arena. */
static const char *missing_text(const struct merge *m)
{
    rt_str text = RT_STR("");
    each_gap(m, gap_text, &text);
    return rt_cstr(text);
}

static void gap_json(void *arg, uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i <= last; i++)
        json_array_append_new(arg, json_integer((json_int_t)i));
}

json_t *merge_tell_missing(const struct merge *m)
{
    if (m->missing == 0)
        return NULL;
    printf("without part %s of %" PRIu64 "\n", missing_text(m), m->files[0].shard.count);
    json_t *list = json_array();
    each_gap(m, gap_json, list);
    return list;
}

/* ---- the whole ---- */

static bool fits(const struct merge_file *a, const struct merge_file *b)
{
    static const char *const members[] = { "count", "cclab", "options" };
    const struct json_node *x = a->doc->root, *y = b->doc->root;
    if (!merge_same(a, json_member(x, "command"), b, json_member(y, "command"), "command"))
        return false;
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (!merge_same(a, json_member(json_member(x, "shard"), members[i]), b,
                    json_member(json_member(y, "shard"), members[i]),
                    rt_cstr(rt_sprintf("shard.%s", members[i]))))
            return false;
    return true;
}

static int by_index(const void *a, const void *b)
{
    const struct merge_file *x = a, *y = b;
    return x->shard.index < y->shard.index ? -1 : x->shard.index > y->shard.index;
}

static bool each_once(const struct merge *m)
{
    bool ok = true;
    for (size_t i = 1; i < m->count; i++) {
        const struct merge_file *a = &m->files[i - 1], *b = &m->files[i];
        if (a->shard.index != b->shard.index)
            continue;
        const struct json_node *shard = json_member(b->doc->root, "shard");
        diag_at(json_place(b->doc, json_member(shard, "index")),
                "shard.index: part %" PRIu64 " of %" PRIu64 " is in %s, too", b->shard.index,
                b->shard.count, a->path);
        ok = false;
    }
    return ok;
}

bool merge_open(struct merge *m, const char *const *paths, size_t count, bool partial)
{
    bool ok = true;
    *m = (struct merge){ .files = rt_new_array(struct merge_file, count + 1) };
    for (size_t i = 0; i < count; i++) {
        struct merge_file *f = &m->files[m->count++];
        *f = (struct merge_file){ .path = paths[i], .doc = json_doc_load(paths[i]) };
        ok = f->doc && read_head(f) && ok;
    }
    for (size_t i = 1; ok && i < m->count; i++)
        ok = fits(&m->files[0], &m->files[i]);
    if (!ok || m->count == 0)
        return false;
    qsort(m->files, m->count, sizeof(*m->files), by_index);
    if (!each_once(m))
        return false;
    m->missing = m->files[0].shard.count - m->count;
    if (m->missing > 0 && !partial) {
        diag("merge: %s of %" PRIu64 " missing: %s; --partial puts together what there is",
                m->missing == 1 ? "a part is" : "parts are", m->files[0].shard.count,
                missing_text(m));
        return false;
    }
    return true;
}

void merge_close(struct merge *m)
{
    for (size_t i = 0; i < m->count; i++)
        json_doc_free(m->files[i].doc);
}
