/* Follows stream() of go-dockerclient's client.go, its jsonmessage and moby's stdcopy. */
#include "model/container/docker_client_impl.h"
#include "model/rt/trace.h"

static struct rt_error *write_to(io_writer to, rt_bytes data)
{
    return !to.write ? NULL : to.write(to.self, data);
}

/* io.Copy */
static struct rt_error *copy(io_writer to, struct io_reader from)
{
    for (;;) {
        rt_bytes chunk = RT_NIL;
        struct rt_error *err = from.read(from.self, &chunk);
        if (err)
            return err == rt_eof ? NULL : err;
        err = write_to(to, chunk);
        if (err)
            return err;
    }
}

/* Bytes that were read and not used yet. */
struct window {
    struct io_reader src;
    struct rt_buf buf;
    size_t from;
};

/* Makes at least `want` bytes available; rt_eof when the source ends before. */
static struct rt_error *fill(struct window *w, size_t want)
{
    while (w->buf.len - w->from < want) {
        rt_bytes chunk = RT_NIL;
        struct rt_error *err = w->src.read(w->src.self, &chunk);
        if (err)
            return err;
        if (w->from == w->buf.len)
            w->from = w->buf.len = 0;
        rt_buf_put_str(&w->buf, chunk);
    }
    return NULL;
}

enum { FRAME_HEADER = 8, SYSTEMERR = 3 };

struct rt_error *client_std_copy(io_writer out, io_writer err_out, struct io_reader src)
{
    struct window w = { .src = src };
    for (;;) {
        struct rt_error *err = fill(&w, FRAME_HEADER);
        if (err)
            return err == rt_eof ? NULL : err;
        const uint8_t *h = w.buf.data + w.from;
        unsigned stream = h[0];
        size_t size = (size_t)h[4] << 24 | (size_t)h[5] << 16 | (size_t)h[6] << 8 | h[7];
        if (stream > SYSTEMERR)
            return rt_errorf("Unrecognized input header: %u", stream);
        if (size > 64u << 20) /* Go makes room for the whole frame at once */
            rt_note("attach: a frame announces %zu bytes, which the client allocates", size);
        err = fill(&w, FRAME_HEADER + size);
        if (err)
            return err == rt_eof ? NULL : err;
        rt_bytes data = rt_bytes_dup(w.buf.data + w.from + FRAME_HEADER, size);
        if (stream == SYSTEMERR)
            return rt_errorf("error from daemon in stream: %S", data);
        err = write_to(stream == 2 ? err_out : out, data);
        if (err)
            return err;
        w.from += FRAME_HEADER + size;
    }
}

/* One member of a message, or of its detail, has the type of its field. */
static struct rt_error *check_member(const struct gojson *member)
{
    static const char *const texts[] = { "stream", "status", "progress", "id", "error" };
    struct gojson alone = *member;
    struct gojson object = { .kind = GOJSON_OBJECT, .first = &alone, .last = &alone };
    const struct gojson *detail;
    rt_str text = { 0 };
    int64_t code = 0;
    alone.next = NULL;
    struct rt_error *err = NULL;
    for (size_t i = 0; !err && i < sizeof(texts) / sizeof(*texts); i++)
        err = gojson_get_string(&object, "JSONMessage", texts[i], &text);
    detail = gojson_field(&object, "errorDetail");
    if (err || !detail)
        return err;
    if (gojson_want_object(detail, ""))
        return rt_errorf(
                "json: cannot unmarshal %S into Go struct field JSONMessage.errorDetail of "
                "type jsonmessage.JSONError",
                gojson_described(detail));
    err = gojson_get_int(detail, "JSONError.errorDetail", "code", &code);
    return err ? err : gojson_get_string(detail, "JSONError.errorDetail", "message", &text);
}

/* JSONMessage.Display: prints one message; its error is the one that the message carries. */
static struct rt_error *display(const struct gojson *message, io_writer out)
{
    static const char type[] = "JSONMessage";
    rt_str stream = { 0 };
    rt_str status = { 0 };
    rt_str id = { 0 };
    rt_str progress = { 0 };
    rt_str text = { 0 };
    int64_t code = 0;
    struct rt_error *err = NULL;
    const struct gojson *detail = gojson_field(message, "errorDetail");
    /* the decoder takes members in their order, and its first error stays */
    for (const struct gojson *m = message->first; !err && m; m = m->next)
        err = check_member(m);
    RT_DROP(gojson_get_string(message, type, "stream", &stream));
    RT_DROP(gojson_get_string(message, type, "status", &status));
    RT_DROP(gojson_get_string(message, type, "progress", &progress));
    RT_DROP(gojson_get_string(message, type, "id", &id));
    RT_DROP(gojson_get_int(detail, type, "code", &code));
    RT_DROP(gojson_get_string(detail, type, "message", &text));
    if (err || gojson_field(message, "aux"))
        return err;
    if (detail)
        return code == 401 ? rt_errorf("authentication is required") : rt_error_new(text);
    struct rt_buf line = { 0 };
    if (id.len > 0)
        rt_buf_printf(&line, "%S: ", id);
    if (progress.len > 0)
        rt_buf_printf(&line, "%S %S", status, progress);
    else if (stream.len > 0)
        rt_buf_put_str(&line, stream);
    else
        rt_buf_printf(&line, "%S\n", status);
    return write_to(out, rt_buf_str(&line));
}

