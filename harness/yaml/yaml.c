/* From libyaml's events to a document. */
#include "harness/yaml/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/yaml/scalar.h"

enum {
    MOST_DEPTH = 256,
    MOST_VALUES = 200000, /* with what aliases repeat */
    MOST_BYTES = 16 << 20
};

struct anchor {
    char *name;
    struct json_node *node; /* NULL while its value is being read */
    size_t values;
};

struct reading {
    struct json_doc *doc;
    size_t len; /* of its text */
    yaml_parser_t parser;
    yaml_event_t event; /* the present one */
    bool has_event;
    size_t used; /* of doc->nodes; each holds a reference to its value until the end */
    struct anchor *anchors;
    size_t anchor_count, anchor_cap;
    size_t values;       /* so far, with what aliases repeat */
    const char *line_at; /* where line `line` begins in the text */
    size_t line;         /* from 0 */
};

/* The place of a mark: libyaml counts lines and characters, both from 0. */
static const char *at_mark(struct reading *r, yaml_mark_t mark)
{
    if (mark.line < r->line) {
        r->line = 0;
        r->line_at = r->doc->text;
    }
    for (const char *next; r->line < mark.line && (next = strchr(r->line_at, '\n')); r->line++)
        r->line_at = next + 1;
    const char *at = r->line_at;
    for (size_t column = 0; column < mark.column && *at && *at != '\n'; column++)
        for (at++; (*at & 0xc0) == 0x80; at++)
            ;
    return at;
}

static bool wrong(struct reading *r, yaml_mark_t mark, const char *what)
{
    diag_at((struct diag_place){ r->doc->name, (int)mark.line + 1, (int)mark.column + 1 },
            "not valid YAML: %s", what);
    return false;
}

/* What is no text is told by its number of bytes only. */
static yaml_mark_t mark_of_byte(const struct reading *r, size_t offset)
{
    yaml_mark_t mark = { 0 };
    for (size_t i = 0; i < offset && i < r->len; i++) {
        bool ends = r->doc->text[i] == '\n';
        mark.line += ends;
        mark.column = ends ? 0 : mark.column + ((r->doc->text[i] & 0xc0) != 0x80);
    }
    return mark;
}

static bool next_event(struct reading *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->parser, &r->event) == 1;
    if (r->has_event)
        return true;
    yaml_mark_t mark = r->parser.problem_mark;
    if (r->parser.error == YAML_READER_ERROR)
        mark = mark_of_byte(r, r->parser.problem_offset);
    return wrong(r, mark, r->parser.problem ? r->parser.problem : "it cannot be read");
}

/* ---- values ---- */

static bool read_value(struct reading *r, struct json_node **out, size_t depth);

static struct json_node *new_node(struct reading *r, json_t *value, yaml_mark_t mark)
{
    struct json_node *node = &r->doc->nodes[r->used++];
    *node = (struct json_node){
        .value = value, .at = at_mark(r, mark), .line = (int)mark.line + 1
    };
    return node;
}

static struct anchor *new_anchor(struct reading *r, const yaml_char_t *name)
{
    if (!name)
        return NULL;
    mem_reserve(r->anchors, r->anchor_cap, r->anchor_count + 1);
    struct anchor *anchor = &r->anchors[r->anchor_count++];
    *anchor = (struct anchor){ .name = mem_string((const char *)name) };
    return anchor;
}

static bool count_values(struct reading *r, size_t more)
{
    r->values += more;
    if (r->values > MOST_VALUES)
        return wrong(r, r->event.start_mark, "there are too many values, or too many by aliases");
    return true;
}

static bool read_alias(struct reading *r, struct json_node **out)
{
    const char *name = (const char *)r->event.data.alias.anchor;
    size_t i = r->anchor_count;
    while (i > 0 && strcmp(r->anchors[i - 1].name, name) != 0)
        i--;
    if (i == 0)
        return wrong(r, r->event.start_mark, "an alias names an anchor that is not there");
    const struct anchor *anchor = &r->anchors[i - 1];
    if (!anchor->node)
        return wrong(r, r->event.start_mark, "the value of an anchor contains itself");
    if (!count_values(r, anchor->values))
        return false;
    *out = new_node(r, json_incref(anchor->node->value), r->event.start_mark);
    (*out)->child = anchor->node->child;
    return true;
}

