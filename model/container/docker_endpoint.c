/* Follows parseEndpoint and getURL of go-dockerclient's client.go. */
#include "model/container/docker_endpoint.h"

#include <ctype.h>

#include "model/lab/go.h"

static struct rt_error invalid_endpoint = { .text = RT_STR_INIT("invalid endpoint") };

/* Splits host:port at the last colon; false if there is no port. */
static bool split_port(rt_str host, rt_str *port)
{
    ptrdiff_t colon = rt_str_last_index(host, RT_STR(":"));
    ptrdiff_t bracket = rt_str_last_index(host, RT_STR("]"));
    if (colon < 0 || colon < bracket)
        return false;
    *port = rt_str_slice(host, (size_t)colon + 1, host.len);
    return true;
}

static bool valid_port(rt_str port)
{
    unsigned number = 0;
    if (port.len == 0 || port.len > 5)
        return false;
    for (size_t i = 0; i < port.len; i++) {
        if (!isdigit(port.data[i]))
            return false;
        number = number * 10 + (unsigned)(port.data[i] - '0');
    }
    return number > 0 && number < 65536;
}

static rt_str without_last_slashes(rt_str s)
{
    while (s.len > 0 && s.data[s.len - 1] == '/')
        s.len--;
    return s;
}

static struct rt_error *parse_tcp(rt_str scheme, rt_str rest, bool tls, struct docker_endpoint *to)
{
    ptrdiff_t slash = rt_str_index(rest, RT_STR("/"));
    rt_str host = rt_str_slice(rest, 0, slash < 0 ? rest.len : (size_t)slash);
    rt_str port = { 0 };
    if (split_port(host, &port)) {
        if (!valid_port(port))
            return &invalid_endpoint;
        if (rt_str_is(scheme, "tcp"))
            scheme = tls ? RT_STR("https") : RT_STR("http");
    }
    to->unsupported = rt_str_is(scheme, "tcp");
    to->network = RT_STR("tcp");
    to->address = host;
    to->host = host;
    to->url = without_last_slashes(rt_sprintf("%S://%S", scheme, rest));
    return NULL;
}

static struct rt_error *parse(rt_str text, bool tls, struct docker_endpoint *to)
{
    if (text.len > 0 && !rt_str_contains(text, RT_STR("://")))
        text = rt_sprintf("tcp://%S", text);
    ptrdiff_t at = rt_str_index(text, RT_STR("://"));
    if (at < 0)
        return &invalid_endpoint;
    rt_str scheme = rt_str_lower(rt_str_slice(text, 0, (size_t)at));
    rt_str rest = rt_str_slice(text, (size_t)at + 3, text.len);
    if (rt_str_is(scheme, "unix")) {
        ptrdiff_t slash = rt_str_index(rest, RT_STR("/"));
        to->unix_socket = true;
        to->network = scheme;
        to->address = slash < 0 ? RT_STR("") : rt_str_slice(rest, (size_t)slash, rest.len);
        to->host = RT_STR("unix.sock");
        to->url = RT_STR("http://unix.sock");
        return NULL;
    }
    if (tls)
        scheme = RT_STR("https");
    if (rt_str_is(scheme, "tcp") || rt_str_is(scheme, "http") || rt_str_is(scheme, "https"))
        return parse_tcp(scheme, rest, tls, to);
    return &invalid_endpoint;
}

struct docker_endpoint docker_endpoint_parse(rt_str text, bool tls, rt_str go_version)
{
    struct docker_endpoint e = {
        .go = go_minor(go_version.len > 0 ? go_version : RT_STR(GO_RECORDED)),
    };
    e.err = parse(text, tls, &e);
    return e;
}

/* net.OpError of a connection that is there. The peer's own end has no name on a unix socket; on
 * TCP it has some port. */
static rt_str connection_text(const struct docker_endpoint *e, const char *op, rt_str why)
{
    return rt_sprintf("%s %S %s->%S: %S", op, e->network, e->unix_socket ? "@" : "127.0.0.1:40022",
            e->address, why);
}

rt_str docker_endpoint_net_text(const struct docker_endpoint *e, const struct rt_error *err)
{
    if (rt_error_is(err, &http_reset))
        return connection_text(e, "read", err->text);
    if (rt_error_is(err, &http_broken_pipe))
        return connection_text(e, "write", err->text);
    if (!rt_error_is(err, &http_no_connection))
        return err->text;
    if (rt_str_is(err->text, "no such host")) {
        rt_str port = { 0 };
        size_t end = split_port(e->address, &port) ? e->address.len - port.len - 1 : e->address.len;
        return rt_sprintf("dial tcp: lookup %S on 127.0.0.11:53: no such host",
                rt_str_slice(e->address, 0, end));
    }
    return rt_sprintf("dial %S %S: %S", e->network, e->address, err->text);
}

struct rt_error *docker_endpoint_check(const struct docker_endpoint *e, bool hijack)
{
    if (!e->unsupported)
        return NULL;
    if (!hijack)
        return rt_errorf("unsupported protocol scheme \"tcp\"");
    return e->address.len > 0
                   ? rt_errorf("dial tcp: address %S: missing port in address", e->address)
                   : rt_errorf("dial tcp: missing address");
}

struct rt_error *docker_endpoint_url_error(const struct docker_endpoint *e,
        const struct http_request *request, const struct rt_error *err)
{
    struct rt_buf op = { 0 };
    for (const char *p = request->method; *p != 0; p++)
        rt_buf_put_byte(&op, (uint8_t)(p == request->method ? *p : tolower((unsigned char)*p)));
    rt_str url = rt_sprintf("%S%S", e->url, request->uri);
    const char *prefix = rt_error_is(err, &http_malformed)
                                 ? "net/http: HTTP/1.x transport connection broken: "
                                 : "";
    return rt_errorf("%S %S: %s%S", rt_buf_str(&op), e->go < 14 ? url : rt_quote(url), prefix,
            docker_endpoint_net_text(e, err));
}
