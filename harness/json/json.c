/* Reading JSON with the place of every value. */
#include "harness/json/json.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"

/* A walk over text that jansson has accepted, in step with jansson's values. */
struct scan {
    struct json_doc *doc;
    const char *p;
    const char *end;
    int line;
    size_t used;
    bool ok;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct scan *s)
{
    for (; s->p < s->end && is_space(*s->p); s->p++)
        s->line += *s->p == '\n';
}

/* Stands behind the string that begins at p. No line ends in it. */
static void skip_string(struct scan *s)
{
    const char *p = s->p + 1, *quote = memchr(p, '"', (size_t)(s->end - p));
    if (quote && memchr(p, '\\', (size_t)(quote - p)))
        for (quote = p; quote < s->end && *quote != '"'; quote++)
            quote += *quote == '\\';
    s->p = quote ? quote + 1 : s->end;
}

static void skip_scalar(struct scan *s)
{
    if (*s->p == '"') {
        skip_string(s);
        return;
    }
    while (s->p < s->end && !is_space(*s->p) && *s->p != ',' && *s->p != ']' && *s->p != '}')
        s->p++;
}

/* The member of the object whose name stands from `text` to `end`, quotation marks and all; `next`
 * is the one that it is if no name is given twice or written with escapes. */
static void *find_member(json_t *object, void *next, const char *text, const char *end)
{
    size_t len = (size_t)(end - text) - 2;
    const char *key = next ? json_object_iter_key(next) : "";
    if (next && strlen(key) == len && memcmp(key, text + 1, len) == 0)
        return next;
    json_t *name = json_loadb(text, (size_t)(end - text), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    void *member = json_object_iter_at(object, json_string_value(name));
    json_decref(name);
    return member;
}

static struct json_node *new_node(struct scan *s, json_t *value)
{
    struct json_node *node = &s->doc->nodes[s->used++];
    *node = (struct json_node){ .value = value, .at = s->p, .line = s->line };
    return node;
}

static void report_duplicate(struct scan *s, const struct json_node *object)
{
    json_t *seen = json_object();
    for (const struct json_node *node = object->child; node; node = node->next) {
        json_t *first = json_object_get(seen, node->key);
        if (first) {
            diag_at(json_key_place(s->doc, node), "member \"%s\" is given twice, first in line %d",
                    node->key, (int)json_integer_value(first));
            s->ok = false;
        }
        json_object_set_new(seen, node->key, json_integer(node->key_line));
    }
    json_decref(seen);
}

static struct json_node *scan_value(struct scan *s, json_t *value);

/* Nesting is bounded by jansson's limit, so recursion is as well. */
static void scan_object(struct scan *s, struct json_node *node)
{
    struct json_node **link = &node->child;
    size_t members = 0;
    void *next = json_object_iter(node->value);
    s->p++;
    for (skip_space(s); s->p < s->end && *s->p != '}'; skip_space(s)) {
        const char *text = s->p;
        int line = s->line;
        skip_string(s);
        void *member = find_member(node->value, next, text, s->p);
        next = member == next ? json_object_iter_next(node->value, next) : next;
        skip_space(s);
        s->p++; /* the colon */
        skip_space(s);
        struct json_node *child = scan_value(s, json_object_iter_value(member));
        child->key = json_object_iter_key(member);
        child->key_at = text;
        child->key_line = line;
        *link = child;
        link = &child->next;
        members++;
        skip_space(s);
        if (s->p < s->end && *s->p == ',')
            s->p++;
    }
    s->p++;
    if (members > json_object_size(node->value))
        report_duplicate(s, node);
}

static void scan_array(struct scan *s, struct json_node *node)
{
    struct json_node **link = &node->child;
    size_t index = 0;
    s->p++;
    for (skip_space(s); s->p < s->end && *s->p != ']'; skip_space(s)) {
        *link = scan_value(s, json_array_get(node->value, index++));
        link = &(*link)->next;
        skip_space(s);
        if (s->p < s->end && *s->p == ',')
            s->p++;
    }
    s->p++;
}

static struct json_node *scan_value(struct scan *s, json_t *value)
{
    struct json_node *node = new_node(s, value);
    if (*s->p == '{')
        scan_object(s, node);
    else if (*s->p == '[')
        scan_array(s, node);
    else
        skip_scalar(s);
    return node;
}

/* An upper bound of the number of values: one for each comma, bracket and the root. */
static size_t count_nodes(const char *text, size_t len)
{
    size_t count = 2;
    for (size_t i = 0; i < len; i++)
        count += text[i] == ',' || text[i] == '[' || text[i] == '{';
    return count;
}

static void report_syntax(const char *name, const json_error_t *error, size_t len, int line)
{
    struct diag_place place = { name, line + error->line - 1, error->column };
    if (error->line <= 0 || error->column <= 0)
        place = (struct diag_place){ name, line, 1 };
    if (len == 0)
        diag_at(place, "is empty, expected a JSON value");
    else
        diag_at(place, "not valid JSON: %s", error->text);
}

struct json_doc *json_doc_parse(const char *name, const char *text, size_t len, int line)
{
    json_error_t error;
    json_t *value = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!value) {
        report_syntax(name, &error, len, line);
        return NULL;
    }
    struct json_doc *doc = mem_new(struct json_doc);
    doc->name = mem_string(name);
    doc->root_value = value;
    doc->nodes = mem_alloc(count_nodes(text, len) * sizeof(struct json_node));
    doc->text = mem_string_of(text, len);
    struct scan s = { doc, doc->text, doc->text + len, line, 0, true };
    skip_space(&s);
    doc->root = scan_value(&s, value);
    if (!s.ok) {
        json_doc_free(doc);
        return NULL;
    }
    return doc;
}

