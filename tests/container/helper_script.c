/* A transport of recorded requests and answers. */
#include "tests/container/helper_script.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/rt/arena.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

static rt_str text(const json_t *v, const char *key)
{
    const json_t *s = json_object_get(v, key);
    return json_is_string(s) ? rt_bytes_dup(json_string_value(s), json_string_length(s))
                             : (rt_str){ 0 };
}

static rt_bytes base64(rt_str s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct rt_buf out = { 0 };
    uint32_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < s.len && s.data[i] != '='; i++) {
        word = word << 6 | (uint32_t)(strchr(digits, s.data[i]) - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            rt_buf_put_byte(&out, (uint8_t)(word >> bits));
        }
    }
    return rt_buf_str(&out);
}

static void add_step(struct script *all, const json_t *v)
{
    struct script_step s = {
        .scenario = rt_cstr(text(v, "scenario")),
        .seq = json_integer_value(json_object_get(v, "seq")),
        .method = text(v, "method"),
        .uri = text(v, "uri"),
        .body = text(v, "body"),
        .response = text(v, "response"),
    };
    rt_str after = text(v, "after_response");
    const json_t *headers = json_object_get(v, "headers");
    s.closes = rt_str_has_prefix(after, RT_STR("close"));
    if (rt_str_contains(after, RT_STR("hung")))
        s.closes = false;
    if (rt_str_contains(after, RT_STR("after 300ms")))
        s.hold_ms = 300;
    if (rt_str_has_prefix(s.response, RT_STR("base64:")))
        s.response = base64(rt_str_slice(s.response, 7, s.response.len));
    s.header_count = json_array_size(headers);
    s.headers = rt_new_array(rt_str, s.header_count + 1);
    for (size_t i = 0; i < s.header_count; i++) {
        const json_t *h = json_array_get(headers, i);
        s.headers[i] = rt_bytes_dup(json_string_value(h), json_string_length(h));
    }
    all->steps = rt_grow(all->steps, all->count, all->count + 1, sizeof(s));
    all->steps[all->count++] = s;
}

void script_load(struct script *all)
{
    struct support_lines lines = support_lines_of("corpora/docker/client-requests.jsonl");
    const json_t *v;
    while ((v = support_next_vector(&lines)))
        add_step(all, v);
}

void script_select(const struct script *all, const char *scenario, struct script *out)
{
    *out = (struct script){ 0 };
    for (int64_t seq = 1; seq < 40; seq++) {
        for (size_t i = 0; i < all->count; i++) {
            if (all->steps[i].seq != seq || strcmp(all->steps[i].scenario, scenario) != 0)
                continue;
            out->steps = rt_grow(out->steps, out->count, out->count + 1, sizeof(*out->steps));
            out->steps[out->count++] = all->steps[i];
        }
    }
}

/* ---- answers ---- */

static rt_str dechunk(rt_str s, bool *whole)
{
    struct rt_buf out = { 0 };
    *whole = false;
    for (;;) {
        ptrdiff_t end = rt_str_index(s, RT_STR("\r\n"));
        if (end < 0)
            break;
        size_t size = strtoul(rt_cstr(rt_str_slice(s, 0, (size_t)end)), NULL, 16);
        s = rt_str_slice(s, (size_t)end + 2, s.len);
        *whole = size == 0;
        if (*whole || s.len < size)
            break;
        rt_buf_put(&out, s.data, size);
        s = rt_str_slice(s, size + 2 <= s.len ? size + 2 : s.len, s.len);
    }
    return rt_buf_str(&out);
}

static size_t parse_headers(rt_str head, struct http_header **headers)
{
    size_t lines = 0;
    size_t count = 0;
    rt_str *split = rt_str_split(head, RT_STR("\r\n"), &lines);
    *headers = rt_new_array(struct http_header, lines + 1);
    for (size_t i = 1; i < lines; i++) {
        ptrdiff_t colon = rt_str_index(split[i], RT_STR(":"));
        if (colon < 0)
            continue;
        (*headers)[count++] = (struct http_header){
            rt_str_slice(split[i], 0, (size_t)colon),
            rt_str_trim(rt_str_slice(split[i], (size_t)colon + 1, split[i].len)),
        };
    }
    return count;
}

/* A body after which the connection stays open for a while. */
struct held_body {
    struct io_reader before;
    const struct script_step *step;
};

static struct rt_error *held_read(void *self, rt_bytes *chunk)
{
    struct held_body *b = self;
    if (!b->before.read(b->before.self, chunk))
        return NULL;
    rt_sleep_ns(b->step->hold_ms * RT_MS);
    return rt_eof;
}

