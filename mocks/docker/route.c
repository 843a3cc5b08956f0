/* Which handler a request goes to. */
#include "mocks/docker/internal.h"

#include <ctype.h>

const struct route engine_routes[] = {
    { "GET", "/_ping", NULL, ENGINE_OP_PING, handle_ping },
    { "HEAD", "/_ping", NULL, ENGINE_OP_PING, handle_ping },
    { "GET", "/version", NULL, ENGINE_OP_VERSION, handle_version },
    { "GET", "/info", NULL, ENGINE_OP_INFO, handle_info },
    { "GET", "/events", NULL, ENGINE_OP_EVENTS, handle_events },
    { "POST", "/containers/create", NULL, ENGINE_OP_CREATE, handle_create },
    { "POST", "/containers/prune", NULL, ENGINE_OP_OTHER, handle_prune },
    { "GET", "/containers/json", NULL, ENGINE_OP_LIST, handle_list },
    { "POST", "/containers/", "/start", ENGINE_OP_START, handle_start },
    { "POST", "/containers/", "/stop", ENGINE_OP_STOP, handle_stop },
    { "POST", "/containers/", "/kill", ENGINE_OP_KILL, handle_kill },
    { "POST", "/containers/", "/restart", ENGINE_OP_RESTART, handle_restart },
    { "POST", "/containers/", "/pause", ENGINE_OP_PAUSE, handle_pause },
    { "POST", "/containers/", "/unpause", ENGINE_OP_UNPAUSE, handle_unpause },
    { "POST", "/containers/", "/wait", ENGINE_OP_WAIT, handle_wait },
    { "POST", "/containers/", "/attach", ENGINE_OP_ATTACH, handle_attach },
    { "POST", "/containers/", "/rename", ENGINE_OP_OTHER, handle_rename },
    { "POST", "/containers/", "/resize", ENGINE_OP_OTHER, handle_resize },
    { "POST", "/containers/", "/exec", ENGINE_OP_OTHER, handle_exec_create },
    { "GET", "/containers/", "/json", ENGINE_OP_INSPECT, handle_inspect },
    { "GET", "/containers/", "/logs", ENGINE_OP_LOGS, handle_logs },
    { "GET", "/containers/", "/top", ENGINE_OP_OTHER, handle_top },
    { "GET", "/containers/", "/stats", ENGINE_OP_OTHER, handle_stats },
    { "GET", "/containers/", "/changes", ENGINE_OP_OTHER, handle_changes },
    { "PUT", "/containers/", "/archive", ENGINE_OP_UPLOAD, handle_upload },
    { "GET", "/containers/", "/archive", ENGINE_OP_DOWNLOAD, handle_download },
    { "HEAD", "/containers/", "/archive", ENGINE_OP_DOWNLOAD, handle_download },
    { "DELETE", "/containers/", "", ENGINE_OP_REMOVE, handle_remove },
    { "POST", "/build", NULL, ENGINE_OP_BUILD, handle_build },
    { "POST", "/build/prune", NULL, ENGINE_OP_OTHER, handle_prune },
    { "POST", "/networks/prune", NULL, ENGINE_OP_OTHER, handle_prune },
    { "POST", "/images/prune", NULL, ENGINE_OP_OTHER, handle_prune },
    { "POST", "/images/create", NULL, ENGINE_OP_PULL, handle_pull },
    { "GET", "/images/json", NULL, ENGINE_OP_IMAGE_LIST, handle_image_list },
    { "GET", "/images/", "/json", ENGINE_OP_IMAGE_INSPECT, handle_image_inspect },
    { "DELETE", "/images/", "", ENGINE_OP_IMAGE_REMOVE, handle_image_remove },
    { NULL, NULL, NULL, ENGINE_OP_OTHER, NULL },
};

