/* Follows ParseName of core/chaincode/handler.go. */
#include "model/chaincode/cc_name.h"

/* strings.SplitN(s, separator, 2): true if there are two parts. */
static bool split_in_two(rt_str s, const char *separator, rt_str *first, rt_str *second)
{
    ptrdiff_t at = rt_str_index(s, rt_str_from(separator));
    *first = s;
    if (at < 0)
        return false;
    *first = rt_str_slice(s, 0, (size_t)at);
    *second = rt_str_slice(s, (size_t)at + 1, s.len);
    return true;
}

struct chaincode_instance parse_name(rt_str cc_name)
{
    struct chaincode_instance ci = { 0 };
    rt_str rest;
    (void)split_in_two(cc_name, "/", &rest, &ci.chain_id);
    (void)split_in_two(rest, ":", &ci.chaincode_name, &ci.chaincode_version);
    return ci;
}