static struct rt_error *parse_response(
        const struct script_step *step, bool hijack, struct http_response *response)
{
    struct rt_error *cut = rt_errorf("unexpected EOF");
    rt_str raw = step->response;
    if (!rt_str_has_prefix(raw, RT_STR("HTTP/1.")))
        return rt_error_typed(
                &http_malformed, NULL, rt_sprintf("malformed HTTP response %q", rt_str_trim(raw)));
    ptrdiff_t end = rt_str_index(raw, RT_STR("\r\n\r\n"));
    rt_str head = rt_str_slice(raw, 0, end < 0 ? raw.len : (size_t)end);
    rt_str body = end < 0 ? RT_STR("") : rt_str_slice(raw, (size_t)end + 4, raw.len);
    response->status = atoi(rt_cstr(rt_str_slice(head, 9, 12)));
    response->header_count = parse_headers(head, &response->headers);
    if (hijack) {
        struct held_body *held = rt_new(struct held_body);
        *held = (struct held_body){ io_reader_from(body), step };
        response->body = (struct io_reader){ held, held_read, NULL };
        return NULL;
    }
    rt_str length = http_header_get(response->headers, response->header_count, "Content-Length");
    bool chunked = rt_str_is(
            http_header_get(response->headers, response->header_count, "Transfer-Encoding"),
            "chunked");
    bool whole = true;
    if (response->status == 204 || response->status == 304 || response->status < 200) {
        body = RT_STR("");
    } else if (chunked) {
        body = dechunk(body, &whole);
    } else if (length.len > 0) {
        size_t want = strtoul(rt_cstr(length), NULL, 10);
        whole = body.len >= want;
        body = rt_str_slice(body, 0, whole ? want : body.len);
    }
    response->body = io_reader_cut(body, whole ? NULL : cut);
    return NULL;
}

/* ---- requests ---- */

static struct script_step *find(struct script *s, const struct http_request *request)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->steps[i].used && rt_str_is(s->steps[i].method, request->method) &&
                rt_str_eq(s->steps[i].uri, request->uri))
            return &s->steps[i];
    return NULL;
}

/* Headers that the transport adds itself. */
static bool by_transport(rt_str header)
{
    return rt_str_has_prefix(header, RT_STR("Content-Length:")) ||
           rt_str_has_prefix(header, RT_STR("Transfer-Encoding:"));
}

static void check_headers(
        struct script *s, const struct script_step *step, const struct http_request *request)
{
    size_t want = 0;
    for (size_t i = 0; i < step->header_count; i++) {
        bool found = by_transport(step->headers[i]);
        want += found ? 0 : 1;
        for (size_t k = 0; k < request->header_count && !found; k++)
            found = rt_str_eq(step->headers[i],
                    rt_sprintf("%S: %S", request->headers[k].name, request->headers[k].value));
        if (!found)
            rt_buf_printf(&s->complaints, "%S %S lacks the header \"%S\"\n", step->method,
                    step->uri, step->headers[i]);
    }
    if (want != request->header_count)
        rt_buf_printf(&s->complaints, "%S %S has headers of its own\n", step->method, step->uri);
}

/* Everything before `step` was asked for, but for attach, which runs beside. */
static void check_order(struct script *s, const struct script_step *step)
{
    for (const struct script_step *other = s->steps; other != step; other++)
        if (!other->used && !rt_str_contains(other->uri, RT_STR("/attach?")) &&
                !rt_str_contains(step->uri, RT_STR("/attach?")))
            rt_buf_printf(&s->complaints, "%S %S came before %S %S\n", step->method, step->uri,
                    other->method, other->uri);
}

static struct rt_error *script_dial(
        void *self, const struct http_request *request, void **connection)
{
    struct script *s = self;
    struct script_step *step = find(s, request);
    *connection = step;
    /* an attach that was never answered is not in the recording */
    if (!step && request->hijack)
        return NULL;
    if (!step) {
        rt_buf_printf(&s->complaints, "unexpected %s %S\n", request->method, request->uri);
        return rt_errorf("unexpected request");
    }
    check_headers(s, step, request);
    check_order(s, step);
    step->used = true;
    return NULL;
}

static struct rt_error *script_exchange(void *self, void *connection,
        const struct http_request *request, struct http_response *response)
{
    struct script *s = self;
    const struct script_step *step = connection;
    rt_bytes body = RT_NIL;
    void *never = NULL;
    if (!step)
        rt_recv(NULL, &never);
    rt_sleep_ns(RT_MS / 10); /* so that what runs beside gets on, as it did */
    struct rt_error *err = request->has_body ? io_read_all(request->body, &body) : NULL;
    bool create = rt_str_has_prefix(step->uri, RT_STR("/containers/create?name="));
    if (err)
        return err;
    if ((create || rt_str_has_suffix(step->uri, RT_STR("/start"))) && !rt_str_eq(body, step->body))
        rt_buf_printf(&s->complaints, "body of %S: %S\n", step->uri, body);
    if (step->response.len == 0 && step->closes)
        return http_closed;
    if (step->response.len == 0) {
        struct rt_case cases[] = {
            RT_RECV(request->timeout_ns > 0 ? rt_after(request->timeout_ns, "deadline") : NULL),
        };
        (void)rt_select(cases, 1);
        return rt_error_typed(&http_deadline, NULL, RT_STR("deadline"));
    }
    return parse_response(step, request->hijack, response);
}

struct docker_transport script_transport(struct script *script)
{
    return (struct docker_transport){
        .self = script, .dial = script_dial, .exchange = script_exchange
    };
}
