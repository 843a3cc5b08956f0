/* Answers of the engine: heads, bodies, errors. */
#include "mocks/docker/internal.h"

#include <stdarg.h>

void reply_add_header(struct exchange *x, const char *name, rt_str value)
{
    if (x->header_count < sizeof(x->headers) / sizeof(x->headers[0]))
        x->headers[x->header_count++] = (struct http_header){ rt_str_from(name), value };
}

/* The client may read the head now, unless a fault keeps it back. */
static void send_head(struct exchange *x)
{
    if (x->head_sent)
        return;
    if (x->logged)
        x->engine->requests[x->log_index].status = x->failure ? 0 : x->status;
    rt_send(x->head, NULL);
    /* Not before: an engine that dies right here has sent nothing. */
    x->head_sent = true;
}

bool reply_held(const struct exchange *x)
{
    return x->fault && x->fault->after && fault_spoils_answer(x->fault);
}

static void choose(struct exchange *x, int status, const char *content_type)
{
    x->begun = true;
    x->status = status;
    x->header_count = 0;
    reply_add_header(x, "Api-Version", RT_STR(ENGINE_API));
    if (content_type)
        reply_add_header(x, "Content-Type", rt_str_from(content_type));
    reply_add_header(x, "Docker-Experimental", RT_STR("false"));
    reply_add_header(x, "Ostype", RT_STR("linux"));
    reply_add_header(x, "Server", RT_STR("Docker/" ENGINE_VERSION " (linux)"));
}

void reply_begin(struct exchange *x, int status, const char *content_type, bool chunked)
{
    choose(x, status, content_type);
    if (chunked)
        reply_add_header(x, "Transfer-Encoding", RT_STR("chunked"));
    if (!reply_held(x))
        send_head(x);
}

void reply_write(struct exchange *x, rt_bytes data)
{
    if (!fault_is(x, ENGINE_FAULT_CUT)) {
        stream_put(&x->out, data);
        return;
    }
    if (data.len <= x->room) {
        x->room -= data.len;
        stream_put(&x->out, data);
        return;
    }
    stream_put(&x->out, rt_str_slice(data, 0, (size_t)x->room));
    x->room = 0;
    stream_end(&x->out, rt_errorf("unexpected EOF"));
}

static void unlink_open(struct exchange *x)
{
    struct docker_engine *e = x->engine;
    if (!x->previous_open && !x->next_open && e->open != x)
        return;
    if (x->previous_open)
        x->previous_open->next_open = x->next_open;
    else
        e->open = x->next_open;
    if (x->next_open)
        x->next_open->previous_open = x->previous_open;
    x->next_open = x->previous_open = NULL;
}

static void spoil(void *arg)
{
    struct exchange *x = arg;
    rt_daemon();
    fault_after(x);
    send_head(x);
    stream_end(&x->out, NULL);
    unlink_open(x);
}

void reply_end(struct exchange *x)
{
    if (reply_held(x)) {
        rt_go_in(x->engine->proc, "docker.fault", spoil, x);
        return;
    }
    send_head(x);
    stream_end(&x->out, NULL);
    unlink_open(x);
}

void exchange_keep_open(struct exchange *x)
{
    x->open_ended = true;
}

void exchange_fail(struct exchange *x, struct rt_error *err)
{
    x->begun = true;
    x->failure = x->head_sent ? NULL : err;
    stream_end(&x->out, rt_errorf("unexpected EOF"));
    send_head(x);
    unlink_open(x);
}

bool exchange_abandoned(const struct exchange *x)
{
    return x->out.abandoned;
}

/* Statuses whose answers have no body on a wire, whatever a handler or a fault would send. */
static bool without_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

void reply(struct exchange *x, int status, const char *content_type, rt_bytes body)
{
    choose(x, status, content_type);
    if (without_body(status))
        return;
    reply_add_header(x, "Content-Length", rt_sprintf("%zu", body.len));
    if (strcmp(x->method, "HEAD") != 0)
        reply_write(x, body);
}

void reply_json(struct exchange *x, int status, rt_str body)
{
    reply(x, status, "application/json", body);
}

void reply_empty(struct exchange *x, int status)
{
    reply(x, status, NULL, RT_NIL);
}

void reply_error(struct exchange *x, int status, const char *format, ...)
{
    va_list args;
    struct rt_buf body = { 0 };
    va_start(args, format);
    rt_str message = rt_vsprintf(format, args);
    va_end(args);
    rt_buf_putz(&body, "{\"message\":");
    gojson_quote(&body, message);
    rt_buf_putz(&body, "}\n");
    reply_json(x, status, rt_buf_str(&body));
}
