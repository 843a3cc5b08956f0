/* Follows net/ipsock.go, and net/ip.go as far as one question goes. */
#include "model/gostd/hostport.h"

#include <arpa/inet.h>
#include <string.h>

static ptrdiff_t last_index(rt_str s, char c)
{
    ptrdiff_t i = (ptrdiff_t)s.len - 1;
    while (i >= 0 && s.data[i] != (uint8_t)c)
        i--;
    return i;
}

static bool has(rt_str s, const char *part)
{
    return rt_str_contains(s, rt_str_from(part));
}

static struct rt_error *addr_error(rt_str addr, const char *why)
{
    return rt_errorf("address %S: %s", addr, why);
}

struct rt_error *net_split_host_port(rt_str s, rt_str *host, rt_str *port)
{
    size_t after_open = 0, after_close = 0; /* where a bracket may still stand */
    ptrdiff_t colon = last_index(s, ':');
    if (colon < 0)
        return addr_error(s, "missing port in address");
    if (s.data[0] == '[') {
        ptrdiff_t end = rt_str_index(s, RT_STR("]"));
        if (end < 0)
            return addr_error(s, "missing ']' in address");
        if ((size_t)end + 1 == s.len)
            return addr_error(s, "missing port in address");
        if (end + 1 != colon)
            return addr_error(s, s.data[end + 1] == ':' ? "too many colons in address"
                                                        : "missing port in address");
        *host = rt_str_slice(s, 1, (size_t)end);
        after_open = 1;
        after_close = (size_t)end + 1;
    } else {
        *host = rt_str_slice(s, 0, (size_t)colon);
        if (has(*host, ":"))
            return addr_error(s, "too many colons in address");
    }
    if (has(rt_str_slice(s, after_open, s.len), "["))
        return addr_error(s, "unexpected '[' in address");
    if (has(rt_str_slice(s, after_close, s.len), "]"))
        return addr_error(s, "unexpected ']' in address");
    *port = rt_str_slice(s, (size_t)colon + 1, s.len);
    return NULL;
}

bool net_is_unspecified(rt_str host)
{
    static const uint8_t zeros[12], mapped[12] = { [10] = 0xff, [11] = 0xff };
    uint8_t ip[16];
    if (host.len > 0 && memchr(host.data, 0, host.len))
        return false;
    const char *text = rt_cstr(host);
    if (inet_pton(AF_INET, text, ip) == 1)
        return memcmp(ip, zeros, 4) == 0;
    return inet_pton(AF_INET6, text, ip) == 1 && memcmp(ip + 12, zeros, 4) == 0 &&
           (memcmp(ip, zeros, 12) == 0 || memcmp(ip, mapped, 12) == 0);
}
