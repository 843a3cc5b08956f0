/* The JSON Schema that a table of json/spec.h stands for. */
#include <stdlib.h>
#include <string.h>

#include "harness/json/spec.h"

static json_t *schema_of(const struct json_spec *spec, json_t *defs);

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static json_t *int_schema(const struct json_spec *spec)
{
    json_t *s = json_pack("{s:s}", "type", "integer");
    json_object_set_new(s, "minimum", json_integer(spec->min));
    if (spec->max != INT64_MAX && (spec->min != 0 || spec->max != 0))
        json_object_set_new(s, "maximum", json_integer(spec->max));
    if (spec->step > 0)
        json_object_set_new(s, "multipleOf", json_integer(spec->step));
    return s;
}

static json_t *ints_schema(const struct json_spec *spec)
{
    json_t *array =
            json_pack("{s:s, s:o, s:i}", "type", "array", "items", int_schema(spec), "minItems", 1);
    return json_pack("{s:[o,o]}", "oneOf", int_schema(spec), array);
}

static json_t *word_schema(const struct json_spec *spec)
{
    json_t *words = json_array();
    for (size_t i = 0; spec->words[i]; i++)
        json_array_append_new(words, json_string(spec->words[i]));
    return json_pack("{s:o}", "enum", words);
}

static json_t *field_schema(const struct json_field *field, json_t *defs)
{
    json_t *s = schema_of(field->schema ? field->schema : field->spec, defs);
    if (field->null)
        s = json_pack("{s:[o,{s:s}]}", "anyOf", s, "type", "null");
    if (field->about) {
        json_object_del(s, "description");
        set_text(s, "description", field->about);
    }
    if (field->otherwise) {
        json_t *value = json_loads(field->otherwise, JSON_DECODE_ANY, NULL);
        if (!value)
            abort();
        json_object_set_new(s, "default", value);
    }
    return s;
}

/* A string in the place of an object that would have one member. */
static json_t *brief_schema(const struct json_spec *spec, json_t *object, json_t *defs)
{
    const struct json_field *field = spec->fields;
    while (strcmp(field->key, spec->brief) != 0)
        field++;
    json_t *text = field_schema(field, defs);
    return json_pack("{s:[o,o]}", "oneOf", text, object);
}

static json_t *one_of_schema(const char *const *members)
{
    json_t *list = json_array();
    for (size_t i = 0; members[i]; i++)
        json_array_append_new(list, json_pack("{s:[s]}", "required", members[i]));
    return list;
}

/* A rule for each word of the head that asks for something. */
static json_t *forms_schema(const struct json_spec *spec)
{
    json_t *list = json_array();
    for (const struct json_form *form = spec->forms; form->word; form++) {
        json_t *needs = json_array();
        for (const char *const *key = form->needs; *key; key++)
            json_array_append_new(needs, json_string(*key));
        json_array_append_new(
                list, json_pack("{s:{s:{s:{s:s}}}, s:{s:o}}", "if", "properties", spec->head,
                              "const", form->word, "then", "required", needs));
    }
    return list;
}

static json_t *words_schema(const char *words)
{
    json_t *list = json_array();
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        json_array_append_new(list, json_stringn(at, len));
        at += len;
    }
    return json_pack("{s:o}", "enum", list);
}

/* Members that ask for certain words of the head. */
static json_t *only_schema(const struct json_spec *spec)
{
    json_t *rules = json_object();
    for (const struct json_field *field = spec->fields; field->key; field++)
        if (field->only)
            json_object_set_new(rules, field->key,
                    json_pack("{s:{s:o}}", "properties", spec->head, words_schema(field->only)));
    return rules;
}

