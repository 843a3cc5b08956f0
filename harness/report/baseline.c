/* Reading lists of known findings, and looking a finding up. */
#include "harness/report/baseline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "model/lab/variants.h"
#include "model/rt/arena.h"

static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };

static const struct json_spec names = {
    .kind = JSON_SPEC_ARRAY, .element = &json_spec_name, .min = 1
};

static const struct json_field known_fields[] = {
    { "ids", &names, offsetof(struct known_finding, ids), .required = true,
            .about = "The ids by which it shows, in full." },
    { "sentence", &json_spec_name, offsetof(struct known_finding, sentence), .required = true,
            .about = "What is wrong." },
    { "where", &json_spec_name, offsetof(struct known_finding, where), .required = true,
            .about = "Fabric's file and function." },
    { "replay", &json_spec_name, offsetof(struct known_finding, replay), .required = true,
            .about = "A replay that shows it, relative to this file." },
    { "fix", &json_spec_name, offsetof(struct known_finding, fix),
            .about = "The variant with which it disappears; absent: none yet." },
    { 0 },
};
static const struct json_spec known = {
    .kind = JSON_SPEC_OBJECT,
    .name = "known_finding",
    .about = "One cause.",
    .fields = known_fields,
    .size = sizeof(struct known_finding),
    .place = offsetof(struct known_finding, node),
    .has_place = true,
};
static const struct json_spec list = { .kind = JSON_SPEC_ARRAY, .element = &known };

struct baseline_text {
    int64_t format;
    struct json_list known;
};
static const struct json_field fields[] = {
    { "$schema", &json_spec_text, 0, .skip = true, .about = "For editors." },
    { "known_findings", &format, offsetof(struct baseline_text, format), .required = true,
            .about = "Version of this form: 1." },
    { "findings", &list, offsetof(struct baseline_text, known), .required = true,
            .about = "The findings." },
    { 0 },
};
const struct json_spec baseline_spec = {
    .kind = JSON_SPEC_OBJECT,
    .name = "baseline",
    .about = "Findings that are known, and what each of them is.",
    .fields = fields,
    .head = "known_findings",
    .document = "list of known findings",
    .size = sizeof(struct baseline_text),
};

/* ---- what the form alone does not say ---- */

static bool has_id(const struct known_finding *k, rt_str id)
{
    for (size_t i = 0; i < k->ids.count; i++)
        if (rt_str_eq(((const rt_str *)k->ids.items)[i], id))
            return true;
    return false;
}

static bool check_ids(const struct json_doc *doc, const struct known_finding *all, size_t at)
{
    bool ok = true;
    const struct json_node *nodes = json_member(all[at].node, "ids");
    const rt_str *ids = all[at].ids.items;
    for (size_t i = 0; i < all[at].ids.count; i++) {
        struct known_finding before = { .ids = { all[at].ids.items, i } };
        bool twice = has_id(&before, ids[i]);
        for (size_t k = 0; k < at; k++)
            twice = twice || has_id(&all[k], ids[i]);
        if (twice)
            diag_at(json_place(doc, json_nth(nodes, i)), "the id \"%s\" is listed twice",
                    rt_cstr(ids[i]));
        ok = ok && !twice;
    }
    return ok;
}

static bool check_fix(struct diag_place place, rt_str fix)
{
    enum variant v;
    if (variant_find(rt_cstr(fix), &v) && variant_describe(v)->fix)
        return true;
    diag_at(place, "\"%s\" is no fix, see cclab list variants", rt_cstr(fix));
    return false;
}

static bool check_replay(struct diag_place place, const struct baseline *b, rt_str replay)
{
    char *path = baseline_path(b, replay);
    bool there = access(path, R_OK) == 0;
    if (!there)
        diag_at(place, "the replay \"%s\" cannot be read", path);
    free(path);
    return there;
}

static bool check(const struct json_doc *doc, const struct baseline *b, bool files)
{
    bool ok = true;
    const struct known_finding *all = b->known.items;
    for (size_t i = 0; i < b->known.count; i++) {
        const struct json_node *node = all[i].node, *fix = json_member(node, "fix");
        ok = check_ids(doc, all, i) && ok;
        ok = (!fix || check_fix(json_place(doc, fix), all[i].fix)) && ok;
        if (files)
            ok = check_replay(json_place(doc, json_member(node, "replay")), b, all[i].replay) && ok;
    }
    return ok;
}

char *baseline_path(const struct baseline *b, rt_str replay)
{
    char *file = rt_cstr_malloc(replay);
    char *path = file_beside(b->path, file);
    free(file);
    return path;
}

/* Takes the document. `files`: its replays are there, too. */
static struct baseline *from_doc(struct json_doc *doc, const char *path, bool files)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct baseline_text text = { 0 };
    struct baseline *b = rt_new(struct baseline);
    bool ok = json_read(doc, doc->root, &baseline_spec, &text);
    *b = (struct baseline){ arena, rt_cstr(rt_str_from(path)), text.known,
        json_incref(doc->root_value) };
    ok = ok && check(doc, b, files);
    rt_arena_use(before);
    json_doc_free(doc);
    if (ok)
        return b;
    baseline_free(b);
    return NULL;
}

struct baseline *baseline_load(const char *path)
{
    struct json_doc *doc = json_doc_load(path);
    return doc ? from_doc(doc, path, true) : NULL;
}

struct baseline *baseline_part(const struct json_doc *doc, const struct json_node *node)
{
    return from_doc(json_doc_part(doc, node), doc->name, false);
}

void baseline_free(struct baseline *b)
{
    if (!b)
        return;
    json_decref(b->value);
    rt_arena_free(b->arena);
}

const struct known_finding *baseline_find(const struct baseline *b, const char *id)
{
    for (size_t i = 0; b && i < b->known.count; i++) {
        const struct known_finding *k = &((const struct known_finding *)b->known.items)[i];
        if (has_id(k, rt_str_from(id)))
            return k;
    }
    return NULL;
}
