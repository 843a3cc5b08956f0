/* Follows checkChaincodeCmdParams and getChaincodeSpec of peer/chaincode/common.go, and
 * protos/peer/chaincodeunmarshall.go. */
#include "model/client/chaincode_common.h"
#include "model/crypto/base64.h"
#include "model/gostd/gojson.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"

/* ---- the constructor's JSON ---- */

/* What Go calls the type of an interface{} that was decoded. */
static const char *type_of(const struct gojson *v)
{
    static const char *const types[] = { "nil", "bool", "float64", "string", "[]interface {}",
        "map[string]interface {}" };
    return types[v->kind];
}

static bool has_key(const struct rt_map *map, const char *lower)
{
    const struct rt_map_entry *entries = rt_map_sorted(map);
    for (size_t i = 0; i < rt_map_len(map); i++)
        if (rt_str_is(rt_str_lower(entries[i].key), lower))
            return true;
    return false;
}

static struct rt_error *check_keys(rt_str ctor)
{
    if (rt_str_is(ctor, "{}"))
        return rt_errorf("empty JSON chaincode parameters must contain the following keys: 'Args' "
                         "or 'Function' and 'Args'");
    struct gojson *f;
    struct rt_error *err = gojson_unmarshal_any(ctor, &f);
    if (err)
        return rt_error_wrap(err, "chaincode argument error");
    if (f->kind != GOJSON_OBJECT)
        rt_panicf("interface conversion: interface {} is %s, not map[string]interface {}",
                type_of(f));
    const struct rt_map *m = gojson_map(f);
    size_t count = rt_map_len(m);
    if (!has_key(m, "args") || (count == 2 && !has_key(m, "function")) || count > 2)
        return rt_errorf("non-empty JSON chaincode parameters must contain the following keys: "
                         "'Args' or 'Function' and 'Args'");
    return NULL;
}

static struct rt_error *cannot(const struct gojson *v, const char *field, const char *type)
{
    return rt_errorf("json: cannot unmarshal %S into Go struct field strArgs.%s of type %s",
            gojson_described(v), field, type);
}

static struct rt_error *set_args(const struct gojson *list, rt_str **args, size_t *count)
{
    size_t cap = 0;
    *args = NULL;
    *count = 0;
    if (list->kind == GOJSON_NULL)
        return NULL;
    if (list->kind != GOJSON_ARRAY)
        return cannot(list, "Args", "[]string");
    for (const struct gojson *v = list->first; v; v = v->next) {
        if (v->kind != GOJSON_STRING && v->kind != GOJSON_NULL)
            return cannot(v, "Args", "string");
        rt_reserve(*args, cap, *count + 1);
        (*args)[(*count)++] = v->kind == GOJSON_STRING ? v->text : RT_STR("");
    }
    return NULL;
}

/* ChaincodeInput.UnmarshalJSON. */
static struct rt_error *unmarshal_input(const struct gojson *f, rt_str **args, size_t *count)
{
    rt_str function = RT_STR("");
    struct rt_error *err = NULL;
    for (const struct gojson *m = f->first; !err && m; m = m->next) {
        if (rt_str_is(rt_str_lower(m->key), "args"))
            err = set_args(m, args, count);
        else if (rt_str_is(rt_str_lower(m->key), "function") && m->kind == GOJSON_STRING)
            function = m->text;
        else if (rt_str_is(rt_str_lower(m->key), "function") && m->kind != GOJSON_NULL)
            err = cannot(m, "Function", "string");
    }
    if (err || function.len == 0)
        return err;
    rt_str *all = rt_new_array(rt_str, *count + 1);
    all[0] = function;
    for (size_t i = 0; i < *count; i++)
        all[i + 1] = (*args)[i];
    *args = all;
    ++*count;
    return NULL;
}

struct rt_error *client_chaincode_input(rt_str ctor, rt_bytes **args, size_t *count)
{
    struct gojson *f;
    *args = NULL;
    *count = 0;
    struct rt_error *err = check_keys(ctor);
    if (err)
        return err;
    err = gojson_unmarshal(ctor, &f);
    if (!err)
        err = unmarshal_input(f, args, count);
    return rt_error_wrap(err, "chaincode argument error");
}

/* ---- transient values ---- */

struct rt_error *client_transient_value(rt_str base64, rt_bytes *value)
{
    return rt_error_wrap(base64_decode(base64, value), "error parsing transient string");
}
