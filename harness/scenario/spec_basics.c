/* Elements of the tables that several of them share. */
#include "harness/scenario/spec.h"

const struct json_spec spec_text = { .kind = JSON_SPEC_TEXT };
const struct json_spec spec_name = { .kind = JSON_SPEC_TEXT, .min = 1 };
const struct json_spec spec_hex = { .kind = JSON_SPEC_HEX };
const struct json_spec spec_flag = { .kind = JSON_SPEC_BOOL };
const struct json_spec spec_node = { .kind = JSON_SPEC_NODE };
const struct json_spec spec_texts = { .kind = JSON_SPEC_ARRAY, .element = &spec_text };
const struct json_spec spec_names = { .kind = JSON_SPEC_ARRAY, .element = &spec_name };
const struct json_spec spec_delays = { .kind = JSON_SPEC_INTS, .min = 0, .max = 86400000 };
const struct json_spec spec_code = { .kind = JSON_SPEC_INT, .min = 0, .max = 255 };
const struct json_spec spec_ordinal = { .kind = JSON_SPEC_INT, .min = 1, .max = 1000000 };
const struct json_spec spec_count = { .kind = JSON_SPEC_INT, .min = 0, .max = 1000000 };
const struct json_spec spec_number = { .kind = JSON_SPEC_INT, .min = 0, .max = INT64_MAX };