static bool read_scalar(struct reading *r, struct json_node **out)
{
    const char *tag = (const char *)r->event.data.scalar.tag;
    const char *text = (const char *)r->event.data.scalar.value, *problem;
    bool plain = r->event.data.scalar.plain_implicit;
    json_t *value = yaml_scalar(tag, plain, text, r->event.data.scalar.length, &problem);
    if (!value)
        return wrong(r, r->event.start_mark, problem);
    *out = new_node(r, value, r->event.start_mark);
    return true;
}

static bool read_sequence(struct reading *r, struct json_node **out, size_t depth)
{
    *out = new_node(r, json_array(), r->event.start_mark);
    struct json_node **link = &(*out)->child;
    for (;;) {
        if (!next_event(r))
            return false;
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        if (!read_value(r, link, depth + 1))
            return false;
        json_array_append((*out)->value, (*link)->value);
        link = &(*link)->next;
    }
}

/* ---- mappings ---- */

/* A key, as a member without a value. */
static bool read_key(struct reading *r, struct json_node *member, bool top, bool *merges)
{
    if (r->event.type != YAML_SCALAR_EVENT)
        return wrong(r, r->event.start_mark, "a key is no scalar");
    const char *text = (const char *)r->event.data.scalar.value;
    size_t len = r->event.data.scalar.length;
    struct json_node *node;
    *merges = r->event.data.scalar.plain_implicit && strcmp(text, "<<") == 0;
    if (!read_scalar(r, &node))
        return false;
    /* A map of strings takes a key as it is written, another one what it means. */
    char *key = top ? mem_string_of(text, len) : yaml_key_text(node->value, text, len);
    *member = (struct json_node){ .key = key, .key_at = node->at, .key_line = node->line };
    json_decref(node->value);
    r->used--;
    return true;
}

/* A mapping that is being read. */
struct mapping {
    struct json_node *object;
    struct json_node **end; /* of its list of members */
};

/* Sets a member; one of that name that is there makes place. */
static void set_member(struct mapping *m, struct json_node *member)
{
    json_t *object = m->object->value;
    struct json_node **link = m->end;
    if (json_object_get(object, member->key))
        for (link = &m->object->child; strcmp((*link)->key, member->key) != 0;)
            link = &(*link)->next;
    member->next = *link ? (*link)->next : NULL;
    *link = member;
    if (!member->next)
        m->end = &member->next;
    json_object_set(object, member->key, member->value);
    /* The name lives as long as the value does. */
    member->key = json_object_iter_key(json_object_iter_at(object, member->key));
}

static bool merge_mapping(struct reading *r, struct mapping *m, const struct json_node *from)
{
    if (!json_is_object(from->value))
        return wrong(r, r->event.start_mark, "only mappings, or a list of them, can be merged");
    for (const struct json_node *child = from->child; child; child = child->next) {
        if (!count_values(r, 1))
            return false;
        struct json_node *copy = &r->doc->nodes[r->used++];
        *copy = *child;
        json_incref(copy->value);
        set_member(m, copy);
    }
    return true;
}

/* Earlier ones of a list take precedence. */
static bool merge_list(struct reading *r, struct mapping *m, const struct json_node *list)
{
    size_t count = json_array_size(list->value);
    while (count > 0)
        if (!merge_mapping(r, m, json_nth(list, --count)))
            return false;
    return true;
}

static bool read_member(struct reading *r, struct mapping *m, const struct json_node *key,
        bool merges, size_t depth)
{
    struct json_node *value;
    if (!next_event(r) || !read_value(r, &value, depth + 1))
        return false;
    if (merges)
        return json_is_array(value->value) ? merge_list(r, m, value) : merge_mapping(r, m, value);
    if (json_object_get(m->object->value, key->key))
        diag_at(json_key_place(r->doc, key), "\"%s\" is given twice: the last one counts",
                key->key);
    value->key = key->key;
    value->key_at = key->key_at;
    value->key_line = key->key_line;
    set_member(m, value);
    return true;
}

