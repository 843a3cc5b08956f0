/* Follows the composite keys of core/chaincode/shim/chaincode.go. */
#include "model/shim/composite_key.h"
#include "model/rt/rt.h"
#include "model/shim/shim.h"

/* U+10FFFF in UTF-8. */
static const rt_str max_rune = RT_STR_INIT("\xf4\x8f\xbf\xbf");

static struct rt_error *validate_attribute(rt_str attribute)
{
    if (!rt_str_utf8_valid(attribute))
        return rt_errorf("not a valid utf8 string: [%x]", attribute);
    ptrdiff_t zero = rt_str_index(attribute, rt_bytes_from("", 1));
    ptrdiff_t max = rt_str_index(attribute, max_rune);
    if (zero < 0 && max < 0)
        return NULL;
    bool is_zero = zero >= 0 && (max < 0 || zero < max);
    return rt_errorf("input contain unicode %s starting at position [%d]. U+0000 and U+10FFFF are "
                     "not allowed in the input attribute of a composite key",
            is_zero ? "U+0000" : "U+10FFFF", (int)(is_zero ? zero : max));
}

struct rt_error *shim_create_composite_key(
        rt_str object_type, const rt_str *attributes, size_t count, rt_str *key)
{
    struct rt_error *err = validate_attribute(object_type);
    if (err)
        return err;
    struct rt_buf buf = { 0 };
    rt_buf_put_byte(&buf, 0);
    rt_buf_put_str(&buf, object_type);
    rt_buf_put_byte(&buf, 0);
    for (size_t i = 0; i < count; i++) {
        err = validate_attribute(attributes[i]);
        if (err)
            return err;
        rt_buf_put_str(&buf, attributes[i]);
        rt_buf_put_byte(&buf, 0);
    }
    *key = rt_buf_str(&buf);
    return NULL;
}

void shim_split_composite_key(
        rt_str key, rt_str *object_type, const rt_str **attributes, size_t *count)
{
    size_t zeros = 0;
    for (size_t i = 1; i < key.len; i++)
        zeros += key.data[i] == 0;
    if (zeros == 0)
        rt_panic_index();
    rt_str *components = rt_new_array(rt_str, zeros);
    size_t found = 0;
    size_t begin = 1;
    for (size_t i = 1; i < key.len; i++) {
        if (key.data[i] == 0) {
            components[found++] = rt_str_slice(key, begin, i);
            begin = i + 1;
        }
    }
    *object_type = components[0];
    *attributes = components + 1;
    *count = found - 1;
}

struct rt_error *shim_range_keys_for_partial_composite_key(rt_str object_type,
        const rt_str *attributes, size_t count, rt_str *start_key, rt_str *end_key)
{
    struct rt_error *err = shim_create_composite_key(object_type, attributes, count, start_key);
    if (!err)
        *end_key = rt_str_cat(*start_key, max_rune);
    return err;
}

struct rt_error *shim_validate_simple_key(rt_str key)
{
    if (key.len == 0 || key.data[0] != 0)
        return NULL;
    return rt_errorf(
            "first character of the key [%S] contains a null character which is not allowed", key);
}
