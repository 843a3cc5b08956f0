/* Reading and writing the outer form of result files. */
#include "harness/report/result.h"

#include "harness/base/version.h"

const struct json_spec result_number_spec = { .kind = JSON_SPEC_INT, .min = 1, .max = SHARD_MAX };
const struct json_spec result_numbers_spec = { .kind = JSON_SPEC_ARRAY,
    .element = &result_number_spec };
const struct json_spec result_string_spec = { .kind = JSON_SPEC_STRING };
const struct json_spec result_any_spec = { .kind = JSON_SPEC_NODE };
const struct json_spec result_names_spec = { .kind = JSON_SPEC_ARRAY, .element = &json_spec_name };

json_t *result_make(const struct json_spec *spec, struct result_file *file, struct shard shard,
        json_t *options, json_t *missing, json_t *list)
{
    struct json_node list_node = { .value = list }, missing_node = { .value = missing },
                     options_node = { .value = options };
    struct result_shard part = { shard, version_text(), &options_node };
    struct result_file whole = *file;
    whole.format = 1;
    whole.list = &list_node;
    whole.missing = missing ? &missing_node : NULL;
    whole.shard = options ? &part : NULL;
    json_t *value = json_make(spec, &whole, true);
    json_decref(options);
    json_decref(missing);
    return value;
}
