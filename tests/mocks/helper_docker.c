/* An engine, and requests to it. */
#include "tests/mocks/helper_docker.h"

#include "model/gostd/tar.h"

void lab_begin(struct lab *lab, const struct engine_config *config)
{
    const struct rt_config run = { .start_time_ms = 1795457829000 };
    lab->rt = rt_machine_new();
    rt_begin(lab->rt, &run);
    lab->engine = docker_engine_new(config);
    lab->client = rt_proc_new("client");
}

void lab_end(struct lab *lab)
{
    rt_end(lab->rt);
    rt_machine_free(lab->rt);
}

void lab_run(struct lab *lab, int64_t ms)
{
    (void)rt_run_until(lab->rt, rt_now_ns() + ms * RT_MS);
}

static void perform(void *arg)
{
    struct call *c = arg;
    struct docker_transport t = docker_engine_transport(c->lab->engine);
    struct http_response response = { 0 };
    void *connection = NULL;
    rt_daemon();
    c->began_ns = rt_now_ns();
    c->err = t.dial(t.self, &c->request, &connection);
    if (!c->err)
        c->err = t.exchange(t.self, connection, &c->request, &response);
    if (!c->err) {
        c->status = response.status;
        c->content_type = http_header_get(response.headers, response.header_count, "Content-Type");
        c->encoding = http_header_get(response.headers, response.header_count, "Transfer-Encoding");
        c->length = http_header_get(response.headers, response.header_count, "Content-Length");
        c->location = http_header_get(response.headers, response.header_count, "Location");
        for (;;) {
            rt_bytes chunk = RT_NIL;
            c->body_err = response.body.read(response.body.self, &chunk);
            if (c->body_err)
                break;
            rt_buf_put_str(&c->body, chunk);
        }
    }
    c->ended = true;
    c->ended_ns = rt_now_ns();
}

struct call *lab_send(struct lab *lab, const char *method, rt_str uri, const char *content_type,
        rt_bytes body, bool upgrade)
{
    struct call *c = rt_new(struct call);
    struct http_header *headers = rt_new_array(struct http_header, 2);
    size_t n = 0;
    c->lab = lab;
    if (content_type)
        headers[n++] = (struct http_header){ RT_STR("Content-Type"), rt_str_from(content_type) };
    if (upgrade)
        headers[n++] = (struct http_header){ RT_STR("Upgrade"), RT_STR("tcp") };
    c->request = (struct http_request){
        .method = method,
        .uri = uri,
        .headers = headers,
        .header_count = n,
        .has_body = body.data != NULL,
        .body = io_reader_from(body),
        .content_length = (int64_t)body.len,
        .hijack = upgrade,
    };
    rt_go_in(lab->client, "client", perform, c);
    return c;
}

struct call *lab_call(struct lab *lab, const char *method, rt_str uri, const char *content_type,
        rt_bytes body, bool upgrade)
{
    struct call *c = lab_send(lab, method, uri, content_type, body, upgrade);
    int64_t deadline = rt_now_ns() + 2500 * RT_MS;
    while (!c->ended && rt_now_ns() < deadline)
        lab_run(lab, 10);
    return c;
}

struct call *lab_get(struct lab *lab, const char *method, const char *uri)
{
    return lab_call(lab, method, rt_str_from(uri), NULL, RT_NIL, false);
}

struct call *lab_post(struct lab *lab, const char *uri, const char *json)
{
    return lab_call(lab, "POST", rt_str_from(uri), "application/json", rt_str_from(json), false);
}

static bool hex_digit(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

rt_str without_ids(rt_str text)
{
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < text.len;) {
        size_t n = 0;
        while (i + n < text.len && hex_digit(text.data[i + n]))
            n++;
        if (n == 64)
            rt_buf_putz(&buf, "<id>");
        else if (n == 12)
            rt_buf_putz(&buf, "<short>");
        else
            rt_buf_put(&buf, text.data + i, n);
        if (i + n < text.len)
            rt_buf_put_byte(&buf, text.data[i + n]);
        i += n + 1;
    }
    return rt_buf_str(&buf);
}

rt_bytes one_file_tar(const char *name, rt_str content)
{
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    tar_write_bytes_to_package(&writer, rt_str_from(name), content);
    RT_DROP(tar_writer_close(&writer));
    return rt_buf_str(&tar);
}