static json_t *object_schema(const struct json_spec *spec, json_t *defs)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    for (const struct json_field *field = spec->fields; field->key; field++) {
        json_object_set_new(properties, field->key, field_schema(field, defs));
        if (field->required)
            json_array_append_new(required, json_string(field->key));
    }
    json_object_set_new(
            properties, "$comment", json_pack("{s:s}", "description", "Read by nobody."));
    json_t *s = json_pack("{s:s}", "type", "object");
    set_text(s, "description", spec->about);
    json_object_set_new(s, "properties", properties);
    if (json_array_size(required) > 0)
        json_object_set(s, "required", required);
    json_decref(required);
    json_object_set_new(s, "additionalProperties", json_false());
    if (spec->one_of)
        json_object_set_new(s, "oneOf", one_of_schema(spec->one_of));
    if (spec->forms)
        json_object_set_new(s, "allOf", forms_schema(spec));
    json_t *rules = only_schema(spec);
    if (json_object_size(rules) > 0)
        json_object_set(s, "dependentSchemas", rules);
    json_decref(rules);
    return spec->brief ? brief_schema(spec, s, defs) : s;
}

/* A reference to the object's schema, which is put under $defs when it is met first. */
static json_t *named_schema(const struct json_spec *spec, json_t *defs)
{
    if (!json_object_get(defs, spec->name)) {
        json_object_set_new(defs, spec->name, json_object()); /* ends recursion */
        json_t *s = object_schema(spec, defs);
        json_object_set_new(defs, spec->name, s);
    }
    return json_pack("{s:s+}", "$ref", "#/$defs/", spec->name);
}

static json_t *either_schema(const struct json_spec *const *forms, json_t *defs)
{
    json_t *list = json_array();
    for (size_t i = 0; forms[i]; i++)
        json_array_append_new(list, schema_of(forms[i], defs));
    return json_pack("{s:o}", "oneOf", list);
}

static json_t *schema_of(const struct json_spec *spec, json_t *defs)
{
    json_t *s = NULL;
    switch (spec->kind) {
    case JSON_SPEC_BOOL:
        s = json_pack("{s:s}", "type", "boolean");
        break;
    case JSON_SPEC_INT:
        s = int_schema(spec);
        break;
    case JSON_SPEC_INTS:
        s = ints_schema(spec);
        break;
    case JSON_SPEC_REAL:
        s = json_pack("{s:s, s:I}", "type", "number", "minimum", (json_int_t)spec->min);
        break;
    case JSON_SPEC_HASH:
        s = json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9a-fA-F]{16}$");
        break;
    case JSON_SPEC_TEXT:
    case JSON_SPEC_STRING:
        s = json_pack("{s:s}", "type", "string");
        if (spec->min > 0)
            json_object_set_new(s, "minLength", json_integer(spec->min));
        break;
    case JSON_SPEC_HEX:
        s = json_pack("{s:s, s:s}", "type", "string", "pattern", "^([0-9a-fA-F]{2})*$");
        break;
    case JSON_SPEC_WORD:
        s = word_schema(spec);
        break;
    case JSON_SPEC_OBJECT:
        return spec->name ? named_schema(spec, defs) : object_schema(spec, defs);
    case JSON_SPEC_ARRAY:
        s = json_pack("{s:s, s:o}", "type", "array", "items", schema_of(spec->element, defs));
        if (spec->min > 0)
            json_object_set_new(s, "minItems", json_integer(spec->min));
        break;
    case JSON_SPEC_MAP:
        s = json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                schema_of(spec->element, defs));
        break;
    case JSON_SPEC_NODE:
    case JSON_SPEC_VALUE:
    case JSON_SPEC_OWN:
        s = spec->element  ? schema_of(spec->element, defs)
            : spec->either ? either_schema(spec->either, defs)
                           : json_object();
        set_text(s, "$ref", spec->schema_file);
        break;
    }
    if (!s)
        abort();
    set_text(s, "description", spec->about);
    return s;
}

json_t *json_schema(const struct json_spec *spec, const char *id, const char *title)
{
    json_t *defs = json_object();
    json_t *root = object_schema(spec, defs);
    json_t *s = json_object();
    set_text(s, "$schema", "https://json-schema.org/draft/2020-12/schema");
    set_text(s, "$id", id);
    set_text(s, "title", title);
    json_object_update(s, root);
    json_decref(root);
    json_object_set_new(s, "$defs", defs);
    return s;
}
