/* What the readers of tables share. Internal to json. */
#ifndef CCLAB_HARNESS_JSON_READ_H
#define CCLAB_HARNESS_JSON_READ_H

#include "harness/json/spec.h"

/* NULL if the object has no such member. */
const struct json_field *json_find_field(const struct json_spec *spec, const char *key);
/* Reports a member that nobody knows; returns false. */
bool json_unknown_member(
        const struct json_doc *doc, const struct json_node *node, const struct json_field *fields);

#endif