rt_str url_decode(rt_str s, bool plus_is_space)
{
    if (!memchr(s.data, '%', s.len) && (!plus_is_space || !memchr(s.data, '+', s.len)))
        return s;
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (c == '%' && i + 2 < s.len && rt_hex_digit(s.data[i + 1]) >= 0 &&
                rt_hex_digit(s.data[i + 2]) >= 0) {
            c = (uint8_t)(rt_hex_digit(s.data[i + 1]) << 4 | rt_hex_digit(s.data[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        rt_buf_put_byte(&buf, c);
    }
    return rt_buf_str(&buf);
}

static void parse_query(struct exchange *x, rt_str query)
{
    size_t count = 0;
    struct query_value **last = &x->query;
    if (query.len == 0)
        return;
    rt_str *parts = rt_str_split(query, RT_STR("&"), &count);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0)
            continue;
        struct query_value *v = rt_new(struct query_value);
        ptrdiff_t at = rt_str_index(parts[i], RT_STR("="));
        size_t end = at < 0 ? parts[i].len : (size_t)at;
        v->key = url_decode(rt_str_slice(parts[i], 0, end), true);
        if (at >= 0)
            v->value = url_decode(rt_str_slice(parts[i], end + 1, parts[i].len), true);
        *last = v;
        last = &v->next;
    }
}

rt_str query_get(const struct exchange *x, const char *key)
{
    for (const struct query_value *v = x->query; v; v = v->next)
        if (rt_str_is(v->key, key))
            return v->value;
    return RT_NIL;
}

bool query_bool(const struct exchange *x, const char *key)
{
    rt_str s = rt_str_lower(rt_str_trim(query_get(x, key)));
    return !(s.len == 0 || rt_str_is(s, "0") || rt_str_is(s, "no") || rt_str_is(s, "false") ||
             rt_str_is(s, "none"));
}

/* Takes "/v1.41" off the path. */
static void split_version(struct exchange *x)
{
    size_t i = 2;
    if (x->path.len < 4 || x->path.data[0] != '/' || x->path.data[1] != 'v')
        return;
    while (i < x->path.len && (isdigit(x->path.data[i]) || x->path.data[i] == '.'))
        i++;
    if (i == 2 || i >= x->path.len || x->path.data[i] != '/')
        return;
    x->version = rt_str_slice(x->path, 2, i);
    x->path = rt_str_slice(x->path, i, x->path.len);
}

static bool route_matches(const struct route *r, struct exchange *x)
{
    rt_str head = rt_str_from(r->head);
    if (strcmp(r->method, x->method) != 0)
        return false;
    if (!r->tail)
        return rt_str_eq(x->path, head);
    rt_str tail = rt_str_from(r->tail);
    if (x->path.len <= head.len + tail.len || !rt_str_has_prefix(x->path, head) ||
            !rt_str_has_suffix(x->path, tail))
        return false;
    x->name = rt_str_slice(x->path, head.len, x->path.len - tail.len);
    /* names of images have slashes, those of containers do not */
    return strcmp(r->head, "/images/") == 0 || !rt_str_contains(x->name, RT_STR("/"));
}

void route_find(struct exchange *x)
{
    ptrdiff_t at = rt_str_index(x->uri, RT_STR("?"));
    size_t end = at < 0 ? x->uri.len : (size_t)at;
    if (at >= 0)
        parse_query(x, rt_str_slice(x->uri, end + 1, x->uri.len));
    x->path = url_decode(rt_str_slice(x->uri, 0, end), false);
    if (rt_str_contains(x->path, RT_STR("//")))
        return;
    split_version(x);
    for (const struct route *r = engine_routes; r->method; r++) {
        if (route_matches(r, x)) {
            x->route = r;
            return;
        }
        x->name = (rt_str){ 0 };
    }
}

/* Compares dotted numbers. */
static int version_compare(rt_str a, const char *other)
{
    rt_str b = rt_str_from(other);
    size_t i = 0;
    size_t k = 0;
    while (i < a.len || k < b.len) {
        int64_t left = 0;
        int64_t right = 0;
        for (; i < a.len && a.data[i] != '.'; i++)
            left = left < 100000 ? left * 10 + (a.data[i] - '0') : left;
        for (; k < b.len && b.data[k] != '.'; k++)
            right = right * 10 + (b.data[k] - '0');
        if (left != right)
            return left < right ? -1 : 1;
        i++;
        k++;
    }
    return 0;
}

/* Requests that no handler sees: unknown paths, unclean paths, versions out of range. */
void route_refuse(struct exchange *x)
{
    if (rt_str_contains(x->path, RT_STR("//"))) {
        rt_str clean = file_clean_path(x->path);
        reply_empty(x, 301);
        reply_add_header(x, "Location", clean);
    } else if (x->version.len > 0 && x->route && version_compare(x->version, "1.12") < 0) {
        rt_str text = rt_sprintf("client version %S is too old. Minimum supported API version is "
                                 "1.12, please upgrade your client to a newer version\n",
                x->version);
        reply(x, 400, "text/plain; charset=utf-8", text);
    } else if (x->version.len > 0 && x->route && version_compare(x->version, ENGINE_API) > 0) {
        reply_error(x, 400,
                "client version %S is too new. Maximum supported API version is " ENGINE_API,
                x->version);
    } else if (!x->route) {
        reply_error(x, 404, "page not found");
        /* the engine's own headers are not there */
        size_t kept = 0;
        for (size_t i = 0; i < x->header_count; i++)
            if (rt_str_has_prefix(x->headers[i].name, RT_STR("Content-")))
                x->headers[kept++] = x->headers[i];
        x->header_count = kept;
    }
}