struct rt_error *client_display_json(struct io_reader in, io_writer out)
{
    struct gojson_decoder decoder = { .reader = in };
    for (;;) {
        struct gojson *message = NULL;
        struct rt_error *err = gojson_decode(&decoder, &message);
        if (err == rt_eof)
            return NULL;
        if (!err)
            err = gojson_want_object(message, "jsonmessage.JSONMessage");
        if (!err)
            err = display(message, out);
        if (err)
            return err;
    }
}

static struct rt_error *handle_response(
        const struct http_response *response, const struct stream_options *options)
{
    rt_str type = http_header_get(response->headers, response->header_count, "Content-Type");
    if (rt_str_is(type, "application/json"))
        return client_display_json(response->body, options->out);
    if (options->set_raw_terminal)
        return copy(options->out, response->body);
    return client_std_copy(options->out, options->err, response->body);
}

/* The hand-written request of a unix socket has an empty Host and no Connection; on TCP net/http
 * writes it. */
static struct http_request stream_request(const struct docker_endpoint *endpoint,
        const char *method, rt_str path, const struct stream_options *options)
{
    struct http_header *headers = rt_new_array(struct http_header, 5 + options->header_count);
    size_t n = 0;
    headers[n++] = (struct http_header){ RT_STR("Host"),
        endpoint->unix_socket ? RT_STR("") : endpoint->host };
    headers[n++] = (struct http_header){ RT_STR("User-Agent"), RT_STR("go-dockerclient") };
    for (size_t i = 0; i < options->header_count; i++)
        headers[n++] = options->headers[i];
    if (strcmp(method, "POST") == 0 && http_header_get(headers, n, "Content-Type").len == 0)
        headers[n++] = (struct http_header){ RT_STR("Content-Type"), RT_STR("plain/text") };
    if (!endpoint->unix_socket) {
        headers[n++] = (struct http_header){ RT_STR("Accept-Encoding"), RT_STR("gzip") };
        headers[n++] = (struct http_header){ RT_STR("Connection"), RT_STR("close") };
    }
    return (struct http_request){
        .method = method,
        .uri = path,
        .headers = headers,
        .header_count = n,
        .has_body = options->has_in,
        .body = options->in,
        .content_length = options->has_in ? options->length : 0,
    };
}

/* On a unix socket the client has dialled, written and read by itself, and gives the bare error;
 * on TCP net/http did. An error of the request's own body stays what it is. */
static struct rt_error *transport_error(const struct client *c, const struct http_request *request,
        struct rt_error *err, bool connected)
{
    if (!c->endpoint.unix_socket)
        err = docker_endpoint_url_error(&c->endpoint, request, err);
    if (!c->endpoint.unix_socket && client_refused(err->text))
        return &client_err_connection_refused;
    if (!c->endpoint.unix_socket)
        return err;
    if (connected && err == http_closed)
        return rt_errorf("unexpected EOF");
    rt_str text = docker_endpoint_net_text(&c->endpoint, err);
    return rt_str_eq(text, err->text) ? err : rt_error_new(text);
}

struct rt_error *client_stream(
        struct client *c, const char *method, rt_str path, const struct stream_options *options)
{
    struct http_request request = stream_request(&c->endpoint, method, path, options);
    struct http_response response = { 0 };
    void *connection = NULL;
    struct rt_error *err = docker_endpoint_check(&c->endpoint, false);
    if (!err)
        err = c->transport.dial(c->transport.self, &request, &connection);
    bool connected = !err;
    if (connected)
        err = c->transport.exchange(c->transport.self, connection, &request, &response);
    if (!err && !c->endpoint.unix_socket && !client_is_final(c, response.status))
        err = rt_error_typed(&http_malformed, NULL, RT_STR("unexpected EOF"));
    if (err)
        return transport_error(c, &request, err, connected);
    if (response.status < 200 || response.status >= 400)
        return client_new_error(&response);
    err = handle_response(&response, options);
    io_close(response.body);
    return err;
}

rt_str client_query_escape(rt_str s)
{
    static const char hex[] = "0123456789ABCDEF";
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            rt_buf_put_byte(&buf, c);
        else if (c == ' ')
            rt_buf_put_byte(&buf, '+');
        else
            rt_buf_put(&buf, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
    }
    return rt_buf_str(&buf);
}