struct json_doc *json_doc_load(const char *path)
{
    size_t len;
    char *text = file_read(path, FILE_MAX_BYTES, &len);
    if (!text)
        return NULL;
    struct json_doc *doc =
            json_doc_parse(strcmp(path, "-") == 0 ? "standard input" : path, text, len, 1);
    free(text);
    return doc;
}

struct json_doc *json_doc_part(const struct json_doc *whole, const struct json_node *node)
{
    struct json_doc *part = mem_new(struct json_doc);
    *part = (struct json_doc){
        .name = whole->name, .text = whole->text, .root_value = node->value
    };
    part->root = (struct json_node *)(uintptr_t)node;
    part->whole = (struct json_doc *)(uintptr_t)whole;
    part->whole->parts++;
    return part;
}

void json_doc_free(struct json_doc *doc)
{
    if (!doc)
        return;
    if (doc->whole) {
        json_doc_free(doc->whole);
        free(doc);
        return;
    }
    if (doc->parts-- > 0)
        return;
    free(doc->nodes);
    free(doc->text);
    json_decref(doc->root_value);
    free((char *)(uintptr_t)doc->name);
    free(doc);
}

struct json_doc *json_doc_wrap(const char *name, const json_t *value)
{
    char *text = json_text(value);
    struct json_doc *doc = json_doc_parse(name, text, strlen(text), 1);
    free(text);
    return doc;
}

/* Counted only when somebody wants to know. */
static int column_of(const struct json_doc *doc, const char *at)
{
    int column = 1;
    for (; at > doc->text && at[-1] != '\n'; at--)
        column += (at[-1] & 0xc0) != 0x80;
    return column;
}

struct diag_place json_place(const struct json_doc *doc, const struct json_node *node)
{
    return (struct diag_place){ doc->name, node->line, column_of(doc, node->at) };
}

struct diag_place json_key_place(const struct json_doc *doc, const struct json_node *node)
{
    return (struct diag_place){ doc->name, node->key_line, column_of(doc, node->key_at) };
}

const struct json_node *json_member(const struct json_node *object, const char *key)
{
    if (!json_is_object(object->value))
        return NULL;
    for (const struct json_node *node = object->child; node; node = node->next)
        if (strcmp(node->key, key) == 0)
            return node;
    return NULL;
}

const struct json_node *json_need(const struct json_doc *doc, const struct json_node *object,
        const char *key, const char *what)
{
    const struct json_node *node = json_member(object, key);
    if (!node)
        diag_at(json_place(doc, object), "member \"%s\" is missing: %s", key, what);
    return node;
}

const struct json_node *json_nth(const struct json_node *list, size_t n)
{
    const struct json_node *node = list->child;
    while (node && n-- > 0)
        node = node->next;
    return node;
}

const char *json_describe(const json_t *value, char *buf, size_t size)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        snprintf(buf, size, "an object");
        break;
    case JSON_ARRAY:
        snprintf(buf, size, "an array");
        break;
    case JSON_STRING:
        if (json_string_length(value) > 40)
            snprintf(buf, size, "a string of %zu bytes", json_string_length(value));
        else
            snprintf(buf, size, "the string \"%s\"", json_string_value(value));
        break;
    case JSON_INTEGER:
        snprintf(buf, size, "the number %" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        snprintf(buf, size, "the number %g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        snprintf(buf, size, "%s", json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        snprintf(buf, size, "null");
        break;
    }
    return buf;
}

const char *json_string_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

json_int_t json_integer_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool json_true_of(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool json_wrong(const struct json_doc *doc, const struct json_node *node, const char *expected)
{
    char found[96];
    diag_at(json_place(doc, node), "found %s, expected %s",
            json_describe(node->value, found, sizeof(found)), expected);
    return false;
}
