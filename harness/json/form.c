/* Heads of objects: what their words ask for and allow. */
#include "harness/json/form.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

static const struct json_field *field_of(const struct json_spec *spec, const char *key)
{
    const struct json_field *field = spec->fields;
    while (strcmp(field->key, key) != 0)
        field++;
    return field;
}

bool json_form_missing(
        const struct json_doc *doc, const struct json_node *node, const struct json_field *field)
{
    diag_at(json_place(doc, node), "member \"%s\" is missing: %s", field->key,
            field->about ? field->about : field->spec->about);
    return false;
}

/* The first member that says what the object is: "$schema" and "$comment" do not. */
static const char *first_key(const struct json_node *node)
{
    const struct json_node *child = node->child;
    while (child && child->key[0] == '$')
        child = child->next;
    return child ? child->key : NULL;
}

bool json_form_headless(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec)
{
    if (!spec->document)
        return json_form_missing(doc, node, field_of(spec, spec->head));
    const char *first = first_key(node);
    diag_at(json_place(doc, node), "this is no %s: it has no member \"%s\"%s%s%s", spec->document,
            spec->head, first ? ", and begins with \"" : "", first ? first : "", first ? "\"" : "");
    return false;
}

/* ---- what a word asks for ---- */

static bool check_needs(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, const char *word)
{
    bool ok = true;
    const struct json_form *form = spec->forms;
    while (form->word && strcmp(form->word, word) != 0)
        form++;
    for (const char *const *key = form->needs; form->word && *key; key++)
        if (!json_member(node, *key))
            ok = json_form_missing(doc, node, field_of(spec, *key));
    return ok;
}

/* ---- what a word allows ---- */

bool json_form_has(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == 0 || at[len] == ' '))
            return true;
    return false;
}

/* "a, b and c" of "a b c", malloced. */
static char *list_of(const char *words)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = mem_stream(&text, &size);
    for (const char *at = words; *at; at++) {
        if (*at != ' ')
            fputc(*at, to);
        else
            fputs(strchr(at + 1, ' ') ? ", " : " and ", to);
    }
    fclose(to);
    return text;
}

static bool check_allowed(const struct json_doc *doc, const struct json_node *node,
        const struct json_spec *spec, const char *word)
{
    bool ok = true;
    for (const struct json_field *field = spec->fields; field->key; field++) {
        const struct json_node *member = field->only ? json_member(node, field->key) : NULL;
        if (!member || json_form_has(field->only, word))
            continue;
        char *list = list_of(field->only);
        diag_at(json_key_place(doc, member), "\"%s\" means nothing for %s, only for %s", field->key,
                word, list);
        free(list);
        ok = false;
    }
    return ok;
}

bool json_form_check(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec)
{
    const char *word = spec->head ? json_string_of(node->value, spec->head) : NULL;
    bool ok = true;
    if (!word)
        return true;
    if (spec->forms)
        ok = check_needs(doc, node, spec, word);
    return check_allowed(doc, node, spec, word) && ok;
}
