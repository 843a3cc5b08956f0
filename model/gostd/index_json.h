/* encoding/json into map[string]interface{}, as far as an index definition needs it. */
#ifndef CCLAB_MODEL_GOSTD_INDEX_JSON_H
#define CCLAB_MODEL_GOSTD_INDEX_JSON_H

#include "model/rt/map.h"
#include "model/rt/str.h"

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_NUMBER,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};

struct json_value {
    enum json_kind kind;
    rt_str string;
    struct rt_map *object; /* from key to struct json_value *; of equal keys the last one */
    struct json_value **array;
    size_t array_len;
};

/* What json.Unmarshal takes or refuses for any value; NULL if it refuses. Does not recurse. */
struct json_value *index_json_parse(rt_bytes text);

#endif
