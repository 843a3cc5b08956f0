/* Helpers of HTTP without sockets. */
#include "model/container/transport.h"

#include <strings.h>

const char http_no_connection;
const char http_reset;
const char http_broken_pipe;
const char http_deadline;
const char http_malformed;

static struct rt_error closed = { .text = RT_STR_INIT("EOF") };
struct rt_error *const http_closed = &closed;

rt_str http_header_get(const struct http_header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (headers[i].name.len == strlen(name) &&
                strncasecmp((const char *)headers[i].name.data, name, headers[i].name.len) == 0)
            return headers[i].value;
    return (rt_str){ 0 };
}
