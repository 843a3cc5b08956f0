/* Merge patches by tables. */
#include <string.h>

#include "harness/json/form.h"
#include "harness/json/read.h"
#include "model/rt/arena.h"

/* What is changed. */
struct target {
    void *value;
    bool fresh;         /* there was nothing before */
    const void *absent; /* what a member has that is taken away; NULL: zeroes */
};

static bool patch(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, struct target target);

/* ---- objects ---- */

static void empty(const struct json_field *field, struct target target)
{
    size_t size = field->pointer ? sizeof(void *) : json_spec_size(field->spec);
    if (target.absent)
        memcpy(target.value, target.absent, size);
    else
        memset(target.value, 0, size);
}

/* Member by member: it may lie in its parent's struct. */
static void empty_object(const struct json_spec *spec, struct target object)
{
    for (const struct json_field *field = spec->fields; field->key; field++) {
        const struct target member = { .value = (char *)object.value + field->offset,
            .absent = object.absent ? (const char *)object.absent + field->offset : NULL };
        if (field->spec->kind == JSON_SPEC_OBJECT && !field->pointer)
            empty_object(field->spec, member);
        else if (!field->skip)
            empty(field, member);
    }
}

static bool take_away(const struct json_doc *doc, const struct json_node *node,
        const struct json_field *field, struct target target)
{
    if (field->required && !target.fresh) {
        diag_at(json_key_place(doc, node), "\"%s\" cannot be taken away: %s", field->key,
                field->about);
        return false;
    }
    if (field->spec->kind == JSON_SPEC_OBJECT && !field->pointer)
        empty_object(field->spec, target);
    else
        empty(field, target);
    return true;
}

static bool patch_pointer(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void **pointer)
{
    void *old = *pointer;
    *pointer = rt_calloc(1, spec->size);
    if (old)
        memcpy(*pointer, old, spec->size);
    return patch(doc, node, spec, (struct target){ .value = *pointer, .fresh = !old });
}

static bool patch_field(const struct json_doc *doc, const struct json_node *node,
        const struct json_field *field, struct target object)
{
    struct target member = { .value = (char *)object.value + field->offset,
        .fresh = object.fresh,
        .absent = object.absent ? (const char *)object.absent + field->offset : NULL };
    if (field->skip)
        return json_check(doc, node, field->spec);
    if (json_is_null(node->value))
        return take_away(doc, node, field, member);
    if (field->pointer)
        return patch_pointer(doc, node, field->spec, member.value);
    return patch(doc, node, field->spec, member);
}

static bool patch_object(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, struct target object)
{
    bool ok = true;
    for (const struct json_node *child = node->child; child; child = child->next) {
        const struct json_field *field = json_find_field(spec, child->key);
        if (strcmp(child->key, "$comment") == 0)
            continue;
        ok = (field ? patch_field(doc, child, field, object)
                    : json_unknown_member(doc, child, spec->fields)) &&
             ok;
    }
    for (const struct json_field *field = spec->fields; object.fresh && field->key; field++) {
        const struct json_node *member = json_member(node, field->key);
        if (field->required && (!member || json_is_null(member->value)))
            ok = json_form_missing(doc, node, field);
    }
    return ok;
}

/* ---- maps ---- */

static size_t find(const char *items, size_t count, size_t size, const char *key)
{
    size_t at = 0;
    while (at < count && !rt_str_is(*(const rt_str *)(const void *)(items + at * size), key))
        at++;
    return at;
}

static bool patch_map(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, struct json_list *list)
{
    bool ok = true;
    size_t size = json_map_size(spec), offset = json_map_offset(spec), count = list->count;
    char *items = rt_calloc(count + json_object_size(node->value) + 1, size);
    if (count > 0)
        memcpy(items, list->items, count * size);
    for (const struct json_node *child = node->child; child; child = child->next) {
        size_t at = find(items, count, size, child->key);
        char *item = items + at * size;
        bool fresh = at == count;
        if (json_is_null(child->value)) {
            count -= !fresh;
            memmove(item, item + size, (count - at) * size);
            continue;
        }
        if (fresh) /* one that was taken away may have been here */
            memset(item, 0, size);
        count += fresh;
        const struct target element = { .value = item + offset, .fresh = fresh };
        ok = patch(doc, child, spec->element, element) && ok;
        *(rt_str *)(void *)item = rt_str_dup(rt_str_from(child->key));
    }
    *list = (struct json_list){ items, count };
    return ok;
}

/* ---- the rest ---- */

static bool patch(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, struct target target)
{
    if (spec->kind == JSON_SPEC_OBJECT && json_is_object(node->value))
        return patch_object(doc, node, spec, target);
    if (spec->kind == JSON_SPEC_MAP && json_is_object(node->value))
        return patch_map(doc, node, spec, target.value);
    memset(target.value, 0, json_spec_size(spec));
    return json_read(doc, node, spec, target.value);
}

bool json_patch(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, void *out, const void *absent)
{
    return patch(doc, node, spec, (struct target){ .value = out, .absent = absent });
}
