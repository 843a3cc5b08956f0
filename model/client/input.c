/* Follows checkChaincodeCmdParams and getChaincodeSpec of peer/chaincode/common.go, and
 * protos/peer/chaincodeunmarshall.go. */
#include "model/client/chaincode_common.h"
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

/* ---- base64 ---- */

static int base64_digit(uint8_t c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static struct rt_error *corrupt(size_t at)
{
    return rt_errorf("error parsing transient string: illegal base64 data at input byte %zu", at);
}

static size_t skip_line_ends(rt_str s, size_t i)
{
    while (i < s.len && (s.data[i] == '\n' || s.data[i] == '\r'))
        i++;
    return i;
}

/* The padding that begins at s[i], after `digits` of a group of four. */
static struct rt_error *check_padding(rt_str s, size_t i, size_t digits)
{
    if (digits < 2)
        return corrupt(i);
    size_t next = skip_line_ends(s, i + 1);
    if (digits == 2) {
        if (next == s.len)
            return corrupt(s.len);
        if (s.data[next] != '=')
            return corrupt(next - 1);
        next = skip_line_ends(s, next + 1);
    }
    return next < s.len ? corrupt(next) : NULL;
}

/* base64.StdEncoding.Decode. */
struct rt_error *client_transient_value(rt_str s, rt_bytes *value)
{
    struct rt_buf buf = { 0 };
    uint32_t group = 0;
    size_t digits = 0;
    for (size_t i = skip_line_ends(s, 0); i < s.len; i = skip_line_ends(s, i)) {
        int digit = base64_digit(s.data[i]);
        if (digit < 0) {
            if (s.data[i] != '=')
                return corrupt(i);
            struct rt_error *err = check_padding(s, i, digits);
            if (err)
                return err;
            group <<= 6 * (4 - digits);
            for (size_t k = 0; k + 1 < digits; k++)
                rt_buf_put_byte(&buf, (uint8_t)(group >> (16 - 8 * k)));
            digits = 0;
            break;
        }
        i++;
        group = group << 6 | (uint32_t)digit;
        if (++digits < 4)
            continue;
        for (int k = 2; k >= 0; k--)
            rt_buf_put_byte(&buf, (uint8_t)(group >> 8 * k));
        group = 0;
        digits = 0;
    }
    if (digits > 0)
        return corrupt(s.len - digits);
    *value = buf.len > 0 ? rt_buf_str(&buf) : rt_bytes_from("", 0);
    return NULL;
}
