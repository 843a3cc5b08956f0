/* Reading by tables: each kind of value, what is wrong with it, and where it goes. */
#include "harness/json/read.h"

#include <inttypes.h>
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/json/form.h"
#include "model/rt/arena.h"

const struct json_spec json_spec_format = { .kind = JSON_SPEC_INT, .min = 1, .max = 1 };
const struct json_spec json_spec_text = { .kind = JSON_SPEC_TEXT };
const struct json_spec json_spec_name = { .kind = JSON_SPEC_TEXT, .min = 1 };
const struct json_spec json_spec_hex = { .kind = JSON_SPEC_HEX };
const struct json_spec json_spec_hash = { .kind = JSON_SPEC_HASH };
const struct json_spec json_spec_flag = { .kind = JSON_SPEC_BOOL };
const struct json_spec json_spec_count = { .kind = JSON_SPEC_INT };
const struct json_spec json_spec_string = { .kind = JSON_SPEC_STRING, .owned = true };

static const char *bounds(const struct json_spec *spec, char *buf, size_t size)
{
    int len;
    if (spec->max == INT64_MAX || (spec->min == 0 && spec->max == 0))
        len = snprintf(buf, size, "a whole number, at least %" PRId64, spec->min);
    else
        len = snprintf(
                buf, size, "a whole number from %" PRId64 " to %" PRId64, spec->min, spec->max);
    if (spec->step > 0)
        snprintf(buf + len, size - (size_t)len, ", a multiple of %" PRId64, spec->step);
    return buf;
}

static bool read_int(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, int64_t *out)
{
    char expected[128];
    if (!json_is_integer(node->value))
        return json_wrong(doc, node, bounds(spec, expected, sizeof(expected)));
    int64_t value = json_integer_value(node->value);
    bool bounded = spec->min != 0 || spec->max != 0;
    if (value < spec->min || (bounded && value > spec->max) ||
            (spec->step > 0 && value % spec->step != 0))
        return json_wrong(doc, node, bounds(spec, expected, sizeof(expected)));
    *out = value;
    return true;
}

static bool read_ints(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, struct json_list *out)
{
    bool ok = true;
    bool many = json_is_array(node->value);
    size_t count = many ? json_array_size(node->value) : 1;
    if (count == 0)
        return json_wrong(doc, node, "a number, or an array of at least one number");
    int64_t *items = rt_new_array(int64_t, count);
    if (many) {
        size_t i = 0;
        for (const struct json_node *child = node->child; child; child = child->next)
            ok = read_int(doc, child, spec, &items[i++]) && ok;
    } else if (json_is_integer(node->value)) {
        ok = read_int(doc, node, spec, &items[0]);
    } else {
        return json_wrong(doc, node, "a number, or an array of at least one number");
    }
    *out = (struct json_list){ items, count };
    return ok;
}

static bool read_real(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, double *out)
{
    char expected[64];
    *out = json_number_value(node->value);
    if (json_is_number(node->value) && *out >= (double)spec->min)
        return true;
    snprintf(expected, sizeof(expected), "a number, at least %" PRId64, spec->min);
    return json_wrong(doc, node, expected);
}

static bool check_text(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec)
{
    char expected[64] = "a string";
    if (spec->min > 0)
        snprintf(expected, sizeof(expected), "a string of at least %" PRId64 " %s", spec->min,
                spec->min == 1 ? "byte" : "bytes");
    return (json_is_string(node->value) && json_string_length(node->value) >= (size_t)spec->min) ||
           json_wrong(doc, node, expected);
}

static bool read_text(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, rt_str *out)
{
    if (!check_text(doc, node, spec))
        return false;
    *out = rt_bytes_dup(json_string_value(node->value), json_string_length(node->value));
    return true;
}

static bool read_string(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, char **out)
{
    if (!check_text(doc, node, spec))
        return false;
    const char *text = json_string_value(node->value);
    size_t len = json_string_length(node->value);
    if (strlen(text) != len)
        return json_wrong(doc, node, "a string without a NUL character");
    *out = spec->owned ? mem_string(text) : rt_cstr(rt_bytes_from(text, len));
    return true;
}

static bool read_hash(const struct json_doc *doc, const struct json_node *node, uint64_t *out)
{
    const char *digits = json_string_value(node->value);
    if (!digits || json_string_length(node->value) != 16 ||
            strspn(digits, "0123456789abcdefABCDEF") != 16)
        return json_wrong(doc, node, "a string of 16 hexadecimal digits");
    *out = strtoull(digits, NULL, 16);
    return true;
}

static bool check_hex(const struct json_doc *doc, const struct json_node *node)
{
    const char *digits = json_string_value(node->value);
    size_t len = json_string_length(node->value);
    return (digits && len % 2 == 0 && strspn(digits, "0123456789abcdefABCDEF") == len) ||
           json_wrong(doc, node, "a string of hexadecimal digits, two a byte");
}

