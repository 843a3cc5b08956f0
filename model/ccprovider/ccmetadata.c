/* Follows core/chaincode/platforms/ccmetadata/validators.go. */
#include "model/ccprovider/platforms.h"
#include "model/gostd/gojson.h"
#include "model/gostd/paths.h"
#include "model/rt/rt.h"

/* ---- paths ---- */

static size_t collection_name_len(rt_str s)
{
    size_t n = 0;
    while (n < s.len) {
        uint8_t c = s.data[n], lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
            break;
        n++;
    }
    return n;
}

/* Matches ^.*[.]json, in which the dot stops at a line's end. */
static bool has_json_name(rt_str s)
{
    ptrdiff_t line = rt_str_index(s, RT_STR("\n"));
    return rt_str_contains(line < 0 ? s : rt_str_slice(s, 0, (size_t)line), RT_STR(".json"));
}

static bool strip_prefix(rt_str *s, rt_str prefix)
{
    if (!rt_str_has_prefix(*s, prefix))
        return false;
    *s = rt_str_slice(*s, prefix.len, s->len);
    return true;
}

/* The paths that hold indexes: of the chaincode, or of one of its collections. */
static bool is_index_path(rt_str path)
{
    if (!strip_prefix(&path, RT_STR("META-INF/statedb/couchdb/")))
        return false;
    if (strip_prefix(&path, RT_STR("collections/"))) {
        size_t name = collection_name_len(path);
        if (name == 0)
            return false;
        path = rt_str_slice(path, name, path.len);
        return strip_prefix(&path, RT_STR("/indexes/")) && has_json_name(path);
    }
    return strip_prefix(&path, RT_STR("indexes/")) && has_json_name(path);
}

/* buildMetadataFileErrorMessage. */
static struct rt_error *path_error(rt_str path)
{
    rt_str dir, file;
    size_t count;
    path_split(path, &dir, &file);
    if (!rt_str_has_prefix(path, RT_STR("META-INF/statedb")))
        return rt_errorf("metadata file path must begin with META-INF/statedb, found: %S", dir);
    const rt_str *parts = rt_str_split(path_clean(dir), RT_STR("/"), &count);
    if (count < 4)
        return rt_errorf("metadata file path must include a database and index directory: %S", dir);
    if (!rt_str_is(parts[2], "couchdb"))
        return rt_errorf("database name [%S] is not supported, valid options: [couchdb]", parts[2]);
    if (count == 4 && !rt_str_is(parts[3], "indexes"))
        return rt_errorf("metadata file path does not have an indexes directory: %S", dir);
    if (count != 6)
        return rt_errorf("metadata file path for collections must include a collections and index "
                         "directory: %S",
                dir);
    if (!rt_str_is(parts[3], "collections") || !rt_str_is(parts[5], "indexes"))
        return rt_errorf("metadata file path for collections must have a collections and indexes "
                         "directory: %S",
                dir);
    if (collection_name_len(parts[4]) == 0)
        return rt_errorf("collection name is not valid: %S", parts[4]);
    if (!has_json_name(file))
        return rt_errorf("artifact file name is not valid: %S", file);
    return rt_errorf("metadata file path or name is not supported: %S", dir);
}

/* ---- index definitions; maps are walked in Go's random order ---- */

/* reflect.TypeOf(v).Kind(): Go dies of a null here. */
static enum gojson_kind kind_of(const struct gojson *v)
{
    if (v->kind == GOJSON_NULL)
        rt_panic_nil();
    return v->kind;
}

static struct rt_error *validate_field_map(const struct rt_map *map)
{
    const struct rt_map_entry *entries = rt_map_range(map);
    for (size_t i = 0; i < rt_map_len(map); i++) {
        const struct gojson *v = entries[i].value;
        if (v->kind != GOJSON_STRING)
            return rt_errorf("Invalid field definition, fields must be in the form "
                             "\"fieldname\":\"sort\"");
        rt_str order = rt_str_lower(v->text);
        if (!rt_str_is(order, "asc") && !rt_str_is(order, "desc"))
            return rt_errorf(
                    "Sort must be either \"asc\" or \"desc\".  \"%S\" was found.", v->text);
    }
    return NULL;
}

static struct rt_error *validate_fields(const struct gojson *fields)
{
    if (fields->kind != GOJSON_ARRAY)
        return rt_errorf("Expecting a JSON array of fields");
    for (const struct gojson *field = fields->first; field; field = field->next) {
        struct rt_error *err = NULL;
        if (kind_of(field) == GOJSON_OBJECT)
            err = validate_field_map(gojson_map(field));
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *process_index_map(const struct rt_map *map)
{
    const struct rt_map_entry *entries = rt_map_range(map);
    for (size_t i = 0; i < rt_map_len(map); i++) {
        struct rt_error *err = NULL;
        if (rt_str_is(entries[i].key, "fields"))
            err = validate_fields(entries[i].value);
        else if (!rt_str_is(entries[i].key, "partial_filter_selector"))
            err = rt_errorf("Invalid Entry.  Entry %S", entries[i].key);
        if (err)
            return err;
    }
    return NULL;
}

static struct rt_error *validate_entry(rt_str key, const struct gojson *v, bool *index_included)
{
    if (rt_str_is(key, "index")) {
        if (kind_of(v) != GOJSON_OBJECT)
            return rt_errorf("Invalid entry, \"index\" must be a JSON");
        struct rt_error *err = process_index_map(gojson_map(v));
        if (!err)
            *index_included = true;
        return err;
    }
    if (rt_str_is(key, "ddoc") || rt_str_is(key, "name")) {
        if (kind_of(v) != GOJSON_STRING)
            return rt_errorf("Invalid entry, \"%S\" must be a string", key);
        return NULL;
    }
    if (rt_str_is(key, "type")) {
        if (v->kind != GOJSON_STRING || !rt_str_is(v->text, "json"))
            return rt_errorf("Index type must be json");
        return NULL;
    }
    return rt_errorf("Invalid Entry.  Entry %S", key);
}

static struct rt_error *validate_index_json(const struct rt_map *map)
{
    bool index_included = false;
    const struct rt_map_entry *entries = rt_map_range(map);
    for (size_t i = 0; i < rt_map_len(map); i++) {
        struct rt_error *err = validate_entry(entries[i].key, entries[i].value, &index_included);
        if (err)
            return err;
    }
    if (!index_included)
        return rt_errorf("Index definition must include a \"fields\" definition");
    return NULL;
}

/* couchdbIndexFileValidator. A definition that is null is an empty one. */
static struct rt_error *validate_index_file(rt_str name, rt_bytes content)
{
    struct gojson *v;
    struct rt_error *err = gojson_unmarshal_any(content, &v);
    if (err || (v->kind != GOJSON_OBJECT && v->kind != GOJSON_NULL))
        return rt_errorf("Index metadata file [%S] is not a valid JSON", name);
    err = validate_index_json(gojson_map(v));
    if (err)
        return rt_errorf("Index metadata file [%S] is not a valid index definition: %v", name, err);
    return NULL;
}

struct rt_error *ccmetadata_validate_metadata_file(rt_str file_path_name, rt_bytes file_bytes)
{
    if (!is_index_path(file_path_name))
        return path_error(file_path_name);
    return validate_index_file(file_path_name, file_bytes);
}