static bool read_mapping(struct reading *r, struct json_node **out, size_t depth)
{
    *out = new_node(r, json_object(), r->event.start_mark);
    struct mapping m = { *out, &(*out)->child };
    for (;;) {
        struct json_node key;
        bool merges;
        if (!next_event(r))
            return false;
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!read_key(r, &key, depth == 0, &merges))
            return false;
        bool ok = read_member(r, &m, &key, merges, depth);
        free((char *)(uintptr_t)key.key);
        if (!ok)
            return false;
    }
}

/* ---- any value ---- */

static const yaml_char_t *anchor_name(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static bool read_value(struct reading *r, struct json_node **out, size_t depth)
{
    const struct anchor *anchor = new_anchor(r, anchor_name(&r->event));
    size_t index = r->anchor_count - 1, before = r->values;
    bool ok = count_values(r, 1);
    if (ok && depth > MOST_DEPTH)
        ok = wrong(r, r->event.start_mark, "it nests too deeply");
    if (!ok)
        return false;
    if (r->event.type == YAML_ALIAS_EVENT)
        ok = read_alias(r, out);
    else if (r->event.type == YAML_SCALAR_EVENT)
        ok = read_scalar(r, out);
    else if (r->event.type == YAML_SEQUENCE_START_EVENT)
        ok = read_sequence(r, out, depth);
    else
        ok = read_mapping(r, out, depth);
    if (ok && anchor) {
        r->anchors[index].node = *out;
        r->anchors[index].values = r->values - before;
    }
    return ok;
}

/* ---- documents ---- */

static bool expect(struct reading *r, yaml_event_type_t type, const char *otherwise)
{
    return next_event(r) && (r->event.type == type || wrong(r, r->event.start_mark, otherwise));
}

static struct json_node *empty_mapping(struct reading *r)
{
    const yaml_mark_t start = { 0 };
    return new_node(r, json_object(), start);
}

/* One document, or none. */
static bool read_document(struct reading *r, struct json_node **root)
{
    if (!expect(r, YAML_STREAM_START_EVENT, "it does not begin") || !next_event(r))
        return false;
    if (r->event.type == YAML_STREAM_END_EVENT) {
        *root = empty_mapping(r);
        return true;
    }
    if (!next_event(r) || !read_value(r, root, 0))
        return false;
    if (json_is_null((*root)->value))
        *root = empty_mapping(r);
    if (!json_is_object((*root)->value)) {
        json_wrong(r->doc, *root, "a mapping");
        return false;
    }
    return expect(r, YAML_DOCUMENT_END_EVENT, "the document does not end") && next_event(r) &&
           (r->event.type == YAML_STREAM_END_EVENT ||
                   wrong(r, r->event.start_mark, "there is more than one document"));
}

static void finish(struct reading *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    yaml_parser_delete(&r->parser);
    for (size_t i = 0; i < r->used; i++)
        json_decref(r->doc->nodes[i].value);
    for (size_t i = 0; i < r->anchor_count; i++)
        free(r->anchors[i].name);
    free(r->anchors);
}

struct json_doc *yaml_doc_parse(const char *name, const char *text, size_t len)
{
    struct json_doc *doc = mem_new(struct json_doc);
    doc->name = mem_string(name);
    doc->text = mem_string_of(text, len);
    doc->nodes = mem_new_array(struct json_node, MOST_VALUES + 8);
    struct reading r = { .doc = doc, .len = len, .line_at = doc->text };
    if (!yaml_parser_initialize(&r.parser))
        abort();
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    bool ok = read_document(&r, &doc->root);
    if (ok)
        doc->root_value = json_incref(doc->root->value);
    finish(&r);
    if (ok)
        return doc;
    json_doc_free(doc);
    return NULL;
}

struct json_doc *yaml_doc_load(const char *path)
{
    size_t len;
    char *text = file_read(path, MOST_BYTES, &len);
    if (!text)
        return NULL;
    struct json_doc *doc =
            yaml_doc_parse(strcmp(path, "-") == 0 ? "standard input" : path, text, len);
    free(text);
    return doc;
}