static bool read_hex(const struct json_doc *doc, const struct json_node *node, rt_bytes *out)
{
    unsigned char *data;
    size_t len;
    if (!check_hex(doc, node) || !json_unhex(node->value, &data, &len))
        return false;
    *out = rt_bytes_dup(data, len);
    free(data);
    return true;
}

/* "a, b or c", malloced. */
static char *list_words(const char *const *words)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = mem_stream(&text, &size);
    for (size_t i = 0; words[i]; i++)
        fprintf(to, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    fclose(to);
    return text;
}

static bool read_word(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, int *out)
{
    const char *word = json_string_value(node->value);
    for (int i = 0; word && spec->words[i]; i++) {
        if (strcmp(word, spec->words[i]) == 0) {
            *out = i;
            return true;
        }
    }
    char *list = list_words(spec->words);
    char found[96];
    json_describe(node->value, found, sizeof(found));
    struct diag_hint hint = diag_hint(word, spec->words);
    diag_at(json_place(doc, node), "found %s, expected one of %s%s", found, list, hint.text);
    free(list);
    return false;
}

/* ---- objects ---- */

static const char *const *field_keys(const struct json_field *fields)
{
    size_t count = 0;
    while (fields[count].key)
        count++;
    const char **keys = rt_new_array(const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        keys[i] = fields[i].key;
    return keys;
}

bool json_unknown_member(
        const struct json_doc *doc, const struct json_node *node, const struct json_field *fields)
{
    const char *const *keys = field_keys(fields);
    char *list = list_words(keys);
    struct diag_hint hint = diag_hint(node->key, keys);
    diag_at(json_key_place(doc, node), "unknown member \"%s\"%s, expected one of %s", node->key,
            hint.text, list);
    free(list);
    return false;
}

static bool read_field(const struct json_doc *doc, const struct json_node *node,
        const struct json_field *field, char *object)
{
    void *to = object + field->offset;
    if (field->null && !field->spec->reads_null && json_is_null(node->value))
        return true;
    if (field->skip)
        return json_check(doc, node, field->spec);
    if (field->pointer) {
        void *made = rt_alloc(field->spec->size);
        *(void **)to = made;
        to = made;
    }
    return json_read(doc, node, field->spec, to);
}

const struct json_field *json_find_field(const struct json_spec *spec, const char *key)
{
    const struct json_field *field = spec->fields;
    while (field->key && strcmp(field->key, key) != 0)
        field++;
    return field->key ? field : NULL;
}

static bool read_brief(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    return read_field(doc, node, json_find_field(spec, spec->brief), out);
}

/* True if the object is of this form, as far as its head tells. */
static bool read_head(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    const struct json_field *field = json_find_field(spec, spec->head);
    const struct json_node *head = json_member(node, spec->head);
    return head ? read_field(doc, head, field, out) : json_form_headless(doc, node, spec);
}

static bool check_one_of(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec)
{
    const struct json_node *first = NULL;
    for (size_t i = 0; spec->one_of && spec->one_of[i]; i++) {
        const struct json_node *member = json_member(node, spec->one_of[i]);
        if (first && member) {
            diag_at(json_key_place(doc, member), "\"%s\" and \"%s\" exclude each other", first->key,
                    member->key);
            return false;
        }
        first = member ? member : first;
    }
    if (spec->one_of && !first) {
        char *list = list_words(spec->one_of);
        diag_at(json_place(doc, node), "a member is missing: %s", list);
        free(list);
        return false;
    }
    return true;
}

static bool read_object(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    if (spec->has_place)
        *(const struct json_node **)(void *)((char *)out + spec->place) = node;
    if (spec->brief && json_is_string(node->value))
        return read_brief(doc, node, spec, out);
    if (!json_is_object(node->value))
        return json_wrong(doc, node, spec->brief ? "a string or an object" : "an object");
    if (spec->head && !read_head(doc, node, spec, out))
        return false;
    bool ok = true;
    for (const struct json_node *child = node->child; child; child = child->next) {
        const struct json_field *field = json_find_field(spec, child->key);
        if (strcmp(child->key, "$comment") == 0 ||
                (spec->head && strcmp(child->key, spec->head) == 0))
            continue;
        ok = (field ? read_field(doc, child, field, out)
                    : json_unknown_member(doc, child, spec->fields)) &&
             ok;
    }
    for (const struct json_field *field = spec->fields; field->key; field++)
        if (field->required && !json_member(node, field->key))
            ok = json_form_missing(doc, node, field);
    ok = json_form_check(doc, node, spec) && ok;
    return check_one_of(doc, node, spec) && ok;
}

/* ---- lists ---- */

size_t json_spec_size(const struct json_spec *spec)
{
    switch (spec->kind) {
    case JSON_SPEC_BOOL:
        return sizeof(bool);
    case JSON_SPEC_INT:
    case JSON_SPEC_HASH:
        return sizeof(int64_t);
    case JSON_SPEC_REAL:
        return sizeof(double);
    case JSON_SPEC_STRING:
    case JSON_SPEC_VALUE:
        return sizeof(char *);
    case JSON_SPEC_TEXT:
    case JSON_SPEC_HEX:
        return sizeof(rt_str);
    case JSON_SPEC_WORD:
        return sizeof(int);
    case JSON_SPEC_INTS:
    case JSON_SPEC_ARRAY:
    case JSON_SPEC_MAP:
        return sizeof(struct json_list);
    case JSON_SPEC_OBJECT:
    case JSON_SPEC_OWN:
        return spec->size;
    case JSON_SPEC_NODE:
        return sizeof(const struct json_node *);
    }
    abort();
}

/* The name comes first: an object's struct has a member for it, others follow it. */
size_t json_map_offset(const struct json_spec *spec)
{
    return spec->element->kind == JSON_SPEC_OBJECT ? 0 : sizeof(rt_str);
}

size_t json_map_size(const struct json_spec *spec)
{
    return (json_map_offset(spec) + json_spec_size(spec->element) + 7) & ~(size_t)7;
}

static bool read_elements(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    bool map = spec->kind == JSON_SPEC_MAP;
    if (map ? !json_is_object(node->value) : !json_is_array(node->value))
        return json_wrong(doc, node, map ? "an object" : "an array");
    size_t count = map ? json_object_size(node->value) : json_array_size(node->value);
    if (count < (size_t)spec->min) {
        char found[96];
        diag_at(json_place(doc, node), "found %s of %zu elements, expected at least %" PRId64,
                json_describe(node->value, found, sizeof(found)), count, spec->min);
        return false;
    }
    size_t size = map ? json_map_size(spec) : json_spec_size(spec->element);
    size_t after = map ? json_map_offset(spec) : 0;
    char *items = spec->owned ? mem_alloc_array(count + 1, size) : rt_calloc(count + 1, size);
    bool ok = true;
    size_t i = 0;
    for (const struct json_node *child = node->child; child; child = child->next) {
        char *item = items + i++ * size;
        if (map)
            *(rt_str *)(void *)item = rt_str_dup(rt_str_from(child->key));
        ok = json_read(doc, child, spec->element, item + after) && ok;
    }
    /* Copied, since it may be another pointer and a count. */
    memcpy(out, &(struct json_list){ items, count }, sizeof(struct json_list));
    return ok;
}

static bool read_own(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    return spec->read ? spec->read(doc, node, out) : json_check(doc, node, spec->element);
}

static bool read_value(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, json_t **out)
{
    if (spec->element && !json_check(doc, node, spec->element))
        return false;
    *out = json_incref(node->value);
    return true;
}

bool json_check(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec)
{
    switch (spec->kind) {
    case JSON_SPEC_TEXT: /* is not copied */
        return check_text(doc, node, spec);
    case JSON_SPEC_HEX: /* nor decoded */
        return check_hex(doc, node);
    default:
        return json_read(doc, node, spec, rt_calloc(1, json_spec_size(spec)));
    }
}

bool json_read(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out)
{
    switch (spec->kind) {
    case JSON_SPEC_BOOL:
        if (!json_is_boolean(node->value))
            return json_wrong(doc, node, "true or false");
        *(bool *)out = json_is_true(node->value);
        return true;
    case JSON_SPEC_INT:
        return read_int(doc, node, spec, out);
    case JSON_SPEC_INTS:
        return read_ints(doc, node, spec, out);
    case JSON_SPEC_REAL:
        return read_real(doc, node, spec, out);
    case JSON_SPEC_TEXT:
        return read_text(doc, node, spec, out);
    case JSON_SPEC_STRING:
        return read_string(doc, node, spec, out);
    case JSON_SPEC_HASH:
        return read_hash(doc, node, out);
    case JSON_SPEC_HEX:
        return read_hex(doc, node, out);
    case JSON_SPEC_WORD:
        return read_word(doc, node, spec, out);
    case JSON_SPEC_OBJECT:
        return read_object(doc, node, spec, out);
    case JSON_SPEC_ARRAY:
    case JSON_SPEC_MAP:
        return read_elements(doc, node, spec, out);
    case JSON_SPEC_NODE:
        *(const struct json_node **)out = node;
        return true;
    case JSON_SPEC_VALUE:
        return read_value(doc, node, spec, out);
    case JSON_SPEC_OWN:
        return read_own(doc, node, spec, out);
    }
    abort();
}
