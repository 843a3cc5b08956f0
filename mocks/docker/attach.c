/* Attached streams and logs. */
#include "mocks/docker/internal.h"

static void put_log(struct exchange *x, const struct container *c, bool out, bool err)
{
    for (const struct log_frame *f = c->log; f; f = f->next)
        if (f->fd == 1 ? out : err)
            reply_write(x, f->data);
}

/* An answer that a fault spoils is not kept back until the container ends. */
static void follow(struct exchange *x, struct container *c, bool out, bool err)
{
    if (reply_held(x))
        return;
    struct attachment *a = rt_new(struct attachment);
    struct attachment **last = &c->attachments;
    *a = (struct attachment){ x, out, err, NULL };
    while (*last)
        last = &(*last)->next;
    *last = a;
    exchange_keep_open(x);
}

/* Errors come after the connection was taken over: plain text, no engine headers. */
static void attach_error(struct exchange *x, int status, rt_str text)
{
    reply(x, status, "application/vnd.docker.raw-stream", rt_sprintf("%S\r\n", text));
    x->header_count = 0;
    reply_add_header(x, "Content-Type", RT_STR("application/vnd.docker.raw-stream"));
}

void handle_attach(struct exchange *x)
{
    bool out = query_bool(x, "stdout");
    bool err = query_bool(x, "stderr");
    struct container *c = container_find(x->engine, x->name);
    if (!c) {
        attach_error(x, 404, rt_sprintf("No such container: %S", x->name));
        return;
    }
    if (c->state == ENGINE_PAUSED) {
        attach_error(x, 409,
                rt_sprintf("container %S is paused, unpause the container before attach", x->name));
        return;
    }
    if (c->state == ENGINE_RESTARTING) {
        attach_error(x, 409,
                rt_sprintf("container %S is restarting, wait until the container is running",
                        x->name));
        return;
    }
    reply_begin(x, x->upgrade ? 101 : 200, "application/vnd.docker.raw-stream", false);
    if (query_bool(x, "logs"))
        put_log(x, c, out, err);
    if (query_bool(x, "stream"))
        follow(x, c, out, err);
}

void handle_logs(struct exchange *x)
{
    bool out = query_bool(x, "stdout");
    bool err = query_bool(x, "stderr");
    if (!out && !err) {
        reply_error(x, 400, "Bad parameters: you must choose at least one stream");
        return;
    }
    struct container *c = container_of(x);
    if (!c)
        return;
    reply_begin(x, 200, NULL, true);
    put_log(x, c, out, err);
    if (query_bool(x, "follow") && container_running(c))
        follow(x, c, out, err);
}
