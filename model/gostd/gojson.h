/* encoding/json: values, Go's error texts, Go's quoting. */
#ifndef CCLAB_MODEL_GOSTD_GOJSON_H
#define CCLAB_MODEL_GOSTD_GOJSON_H

#include "model/gostd/io.h"
#include "model/rt/map.h"

enum gojson_kind {
    GOJSON_NULL,
    GOJSON_BOOL,
    GOJSON_NUMBER,
    GOJSON_STRING,
    GOJSON_ARRAY,
    GOJSON_OBJECT,
};

/* A value. Members and elements are chained in the order of the text. */
struct gojson {
    enum gojson_kind kind;
    bool boolean;
    rt_str text; /* of a string, unescaped; of a number, its literal */
    rt_str key;  /* of a member */
    struct gojson *first;
    struct gojson *last;
    struct gojson *next;
    struct gojson *parent;
};

/* json.Unmarshal, as far as it does not depend on the type: the whole input is one value. */
RT_MUST_USE struct rt_error *gojson_unmarshal(rt_bytes in, struct gojson **out);
/* json.Unmarshal into an interface{}: a number beyond float64 is an error too. Values may be nested
 * as deep as they like, as in the Go of 1.4.2. */
RT_MUST_USE struct rt_error *gojson_unmarshal_any(rt_bytes in, struct gojson **out);

/* json.Decoder: one value after the other from a reader. */
struct gojson_decoder {
    struct io_reader reader;
    rt_bytes pending;
    struct rt_error *read_err;
};
RT_MUST_USE struct rt_error *gojson_decode(struct gojson_decoder *decoder, struct gojson **out);

/* The last member whose name is `key` without regard to case, as Go fills a struct's field; NULL
 * for none, for a null, and when `object` is no object. */
const struct gojson *gojson_field(const struct gojson *object, const char *key);
/* The last member with exactly this name. */
const struct gojson *gojson_member(const struct gojson *object, const char *key);

/* An object as Go's map[string]interface{}, from key to struct gojson *: of equal keys the last
 * one. NULL when it is no object. */
struct rt_map *gojson_map(const struct gojson *object);

/* What Go calls the kind in "json: cannot unmarshal <this> into ...". */
rt_str gojson_described(const struct gojson *value);

/* Sets *out from a field of Go type string, int64 or bool of the struct `type_name`, leaves it when
 * the field is missing; the error is Go's UnmarshalTypeError. */
RT_MUST_USE struct rt_error *gojson_get_string(
        const struct gojson *object, const char *type_name, const char *key, rt_str *out);
RT_MUST_USE struct rt_error *gojson_get_int(
        const struct gojson *object, const char *type_name, const char *key, int64_t *out);
RT_MUST_USE struct rt_error *gojson_get_bool(
        const struct gojson *object, const char *type_name, const char *key, bool *out);
/* "json: cannot unmarshal array into Go value of type <type>" for a value that is neither object
 * nor null. */
RT_MUST_USE struct rt_error *gojson_want_object(const struct gojson *value, const char *type);

/* Appends a string as json.Marshal writes it. */
void gojson_quote(struct rt_buf *buf, rt_str s);

#endif
