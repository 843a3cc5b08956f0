/* What the head of an object decides: whether it is the document that was meant, which members it
 * must have, and which mean nothing. Internal to json. */
#ifndef CCLAB_HARNESS_JSON_FORM_H
#define CCLAB_HARNESS_JSON_FORM_H

#include "harness/json/spec.h"

/* Each reports and returns false if something is wrong. */

/* A member is not there. */
bool json_form_missing(
        const struct json_doc *doc, const struct json_node *node, const struct json_field *field);
/* The head is not there: if the object is a whole document, another one was meant. */
bool json_form_headless(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec);
/* The members are those that the head's word asks for and allows; the head has been read. */
bool json_form_check(
        const struct json_doc *doc, const struct json_node *node, const struct json_spec *spec);

/* True if `word` is one of `words`, which are separated by spaces. */
bool json_form_has(const char *words, const char *word);

#endif
