#include "harness/explore/baseline.h"

#include "model/rt/arena.h"

static const struct json_spec name = { .kind = JSON_SPEC_TEXT, .min = 1 };
static const struct json_spec format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };

static const struct json_field known_fields[] = {
    { "id", &name, offsetof(struct known_finding, id), .required = true,
            .about = "The finding's id, or how it begins." },
    { "sentence", &name, offsetof(struct known_finding, sentence), .required = true,
            .about = "What is wrong." },
    { "replay", &name, offsetof(struct known_finding, replay), .about = "A replay that shows it." },
    { "fix", &name, offsetof(struct known_finding, fix),
            .about = "The variant with which it disappears." },
    { 0 },
};
static const struct json_spec known = {
    .kind = JSON_SPEC_OBJECT,
    .fields = known_fields,
    .size = sizeof(struct known_finding),
};
static const struct json_spec list = { .kind = JSON_SPEC_ARRAY, .element = &known };

struct baseline_text {
    int64_t format;
    struct json_list known;
};
static const struct json_field fields[] = {
    { "known_findings", &format, offsetof(struct baseline_text, format), .required = true,
            .about = "Version of this form: 1." },
    { "findings", &list, offsetof(struct baseline_text, known), .required = true,
            .about = "The findings." },
    { 0 },
};
static const struct json_spec spec = { .kind = JSON_SPEC_OBJECT, .fields = fields };

/* Takes the document. */
static struct baseline *from_doc(struct json_doc *doc, const char *path)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    struct baseline_text text = { 0 };
    struct baseline *b = rt_new(struct baseline);
    bool ok = json_read(doc, doc->root, &spec, &text);
    *b = (struct baseline){ arena, rt_cstr(rt_str_from(path)), text.known,
        json_incref(doc->root_value) };
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
    return doc ? from_doc(doc, path) : NULL;
}

struct baseline *baseline_from_json(const char *from, json_t *value)
{
    struct json_doc *doc = json_doc_wrap(from, value);
    return doc ? from_doc(doc, from) : NULL;
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
        if (rt_str_has_prefix(rt_str_from(id), k->id))
            return k;
    }
    return NULL;
}
