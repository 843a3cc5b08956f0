/* Bytes in a scenario: text, hex, base64, or a message and its fields; repeated, cut or damaged. */
#ifndef CCLAB_HARNESS_SCENARIO_BYTES_FORM_H
#define CCLAB_HARNESS_SCENARIO_BYTES_FORM_H

#include "harness/json/spec.h"

/* Reads an rt_bytes, which is never RT_NIL afterwards. */
extern const struct json_spec spec_bytes;

/* A part that can be given, be left out (null), or be absent: then what is usual is in its
 * place. */
struct bytes_part {
    bool given;
    rt_bytes value; /* RT_NIL: left out */
};
extern const struct json_spec spec_bytes_part; /* reads a struct bytes_part */

bool bytes_form_read(const struct json_doc *doc, const struct json_node *node, rt_bytes *out);

#endif
